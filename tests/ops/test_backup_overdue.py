"""An overdue backup is an alarm: raised by a real brain, kept over a restart, cleared by the next real backup."""

import shutil
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.__main__ import main
from edge_agent.clock import Instant
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.outcome import UNTOLD
from edge_agent.domain.words import NOTHING
from edge_agent.ops.backup import noted
from edge_agent.ops.backup.age import OVERDUE_S
from edge_agent.ops.backup.sealed import new_key
from edge_agent.ops.backup.watch import BackupWatch, Known, overdue
from edge_agent.ops.folders import BACKUP_ARRIVED, BACKUP_SINCE
from edge_agent.ops.unit_key import unit_key
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from edge_agent.settings.site_backup import BackupTable
from edge_agent.tell.upload.backups import Arrived
from tests.agent.test_brain import Bench
from tests.support.demo_root import REPOSITORY
from tests.support.languages import faults
from tests.support.story import Story

NOW = 1_795_003_200.0  # 2026-11-18T12:00Z
DAY_S = 86_400.0


class Clock:
    """The machine's own, as far as a test moves it: what a real backup notes is of now."""

    def __init__(self, utc: float = NOW, *, trusted: bool = True) -> None:
        self.utc, self.trusted, self.now_s = utc, trusted, 1000.0

    def monotonic(self) -> float:
        return self.now_s

    def instant(self) -> Instant:
        return Instant(now_s=self.now_s, utc=self.utc, trusted=self.trusted)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    site = tmp_path / "site"
    shutil.copytree(REPOSITORY / "zones" / "demo-tank", site, ignore=shutil.ignore_patterns("state", "run", "web"))
    share = tmp_path / "share"
    share.mkdir()
    with (site / "site.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[backup]\ninto = "{share}"\nrecipient = "{new_key()[1]}"\n')
    found = load(site, REPOSITORY)
    found.state_folder.mkdir(parents=True, exist_ok=True)
    unit_key(found.state_folder)
    return found


def table(settings: Settings) -> BackupTable:
    assert settings.site.backup is not None
    return settings.site.backup


def told(settings: Settings, clock: Clock) -> DeviceHealth | None:
    """What a watch says that has just been started."""
    heard: list[DeviceHealth] = []
    BackupWatch(settings, table(settings), clock, heard.append).look()
    return heard[-1] if heard else None


def test_it_is_raised_kept_over_a_restart_and_cleared_by_a_backup(settings: Settings, tmp_path: Path) -> None:
    bench = Bench(settings.state_folder, settings)
    bench.play(Story(settings).lines)
    day = bench.clock.instant().utc
    noted.note_since(settings.state_folder, noted.Since(into=table(settings).into, utc=day - OVERDUE_S - 1))

    def stands() -> bool:
        found = [one for one in bench.brain.state.alarms.values() if one.verdict.rule == "not_backed_up"]
        return any(one.state not in UNTOLD and not one.gone for one in found)

    def look(watch: BackupWatch) -> None:
        watch.look()
        bench.brain.step(*bench.brain.inbox.take(0, 0))

    look(BackupWatch(settings, table(settings), bench.clock, bench.brain.deliver))
    assert stands()
    bench.journal.close()
    bench.brain = bench.wake()
    watch = BackupWatch(settings, table(settings), bench.clock, bench.brain.deliver)
    look(watch)
    assert stands()
    told_of = [event.type for event in bench.brain.newest if event.data.get("rule") == "not_backed_up"]
    assert told_of == ["alarm.raised"], "it is one alarm over the restart"

    shutil.move(table(settings).into, tmp_path / "elsewhere")
    assert main(["backup", str(settings.folder)]) == 73
    look(watch)
    assert stands()
    (alarm,) = [one for one in bench.brain.state.alarms.values() if one.verdict.rule == "not_backed_up"]
    assert "is the disk or share mounted?" in alarm.verdict.finding.detail.en
    assert not faults(alarm.verdict.finding.detail)

    shutil.move(tmp_path / "elsewhere", table(settings).into)
    aside = ["--into", str(tmp_path), "--recipient", table(settings).recipient]
    assert main(["backup", str(settings.folder), *aside]) == 0
    look(watch)
    assert stands(), "one that went elsewhere is not what the site asks for"
    assert main(["backup", str(settings.folder)]) == 0
    made = noted.last_made(settings.state_folder, table(settings))
    assert made is not None
    assert (Path(made.into) / made.name).is_file()
    noted.note_made(settings.state_folder, replace(made, utc=day))  # the story's day, not the machine's
    look(watch)
    assert not stands()
    bench.close()


def test_a_new_box_has_its_first_interval_and_no_longer(settings: Settings) -> None:
    state = settings.state_folder
    assert told(settings, Clock(trusted=False)) is None, "without a date no interval begins"
    for after_s, ok in ((0.0, True), (OVERDUE_S - 1, True), (OVERDUE_S + 1, False)):
        health = told(settings, Clock(NOW + after_s))
        assert health is not None
        assert health.ok is ok, after_s
    assert "no backup yet" in health.detail.en
    untrusted = told(settings, Clock(NOW + OVERDUE_S + 1, trusted=False))
    assert untrusted is not None, "unknown time makes nothing fine"
    assert not untrusted.ok
    (state / BACKUP_SINCE).write_bytes(b"{")
    noted.note_made(state, noted.LastMade(into=table(settings).into, name="x", utc=NOW))
    health = told(settings, Clock(NOW + OVERDUE_S + 1))
    assert health is not None
    assert not health.ok, "the last good one counts, whoever lost the other note"


@pytest.mark.parametrize(
    ("known", "says"),
    [
        (Known(made=NOW - OVERDUE_S + 1, since=0.0), ""),
        (Known(made=NOW - OVERDUE_S - 1, since=NOW), "newest backup: 2026-11-16 11:59Z"),
        (Known(made=NOW + DAY_S, since=NOW), "ahead of this clock"),
        (Known(made=None, since=NOW - OVERDUE_S - 1), "there is no backup yet"),
        (Known(made=NOW, since=0.0, wants_sent=True), "no backup has arrived at the store yet"),
        (Known(made=NOW, sent=NOW - 3 * DAY_S, since=0.0, wants_sent=True), "at the store: 2026-11-15"),
        (Known(made=NOW, sent=NOW, since=0.0, wants_sent=True), ""),
    ],
)
def test_too_old_of_the_future_or_unknown_is_never_fine(known: Known, says: str) -> None:
    found = overdue(known, NOW)
    assert says in found.en
    assert bool(found) is bool(says)
    assert found == NOTHING or not faults(found)


def test_what_has_not_arrived_at_the_store_is_overdue_though_it_was_made(settings: Settings) -> None:
    state, site = settings.state_folder, settings.site
    sends = replace(settings, site=replace(site, backup=replace(table(settings), send=True)))
    noted.note_since(state, noted.Since(into=table(sends).into, utc=NOW - 9 * DAY_S))
    noted.note_made(state, noted.LastMade(into=table(sends).into, name="x", utc=NOW))
    for sent, ok in ((None, False), ("20261112T120000Z", False), ("20261118T020000Z", True), ("9Z", False)):
        if sent is not None:
            arrived = Arrived(name=f"demo-tank-edge-1-{sent}.edgebackup", sha256="0" * 64, size=1, utc=NOW)
            (state / BACKUP_ARRIVED).write_bytes(msgspec.json.encode(arrived))
        health = told(sends, Clock())
        assert health is not None
        assert health.ok is ok, sent
