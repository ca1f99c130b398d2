"""Rules about who goes inside: counted in and out, and nobody who does not belong there."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.decide.rules.stay import COME_OUT
from edge_agent.domain.observation import View
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, PauseClass
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


NOT_KNOWN = Words("发生险情时无法确定内部人员", "in an emergency nobody would know who is inside")
COUNT = Words("核对人数，登记进出", "Count people; register who goes in and out")

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
        looks=True,
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
