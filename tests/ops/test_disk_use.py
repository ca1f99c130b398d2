"""What lies on the disk by class, what a day brings, and for how long there is room."""

import os
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.__main__ import main
from edge_agent.ops import disk_use
from edge_agent.ops.disk_use import CLASSES, DAY_S, HOUR_S, Sample, kept, measured, reckoned, sample
from edge_agent.settings.site import Settings
from edge_agent.settings.site_backup import BackupTable
from edge_agent.settings.site_cameras import RecordingTable
from tests.support.demo_root import REPOSITORY
from tests.support.mounts import beside_a_hung_share
from tests.support.story import scenario_site

MB = 1_000_000
UTC = 1.8e9


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    settings = scenario_site()
    site = replace(
        settings.site,
        folders=replace(settings.site.folders, state=str(tmp_path)),
        recording=RecordingTable(key_file="films.key", quota_gb=1.0, clips_gb=0.5),
    )
    return replace(settings, site=site)


def lay(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(size))


def test_every_file_is_of_one_class(tmp_path: Path, site: Settings) -> None:
    files = {
        "agent.sqlite": "database", "agent.sqlite-wal": "database", "agent.sqlite.corrupt-2026": "aside",
        "journal/00000001-b.jsonl": "journal", "films/cam-1/a.film": "films", "evidence/7-cam.jpg": "stills",
        "history.sqlite": "history", "patrols/P-1": "patrols", "bundles/x.zip": "bundles", "unit-key.pem": "other",
    }  # fmt: skip
    for number, name in enumerate(files, start=1):
        lay(tmp_path / name, number * 8192)
    found = sample(site, UTC, "boot").bytes
    for name, of in files.items():
        assert found[of] >= (tmp_path / name).stat().st_size, name
    assert sum(found[name] for name in set(files.values())) >= sum(8192 * n for n in range(1, 11))


def test_logs_that_may_not_be_read_are_not_nothing(
    tmp_path: Path, site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_use, "LOGS", tmp_path / "none")
    assert "logs" not in measured(site, UTC, "b").now.classes
    lay(tmp_path / "none" / "system.journal", 8192)
    assert measured(site, UTC, "b").now.classes["logs"].bytes >= 8192


def grown(days: float, **classes: tuple[int, int]) -> tuple[Sample, ...]:
    """Two samples so many days apart: MB of a class then and now."""
    then = dict.fromkeys(CLASSES, 0) | {name: first * MB for name, (first, _) in classes.items()}
    now = dict.fromkeys(CLASSES, 0) | {name: last * MB for name, (_, last) in classes.items()}
    return (
        Sample(utc=UTC - days * DAY_S, boot="b", bytes=then, written=1000 * MB),
        Sample(utc=UTC, boot="b", bytes=now, written=4000 * MB),
    )


def test_a_day_is_reckoned_from_what_grew_and_a_full_quota_grows_no_more(site: Settings) -> None:
    disk = reckoned(site, grown(3, database=(10, 40), films=(1400, 1500), journal=(50, 20)))
    assert disk.classes["database"].per_day == pytest.approx(10 * MB)
    assert disk.classes["journal"].per_day == pytest.approx(-10 * MB)
    assert disk.classes["films"].most == 1500 * MB
    assert disk.written_per_day == pytest.approx(1000 * MB)
    assert disk.days_left == pytest.approx(disk.free / (10 * MB)), "films are at their quota: the oldest give way"


def test_before_six_hours_nobody_says_what_a_day_brings(site: Settings) -> None:
    disk = reckoned(site, grown(5 / 24, database=(10, 40)))
    assert (disk.classes["database"].per_day, disk.days_left, disk.written_per_day) == (None, None, None)


def test_what_was_written_before_a_boot_says_nothing_of_this_one(site: Settings) -> None:
    first, last = grown(3, database=(1, 1))
    assert reckoned(site, (replace(first, boot="a"), last)).written_per_day is None


def test_samples_are_kept_for_a_week_and_a_clock_set_back_forgets_the_future(
    tmp_path: Path, site: Settings
) -> None:
    for hour in range(0, 200, 20):
        disk_use.keep(site, measured(site, UTC + hour * HOUR_S, "b"))
    assert len(kept(tmp_path).samples) == 10
    disk_use.keep(site, measured(site, UTC + 30 * HOUR_S, "b"))
    assert [round((one.utc - UTC) / HOUR_S) for one in kept(tmp_path).samples] == [0, 20, 30]
    (tmp_path / disk_use.NAME).write_bytes(b"{")
    assert kept(tmp_path) is None


def test_the_command_tells_every_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "site"
    shutil.copytree(
        REPOSITORY / "zones" / "demo-tank", place, ignore=shutil.ignore_patterns("state", "run", "web")
    )
    assert main(["disk", str(place)]) == 69
    capsys.readouterr()
    state = next(
        line for line in (place / "site.toml").read_text("utf-8").splitlines() if line.startswith("state =")
    )
    folder = place / state.split('"')[1]
    lay(folder / "agent.sqlite", 3 * MB)
    assert main(["disk", str(place)]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in CLASSES if name != "logs")
    assert "3.0 MB" in said
    assert "after six hours" in said
    assert main(["disk", str(place), "--json"]) == 0
    assert not (folder / disk_use.NAME).exists(), "it only looks"


def test_a_share_for_backups_below_the_state_folder_is_not_stepped_into(tmp_path: Path, site: Settings) -> None:
    """Its server is gone: whoever looks there stands there for ever."""
    share = tmp_path / "our backups" / "share"
    share.mkdir(parents=True)
    lay(tmp_path / "our backups" / "old.edgebackup", 8192)
    table = BackupTable(into=str(share / "box-1"), recipient="x" * 43)
    with_backups = replace(site, site=replace(site.site, backup=table))
    found = beside_a_hung_share(share, lambda: sample(with_backups, UTC, "boot"))
    assert found.bytes["other"] >= 8192
