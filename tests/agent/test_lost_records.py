"""The brain when its records before could not be read: said in an event, numbered on, and replayed alike."""

from pathlib import Path

import msgspec

from edge_agent.agent.brain import Brain, Lost, Parts
from edge_agent.ops.replay import decisions, newest_seq
from edge_agent.store import journal as journals
from edge_agent.store.journal import Journal
from edge_agent.store.store import Store
from tests.agent.test_brain import Bench, HandClock
from tests.support.story import Story, scenario_site


def test_numbers_go_on_where_the_journal_ends(tmp_path: Path) -> None:
    bench = Bench(tmp_path, scenario_site())
    bench.journal._segment_s = 4.0
    story = Story(bench.settings)
    story.begin_work()
    story.run(12)
    bench.play(story.lines[1:])
    bench.close()
    assert len(journals.segments(tmp_path / "journal")) > 2
    assert newest_seq(bench.settings, tmp_path / "journal") == bench.brain.state.seq > 5


def test_a_journal_that_cannot_be_read_either_is_passed_over(tmp_path: Path) -> None:
    settings = scenario_site()
    assert newest_seq(settings, tmp_path / "journal") == 0
    bench = Bench(tmp_path, settings)
    bench.close()
    folder = tmp_path / "journal"
    (folder / "00000002-boot.jsonl").write_bytes(b"not JSON\nnor this\n")
    (folder / "00000003-boot.jsonl").write_bytes(b'{"a": "step"}\n')
    assert newest_seq(settings, folder) == bench.brain.state.seq == 1


def test_the_loss_is_told_and_replays(tmp_path: Path) -> None:
    settings = scenario_site()
    journal = Journal(tmp_path / "journal", "boot")
    with Store.open(tmp_path / "agent.sqlite") as store:
        parts = Parts(
            clock=HandClock(),
            store=store,
            journal=journal,
            actuators=[],
            boot="boot",
            lost=Lost(aside="agent.sqlite.corrupt-x", seq=41),
        )
        brain = Brain(settings, parts)
        assert [(event.seq, event.type) for event in brain.newest] == [(43, "records.lost"), (42, "unit.started")]
        assert "agent.sqlite.corrupt-x" in brain.newest[0].data["words"]["zh"]
        assert store.load().seq == 43
    journal.close()
    (segment,) = journals.segments(tmp_path / "journal")
    (opening,) = decisions(settings, journals.read(segment))
    assert list(map(msgspec.json.encode, opening.events)) == list(map(msgspec.json.encode, reversed(brain.newest)))
