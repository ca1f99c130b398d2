"""The whole table of rules. A reader who wants to know what the box does reads these rows."""

from edge_agent.decide.rules import distress, gas, guard, guard_place, permit, site
from edge_agent.decide.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *gas.RULES,
    *guard.RULES,
    *guard_place.RULES,
    *site.RULES,
    *permit.RULES,
    *distress.RULES,
)
