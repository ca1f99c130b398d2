"""Beside a real brain: painted when something happens, what led to it is kept, and the disk may refuse."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from edge_agent.agent.brain import Brain, Parts
from edge_agent.clock import Instant
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import Inputs
from edge_agent.domain.centre_record import GuideCard, record_of
from edge_agent.domain.delivery import RecordDelivery
from edge_agent.domain.guide import Guide, HazardKind
from edge_agent.domain.outcome import Event
from edge_agent.domain.report import Report
from edge_agent.domain.request import Ask
from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.painter import Painter
from edge_agent.ops.recorder import MOST_EVENTS, Recorder
from edge_agent.ops.telemetry import Telemetry
from edge_agent.sense.camera.still import put
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import FoldersTable
from edge_agent.store.history import Reader as Minutes
from edge_agent.store.journal import Journal
from edge_agent.store.reader import Reader
from edge_agent.store.store import Store
from edge_agent.tell.evidence import Shelf, Still
from edge_agent.tell.live_curves import Curves, Evidence
from edge_agent.tell.live_file import read_live
from edge_agent.tell.picture import Link
from tests.scenarios.stories.rulebook import limits_arrive
from tests.support.story import T0_S, T0_UTC, Story, scenario_site

PATIENCE_S = 20.0


class HandClock:
    """Time that the story moves."""

    def __init__(self) -> None:
        self.now_s = T0_S

    def monotonic(self) -> float:
        return self.now_s

    def instant(self) -> Instant:
        return Instant(now_s=self.now_s, utc=T0_UTC + self.now_s - T0_S, trusted=True)


class Box:
    """A brain on a real store, with a painter that waits for ever and a recorder beside it."""

    def __init__(self, folder: Path, site: Settings | None = None) -> None:
        site = site or scenario_site()
        folders = FoldersTable(state=str(folder), runtime=str(folder))
        self.settings: Settings = replace(site, site=replace(site.site, folders=folders))
        self.clock, self.folder = HandClock(), folder
        self.store = Store.open(folder / "agent.sqlite")
        self.journal = Journal(folder / "journal", "boot")
        self.brain = Brain(
            self.settings,
            Parts(clock=self.clock, store=self.store, journal=self.journal, actuators=[], boot="boot"),
        )
        self.painter = Painter(self.settings, self.clock, self.brain, _no_link, every_s=3600.0)
        brain = self.brain
        self.recorder = Recorder(self.settings, self.clock, lambda: brain.state, brain.deliver, brain.ask)
        self.brain.beside = self.beside
        self.story = Story(self.settings)
        self.told = 1

    def beside(self, inputs: Inputs, decision: object) -> None:
        self.recorder.beside(inputs, decision)  # type: ignore[arg-type]
        if decision.events:  # type: ignore[attr-defined]
            self.painter.wake()

    def play(self) -> None:
        """What the story has told since; the recorder looks as often as it would."""
        for line in self.story.lines[self.told :]:
            inputs = msgspec.json.decode(line, type=Inputs)
            self.clock.now_s = inputs.instant.now_s
            for asked in inputs.asked:
                self.brain.ask(asked)
            observations, filed = self.brain.inbox.take(0, 0)
            self.brain.step((*inputs.observations, *observations), filed)
            self.recorder.look()
        self.told = len(self.story.lines)

    def evidence(self, type_: str) -> Evidence:
        found: Event = next(event for event in self.brain.newest if event.type == type_)
        return msgspec.json.decode((self.folder / "evidence" / f"{found.seq}.json").read_bytes(), type=Evidence)

    def close(self) -> None:
        self.journal.close()
        self.store.close()


def _no_link(waiting: int) -> Link:
    return Link(ok=None, detail=NOTHING, waiting=waiting)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path)
    yield made
    made.close()


@contextmanager
def running(run: Callable[[threading.Event], None], wake: Callable[[], None]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        wake()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def until(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.002)


def test_an_event_is_painted_though_nothing_else_would_be_for_an_hour(box: Box) -> None:
    with running(box.painter.run, box.painter.wake):
        box.story.begin_work()
        box.play()
        box.story.field.gas["gas-h2s"] = {"level": 15.0}
        box.story.run(2)
        box.play()
        until(lambda: (live := read_live(box.folder)) is not None and live.permits[0].word == "evacuate")


def test_the_curves_are_written_with_every_look(box: Box) -> None:
    box.story.begin_work()
    box.story.run(20)
    box.play()
    curves = msgspec.json.decode((box.folder / "curves.json").read_bytes(), type=Curves)
    assert curves.at_utc == box.clock.instant().utc
    assert set(curves.channels) == set(box.settings.site.gas)
    assert curves.channels["gas-o2"].levels[-5:] == (20.9,) * 5


def test_what_led_to_a_stop_is_kept(box: Box) -> None:
    (box.folder / "cam-1.jpg").write_bytes(b"a picture")
    box.story.begin_work()
    for level in range(16):
        box.story.field.gas["gas-h2s"] = {"level": float(level)}
        box.story.run(1)
    box.play()
    for type_ in ("permit.paused", "alarm.raised"):
        kept = box.evidence(type_)
        assert (kept.type, kept.permit) == (type_, "P-1")
        assert set(kept.curves) >= {"gas-ch4", "gas-o2", "gas-h2s", "gas-co"}
        rising = [level for level in kept.curves["gas-h2s"].levels if level is not None]
        assert rising == sorted(rising)
        assert rising[-1] >= 6.0, "up to the very sample that stopped the work"
        assert set(kept.ways) >= {"li-na", "zhou-qiang"}
        assert kept.ways["li-na"].places[-1] == (6.5, 0.5)
        assert [(box.folder / "evidence" / name).read_bytes() for name in kept.stills] == [b"a picture"]


def test_a_report_keeps_what_was_seen_and_measured_there(box: Box) -> None:
    (box.folder / "cam-1.jpg").write_bytes(b"a picture")
    box.story.begin_work()
    box.story.ask(Ask.REPORT, "zhou-qiang", permit="", report=Report(kind="leak"))
    box.story.run(2)
    box.play()
    kept = box.evidence("hazard.reported")
    assert (kept.permit, len(kept.stills)) == ("P-1", 1)
    assert {"gas-ch4", "gas-h2s"} <= set(kept.curves)
    assert "zhou-qiang" in kept.ways


def test_what_people_look_up_is_there_with_the_first_picture(box: Box) -> None:
    with running(box.painter.run, box.painter.wake):
        until((box.folder / "hazards.json").exists)
    kinds = msgspec.json.decode((box.folder / "hazards.json").read_bytes(), type=tuple[HazardKind, ...])
    cards = msgspec.json.decode((box.folder / "cards.json").read_bytes(), type=dict[str, Guide])
    assert {rule.code for rule in RULES} | {one.code for one in kinds} == set(cards)
    for one in kinds:
        assert (cards[one.code].title, cards[one.code].action) == (one.words, one.first)
        assert {"worker", "guard", "holder", "safety_officer"} <= set(cards[one.code].card)


def test_the_centres_card_is_looked_up_until_it_runs_out(box: Box) -> None:
    cards = box.folder / "cards.json"

    def card() -> Guide:
        until(cards.exists)  # the painter writes it when its thread gets to it
        return msgspec.json.decode(cards.read_bytes(), type=dict[str, Guide])["GAS-01"]

    body = GuideCard(id="GAS-01", name="ER-7", action=Words("走", "go"), valid_until_utc=box.story.utc + 30)
    told = record_of(body, 1, box.story.utc)
    with running(box.painter.run, box.painter.wake):
        box.story.file(RecordDelivery(id="m-1", at_s=box.story.now_s, record=told))
        box.story.step()
        box.play()
        until(lambda: card().edition == "ER-7")
        assert card().action.en == "go"
        box.story.run(31)
        box.play()
        box.painter.wake()
        until(lambda: card().edition == "")


def test_the_centre_is_told_what_is_measured_and_a_time_line_when_it_is_over(box: Box) -> None:
    telemetry = Telemetry(box.settings, box.clock, box.brain)
    box.brain.beside = lambda _inputs, decision: telemetry.beside(decision)

    def told() -> list[str]:
        with Reader.open(box.folder / "agent.sqlite") as reader:
            telemetry.look(reader)
        rows, _ = box.brain.keeper.outward.take()
        return [row.topic.split("/", maxsplit=4)[4] for row in rows]

    box.story.begin_work()
    box.play()
    assert told() == ["health", "gas", "loc", "wear"]
    assert told() == [], "nothing is due"
    box.story.run(10)
    box.play()
    assert told() == ["gas", "loc", "wear"]
    box.story.comes_out()
    box.story.ask(Ask.REVOKE, "zhao-min", reason="rain")
    box.story.step()
    box.play()
    assert told() == ["timeline/P-1"]


def test_a_disk_that_refuses_is_said_once_and_what_waited_is_kept_afterwards(box: Box) -> None:
    in_the_way = box.folder / "evidence"
    in_the_way.write_text("not a folder")
    box.story.begin_work()
    box.story.field.gas["gas-h2s"] = {"level": 15.0}
    box.story.run(3)
    box.play()
    said = [event for event in box.brain.newest if event.data.get("rule") == "evidence_not_kept"]
    assert [event.type for event in said] == ["alarm.raised"]
    assert "evidence" in said[0].data["detail"]["en"]
    in_the_way.unlink()
    box.story.run(3)
    box.play()
    assert box.evidence("permit.paused").curves
    assert box.brain.state.memory.health["evidence"].ok


def test_more_events_than_can_wait_are_told(box: Box) -> None:
    box.story.run(2)
    box.play()
    event = replace(box.brain.newest[0], type="alarm.raised")
    flood = replace(box.story.decisions[-1], events=(event,) * (MOST_EVENTS + 7))
    box.recorder.beside(box.story.inputs(), flood)
    box.recorder.look()
    box.story.run(1)
    box.play()
    said = next(event for event in box.brain.newest if event.data.get("rule") == "evidence_not_kept")
    assert said.data["detail"]["en"] == "7 events without evidence"


def test_the_recorder_writes_in_a_thread_of_its_own(box: Box) -> None:
    with running(box.recorder.run, lambda: None):
        box.story.begin_work()
        box.story.ask(Ask.STOP, "wu-gang")
        box.story.run(2)
        for line in box.story.lines[1:]:
            inputs = msgspec.json.decode(line, type=Inputs)
            box.clock.now_s = inputs.instant.now_s
            box.brain.step(inputs.observations)
        until((box.folder / "curves.json").exists)


def test_the_oldest_evidence_gives_way(tmp_path: Path) -> None:
    still = tmp_path / "cam-1.jpg"
    still.write_bytes(b"x" * 1000)
    shelf = Shelf(tmp_path / "evidence", most_bytes=5000)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "note.txt").write_bytes(b"y" * 9000)  # what is not ours is left alone
    for seq in (8, 9, 10, 11, 12, 13):
        one = Evidence(seq=seq, type="alarm.raised", permit="", at_utc=0.0, curves={}, ways={})
        no_such = Still(camera="cam-2", path=tmp_path / "no-such.jpg", stamp=b"")
        shelf.put(one, [Still(camera="cam-1", path=still, stamp=b""), no_such])
    left = sorted(path.name for path in (tmp_path / "evidence").iterdir())
    assert left == [
        "10-cam-1.jpg",
        "10.json",
        "11-cam-1.jpg",
        "11.json",
        "12-cam-1.jpg",
        "12.json",
        "13-cam-1.jpg",
        "13.json",
        "note.txt",
    ]


def test_a_marked_event_stays_and_takes_no_room_of_the_others(tmp_path: Path) -> None:
    still = tmp_path / "cam-1.jpg"
    still.write_bytes(b"x" * 1000)
    shelf = Shelf(tmp_path / "evidence", most_bytes=2500)
    for seq in (1, 2, 3, 4):
        one = Evidence(seq=seq, type="alarm.raised", permit="", at_utc=0.0, curves={}, ways={})
        shelf.put(one, [Still(camera="cam-1", path=still, stamp=b"")])
        if seq == 1:
            (tmp_path / "evidence" / "1.keep").touch()
    left = {path.name for path in (tmp_path / "evidence").iterdir()}
    assert left == {"1-cam-1.jpg", "1.json", "1.keep", "3-cam-1.jpg", "3.json", "4-cam-1.jpg", "4.json"}


def test_a_still_says_itself_what_it_is_and_on_it_and_is_shown_as_before_above_that(box: Box) -> None:
    shown = np.full((360, 640, 3), 90, np.uint8)
    put(box.folder, shown, "cam-1.masked.jpg", "cam-1.jpg")
    box.story.begin_work()
    box.story.ask(Ask.STOP, "wu-gang")
    box.story.field.gas["gas-h2s"] = {"level": 15.0}
    box.story.run(3)
    box.play()
    kept = box.evidence("permit.paused")
    jpeg = (box.folder / "evidence" / kept.stills[0]).read_bytes()
    assert jpeg[:4] == b"\xff\xd8\xff\xe0"  # JFIF begins as it must
    begin = jpeg.index(b'{"event"')
    said = msgspec.json.decode(jpeg[begin : jpeg.index(b"}", begin) + 1])
    assert (said["event"], said["camera"], said["permit"]) == (kept.seq, "cam-1", "P-1")
    assert (said["area"], said["point_m"], said["clock_trusted"]) == ("tank-inside", [6.5, 0.0], True)
    again, before = (
        cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR)
        for one in (jpeg, (box.folder / "cam-1.jpg").read_bytes())
    )
    assert again is not None
    assert before is not None
    top = round(0.6 * len(before))
    assert np.abs(again[:top].astype(int) - before[:top]).max() <= 2  # encoded a second time, no more
    assert again[top:].max() > 240  # letters
    assert said["fields"][0].startswith("2026-11-18 ")
    assert "作业票 P-1" in said["fields"]


def test_the_minutes_of_each_channel_are_kept(box: Box) -> None:
    box.story.run(130)
    box.play()
    minute = int(T0_UTC // 60) + 1
    with Minutes(box.folder / "history.sqlite") as kept:
        for channel in box.settings.site.gas:
            (found,) = kept.parts(channel, minute, minute + 1, 1)
            assert (found.seconds, found.worst) == (60, "g")
            assert found.low is not None


def test_a_short_danger_by_the_centres_own_limit_is_not_lost_between_two_points(box: Box) -> None:
    box.story.run(3)
    limits_arrive(box.story, 1, h2s=4.0)  # the rulebook's own begin above what is measured below
    box.story.run(2 + box.story.now_s % 2)
    for level, seconds in ((4.5, 0.5), (1.0, 1.0), (0.0, 4.5)):  # two words in one step of the curve
        box.story.field.gas["gas-h2s"] = {"level": level}
        box.story.run(seconds, every_s=0.5 if seconds < 1 else seconds)
    box.play()
    drawn = msgspec.json.decode((box.folder / "curves.json").read_bytes(), type=Curves).channels["gas-h2s"]
    assert 4.5 in drawn.levels
