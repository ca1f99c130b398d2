"""A version is taken, tried out, and kept or gone back from: real bundles, real processes, a box that is small."""

import errno
import fcntl
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from joserfc.jwk import OKPKey

from edge_agent.decide.rules import interlocks
from edge_agent.domain.permit import State
from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.folders import DATABASE
from edge_agent.ops.release.manifest import BadRelease
from edge_agent.ops.update.disk import Disk
from edge_agent.ops.update.gate import Seen, against
from edge_agent.ops.update.plant import falls
from edge_agent.ops.update.updater import Busy, kept, standing
from edge_agent.ops.update.versions import version_of
from edge_agent.store.batch import Batch
from edge_agent.store.store import Store
from edge_agent.tell.live import LiveAlarm, LiveOutput
from tests.ops.update.small import RULES, SmallBox, bundle, live, settle_as_at_boot, whole
from tests.scenarios.stories.gauges import REACTOR, of
from tests.support.store_values import permit


@pytest.fixture
def box(tmp_path) -> Iterator[SmallBox]:
    with SmallBox(tmp_path / "box") as small:
        yield small


def runs(box: SmallBox) -> str:
    box.wait_until_it_guards()
    return version_of(box.versions.chosen()) if box.services.agent() == str(box.versions.chosen()) else "another"


def test_a_good_version_passes_and_older_ones_go(box, tmp_path) -> None:
    for version in ("0.2.0", "0.3.0", "0.10.0"):
        told = box.updater.update(bundle(tmp_path / version, version), RULES)
        assert (told.state, told.version, runs(box)) == ("passed", version, version)
        assert whole(box.versions.chosen())
    assert box.versions.kept() == ["0.10.0", "0.3.0"], "the last one is there to go back to by hand"
    assert not box.versions.on_trial()
    assert kept(box.versions) == told
    assert version_of(box.versions.built_in) == "0.1.0"
    assert "0.10.0" in next(standing(box.versions))


@pytest.mark.parametrize(
    ("how", "why"),
    [("dies", "ended"), ("silent", "no live picture"), ("cut_off", "round trip to the centre")],
)
def test_a_version_that_is_no_good_is_gone_back_from(box, tmp_path, how, why) -> None:
    box.updater.limit_s = 3.0
    told = box.updater.update(bundle(tmp_path / "b", "0.2.0", how), RULES)
    assert told.state == "rolled_back"
    assert why in told.words.en
    assert runs(box) == "0.1.0"
    assert not box.versions.on_trial()
    assert box.updater.update(bundle(tmp_path / "c", "0.2.1"), RULES).state == "passed"
    assert box.updater.update(bundle(tmp_path / "d", "0.2.2", "dies"), RULES).state == "rolled_back"
    assert runs(box) == "0.2.1", "back to the one before, not to the package's"


def test_what_was_wrong_before_does_not_count_against_it(box, tmp_path) -> None:
    """A site without its centre can still be updated."""
    box.services.stop()
    (box.site.runtime_folder / "live.json").unlink()
    told = box.updater.update(bundle(tmp_path / "b", "0.2.0", "cut_off"), RULES)
    assert told.state == "passed", "nobody guarded before: nothing is known to have been good"
    assert box.updater.update(bundle(tmp_path / "c", "0.3.0", "cut_off"), RULES).state == "passed"


def test_settings_that_the_new_version_refuses_are_found_before_anybody_is_disturbed(box, tmp_path) -> None:
    before = box.services.agent()
    told = box.updater.update(bundle(tmp_path / "b", "0.2.0", "refuses"), RULES)
    assert (told.state, runs(box), box.services.agent()) == ("refused", "0.1.0", before)
    assert "no such key" in told.words.en


def test_nobody_who_works_is_disturbed(box, tmp_path) -> None:
    new = bundle(tmp_path / "b", "0.2.0")
    for one in sorted((permit(state=state) for state in State), key=lambda one: not one.busy):
        with Store.open(box.site.state_folder / DATABASE) as store:
            store.commit(Batch(permits=(one,)))
        if one.busy:
            with pytest.raises(Busy, match=one.ticket.id):
                box.updater.update(new, RULES)
            assert (runs(box), kept(box.versions), box.versions.on_trial()) == ("0.1.0", None, False)
    assert not one.busy
    assert box.updater.update(new, RULES).state == "passed"


def holding(box: SmallBox, *, on: bool) -> None:
    wire = LiveOutput(
        device="relay-1", name=Words("", ""), channel="heater", does="interlock", wanted_on=on, feedback_closed=on
    )
    box.services.stop()
    (box.site.runtime_folder / "template").write_bytes(
        msgspec.json.encode(msgspec.structs.replace(live(), outputs=(wire,)))
    )
    (box.site.runtime_folder / "live.json").unlink()
    box.services.start()
    box.wait_until_it_guards()


def test_no_machine_is_stopped_without_a_word(box, tmp_path) -> None:
    new, before = bundle(tmp_path / "b", "0.2.0"), box.services.agent()
    holding(box, on=True)
    with pytest.raises(Busy) as refused:
        box.updater.update(new, RULES)
    assert "relay-1/heater will fall" in refused.value.words.en
    assert "--interlocks-off" in refused.value.words.zh
    assert (runs(box), box.services.agent(), box.versions.on_trial()) == ("0.1.0", before, False)
    told: list[Words] = []
    box.updater.said, box.updater.interlocks_off = told.append, True
    assert box.updater.update(new, RULES).state == "passed"
    assert any("relay-1/heater will fall" in one.en for one in told)


def test_an_interlock_that_is_off_is_in_nobodys_way(box, tmp_path) -> None:
    holding(box, on=False)
    assert box.updater.update(bundle(tmp_path / "b", "0.2.0"), RULES).state == "passed"


def test_a_box_that_shows_nothing_may_hold_every_interlock_that_it_has() -> None:
    gauge = of(reactor=REACTOR)()
    trips = {one.trips for one in gauge.site.gauges.values() if one.trips}
    seen = Seen(lib="/opt/x", starts=0, pages=True, live=None, events=1)
    assert trips == set(falls(gauge, seen)) != set()
    assert falls(gauge, msgspec.structs.replace(seen, lib="")) == (), "it does not run: they are off already"


def test_who_began_to_work_at_the_last_moment_goes_on_under_the_old_version(box, tmp_path) -> None:
    """Between the question and the end of the agent somebody starts: the agent keeps it, and the update waits."""
    stop = box.services.stop

    def somebody_starts() -> None:
        stop()
        with Store.open(box.site.state_folder / DATABASE) as store:
            store.commit(Batch(permits=(permit(state=State.ACTIVE),)))

    box.services.stop = somebody_starts
    with pytest.raises(Busy):
        box.updater.update(bundle(tmp_path / "b", "0.2.0"), RULES)
    assert (runs(box), box.versions.on_trial()) == ("0.1.0", False)
    box.services.stop = stop


def test_records_that_do_not_open_are_no_proof_that_nobody_works(box, tmp_path) -> None:
    (box.site.state_folder / DATABASE).write_bytes(b"not a database, and not empty either" * 200)
    with pytest.raises(Busy, match="not known"):
        box.updater.update(bundle(tmp_path / "b", "0.2.0"), RULES)
    assert runs(box) == "0.1.0"


@pytest.mark.parametrize(
    ("version", "said", "why"),
    [
        ("0.1.0", {}, "runs already"),
        ("0.0.9", {}, "older than 0.1.0"),
        ("0.2.0", {"records": {"agent": 2}}, "after a roll-back"),
    ],
)
def test_a_good_seal_is_not_enough(box, tmp_path, version, said, why) -> None:
    with pytest.raises(BadRelease, match=why):
        box.updater.update(bundle(tmp_path / "b", version, **said), RULES)
    assert (runs(box), box.versions.kept()) == ("0.1.0", [])


def test_a_downgrade_that_was_signed_as_one_is_taken(box, tmp_path) -> None:
    assert box.updater.update(bundle(tmp_path / "b", "0.0.9", downgrade=True), RULES).state == "passed"
    assert runs(box) == "0.0.9"


def test_other_units_come_as_a_package(box, tmp_path) -> None:
    rules = msgspec.structs.replace(RULES, system="1" * 64)
    with pytest.raises(BadRelease, match="apt install"):
        box.updater.update(bundle(tmp_path / "b", "0.2.0"), rules)


def test_a_strangers_key_a_changed_byte_and_half_a_file_are_refused(box, tmp_path) -> None:
    strange = bundle(tmp_path / "a", "0.2.0", key=OKPKey.generate_key("Ed25519"))
    good = bundle(tmp_path / "b", "0.2.0")
    content = good.read_bytes()
    changed, half, empty = tmp_path / "changed.tar", tmp_path / "half.tar", tmp_path / "empty.tar"
    changed.write_bytes(content[:-5000] + bytes([content[-5000] ^ 1]) + content[-4999:])
    half.write_bytes(content[: len(content) // 2])
    empty.write_bytes(b"")
    for one in (strange, changed, half, empty, tmp_path / "nowhere.tar"):
        with pytest.raises(BadRelease):
            box.updater.update(one, RULES)
    assert (runs(box), box.versions.kept(), kept(box.versions)) == ("0.1.0", [], None)


def test_the_folder_of_a_release_will_do(box, tmp_path) -> None:
    assert box.updater.update(bundle(tmp_path / "b", "0.2.0").parent, RULES).state == "passed"


def test_one_at_a_time(box, tmp_path) -> None:
    box.versions.base.mkdir()
    with (box.versions.base / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Busy, match="another update"):
            box.updater.update(bundle(tmp_path / "b", "0.2.0"), RULES)


def test_a_trial_that_nobody_judges_any_more_has_not_passed(box, tmp_path) -> None:
    box.updater.update(bundle(tmp_path / "b", "0.2.0"), RULES)
    staged = box.versions.stage("0.3.0", lambda into: (into / "edge_agent").mkdir())
    box.versions.begin("0.3.0")
    assert box.versions.chosen() == staged
    settle_as_at_boot(box.versions)
    assert (version_of(box.versions.chosen()), box.versions.on_trial()) == ("0.2.0", False)
    box.versions.begin("0.3.0")
    with pytest.raises(BadRelease, match="runs already"):
        box.updater.update(bundle(tmp_path / "c", "0.2.0"), RULES)
    assert runs(box) == "0.2.0", "the next update goes back first"


class Full(Disk):
    """No room for one more name."""

    def link(self, target: str, path: Path) -> None:
        raise OSError(errno.ENOSPC, f"no space left for {target}", str(path))


def test_a_disk_that_is_full_in_the_middle_leaves_a_box_that_guards(box, tmp_path) -> None:
    new = bundle(tmp_path / "b", "0.2.0")
    box.updater._versions = msgspec.structs.replace(box.versions, disk=Full())
    with pytest.raises(OSError, match="no space"):
        box.updater.update(new, RULES)
    assert (runs(box), box.versions.on_trial()) == ("0.1.0", False)


def test_an_interlock_that_waits_for_people_is_no_fault_of_the_version() -> None:
    """Every start lets it wait, so that no update would ever pass."""
    (waits,) = (rule for rule in interlocks.RULES if rule.name == "interlock_waits")
    before = Seen(lib="new", starts=0, pages=True, live=live(), events=1)
    said = LiveAlarm(
        key="k", permit="", title=waits.text.title, detail=NOTHING, action=NOTHING, priority=3, state="unack",
        since_utc=0.0, code=waits.code,
    )  # fmt: skip
    for alarm, wanted in ((said, []), (msgspec.structs.replace(said, code="ENV-15"), [said.title])):
        now = msgspec.structs.replace(before, live=msgspec.structs.replace(live(), alarms=(alarm,)))
        assert against(before, now, "new") == wanted
