"""Records that do not go on where they were last told: what people read, and what they have to do about it."""

import pytest

from edge_agent.decide.chain_break import words
from edge_agent.decide.state import ChainBreak, Kept
from edge_agent.domain.outcome import Priority
from tests.support.languages import faults
from tests.support.story import Story, scenario_site

HEAD = "9f2c" * 16


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (
            ChainBreak(why="damaged", aside="agent.sqlite.corrupt-1"),
            ("damaged and moved aside", "send what is still"),
        ),
        (
            ChainBreak(why="damaged", aside="x", by_journal=True),
            ("damaged and moved aside", "those of the journal"),
        ),
        (ChainBreak(why="older", rows=12, head=HEAD), ("the records end before", "must be looked at anew")),
        (
            ChainBreak(why="journal", rows=12, head=HEAD),
            ("the journal ends before the records", "no record is lost"),
        ),
        (
            ChainBreak(why="restored", made_utc=1_794_990_000.0),
            ("the backup of 2026-11-18", "must be looked at anew"),
        ),
    ],
    ids=lambda value: value.why if isinstance(value, ChainBreak) else "",
)
def test_each_break_says_what_happened_and_what_is_to_be_done(broken: ChainBreak, says: tuple[str, str]) -> None:
    said = words(broken)
    what, _, more = said.en.partition(": ")
    assert says[0] in what
    assert says[1] in more
    assert ("12 rows, the last 9f2c9f2c9f2c" in what) is bool(broken.head)
    assert "numbers go on far behind" not in more
    assert faults(said) == []


def test_numbers_that_go_on_from_an_unknown_place_are_told_as_such() -> None:
    said = words(ChainBreak(why="older", jumped=True))
    assert said.en.endswith("nobody knows the newest number that was told, so numbers go on far behind it")
    assert faults(said) == []


@pytest.mark.parametrize(
    ("why", "type_", "priority"),
    [("journal", "records.lost", Priority.CRITICAL), ("restored", "records.restored", Priority.HIGH)],
)
def test_it_is_told_before_anything_else(why: str, type_: str, priority: Priority) -> None:
    broken = ChainBreak(why=why, made_utc=1_794_990_000.0, jumped=True)  # type: ignore[arg-type]
    event = Story(scenario_site(), kept=Kept(seq=41, broken=broken)).decisions[0].events[0]
    assert (event.seq, event.type, event.priority) == (42, type_, priority)
    assert event.data["jumped"] is True
