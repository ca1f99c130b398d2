"""What the box concludes: findings, alarms, wanted outputs, events."""

from enum import IntEnum
from typing import Any

from msgspec import Struct

from edge_agent.domain.named import Named
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words


class Effect(IntEnum):
    """What a finding does to a permit; each includes what stands before it."""

    NOTE = 0
    WARN = 1
    BLOCK_START = 2
    PAUSE = 3
    EVACUATE = 4


class Priority(IntEnum):
    """Alarm priority after ISA-18.2; lower is more urgent."""

    CRITICAL = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4


class Finding(Struct, frozen=True):
    """A rule's sentence about one permit: what (`subject`) is wrong, in words with the figures.

    `permit` is "" for a finding about the unit as a whole.
    """

    permit: str
    subject: str
    detail: Words
    facts: dict[str, Any] = {}  # for its alarm's event; the same all through an episode


class Verdict(Struct, frozen=True, kw_only=True):
    """One finding together with what its rule's row says about it. The machine reads these only."""

    key: str  # rule|permit|subject: one alarm per key
    rule: str
    code: str  # stable: what central systems and cards refer to
    finding: Finding
    effect: Effect
    pause_class: PauseClass
    priority: Priority
    latch: bool
    retest: bool
    on_delay_s: float
    off_delay_s: float
    act_within_s: float  # the time a person has to act
    blame: Blame
    title: Words
    cause: Words
    consequence: Words
    action: Words
    heralds: tuple[str, ...] = ()  # rules whose active alarm about the same thing ends this one
    signal: tuple[str, ...] = ()  # how the wearer himself is to be told: "vibrate"
    drill: bool = False  # of something that is only played
    final: bool = False  # a stop by it is this permit's last: work needs a new ticket
    quiet: bool = False  # about work that has not begun: it stands against a start, it is no alarm
    overridable: bool = False
    overridden: bool = False  # a safety officer lets it be for now: an alarm that stops nothing
    rungs: int = 0  # of the escalation ladder: how many are called while nobody acknowledges it
    clears: bool = False  # everybody leaves the area that its facts name, whatever he works on
    unwatched: bool = False  # nobody keeps the fire watch that is owed after the end
    looks: bool = False  # cameras that can turn look at its place for a while
    ends_heartbeat: bool = False  # what should have stopped did not: a watchdog relay outside has to cut it


class AlarmState(Named):
    """The alarm states of ISA-18.2 / IEC 62682; PENDING is the on-delay before them."""

    NORMAL = "normal"  # gone; remembered for a while, because it is shelved or may be chattering
    PENDING = "pending"  # seen, but not yet for as long as its on-delay
    SUPPRESSED = "suppressed"  # by design: about work that has not begun
    UNACK_ACTIVE = "unack_active"
    ACK_ACTIVE = "ack_active"
    UNACK_RTN = "unack_rtn"  # gone, but latched until somebody acknowledges
    SHELVED = "shelved"  # only ever shown: beneath it the alarm goes on living, and acting


# States in which there is no alarm for anybody to see: never kept over a restart.
UNTOLD = frozenset({AlarmState.NORMAL, AlarmState.PENDING, AlarmState.SUPPRESSED})


class Shelf(Struct, frozen=True, kw_only=True):
    """Who silenced an alarm for a while, and why. It silences only: what the alarm does to a permit stays."""

    by: str
    reason: str
    at_s: float
    until_s: float


class Alarm(Struct, frozen=True, kw_only=True):
    """One episode of one verdict, from first sight until it has gone and been acknowledged."""

    verdict: Verdict
    state: AlarmState
    first_seen_s: float
    last_seen_s: float
    raised_s: float | None = None
    raised_utc: float | None = None
    called_s: float | None = None  # since when it calls for an acknowledgement
    escalated: int = 0  # how many rungs of the ladder have been called
    raises: tuple[float, ...] = ()  # when it was raised lately
    chattering: bool = False
    latched: bool = False  # an earlier episode of it has not been acknowledged
    gone: bool = False  # its finding is no more: it stands for its off-delay, and its figures are of the past
    shelf: Shelf | None = None

    @property
    def shown(self) -> AlarmState:
        """The state as people see it."""
        return self.state if self.shelf is None else AlarmState.SHELVED


class Output(Named):
    """What an output does on site."""

    PERMISSIVE = "permissive"  # energised = work permitted; falls when not renewed
    INTERLOCK = "interlock"  # energised = the plant may run; falls when its gauge is beyond or unknown
    SIREN = "siren"  # in pulses: stop work; without a break: leave
    EVACUATE = "evacuate"  # sounds when people must leave, and only then: where a site has one beside the siren
    BEACON = "beacon"
    AMBER = "amber"  # a light of its own while a rule is overridden
    HEARTBEAT = "heartbeat"  # goes on and off by turns while the brain lives: for a watchdog relay outside


# Outputs whose safe state is off, and which hold only while the brain renews them.
FALLING = frozenset({Output.PERMISSIVE, Output.INTERLOCK, Output.HEARTBEAT})
# ... and which give power, so that a mirror contact has to show that they fell.
POWERS = frozenset({Output.PERMISSIVE, Output.INTERLOCK})


class Pulse(Struct, frozen=True, kw_only=True):
    """How an output that is on goes on and off by turns."""

    on_s: float
    off_s: float

    @classmethod
    def even(cls, period_s: float) -> "Pulse":
        """On for half of `period_s`, and off for the other half."""
        return cls(on_s=period_s / 2, off_s=period_s / 2)

    def sounds(self, since_s: float, now_s: float) -> bool:
        """Whether it is on at this moment, having begun, with sound, at `since_s`."""
        return (now_s - since_s) % (self.on_s + self.off_s) < self.on_s


class Action(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one output should be from this step on. A permissive is only ever on for a lease."""

    device: str
    channel: str
    output: Output
    on: bool
    pulse: Pulse | None = None  # None: without a break


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened and must be kept and told, exactly once in effect."""

    seq: int
    type: str  # e.g. "permit.paused"
    subject: str
    at_s: float
    at_utc: float
    priority: Priority
    data: dict[str, Any]
