"""Gases, limits with their sources, and what can never be loosened."""

from collections.abc import Iterator

from edge_agent.domain.book_keys import every_limit, steps
from edge_agent.domain.cite import cited
from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import joined
from edge_agent.ops.rules_page.words import Voice, figure
from edge_agent.settings.directions import DIRECTIONS, Direction
from edge_agent.settings.loosening import LOOSENABLE, furthest

GAS_HEADS = (
    ("气体", "gas"),
    ("爆炸下限（使用前核对）", "LEL (check before use)"),
    ("停工下限", "stop below"),
    ("预警下限", "warn below"),
    ("预警上限", "warn above"),
    ("停工上限", "stop above"),
    ("15 分钟均值", "15-minute average"),
    ("8 小时均值", "8-hour average"),
    ("停工依据", "source of the stop"),
)
LIMIT_HEADS = (
    ("限值", "limit"),
    ("值", "value"),
    ("更严的方向", "stricter is"),
    ("依据", "source"),
    ("台账", "row"),
)
WAYS = {
    Direction.AT_MOST: ("更小", "less"),
    Direction.AT_LEAST: ("更大", "more"),
    Direction.FIXED: ("不得改", "fixed"),
    Direction.FREE: ("-", "-"),
}


def gases(book: Rulebook, voice: Voice) -> Iterator[str]:
    """One row per gas."""
    yield from voice.table(GAS_HEADS)
    for key, gas in book.gases.items():
        shown = (gas.stop_low, gas.warn_low, gas.warn_high, gas.stop_high, gas.stel, gas.twa)
        source = joined(cited(one.clause) for one in (gas.stop_low, gas.stop_high) if one is not None)
        lel = "-" if gas.lel_pct_vol is None else f"{gas.lel_pct_vol:g} %vol"
        yield voice.row(
            f"{voice.say(gas.name)} (`{key}`)", lel, *(_figure(one, voice) for one in shown), voice.say(source)
        )


def _figure(limit: Limit | None, voice: Voice) -> str:
    return "-" if limit is None else voice.say(figure(limit.value, limit.unit))


def limits(book: Rulebook, voice: Voice) -> Iterator[str]:
    """Every limit of the book with its source."""
    yield from voice.table(LIMIT_HEADS)
    for key, limit in every_limit(book):
        way, source = voice.head(*WAYS[_way(key)]), voice.say(cited(limit.clause))
        yield voice.row(f"`{key}`", _figure(limit, voice), way, source, limit.row or "-")


def _way(key: str) -> Direction:
    named = (DIRECTIONS[name] for name in reversed(steps(key)) if name in DIRECTIONS)
    return next(named, Direction.FIXED)


def loosenable(voice: Voice) -> Iterator[str]:
    """What a signature may move, and how far."""
    yield from voice.table((("限值", "limit"), ("最远", "furthest"), ("依据", "source")))
    for one in LOOSENABLE:
        sign = "<=" if one.bound == "at_most" else ">="
        yield voice.row(
            f"`{one.key}`", f"{sign} {voice.say(figure(one.value, one.unit))}", voice.say(cited(one.clause))
        )


def never(book: Rulebook) -> Iterator[str]:
    """Every limit that nobody can sign for, by family."""
    families: dict[str, list[str]] = {}
    for key, _ in every_limit(book):
        if furthest(key) is None:
            family, *rest = steps(key)
            families.setdefault(family, []).append(".".join(rest))
    for family, names in families.items():
        yield f"- `{family}`: {', '.join(f'`{name}`' for name in names)}"


def loosened(book: Rulebook, voice: Voice) -> Iterator[str]:
    """What this book has loosened, for how long, and who signed for it."""
    heads = (
        ("限值", "limit"),
        ("放宽为", "loosened to"),
        ("自", "from"),
        ("至", "until"),
        ("签字人", "by"),
        ("原因", "why"),
    )
    yield from voice.table(heads)
    for row in book.loosened:
        yield voice.row(f"`{row.key}`", f"{row.value:g}", row.begins, row.until, row.by, row.reason)
