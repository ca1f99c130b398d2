"""An order of the centre: it stops, it withdraws, it wants a picture; answered with its reasons either way."""

from typing import Any

import pytest

from edge_agent.domain.delivery import CentreOrder, OrderDelivery
from edge_agent.domain.observation import View
from edge_agent.domain.outcome import Event
from edge_agent.domain.permit import State
from edge_agent.domain.person import Role
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


def command(told: Story, do: str, **changes: Any) -> tuple[bool, list[Event]]:
    """The centre orders something of a permit; whether it was accepted, and all that the step told."""
    asked = {
        "permit": "P-1",
        "by": "somebody-far-away",
        "role": Role.SAFETY_OFFICER,
        "reason": "next door",
        **changes,
    }
    told.file(OrderDelivery(id="m-2", at_s=told.now_s, order=CentreOrder(id="o-2", do=do, **asked)))
    told.step()
    (answer,) = told.decisions[-1].answers
    return answer.accepted, list(told.decisions[-1].events)


def types(events: list[Event]) -> set[str]:
    return {event.type for event in events}


def test_the_centre_stops_work_whoever_it_names(told: Story) -> None:
    accepted, events = command(told, "stop", role=Role.VIEWER)
    assert accepted
    assert told.state is State.SUSPENDED
    assert {"permit.stopped", "order.answered"} <= types(events)
    (stopped,) = (event for event in events if event.type == "permit.stopped")
    assert "next door" in stopped.data["words"]["en"]


def test_a_stop_of_the_centre_is_resumed_by_people_on_site_alone(told: Story) -> None:
    command(told, "stop")
    for _ in range(600):
        told.step()
    assert told.state is State.SUSPENDED


def test_the_centre_withdraws_a_ticket_for_good(told: Story) -> None:
    accepted, events = command(told, "withdraw")
    assert accepted
    assert told.state is State.REVOKED
    assert "permit.revoked" in types(events)
    again, events = command(told, "stop")
    assert not again
    (answered,) = events
    assert answered.data["reasons"]
    assert told.state is State.REVOKED


def test_an_order_about_no_permit_is_answered(told: Story) -> None:
    accepted, events = command(told, "stop", permit="P-9")
    assert not accepted
    assert "no open permit P-9" in events[-1].data["reasons"][0]["en"]
    assert told.state is State.ACTIVE


def test_a_stop_wins_over_everything_else_in_the_same_step(told: Story) -> None:
    order_ = CentreOrder(id="o-3", do="stop", permit="P-1", by="zhao-min", role=Role.SAFETY_OFFICER)
    command(told, "stop")
    told.file(OrderDelivery(id="m-3", at_s=told.now_s, order=order_))
    told.step()
    assert told.state in {State.PAUSED, State.SUSPENDED}
