"""Bytes of the records change on the disk between two starts: set aside, said, and the work comes up paused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from edge_agent.domain.permit import State
from edge_agent.store.chain import verify
from edge_agent.store.reader import Reader
from tests.system.site import WITHIN_S, Site

Damage = Callable[[Path], None]


def of_a_page(database: Path) -> None:
    """A whole page, as a worn card loses it."""
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 4096)


def of_the_permit(database: Path) -> None:
    """One bit in a permit's own document: the pages still hang together, so SQLite notices nothing."""
    content = database.read_bytes()
    assert b'"state":"active"' in content
    database.write_bytes(content.replace(b'"state":"active"', b'"state":"\xe1ctive"'))


@pytest.mark.parametrize("damage", [of_a_page, of_the_permit])
def test_damaged_records_are_set_aside_and_the_box_guards(site: Site, damage: Damage) -> None:
    stage = site.stage
    site.begin_work()
    before = site.last_seq()
    stage.subscriber.wait_for_seq(before, WITHIN_S)
    aside = set(stage.state_folder.glob("agent.sqlite.corrupt-*"))
    mark = stage.relay.mark()
    stage.agent.stop()
    damage(stage.state_folder / "agent.sqlite")
    stage.start_agent()

    assert set(stage.state_folder.glob("agent.sqlite.corrupt-*")) - aside, "kept as evidence"
    site.until_state(State.PAUSED)
    assert site.energised_since(mark) == []
    kept = site.kept()
    assert [event.type for event in kept[:2]] == ["records.lost", "unit.started"]
    assert "moved aside to agent.sqlite.corrupt-" in kept[0].data["words"]["en"]
    assert kept[0].seq > before, "the centre takes a number that it has seen for a repetition"
    stage.subscriber.expect("records.lost", WITHIN_S)
    assert "the records are damaged and moved aside" in site.log()
    with Reader.open(stage.state_folder / "agent.sqlite") as reader:
        assert verify(reader.audit()) is None
    site.resume("wang-lei", "li-na")
