"""For every test: how long a machine takes to make an example is no verdict on the code.

`make test` tries the same examples each time, so that it judges the change and not the luck of the day; `make
fuzz` looks for new ones, twenty times as many.
"""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import Priority
from edge_agent.tell.contract.check import event_fault
from tests.support.lanes import Lanes, order

settings.register_profile("same", deadline=None, suppress_health_check=(HealthCheck.too_slow,), derandomize=True)
settings.register_profile("searching", settings.get_profile("same"), derandomize=False, max_examples=2000)
settings.load_profile("same")

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = frozenset(ROOT / name for name in os.environ.get("LEFT_OUT", "").split())


# What is collected stays: to look for what of it may go costs each lane seconds, and every test a little.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on what the tests make is looked at, and nothing older."""
    gc.freeze()
    gc.enable()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """What stands in LEFT_OUT; forty times --ignore is asked of each folder and file, and takes seconds."""
    return True if collection_path in LEFT_OUT else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order in which the lanes take them."""
    items.sort(key=lambda item: order(item.path, ROOT / "tests"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lanes | None:
    """Files beside one another as the lanes take them; whoever wishes otherwise has his way."""
    return Lanes(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(autouse=True, scope="session")
def _every_event_keeps_the_contract() -> Iterator[None]:
    """Whatever a test makes the box tell is what docs/upstream promises of it, member by member."""
    tell = Draft.event

    def checked(self: Draft, type_: str, subject: str, priority: Priority, data: dict[str, Any]) -> None:
        tell(self, type_, subject, priority, data)
        fault = event_fault(type_, self.events[-1].data)
        assert not fault, fault

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Draft, "event", checked)
        yield
