"""Start gate, the guard's wearable: fast enough to be the only thing that shows him (docs/domain.md 2.5 G3, 7)."""

from collections.abc import Iterator

from edge_agent.decide.guarding import too_slow
from edge_agent.decide.rules.guard import guard_text
from edge_agent.decide.rules.rule import Rule
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.fuse.world import World


def tag_too_slow(world: World) -> Iterator[Finding]:
    """The guard's own tag is heard too seldom, by its own measured intervals, and no camera sees his post."""
    for job in world.waiting:
        for words in too_slow(job.guard_tag, job, world):
            yield Finding(job.permit.ticket.id, "guard", words)


RULES = (
    Rule(
        name="guard_tag_too_slow",
        code="GRD-22",
        find=tag_too_slow,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        before_start=True,
        act_within_s=1800,
        clause="docs/domain.md 2.5 G3, 7: a tag with a p99 above the limit is never a guard's only source",
        ledger="2-24",
        text=guard_text(
            "监护人手环信号太慢", "The guard's wearable is too slow", "手环信号间隔过长", "it is heard too seldom"
        ),
    ),
)
