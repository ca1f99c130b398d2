"""The time in which the box was down, from the journal of the boot before to the ledger of the permit."""

from pathlib import Path

from edge_agent.agent.brain import Brain, Parts
from edge_agent.ops.replay import alive_utc
from edge_agent.store.journal import Journal
from edge_agent.store.store import Store
from tests.agent.test_brain import Bench, HandClock
from tests.support.story import Story, scenario_site


def test_without_a_journal_nobody_knows_how_long_the_box_watched(tmp_path: Path) -> None:
    assert alive_utc(tmp_path) is None
    (tmp_path / "00000001-boot.jsonl").write_bytes(b"")
    assert alive_utc(tmp_path) is None


def test_the_journal_says_until_when_the_box_watched(tmp_path: Path) -> None:
    bench = Bench(tmp_path, scenario_site())
    story = Story(bench.settings)
    story.begin_work()
    story.run(20)
    bench.play(story.lines[1:])
    bench.close()
    dead_utc = alive_utc(tmp_path / "journal")
    assert dead_utc == story.utc
    clock = HandClock()
    clock.now_s = story.now_s + 90
    journal = Journal(tmp_path / "journal", "next")
    with Store.open(tmp_path / "agent.sqlite") as store:
        parts = Parts(clock=clock, store=store, journal=journal, actuators=[], boot="next", alive_utc=dead_utc)
        ledger = Brain(bench.settings, parts).state.permits["P-1"].coverage
    journal.close()
    assert ledger is not None
    (down,) = [hole for hole in ledger.holes if hole.feed == "unit"]
    assert (down.from_utc, down.until_utc) == (story.utc, story.utc + 90)
