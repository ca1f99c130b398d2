"""What a guard is told at one glance: one of four words, and what to do now. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import to_builtins

from edge_agent.decide.alarms import ACTIVE, concerns
from edge_agent.decide.headcount import head_count
from edge_agent.decide.permit_machine import PERMITTED
from edge_agent.domain.outcome import Alarm, Effect
from edge_agent.domain.permit import Permit
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import WorkLimits
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World


class Word(StrEnum):
    """The four words that a guard ever sees."""

    MAY_WORK = "may_work"
    WARNING = "warning"
    STOPPED = "stopped"
    EVACUATE = "evacuate"


WORDS = {
    Word.MAY_WORK: Words("可以作业", "may work"),
    Word.WARNING: Words("注意", "warning"),
    Word.STOPPED: Words("停止", "stopped"),
    Word.EVACUATE: Words("撤离", "evacuate"),
}
LEAVE = Words("立即撤离到上风向集合点，清点人数", "leave at once, upwind, to the muster point; count people")
# A pause must not trap people or hang a load (docs/domain.md section 3).
MAKE_SAFE = Words("先稳妥处置、放下载荷，再撤离", "make safe, lower the load, then leave")
STOP = Words("停止作业，离开作业点", "stop work and step away from the point")


def word_for(permit: Permit, alarms: Iterable[Alarm]) -> Word:
    """The one word. What is not permitted work is "stopped", whatever else it is."""
    live = [alarm for alarm in alarms if alarm.state in ACTIVE and concerns(alarm, permit.ticket.id)]
    if permit.watched:
        leaving = any(alarm.verdict.effect is Effect.EVACUATE for alarm in live)
        if leaving or (permit.peopled and any(cause.evacuate for cause in permit.causes)):
            return Word.EVACUATE
    if permit.state not in PERMITTED:
        return Word.STOPPED
    warned = any(alarm.verdict.effect >= Effect.WARN for alarm in live)
    # In shadow mode this box protects nobody, so it does not say that all is well.
    return Word.WARNING if warned or permit.overrides or permit.shadow else Word.MAY_WORK


def instruction(permit: Permit, work: WorkLimits) -> Words:
    """What the people of a stopped permit do now; leaving comes before everything."""
    if any(cause.evacuate for cause in permit.causes):
        return LEAVE
    return MAKE_SAFE if work.make_safe else STOP


def stop_told(permit: Permit, job: Job, world: World) -> dict[str, object]:
    """What an event about a stop tells beside its causes: what to do and, if people must leave, who is where."""
    told: dict[str, object] = {"instruction": to_builtins(instruction(permit, job.work))}
    if any(cause.evacuate for cause in permit.causes):
        one = head_count(job, world)
        told["headcount"] = to_builtins(one) | {"people": [to_builtins(person) for person in one.people]}
    return told
