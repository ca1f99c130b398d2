"""The time in which the box was down, from the journal of the boot before to the ledger of the permit."""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from edge_agent.agent.brain import Brain, Parts
from edge_agent.agent.last_words import UNKNOWN, last_words
from edge_agent.fuse.gas_average import Exposure, Minutes
from edge_agent.settings.site import Settings
from edge_agent.store.journal import Journal
from edge_agent.store.store import Store
from tests.agent.test_brain import Bench, HandClock
from tests.support.story import Story, scenario_site


def test_without_a_journal_nobody_knows_how_long_the_box_watched(tmp_path: Path) -> None:
    site = scenario_site()
    assert last_words(site, tmp_path) == UNKNOWN
    (tmp_path / "00000001-boot.jsonl").write_bytes(b"")
    assert last_words(site, tmp_path) == UNKNOWN


def test_the_journal_says_until_when_the_box_watched(tmp_path: Path) -> None:
    bench = Bench(tmp_path, scenario_site())
    story = Story(bench.settings)
    story.begin_work()
    story.run(20)
    bench.play(story.lines[1:])
    bench.close()
    last = last_words(bench.settings, tmp_path / "journal")
    assert last.alive_utc == story.utc
    clock = HandClock()
    clock.now_s = story.now_s + 90
    journal = Journal(tmp_path / "journal", "next")
    with Store.open(tmp_path / "agent.sqlite") as store:
        parts = Parts(clock=clock, store=store, journal=journal, actuators=[], boot="next", last=last)
        ledger = Brain(bench.settings, parts).state.permits["P-1"].coverage
    journal.close()
    assert ledger is not None
    (down,) = [hole for hole in ledger.holes if hole.feed == "unit"]
    assert (down.from_utc, down.until_utc) == (story.utc, story.utc + 90)


def averaged(brain: Brain) -> dict[str, Minutes]:
    return {id_: track.minutes for id_, track in brain.state.memory.gas.items() if track.minutes.of}


def killed(bench: Bench, story: Story, down_s: float, settings: Settings | None = None) -> None:
    """The brain is gone without a word, and comes up again so many seconds later."""
    bench.brain.keeper.flush()
    bench.settings = settings or bench.settings
    last = last_words(bench.settings, bench.folder / "journal")
    assert last.exposure == Exposure(at=story.instant, minutes=averaged(bench.brain))
    story.now_s, story.utc = story.now_s + down_s, story.utc + down_s
    bench.clock.now_s = story.now_s
    bench.brain = bench.wake(last)


def test_a_kill_loses_no_minute_that_was_measured(tmp_path: Path) -> None:
    """Killed in the middle of a minute, and again before another line was written."""
    bench = Bench(tmp_path, scenario_site())
    story = Story(bench.settings)
    story.field.gas["gas-co"] = {"level": 12.0}
    story.run(200)
    bench.play(story.lines[1:])
    before = averaged(bench.brain)
    assert sum(mean is not None for mean in before["gas-co"].kept) >= 2
    killed(bench, story, 5)
    killed(bench, story, 0)
    assert averaged(bench.brain) == before
    story.lines.clear()
    story.run(100)
    bench.play(story.lines)
    kept = averaged(bench.brain)["gas-co"].kept
    assert kept == (*before["gas-co"].kept, *(12.0,) * (len(kept) - len(before["gas-co"].kept)))
    killed(bench, story, 200)
    story.lines.clear()
    story.run(60)
    bench.play(story.lines)
    missing = averaged(bench.brain)["gas-co"].kept[len(kept) :].count(None)
    assert 3 <= missing <= 4  # of 200 s three or four minutes know too little
    bench.close()


def test_a_segment_that_begins_in_the_middle_says_what_came_before_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, scenario_site())
    story = Story(bench.settings)
    story.run(130)
    bench.play(story.lines[1:])
    bench.journal.rotate(
        msgspec.json.encode(bench.brain.keeper._start(story.instant, state=bench.brain.state)), 0.0
    )
    killed(bench, story, 5)
    assert averaged(bench.brain)["gas-co"].kept
    bench.close()


def test_a_detector_of_another_gas_has_measured_nothing_of_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, scenario_site())
    story = Story(bench.settings)
    story.run(130)
    bench.play(story.lines[1:])
    bench.brain.keeper.flush()
    site = bench.settings.site
    ammonia = replace(site.gas["gas-co"], gas="nh3")
    bench.settings = replace(bench.settings, site=replace(site, gas=site.gas | {"gas-co": ammonia}))
    bench.brain = bench.wake(last_words(bench.settings, bench.folder / "journal"))
    assert averaged(bench.brain) == {}
    bench.close()
