"""Watches how near the scenarios come to each limit of the rulebook, from below and from above."""

from collections.abc import Callable
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.book_keys import below
from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings

Note = Callable[[str, float], None]  # a limit's key, and by how much something was above (below: negative) it


class Seen(float):
    """A limit's value that tells with what it is compared; what is computed from it tells it too."""

    __slots__ = ("keys", "note")

    keys: tuple[str, ...]
    note: Note

    def __new__(cls, value: float, keys: tuple[str, ...], note: Note) -> Self:
        """The same number."""
        seen = super().__new__(cls, value)
        seen.keys, seen.note = keys, note
        return seen

    __hash__ = float.__hash__


def _compared(name: str) -> Callable[[Seen, Any], Any]:
    compare = getattr(float, name)

    def told(self: Seen, other: Any) -> Any:
        if isinstance(other, (int, float)):
            for key in self.keys:
                self.note(key, float(other) - float(self))
            for key in getattr(other, "keys", ()):
                self.note(key, float(self) - float(other))
        return compare(self, other)

    return told


def _computed(name: str) -> Callable[[Seen, Any], Any]:
    compute = getattr(float, name)

    def told(self: Seen, other: Any) -> Any:
        found = compute(self, other)
        if found is NotImplemented:
            return found
        return Seen(found, (*self.keys, *getattr(other, "keys", ())), self.note)

    return told


for _name in ("__lt__", "__le__", "__gt__", "__ge__"):
    setattr(Seen, _name, _compared(_name))
for _name in ("add", "sub", "mul", "truediv"):
    setattr(Seen, f"__{_name}__", _computed(f"__{_name}__"))
    setattr(Seen, f"__r{_name}__", _computed(f"__r{_name}__"))


def under(site: Settings, limits: Callable[[str, Limit], Limit]) -> Settings:
    """The site under a rulebook whose limits are changed, with everything that follows from it."""
    book: Rulebook = _changed(site.rulebook, "", limits)
    return replace(site, rulebook=book, devices=derived(site.site, book))


def _changed(value: Any, key: str, limits: Callable[[str, Limit], Limit]) -> Any:
    match value:
        case Limit():
            return limits(key, value)
        case Struct():
            fields = value.__struct_fields__
            return replace(
                value, **{name: _changed(getattr(value, name), below(key, name), limits) for name in fields}
            )
        case dict():
            return {name: _changed(one, below(key, name), limits) for name, one in value.items()}
        case tuple():
            return tuple(_changed(one, f"{key}[#{at + 1}]", limits) for at, one in enumerate(value))
        case _:
            return value
