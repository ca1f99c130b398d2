"""Everything that the brain may be handed beside observations: asked, delivered, noted."""

from edge_agent.domain.delivery import (
    DeviceDelivery,
    OrderDelivery,
    PersonDelivery,
    RecordDelivery,
    TicketDelivery,
)
from edge_agent.domain.noted import (
    CameraWalked,
    EvidenceKept,
    EvidenceSent,
    LoggedIn,
    MessagesDropped,
    ModelSettled,
    NoticeTold,
    Rejected,
    Tally,
    UpdateSettled,
)
from edge_agent.domain.request import Request

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
