"""The whole table of rules. A reader who wants to know what the box does reads these rows."""

from edge_agent.decide.rules import (
    book,
    box,
    distress,
    gas,
    gas_area,
    gas_early,
    gas_exposure,
    gas_response,
    guard,
    guard_place,
    guard_video,
    permit,
    shift,
    simops,
    site,
    weather,
)
from edge_agent.decide.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *gas.RULES,
    *gas_area.RULES,
    *gas_exposure.RULES,
    *gas_early.RULES,
    *gas_response.RULES,
    *guard.RULES,
    *guard_place.RULES,
    *guard_video.RULES,
    *site.RULES,
    *permit.RULES,
    *distress.RULES,
    *weather.RULES,
    *book.RULES,
    *shift.RULES,
    *box.RULES,
    *simops.RULES,
)
