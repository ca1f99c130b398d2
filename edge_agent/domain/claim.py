"""What the boxes of a site tell each other: what a work claims while its permit is open, which alarms sound."""

from msgspec import Struct

from edge_agent.domain.permit import UNDER_WAY, Permit, State
from edge_agent.domain.ticket import Point
from edge_agent.domain.words import Words


class Claim(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One open permit as its neighbours see it. `unit` is "" for a permit of this box."""

    permit: str
    type: str
    level: str
    area: str
    point: Point
    state: State
    unit: str = ""
    uses: tuple[str, ...] = ()
    pipe: str = ""
    linked: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()  # roles that have signed the ticket
    coordinator: str = ""
    started_utc: float | None = None
    fire_watch: bool = False  # hot work that has ended, and whose fire watch is not over
    watcher: str = ""  # the guard who has taken that watch over, while he keeps it

    @property
    def name(self) -> str:
        """How people call it: with the box that guards it, where that is another one."""
        return f"{self.unit}/{self.permit}" if self.unit else self.permit

    @property
    def kind(self) -> str:
        """The kind of work as the rulebook's key."""
        return f"{self.type}.{self.level}" if self.level else self.type

    @property
    def under_way(self) -> bool:
        """Whether its work has begun and not ended."""
        return self.state in UNDER_WAY

    @property
    def working(self) -> bool:
        """Whether somebody may be at work this minute."""
        return self.state in {State.ACTIVE, State.RESUME_CHECK, State.FIRE_WATCH}


class Standing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One alarm that sounds, as the neighbours of its box see it."""

    code: str
    area: str  # "" where it is about the whole box
    leave: bool  # people leave there: the neighbours' people may have to as well; else work stands still
    title: Words
    detail: Words
    permit: str = ""


def claim(permit: Permit) -> Claim:
    """What this permit claims."""
    ticket, embers = permit.ticket, permit.embers
    return Claim(
        permit=ticket.id,
        type=str(ticket.type),
        level=ticket.level,
        area=ticket.area,
        point=ticket.point,
        state=permit.state,
        uses=ticket.uses,
        pipe=ticket.pipe,
        linked=ticket.linked,
        approved=tuple(dict.fromkeys(approval.role for approval in ticket.approvals)),
        coordinator=ticket.coordinator,
        started_utc=permit.started_utc,
        fire_watch=embers is not None,
        watcher=embers.by if embers is not None and embers.since_s is not None else "",
    )
