"""The brain on a real store and journal: order within a step, a failing disk, a restart, replay."""

import errno
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.agent.brain import UNKEPT, Brain, Parts
from edge_agent.agent.inbox import MOST_OBSERVATIONS, Inbox
from edge_agent.agent.keeper import COUNT_S
from edge_agent.agent.last_words import UNKNOWN, LastWords
from edge_agent.clock import Instant
from edge_agent.decide.state import Inputs
from edge_agent.domain.centre_record import TicketStatus, record_of
from edge_agent.domain.delivery import CentreAck, RecordDelivery
from edge_agent.domain.observation import Observation, Position, Reading, SeenPerson, Worn
from edge_agent.domain.outcome import Action, Output
from edge_agent.domain.permit import State
from edge_agent.domain.ports import Deliver
from edge_agent.domain.request import Answer
from edge_agent.ops.acknowledged import Acknowledged
from edge_agent.ops.replay import decisions
from edge_agent.settings.site import Settings
from edge_agent.store import journal as journals
from edge_agent.store.batch import Batch, Outgoing
from edge_agent.store.chain import EVENT_KIND, event_of
from edge_agent.store.errors import StoreError, StoreFault
from edge_agent.store.journal import Journal
from edge_agent.store.reader import Reader
from edge_agent.store.room import AGAIN, TELEMETRY
from edge_agent.store.store import Store
from edge_agent.tell import messages
from edge_agent.tell.again import STALLED_S, Due, rows
from tests.support.story import T0_S, T0_UTC, Story, scenario_site


class HandClock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.now_s = T0_S

    def monotonic(self) -> float:
        return self.now_s

    def instant(self) -> Instant:
        return Instant(now_s=self.now_s, utc=T0_UTC + self.now_s - T0_S, trusted=True)


class Hand:
    """An actuator that remembers, in one list with the store, what happened in which order."""

    device = "relay-1"

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.permitted = False
        self.sounded = threading.Event()

    def trip(self, actions: tuple[Action, ...]) -> None:
        for action in actions:
            self.log.append(f"trip {action.channel}")
            if action.output is Output.PERMISSIVE:
                self.permitted = False
            else:
                self.sounded.set()

    def renew(self, actions: tuple[Action, ...], until_s: float) -> None:  # noqa: ARG002
        for action in actions:
            if action.output is Output.PERMISSIVE:
                if action.on and not self.permitted:
                    self.log.append("energise")
                self.permitted = action.on

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        raise NotImplementedError


class Disk(Store):
    """The real store, on a disk that fails while told to."""

    failing = False
    log: list[str]

    def commit(self, batch: Batch) -> None:
        if self.failing:
            raise StoreError(StoreFault.FULL, self.path, "no space left")
        if not batch.empty:
            self.log.append("commit")
        super().commit(batch)


class Bench:
    """A brain with everything around it, fed from a story's inputs."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.settings = folder, settings
        self.log: list[str] = []
        self.clock = HandClock()
        self.hand = Hand(self.log)
        self.store: Disk = Disk.open(folder / "agent.sqlite")
        self.store.log = self.log
        self.brain = self.wake()

    def wake(self, last: LastWords = UNKNOWN) -> Brain:
        self.journal = Journal(self.folder / "journal", f"boot{len(journals.segments(self.folder / 'journal'))}")
        parts = Parts(
            clock=self.clock,
            store=self.store,
            journal=self.journal,
            actuators=[self.hand],
            boot="boot",
            last=last,
        )
        return Brain(self.settings, parts)

    def play(self, lines: list[bytes]) -> list[Answer]:
        answers = []
        for line in lines:
            inputs = msgspec.json.decode(line, type=Inputs)
            self.clock.now_s = inputs.instant.now_s
            futures = [self.brain.ask(asked) for asked in inputs.asked]
            _, filed = self.brain.inbox.take(0, 0)
            self.brain.step(inputs.observations, filed)
            answers += [future.result(0) for future in futures]
        return answers

    def state(self) -> State:
        return self.brain.state.permits["P-1"].state

    def close(self) -> None:
        self.journal.close()
        self.store.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, scenario_site())
    yield made
    made.close()


def test_making_safe_comes_before_the_record_and_permitting_after_it(bench: Bench) -> None:
    story = Story(bench.settings)
    story.begin_work(goes_in=())
    bench.log.clear()
    bench.play(story.lines[1:])
    assert bench.hand.permitted
    assert bench.log[-2:] == ["commit", "energise"]
    story.field.gas["gas-ch4"] = {"level": 20.0}
    told = len(story.lines)
    story.step()
    bench.log.clear()
    bench.play(story.lines[told:])
    assert not bench.hand.permitted
    assert bench.log[:3] == ["trip permissive", "trip siren", "trip beacon"]
    assert bench.log[3] == "commit"


def test_nothing_is_permitted_that_is_not_on_the_disk(bench: Bench) -> None:
    story = Story(bench.settings)
    story.begin_work(goes_in=())
    bench.play(story.lines[1:-1])
    bench.store.failing = True
    answers = bench.play(story.lines[-1:])
    assert UNKEPT in answers[-1].reasons
    assert not bench.hand.permitted
    bench.store.failing = False
    told = len(story.lines)
    story.step()
    bench.play(story.lines[told:])
    assert bench.hand.permitted


def test_the_figures_are_kept_with_their_events_and_come_back(bench: Bench) -> None:
    story = Story(bench.settings)
    story.begin_work()
    bench.play(story.lines[1:])
    day = bench.store.load().counts.figures.day
    assert (day.starts, day.date) == (1, "2026-11-18")
    bench.brain = bench.wake()  # nothing was said to the one before: it was killed
    assert bench.brain.state.figures.day == replace(day, restarts=1)


def test_people_in_pictures_are_not_written_down_each_minute(bench: Bench) -> None:
    asked = tuple(replace(area, ppe=("helmet",)) for area in bench.settings.areas)
    bench.settings = replace(bench.settings, areas=asked)
    bench.brain = bench.wake()
    story = Story(bench.settings)
    there = (bench.settings.areas[0].id,)
    story.field.seen = (SeenPerson(track=1, box=(0, 0, 1, 1), score=0.9, zones=there, ppe={"helmet": Worn.WORN}),)
    story.run(2)
    bench.play(story.lines[1:])
    bench.log.clear()
    told, minutes = len(story.lines), 20
    story.run(minutes * 60, every_s=60)
    bench.play(story.lines[told:])
    assert bench.log.count("commit") == minutes * 60 / COUNT_S, "no event, so nothing else is written"
    (seen,) = bench.store.load().counts.figures.day.ppe.values()
    assert seen.not_assessable > minutes - COUNT_S / 60, "one picture a minute proves nothing"


def test_a_full_disk_silences_no_siren_and_stops_no_running_work(bench: Bench) -> None:
    story = Story(bench.settings)
    story.begin_work(goes_in=())
    bench.play(story.lines[1:])
    bench.store.failing = True
    told = len(story.lines)
    story.run(3)
    bench.play(story.lines[told:])
    assert bench.hand.permitted, "the work is guarded all the same"
    story.field.gas["gas-ch4"] = {"level": 20.0}
    told = len(story.lines)
    story.step()
    bench.log.clear()
    bench.play(story.lines[told:])
    assert "trip siren" in bench.log
    assert not bench.hand.permitted
    story.run(2)
    bench.play(story.lines[-2:])
    assert any(a.verdict.rule == "records_failing" for a in bench.brain.state.alarms.values())
    bench.store.failing = False
    story.run(2)
    bench.play(story.lines[-2:])
    assert bench.store.verify_chain() is None
    with Reader.open(bench.folder / "agent.sqlite") as reader:
        seqs = [event_of(row.body).seq for row in reader.audit() if row.kind == EVENT_KIND]
    assert seqs == list(range(1, bench.brain.state.seq + 1)), "what happened meanwhile is kept, in order"


def test_no_danger_waits_for_a_slow_disk_and_no_commit_overtakes_the_journal(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(bench.settings)
    story.begin_work(goes_in=())
    story.run(3)
    bench.play(story.lines[1:])
    asked, go_on = threading.Event(), threading.Event()

    def slow(file: int) -> None:
        asked.set()
        assert go_on.wait(60)
        bench.log.append("journal")
        os.fsync(file)

    monkeypatch.setattr(os, "fdatasync", slow)
    flushing = threading.Thread(target=bench.brain.keeper.flush)
    flushing.start()
    assert asked.wait(60), "the disk is busy with the journal"
    told = len(story.lines)
    story.run(1)
    bench.play(story.lines[told:])  # an ordinary step goes on
    bench.log.clear()
    story.field.gas["gas-ch4"] = {"level": 20.0}
    told = len(story.lines)
    story.step()
    deciding = threading.Thread(target=bench.play, args=(story.lines[told:],))
    deciding.start()
    assert bench.hand.sounded.wait(60)
    assert "journal" not in bench.log, "safe before the disk has answered"
    assert "commit" not in bench.log
    go_on.set()
    for thread in (flushing, deciding):
        thread.join(60)
    first, second, third = (entry for entry in bench.log if entry in {"journal", "commit"})
    assert (first, second, third) == ("journal", "journal", "commit")


def test_a_journal_that_cannot_be_written_is_a_finding_until_it_can(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(bench.settings)
    story.begin_work(goes_in=())
    bench.play(story.lines[1:])

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def failing(seconds: int) -> bool:
        told = len(story.lines)
        story.run(seconds)
        bench.play(story.lines[told:])
        return any(alarm.verdict.rule == "records_failing" for alarm in bench.brain.state.alarms.values())

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", full)
        assert not failing(1), "nobody has tried"
        bench.brain.keeper.flush()
        assert failing(1)
        assert failing(5), "although the database takes everything"
    bench.brain.keeper.flush()
    failing(1)
    health = bench.brain.state.memory.health["store"]
    assert not health.ok, "told in this step's record, heard in the next"
    failing(1)
    assert bench.brain.state.memory.health["store"].ok


def test_after_a_restart_running_work_is_paused(bench: Bench) -> None:
    story = Story(bench.settings)
    story.begin_work(goes_in=())
    bench.play(story.lines[1:])
    assert bench.state() is State.ACTIVE
    bench.journal.close()
    bench.clock.now_s = 7.0  # another boot's monotonic clock
    bench.log.clear()
    bench.brain = bench.wake()
    assert bench.state() is State.PAUSED
    assert bench.log[0] == "trip permissive"
    assert not bench.brain.state.permits["P-1"].signatures


def test_the_journal_replays_to_the_decisions_that_were_kept(bench: Bench) -> None:
    story = Story(bench.settings)
    story.begin_work(goes_in=())
    story.field.gas["gas-co"] = {"level": 90.0}
    story.run(5)
    bench.play(story.lines[1:])
    bench.journal.flush()
    (segment,) = journals.segments(bench.folder / "journal")
    replayed = [e for d in decisions(bench.settings, journals.read(segment)) for e in d.events]
    with Reader.open(bench.folder / "agent.sqlite") as reader:
        kept = [event_of(row.body) for row in reader.audit() if row.kind == EVENT_KIND]
    assert replayed == kept
    assert len(kept) > 8


def test_a_segment_that_continues_replays_from_its_own_start(tmp_path: Path) -> None:
    bench = Bench(tmp_path, scenario_site())
    bench.journal._segment_s = 4.0
    story = Story(bench.settings)
    story.begin_work(goes_in=())
    story.run(20)
    story.field.gas["gas-o2"] = {"level": 15.0}
    story.run(3)
    bench.play(story.lines[1:])
    bench.journal.flush()
    segments = journals.segments(tmp_path / "journal")
    assert len(segments) > 3
    replayed = [e for s in segments for d in decisions(bench.settings, journals.read(s)) for e in d.events]
    with Reader.open(tmp_path / "agent.sqlite") as reader:
        kept = [event_of(row.body) for row in reader.audit() if row.kind == EVENT_KIND]
    assert replayed == kept
    bench.close()


def test_an_urgent_observation_ends_the_wait(bench: Bench) -> None:
    bench.brain.deliver(
        Reading(source="gas-ch4", at_s=T0_S, channel="ch4", level=50.0, unit="%LEL", quality="good")  # type: ignore[arg-type]
    )
    observations, _ = bench.brain.inbox.take(0, 1e9)  # a tick that never comes
    assert len(observations) == 1


def test_a_flood_keeps_every_newest_word_and_every_sos() -> None:
    inbox = Inbox(HandClock())
    sos: Observation = Position(source="tag-1", at_s=1.0, sos=True)
    inbox.put(sos, urgent=True)
    for number in range(MOST_OBSERVATIONS + 10):
        inbox.put(Position(source=f"tag-{number % 7}", at_s=float(number)), urgent=False)
    observations, _ = inbox.take(0, 0)
    assert sos in observations
    assert {seen.source for seen in observations} == {f"tag-{n}" for n in range(7)}
    assert inbox.take_dropped() > 0


def test_what_was_left_out_of_the_inbox_is_an_alarm(bench: Bench) -> None:
    for number in range(MOST_OBSERVATIONS + 10):
        bench.brain.inbox.put(Position(source=f"tag-{number % 7}", at_s=T0_S), urgent=False)
    observations, _ = bench.brain.inbox.take(0, 0)
    bench.brain.step(observations)
    raised = [alarm.verdict.rule for alarm in bench.brain.state.alarms.values()]
    assert "inbox_thinned" in raised
    health = bench.brain.state.memory.health["inbox"]
    assert not health.ok
    bench.brain.step(())
    assert bench.brain.state.memory.health["inbox"].ok


def test_on_a_failing_disk_measured_values_go_first_and_their_gap_is_told(bench: Bench) -> None:
    measured = (Outgoing(topic="edge/s/u/up/gas", payload=b"{}", priority=TELEMETRY),)
    story = Story(bench.settings)
    story.begin_work()
    bench.play(story.lines[1:])
    outward = bench.brain.keeper.outward
    outward.measured(measured)
    bench.store.failing = True
    told = len(story.lines)
    story.step()
    bench.play(story.lines[told:])
    for _ in range(3):
        outward.measured(measured)
    bench.store.failing = False
    told = len(story.lines)
    story.step()
    story.step()
    bench.play(story.lines[told:])
    (gap,) = [event for event in bench.brain.newest if event.type == "messages.dropped"]
    assert (gap.data["kind"], gap.data["count"]) == ("telemetry", 3)
    with Reader.open(bench.store.path) as reader:
        waiting = [row.topic for row in reader.outbox(1000)]
    assert waiting.count("edge/s/u/up/gas") == 1, "what was handed over before is kept"
    assert waiting[-1] == "edge/s/u/up/gas", "whatever happened goes before it"


def test_what_is_told_again_is_what_was_told_with_all_that_stood_beside_it(bench: Bench) -> None:
    story = Story(bench.settings)
    story.begin_work(goes_in=())
    story.field.gas["gas-ch4"] = {"level": 20.0}
    story.step()
    bench.play(story.lines[1:])
    topic = messages.up_topic(bench.settings.site.site.id, bench.settings.site.site.unit, "event")
    with Reader.open(bench.store.path) as reader:
        first = [(row.id, json.loads(row.payload)) for row in reader.outbox(1000) if row.topic == topic]
        bench.store.commit(Batch(acked=tuple(id_ for id_, _ in first)))
        due, site = Due(after=0, upto=bench.brain.state.seq), bench.settings.site.site
        again = [json.loads(row.payload) for row in rows(reader, due, site=site.id, unit=site.unit)]
    told = sorted((body for _, body in first), key=lambda body: body["seq"])
    assert again == told
    assert len(again) == bench.brain.state.seq
    assert all(body["data"]["context"]["entity"] for body in again)


def test_copies_of_the_centres_come_back_after_a_restart(bench: Bench) -> None:
    story = Story(bench.settings)
    for version in (1, 2):
        body = TicketStatus(id="R-7", event=5, status="done" if version == 2 else "open")
        told = record_of(body, version, story.utc)
        story.file(RecordDelivery(id=f"m-{version}", at_s=story.now_s, record=told))
        story.step()
    bench.play(story.lines[1:])
    bench.brain = bench.wake()
    assert bench.brain.state.centre == {"ticket/R-7": record_of(body, 2, told.received_utc)}


def test_what_a_broker_acked_and_forgot_is_told_again_and_so_is_what_the_centre_lost(bench: Bench) -> None:
    story = Story(bench.settings)
    story.begin_work()
    bench.play(story.lines[1:])
    newest, site = bench.brain.state.seq, bench.settings.site.site

    def centre() -> Acknowledged:
        keeper = bench.brain.keeper
        return Acknowledged(bench.clock, keeper, bench.store.path, site=site.id, unit=site.unit)

    def waiting() -> list[int]:
        told = len(story.lines)
        story.step()
        bench.play(story.lines[told:])
        with Reader.open(bench.store.path) as reader:
            rows = reader.outbox(1000)
        bench.store.commit(Batch(acked=tuple(row.id for row in rows)))  # the broker takes it all
        return sorted(json.loads(row.payload)["seq"] for row in rows if row.priority == AGAIN)

    assert waiting() == []
    acks = centre()
    acks.heard(CentreAck(acked_seq=3), newest)
    bench.clock.now_s += 59
    acks.heard(CentreAck(acked_seq=3), newest)
    assert waiting() == [], "it may still be on its way"
    bench.clock.now_s += STALLED_S
    acks.heard(CentreAck(acked_seq=3), newest)
    assert waiting() == list(range(4, newest + 1))
    acks.heard(CentreAck(acked_seq=newest), newest)
    assert waiting() == []
    bench.brain = bench.wake()  # the unit was killed; the centre comes back with an older disk
    acks = centre()
    acks.heard(CentreAck(acked_seq=2), bench.brain.state.seq)
    assert waiting()[:3] == [3, 4, 5]
    assert acks.fault(CentreAck(acked_seq=10_000), newest) is not None
    assert acks.fault(CentreAck(acked_seq=newest), newest) is None
