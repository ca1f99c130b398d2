"""kill -9 in mid-work: the power falls by itself, nothing comes back by itself, nothing told is lost."""

from pathlib import Path

import msgspec

from edge_agent.decide.state import Inputs, Start
from edge_agent.domain.outcome import Event
from edge_agent.domain.permit import State
from edge_agent.ops.demo.job import AIR
from edge_agent.ops.replay import decisions, line
from edge_agent.settings.load import load
from edge_agent.store import journal
from edge_agent.store.chain import verify
from edge_agent.store.reader import Reader
from tests.system.processes import Ends, descendants
from tests.system.site import WITHIN_S, Site, until

ROOT = Path(__file__).resolve().parents[2]
WATCHDOG_S = 2.0  # of the module, site.toml
LATE_S = 1.5  # for a busy machine
PROGRAMS = ("camera.capture", "camera.inference", "tell.forwarder")


def test_killed_in_mid_work(site: Site) -> None:
    stage = site.stage
    site.begin_work()
    below = until(lambda: all_programs(stage.agent.pid), f"all of {PROGRAMS} run")
    ends, mark = Ends(below), stage.relay.mark()
    before = site.last_seq()
    killed_s = stage.relay.command("status")["t"]
    stage.agent.kill()
    fell = site.coil(mark, on=False)
    assert fell["why"] == "watchdog"
    assert fell["t"] - killed_s < WATCHDOG_S + LATE_S
    assert ends.left(WITHIN_S) == [], "its programs end with it"

    stage.start_agent()
    paused = site.until_state(State.PAUSED)
    day = stage.live().today
    assert min(day["restarts"], day["starts"]) >= 1, "the figures of the day go on"
    assert [cause.title.en for cause in paused.causes] == ["The box restarted"]
    assert site.event("permit.restarted", before).subject == site.permit
    assert averaged_before(site)
    missing = site.refused("resume", "wang-lei")
    assert "re-test" in missing
    assert "check in again" in missing
    site.until_accepted("retest", "sun-yan", samples=AIR)
    assert "re-test" not in site.refused("resume", "wang-lei")
    site.until_accepted("check_in", "li-na")
    site.until_accepted("resume", "wang-lei")
    site.until_state(State.RESUME_CHECK)
    assert site.energised_since(mark) == [], "one signature is not enough"
    site.must("resume", "li-na")
    site.until_state(State.ACTIVE)
    site.coil(mark, on=True)

    kept = site.kept()
    assert list(map(line, replayed(site))) == list(map(line, kept))
    assert len([event for event in kept if event.type == "unit.started"]) > 1
    with Reader.open(stage.state_folder / "agent.sqlite") as reader:
        assert verify(reader.audit()) is None
    stage.subscriber.wait_for_seq(kept[-1].seq, WITHIN_S)
    assert stage.subscriber.faults() == []


def averaged_before(site: Site) -> bool:
    """Whether the newest run began with what the detectors had measured in the one before, up to the kill."""
    last, newest = journal.segments(site.stage.state_folder / "journal")[-2:]
    begun = msgspec.json.decode(next(journal.read(newest)), type=Start).kept
    *_, before = journal.read(last)
    exposure = begun.exposure
    at = None if exposure is None else exposure.at
    return at == msgspec.json.decode(before, type=Inputs).instant and exposure.minutes["gas-co"].count > 0


def all_programs(pid: int) -> dict[int, str] | None:
    """The agent's programs, once all of them run."""
    below = descendants(pid)
    return below if all(any(name in command for command in below.values()) for name in PROGRAMS) else None


def replayed(site: Site) -> list[Event]:
    """Every decision again from the journal of every run.

    A step may stand in the journal and not in the records, if the kill came between the two: then it
    never happened, and the next run begins before it.
    """
    settings = load(site.stage.site, ROOT)
    runs = [list(journal.read(path)) for path in journal.segments(site.stage.state_folder / "journal")]
    begins = [began_at(lines[0]) for lines in runs]
    events: list[Event] = []
    for lines, begin in zip(runs, begins, strict=True):
        events = [event for event in events if event.seq <= begin]
        events += [event for decision in decisions(settings, lines) for event in decision.events]
    kept = site.kept()
    return [event for event in events if kept[0].seq <= event.seq <= kept[-1].seq]


def began_at(line: bytes) -> int:
    """The number of the last event before this segment."""
    start = msgspec.json.decode(line, type=Start)
    return start.kept.seq if start.state is None else start.state.seq
