"""The day's table and what is stored about somebody, from what the real brain recorded."""

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path

import msgspec
import pytest

from edge_agent.domain.person import Role
from edge_agent.domain.rectification import Rectification, Status
from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.about import about
from edge_agent.ops.day.command import table
from edge_agent.ops.day.indicators import NO_DAY, Closed, closed_in_time, indicators
from edge_agent.ops.day.sheet import as_csv, as_pdf
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from edge_agent.tell.live_file import LIVE
from tests.agent.test_brain import Bench
from tests.support.board_world import live
from tests.support.command_line import typed
from tests.support.languages import HAN
from tests.support.recorded import Unit
from tests.support.story import ROOT, T0_UTC

DAY = date(2026, 11, 18)  # of the story, by the site's clock
NOW_UTC = T0_UTC + 3 * 86_400
NO_CLOSED = (Closed(), Closed())
FIGURES = {
    "starts": 4,
    "starts_on_time": 3,
    "ppe": [
        {"compliant": 97, "should_check": 100, "not_assessable": 7},
        {"compliant": 99, "should_check": 100, "not_assessable": 0},
    ],
    "near_miss_candidates": {"a": 2, "b": 1},
}


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """The day is over: the box counted it, and began the next one."""
    made = Unit(tmp_path_factory.mktemp("unit") / "site")
    made.story.now_s += 6 * 3600
    made.story.utc += 6 * 3600
    made.story.run(2)
    made.record()
    return made


@pytest.fixture
def new(tmp_path: Path) -> Settings:
    """A box whose records have begun, and hold no day."""
    shutil.copytree(
        ROOT / "zones" / "demo-tank", tmp_path / "new", ignore=shutil.ignore_patterns("state", "runtime")
    )
    made = load(tmp_path / "new", ROOT)
    made.state_folder.mkdir()
    Bench(made.state_folder, made).close()
    return made


def test_what_only_the_centre_knows_has_no_value_and_says_who_knows() -> None:
    found = {one.row: one for one in indicators(FIGURES, NO_DAY, 2, [90, 70, None], [], NO_CLOSED)}
    assert list(found) == ["4-36", "4-37", "4-38", "4-39", "4-40", "4-41"]
    for row in ("4-39", "4-40"):
        assert (found[row].value_pct, found[row].met, found[row].here) == (None, None, False)
        assert "centre" in found[row].lacks.en
    assert all(HAN.search(one.name.zh) and one.name.en for one in found.values())


def test_what_the_box_counts_is_a_share_against_its_target() -> None:
    found = {
        one.row: one
        for one in indicators(FIGURES, {"starts": 2, "starts_on_time": 2}, 0, [90, 70, None], [85], NO_CLOSED)
    }
    assert (found["4-37"].value_pct, found["4-37"].before_pct, found["4-37"].met) == (75.0, 100.0, False)
    assert (found["4-38"].value_pct, found["4-38"].met) == (98.0, True)
    assert "7 more could not be judged" in found["4-38"].counts.en
    assert (found["4-41"].value_pct, found["4-41"].before_pct) == (50.0, 100.0)
    assert "90, 70, -" in found["4-41"].counts.en
    assert "3 candidates" in found["4-40"].counts.en


def righted(status: Status, after_h: float) -> Rectification:
    return Rectification(
        id="R-1", event=1, key="k", title=NOTHING, detail=NOTHING, hazard_class="C", role=Role.TECHNICIAN,
        born_utc=T0_UTC, asked_utc=T0_UTC, deadline_utc=T0_UTC + 86_400, status=status,
        status_utc=T0_UTC + after_h * 3600,
    )  # fmt: skip


def test_closed_in_time_is_what_somebody_else_found_right_within_a_day() -> None:
    known = [righted("verified", 23), righted("verified", 25), righted("done", 1)]
    early, late = (closed_in_time(known, T0_UTC + hours * 3600) for hours in (23.5, 30))
    assert (early.share, early.running) == ((1, 2), 1)  # what is done may still be found right in time
    assert late.share == (1, 3)
    row = next(one for one in indicators(NO_DAY, NO_DAY, 0, [], [], (late, Closed())) if one.row == "4-36")
    assert (row.value_pct, row.before_pct, row.met, row.here) == (33.3, None, False, True)


def test_nothing_to_count_is_not_a_hundred_percent() -> None:
    for one in indicators(NO_DAY, NO_DAY, 0, [], [], NO_CLOSED):
        assert (one.value_pct, one.before_pct, one.met) == (None, None, None)


def test_a_day_that_was_counted_and_one_that_was_not(unit: Unit) -> None:
    found = table(unit.settings, DAY, NOW_UTC)
    assert found is not None
    starts = next(one for one in found.indicators if one.row == "4-37")
    assert starts.counts.en.startswith("1 starts")
    assert "counted since 19:06" in found.whole.en
    assert (found.running, found.demo) == (False, True)
    assert table(unit.settings, date(2026, 11, 25), NOW_UTC) is None, "it ought to have run then"


def test_a_day_before_anything_was_counted_is_no_fault_and_says_since_when_it_is(unit: Unit) -> None:
    found = table(unit.settings, date(2026, 11, 17), NOW_UTC)
    assert found is not None
    assert found.begins_utc is not None
    assert T0_UTC <= found.begins_utc < NOW_UTC
    assert (found.indicators, found.whole) == ((), NOTHING)


def test_a_new_box_counts_since_its_first_minutes_and_one_that_never_counted_says_so(new: Settings) -> None:
    yesterday, picture = date(2026, 11, 25), msgspec.structs.replace(live(), today={})
    runtime = new.runtime_folder
    runtime.mkdir(exist_ok=True)
    (runtime / LIVE).write_bytes(msgspec.json.encode(picture))
    assert table(new, yesterday, NOW_UTC) is None, "its clock was never trusted"
    began_utc = T0_UTC + 8 * 86_400
    today = {"date": "2026-11-26", "since": "19:06", "since_utc": began_utc}
    (runtime / LIVE).write_bytes(msgspec.json.encode(msgspec.structs.replace(picture, today=today)))
    found = table(new, yesterday, began_utc + 300)
    assert found is not None
    assert found.begins_utc == began_utc
    assert table(new, date(2026, 11, 27), began_utc + 300) is None, "a day to come"


def test_a_day_whose_agent_has_died_says_until_when_it_was_counted(unit: Unit) -> None:
    runtime, at_utc = unit.settings.runtime_folder, T0_UTC + 3600
    runtime.mkdir(exist_ok=True)
    picture = msgspec.structs.replace(live(), at_utc=at_utc, today={"date": str(DAY), "since": "00:00"})
    (runtime / LIVE).write_bytes(msgspec.json.encode(picture))
    try:
        counting, dead = (table(unit.settings, DAY, at_utc + age_s) for age_s in (3, 3 * 3600))
    finally:
        (runtime / LIVE).unlink()
    assert counting is not None
    assert dead is not None
    assert (counting.running, counting.whole.en) == (True, "")
    assert "only: the agent has not run since" in dead.whole.en


def test_the_spreadsheet_and_the_paper_say_the_same_in_both_languages(unit: Unit) -> None:
    found = table(unit.settings, DAY, NOW_UTC)
    assert found is not None
    rows = list(csv.reader(io.StringIO(as_csv(found).decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["4-36", "4-37", "4-38", "4-39", "4-40", "4-41"]
    assert all(HAN.search(row[2]) and " / " in row[2] for row in rows[1:])
    pdf = as_pdf(found)
    assert pdf.startswith(b"%PDF")
    assert b"WenQuanYi" in pdf  # the Chinese is set in a font that has it


def test_only_records_that_name_somebody_count_as_his(unit: Unit) -> None:
    mine = {one.type: one for one in about(unit.settings, "wang-lei").records}
    assert mine["permit.signed"].count >= 1
    assert T0_UTC <= mine["permit.signed"].first_utc <= mine["permit.signed"].last_utc
    found = about(unit.settings, "nobody-here")
    assert found.records == ()
    assert found.looked_at > 10
    assert any("at present since 2026-11-18" in one.how_long.en for one in found.stored)
    assert all(isinstance(one.what, Words) and one.what.zh and one.how_long.zh for one in found.stored)


def test_both_can_be_typed(unit: Unit) -> None:
    site = unit.settings.folder
    told = typed("day", site, "--date", str(DAY), "--as", "json")
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads(told.stdout)["date"] == str(DAY)
    none = typed("day", site, "--date", "2026-11-25")
    assert none.returncode == 65
    assert "nothing was counted" in none.stderr
    before = typed("day", site, "--date", "2026-11-01", "--as", "csv")
    assert before.returncode == 65
    assert "this box counts since 2026-11-18 19:06" in before.stderr
    mine = typed("about", site, "--person", "wang-lei")
    assert json.loads(mine.stdout)["person"] == "wang-lei"
