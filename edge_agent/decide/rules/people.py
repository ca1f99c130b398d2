"""Rules about who is inside: counted in and out, how long, in contact, and nobody who does not belong there."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.observation import View
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, Inside, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.people import Tag
from edge_agent.fuse.world import World


def inside_before_start(world: World) -> Iterator[Finding]:
    """Somebody stands in the space already; asked before the work has begun."""
    for job in _confined(world):
        for tag, who in _tags_inside(world, job):
            words = Words(f"{who} 已在受限空间内", f"{who} is in the space already")
            yield Finding(job.permit.ticket.id, tag.device.id, words)


def uncounted(world: World) -> Iterator[Finding]:
    """Somebody of the ticket is inside by his wearable, and the guard has not counted him in."""
    for job, tag, who, person in _not_counted(world):
        if person is not None and person in _on_ticket(job):
            words = Words(f"{who} 已进入但未登记", f"{who} is inside and was not counted in")
            yield Finding(job.permit.ticket.id, tag.device.id, words)


def unauthorised(world: World) -> Iterator[Finding]:
    """A wearable is inside whose wearer is not on the ticket, or whose wearer nobody knows."""
    for job, tag, who, person in _not_counted(world):
        if person is None or person not in _on_ticket(job):
            words = Words(
                f"{who} 不在本票人员之列，却已进入受限空间", f"{who} is inside and is not on this ticket"
            )
            yield Finding(job.permit.ticket.id, tag.device.id, words)


def guard_went_in(world: World) -> Iterator[Finding]:
    """The guard stays outside, always (GB 30871-2022 6.8)."""
    for job, tag, name in _guard_inside(world):
        if _tells_a_side(world, tag):
            words = Words(f"监护人 {name} 进入了受限空间", f"the guard {name} went into the space")
            yield Finding(job.permit.ticket.id, tag.device.id, words)


def guard_perhaps_went_in(world: World) -> Iterator[Finding]:
    """His fixes lie in the space, and too few of them tell which side of its wall he is on.

    Sharp ones count here too: where coarse and sharp ones take turns, neither kind alone would stand for its time.
    """
    for job, tag, name in _guard_inside(world):
        words = Words(f"监护人 {name} 可能进入了受限空间", f"the guard {name} may have gone into the space")
        yield Finding(job.permit.ticket.id, tag.device.id, words)


def _guard_inside(world: World) -> Iterator[tuple[Job, Tag, str]]:
    for job in _confined(world):
        tag = job.guard_tag
        if job.guard is not None and tag is not None and tag.fresh and tag.area == job.permit.ticket.area:
            yield job, tag, job.guard.name


def _tells_a_side(world: World, tag: Tag) -> bool:
    """Whether the fix names the space itself, or is off by no more than jitter is."""
    return tag.x_m is None or (tag.accuracy_m or 0.0) <= world.rulebook.guard.move_m.value


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
                name = _name(world, inside.person)
                words = Words(f"{name} {silent_s:.0f} 秒没有应答", f"{name} has not answered for {silent_s:.0f} s")
                yield Finding(job.permit.ticket.id, inside.person, words)


def still_inside(world: World) -> Iterator[Finding]:
    """People were told to leave, in earnest, and somebody has not come out."""
    limit_s = world.rulebook.entry.still_inside_s.value
    for job in world.jobs:
        ordered = [cause.at_s for cause in job.permit.causes if cause.evacuate and not cause.drill]
        if ordered and job.permit.inside and world.now_s - min(ordered) >= limit_s:
            names = [_name(world, inside.person) for inside in job.permit.inside]
            listed = f"{len(names)} 人未撤出：{'、'.join(names)}"
            words = Words(listed, f"{len(names)} still inside: {', '.join(names)}")
            yield Finding(job.permit.ticket.id, "inside", words)


def more_seen_than_counted(world: World) -> Iterator[Finding]:
    """A camera sees more people in the space than were counted in."""
    for job in _confined(world):
        counted = len(job.permit.inside)
        for camera in job.cameras:
            seen = sum(job.permit.ticket.area in person.zones for person in camera.persons)
            if camera.view is View.CLEAR and seen > counted:
                words = Words(f"视频可见 {seen} 人，登记 {counted} 人", f"{seen} seen, {counted} counted in")
                yield Finding(job.permit.ticket.id, camera.device.id, words)


def _confined(world: World) -> Iterator[Job]:
    return (job for job in world.jobs if job.work.confined)


def _tags_inside(world: World, job: Job) -> Iterator[tuple[Tag, str]]:
    """Wearables whose fresh place is in the job's space, and whose they are."""
    for tag in world.tags_in.get(job.permit.ticket.area, ()):
        wearer = world.wearers.get(tag.device.id)
        yield tag, wearer.name if wearer is not None else f"{tag.device.name.zh} {tag.device.name.en}"


def _not_counted(world: World) -> Iterator[tuple[Job, Tag, str, str | None]]:
    for job in _confined(world):
        if job.permit.state in UNDER_WAY:
            counted = {inside.person for inside in job.permit.inside}
            for tag, who in _tags_inside(world, job):
                wearer = world.wearers.get(tag.device.id)
                person = wearer.id if wearer is not None else None
                if person not in counted and person != job.permit.guard:
                    yield job, tag, who, person


def _on_ticket(job: Job) -> frozenset[str]:
    return frozenset(id_ for id_, _ in job.people)


def _stays(world: World) -> Iterator[tuple[Job, Inside, float, str]]:
    for job in world.jobs:
        limit = job.work.inside_max_s
        if limit is not None:
            for inside in job.permit.inside:
                yield job, inside, limit.value, _name(world, inside.person)


def _name(world: World, id_: str) -> str:
    person = world.persons.get(id_)
    return person.name if person is not None else id_


NOT_KNOWN = Words("发生险情时无法确定内部人员", "in an emergency nobody would know who is inside")
COUNT = Words("核对人数，登记进出", "Count people; register who goes in and out")
COME_OUT = Words("立即让其撤出", "Call him out")

RULES = (
    Rule(
        name="inside_before_start",
        code="PPL-01",
        find=inside_before_start,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        before_start=True,
        clause="GB 30871-2022 6.8: people are registered in and out",
        ledger="2-56",
        text=Text(
            title=Words("开工前已有人进入", "Somebody is inside before the start"),
            cause=Words("有人未经许可进入", "somebody went in without a permit"),
            consequence=Words("内部气体可能危险", "the air inside may be dangerous"),
            action=Words("先让其撤出，再开工", "Call him out before you start"),
        ),
    ),
    Rule(
        name="inside_uncounted",
        code="PPL-02",
        find=uncounted,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.entry.uncounted_on_s.value,
        clause="GB 30871-2022 6.8: people are registered in and out",
        ledger="2-56",
        text=Text(
            title=Words("人员未登记进入", "Inside without being counted"),
            cause=Words("监护人没有登记", "the guard has not counted him in"),
            consequence=NOT_KNOWN,
            action=COUNT,
        ),
    ),
    Rule(
        name="inside_unauthorised",
        code="PPL-03",
        find=unauthorised,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.entry.unauthorised_on_s.value,
        clause="GB 30871-2022 6.8; docs/domain.md 2.6: unauthorised person in zone",
        ledger="2-13",
        text=Text(
            title=Words("无关人员进入", "Unauthorised person inside"),
            cause=Words("不在作业票内的人进入", "somebody who is not on the ticket went in"),
            consequence=Words("无资格人员处于危险中", "somebody who is not qualified is in danger"),
            action=COME_OUT,
        ),
    ),
    Rule(
        name="guard_went_in",
        code="PPL-04",
        find=guard_went_in,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.entry.unauthorised_on_s.value,
        clause="GB 30871-2022 6.8: the guard stays outside",
        ledger="2-13, 2-15",
        text=Text(
            title=Words("监护人进入受限空间", "The guard went inside"),
            cause=Words("监护人离开外部岗位", "the guard left his post outside"),
            consequence=Words("外部无人监护和呼救", "nobody outside can call for help"),
            action=Words("监护人立即撤出", "Guard, come out at once"),
        ),
    ),
    Rule(
        name="guard_perhaps_went_in",
        code="PPL-24",
        find=guard_perhaps_went_in,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        heralds=("guard_went_in",),
        on_delay=lambda book, _: book.guard.unsure_pause_s.value,
        clause="docs/domain.md 2.5 G2: unsure for 60 s; GB 30871-2022 6.8: the guard stays outside",
        ledger="2-13, 2-15",
        text=Text(
            title=Words("监护人可能进入受限空间", "The guard may have gone inside"),
            cause=Words("定位落在空间内，精度多不足", "fixes within the space, few of them sharp"),
            consequence=Words("外部可能无人监护和呼救", "perhaps nobody outside can call for help"),
            action=Words("监护人到作业点外签到", "Guard, check in outside, at the point"),
        ),
    ),
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
    Rule(
        name="more_seen_than_counted",
        code="PPL-10",
        find=more_seen_than_counted,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.entry.uncounted_on_s.value,
        off_delay=lambda book, _: book.entry.uncounted_on_s.value,
        clause="docs/domain.md 2.6: count in = count out",
        ledger="2-56",
        text=Text(
            title=Words("视频人数多于登记", "More people than were counted"),
            cause=Words("有人未登记进入", "somebody went in uncounted"),
            consequence=NOT_KNOWN,
            action=COUNT,
        ),
    ),
)
