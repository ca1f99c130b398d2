"""What the centre keeps here: contacts, guide cards, hazard codes, the map, tickets, advice, stricter limits.

None of it permits anything or lets anything be. Each copy shows its version and age; one beyond its own deadline
counts for nothing, and a contact whom nobody has verified lately is told as unverified.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_rule import RuleLimit, RuleTable
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.words import Words

Kind = Literal["contacts", "taxonomy", "guide", "site", "ticket", "advice", "rule", "model", "update"]
# A telephone number that nobody has tried for a quarter of a year (ledger 3-19: three of them were dead).
UNVERIFIED_S = 90 * 86400.0
# How many of each are kept, the newest; a site has some dozens of open tickets at most.
MOST: Mapping[str, int] = {"guide": 300, "ticket": 200, "advice": 50}


# TS 23.040 9.1.2.5: up to 20 digits; the shortest that anybody calls has three.
SHORTEST, LONGEST = 3, 20
BETWEEN = str.maketrans("", "", " -()")  # as people write numbers


def dialled(text: str) -> str:
    """The telephone number as a modem dials it; "" where it is none: an account of some messenger, say."""
    number = text.translate(BETWEEN)
    digits = number.removeprefix("+")
    return number if digits.isascii() and digits.isdigit() and SHORTEST <= len(digits) <= LONGEST else ""


class ContactPerson(Struct, frozen=True, kw_only=True):
    """Whom to reach, by telephone numbers alone; `verified_utc` is when somebody last did."""

    name: str
    role: str
    person: str = ""
    phone: str = ""
    second: str = ""
    verified_utc: float | None = None


class Contacts(Struct, frozen=True, kw_only=True):
    """Who answers for what, as the centre's personnel records have it today."""

    id: Literal["contacts"]
    people: tuple[ContactPerson, ...]
    valid_until_utc: float


class TaxonomyCode(Struct, frozen=True, kw_only=True):
    """What one of this box's codes is in the centre's list of hazards."""

    code: str
    words: Words


class Taxonomy(Struct, frozen=True, kw_only=True):
    """The centre's list of hazards, by this box's codes ("GAS-01")."""

    id: Literal["taxonomy"]
    name: str
    codes: dict[str, TaxonomyCode]
    valid_until_utc: float | None = None


class GuideCard(Struct, frozen=True, kw_only=True):
    """The centre's words for the card of one code: what to do, and who does what; the box's own hold beside."""

    id: str
    name: str
    action: Words
    card: dict[str, Words] = {}
    valid_until_utc: float | None = None


class SiteMap(Struct, frozen=True, kw_only=True):
    """Which edition of the site's map counts (ledger 0-35)."""

    id: Literal["site"]
    map_version: str
    surveyed_utc: float
    valid_until_utc: float | None = None


class TicketStatus(Struct, frozen=True, kw_only=True):
    """Where the rectification of something stands that this box told of."""

    id: str
    event: int
    status: Literal["open", "accepted", "in_progress", "done", "verified", "overdue", "rejected"]
    owner: str = ""
    deadline_utc: float | None = None
    words: Words | None = None


class Advice(Struct, frozen=True, kw_only=True):
    """What the centre knows of a like case. Advice, not an order."""

    id: str
    event: int
    words: Words
    origin: str = ""


Body = Contacts | Taxonomy | GuideCard | SiteMap | TicketStatus | Advice | RuleTable | ModelOffer | UpdateOrder
KINDS: Mapping[type, Kind] = {
    Contacts: "contacts",
    Taxonomy: "taxonomy",
    GuideCard: "guide",
    SiteMap: "site",
    TicketStatus: "ticket",
    Advice: "advice",
    RuleTable: "rule",
    ModelOffer: "model",
    UpdateOrder: "update",
}


class CentreRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One copy, and when it came; exactly one of the bodies is there.

    `held` are the limits of the table before that were stricter: they count until no work is under way.
    `live`: whether the offered model judges, the ordered version passed; None: it has not been tried.
    """

    id: str  # "contacts", "guide/GAS-01", "ticket/R-7"
    version: int
    received_utc: float
    contacts: Contacts | None = None
    taxonomy: Taxonomy | None = None
    guide: GuideCard | None = None
    site: SiteMap | None = None
    ticket: TicketStatus | None = None
    advice: Advice | None = None
    rule: RuleTable | None = None
    model: ModelOffer | None = None
    update: UpdateOrder | None = None
    live: bool | None = None
    held: dict[str, RuleLimit] = {}

    @property
    def body(self) -> Body:
        """What it says."""
        said = (
            self.contacts,
            self.taxonomy,
            self.guide,
            self.site,
            self.ticket,
            self.advice,
            self.rule,
            self.model,
            self.update,
        )
        return next(one for one in said if one is not None)

    @property
    def kind(self) -> Kind:
        """What sort of copy it is."""
        return KINDS[type(self.body)]

    def counts(self, now_utc: float) -> bool:
        """Whether it is within its own deadline; one without a deadline is."""
        until_utc = getattr(self.body, "valid_until_utc", None)
        return until_utc is None or now_utc < until_utc


def record_of(body: Body, version: int, received_utc: float) -> CentreRecord:
    """The copy of a message that arrived."""
    kind = KINDS[type(body)]
    id_ = kind if body.id == kind else f"{kind}/{body.id}"
    said: dict[str, Any] = {kind: body}
    return CentreRecord(id=id_, version=version, received_utc=received_utc, **said)


def unverified(contacts: Contacts, now_utc: float) -> Iterator[ContactPerson]:
    """People of whom nobody knows whether they can be reached: never tried, too long ago, or no number at all."""
    for one in contacts.people:
        tried = one.verified_utc is not None and 0 <= now_utc - one.verified_utc <= UNVERIFIED_S
        if not tried or not (dialled(one.phone) or dialled(one.second)):
            yield one


def with_record(known: Mapping[str, CentreRecord], arrived: CentreRecord) -> dict[str, CentreRecord]:
    """The copies with one more; of a kind that has too many the oldest give way."""
    after = {**known, arrived.id: arrived}
    alike = sorted(
        (one for one in after.values() if one.kind == arrived.kind), key=lambda one: (one.received_utc, one.id)
    )
    for one in alike[: -MOST.get(arrived.kind, 1)]:
        del after[one.id]
    return after
