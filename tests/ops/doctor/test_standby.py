"""What stands behind the box is looked at: an overdue backup is told, and a UPS that is silent is not fine."""

import socket
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.ops.doctor.finding import Standing
from edge_agent.ops.doctor.standby import arrived_look, backup_look, ups_look
from edge_agent.ops.folders import BACKUP_ARRIVED
from edge_agent.settings.site_backup import BackupTable
from edge_agent.settings.site_itself import PowerTable
from edge_agent.tell.upload.backups import Arrived
from tests.support.languages import faults
from tests.support.mounts import beside_a_hung_share
from tests.support.story import scenario_site

MADE_UTC = 1_795_003_200.0  # 2026-11-18T12:00Z
NAME = "demo-tank-edge-1-20261118T120000Z.edgebackup"


@pytest.mark.parametrize(
    ("files", "hours", "code"),
    [
        ([], 0, "backup_none"),
        (["demo-tank-edge-2-20261118T120000Z.edgebackup"], 0, "backup_none"),
        ([NAME, "demo-tank-edge-1-20261101T120000Z.edgebackup"], 30, "fine"),
        ([NAME], 49, "backup_overdue"),
        ([NAME], -2, "backup_ahead"),
        (["demo-tank-edge-1-9Z.edgebackup"], 0, "backup_undated"),
    ],
)
def test_an_overdue_backup_is_told(tmp_path: Path, files: list[str], hours: int, code: str) -> None:
    for name in files:
        (tmp_path / name).touch()
    table = BackupTable(into=str(tmp_path), recipient="x" * 43)
    (found,) = backup_look(scenario_site(), table, MADE_UTC + hours * 3600)
    assert found.code == code
    assert not faults(found.says)


def test_a_disk_that_is_not_mounted_is_told(tmp_path: Path) -> None:
    (found,) = backup_look(scenario_site(), BackupTable(into=str(tmp_path / "none"), recipient="x" * 43))
    assert (found.code, found.standing) == ("backup_nowhere", Standing.FAULT)


def test_a_share_whose_server_is_gone_is_told_and_not_waited_for(tmp_path: Path) -> None:
    table = BackupTable(into=str(tmp_path), recipient="x" * 43)
    (found,) = beside_a_hung_share(tmp_path, lambda: list(backup_look(scenario_site(), table, patience_s=0.5)))
    assert (found.code, found.standing) == ("backup_hangs", Standing.FAULT)
    assert not faults(found.says)
    assert not faults(found.remedy)


@pytest.mark.parametrize(
    ("hours", "code"), [(None, "backup_none"), (30, "fine"), (49, "backup_overdue"), (-2, "backup_ahead")]
)
def test_what_has_not_arrived_at_the_store_is_told_though_a_backup_lies_on_the_box(
    tmp_path: Path, hours: int | None, code: str
) -> None:
    base = scenario_site()
    folders = replace(base.site.folders, state=str(tmp_path))
    settings = replace(base, site=replace(base.site, folders=folders))
    if hours is not None:
        told = Arrived(name=NAME, sha256="0" * 64, size=1, utc=MADE_UTC)
        (tmp_path / BACKUP_ARRIVED).write_bytes(msgspec.json.encode(told))
    (found,) = arrived_look(settings, MADE_UTC + (hours or 0) * 3600)
    assert (found.code, found.part) == (code, "backup.sent")
    assert not faults(found.says)


def test_a_ups_that_nobody_can_ask_is_a_fault() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        base = scenario_site()
        power = PowerTable(ups="nut", port=closed.getsockname()[1])
        (found,) = ups_look(replace(base, site=replace(base.site, power=power)))
    assert (found.code, found.standing) == ("ups_unknown", Standing.FAULT)
    assert "does not answer" in found.says.en
