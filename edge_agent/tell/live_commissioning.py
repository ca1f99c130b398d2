"""How the commissioning of this unit stands, for its page and the console: written when it changes."""

from msgspec import Struct

from edge_agent.domain.commissioning import Item, Trial
from edge_agent.domain.words import NOTHING, Words


class ToTry(Struct, frozen=True, kw_only=True):
    """One item, and how it was tried last. `void`: its device was changed after that.

    `source` is where its limit comes from, as people read it; nothing where that is a page of ours.
    """

    item: Item
    trial: Trial | None = None
    void: bool = False
    source: Words = NOTHING
    by_itself: bool = False  # the box measures it while a commissioning is under way


class LiveCommissioning(Struct, frozen=True, kw_only=True):
    """All of it. `against`: why the certificate lets nothing start, where the site asks for one."""

    demanded: bool
    begun_by: str = ""
    begun_utc: float | None = None
    opened_utc: float | None = None  # since when this commissioning lets work start without a certificate
    graces_left: int = 0  # how often one may still do so by itself
    centre: bool = True  # False: the site has none, and says so
    items: tuple[ToTry, ...]
    certificate: str = ""  # its number
    issued_utc: float | None = None
    valid_until_utc: float | None = None
    certified_by: str = ""
    against: tuple[Words, ...] = ()
    void: tuple[Words, ...] = ()  # what of the certificate does not hold, whether or not anybody asks for one
