"""Somebody of the permit is in trouble: he calls for help, falls, or does not stir where nobody sees him."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text, stopped_by
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass, State
from edge_agent.domain.person import Person
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.people import Tag
from edge_agent.fuse.world import World

RESCUE = Words("撤离，救援，清点人数", "Leave; rescue; count people")
IN_DANGER = Words("可能有人有生命危险", "somebody may be in mortal danger")


def sos(world: World) -> Iterator[Finding]:
    """Somebody of this permit presses SOS."""
    for job in world.jobs:
        for person, tag in job.tags:
            if tag.sos:
                words = Words(f"{person.name} 求救", f"{person.name} calls for help")
                yield Finding(job.permit.ticket.id, person.id, words)


def fall(world: World) -> Iterator[Finding]:
    """Somebody's wearable says that he fell. Off the wrist too: a hard fall may loosen it."""
    for job in world.jobs:
        for person, tag in job.tags:
            if tag.fall:
                words = Words(f"{person.name} 跌倒", f"{person.name} has fallen")
                yield Finding(job.permit.ticket.id, person.id, words)


def lone_still_long(world: World) -> Iterator[Finding]:
    """Somebody whom nobody sees lies still for the warning time: ask him first."""
    yield from _lone(world, world.rulebook.lone.still_warn_s.value)


def lone_still(world: World) -> Iterator[Finding]:
    """Somebody whom nobody sees lies still, and did not answer."""
    yield from _lone(world, world.rulebook.lone.still_evacuate_s.value)


def _lone(world: World, limit_s: float) -> Iterator[Finding]:
    """Only a wearable with an IMU that is heard can say that its wearer lies still: silence is no stillness."""
    for job in world.jobs:
        alone = _alone(job)
        for person, tag in job.tags:
            if person.id not in alone or not _tells(tag):
                continue
            still_s = world.now_s - max(tag.stirred_s or 0.0, alone[person.id])
            if still_s >= limit_s:
                yield Finding(job.permit.ticket.id, person.id, _words(person, still_s))


def _alone(job: Job) -> dict[str, float]:
    """Who may lie unseen, and when he was last known to be well: those inside, and an only worker."""
    alone = {inside.person: inside.heard_s for inside in job.permit.inside}
    workers = job.permit.ticket.workers
    if len(workers) == 1 and job.permit.state is State.ACTIVE:
        alone.setdefault(workers[0], job.permit.since_s)
    if len(workers) == 1 and stopped_by(job.permit, "lone_still"):
        alone.setdefault(workers[0], 0.0)
    return alone


def _tells(tag: Tag) -> bool:
    return tag.heard and tag.imu and tag.worn is not False


def _words(person: Person, still_s: float) -> Words:
    return Words(f"{person.name} {still_s:.0f} 秒没有活动", f"{person.name} has not stirred for {still_s:.0f} s")


RULES = (
    Rule(
        name="sos",
        code="PTW-04",
        find=sos,
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.PERSON,
        latch=True,
        retest=True,
        act_within_s=10,
        looks=True,
        clause="docs/domain.md 2.6: SOS",
        ledger="2-47",
        text=Text(
            title=Words("求救", "SOS"),
            cause=Words("有人按下求救键", "somebody pressed SOS"),
            consequence=Words("可能有人有生命危险", "somebody may be in mortal danger"),
            action=Words("撤离，救援，清点人数", "Leave; rescue; count people"),
        ),
    ),
    Rule(
        name="fall",
        code="PPL-21",
        find=fall,
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.PERSON,
        latch=True,
        retest=True,
        act_within_s=10,
        looks=True,
        clause="docs/domain.md 2.6: fall, man-down",
        ledger="2-47",
        text=Text(
            title=Words("人员跌倒", "Man down"),
            cause=Words("手环检测到跌倒", "a wearable felt a fall"),
            consequence=IN_DANGER,
            action=RESCUE,
        ),
    ),
    Rule(
        name="lone_still_long",
        code="PPL-22",
        find=lone_still_long,
        effect=Effect.WARN,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        heralds=("lone_still", "fall", "sos"),
        signal=("vibrate",),
        act_within_s=60,
        clause="docs/domain.md 2.6: lone no-motion",
        ledger="2-47",
        text=Text(
            title=Words("单独作业人员暂无活动", "Lone worker has not stirred"),
            cause=Words("手环没有活动", "the wearable lies still"),
            consequence=Words("无人应答将按人员遇险撤离", "without an answer it is treated as man-down"),
            action=Words("请活动一下；监护人呼叫本人", "Move; the guard calls him"),
        ),
    ),
    Rule(
        name="lone_still",
        code="PPL-23",
        find=lone_still,
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.PERSON,
        heralds=("fall", "sos"),
        latch=True,
        retest=True,
        act_within_s=10,
        clause="docs/domain.md 2.6: lone no-motion",
        ledger="2-47",
        text=Text(
            title=Words("单独作业人员长时间无活动", "Lone worker lies still"),
            cause=Words("手环长时间没有活动", "the wearable has lain still too long"),
            consequence=IN_DANGER,
            action=RESCUE,
        ),
    ),
)
