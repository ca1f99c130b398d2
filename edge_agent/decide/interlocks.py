"""Which interlock outputs may hold: those whose every gauge is known to be within its limits, if no trip bars.

One that held goes on holding while a gauge is unknown for less than its grace. One that fell holds again only when
everything is good and its trip was acknowledged; what it lets run people start, at the plant's own control.
"""

from collections.abc import Iterable, Mapping

from edge_agent.domain.outcome import UNTOLD, Alarm
from edge_agent.fuse.gauges import Gauge
from edge_agent.fuse.relays import Wanted

TRIPS = "trips"  # in the facts of a finding: the output ("module/output") that falls with its alarm


def holding(gauges: Iterable[Gauge], before: Mapping[str, Wanted], alarms: Iterable[Alarm]) -> frozenset[str]:
    """The outputs ("module/output") that hold from this step on."""
    tripped = {
        alarm.verdict.finding.facts[TRIPS]
        for alarm in alarms
        if TRIPS in alarm.verdict.finding.facts and alarm.state not in UNTOLD
    }
    doubtful: dict[str, bool] = {}
    for gauge in gauges:
        if gauge.table.trips is not None:
            unsafe = not gauge.known or bool(gauge.beyond)
            doubtful[gauge.table.trips] = doubtful.get(gauge.table.trips, False) or unsafe
    return frozenset(
        key for key, unsafe in doubtful.items() if key not in tripped and not (unsafe and not _held(key, before))
    )


def _held(key: str, before: Mapping[str, Wanted]) -> bool:
    return key in before and before[key].action.on
