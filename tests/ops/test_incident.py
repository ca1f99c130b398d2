"""An incident decided again from what the real brain recorded; and what another limit would have done."""

import hashlib
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.request import Ask
from edge_agent.domain.words import WordsError
from edge_agent.ops.folders import EVIDENCE
from edge_agent.ops.incident.change import Change
from edge_agent.ops.incident.journals import Span
from edge_agent.ops.incident.player import relive
from edge_agent.ops.incident.what_if import together, what_if
from edge_agent.tell.evidence import MASKED
from edge_agent.tell.live_incident import WhatIf
from tests.scenarios.stories.rulebook import limits_arrive
from tests.support.command_line import typed
from tests.support.languages import HAN
from tests.support.recorded import Unit
from tests.support.story import T0_UTC, Story

LIMIT = "gases.h2s.stop_high"


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    return Unit(tmp_path_factory.mktemp("unit") / "site")


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".sqlite-shm"
    }


def tried(unit: Unit, change: Change, span: Span | None = None) -> WhatIf:
    return what_if(unit.settings, span or unit.around, change, lambda: 0.0)


def test_every_event_is_decided_again_as_it_is_recorded(unit: Unit) -> None:
    again = relive(unit.settings, unit.around).again
    assert again.decided == again.agree == again.recorded > 3
    assert again.same_settings


def test_the_curve_the_alarm_the_stop_and_the_relay_tell_one_story(unit: Unit) -> None:
    found = relive(unit.settings, unit.around)
    curve = found.curves["gas-h2s"]
    at = next(n for n, level in enumerate(curve.levels) if level == 15.0)
    assert abs(curve.from_utc + at * curve.step_s - unit.gas_utc) <= 2
    assert {curve.levels[at - 3], curve.levels[-1]} == {0.0}
    alarm = next(one for one in found.alarms if one.rule == "gas_dangerous")
    assert (alarm.permit, alarm.from_utc, alarm.priority) == ("P-1", unit.gas_utc, 1)
    assert "15" in alarm.detail.zh
    stop = next(one for one in found.permits if one.state == "paused")
    assert (stop.from_utc, stop.evacuate) == (unit.gas_utc, True)
    assert HAN.search(stop.causes[0].title.zh)
    power = [one for one in found.outputs if one.does == "permissive"]
    assert [(one.on, one.until_utc) for one in power] == [(True, unit.gas_utc), (False, None)]


def test_it_says_who_was_where_and_who_did_what_and_why(unit: Unit) -> None:
    found = relive(unit.settings, Span(from_utc=T0_UTC, to_utc=unit.gas_utc + 5))
    assert found.names["zhou-qiang"]
    assert found.ways["zhou-qiang"].places[-1] == (0.0, 0.0)
    started = next(one for one in found.happenings if one.type == "permit.started")
    assert started.who == ("wang-lei", "li-na")
    signed = [one.who for one in found.happenings if one.type == "permit.signed"]
    assert signed == [("wang-lei",), ("li-na",)]
    paused = next(one for one in found.happenings if one.type == "permit.paused")
    assert "15" in paused.why[0].en


def test_minutes_of_which_nothing_is_kept_are_refused_in_words(unit: Unit) -> None:
    for span in (
        Span(from_utc=T0_UTC - 900, to_utc=T0_UTC - 800),
        Span(from_utc=T0_UTC + 9000, to_utc=T0_UTC + 9010),
    ):
        with pytest.raises(WordsError, match="no inputs are kept"):
            relive(unit.settings, span)
        with pytest.raises(WordsError, match="no inputs are kept"):
            tried(unit, Change(without=("gas_dangerous",)), span)


def test_other_settings_than_those_that_decided_are_told(unit: Unit) -> None:
    other = replace(unit.settings, digest="other")
    assert not relive(other, unit.around).again.same_settings
    assert not what_if(other, unit.around, Change(limits={LIMIT: 9}), lambda: 0.0).same_settings


def test_the_pictures_of_those_minutes_are_named_masked_alone(unit: Unit) -> None:
    folder = unit.settings.state_folder / EVIDENCE
    folder.mkdir()
    seq = next(one.seq for one in relive(unit.settings, unit.around).happenings if one.type == "permit.paused")
    for name in (f"{seq}-cam-1.jpg", f"{seq}-cam-1{MASKED}", f"{seq}0-cam-1{MASKED}"):
        (folder / name).write_bytes(b"")
    stills = relive(unit.settings, unit.around).stills
    assert [(one.seq, one.camera) for one in stills] == [(seq, "cam-1")]


def test_a_restart_leaves_a_gap_in_the_curve_and_is_told(tmp_path: Path) -> None:
    unit = Unit(tmp_path / "site")
    unit.story.run(4)
    unit.record()
    down_utc = unit.story.utc
    unit.bench.clock.now_s += 30
    unit.bench.brain = unit.bench.wake()
    up_utc = unit.bench.clock.instant().utc
    unit.story.now_s, unit.story.utc = unit.bench.clock.now_s, up_utc
    lines = len(unit.story.lines)
    unit.story.run(10)
    unit.bench.play(unit.story.lines[lines:])
    unit.bench.journal.flush()
    span = Span(from_utc=unit.gas_utc, to_utc=unit.story.utc)
    found = relive(unit.settings, span)
    assert found.restarts == (up_utc,)
    assert found.again.decided == found.again.agree
    curve = found.curves["gas-h2s"]
    silent = curve.levels[int((down_utc + 6 - curve.from_utc) // 2) : int((up_utc - 4 - curve.from_utc) // 2)]
    assert set(silent) == {None}
    assert curve.levels[-1] == 0.0
    assert tried(unit, Change(limits={LIMIT: 6}), span).restarts == (up_utc,)


def test_with_a_higher_limit_the_stop_would_not_have_been(unit: Unit) -> None:
    before = hashes(unit.settings.folder)
    found = tried(unit, Change(limits={LIMIT: 20.0, "gases.h2s.warn_high": 18.0}))
    assert (found.was.stops, found.tried.stops) == (1, 0)
    assert (found.was.called_out, found.tried.called_out) == (1, 0)
    assert found.tried.worked_s > found.was.worked_s
    gone = next(one for one in found.differences if one.what == "stop")
    assert (gone.permit, gone.was_utc, gone.then_utc) == ("P-1", unit.gas_utc, None)
    assert [(one.key, one.was, one.tried) for one in found.changed] == [
        (LIMIT, 7.2, 20.0),
        ("gases.h2s.warn_high", 5.0, 18.0),
    ]
    assert hashes(unit.settings.folder) == before  # nothing was written anywhere


def test_a_limit_as_it_is_makes_no_difference(unit: Unit) -> None:
    found = tried(unit, Change(limits={LIMIT: 7.2}))
    assert found.differences == ()
    assert found.was == found.tried
    assert found.was.stops == 1


def test_without_the_rule_nobody_would_have_been_called_out(unit: Unit) -> None:
    found = tried(unit, Change(without=("gas_dangerous",)))
    assert "gas_dangerous" in {one.rule for one in found.changed}
    assert found.tried.called_out < found.was.called_out
    assert {one.code for one in found.differences if one.then_utc is None and one.what == "alarm"} >= {"GAS-01"}


def test_what_is_new_in_the_calculation_stands_alone_on_its_side(unit: Unit) -> None:
    calm = Span(from_utc=T0_UTC + 1, to_utc=unit.gas_utc - 2)
    found = tried(unit, Change(limits={"gases.o2.stop_low": 21.5}), calm)
    assert found.was.stops == 0
    assert any(one.was_utc is None and one.then_utc is not None for one in found.differences)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change(), "name a limit or a rule"),
        (Change(limits={"gases.h2s.stop_hgh": 9}), "no limit gases.h2s.stop_hgh"),
        (Change(limits={"gases.h2s": 9}), "no limit gases.h2s"),
        (Change(limits={LIMIT: float("nan")}), "no value"),
        (Change(limits={LIMIT: -1}), "no value"),
        (Change(without=("gas_dangerus",)), "no rule gas_dangerus"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_words(unit: Unit, change: Change, told: str) -> None:
    with pytest.raises(WordsError, match=told) as wrong:
        tried(unit, change)
    assert HAN.search(wrong.value.words.zh)


def test_steps_of_one_second_are_taken_together_and_whoever_asks_is_answered_then(unit: Unit) -> None:
    story = Story(unit.settings)
    steps = []
    for n in range(10):
        story.now_s += 0.2
        story.also = (DeviceHealth(source=f"x{n}", at_s=story.now_s, ok=True),)
        steps.append(story.inputs())
    story.ask(Ask.STOP, "li-na")
    asked = story.inputs().asked
    steps[7] = replace(steps[7], asked=asked)
    joined = list(together(iter(steps), 1.0))
    assert [seen for one in joined for seen in one.observations] == [
        seen for one in steps for seen in one.observations
    ]
    assert [one.instant for one in joined] == [steps[5].instant, steps[7].instant, steps[9].instant]
    assert [one.asked for one in joined] == [(), asked, ()]
    assert list(together(iter(steps), 0.0)) == steps


def test_it_can_be_typed_and_says_what_is_wrong(unit: Unit) -> None:
    site = unit.settings.folder
    span = ("--from", "2026-11-18T11:06:40Z", "--to", "2026-11-18T11:09:40Z")
    told = typed("incident", site, *span)
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads(told.stdout)["again"]["agree"] > 3
    shown = typed("what-if", site, *span, f"--limit={LIMIT}=20")
    assert shown.returncode == 0
    assert f"{LIMIT}: 7.2 -> 20 ppm" in shown.stdout
    assert "no limit, record or permit is changed" in shown.stdout
    long = typed("incident", site, "--from", "2026-11-18T01:00Z", "--to", "2026-11-18T11:00Z")
    assert long.returncode == 64
    assert "by 1 h at most" in long.stderr
    assert typed("what-if", site, *span, "--limit=gas").returncode == 64


def test_a_damaged_segment_is_told_by_its_line(tmp_path: Path) -> None:
    unit = Unit(tmp_path / "site")
    (segment,) = (unit.settings.state_folder / "journal").iterdir()
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join([*lines[:5], b"{torn\n", *lines[5:]]))
    told = typed(
        "incident", unit.settings.folder, "--from", "2026-11-18T11:06:40Z", "--to", "2026-11-18T11:09:40Z"
    )
    assert told.returncode == 65
    assert "line 6" in told.stderr


def test_the_limits_that_are_drawn_are_those_that_decided(tmp_path: Path) -> None:
    """The centre's own are stricter than the rulebook's."""
    unit = Unit(tmp_path / "site")
    limits_arrive(unit.story, 1, h2s=4.0)
    moved_utc = unit.story.utc
    unit.story.run(10)
    unit.record()
    found = relive(unit.settings, Span(from_utc=moved_utc + 1, to_utc=moved_utc + 9))
    (drawn,) = (one.limits for one in found.gas if one.id == "gas-h2s")
    assert drawn.stop == 4.0
