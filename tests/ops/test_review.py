"""The looks back: who and what is called by name, what is whole, what still lasts, what paper and pages say."""

import csv
import io
from collections.abc import Mapping

import pytest

from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.outcome import Event, Priority
from edge_agent.domain.words import Words
from edge_agent.ops.export.paper import Cover, sheet, wrapping
from edge_agent.ops.review.cells import Called
from edge_agent.ops.review.command import LOOKS, review
from edge_agent.ops.review.drills import parts as of_drills
from edge_agent.ops.review.permits import coverage, overrides
from edge_agent.ops.review.sheet import as_csv, as_pdf
from edge_agent.tell.live_review import ReviewRow
from tests.support.languages import HAN
from tests.support.recorded import Unit
from tests.support.story import T0_UTC

CALLED = Called(
    local=LocalTime(),
    people={"li-na": "李娜", "zhao-min": "赵敏"},
    devices={"gas-ch4": Words("甲烷", "methane")},
    events={"person.left": Words("人员出来", "somebody came out")},
    alarms={"GAS-01": Words("气体危险", "dangerous gas")},
)


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    return Unit(tmp_path_factory.mktemp("unit") / "site")


def event(type_: str, after_s: float, data: Mapping[str, object]) -> Event:
    at_utc = T0_UTC + after_s
    return Event(
        seq=1, type=type_, subject="P-1", at_s=after_s, at_utc=at_utc, priority=Priority.LOW, data={**data}
    )


def en(row: ReviewRow) -> list[str]:
    return [cell.en for cell in row.cells]


def test_a_drills_alarms_deeds_and_people_are_called_by_their_names() -> None:
    alarm = {"code": "GAS-01", "raised_after_s": 2.0, "limit_s": 10.0, "acknowledged_after_s": 4.0, "by": "li-na"}
    report = {
        "name": "leak", "by": "zhao-min", "began_utc": T0_UTC, "lasted_s": 60.0, "score": 100,
        "steps": [{"kind": "gas"}], "alarms": [{**alarm, "in_time": True}],
        "acts": [{"what": "person.left", "by": "who-left", "after_s": 8.0}],
        "words": {"zh": "好", "en": "good"},
    }  # fmt: skip
    drill, alarms, acts = of_drills([event("drill.report", 60, report)], CALLED)
    assert en(drill.rows[0])[2] == "leak — 赵敏 (zhao-min)"
    assert en(alarms.rows[0])[1] == "GAS-01 — dangerous gas"
    assert alarms.rows[0].cells[1].zh == "GAS-01，气体危险"
    assert en(alarms.rows[0])[5] == "李娜 (li-na)"
    assert en(acts.rows[0])[1:3] == ["somebody came out", "who-left"], "who is on no roster any more keeps his id"


def test_an_override_that_has_not_ended_is_not_called_unknown() -> None:
    data = {"rule": "r", "code": "GAS-01", "by": "zhao-min", "reason": "strap", "until_utc": T0_UTC + 600}
    given = event("permit.override_given", 0, data)
    lasts, after = (overrides([given], CALLED, T0_UTC + s)[0].rows[0] for s in (10, 700))
    assert en(lasts)[2:4] == ["GAS-01 — dangerous gas", "赵敏 (zhao-min)"]
    assert (en(lasts)[-1], en(after)[-1]) == ("still let be", "not known")
    ended = event("permit.override_ended", 60, {"rule": "r", "words": {"zh": "收回", "en": "taken back"}})
    assert en(overrides([given, ended], CALLED, T0_UTC + 90)[0].rows[0])[-1].endswith("taken back")


def test_what_was_missing_to_the_end_is_counted_to_the_end() -> None:
    hole = {"feed": "gas-ch4", "from_utc": T0_UTC + 75, "until_utc": None}
    told = {"watched_s": 100.0, "guarded_pct": 75.0, "uplink_blind_s": 0.0, "holes": [hole]}
    row = coverage([event("permit.closed", 100, {"coverage": told})], CALLED)[0].rows[0]
    assert en(row)[4] == "methane — 75.0 %"


@pytest.mark.parametrize("kind", LOOKS)
def test_every_look_is_whole_in_both_languages_on_page_and_paper(unit: Unit, kind: str) -> None:
    made = review(unit.settings, kind, 30, T0_UTC + 86_400)  # type: ignore[arg-type] (a row's name)
    for words in (made.title, made.about, *(part.title for part in made.parts)):
        assert HAN.search(words.zh)
        assert words.en
        assert not HAN.search(words.en)
    assert all(HAN.search(head.zh) and head.en for part in made.parts for head in part.heads)
    assert as_pdf(made, ("a", "b")).startswith(b"%PDF")
    assert len(list(csv.reader(io.StringIO(as_csv(made).decode("utf-8-sig"))))) >= 1


def test_paper_breaks_no_english_word_and_no_line_before_a_comma_but_a_long_id() -> None:
    assert wrapping("停止 right，再说") == "停\u200b止 right，\u200b再\u200b说"
    assert wrapping("ends at the centre") == "ends at the centre"
    cover = Cover(title=Words("标题", "title"), lines=(("a", "f" * 200),))
    assert sheet(cover, ("编号", "id"), (20, 20), [("f" * 200, "甲" * 200)]).startswith(b"%PDF")


def test_the_pause_of_the_day_stands_by_cause_and_one_by_one(unit: Unit) -> None:
    causes, single = review(unit.settings, "pauses", 30, T0_UTC + 86_400).parts
    assert [row.cells[1].zh for row in causes.rows] == ["1"]
    assert causes.rows[0].cells[2].en == "1 not ended", "what still stands has no length, and that is not 0.0 min"
    assert single.rows[0].cells[4].zh == "未判定"
