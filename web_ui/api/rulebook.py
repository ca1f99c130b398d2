"""Each limit of the rulebook, for the form in which a site makes single ones stricter.

Nothing is decided here: a stricter limit is a book of the site's own that extends the present one, sent as any
other change of the settings; whether it is stricter the agent says (edge_agent/settings/tightening.py).
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from flask import Flask, Response

from edge_agent.domain.book_keys import every_limit, found, steps
from edge_agent.domain.cite import cited
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import NOTHING, Words
from edge_agent.domain.work_limits import WorkLimits
from edge_agent.settings.directions import DIRECTIONS, Direction
from edge_agent.settings.fault import BadSettings
from edge_agent.settings.loosening import furthest
from edge_agent.settings.one_book import one_book
from web_ui.api.settings import ROOT, SITE, raw_file, table_of
from web_ui.api.speak import said
from web_ui.errors import fail
from web_ui.parts import Parts
from web_ui.settings_shapes import BookLimit, BookLimits, LimitRule

EVERY = ("gases", "works")  # tables with a row per gas, or per kind of work
USED = Path(__file__).resolve().parents[1] / "fields" / "limits_used.toml"
MOST_BOOKS = 20  # that extend one another; a circle was refused when they were read
LISTED = "[#"  # an entry of a list: a book that extends another gives lists whole, which is for a person's hand


def install(app: Flask, parts: Parts) -> None:
    """GET /settings/limits."""

    @app.get("/api/v1/settings/limits")
    def limits() -> Response:
        """The limits as the rulebook has them, with what the next book of the site's own would be called."""
        raw = raw_file(parts, SITE)
        book = _book(parts, str(table_of(raw).get("site", {}).get("rulebook")))
        shipped = _shipped(parts, book)
        own = {one.stem for one in (parts.folders.site / "rulebooks").glob("*.toml")}
        site = parts.site.site.id
        stem, number = next_name(site, own | {book.name})
        return said(
            BookLimits(
                sha256=hashlib.sha256(raw).hexdigest(),
                name=book.name,
                version=book.version,
                title=book.title,
                loosened=len(book.loosened),
                next_name=f"{stem}-{number}",
                next_version=str(number),
                next_title=Words(f"{site} 更严限值 {number}", f"{site}: stricter limits {number}"),
                limits=tuple(_limit(book, shipped, key, one) for key, one in every_limit(book)),
            )
        )


def _book(parts: Parts, name: str) -> Rulebook:
    """The rulebook that site.toml names: the site's own comes first."""
    own = parts.folders.site / "rulebooks" / f"{name}.toml"
    try:
        return one_book(own if own.exists() else ROOT / "zones" / "rulebooks" / own.name, ROOT)
    except BadSettings as bad:
        fail("E-NO-PLAN", detail=str(bad))


def _shipped(parts: Parts, book: Rulebook) -> Rulebook:
    """The book that this one extends in the end, whose values are the usual ones; itself where it extends none."""
    for _ in range(MOST_BOOKS):
        if not book.extends:
            break
        book = _book(parts, book.extends)
    return book


def next_name(site: str, taken: Iterable[str]) -> tuple[str, int]:
    """A name that no book has yet, so that the old one is kept: "tank-limits", 3 after "tank-limits-2"."""
    stem = re.sub(r"[^a-z0-9]+", "-", site.lower()).strip("-")[:40] or "site"
    stem = f"{stem}-limits"
    before = [int(one[1]) for one in (re.fullmatch(rf"{stem}-(\d{{1,9}})", name) for name in taken) if one]
    return stem, max(before, default=0) + 1


def _limit(book: Rulebook, shipped: Rulebook, key: str, limit: Limit) -> BookLimit:
    path = steps(key)
    way = DIRECTIONS.get(path[-1], Direction.FIXED)
    signed, usual = furthest(key), found(shipped, key)
    return BookLimit(
        key=key,
        at=path,
        about=_about(book, path),
        value=limit.value,
        usual=usual.value if isinstance(usual, Limit) else None,
        unit=limit.unit,
        clause=cited(limit.clause),
        way=Direction.FIXED if LISTED in key or way is Direction.FREE else way,
        listed=LISTED in key,
        signed_to=None if signed is None else signed.value,
        rules=_used().get(_family(path), ()),
    )


def _family(path: tuple[str, ...]) -> str:
    """The key under which a rule is known to read it: of every gas and kind of work the same one."""
    return f"{path[0]}.*.{path[-1]}" if path[0] in EVERY else ".".join(path)


@cache
def _used() -> dict[str, tuple[LimitRule, ...]]:
    rows = tomllib.loads(USED.read_text("utf-8"))
    return {
        key: tuple(LimitRule(code=code, title=Words(zh, en)) for code, zh, en in rules)
        for key, rules in rows.items()
    }


def _about(book: Rulebook, path: tuple[str, ...]) -> Words:
    """Which gas or kind of work it is a limit of."""
    whose = found(book, f'{path[0]}."{path[1]}"') if path[0] in {"gases", "works"} else None
    return whose.name if isinstance(whose, GasLimits | WorkLimits) else NOTHING
