"""What events about copies and orders of the centre carry."""

from typing import Annotated

from msgspec import Meta

from edge_agent.tell.contract.permit_events import Data, Reasons, Said, Utc
from edge_agent.tell.contract.values import Person


class RecordUpdated(Data, frozen=True, kw_only=True):
    """A copy of something of the centre's is kept: contacts, codes, a card, the map, a ticket, advice."""

    kind: Annotated[str, Meta(description="contacts, taxonomy, guide, site, ticket, advice, rule or model")]
    version: Annotated[int, Meta(description="of the envelope")]
    valid_until_utc: Annotated[
        Utc | None, Meta(description="from then on it counts for nothing; null: no deadline")
    ]
    words: Said
    event: Annotated[int | None, Meta(description="seq of the event that the ticket is about")] = None
    status: Annotated[str, Meta(description="of the ticket")] = ""
    deadline_utc: Annotated[Utc | None, Meta(description="of the ticket")] = None
    permits: Annotated[tuple[str, ...], Meta(description="under way while limits were moved (rule)")] = ()


class RecordRefused(Data, frozen=True, kw_only=True):
    """A copy that had run out before it came, or limits that are looser than the rulebook's."""

    kind: str
    reasons: Reasons


class NoticeTold(Data, frozen=True, kw_only=True):
    """What became of a short message to one telephone, while the centre could not be reached."""

    about: Annotated[int, Meta(description="seq of the event that it tells of")]
    name: Annotated[str, Meta(description="of the contact (dn/contacts)")]
    number: Annotated[str, Meta(description="its last digits")]
    verified: Annotated[bool, Meta(description="whether somebody had reached him by it lately")]
    state: Annotated[
        str,
        Meta(
            description="sent, arrived (receipt), failed, unanswered (no receipt in time) or needless (not sent)"
        ),
    ]
    words: Said


class ModelSettled(Data, frozen=True, kw_only=True):
    """A model that the centre offered has been through the unit's gate."""

    version: Annotated[int, Meta(description="of the offer's envelope")]
    name: str
    sha256: Annotated[str, Meta(description="of its file")]
    live: Annotated[bool, Meta(description="whether it judges now; false: what was live goes on")]
    reasons: Reasons
    words: Said


class UpdateSettled(Data, frozen=True, kw_only=True):
    """A version that the centre ordered was tried out."""

    version: Annotated[int, Meta(description="of the order's envelope")]
    release: str
    sha256: Annotated[str, Meta(description="of its bundle")]
    wave: int
    passed: Annotated[bool, Meta(description="whether it runs now; false: the one before goes on")]
    reasons: Reasons
    words: Said


class OrderAnswered(Data, frozen=True, kw_only=True):
    """An order of the centre was carried out, or refused with every reason."""

    order: Annotated[str, Meta(description="the order's own id")]
    do: str
    accepted: bool
    reasons: Reasons
    by: Person
    role: str
