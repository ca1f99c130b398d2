"""For every test: how long a machine takes to make an example is no verdict on the code.

`make test` tries the same examples each time, so that it judges the change and not the luck of the day; `make
fuzz` looks for new ones, twenty times as many.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import Priority
from edge_agent.tell.contract.check import event_fault

settings.register_profile("same", deadline=None, suppress_health_check=(HealthCheck.too_slow,), derandomize=True)
settings.register_profile("searching", settings.get_profile("same"), derandomize=False, max_examples=2000)
settings.load_profile("same")


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
