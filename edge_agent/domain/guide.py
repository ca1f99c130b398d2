"""What people look up: the guide card of a code, and the kinds of hazard that anybody can report."""

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
