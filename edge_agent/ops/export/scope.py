"""Which records somebody asks for. Pure."""

from typing import Any

from msgspec import Struct, to_builtins

from edge_agent.domain.outcome import Event

AROUND_S = 900.0
UNIT = "unit"
OF_PERMITS = ("permit.", "alarm.", "alarms.", "guard.", "drill.", "shadow.", "hazard.")  # or of the unit


class Scope(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of a permit, of a person, of a time; what is None does not matter. Times are UTC seconds since 1970."""

    permit: str | None = None
    person: str | None = None
    from_utc: float | None = None
    to_utc: float | None = None

    def holds(self, event: Event) -> bool:
        """Whether it is asked for: an id counts wherever in the record it stands as a whole text."""
        if self.from_utc is not None and event.at_utc < self.from_utc:
            return False
        if self.to_utc is not None and event.at_utc > self.to_utc:
            return False
        wanted = {one for one in (self.permit, self.person) if one is not None}
        return not wanted or wanted <= set(_words(to_builtins(event)))


NOTHING = Scope(from_utc=1.0, to_utc=0.0)  # no record is of it


def around(event: Event) -> Scope:
    """The minutes around one event: of its permit, where it is about one."""
    of_permit = event.type.startswith(OF_PERMITS) and event.subject != UNIT
    return Scope(
        permit=event.subject if of_permit else None,
        from_utc=event.at_utc - AROUND_S,
        to_utc=event.at_utc + AROUND_S,
    )


def _words(value: Any) -> list[str]:
    """Every text of a record, keys too."""
    match value:
        case str():
            return [value]
        case dict():
            return [word for pair in value.items() for one in pair for word in _words(one)]
        case list() | tuple():
            return [word for one in value for word in _words(one)]
        case _:
            return []
