"""What a calculation tries otherwise: limits of the rulebook, rules left out. Nothing is written anywhere."""

import math
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.book_keys import every_limit, found, with_limit
from edge_agent.domain.cite import cited
from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words, WordsError
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from edge_agent.tell.live_incident import Changed, LimitNow, RuleNow


class Change(Struct, frozen=True, kw_only=True):
    """Limits by key with their other values, and names of rules to leave out."""

    limits: Mapping[str, float] = {}
    without: tuple[str, ...] = ()


def told(change: Change, settings: Settings) -> tuple[Changed, ...]:
    """Each part of the change with what holds now. Raises WordsError for what cannot be tried."""
    if not change.limits and not change.without:
        raise WordsError(Words("请给出要试的限值或规则", "name a limit or a rule to try otherwise"))
    titles = {rule.name: rule.text.title for rule in RULES}
    return (
        *(_limit(settings.rulebook, key, value) for key, value in change.limits.items()),
        *(Changed(rule=name, title=_known(titles, name)) for name in change.without),
    )


def _limit(book: Rulebook, key: str, value: float) -> Changed:
    now = found(book, key)
    if not isinstance(now, Limit):
        raise WordsError(
            Words(
                f"规则手册没有限值 {key}：键名照限值表抄写（edge-agent rules）",
                f"the rulebook has no limit {key}: copy the key from the table of limits (edge-agent rules)",
            )
        )
    if not math.isfinite(value) or value < 0:
        raise WordsError(Words(f"{key}：{value} 不是可用的数值", f"{key}: {value} is no value for a limit"))
    return Changed(key=key, was=now.value, tried=value, unit=now.unit)


def _known(titles: Mapping[str, Words], name: str) -> Words:
    if name not in titles:
        raise WordsError(
            Words(f"没有规则 {name}：见 edge-agent rules", f"there is no rule {name}: see edge-agent rules")
        )
    return titles[name]


def applied(change: Change, settings: Settings) -> tuple[Settings, tuple[Rule, ...]]:
    """The settings and the rules as they would be. A signed loosening of the same limit gives way."""
    book = settings.rulebook
    for key, value in change.limits.items():
        book = with_limit(book, key, replace(found(book, key), value=value))
    book = replace(book, loosened=tuple(row for row in book.loosened if row.key not in change.limits))
    rules = tuple(rule for rule in RULES if rule.name not in change.without)
    return replace(settings, rulebook=book, devices=derived(settings.site, book)), rules


def limits_now(book: Rulebook) -> Iterator[LimitNow]:
    """Every limit that can be tried otherwise."""
    for key, limit in every_limit(book):
        if "[#" not in key:
            yield LimitNow(key=key, value=limit.value, unit=limit.unit, source=cited(limit.clause))


def rules_now() -> Iterator[RuleNow]:
    """Every rule that can be left out."""
    for rule in RULES:
        yield RuleNow(name=rule.name, code=rule.code, title=rule.text.title)
