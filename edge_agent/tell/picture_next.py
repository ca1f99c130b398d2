"""What is asked of the people of each permit, for the live picture: found anew when something happened.

A rehearsal asks everybody about everything: with 50 people and four permits some 3,000 questions. Nothing that
they depend on changes without an event but places and time, and those may be two seconds old.
"""

from collections.abc import Callable

from msgspec import Struct

from edge_agent.decide import next_steps, samples
from edge_agent.decide.next_steps import Scene
from edge_agent.domain.next_step import GasTest, Lacking, NextStep

OLDEST_S = 2.0


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked of people now; nothing of what has ended and is not watched any more."""

    next: tuple[NextStep, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    needs_retest: bool = False
    test: GasTest = GasTest(gases=())


def asked(scene: Scene) -> Asked:
    """What is asked of this permit's people at this moment."""
    return Asked(
        next=next_steps.next_steps(scene),
        lacking=tuple(next_steps.lacking(scene)),
        needs_retest=next_steps.needs_retest(scene),
        test=samples.asked(scene.job, scene.world.rulebook),
    )


class Rehearsed:
    """Remembers the last rehearsal of each permit until something happens. Belongs to one thread."""

    def __init__(self, asked: Callable[[Scene], Asked] = asked) -> None:
        """Nothing is known yet."""
        self._asked = asked
        self._known: dict[str, tuple[int, float, Asked]] = {}

    def __call__(self, scene: Scene) -> Asked:
        """As `asked`, at most two seconds old, and of no earlier event."""
        id_, seq, now_s = scene.permit.ticket.id, scene.state.seq, scene.world.now_s
        known = self._known.get(id_)
        if known is not None and known[0] == seq and now_s - known[1] < OLDEST_S:
            return known[2]
        fresh = self._asked(scene)
        self._known = {key: one for key, one in self._known.items() if key in scene.state.permits}
        self._known[id_] = (seq, now_s, fresh)
        return fresh
