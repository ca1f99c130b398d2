"""Guide cards: for every code of an alarm or a report what it is, what to do, and who does what.

They hold offline and without a meeting (ledger 0-25, 4-13): the pages show them from a file that the box writes.
"""

from edge_agent.decide.cards import card
from edge_agent.decide.hazards import HAZARDS
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.guide import Guide, HazardKind
from edge_agent.domain.words import NOTHING


def guides() -> dict[str, Guide]:
    """Every card by its code."""
    of_rules = {
        rule.code: Guide(
            code=rule.code,
            title=rule.text.title,
            cause=rule.text.cause,
            consequence=rule.text.consequence,
            action=rule.text.action,
            card=card(rule.effect),
        )
        for rule in RULES
    }
    of_reports = {
        one.code: Guide(
            code=one.code,
            title=one.title,
            cause=NOTHING,
            consequence=NOTHING,
            action=one.first,
            card=card(one.effect),
        )
        for one in HAZARDS
    }
    return of_rules | of_reports


def kinds() -> tuple[HazardKind, ...]:
    """What anybody can pick to report, in the order of the table."""
    return tuple(
        HazardKind(
            kind=one.kind,
            code=one.code,
            icon=one.icon,
            words=one.title,
            first=one.first,
            urgent=one.effect.name.lower(),
            works=tuple(work.value for work in one.works),
        )
        for one in HAZARDS
    )
