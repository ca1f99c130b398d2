"""Which interlock outputs may hold: those whose every gauge is known to be within its limits, if no trip bars.

One that held goes on holding while a gauge is unknown for less than its grace. One that fell holds again only when
everything is good and its trip was acknowledged. After a start of the box none holds until somebody has
acknowledged that it waits: power that comes back by itself starts machines (ISO 14118; ledger 2-02).
"""

from collections.abc import Iterable, Mapping

from edge_agent.domain.outcome import UNTOLD, Alarm, AlarmState
from edge_agent.fuse.gauges import Gauge
from edge_agent.fuse.relays import Wanted

# In the facts of a finding, each with an output ("module/output"):
TRIPS = "trips"  # it falls with the alarm
WAITS = "waits"  # it has not held since the box began, and may once the alarm is acknowledged


def holding(
    gauges: Iterable[Gauge], before: Mapping[str, Wanted], alarms: Iterable[Alarm], booted_s: float
) -> frozenset[str]:
    """The outputs ("module/output") that hold from this step on. `booted_s`: when the box began, monotonic."""
    tripped, released = set[str](), set[str]()
    for alarm in alarms:
        facts = alarm.verdict.finding.facts
        if TRIPS in facts and alarm.state not in UNTOLD:
            tripped.add(facts[TRIPS])
        if WAITS in facts and alarm.state is AlarmState.ACK_ACTIVE:
            released.add(facts[WAITS])
    doubtful: dict[str, bool] = {}
    for gauge in gauges:
        if gauge.table.trips is not None:
            unsafe = not gauge.known or bool(gauge.beyond)
            doubtful[gauge.table.trips] = doubtful.get(gauge.table.trips, False) or unsafe
    return frozenset(
        key
        for key, unsafe in doubtful.items()
        if key not in tripped
        and not (unsafe and not _held(key, before))
        and (key in released or _has_held(before.get(key), booted_s))
    )


def has_held(on: bool, since_s: float, booted_s: float) -> bool:  # noqa: FBT001
    """Whether an output that is wanted so since then has held since the box began."""
    return on or since_s > booted_s


def _has_held(wanted: Wanted | None, booted_s: float) -> bool:
    return wanted is not None and has_held(wanted.action.on, wanted.since_s, booted_s)


def _held(key: str, before: Mapping[str, Wanted]) -> bool:
    return key in before and before[key].action.on
