"""The mains go: journal, database and disk are brought up to date at once, and people hear how long it lasts."""

import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.words import Words
from edge_agent.ops.power_cut import AGAIN_S, PowerCut
from edge_agent.ops.supply import Supply, supply
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import PowerTable
from edge_agent.settings.site_relays import ContactTable
from edge_agent.store import journal as journals
from edge_agent.store.reader import Reader
from tests.agent.test_brain import Bench
from tests.support.story import Story, scenario_site


def part(folder: Path, name: str, **says: object) -> None:
    (folder / name).mkdir(parents=True)
    for key, value in says.items():
        (folder / name / key).write_text(f"{value}\n", "ascii")


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ({}, Supply(on_mains=None)),
        ({"ADP1": {"type": "Mains", "online": 1}}, Supply(on_mains=True)),
        (
            {
                "ADP1": {"type": "Mains", "online": 0},
                "BAT0": {"type": "Battery", "status": "Discharging", "capacity": 80, "time_to_empty_now": 1800},
            },
            Supply(on_mains=False, minutes=30.0, charge_pct=80.0),
        ),
        (  # a HAT that has no plug of its own in sysfs
            {"ups": {"type": "UPS", "status": "Discharging", "capacity": 50, "energy_now": 10_000_000,
                     "power_now": 20_000_000}},
            Supply(on_mains=False, minutes=30.0, charge_pct=50.0),
        ),
        (
            {"ups": {"type": "Battery", "status": "Full", "capacity": 100, "charge_now": 1, "current_now": 0}},
            Supply(on_mains=True, charge_pct=100.0),
        ),
        (  # what flows in says nothing of how long it lasts
            {"ups": {"type": "Battery", "status": "Charging", "capacity": 20, "energy_now": 10_000_000,
                     "power_now": 100_000}},
            Supply(on_mains=True, charge_pct=20.0),
        ),
        ({"ups": {"type": "Battery", "status": "Unknown", "capacity": "x"}}, Supply(on_mains=None)),
        ({"mouse": {"type": "Battery", "scope": "Device", "status": "Discharging"}}, Supply(on_mains=None)),
        ({"gone": {"type": "Battery", "present": 0, "status": "Discharging"}}, Supply(on_mains=None)),
    ],
)  # fmt: skip
def test_what_the_kernel_says_is_read(tmp_path: Path, parts: dict[str, dict[str, object]], wanted: Supply) -> None:
    for name, says in parts.items():
        part(tmp_path, name, **says)
    assert supply(tmp_path) == wanted


@pytest.fixture
def settings() -> Settings:
    base = scenario_site()
    relay = base.site.relays["relay-1"]
    relay = replace(relay, contacts={**relay.contacts, "mains": ContactTable(input=4, kind="mains")})
    site = replace(base.site, relays={"relay-1": relay}, power=PowerTable(ups="kernel"))
    return replace(base, site=site)


class Cut:
    """A box whose mains are in the test's hand."""

    def __init__(self, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bench = Bench(folder, settings)
        self.says = Supply(on_mains=True, minutes=60.0, charge_pct=100.0)
        self.told: list[DeviceHealth] = []
        self.synced = 0
        self.power = PowerCut(settings, self.bench.clock, self.bench.brain, lambda: self.says)
        monkeypatch.setattr(self.bench.brain, "deliver", self._deliver)
        monkeypatch.setattr("edge_agent.ops.power_cut.os.sync", self._sync)
        keeper = self.bench.brain.keeper
        wanted = keeper.checkpoint

        def stepped() -> threading.Event:
            done = wanted()
            self.bench.brain.step(())  # the brain's own thread, which steps meanwhile
            return done

        monkeypatch.setattr(keeper, "checkpoint", stepped)

    def _deliver(self, seen) -> None:
        self.told.append(seen)
        self.bench.brain.inbox.put(seen, urgent=False)

    def _sync(self) -> None:
        self.synced += 1

    def newest(self, source: str) -> DeviceHealth:
        return [one for one in self.told if one.source == source][-1]


def test_on_the_battery_everything_goes_onto_the_disk_at_once_and_again(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = Cut(tmp_path, settings, monkeypatch)
    story = Story(settings)
    story.field.contacts["mains"] = True
    story.begin_work()
    cut.bench.play(story.lines[1:])
    wal = tmp_path / "agent.sqlite-wal"
    main = (tmp_path / "agent.sqlite").read_bytes()
    cut.power.look()
    assert cut.synced == 0
    assert cut.newest("power").ok
    assert cut.newest("ups").ok
    cut.says = Supply(on_mains=False, minutes=60.0, charge_pct=99.0)
    cut.power.look()
    assert cut.synced == 1
    assert wal.stat().st_size
    assert (tmp_path / "agent.sqlite").read_bytes() != main, "the database is one file"
    (segment,) = journals.segments(tmp_path / "journal")
    assert len(list(journals.read(segment))) >= len(story.lines)
    assert "on the disk" in cut.newest("on_disk").detail.en
    assert not cut.newest("power").ok
    cut.power.look()
    assert cut.synced == 1
    cut.bench.clock.now_s += AGAIN_S
    cut.power.look()
    assert cut.synced == 2
    cut.says = Supply(on_mains=True, minutes=60.0, charge_pct=99.0)
    cut.power.look()
    assert (cut.newest("on_disk").detail.en, cut.newest("power").ok) == ("", True)
    cut.bench.close()
    with Reader.open(tmp_path / "agent.sqlite") as reader:
        assert reader.recent(1)


def test_a_contact_of_the_supply_is_enough_and_one_that_was_not_read_flushes_nothing(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = replace(settings.site, power=PowerTable())
    cut = Cut(tmp_path, replace(settings, site=site), monkeypatch)
    cut.power.look()
    assert (cut.synced, cut.told) == (0, [])
    story = Story(settings)
    story.field.contacts["mains"] = False
    story.run(2)
    cut.bench.play(story.lines[1:])
    cut.power.look()
    assert cut.synced == 1
    cut.bench.close()


def test_a_battery_shorter_than_the_work_is_told_in_minutes(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = Cut(tmp_path, settings, monkeypatch)
    story = Story(settings)
    story.field.contacts["mains"] = True
    story.begin_work()
    story.run(2)
    cut.bench.play(story.lines[1:])
    permit = cut.bench.brain.state.permits["P-1"]
    assert permit.busy
    left_min = (permit.end_at_s - cut.bench.clock.now_s) / 60
    for minutes, ok in ((left_min + 1, True), (left_min - 1, False), (None, False)):
        cut.says = Supply(on_mains=False, minutes=minutes, charge_pct=50.0)
        cut.power.look()
        assert cut.newest("ups").ok is ok
    cut.says = Supply(on_mains=True, minutes=0.1, charge_pct=5.0)
    cut.power.look()
    assert not cut.newest("ups").ok, "it would end before the work is paused"
    assert "until the work is paused" in cut.newest("ups").detail.en
    cut.bench.close()


def test_a_supply_that_nobody_speaks_of_is_unknown_and_takes_nothing_back(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = replace(settings.site, relays={})
    cut = Cut(tmp_path, replace(settings, site=site), monkeypatch)
    cut.power.look()
    assert (cut.newest("power").ok, cut.newest("supply").ok) == (True, True)
    cut.says = Supply(on_mains=None, why=Words("upsd 没有应答", "upsd does not answer"))
    cut.power.look()
    assert not cut.newest("supply").ok, "unknown is not fine"
    assert "upsd" in cut.newest("supply").detail.en
    assert cut.newest("power").ok, "nor is it the battery"
    assert cut.synced == 0
    cut.says = Supply(on_mains=False, minutes=60.0, charge_pct=99.0)
    cut.power.look()
    assert (cut.newest("power").ok, cut.newest("supply").ok, cut.synced) == (False, True, 1)
    cut.says = Supply(on_mains=None)
    cut.bench.clock.now_s += AGAIN_S
    cut.power.look()
    assert (cut.newest("power").ok, cut.newest("supply").ok) == (False, False), "nobody said that they are back"
    assert not cut.newest("ups").ok, "nor for how long its battery lasts"
    assert cut.synced == 2, "what is known goes onto the disk as before"
    cut.says = Supply(on_mains=True, minutes=60.0, charge_pct=99.0)
    cut.power.look()
    assert (cut.newest("power").ok, cut.newest("supply").ok, cut.newest("ups").ok) == (True, True, True)
    cut.bench.close()
