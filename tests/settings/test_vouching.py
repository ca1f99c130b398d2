"""Records of site.toml as the rules read them."""

from datetime import UTC, datetime
from pathlib import Path

from edge_agent.domain.device import DeviceRecord, DeviceStatus
from edge_agent.settings.load import load

RECORDS = """
[records.gas-o2]
status = "in_service"
calibration_due = "2027-03-31T00:00Z"
self_test_ok = true

[records.cam-1]
status = "out_of_service"
"""


def test_what_is_written_is_what_the_rules_read(root: Path, site: Path) -> None:
    with (site / "site.toml").open("a") as file:
        file.write(RECORDS)
    assert load(site, root).records == (
        DeviceRecord(
            id="gas-o2",
            status=DeviceStatus.IN_SERVICE,
            calibration_due_utc=datetime(2027, 3, 31, tzinfo=UTC).timestamp(),
            self_test_ok=True,
        ),
        DeviceRecord(id="cam-1", status=DeviceStatus.OUT_OF_SERVICE),
    )
