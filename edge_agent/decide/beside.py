"""What this box tells the other boxes of the site of itself: its open works, and its own alarms that sound. Pure.

Only first-hand: what another box said is never passed on, else two boxes would hold up each other's alarm
for ever. What is only played, let be or in shadow is not told either.
"""

from collections.abc import Mapping

from msgspec import Struct

from edge_agent.decide.outputs import Signal, says
from edge_agent.decide.rules import neighbours
from edge_agent.decide.state import State
from edge_agent.domain.claim import Claim, Standing, claim
from edge_agent.domain.outcome import Alarm
from edge_agent.domain.permit import Permit

SECOND_HAND = frozenset(rule.name for rule in neighbours.RULES)
MOST = 30  # alarms in one message, those that have people leave first


class Ours(Struct, frozen=True, kw_only=True):
    """What is told of this box."""

    claims: tuple[Claim, ...] = ()
    alarms: tuple[Standing, ...] = ()


def ours(state: State) -> Ours:
    """As the last step left it."""
    told = [_standing(alarm, state.permits) for alarm in state.alarms.values() if _is_told(alarm)]
    told.sort(key=lambda one: (not one.leave, one.permit, one.code, one.area))
    return Ours(
        claims=tuple(claim(permit) for permit in state.permits.values() if permit.watched),
        alarms=tuple(told[:MOST]),
    )


def _is_told(alarm: Alarm) -> bool:
    verdict = alarm.verdict
    return says(alarm) >= Signal.STOP and not verdict.drill and verdict.rule not in SECOND_HAND


def _standing(alarm: Alarm, permits: Mapping[str, Permit]) -> Standing:
    finding = alarm.verdict.finding
    permit = permits.get(finding.permit)
    return Standing(
        code=alarm.verdict.code,
        area=str(finding.facts.get("area", "")) if permit is None else permit.ticket.area,
        leave=says(alarm) is Signal.LEAVE,
        title=alarm.verdict.title,
        detail=finding.detail,
        permit=finding.permit,
    )
