"""The ticket as the centre issued it: what is to be done, where, when, by whom, and under which measures."""

from enum import StrEnum

from msgspec import Struct

from edge_agent.domain.words import Words

MADE_HERE = "box-"  # how the id of a ticket begins that was drawn up on a box: no other may begin so


class WorkType(StrEnum):
    """The eight special works of GB 30871-2022. A rulebook may know further kinds by names of its own."""

    HOT = "hot"
    CONFINED_SPACE = "confined_space"
    BLIND_PLATE = "blind_plate"
    HEIGHT = "height"
    LIFTING = "lifting"
    TEMPORARY_POWER = "temporary_power"
    EXCAVATION = "excavation"
    ROAD_CLOSURE = "road_closure"


class Point(Struct, frozen=True):
    """The work point in site metres; `z_m` None where only the plan position is known."""

    x_m: float
    y_m: float
    z_m: float | None = None


class Approval(Struct, frozen=True, kw_only=True):
    """One signature under the ticket before it came here (ledger 1-06, 1-07). Approvers sign on site (4.11 a)."""

    role: str
    person: str
    at_utc: float
    on_site: bool = True
    substitute: bool = False


class MeasureKind(StrEnum):
    """How a measure is known to be in place (ledger 2-49): somebody looked, a device says so, a camera sees it."""

    MANUAL = "manual"
    IOT = "iot"
    AI = "ai"


class Measure(Struct, frozen=True, kw_only=True):
    """One protective measure of the ticket. `source` is the device that proves an iot or ai measure (2-44)."""

    id: str
    kind: MeasureKind
    words: Words
    source: str = ""


class Ticket(Struct, frozen=True, kw_only=True):
    """The permit as issued: by the centre (dn/permit), never altered on the box, or drawn up on the box itself.

    A change is a new version.

    `type` and `level` name a kind of work of the rulebook ("hot" and "special" -> works."hot.special").
    `devices` are ids of site.toml: the detectors, cameras and relays that this work depends on.
    Times are UTC seconds.
    """

    id: str
    version: int
    type: str
    level: str
    area: str
    point: Point
    valid_from_utc: float
    valid_to_utc: float
    holder: str
    guards: tuple[str, ...]
    workers: tuple[str, ...]
    devices: tuple[str, ...]
    approvals: tuple[Approval, ...] = ()
    video_required: bool = False
    content: Words | None = None
    linked: tuple[str, ...] = ()  # tickets of the same job (GB 30871-2022 4.6)
    jsa: str = ""  # reference of the job safety analysis (ledger 2-28)
    measures: tuple[Measure, ...] = ()
    scopes: tuple[str, ...] = ()  # what certificates must cover beside the kind of work ("high_voltage": 2-19)
    uses: tuple[str, ...] = ()  # what else is done there: painting, solvent, venting, draining, sampling (SIMOPS)
    pipe: str = ""  # the pipe of a blind plate (GB 30871-2022 7.10)
    outdoor: bool = False  # wind counts
    gas_interval_s: float | None = None  # the centre wants the gas looked at more often (ledger 2-29)
    coordinator: str = ""  # who coordinates works that share a place (GB 30871-2022 4.7)
    contractor: str = ""
    team: str = ""
    risk: str = ""
    template_version: str = ""
    risk_version: str = ""
    made_by: str = ""  # who drew it up on the box; "": it came from the centre
    extends: str = ""  # the ticket for whose work it gives more time

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who signed for it, each once."""
        return tuple(dict.fromkeys(approval.person for approval in self.approvals))

    @property
    def kind(self) -> str:
        """The kind of work as the rulebook's key: "hot.special", or "confined_space" where there are no levels."""
        return f"{self.type}.{self.level}" if self.level else self.type


class DraftTicket(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody writes who draws up a ticket on the box (None: nothing); id and signatures are the box's.

    `extends`: more time for the work of that ticket, of which only what differs is written.
    """

    extends: str = ""
    type: str | None = None
    level: str | None = None
    area: str | None = None
    point: Point | None = None
    valid_from_utc: float | None = None
    valid_to_utc: float | None = None
    holder: str | None = None
    guards: tuple[str, ...] | None = None
    workers: tuple[str, ...] | None = None
    devices: tuple[str, ...] | None = None
    video_required: bool | None = None
    content: Words | None = None
    linked: tuple[str, ...] | None = None
    jsa: str | None = None
    measures: tuple[Measure, ...] | None = None
    scopes: tuple[str, ...] | None = None
    uses: tuple[str, ...] | None = None
    pipe: str | None = None
    outdoor: bool | None = None
    gas_interval_s: float | None = None
    coordinator: str | None = None
    contractor: str | None = None
    team: str | None = None
    risk: str | None = None
