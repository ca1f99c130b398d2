"""A bundle to hand over is made by the box itself once the wish for it is on record, and checked elsewhere."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.domain.request import Ask
from edge_agent.ops.bundles import MOST_KEPT, Bundles
from edge_agent.ops.export import check_bundle
from edge_agent.ops.folders import BUNDLES
from edge_agent.ops.unit_key import unit_key
from edge_agent.tell.signing import public_text
from tests.support.recorded import Unit

WITHIN_S = 60.0


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    made = Unit(tmp_path_factory.mktemp("unit") / "site")
    unit_key(made.settings.state_folder)
    return made


def wished(unit: Unit, name: str) -> None:
    """The safety officer's wish, answered by the real step and recorded by the real brain."""
    unit.story.ask(Ask.FILM, "zhao-min", permit="", about=(name, "bundle"), reason="inquiry")
    unit.story.step()
    assert unit.story.decisions[-1].answers[-1].accepted
    unit.record()


@contextmanager
def working(unit: Unit) -> Iterator[Bundles]:
    bundles, stop = Bundles(unit.settings), threading.Event()
    thread = threading.Thread(target=bundles.run, args=(stop,))
    thread.start()
    try:
        yield bundles
    finally:
        stop.set()
        thread.join(WITHIN_S)


def until(there: Callable[[], bool]) -> None:
    ends_s = time.monotonic() + WITHIN_S
    while not there():
        assert time.monotonic() < ends_s
        time.sleep(0.02)


def lying(unit: Unit, name: str) -> Path:
    return unit.settings.state_folder / BUNDLES / name


def test_a_wish_on_record_becomes_a_signed_bundle_of_that_permit(unit: Unit) -> None:
    seq = next(e.seq for d in unit.story.decisions for e in d.events if e.type == "permit.paused")
    wished(unit, f"{seq}-abc123")
    with working(unit) as bundles:
        bundles.beside(unit.story.decisions[-1])
        until(lying(unit, f"{seq}-abc123.zip").is_file)
    key = public_text(unit_key(unit.settings.state_folder))
    assert check_bundle.main([str(lying(unit, f"{seq}-abc123.zip")), "--key", key]) == 0


def test_an_event_that_never_was_is_told_in_both_languages(unit: Unit) -> None:
    wished(unit, "99999-abc123")
    with working(unit) as bundles:
        bundles.beside(unit.story.decisions[-1])
        until(lying(unit, "99999-abc123.failed").is_file)
    assert "no record" in lying(unit, "99999-abc123.failed").read_text("utf-8")


def test_names_that_lead_elsewhere_are_made_nowhere_and_old_bundles_give_way(unit: Unit) -> None:
    lying(unit, "").mkdir(exist_ok=True)
    for n in range(MOST_KEPT + 3):
        lying(unit, f"1-old00{n:02}.zip").write_bytes(b"")
    event = next(e for d in unit.story.decisions for e in d.events if e.type == "evidence.exported")
    hostile = replace(event, data=event.data | {"file": "../../1-abc123"})
    wished(unit, "99998-abc123")
    with working(unit) as bundles:
        bundles.beside(replace(unit.story.decisions[-1], events=(hostile,)))
        bundles.beside(unit.story.decisions[-1])
        until(lying(unit, "99998-abc123.failed").is_file)
    assert len(list(lying(unit, "").iterdir())) == MOST_KEPT
    assert not list(unit.settings.folder.glob("*.zip"))
