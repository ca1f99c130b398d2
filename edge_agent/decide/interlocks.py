"""Which interlock outputs may hold: those whose every gauge is known to be within its limits, if no trip bars.

One that held goes on holding while a gauge is unknown for less than its grace. One that is off, by a trip or by a
start of the box, holds again by a decision: once everything is good an alarm says that it waits (ENV-18), and it
holds when somebody has acknowledged that. Power that comes back by itself starts machines (ISO 14118; a reset is a
deliberate act and counts only while all is safe, ISO 13849-1 5.2.2; ledger 2-02).
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from edge_agent.decide.alarm_events import subject, told
from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import UNTOLD, Alarm, AlarmState, Priority
from edge_agent.fuse.gauges import Gauge
from edge_agent.fuse.relays import Wanted

# In the facts of a finding, each with an output ("module/output"):
TRIPS = "trips"  # it falls with the alarm
# Whose findings trip. Should one of these crash, nobody knows what it would have tripped: every output falls.
TRIPPING = ("interlock_tripped", "interlock_blind", "interlock_not_acting")
CRASHED = frozenset(f"{rule}.crashed" for rule in TRIPPING)
WAITS = "waits"  # it is off although everything is good, and holds once the alarm is acknowledged


def holding(gauges: Iterable[Gauge], before: Mapping[str, Wanted], alarms: Iterable[Alarm]) -> frozenset[str]:
    """The outputs ("module/output") that hold from this step on."""
    tripped, released = set[str](), set[str]()
    for alarm in alarms:
        if alarm.verdict.rule in CRASHED and alarm.state not in UNTOLD:
            return frozenset()
        facts = alarm.verdict.finding.facts
        if TRIPS in facts and alarm.state not in UNTOLD:
            tripped.add(facts[TRIPS])
        if WAITS in facts and alarm.state is AlarmState.ACK_ACTIVE:
            released.add(facts[WAITS])
    return frozenset(
        key
        for key, good in all_good(gauges).items()
        if key not in tripped and (_held(key, before) or (good and key in released))
    )


def spend(draft: Draft) -> None:
    """That an output waits is over as soon as it does not wait, also where it comes and goes (chattering).

    Else what somebody agreed to once would let it hold a second time, after another trip.
    """
    for key, alarm in tuple(draft.alarms.items()):
        if WAITS in alarm.verdict.finding.facts and alarm.gone and alarm.state not in UNTOLD:
            draft.alarms = {**draft.alarms, key: replace(alarm, state=AlarmState.NORMAL)}
            draft.event("alarm.returned", subject(alarm), Priority.LOW, told(alarm))


def all_good(gauges: Iterable[Gauge]) -> dict[str, bool]:
    """Of each output that gauges trip: whether all of these are known and within their danger limits."""
    found: dict[str, bool] = {}
    for gauge in gauges:
        if gauge.table.trips is not None:
            good = gauge.known and not gauge.beyond
            found[gauge.table.trips] = found.get(gauge.table.trips, True) and good
    return found


def _held(key: str, before: Mapping[str, Wanted]) -> bool:
    return key in before and before[key].action.on
