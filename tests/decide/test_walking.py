"""A walk test and a look at a device: who may, on record first; nothing that was not finished is a pass."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.domain.commissioning import Trial
from edge_agent.domain.noted import LeftOut
from edge_agent.domain.observation import View
from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from tests.decide.test_trying import asked, events
from tests.scenarios.stories.commissioning import walked
from tests.support.languages import faults
from tests.support.story import Story, scenario_site

WALK: dict[str, Any] = {"about": ("cam-1", "begin")}


def story(*roles: Role, areas: tuple[str, ...] = (), site: Settings | None = None) -> Story:
    site = site or scenario_site()
    gu = Person(id="gu", name="顾工", roles=roles or (Role.TECHNICIAN,), areas=areas, pin_hash="$gu")
    begun = Story(replace(site, persons=(*site.persons, gu)))
    begun.run(3)
    return begun


def walks(told: Story, **more: Any) -> list[str]:
    told.ask(Ask.WALK, "gu", **{"permit": "", "reason": "new camera", **WALK, **more})
    told.step()
    (answer,) = told.decisions[-1].answers
    assert not [fault for words in answer.reasons for fault in faults(words)]
    return [words.en for words in answer.reasons]


def trial(told: Story) -> Trial | None:
    return told.decisions[-1].state.commissioning.trials.get("walk/cam-1")


def test_it_begins_on_record_and_may_be_given_up() -> None:
    told = story()
    assert walks(told) == []
    assert [one["camera"] for one in events(told, "camera.walk_begun")] == ["cam-1"]
    assert walks(told, about=("cam-1", "drop")) == []
    assert [one["by"] for one in events(told, "camera.walk_dropped")] == ["gu"]
    assert trial(told) is None


@pytest.mark.parametrize("about", [(), ("cam-1",), ("cam-1", "pass"), ("cam-9", "begin")])
def test_what_names_no_camera_or_no_deed_is_refused(about: tuple[str, ...]) -> None:
    told = story()
    assert walks(told, about=about)
    assert events(told, "camera.walk_begun") == []


def test_whoever_does_not_answer_for_it_is_refused_and_a_log_in_alone_is_not_enough() -> None:
    assert "technician" in walks(story(Role.GUARD))[0]
    assert "whole site" in walks(story(areas=("yard",)))[0]
    assert "PIN" in walks(story(), proof=Proof.KEY)[0]


def test_a_camera_that_shows_nothing_and_one_on_which_nothing_is_drawn_are_refused() -> None:
    told = story()
    told.field.view = View.DARK
    told.run(3)
    assert "shows nothing now" in walks(told)[0]
    site = scenario_site()
    cameras = {id_: replace(one, areas=()) for id_, one in site.site.cameras.items()}
    bare = story(site=replace(site, site=replace(site.site, cameras=cameras)))
    assert "nothing is drawn" in walks(bare)[0]


def test_none_is_begun_where_anybody_is_at_work() -> None:
    told = story()
    told.begin_work(goes_in=())
    assert "under way there" in walks(told)[0]


@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_what_the_box_saw_is_measured_and_stands_in_the_commissioning_with_its_stills(outcome: Any) -> None:
    told = story()
    walked(told, outcome, reasons=(Words("看不到", "not seen"),) if outcome == "failed" else ())
    made = trial(told)
    assert made is not None
    assert (made.outcome, made.measured, made.value, made.unit, made.limit) == (outcome, True, 97.1, "%", 90.0)
    assert made.files == {"cam-1.1/edge-mouth-1.jpg": "5e" * 32}
    (over,) = events(told, "camera.walked")
    assert (over["outcome"], over["seen_points"], over["files"][0]["sha256"]) == (outcome, 6, "5e" * 32)


def test_one_that_was_not_finished_shows_nothing_and_takes_nothing_away() -> None:
    told = story()
    walked(told, "dropped")
    assert trial(told) is None
    walked(told, "passed")
    before = trial(told)
    walked(told, "dropped")
    assert trial(told) is before


def test_a_look_at_a_device_is_a_fitters_and_on_record() -> None:
    told = story()
    assert asked(told) == []
    told.ask(Ask.LOOK, "gu", permit="", proof=Proof.KEY, about=("stream", "rtsp://10.0.0.9/1"))
    told.step()
    (look,) = events(told, "device.looked")
    assert (look["by"], look["what"], look["where"]) == ("gu", "stream", "rtsp://10.0.0.9/1")
    told.ask(Ask.LOOK, "gu", permit="", proof=Proof.KEY, about=("stream",))
    told.step()
    assert not told.decisions[-1].answers[0].accepted
    guard = story(Role.GUARD)
    guard.ask(Ask.LOOK, "gu", permit="", proof=Proof.KEY, about=("stream", "x"))
    guard.step()
    assert "technician" in guard.decisions[-1].answers[0].reasons[0].en


def test_a_corner_is_left_out_with_a_reason_that_goes_into_the_certificate() -> None:
    told = story()
    drawn = next(one for one in told.settings.site.cameras["cam-1"].areas if not one.post)
    corner = f"edge-{drawn.id}-1"
    assert walks(told, about=("cam-1", "leave_out", corner), reason="the sky") == []
    (event,) = events(told, "camera.walk_left_out")
    assert (event["by"], event["point"], event["reason"]) == ("gu", corner, "the sky")
    assert walks(told, about=("cam-1", "leave_out", corner), reason=" ")
    for other in ("worn", f"edge-{drawn.id}-99", "edge-nowhere-1"):
        assert "only an area's corners" in walks(told, about=("cam-1", "leave_out", other))[0]
    called = Words("罐区 第 1 个角", "corner 1 of the tank")
    walked(told, left_out=(LeftOut(point=corner, called=called, reason="天空 sky", by="gu"),))
    made = trial(told)
    assert made is not None
    assert "未走 left out: 罐区 第 1 个角 corner 1 of the tank: 天空 sky (gu)" in made.note
    assert "画面 pictures" in made.note
