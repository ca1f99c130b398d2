"""What people and the centre ask of the box. Asking is free; the brain decides and answers in words."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.commissioning import Act
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.device_test import DeviceTest
from edge_agent.domain.drill import Drill
from edge_agent.domain.figures import Tries
from edge_agent.domain.permit import Sample
from edge_agent.domain.person import Person, PersonChange, Proof, Role
from edge_agent.domain.rectification import Photo
from edge_agent.domain.report import Report
from edge_agent.domain.ticket import DraftTicket, Ticket
from edge_agent.domain.words import Words


class Ask(StrEnum):
    """What a request asks for."""

    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"  # the guard leaves; without a relief that is absence
    START = "start"
    STOP = "stop"
    RETEST = "retest"
    RESUME = "resume"
    END_WORK = "end_work"
    CLOSE = "close"
    REVOKE = "revoke"
    ACKNOWLEDGE = "acknowledge"
    HERE = "here"  # the guard at the point presses "I'm here"
    ENTER = "enter"  # somebody goes in, counted by the guard
    LEAVE = "leave"
    CONTACT = "contact"  # somebody inside answered the guard's call
    WEAR = "wear"  # somebody of the permit (`about`) puts another wearable on
    CONFIRM = "confirm"  # somebody looked: a manual measure is in place
    ACCEPT_CHANGE = "accept_change"  # the guard has read what changed; `about` names the version
    OVERRIDE = "override"
    SHELVE = "shelve"
    HANDOVER = "handover"
    REPORT = "report"  # anybody reports something wrong
    DRILL = "drill"
    END_DRILL = "end_drill"
    TICKET = "ticket"  # somebody draws up a ticket on the box, or more time for one; concerns no open permit
    APPROVE = "approve"  # one of those who must sign a ticket of the box does; `about` may name the capacity
    PICTURE = "picture"  # what a camera shows now, "after" something; `about` names camera and event; no permit
    FILM = "film"  # somebody exports a film, or marks it; `about` names it and what is done; concerns no permit
    PERSON = "person"  # an administrator adds or changes somebody; concerns no permit
    RECTIFY = "rectify"  # somebody puts right what an event has shown; `about` names it and the step; no permit
    VERIFY = "verify"  # somebody else looked at it; `about` names it, and yes or no; concerns no permit
    JUDGE = "judge"  # whether a pause was right; `about` names its event and the verdict; concerns no open permit
    TRY = "try"  # a technician lets sirens and lamps go on for a moment; `about` names them; concerns no permit
    COMMISSION = "commission"  # a technician commissions the box, step by step; concerns no permit
    DEVICE_TEST = "device_test"  # a tester bump-tests a detector, or enters its certificate; concerns no permit
    SETTINGS = "settings"  # a technician gives a file of the settings another text; concerns no permit
    WALK = "walk"  # a technician walks before a camera; `about`: which, and "begin" or "drop"; concerns no permit
    LOOK = "look"  # a technician looks at a device before it is entered; `about`: what, and where; no permit


class Presence(StrEnum):
    """What showed that a guard stands at his post: when he checks in, and when he says that he is there."""

    TAG = "tag"  # his wearable, near the point
    CODE = "code"  # he read the code on the box's own screen
    BADGE = "badge"  # he held his badge to the box's own screen
    CO_SIGNED = "co_signed"  # somebody entitled stood beside him and said so


class Loss(Struct, frozen=True, kw_only=True):
    """What people at work in an area ("": anywhere) would be guarded by no more, or otherwise than they began."""

    area: str
    words: Words


class OtherFile(Struct, frozen=True, kw_only=True):
    """A file of the settings that is taken together with another."""

    file: str
    sha256: str
    before: str


class SettingsChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another text of one file of the settings: with all the others it has passed `edge-agent check`."""

    file: str
    sha256: str  # of the new text
    before: str  # of the one that it replaces
    changes: tuple[Words, ...]  # what is another now
    areas: tuple[str, ...] = ()  # that are new or another
    removed: tuple[str, ...] = ()  # areas that are no more
    losses: tuple[Loss, ...] = ()
    also: tuple[OtherFile, ...] = ()
    voids: tuple[Words, ...] = ()  # trials of the commissioning that are worth nothing with it
    swapped: tuple[DeviceRecord, ...] = ()  # other devices under the same ids, each with what is vouched for of it
    interlocks_off: tuple[str, ...] = ()  # outputs ("module/output") that may fall with it: who asks has agreed


class Request(Struct, frozen=True, kw_only=True, tag="request", omit_defaults=True):
    """A named person asks for something. `proof` was checked by the agent before it got here."""

    id: str
    at_s: float
    ask: Ask
    person: str
    proof: Proof
    permit: str = ""
    alarm: str = ""
    samples: tuple[Sample, ...] = ()
    people_inside: int | None = None
    about: tuple[str, ...] = ()  # persons (enter, leave, contact), a measure, a checklist's items
    tools: int | None = None  # tools carried in or out
    rule: str = ""  # what an override lets be
    wearable: str = ""  # the device that somebody puts on
    for_s: float | None = None  # how long an override or a shelved alarm lasts
    drill: Drill | None = None
    presence: Presence | None = None  # what the desk itself has seen of it
    record: PersonChange | None = None  # whom to add or change, and how
    report: Report | None = None
    photo: Photo | None = None  # that was taken with it, and is kept
    ticket: DraftTicket | None = None
    settings: SettingsChange | None = None
    commission: Act | None = None
    test: DeviceTest | None = None
    reason: str = ""


class TicketDelivery(Struct, frozen=True, kw_only=True, tag="ticket"):
    """A ticket arrived in a downlink envelope whose signature, age and order were already checked."""

    id: str
    at_s: float
    ticket: Ticket


class PersonDelivery(Struct, frozen=True, kw_only=True, tag="person"):
    """A person's record arrived in a checked downlink envelope; it replaces the one under its id."""

    id: str
    at_s: float
    person: Person


class DeviceDelivery(Struct, frozen=True, kw_only=True, tag="device"):
    """A device's record arrived in a checked downlink envelope; it replaces the one under its id."""

    id: str
    at_s: float
    record: DeviceRecord


class CentreOrder(Struct, frozen=True, kw_only=True):
    """What the centre orders (dn/cmd): work stops, a ticket is withdrawn, a picture is kept, a place is looked at.

    `by` and `role` are whom the centre names for it. There is no order to start or to resume.
    """

    id: str
    do: Literal["stop", "withdraw", "capture", "drill", "look"]
    by: str
    role: Role
    permit: str = ""  # that is stopped or withdrawn
    camera: str = ""  # whose picture is kept; which turns
    area: str = ""  # that it is to look at
    after: int | None = None  # the event that it is the picture after
    reason: str = ""
    drill: Drill | None = None  # that is played


class CentreAck(Struct, frozen=True, kw_only=True):
    """The centre's own word (dn/ack): it keeps every event of this unit up to and with `acked_seq`.

    A broker's PUBACK says only that the broker has a message.
    """

    acked_seq: int


class DrillOrder(Struct, frozen=True, kw_only=True):
    """The centre wants a drill played under a permit (dn/drill), for one of its people who may begin one."""

    id: str
    permit: str
    by: str
    role: Role
    drill: Drill


class RecordDelivery(Struct, frozen=True, kw_only=True, tag="centre_record"):
    """A copy of something of the centre's arrived in a checked downlink envelope."""

    id: str
    at_s: float
    record: CentreRecord


class OrderDelivery(Struct, frozen=True, kw_only=True, tag="order"):
    """An order of the centre arrived in a checked downlink envelope."""

    id: str
    at_s: float
    order: CentreOrder


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
    reasons: tuple[Words, ...] = ()


class Tally(Struct, frozen=True, kw_only=True, tag="tally"):
    """How often people tried to show who or where they are since the last one, by way, and how often it worked."""

    id: str
    at_s: float
    ways: dict[str, Tries]


Asked = (
    Request
    | TicketDelivery
    | PersonDelivery
    | DeviceDelivery
    | OrderDelivery
    | RecordDelivery
    | Rejected
    | LoggedIn
    | Tally
    | CameraWalked
    | EvidenceKept
    | EvidenceSent
    | MessagesDropped
    | NoticeTold
    | ModelSettled
    | UpdateSettled
)


class Answer(Struct, frozen=True, kw_only=True):
    """What the brain answers to one request: yes, or no with every reason in words."""

    request: str
    accepted: bool
    reasons: tuple[Words, ...] = ()
