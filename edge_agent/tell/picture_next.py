"""What is asked of the people of each permit, for the live picture: found anew when something about it happened.

A rehearsal asks everybody about everything: with 50 people some 900 questions a permit, 5 ms (measured). What they
depend on changes with the permit, its alarms and the people; places and time alone may be two seconds old.
"""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.decide import next_steps, samples
from edge_agent.decide.scene import Scene
from edge_agent.domain.next_step import GasTest, Lacking, NextStep

OLDEST_S = 2.0
SOONEST_S = 0.2  # in a flood of alarms the interpreter belongs to the brain


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked of people now; nothing of what has ended and is not watched any more."""

    next: tuple[NextStep, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    needs_retest: bool = False
    test: GasTest = GasTest(gases=())


class _Known(Struct, frozen=True):
    """One permit's last rehearsal: when, what it rested on, and what came of it."""

    at_s: float
    basis: tuple[object, ...]
    asked: Asked


def asked(scene: Scene) -> Asked:
    """What is asked of this permit's people at this moment."""
    return Asked(
        next=next_steps.next_steps(scene),
        lacking=tuple(next_steps.lacking(scene)),
        needs_retest=next_steps.needs_retest(scene),
        test=samples.asked(scene.job, scene.world.rulebook),
    )


class Rehearsed:
    """Remembers the last rehearsal of each permit until something about it happens. Belongs to one thread."""

    def __init__(self, asked: Callable[[Scene], Asked] = asked) -> None:
        """Nothing is known yet."""
        self._asked = asked
        self._known: dict[str, _Known] = {}

    def __call__(self, scene: Scene) -> Asked:
        """As `asked`: of what holds now or, in a flood, held a moment ago."""
        id_, now_s = scene.permit.ticket.id, scene.world.now_s
        known, basis = self._known.get(id_), _basis(scene)
        if known is not None and now_s - known.at_s < (OLDEST_S if known.basis == basis else SOONEST_S):
            return known.asked
        fresh = self._asked(scene)
        self._known = {key: one for key, one in self._known.items() if key in scene.state.permits}
        self._known[id_] = _Known(now_s, basis, fresh)
        return fresh


def _basis(scene: Scene) -> tuple[object, ...]:
    """What changes only with an event: the permit but for its clocks, its alarms by their states, the people."""
    return (
        replace(scene.permit, clean_since_s=None, coverage=None, end_at_s=0.0),
        tuple((one.verdict.key, one.state, one.shelf, one.verdict.overridden) for one in scene.alarms),
        scene.world.shift,
        scene.world.persons,  # the same mapping until somebody changes
    )
