"""A look back over some days: tables that read the same on a page, on paper and in a spreadsheet."""

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words


class ReviewRow(Struct, frozen=True, kw_only=True):
    """One line. `event`: the record that it speaks of; `judged`: what people said of it, "" nothing yet."""

    cells: tuple[Words, ...]
    event: int | None = None
    judged: str = ""


class ReviewPart(Struct, frozen=True, kw_only=True):
    """One table; `none` is said where it has no line."""

    title: Words
    heads: tuple[Words, ...]
    rows: tuple[ReviewRow, ...]
    none: Words = Words("这段时间没有", "none in this time")


class Review(Struct, frozen=True, kw_only=True):
    """One kind of look back. `about` says what the figures mean; `whole`: what of the time is not in them."""

    kind: str
    title: Words
    site: Words
    unit: str
    demo: bool
    from_utc: float
    until_utc: float
    about: Words
    whole: Words = NOTHING
    parts: tuple[ReviewPart, ...]
