"""An order of the centre: a picture of what a camera shows now, answered with its reasons either way."""

from typing import Any

import pytest

from edge_agent.domain.observation import View
from edge_agent.domain.outcome import Event
from edge_agent.domain.permit import State
from edge_agent.domain.person import Role
from edge_agent.domain.request import CentreOrder, OrderDelivery
from tests.support.story import Story, scenario_site


@pytest.fixture
def told() -> Story:
    story = Story(scenario_site())
    story.begin_work()
    return story


def order(told: Story, **changes: Any) -> dict[str, list[Event]]:
    """The centre orders a picture; what the next step makes of it, by type."""
    asked = {"camera": "cam-1", "by": "zhao-min", "role": Role.SAFETY_OFFICER, "after": 3, **changes}
    told.file(OrderDelivery(id="m-1", at_s=told.now_s, order=CentreOrder(id="o-1", do="capture", **asked)))
    told.step()
    (answer,) = told.decisions[-1].answers
    found: dict[str, list[Event]] = {}
    for event in told.decisions[-1].events:
        found.setdefault(event.type, []).append(event)
    (answered,) = found["order.answered"]
    assert answered.data["accepted"] is answer.accepted
    assert answered.data["order"] == "o-1"
    return found


def test_a_picture_is_asked_for_and_belongs_to_the_event(told: Story) -> None:
    found = order(told)
    (asked,) = found["picture.asked"]
    assert (asked.data["source"], asked.data["after"], asked.data["by"]) == ("cam-1", 3, "zhao-min")
    assert found["order.answered"][0].data["reasons"] == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"camera": "cam-9"}, "no camera cam-9 here (there are: cam-1)"),
        ({"role": Role.WORKER}, "worker may not order this"),
        ({"role": Role.VIEWER}, "viewer may not order this"),
        ({"after": 10_000}, "there is no event 10000"),
        ({"after": 0}, "there is no event 0"),
    ],
)
def test_what_cannot_be_done_is_answered_with_its_reason(told: Story, changes: dict[str, Any], why: str) -> None:
    found = order(told, **changes)
    assert "picture.asked" not in found
    (reason,) = found["order.answered"][0].data["reasons"]
    assert why in reason["en"]
    assert reason["zh"]


@pytest.mark.parametrize("view", [View.FROZEN, View.GONE, View.DARK])
def test_a_camera_that_shows_nothing_gives_no_picture(told: Story, view: View) -> None:
    told.field.view = view
    told.step()
    found = order(told)
    assert "picture.asked" not in found
    assert "shows nothing now" in found["order.answered"][0].data["reasons"][0]["en"]


def test_an_order_moves_no_permit(told: Story) -> None:
    order(told)
    assert told.state is State.ACTIVE
