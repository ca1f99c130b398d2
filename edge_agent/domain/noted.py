"""What parts of the box tell the brain for the record: it asks for nothing and permits nothing."""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.figures import Tries
from edge_agent.domain.person import Proof
from edge_agent.domain.words import Words


class Rejected(Struct, frozen=True, kw_only=True, tag="rejected"):
    """Something was turned away at the door (unsigned, replayed, malformed, wrong PIN): for the record.

    Of a message: `code` names the kind of reason, `message` is its own id if the signature held, `sha256` that of
    its bytes as they came, by which its sender finds it in any case.
    """

    id: str
    at_s: float
    origin: str
    reason: Words
    person: str = ""
    code: str = ""
    message: str = ""
    sha256: str = ""


class LoggedIn(Struct, frozen=True, kw_only=True, tag="logged_in"):
    """Somebody showed who they are and may sign from now on: for the record."""

    id: str
    at_s: float
    person: str
    proof: Proof
    panel: bool = False  # at the box's own screen


class KeptFile(Struct, frozen=True, kw_only=True):
    """One file of the evidence: its name, and by what its bytes are known."""

    name: str
    sha256: str
    size: int


class EvidenceKept(Struct, frozen=True, kw_only=True, tag="evidence_kept"):
    """Pictures or a film were put on the disk: for the record, so that they can be proved to be the same later.

    `events` are the numbers of those that it is about; `whole` False where a film was cut off.
    """

    id: str
    at_s: float
    kind: Literal["still", "clip", "permit"]
    camera: str = ""
    permit: str = ""
    events: tuple[int, ...] = ()
    files: tuple[KeptFile, ...]
    began_utc: float
    ended_utc: float
    clock_trusted: bool
    whole: bool = True


# What became of a file on its way to the centre: it had given way before; it is not the one of the records.
Fate = Literal["sent", "gone", "altered", "refused"]


class SentFile(Struct, frozen=True, kw_only=True):
    """What became of one file of the evidence; `address` is where it lies, where the box knows that."""

    name: str
    sha256: str
    size: int
    fate: Fate
    address: str = ""


class EvidenceSent(Struct, frozen=True, kw_only=True, tag="evidence_sent"):
    """Copies of the evidence of event `of` (evidence.kept) left the box, or cannot: for the record."""

    id: str
    at_s: float
    of: int
    permit: str = ""
    files: tuple[SentFile, ...]


class MessagesDropped(Struct, frozen=True, kw_only=True, tag="messages_dropped"):
    """Messages for the centre gave way, because there was no room for them: for the record.

    The numbers are those of events among them; None where there were none.
    """

    id: str
    at_s: float
    kind: Literal["telemetry", "again", "event"]
    count: int
    first_seq: int | None = None
    last_seq: int | None = None


class NoticeTold(Struct, frozen=True, kw_only=True, tag="notice"):
    """What became of a short message to one telephone: for the record. `about` is the number of the event."""

    id: str
    at_s: float
    about: int
    name: str
    number: str  # its last digits
    verified: bool = True  # somebody had reached him by it lately
    state: Literal["sent", "arrived", "failed", "unanswered", "needless"]


class ModelSettled(Struct, frozen=True, kw_only=True, tag="model_settled"):
    """A model that the centre offered has been through the gate: it judges now, or why it does not."""

    id: str
    at_s: float
    version: int  # of the offer
    name: str
    sha256: str
    reasons: tuple[Words, ...] = ()  # none: it judges


class UpdateSettled(Struct, frozen=True, kw_only=True, tag="update_settled"):
    """A version that the centre ordered was tried out: it runs now, or why the one before goes on."""

    id: str
    at_s: float
    version: int  # of the order's message
    release: str
    sha256: str
    wave: int
    passed: bool
    reasons: tuple[Words, ...] = ()


class LeftOut(Struct, frozen=True, kw_only=True):
    """A corner of a walk test to which nobody can walk: which, why, and who says so."""

    point: str
    called: Words
    reason: str
    by: str


class CameraWalked(Struct, frozen=True, kw_only=True, tag="camera_walked"):
    """A walk test before a camera is over: what the box's own judgement saw of the walker. For the record.

    `outcome` "dropped": it was not finished, which shows nothing, whatever was seen by then.
    """

    id: str
    at_s: float
    camera: str
    by: str
    begun_utc: float
    outcome: Literal["passed", "failed", "dropped"]
    points: int
    seen_points: int
    looks: int
    seen_pct: float | None = None  # of the area that was seen worst
    blind_s: float = 0.0  # the longest time unseen
    age_p95_s: float | None = None  # how old the word about a picture was
    files: tuple[KeptFile, ...] = ()  # one still for each point, heads hidden
    left_out: tuple[LeftOut, ...] = ()  # corners that nobody can reach, each with its reason
    reasons: tuple[Words, ...] = ()


class Tally(Struct, frozen=True, kw_only=True, tag="tally"):
    """How often people tried to show who or where they are since the last one, by way, and how often it worked."""

    id: str
    at_s: float
    ways: dict[str, Tries]


# What changes nothing of what the brain decides with.
OnRecord = (
    Rejected | LoggedIn | EvidenceKept | EvidenceSent | MessagesDropped | NoticeTold | ModelSettled | UpdateSettled
)
