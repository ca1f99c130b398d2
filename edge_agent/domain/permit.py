"""A permit's life on the box: its state, why it stopped, who signed, who is inside."""

from enum import StrEnum

from msgspec import Struct

from edge_agent.domain.coverage import Coverage
from edge_agent.domain.drill import Playing
from edge_agent.domain.named import Named
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words


class State(Named):
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
STOPPED = frozenset({State.PAUSED, State.SUSPENDED, State.RESUME_CHECK})


class PauseClass(StrEnum):
    """What a resume needs (docs/domain.md section 3): A emergency, B integrity, C rule, D manual."""

    EMERGENCY = "A"
    INTEGRITY = "B"
    RULE = "C"
    MANUAL = "D"


class Blame(StrEnum):
    """What a stop is put down to: only what people caused counts towards the three stops of a shift."""

    PERSON = "person"
    DEVICE = "device"
    NETWORK = "network"
    RULE = "rule"  # the work's own conditions: gas, wind, time, a conflict


class Cause(Struct, frozen=True, kw_only=True):
    """Why a permit stopped: one per episode, first-out first. Kept until somebody resumes."""

    rule: str
    subject: str
    pause_class: PauseClass
    at_s: float
    at_utc: float
    title: Words
    detail: Words
    code: str = ""
    blame: Blame = Blame.RULE
    retest: bool = False
    evacuate: bool = False
    drill: bool = False


class Signature(Struct, frozen=True, kw_only=True):
    """One named person's yes to a start, a resume or a close, in one capacity: to that, and to nothing else."""

    person: str
    capacity: str
    agrees_to: str = ""  # "start", "resume", "resume_watch", "close"; "": a word that is no yes to any of them
    at_s: float
    at_utc: float


class Sample(Struct, frozen=True, kw_only=True):
    """One gas value that a tester took by hand: gas, value, unit, where, and when if he says so."""

    gas: str
    level: float
    unit: str
    place: str
    at_utc: float | None = None


class Retest(Struct, frozen=True, kw_only=True):
    """A gas test entered by a named tester; `passed` was decided by the box against the rulebook.

    The first one opens the start gate (sample to start: GB 30871-2022 5.3.1 c, 6.3 a), later ones a resume.
    """

    tester: str
    at_s: float
    at_utc: float
    samples: tuple[Sample, ...]
    passed: bool


class Inside(Struct, frozen=True, kw_only=True):
    """Somebody who went in and has not come out; `heard_s` is when he (or the guard for him) last reported."""

    person: str
    since_s: float
    since_utc: float
    heard_s: float


class Confirmed(Struct, frozen=True, kw_only=True):
    """Somebody looked and says that a manual measure is in place."""

    measure: str
    person: str
    at_s: float
    at_utc: float


class Override(Struct, frozen=True, kw_only=True):
    """A safety officer lets one rule be for a while, with his reason (docs/domain.md section 3)."""

    rule: str
    code: str
    title: Words
    by: str
    reason: str
    at_s: float
    at_utc: float
    until_s: float


class Stop(Struct, frozen=True, kw_only=True):
    """One stop of this work, for counting: when, of which class, and what it is put down to."""

    at_s: float
    at_utc: float
    pause_class: PauseClass
    blame: Blame
    shift: str = ""  # "" where the site has no shifts


class Embers(Struct, frozen=True, kw_only=True):
    """Hot work whose ticket ended before its fire watch was kept: the place is watched all the same.

    GB 30871-2022 5.2.14 asks for it of the work, not of the paper.
    """

    since_s: float | None  # since when a named guard has watched without a break; None: nobody does
    by: str = ""  # the guard who has taken it over since the end


class Permit(Struct, frozen=True, kw_only=True):
    """A ticket and its life so far. Changed only by the brain's step."""

    ticket: Ticket
    pending: Ticket | None = None  # a newer version, which counts when the guard has acknowledged it
    state: State
    since_s: float
    since_utc: float
    end_at_s: float  # monotonic second of the end, so that a moved clock cannot prolong the work
    guard: str | None = None  # the person checked in at the point now
    checked_in_s: float | None = None
    guard_shift: str = ""  # the shift in which the guard checked in
    handed_over: str = ""  # the shift for which the work was started, or handed over
    here_s: float | None = None  # when the guard last pressed "I'm here"
    here_heard_s: float | None = None  # the last press of his wearable's button that was answered
    claim: Signature | None = None  # a guard says that he is at the point; somebody must co-sign it
    here_presses: int = 0  # in a row, since he last moved or checked in
    causes: tuple[Cause, ...] = ()  # of the current stop, first-out first
    stopped_s: float | None = None  # since when work has been interrupted
    stopped_utc: float | None = None  # the same, by date
    undated_s: float | None = None  # the box came up then without a trusted date: older ages are guesses until one
    clean_since_s: float | None = None  # since when nothing has stood against working
    signatures: tuple[Signature, ...] = ()
    retest: Retest | None = None  # the last gas test
    started_utc: float | None = None
    void: Words | None = None  # why work is never resumed under this permit: a new ticket is needed
    ended: bool = False  # the holder has ended the work: what is left is its fire watch
    watch_kept_s: float = 0.0  # the longest unbroken fire watch so far, before the present one
    inside: tuple[Inside, ...] = ()
    tools_inside: int = 0
    confirmed: tuple[Confirmed, ...] = ()
    overrides: tuple[Override, ...] = ()
    override_count: int = 0  # how many have been given
    stops: tuple[Stop, ...] = ()
    shadow: bool = False  # decided and written down only: this box does not protect the work
    drill: Playing | None = None  # the drill under way
    coverage: Coverage | None = None  # which feeds were fresh, from the first start on
    leaving: bool = False  # it ended in the middle of things: nobody has said yet that everybody is out
    embers: Embers | None = None  # what is left of its fire watch after its end

    @property
    def authorised(self) -> bool:
        """Whether the box itself lets this work go on at this moment: a permit in shadow it does not protect."""
        return self.state is State.ACTIVE and not self.shadow

    @property
    def guards(self) -> tuple[str, ...]:
        """Who may take its post by the ticket: those of the version in force.

        Where a newer version leaves none of them nobody could read it: its own guards may, while work stands.
        """
        if self.orphaned and self.pending is not None and self.state in STOPPED:
            return self.pending.guards
        return self.ticket.guards

    @property
    def orphaned(self) -> bool:
        """Whether a newer version that waits has replaced every guard of the one in force."""
        return self.pending is not None and not self.ticket.guards

    @property
    def unread(self) -> bool:
        """Whether its guard is there by a version that he has not read yet: until he has, nothing goes on."""
        return self.orphaned and self.guard is not None

    @property
    def peopled(self) -> bool:
        """Whether the box looks after its people: it is open, or ended and not all are known to be out."""
        return self.state not in TERMINAL or self.leaving

    @property
    def busy(self) -> bool:
        """Whether anybody is at work under it, may still be inside, or watches what its work may have lit."""
        return self.state in UNDER_WAY or self.leaving or self.embers is not None

    @property
    def watched(self) -> bool:
        """Whether the box looks after its people, or after what its work may have lit."""
        return self.peopled or self.embers is not None
