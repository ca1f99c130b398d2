"""Rules about those inside: how long they stay, whether they answer, and that they come out when told to."""

from collections.abc import Iterator

from edge_agent.decide.consent import person_of
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, Inside, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

COME_OUT = Words("立即让其撤出", "Call him out")


def inside_long(world: World) -> Iterator[Finding]:
    """Somebody's longest stay is nearly over."""
    warn_s = world.rulebook.entry.inside_warn_s.value
    for job, inside, limit_s, name in _stays(world):
        left_s = limit_s - (world.now_s - inside.since_s)
        if 0 < left_s <= warn_s:
            words = Words(
                f"{name} 须在 {left_s / 60:.0f} 分钟内撤出", f"{name} must be out in {left_s / 60:.0f} min"
            )
            yield Finding(job.permit.ticket.id, inside.person, words)


def inside_too_long(world: World) -> Iterator[Finding]:
    """Somebody is inside longer than the rulebook allows (ledger 2-56)."""
    for job, inside, limit_s, name in _stays(world):
        stay_s = world.now_s - inside.since_s
        if stay_s >= limit_s:
            words = Words(
                f"{name} 已停留 {stay_s / 60:.0f} 分钟（限 {limit_s / 60:.0f} 分钟）",
                f"{name} has been inside for {stay_s / 60:.0f} min (limit {limit_s / 60:.0f} min)",
            )
            yield Finding(job.permit.ticket.id, inside.person, words)


def contact_due(world: World) -> Iterator[Finding]:
    """Somebody inside has not answered for the contact time: call him."""
    yield from _silent_inside(world, 0.0)


def contact_lost(world: World) -> Iterator[Finding]:
    """Called, and still no answer."""
    yield from _silent_inside(world, world.rulebook.entry.contact_grace_s.value)


def _silent_inside(world: World, grace_s: float) -> Iterator[Finding]:
    for job in world.jobs:
        limit = job.work.contact_s
        for inside in job.permit.inside if limit is not None else ():
            silent_s = world.now_s - inside.heard_s
            if limit is not None and silent_s >= limit.value + grace_s:
                name = person_of(world.persons, inside.person)
                words = Words(f"{name} {silent_s:.0f} 秒没有应答", f"{name} has not answered for {silent_s:.0f} s")
                yield Finding(job.permit.ticket.id, inside.person, words)


def still_inside(world: World) -> Iterator[Finding]:
    """People were told to leave, in earnest, and somebody has not come out."""
    limit_s = world.rulebook.entry.still_inside_s.value
    for job in world.jobs:
        ordered = [cause.at_s for cause in job.permit.causes if cause.evacuate and not cause.drill]
        if ordered and job.permit.inside and world.now_s - min(ordered) >= limit_s:
            names = [person_of(world.persons, inside.person) for inside in job.permit.inside]
            listed = f"{len(names)} 人未撤出：{'、'.join(names)}"
            words = Words(listed, f"{len(names)} still inside: {', '.join(names)}")
            yield Finding(job.permit.ticket.id, "inside", words)


def _stays(world: World) -> Iterator[tuple[Job, Inside, float, str]]:
    for job in world.jobs:
        limit = job.work.inside_max_s
        if limit is not None:
            for inside in job.permit.inside:
                yield job, inside, limit.value, person_of(world.persons, inside.person)


RULES = (
    Rule(
        name="inside_long",
        code="PPL-05",
        find=inside_long,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        act_within_s=300,
        clause="ledger: guard overtime warning in confined spaces",
        ledger="2-56",
        text=Text(
            title=Words("内部停留时间将到", "His time inside is nearly over"),
            cause=Words("停留时间接近上限", "the stay inside comes near its limit"),
            consequence=Words("疲劳、缺氧风险增加", "fatigue and lack of oxygen become likelier"),
            action=Words("准备换人", "Get ready to change over"),
        ),
    ),
    Rule(
        name="inside_too_long",
        code="PPL-06",
        find=inside_too_long,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        clause="ledger: guard overtime warning in confined spaces",
        ledger="2-56",
        text=Text(
            title=Words("内部停留时间超限", "Inside for too long"),
            cause=Words("停留时间超过上限", "the stay inside is beyond its limit"),
            consequence=Words("疲劳、缺氧风险增加", "fatigue and lack of oxygen become likelier"),
            action=COME_OUT,
        ),
    ),
    Rule(
        name="contact_due",
        code="PPL-07",
        find=contact_due,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        clause="GB 30871-2022 6.8; 29 CFR 1910.146(i)(5): communicates with entrants",
        ledger="2-56",
        text=Text(
            title=Words("应联系内部人员", "Call the people inside"),
            cause=Words("规定时间内没有联系", "no contact within the set time"),
            consequence=Words("内部人员可能已失去知觉", "somebody inside may have lost consciousness"),
            action=Words("呼叫内部人员，应答后按“已应答”", "Call him; press “answered”"),
        ),
    ),
    Rule(
        name="contact_lost",
        code="PPL-08",
        find=contact_lost,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.CRITICAL,
        blame=Blame.PERSON,
        act_within_s=30,
        clause="GB 30871-2022 6.8; 29 CFR 1910.146(i)(5): communicates with entrants",
        ledger="2-56",
        text=Text(
            title=Words("与内部人员失去联系", "No answer from inside"),
            cause=Words("呼叫后仍无应答", "called, and no answer"),
            consequence=Words("内部人员可能已失去知觉", "somebody inside may have lost consciousness"),
            action=Words("停止作业，准备救援，不得盲目进入", "Stop; prepare the rescue; do not run in"),
        ),
    ),
    Rule(
        name="still_inside",
        code="PPL-09",
        find=still_inside,
        effect=Effect.PAUSE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.PERSON,
        latch=True,
        act_within_s=30,
        clause="GB 30871-2022 6.5: leave at once; docs/domain.md 2.6: count in = count out",
        ledger="0-35",
        text=Text(
            title=Words("撤离令后仍有人未撤出", "People are still inside"),
            cause=Words("撤离令下达后，未全部登记撤出", "not everybody was counted out after the order to leave"),
            consequence=Words("有人可能受困", "somebody may be trapped"),
            action=Words("清点人数，组织救援，不得盲目进入", "Count; start the rescue; do not run in"),
        ),
    ),
)
