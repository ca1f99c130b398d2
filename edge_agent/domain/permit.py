"""The permit to work: the ticket as it was issued, and its life on the box."""

from enum import StrEnum

from msgspec import Struct

from edge_agent.domain.words import Words


class WorkType(StrEnum):
    """The eight special works of GB 30871-2022."""

    HOT = "hot"
    CONFINED_SPACE = "confined_space"
    BLIND_PLATE = "blind_plate"
    HEIGHT = "height"
    LIFTING = "lifting"
    TEMPORARY_POWER = "temporary_power"
    EXCAVATION = "excavation"
    ROAD_CLOSURE = "road_closure"


class State(StrEnum):
    """The states of docs/domain.md section 7."""

    RECEIVED = "received"
    READY = "ready"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    RESUME_CHECK = "resume_check"
    FIRE_WATCH = "fire_watch"
    CLOSED = "closed"
    EXPIRED = "expired"
    REVOKED = "revoked"


TERMINAL = frozenset({State.CLOSED, State.EXPIRED, State.REVOKED})
UNDER_WAY = frozenset({State.ACTIVE, State.PAUSED, State.SUSPENDED, State.RESUME_CHECK, State.FIRE_WATCH})


class PauseClass(StrEnum):
    """What a resume needs (docs/domain.md section 3): A emergency, B integrity, C rule, D manual."""

    EMERGENCY = "A"
    INTEGRITY = "B"
    RULE = "C"
    MANUAL = "D"


class Point(Struct, frozen=True):
    """The work point in site metres; `z_m` None where only the plan position is known."""

    x_m: float
    y_m: float
    z_m: float | None = None


class Ticket(Struct, frozen=True, kw_only=True):
    """The permit as issued (dn/permit). Never altered on the box: a change is a new version.

    `devices` are ids of site.toml: the detectors, cameras and relays that this work depends on.
    Times are UTC seconds. `people` maps wearers by person id; their tags are in persons.toml.
    """

    id: str
    version: int
    type: WorkType
    level: str
    area: str
    point: Point
    valid_from_utc: float
    valid_to_utc: float
    holder: str
    guards: tuple[str, ...]
    workers: tuple[str, ...]
    approvers: tuple[str, ...]
    devices: tuple[str, ...]
    video_required: bool = False
    content: Words | None = None


class Cause(Struct, frozen=True, kw_only=True):
    """Why a permit stopped: one per episode, first-out first. Kept until somebody resumes."""

    rule: str
    subject: str
    pause_class: PauseClass
    at_s: float
    at_utc: float
    title: Words
    detail: Words
    retest: bool = False
    evacuate: bool = False


class Signature(Struct, frozen=True, kw_only=True):
    """One named person's yes to a start, a resume or a close, in one capacity."""

    person: str
    capacity: str
    at_s: float
    at_utc: float


class Sample(Struct, frozen=True, kw_only=True):
    """One gas value that a tester took by hand: gas, value, unit and where."""

    gas: str
    level: float
    unit: str
    place: str


class Retest(Struct, frozen=True, kw_only=True):
    """A re-test entered by a named tester; `passed` was decided by the box against the rulebook."""

    tester: str
    at_s: float
    at_utc: float
    samples: tuple[Sample, ...]
    passed: bool


class Permit(Struct, frozen=True, kw_only=True):
    """A ticket and its life so far. Changed only by the brain's step."""

    ticket: Ticket
    state: State
    since_s: float
    since_utc: float
    end_at_s: float  # monotonic second of the end, so that a moved clock cannot prolong the work
    guard: str | None = None  # the person checked in at the point now
    checked_in_s: float | None = None
    causes: tuple[Cause, ...] = ()  # of the current stop, first-out first
    stopped_s: float | None = None  # since when work has been interrupted
    clean_since_s: float | None = None  # since when nothing has stood against working
    signatures: tuple[Signature, ...] = ()
    retest: Retest | None = None
