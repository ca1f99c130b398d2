"""What arrived from the centre in a signed message: its door has checked signature, age and order."""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.drill import Drill
from edge_agent.domain.person import Person, Role
from edge_agent.domain.ticket import Ticket


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


Delivery = TicketDelivery | PersonDelivery | DeviceDelivery | OrderDelivery | RecordDelivery
