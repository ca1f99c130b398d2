"""The brain when its records before could not be read: said in an event, numbered on, and replayed alike."""

from pathlib import Path

import msgspec

from edge_agent.agent.brain import Brain, Lost, Parts
from edge_agent.agent.journal_end import end
from edge_agent.decide.state import ChainBreak
from edge_agent.ops.replay import decisions, newest
from edge_agent.store import journal as journals
from edge_agent.store.chain import GENESIS
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
    last = newest(bench.settings, tmp_path / "journal")
    assert last is not None
    assert last.state.seq == bench.brain.state.seq > 5
    assert last.settings == bench.settings.digest
    assert {id_: one.state for id_, one in last.state.permits.items()} == {
        id_: one.state for id_, one in bench.brain.state.permits.items()
    }


def test_a_journal_that_cannot_be_read_either_is_passed_over(tmp_path: Path) -> None:
    settings = scenario_site()
    assert newest(settings, tmp_path / "journal") is None
    assert end(tmp_path / "journal") is None
    bench = Bench(tmp_path, settings)
    bench.close()
    folder = tmp_path / "journal"
    (folder / "00000002-boot.jsonl").write_bytes(b"not JSON\nnor this\n")
    (folder / "00000003-boot.jsonl").write_bytes(b'{"a": "step"}\n')
    last = newest(settings, folder)
    assert last is not None
    assert last.state.seq == bench.brain.state.seq == 1
    known = end(folder)
    assert known is not None
    assert (known.head, known.whole) == (GENESIS, False)


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
            lost=Lost(broken=ChainBreak(why="damaged", aside="agent.sqlite.corrupt-x"), seq=41),
        )
        brain = Brain(settings, parts)
        assert [(event.seq, event.type) for event in brain.newest] == [(43, "unit.started"), (42, "records.lost")]
        assert "agent.sqlite.corrupt-x" in brain.newest[1].data["words"]["zh"]
        assert store.load().seq == 43
    journal.close()
    (segment,) = journals.segments(tmp_path / "journal")
    (opening,) = decisions(settings, journals.read(segment))
    assert list(map(msgspec.json.encode, opening.events)) == list(map(msgspec.json.encode, reversed(brain.newest)))
