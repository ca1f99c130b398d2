"""What has to be put right after an event: who, until when, before and after, and who looked that it is right.

It is told by the event that it was born of (its `context.ticket_hint`); the centre's own ticket about the same
event, where there is one, is the same thing (domain/centre_record.py TicketStatus).
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from edge_agent.domain.person import Role
from edge_agent.domain.words import Words

Status = Literal["open", "accepted", "done", "verified", "rejected"]
WAITING: frozenset[Status] = frozenset({"open", "rejected"})  # nobody has taken it on
OVER: frozenset[Status] = frozenset({"verified"})
MOST = 300  # memory only; of one thing that happens again and again there is one
# Who answers for it if the one before does not (ledger 2-07, 4-04).
LADDER: tuple[Role, ...] = (
    Role.TECHNICIAN,
    Role.SHIFT_LEAD,
    Role.AREA_OWNER,
    Role.SAFETY_OFFICER,
    Role.ADMIN,
)
VERIFIERS = frozenset(LADDER[1:])


class Photo(Struct, frozen=True, kw_only=True):
    """A picture that somebody took with a phone; its bytes lie in the evidence folder under their hash."""

    sha256: str
    size: int
    by: str
    at_utc: float


class Rectification(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to put right. `role` answers for it since `asked_utc`; who stands above it may do it as well.

    `key` says what it is about: until it is over, the same thing once more is the same one, and counts.
    """

    id: str  # "R-" and the number of the event
    event: int
    key: str
    permit: str = ""
    area: str = ""
    code: str = ""
    title: Words
    detail: Words
    hazard_class: Literal["A", "B", "C"]
    role: Role
    born_utc: float
    asked_utc: float
    deadline_utc: float
    status: Status = "open"
    status_utc: float
    times: int = 1
    taken_by: str = ""
    done_by: str = ""
    verified_by: str = ""
    before: Photo | None = None
    after: Photo | None = None
    reason: str = ""  # why there is no picture, or why it was sent back
    ticket: str = ""  # the centre's, which leads
    owner: str = ""  # as the centre names him

    @property
    def over(self) -> bool:
        """Whether somebody else than who did it has looked that it is right."""
        return self.status in OVER


Rectifications = Mapping[str, Rectification]


def answers_for(role: Role, roles: tuple[Role, ...]) -> bool:
    """Whether one of these roles is the one that is asked, or stands above it."""
    return not frozenset(LADDER[LADDER.index(role) :]).isdisjoint(roles)


def above(role: Role) -> Role | None:
    """Who is asked next; None: there is nobody above."""
    higher = LADDER[LADDER.index(role) + 1 :]
    return higher[0] if higher else None
