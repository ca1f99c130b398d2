"""Everything that the brain may be handed beside observations: asked, delivered, noted."""

from edge_agent.domain.delivery import Delivery
from edge_agent.domain.noted import CameraWalked, OnRecord, Tally
from edge_agent.domain.request import Request

Asked = Request | Delivery | OnRecord | CameraWalked | Tally
