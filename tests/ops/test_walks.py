"""A walk test beside the brain: points ticked by the box's own words, a still for each, its end on record."""

import hashlib
import threading
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from edge_agent.clock import Instant
from edge_agent.decide.state import Decision, Inputs
from edge_agent.domain.noted import CameraWalked
from edge_agent.domain.observation import SeenPerson, Sighting, View, Worn
from edge_agent.domain.outcome import Event, Priority
from edge_agent.ops import walks
from edge_agent.ops.camera_walk import WALKS, kept
from edge_agent.ops.walks import BEGUN, DROPPED, LEFT, Walks
from edge_agent.sense.camera.still import masked_name
from edge_agent.sense.camera.walk_points import IN_A_ROW
from edge_agent.settings.load import load
from edge_agent.tell.live_walk import FILE, LiveWalk
from tests.pages.test_devices import tank
from tests.support.desk_site import HandClock
from tests.support.languages import faults
from tests.support.story import ROOT

JPEG = b"\xff\xd8 a still, heads hidden"


class Box:
    """The worker with its own clock, told of steps by hand."""

    def __init__(self, settings: Any) -> None:
        self.settings, self.clock = settings, HandClock()
        self.told: list[CameraWalked] = []
        self.worker = Walks(settings, ROOT, cast("Any", self.clock), self.told.append)
        (settings.runtime_folder / masked_name("cam-1")).write_bytes(JPEG)
        self.areas = settings.site.cameras["cam-1"].areas
        self.permits: dict[str, Any] = {}

    def step(self, *said: Any, events: tuple[tuple[str, str], ...] = (), **more: str) -> None:
        made = tuple(
            Event(seq=1, type=type_, subject="unit", at_s=0, at_utc=0, priority=Priority.LOW,
                  data={"by": "gu", "camera": camera, **more})
            for type_, camera in events
        )  # fmt: skip
        decision = cast("Decision", SimpleNamespace(events=made, state=SimpleNamespace(permits=self.permits)))
        instant = Instant(now_s=self.clock.now_s, utc=0, trusted=True)
        self.worker.beside(Inputs(instant=instant, observations=said), decision)
        self.worker.take()
        self.clock.now_s += 0.2

    def begin(self) -> None:
        self.step(events=((BEGUN, "cam-1"),))

    def seen(
        self, x: float, y: float, *, people: int = 1, worn: Worn = Worn.WORN, view: View = View.CLEAR
    ) -> None:
        """A word about a picture, in which he stands there."""
        one = SeenPerson(track=1, box=(x - 0.05, y - 0.4, x + 0.05, y), score=0.9, ppe={"helmet": worn})
        said = Sighting(source="cam-1", at_s=self.clock.now_s, view=view, persons=(one,) * people, age_s=0.1)
        self.step(said)

    @property
    def live(self) -> LiveWalk:
        path = self.settings.runtime_folder / FILE
        told = msgspec.json.decode(path.read_bytes(), type=LiveWalk)
        for words in (told.next, *told.reasons, *(point.says for point in told.points)):
            assert not faults(words)
        return told

    def walks_everywhere(self, *, blind: int = 0) -> None:
        """To each point, where it is drawn, and about until enough was looked at."""
        for area in self.areas:
            x, y = (sum(part) / len(area.corners) for part in zip(*area.corners, strict=True))
            for _ in range(25):
                self.seen(x, y)
                for _ in range(blind):
                    self.step(Sighting(source="cam-1", at_s=self.clock.now_s, view=View.CLEAR, age_s=0.1))
        points = self.live.points
        for point in points:
            if point.left_out:
                continue
            x, y = point.at or (0.5, 0.8)
            for _ in range(IN_A_ROW):
                self.seen(x, y, worn=Worn.MISSING if point.id == Worn.MISSING else Worn.WORN)
        self.clock.now_s += 1
        self.step()


@pytest.fixture
def box(tmp_path: Any) -> Box:
    settings = load(tank(tmp_path / "tank"), ROOT)
    for folder in (settings.state_folder, settings.runtime_folder):
        folder.mkdir(parents=True, exist_ok=True)
    return Box(settings)


def test_each_point_is_ticked_as_it_is_seen_and_the_end_is_on_record_with_its_stills(box: Box) -> None:
    box.begin()
    first = box.live
    assert (first.outcome, first.seen, sum(one.done for one in first.points)) == ("", "no_picture", 0)
    box.walks_everywhere()
    assert [one.outcome for one in box.told] == ["passed"], box.live
    (over,) = box.told
    assert over.points == over.seen_points == len(first.points) == len(over.files)
    assert over.seen_pct == 100.0
    for file in over.files:
        jpeg = (box.settings.state_folder / WALKS / file.name).read_bytes()
        assert (hashlib.sha256(jpeg).hexdigest(), jpeg) == (file.sha256, JPEG)
    assert box.live.outcome == "passed"
    made = kept(box.settings.state_folder, "cam-1")
    assert made is not None
    assert made.passed  # for the doctor, who asks whether it was walked


def edges(box: Box) -> list[str]:
    return [one.id for one in box.live.points if one.may_leave]


def test_a_corner_that_nobody_can_reach_is_left_out_with_its_reason(box: Box) -> None:
    box.begin()
    sky = edges(box)[0]
    box.step(events=((LEFT, "cam-1"),), point=sky, reason="the sky")
    box.walks_everywhere()
    (over,) = box.told
    assert (over.outcome, over.points - over.seen_points) == ("passed", 1)
    assert [(one.point, one.reason, one.by) for one in over.left_out] == [(sky, "the sky", "gu")]
    assert [one.left_out for one in box.live.points if one.id == sky] == ["the sky"]
    assert not faults(over.left_out[0].called)


def test_an_area_of_which_every_corner_was_left_out_is_not_passed(box: Box) -> None:
    box.begin()
    for corner in edges(box):
        box.step(events=((LEFT, "cam-1"),), point=corner, reason="too far")
    box.walks_everywhere()
    (over,) = box.told
    assert over.outcome == "failed"
    assert "nobody walked where the area ends" in over.reasons[-1].en


def test_a_helmet_and_what_was_seen_already_are_never_left_out(box: Box) -> None:
    box.begin()
    for point in (str(Worn.MISSING), "edge-nowhere-1"):
        box.step(events=((LEFT, "cam-1"),), point=point, reason="no")
    box.walks_everywhere()
    assert box.told[0].left_out == ()
    assert box.told[0].outcome == "passed"


def test_a_camera_that_loses_him_fails(box: Box) -> None:
    box.begin()
    box.walks_everywhere(blind=1)
    assert [one.outcome for one in box.told] == ["failed"]
    assert "pictures only" in box.told[0].reasons[0].en


def test_nothing_is_ticked_by_several_by_a_doubtful_picture_or_by_half_a_second(box: Box) -> None:
    box.begin()
    x, y = box.live.points[0].at or (0, 0)
    for _ in range(20):
        box.seen(x, y, people=2)
    assert box.live.seen == "several"
    for _ in range(20):
        box.seen(x, y, view=View.DARK)
    for _ in range(5):
        for _ in range(IN_A_ROW - 1):
            box.seen(x, y)
        box.seen(x, y, people=0)
    assert not any(one.done for one in box.live.points if one.id != Worn.WORN)
    for _ in range(IN_A_ROW):
        box.seen(x, y)
    box.clock.now_s += 1
    box.step()
    assert box.live.points[0].done


def test_a_doubtful_picture_between_breaks_off_what_was_begun(box: Box) -> None:
    box.begin()
    x, y = box.live.points[0].at or (0, 0)
    for _ in range(3):
        for _ in range(IN_A_ROW - 1):
            box.seen(x, y)
        box.seen(x, y, view=View.DARK)
    box.clock.now_s += 1
    box.step()
    assert not box.live.points[0].done


def test_words_about_another_camera_or_another_walk_count_for_nothing(box: Box) -> None:
    box.begin()
    x, y = box.live.points[0].at or (0, 0)
    one = SeenPerson(track=1, box=(x - 0.05, y - 0.4, x + 0.05, y), score=0.9, ppe={"helmet": Worn.WORN})
    for _ in range(IN_A_ROW):  # as they lie in the queue of a walk before another camera that was just ended
        said = Sighting(source="cam-2", at_s=box.clock.now_s, view=View.CLEAR, persons=(one,), age_s=0.1)
        box.worker._heard.append(("said", said))
        box.step()
    box.step(events=((DROPPED, "cam-2"),))
    box.clock.now_s += 1
    box.step()
    assert box.told == []
    assert not any(point.done for point in box.live.points)


def test_a_walk_that_ends_while_the_brain_tells_of_a_step_is_no_fault_of_the_brain(box: Box) -> None:
    box.begin()
    ends = box.worker

    class Ends(tuple[Any, ...]):
        __slots__ = ()

        def __iter__(self) -> Any:
            ends._listens = ""  # the worker's thread, at this very moment
            return super().__iter__()

    instant = Instant(now_s=box.clock.now_s, utc=0, trusted=True)
    decision = SimpleNamespace(events=(), state=SimpleNamespace(permits={}))
    box.worker.beside(Inputs(instant=instant, observations=Ends()), cast("Decision", decision))


def test_one_that_is_given_up_or_takes_too_long_shows_nothing(box: Box) -> None:
    box.begin()
    box.seen(0.5, 0.8)
    box.step(events=((DROPPED, "cam-1"),))
    box.begin()
    box.clock.now_s += walks.MOST_S + 1
    box.step()
    box.begin()
    box.step(events=((BEGUN, "cam-1"),))
    assert [one.outcome for one in box.told] == ["dropped"] * 3
    assert box.live.outcome == ""  # the fourth
    assert kept(box.settings.state_folder, "cam-1") is None


def test_work_that_begins_there_ends_it(box: Box) -> None:
    box.begin()
    ticket = SimpleNamespace(id="P-1", area=box.areas[0].area, devices=())
    box.permits["P-1"] = SimpleNamespace(busy=True, ticket=ticket)
    box.step()
    assert [one.outcome for one in box.told] == ["dropped"]
    assert "work began" in box.told[0].reasons[0].en


def test_it_ends_with_the_agent_and_a_new_one_knows_of_none(box: Box) -> None:
    box.begin()
    stop = threading.Event()
    stop.set()
    box.worker.run(stop)
    assert [one.outcome for one in box.told] == ["dropped"]
    Box(box.settings)
    assert not (box.settings.runtime_folder / FILE).exists()
