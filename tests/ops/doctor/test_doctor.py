"""What the doctor does with its findings: order, exit code, words, and how it keeps away from a running agent."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.demo.ports import copy_site
from edge_agent.ops.doctor import intervals, running
from edge_agent.ops.doctor.command import EX_CONFIG, EX_FAULTS, EX_UNSEEN, at_once, exit_code, ordered, run, told
from edge_agent.ops.doctor.finding import Finding, Layer, Standing, fault, fine, unseen
from edge_agent.ops.folders import REQUESTS
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from edge_agent.tell.live_file import write_live
from edge_agent.tell.live_people import LiveWearable
from tests.ops.doctor.conftest import ROOT
from tests.support.board_world import channel, live
from tests.support.command_line import typed

SAYS = Words("某事", "something")


def at(layer: Layer) -> Finding:
    return fault("x", layer, "c", SAYS, NOTHING)


def test_the_lowest_fault_comes_first_and_what_is_fine_last() -> None:
    found = [fine("a", SAYS), at(Layer.VALUE), unseen("b", "late", SAYS), at(Layer.PORT)]
    assert [one.layer for one in ordered(found)][:2] == [Layer.PORT, Layer.VALUE]
    assert [one.standing for one in ordered(found)][2:] == [Standing.UNSEEN, Standing.FINE]


def test_only_what_was_looked_at_and_is_fine_ends_with_0() -> None:
    assert exit_code([fine("a", SAYS)]) == 0
    assert exit_code([fine("a", SAYS), unseen("b", "late", SAYS)]) == EX_UNSEEN
    assert exit_code([unseen("b", "late", SAYS), at(Layer.PORT)]) == EX_FAULTS


def test_a_look_that_hangs_or_breaks_is_told_and_holds_up_nobody() -> None:
    hangs = threading.Event()

    def slow() -> Iterator[Finding]:
        yield fine("slow-1", SAYS)
        hangs.wait(60)
        yield fine("slow-2", SAYS)

    def broken() -> Iterator[Finding]:
        yield fine("broken-1", SAYS)
        raise ZeroDivisionError

    found = at_once({"slow": slow, "broken": broken, "good": lambda: [fine("good", SAYS)]}, within_s=1.0)
    hangs.set()
    said = {one.part: one.code for one in found}
    assert said == {"slow-1": "fine", "slow": "late", "broken-1": "fine", "broken": "broke", "good": "fine"}
    assert exit_code(found) == EX_UNSEEN


def test_lines_in_each_language() -> None:
    found = [fault("gas.a", Layer.UNIT, "c", SAYS, Words("修好", "mend it"))]
    assert list(told(found, "zh")) == ["✗ gas.a: 某事；修好"]
    assert list(told(found, "en")) == ["✗ gas.a: something; mend it"]
    assert list(told(found, "both")) == ["✗ gas.a: 某事；修好", "    something; mend it"]


def test_a_site_without_devices_is_not_fine() -> None:
    assert next(iter(told([], "en"))).startswith("?")


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Settings]:
    """A site whose agent seems to run: its desk's door takes visitors."""
    import socket  # noqa: PLC0415

    shutil.copytree(ROOT / "zones" / "demo-tank", tmp_path / "site")
    settings = load(tmp_path / "site", ROOT)
    settings.runtime_folder.mkdir()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(settings.runtime_folder / REQUESTS))
        door.listen()
        yield settings


def test_a_running_agent_is_believed_and_nothing_of_its_is_asked(guarded: Settings) -> None:
    assert running.runs(guarded)
    picture = live(gas=(channel(id="gas-h2s", quality="fault"), channel(id="gas-co", quality="good")))
    write_live(guarded.runtime_folder, picture)
    found = {one.part: one for one in running.look(guarded, picture.at_utc + 1)}
    assert (found["gas.gas-h2s"].standing, found["gas.gas-h2s"].code) == (Standing.FAULT, "fault")
    assert found["gas.gas-co"].standing is Standing.FINE
    assert (found["buses.gateway-1"].standing, found["buses.gateway-1"].code) == (Standing.UNSEEN, "held")
    assert found["gas.gas-ch4"].standing is Standing.UNSEEN  # of which the picture says nothing
    assert "wearables.tag-guard" not in found  # heard beside it


def test_what_a_running_agent_counts_of_its_wearables_is_told(guarded: Settings) -> None:
    one = LiveWearable(
        id="tag-guard", name=NOTHING, wearer="", wearer_name="", heard=True, heard_s=1.0, placed_s=1.0,
        worn=True, battery_pct=18.0, low=True, promised_s=5.0, intervals=100, p50_s=7.9, p99_s=61.5,
    )  # fmt: skip
    silent = replace(one, id="tag-worker-1", heard=False)
    picture = live(
        wearables=(one, silent, replace(one, id="tag-worker-2", p50_s=None, p99_s=None, battery_pct=None))
    )
    write_live(guarded.runtime_folder, picture)
    told = intervals.known(guarded, picture.at_utc + 1)
    assert told["tag-guard"].en == (
        "measured intervals: p50 7.9 s, p99 61.5 s (the last 100; promised: 5 s); charge 18 %"
    )
    assert told["tag-worker-2"].en == "heard by the agent"
    assert "tag-worker-1" not in told
    assert intervals.known(guarded, picture.at_utc + 60) == {}


def test_an_agent_that_stands_still_is_the_first_fault(guarded: Settings) -> None:
    picture = live()
    write_live(guarded.runtime_folder, picture)
    found = list(running.look(guarded, picture.at_utc + 60))
    assert (found[0].part, found[0].code) == ("agent", "agent_silent")
    assert {one.standing for one in found[1:]} == {Standing.UNSEEN}


def test_without_a_door_no_agent_runs(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "zones" / "demo-tank", tmp_path / "site")
    assert not running.runs(load(tmp_path / "site", ROOT))


def test_the_command_as_it_is_typed(tmp_path: Path) -> None:
    # with ports of its own: at those of the demo's site the field of another demo may answer
    with ExitStack() as held:
        copy_site(ROOT / "zones" / "demo-tank", tmp_path / "site", held)
        what_is_typed(tmp_path / "site" / "site.toml")


def what_is_typed(site: Path) -> None:
    """A site of which no device answers, and one with a word misspelt."""
    text = site.read_text("utf-8")
    said = typed("doctor", site.parent, "--json")
    found = json.loads(said.stdout)
    assert (said.returncode, found["exit"]) == (EX_FAULTS, EX_FAULTS)
    assert {one["code"] for one in found["findings"]} >= {"behind"}
    site.write_text(text.replace('profile = "wago_750-362"', 'profile = "wago_750-36Z"'), "utf-8")
    said = typed("doctor", site.parent, "--lang", "en")
    assert said.returncode == EX_CONFIG
    assert "wago_750-36Z" in said.stdout.splitlines()[0] or "profile" in said.stdout.splitlines()[0]


def test_settings_with_faults_are_told_as_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "nowhere", ROOT, lang="en", as_json=True) == EX_CONFIG
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "settings"


def test_the_whole_site_is_looked_at_side_by_side(guarded: Settings) -> None:
    from edge_agent.clock import SystemClock  # noqa: PLC0415
    from edge_agent.ops.doctor.command import looks  # noqa: PLC0415

    own = {
        "power", "heat", "wear", "disk", "disk options", "clock", "network", "records", "versions", "system",
        "uplink",
    }  # fmt: skip
    assert set(looks(guarded, ROOT, SystemClock(declared=True))) == own | {"field_broker", "agent"}
    alone = replace(guarded, folder=guarded.folder / "elsewhere")
    assert set(looks(alone, ROOT, SystemClock(declared=True))) == own | {
        "field_broker", "buses.gateway-1", "relays.relay-1", "cameras.cam-1", "models",
    }  # fmt: skip
