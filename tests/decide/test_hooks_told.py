"""Whose hook is open while nobody knows where he is: told to somebody, and neither let be nor taken for a fall."""

from collections.abc import Callable

import pytest

from edge_agent.domain.permit import State
from tests.scenarios.stories.people import OUTSIDE, hung_at_height, with_hook
from tests.support.languages import faults
from tests.support.story import Story


def unseen(told: Story) -> None:
    told.field.silent.add("tag-worker-1")
    told.run(60, every_s=2)


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        (unseen, "he is not hooked on, and nobody knows where he is, so that nobody can tell whether he hangs on"),
        (lambda told: told.field.worker.update(OUTSIDE), ""),
    ],
    ids=["his wearable is silent", "he is elsewhere"],
)
def test_who_is_unhooked_is_asked_about_unless_he_is_known_to_be_elsewhere(
    lost: Callable[[Story], None], says: str
) -> None:
    told = hung_at_height(with_hook(), hooked=True)
    lost(told)
    told.field.contacts["hook-1"] = False
    told.run(10)
    found = [one.verdict for one in told.decisions[-1].state.alarms.values() if one.verdict.code == "PPL-29"]
    assert [one.finding.detail.en.removeprefix("周强 Zhou Qiang: ") for one in found] == (
        [f"{says} (Hook 1)"] if says else []
    )
    assert [wrong for one in found for wrong in faults(one.finding.detail) if "周强" not in str(wrong)] == []
    assert told.state is State.ACTIVE
