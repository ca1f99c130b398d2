"""Guard rules: the named guard is there, awake, and heard (G1, G3, G5, G7 of docs/domain.md 2.5)."""

from collections.abc import Iterator

from edge_agent.decide.rules.permit import replaced
from edge_agent.decide.rules.rule import RUNNING, Rule, Text, stopped_by
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass, Permit
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.people import Tag
from edge_agent.fuse.world import World

LEAVING = Words("监护人离岗期间无人发现险情", "nobody would notice trouble while the guard is away")
BACK = Words("监护人请返回岗位", "Guard, return to post")


def not_checked_in(world: World) -> Iterator[Finding]:
    """No guard has checked in at the point (ledger 2-23)."""
    for job in world.jobs:
        if job.guard is None:
            words = Words("监护人尚未签到", "no guard has checked in")
            yield Finding(job.permit.ticket.id, "guard", words)


def absent(world: World) -> Iterator[Finding]:
    """Work is running and its post is empty: the guard left without a relief (GB 30871-2022 4.10 f)."""
    for job in world.jobs:
        if job.guard is None and (job.permit.state in RUNNING or stopped_by(job.permit, "guard_absent")):
            left = Words("监护人已离岗且无人接替", "the guard has left and nobody relieves him")
            words = replaced(job.permit, world) or left
            yield Finding(job.permit.ticket.id, "guard", words)


def without_wearable(world: World) -> Iterator[Finding]:
    """The guard has no wearable that the box hears: his presence cannot be known."""
    for job in world.jobs:
        if job.guard is not None and job.guard_tag is None:
            words = Words(f"{job.guard.name} 没有绑定手环", f"{job.guard.name} has no wearable")
            yield Finding(job.permit.ticket.id, job.guard.id, words)


def still_long(world: World) -> Iterator[Finding]:
    """No sign of life for the warning time: ask him, before the box pauses."""
    book = world.rulebook.guard
    yield from _still(world, book.still_warn_s.value, book.seated_warn_s.value)


def still_longer(world: World) -> Iterator[Finding]:
    """Asked a second time, halfway to the pause: who overlooked the first one is not stopped for it."""
    book = world.rulebook.guard
    still_s = (book.still_warn_s.value + book.still_pause_s.value) / 2
    seated_s = (book.seated_warn_s.value + book.seated_pause_s.value) / 2
    yield from _still(world, still_s, seated_s)


def still_too_long(world: World) -> Iterator[Finding]:
    """No sign of life for the pause time: five minutes by the ledger (2-24)."""
    book = world.rulebook.guard
    yield from _still(world, book.still_pause_s.value, book.seated_pause_s.value)


def _still(world: World, still_limit_s: float, seated_limit_s: float) -> Iterator[Finding]:
    """Micro-movement is believed for a while, because a guard may sit; then a step or a press must come."""
    for job, tag in guarded(world):
        still_s, seated_s = (world.now_s - shown_s for shown_s in signs_of_life_s(job.permit, tag))
        if still_s >= still_limit_s:
            words = Words(f"监护人 {still_s:.0f} 秒没有移动", f"the guard has not moved for {still_s:.0f} s")
            yield Finding(job.permit.ticket.id, tag.device.id, words)
        elif seated_s >= seated_limit_s:
            words = Words(
                f"监护人 {seated_s:.0f} 秒没有走动，只有微小动作",
                f"the guard has taken no step for {seated_s:.0f} s, only small movements",
            )
            yield Finding(job.permit.ticket.id, tag.device.id, words)


def signs_of_life_s(permit: Permit, tag: Tag) -> tuple[float, float]:
    """When he last moved, and when he last took a step."""
    # A check-in at the point and a press of "I'm here" are signs of life by themselves.
    shown_s = max(permit.checked_in_s or 0.0, permit.here_s or 0.0)
    return max(tag.moved_s or 0.0, shown_s), max(tag.walked_s or 0.0, shown_s)


def lost_a_while(world: World) -> Iterator[Finding]:
    """Not heard for the warning time; while the work goes on, unless video or the network tells why."""
    for job, tag in _unheard(world, world.rulebook.guard.lost_warn_s.value):
        told = saved_by_video(world, job, tag.placed_s) or world.network.silent_since_s is not None
        if job.permit.state not in RUNNING or not told:
            yield _lost(job, tag, world.now_s)


def lost(world: World) -> Iterator[Finding]:
    """Not heard for the pause time: unknown place, neither present nor absent.

    A hole of the network may have taken his word: then he has so much longer, and never more than its grace.
    """
    limit_s, grace_s = world.rulebook.guard.lost_pause_s.value, world.rulebook.network.grace_s.value
    for job, tag in _unheard(world, limit_s):
        placed_s, now_s = tag.placed_s, world.now_s
        excused_s = 0.0 if placed_s is None else world.network.excused_s(placed_s, now_s, grace_s)
        late = placed_s is None or now_s - placed_s >= limit_s + excused_s
        if late and not saved_by_video(world, job, placed_s):
            yield _lost(job, tag, now_s)


def _unheard(world: World, limit_s: float) -> Iterator[tuple[Job, Tag]]:
    """Every job whose guard's place is so old, or was never heard."""
    for job, tag in guarded(world):
        if tag.placed_s is None or world.now_s - tag.placed_s >= limit_s:
            yield job, tag


def saved_by_video(world: World, job: Job, placed_s: float | None) -> bool:
    """Whether a camera at the post shows just one person there, while his badge has not long been useless (G6)."""
    book = world.rulebook.guard
    seen = [camera.post.alone_ago_s for camera in job.cameras if camera.post is not None]
    return (
        placed_s is not None
        and world.now_s - placed_s < book.video_saves_s.value
        and any(ago_s is not None and ago_s <= book.video_fresh_s.value for ago_s in seen)
    )


def _lost(job: Job, tag: Tag, now_s: float) -> Finding:
    words = Words("从未收到监护人的位置", "the guard's place was never heard")
    if tag.placed_s is not None:
        age_s = now_s - tag.placed_s
        words = Words(f"{age_s:.0f} 秒没有监护人的位置", f"no place from the guard for {age_s:.0f} s")
    return Finding(job.permit.ticket.id, tag.device.id, words)


def tag_off(world: World) -> Iterator[Finding]:
    """The guard's wearable says that nobody wears it, or feels no pulse at all (G7)."""
    for job, tag in guarded(world):
        if tag.worn is False:
            words = Words("监护人手环未佩戴", "the guard's wearable is not worn")
            yield Finding(job.permit.ticket.id, tag.device.id, words)
        elif tag.heart_rate_bpm == 0:
            words = Words("监护人手环测不到脉搏", "the guard's wearable feels no pulse")
            yield Finding(job.permit.ticket.id, tag.device.id, words)


def guarded(world: World) -> Iterator[tuple[Job, Tag]]:
    """Every job whose guard wears something, with what he wears."""
    for job in world.jobs:
        if job.guard_tag is not None:
            yield job, job.guard_tag


def guard_text(zh: str, en: str, cause_zh: str, cause_en: str) -> Text:
    """The text of a rule about the guard: whatever went wrong, he must be back."""
    return Text(title=Words(zh, en), cause=Words(cause_zh, cause_en), consequence=LEAVING, action=BACK)


RULES = (
    Rule(
        name="guard_not_checked_in",
        heralds=("guard_absent",),
        code="GRD-01",
        find=not_checked_in,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        clause="GB 30871-2022 4.10, 6.8",
        ledger="2-23",
        text=guard_text(
            "监护人未签到", "Guard not checked in", "监护人未在作业点签到", "no guard checked in at the point"
        ),
    ),
    Rule(
        name="guard_absent",
        code="GRD-11",
        find=absent,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        looks=True,
        clause="GB 30871-2022 4.10 f; docs/domain.md 2.5 G5: a gap is absence",
        ledger="2-25, 2-27",
        text=guard_text(
            "无人监护", "Nobody guards", "监护人离岗前没有交接", "the guard left before his relief checked in"
        ),
    ),
    Rule(
        name="guard_without_wearable",
        code="GRD-02",
        find=without_wearable,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        clause="GB 30871-2022 4.10",
        ledger="0-10, 2-13",
        text=guard_text(
            "监护人未配手环", "Guard without a wearable", "监护人没有可用的手环", "no wearable is bound to him"
        ),
    ),
    Rule(
        name="guard_still_long",
        heralds=("guard_still_longer", "guard_tag_off", "guard_lost"),
        signal=("vibrate",),
        code="GRD-03",
        find=still_long,
        at_work=True,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        act_within_s=120,
        clause="GB 30871-2022 4.10",
        ledger="2-24",
        text=Text(
            title=Words("监护人暂无活动", "Guard has not moved"),
            cause=Words("手环没有移动", "the wearable does not move"),
            consequence=Words("无人应答将暂停作业", "the work is paused if nobody answers"),
            action=Words("请走动，或按“我在岗”", 'Walk a few steps, or press "I\'m here"'),
        ),
    ),
    Rule(
        name="guard_still_longer",
        heralds=("guard_still_too_long", "guard_tag_off", "guard_lost"),
        signal=("vibrate",),
        code="GRD-23",
        find=still_longer,
        at_work=True,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        act_within_s=60,
        clause="docs/domain.md 2.5 G1",
        ledger="2-24",
        text=Text(
            title=Words("监护人仍未应答", "The guard has still not answered"),
            cause=Words("第一次询问无人应答", "nobody answered the first time"),
            consequence=Words("无人应答将暂停作业", "the work is paused if nobody answers"),
            action=Words("请走动，或按“我在岗”", 'Walk a few steps, or press "I\'m here"'),
        ),
    ),
    Rule(
        name="guard_still_too_long",
        heralds=("guard_tag_off", "guard_lost"),  # a tag that is off or silent says nothing about its wearer
        code="GRD-04",
        find=still_too_long,
        at_work=True,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        clause="GB 30871-2022 4.10",
        ledger="2-24, 2-27",
        text=guard_text(
            "监护人长时间无活动",
            "No sign of life from the guard",
            "手环长时间没有移动",
            "the wearable has not moved too long",
        ),
    ),
    Rule(
        name="guard_lost_a_while",
        heralds=("guard_lost",),
        code="GRD-08",
        find=lost_a_while,
        at_work=True,
        on_delay=lambda book, _: book.guard.outside_on_s.value,  # back within that time: nobody need do anything
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.NETWORK,
        act_within_s=30,
        clause="GB 30871-2022 4.10",
        ledger="0-11",
        text=guard_text(
            "监护人信号中断", "Guard's wearable is silent", "手环没有信号", "no signal from the wearable"
        ),
    ),
    Rule(
        name="guard_lost",
        code="GRD-09",
        find=lost,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.NETWORK,
        clause="GB 30871-2022 4.10",
        ledger="0-11, 2-27",
        text=guard_text(
            "监护人失联", "Guard lost", "手环长时间没有信号", "no signal from the wearable for too long"
        ),
    ),
    Rule(
        name="guard_tag_off",
        code="GRD-10",
        find=tag_off,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.guard.outside_on_s.value,
        clause="GB 30871-2022 4.10",
        ledger="2-13",
        text=guard_text("监护人手环未佩戴", "Guard's wearable is off", "手环被取下", "the wearable was taken off"),
    ),
)
