"""Every message of a unit, its centre and its neighbours: where it travels, how, what it is. One row each."""

from enum import IntEnum, StrEnum

from msgspec import Struct

from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_record import Advice, Contacts, GuideCard, SiteMap, Taxonomy, TicketStatus
from edge_agent.domain.centre_rule import RuleTable
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.delivery import CentreAck, CentreOrder, DrillOrder
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.person import Person
from edge_agent.domain.ticket import Ticket
from edge_agent.tell.contract.derived import Change, CmdAck, EvidenceManifest, Kpi, Timeline
from edge_agent.tell.contract.measured import Gas, Loc, PpeCounts, Video, Wear
from edge_agent.tell.contract.messages import Checkpoint, CloudEvent, Health, PermitState
from edge_agent.tell.contract.peer import PeerWord


class Way(StrEnum):
    """Which way a message travels."""

    UP = "up"  # from the unit to the centre
    DOWN = "dn"  # from the centre to the unit
    PEER = "peer"  # from each unit to the others of its site, over the site's own broker


class Level(IntEnum):
    """What an integrator builds first: level 1 is enough to see every stop and to send permits."""

    ONE = 1
    TWO = 2


class Message(Struct, frozen=True, kw_only=True):
    """One row. `leaf` is the topic's end; {names} in it are parts that differ."""

    name: str
    way: Way
    level: Level
    leaf: str
    retain: bool
    body: type[Struct]
    means: str

    @property
    def topic(self) -> str:
        """The whole topic, with its parameters in braces."""
        return f"edge/{{site}}/{{unit}}/{self.way.value}/{self.leaf}"


MESSAGES: tuple[Message, ...] = (
    Message(
        name="event",
        way=Way.UP,
        level=Level.ONE,
        leaf="event",
        retain=False,
        body=CloudEvent,
        means="Something happened: a stop, an alarm, a signature, an entry. Numbered without gaps.",
    ),
    Message(
        name="permit",
        way=Way.UP,
        level=Level.ONE,
        leaf="permit/{permit}",
        retain=True,
        body=PermitState,
        means="Where one permit stands now.",
    ),
    Message(
        name="health",
        way=Way.UP,
        level=Level.ONE,
        leaf="health",
        retain=True,
        body=Health,
        means="Whether the unit is in touch; its last will says that it is not.",
    ),
    Message(
        name="audit",
        way=Way.UP,
        level=Level.TWO,
        leaf="audit",
        retain=True,
        body=Checkpoint,
        means="Where the unit's audit chain stands, signed: records that are cut off later do not agree with it.",
    ),
    Message(
        name="gas",
        way=Way.UP,
        level=Level.TWO,
        leaf="gas",
        retain=False,
        body=Gas,
        means="Every gas channel at one moment: each 10 s at work, each second in an emergency, else each minute.",
    ),
    Message(
        name="loc",
        way=Way.UP,
        level=Level.TWO,
        leaf="loc",
        retain=False,
        body=Loc,
        means="Where every wearable is, in site metres and degrees; as often as gas.",
    ),
    Message(
        name="wear",
        way=Way.UP,
        level=Level.TWO,
        leaf="wear",
        retain=False,
        body=Wear,
        means="What every wearable says of its wearer and itself; as often as gas.",
    ),
    Message(
        name="ppe",
        way=Way.UP,
        level=Level.TWO,
        leaf="ppe",
        retain=False,
        body=PpeCounts,
        means="Protective equipment in pictures, counted over the local day so far; when it changed, each minute.",
    ),
    Message(
        name="video",
        way=Way.UP,
        level=Level.TWO,
        leaf="video/{camera}",
        retain=True,
        body=Video,
        means="How to get at one camera's stream.",
    ),
    Message(
        name="kpi",
        way=Way.UP,
        level=Level.TWO,
        leaf="kpi",
        retain=True,
        body=Kpi,
        means="The figures of the local day that is over.",
    ),
    Message(
        name="timeline",
        way=Way.UP,
        level=Level.TWO,
        leaf="timeline/{permit}",
        retain=True,
        body=Timeline,
        means="Everything that happened under one permit, when it ends or a drill does.",
    ),
    Message(
        name="evidence",
        way=Way.UP,
        level=Level.TWO,
        leaf="evidence",
        retain=False,
        body=EvidenceManifest,
        means="Files that the unit keeps of an event: names and hashes.",
    ),
    Message(
        name="change",
        way=Way.UP,
        level=Level.TWO,
        leaf="change",
        retain=False,
        body=Change,
        means="Something changed that a risk assessment may rest on.",
    ),
    Message(
        name="cmd_ack",
        way=Way.UP,
        level=Level.TWO,
        leaf="cmd_ack",
        retain=False,
        body=CmdAck,
        means="An order of dn/cmd was carried out, or was not.",
    ),
    Message(
        name="dn-permit",
        way=Way.DOWN,
        level=Level.ONE,
        leaf="permit",
        retain=False,
        body=Ticket,
        means="A ticket, or a newer version of one.",
    ),
    Message(
        name="dn-person",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="person",
        retain=False,
        body=Person,
        means="A person's record: roles, scopes, training, badge; `denied` takes everything away at once.",
    ),
    Message(
        name="dn-device",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="device",
        retain=False,
        body=DeviceRecord,
        means="A device's record: calibration, bump test, status.",
    ),
    Message(
        name="dn-cmd",
        way=Way.DOWN,
        level=Level.ONE,
        leaf="cmd",
        retain=False,
        body=CentreOrder,
        means="An order, answered by the event order.answered: stop work, withdraw a ticket, keep a picture.",
    ),
    Message(
        name="dn-ack",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="ack",
        retain=False,
        body=CentreAck,
        means="The centre's own acknowledgement: what it names no more, or lower than before, is told again.",
    ),
    Message(
        name="dn-ticket",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="ticket",
        retain=False,
        body=TicketStatus,
        means="Where the rectification of something stands that the unit told of.",
    ),
    Message(
        name="dn-contacts",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="contacts",
        retain=False,
        body=Contacts,
        means="Who answers for what and how he is reached; whom nobody has tried lately is unverified.",
    ),
    Message(
        name="dn-guide",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="guide",
        retain=False,
        body=GuideCard,
        means="The centre's words for the card of one code.",
    ),
    Message(
        name="dn-taxonomy",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="taxonomy",
        retain=False,
        body=Taxonomy,
        means="The centre's codes of hazards, by the unit's.",
    ),
    Message(
        name="dn-site",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="site",
        retain=False,
        body=SiteMap,
        means="Which edition of the site's map counts.",
    ),
    Message(
        name="dn-advice",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="advice",
        retain=False,
        body=Advice,
        means="What the centre knows of a like case: advice, not an order.",
    ),
    Message(
        name="dn-rule",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="rule",
        retain=False,
        body=RuleTable,
        means="Limits of the unit's rulebook that the centre wants stricter; looser ones are refused.",
    ),
    Message(
        name="dn-model",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="model",
        retain=False,
        body=ModelOffer,
        means="A model for some cameras, by the hash of its file; answered by model.settled once it was judged.",
    ),
    Message(
        name="dn-update",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="update",
        retain=False,
        body=UpdateOrder,
        means="Another version, by the hash of its bundle; answered by update.settled once it was tried.",
    ),
    Message(
        name="dn-drill",
        way=Way.DOWN,
        level=Level.TWO,
        leaf="drill",
        retain=False,
        body=DrillOrder,
        means="A drill to play under a permit; answered by the event order.answered.",
    ),
    Message(
        name="peer-claims",
        way=Way.PEER,
        level=Level.TWO,
        leaf="claims",
        retain=False,
        body=PeerWord,
        means="What a unit guards and which of its alarms sound, for the other units of its site.",
    ),
)
