"""What one step hands to the store, and what the store hands back at start-up: frozen values."""

from collections.abc import Mapping

from msgspec import Struct, field

from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.commissioning import NOT_COMMISSIONED, Commissioning
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.figures import Counts
from edge_agent.domain.outcome import Alarm, Event
from edge_agent.domain.permit import Permit
from edge_agent.domain.person import Person
from edge_agent.domain.rectification import Rectification
from edge_agent.store.chain import GENESIS, Sealed


class Entry(Struct, frozen=True, kw_only=True):
    """One audit row; with the event it records, if it is one. Sealed by the caller (chain.seal)."""

    sealed: Sealed
    event: Event | None = None


class Outgoing(Struct, frozen=True, kw_only=True):
    """One message for the centre. A retained one is a state: it replaces an unsent older one of its topic."""

    topic: str
    payload: bytes
    priority: int  # domain.outcome.Priority: 1 overtakes everything
    retain: bool = False
    seq: int | None = None  # of the event it tells, if it tells one


class Voice(Struct, frozen=True, kw_only=True):
    """What envelopes say beside the event, from event `first_seq` on: told again, it is the same message."""

    first_seq: int
    boot: str
    trusted: bool
    demo: bool


class Seen(Struct, frozen=True, kw_only=True):
    """A downlink message that was obeyed: which subject, which version, which message id."""

    subject: str
    version: int
    message: str


class Batch(Struct, frozen=True, kw_only=True):
    """Everything one step wants kept, in one transaction or not at all."""

    audit: tuple[Entry, ...] = ()
    permits: tuple[Permit, ...] = ()  # replace those of the same ticket id
    forgotten: tuple[str, ...] = ()  # ticket ids whose permits are kept no longer
    alarms: tuple[Alarm, ...] | None = None  # the whole list; None leaves it as it is
    persons: tuple[Person, ...] = ()  # replace those of the same id
    records: tuple[DeviceRecord, ...] = ()  # replace those of the same id
    centre: tuple[CentreRecord, ...] | None = None  # all copies of the centre's; None leaves them as they are
    rectifications: tuple[Rectification, ...] | None = None  # all of them; None leaves them as they are
    counts: Counts | None = None  # None leaves them as they are
    commissioning: Commissioning | None = None  # None leaves it as it is
    outbox: tuple[Outgoing, ...] = ()
    acked: tuple[int, ...] = ()  # outbox ids that the broker has taken
    voice: Voice | None = None  # of this batch's events, where it is another than before
    seen: tuple[Seen, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write: then committing costs nothing."""
        return self == Batch()


class Saved(Struct, frozen=True, kw_only=True):
    """What was on the disk when the agent came up. Monotonic seconds in it are of the boot that wrote it."""

    permits: tuple[Permit, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    persons: tuple[Person, ...] = ()
    records: tuple[DeviceRecord, ...] = ()
    centre: tuple[CentreRecord, ...] = ()
    rectifications: tuple[Rectification, ...] = ()
    counts: Counts = Counts()
    commissioning: Commissioning = NOT_COMMISSIONED
    seq: int = 0  # of the last event
    audit_n: int = 0
    head_hash: str = GENESIS
    seen: Mapping[str, Seen] = field(default_factory=dict)  # by subject
    meta: Mapping[str, str] = field(default_factory=dict)
    waiting: int = 0  # outbox rows
    recent: tuple[Event, ...] = ()  # newest first


class Archived(Struct, frozen=True, kw_only=True):
    """An event as the records hold it, with what its envelope said; `voice` None: from before that was kept."""

    event: Event
    prev_hash: str
    voice: Voice | None


class OutboxRow(Struct, frozen=True, kw_only=True):
    """One row of the outbox as the forwarder reads it."""

    id: int
    priority: int
    topic: str
    payload: bytes
    retain: bool
