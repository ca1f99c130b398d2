"""What a device's record takes from its word: past its calibration date, what it measures counts as that."""

import math
from collections.abc import Mapping

from msgspec.structs import replace

from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.observation import Observation, Quality, Reading
from edge_agent.fuse.same import Same


def vouched(
    observations: tuple[Observation, ...], records: Mapping[str, DeviceRecord], utc: float | None
) -> tuple[Observation, ...]:
    """The same words, each as good as its device's record lets it be. `utc` None: nobody knows the date.

    Without a date nothing starts and nothing resumes, and what runs was in its time when the date was known.
    """
    if utc is None or utc < _first_due("all", records):  # nearly always
        return observations
    return tuple(_vouched(seen, records.get(seen.source), utc) for seen in observations)


@Same
def _first_due(records: Mapping[str, DeviceRecord]) -> float:
    """When the first of these devices is due for calibration."""
    due = [record.calibration_due_utc for record in records.values() if record.calibration_due_utc is not None]
    return min(due, default=math.inf)


def _vouched(seen: Observation, record: DeviceRecord | None, utc: float) -> Observation:
    if record is None or record.calibration_due_utc is None or utc < record.calibration_due_utc:
        return seen
    good = isinstance(seen, Reading) and seen.quality is Quality.GOOD
    return replace(seen, quality=Quality.CAL_OVERDUE) if good else seen
