"""What a device's record takes from its word: past its calibration date, what it measures counts as that."""

from collections.abc import Mapping

from msgspec.structs import replace

from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.observation import Observation, Quality, Reading


def vouched(
    observations: tuple[Observation, ...], records: Mapping[str, DeviceRecord], utc: float | None
) -> tuple[Observation, ...]:
    """The same words, each as good as its device's record lets it be. `utc` None: nobody knows the date.

    Without a date nothing starts and nothing resumes, and what runs was in its time when the date was known.
    """
    if utc is None or not records:
        return observations
    return tuple(_vouched(seen, records.get(seen.source), utc) for seen in observations)


def _vouched(seen: Observation, record: DeviceRecord | None, utc: float) -> Observation:
    if record is None or record.calibration_due_utc is None or utc < record.calibration_due_utc:
        return seen
    good = isinstance(seen, Reading) and seen.quality is Quality.GOOD
    return replace(seen, quality=Quality.CAL_OVERDUE) if good else seen
