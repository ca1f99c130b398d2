"""What people look up: the guide card of a code, the kinds of hazard to report, what a ticket is drawn up from."""

from msgspec import Struct

from edge_agent.domain.words import Words


class Guide(Struct, frozen=True, kw_only=True):
    """The card of one code: what it is (NOTHING where that says itself), what to do, and what each role does."""

    code: str
    title: Words
    cause: Words
    consequence: Words
    action: Words
    card: dict[str, Words]
    edition: str = ""  # of the centre's words in it; "": they are the box's own


class HazardKind(Struct, frozen=True, kw_only=True):
    """One thing to pick from. `icon` is the name of its picture; `works`: for these alone, none means for all.

    `urgent` is the effect whose card holds: "evacuate", "pause" or "warn".
    """

    kind: str
    code: str
    icon: str
    words: Words
    first: Words
    urgent: str
    works: tuple[str, ...]


class OfferedMeasure(Struct, frozen=True, kw_only=True):
    """One measure that a kind of work asks for; `shown_by`: "people", or what can show it: "gas", "camera"."""

    id: str
    words: Words
    shown_by: str


class OfferedPoint(Struct, frozen=True, kw_only=True):
    """One place to take as the work point: the middle of the area (`words` NOTHING), or a post near it."""

    words: Words
    x_m: float
    y_m: float


class WorkKind(Struct, frozen=True, kw_only=True):
    """One kind of work of the rulebook, as far as whoever draws up a ticket must know it."""

    type: str
    level: str
    words: Words
    longest_s: float | None  # how long a ticket may be valid
    approvals: tuple[str, ...]  # roles that must sign it
    guards: int  # how many are named at least
    jsa: bool
    video: bool
    pipe: bool  # the pipe is named
    wind: bool  # it is said whether the work is outdoors
    certificates: tuple[str, ...]  # what those of the workers cover anyway
    measures: tuple[OfferedMeasure, ...]


class Offers(Struct, frozen=True, kw_only=True):
    """What a ticket or a person's record can be drawn up from.

    The kinds of work, by area the ids of the devices and the places to take as the work point, what a certificate
    can cover, the wearables.
    """

    works: tuple[WorkKind, ...]
    devices: dict[str, tuple[str, ...]]
    points: dict[str, tuple[OfferedPoint, ...]]  # the middle first
    scopes: dict[str, Words]
    wearables: tuple[str, ...]
