"""Guard rules: the named guard is at the post, awake, and heard (G1-G3, G7 of docs/domain.md 2.5)."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.people import Tag
from edge_agent.fuse.world import Job, World

LEAVING = Words("监护人离岗期间无人发现险情", "nobody would notice trouble while the guard is away")
BACK = Words("监护人请返回岗位", "Guard, return to post")


def not_checked_in(world: World) -> Iterator[Finding]:
    """No guard has checked in at the point (ledger 2-23)."""
    for job in world.jobs:
        if job.guard is None:
            words = Words("监护人尚未签到", "no guard has checked in")
            yield Finding(job.permit.ticket.id, "guard", words)


def without_wearable(world: World) -> Iterator[Finding]:
    """The guard has no wearable that the box hears: his presence cannot be known."""
    for job in world.jobs:
        if job.guard is not None and job.guard_tag is None:
            words = Words(f"{job.guard.name} 没有绑定定位标签", f"{job.guard.name} has no wearable")
            yield Finding(job.permit.ticket.id, job.guard.id, words)


def still_long(world: World) -> Iterator[Finding]:
    """No motion for the warning time: vibrate before the box pauses."""
    yield from _still(world, world.rulebook.guard.still_warn_s.value)


def still_too_long(world: World) -> Iterator[Finding]:
    """No motion for the pause time: five minutes by the ledger (2-24)."""
    yield from _still(world, world.rulebook.guard.still_pause_s.value)


def _still(world: World, limit_s: float) -> Iterator[Finding]:
    for job, tag in _guarded(world):
        # A check-in at the point is itself a sign of life.
        since_s = max(tag.moved_s or 0.0, job.permit.checked_in_s or 0.0)
        still_s = world.now_s - since_s
        if still_s >= limit_s:
            words = Words(f"监护人 {still_s:.0f} 秒没有移动", f"the guard has not moved for {still_s:.0f} s")
            yield Finding(job.permit.ticket.id, tag.device.id, words)


def off_post(world: World) -> Iterator[Finding]:
    """Further from the point than the post reaches, or nobody can say how far."""
    limit_m = world.rulebook.guard.post_warn_m.value
    for job, tag in _guarded(world):
        distance_m = tag.distance_m(job.permit.ticket.point)
        if distance_m is None:
            words = Words("监护人位置未知", "the guard's place is unknown")
            yield Finding(job.permit.ticket.id, tag.device.id, words)
        elif distance_m > limit_m:
            yield Finding(job.permit.ticket.id, tag.device.id, _far(distance_m, limit_m))


def too_far(world: World) -> Iterator[Finding]:
    """Certainly outside the limit: even with the fix's own error (ledger 2-25: 50 m)."""
    limit_m = world.rulebook.guard.post_pause_m.value
    for job, tag in _guarded(world):
        distance_m = tag.distance_m(job.permit.ticket.point)
        if distance_m is not None and tag.accuracy_m is not None and distance_m - tag.accuracy_m > limit_m:
            yield Finding(job.permit.ticket.id, tag.device.id, _far(distance_m, limit_m))


def perhaps_too_far(world: World) -> Iterator[Finding]:
    """Perhaps outside the limit: the fix is too coarse to tell (docs/domain.md 2.5 G2)."""
    limit_m = world.rulebook.guard.post_pause_m.value
    for job, tag in _guarded(world):
        distance_m = tag.distance_m(job.permit.ticket.point)
        if distance_m is None:
            words = Words("监护人位置未知", "the guard's place is unknown")
            yield Finding(job.permit.ticket.id, tag.device.id, words)
        elif distance_m + (tag.accuracy_m or 0.0) > limit_m:
            yield Finding(job.permit.ticket.id, tag.device.id, _far(distance_m, limit_m))


def lost_a_while(world: World) -> Iterator[Finding]:
    """Not heard for the warning time."""
    yield from _lost(world, world.rulebook.guard.lost_warn_s.value)


def lost(world: World) -> Iterator[Finding]:
    """Not heard for the pause time: unknown place, neither present nor absent."""
    yield from _lost(world, world.rulebook.guard.lost_pause_s.value)


def _lost(world: World, limit_s: float) -> Iterator[Finding]:
    for job, tag in _guarded(world):
        age_s = tag.placed_age_s
        if age_s is None:
            words = Words("从未收到监护人的位置", "the guard's place was never heard")
            yield Finding(job.permit.ticket.id, tag.device.id, words)
        elif age_s >= limit_s:
            words = Words(f"{age_s:.0f} 秒没有监护人的位置", f"no place from the guard for {age_s:.0f} s")
            yield Finding(job.permit.ticket.id, tag.device.id, words)


def tag_off(world: World) -> Iterator[Finding]:
    """The guard's wearable says that nobody wears it (G7)."""
    for job, tag in _guarded(world):
        if tag.worn is False:
            words = Words("监护人标签未佩戴", "the guard's wearable is not worn")
            yield Finding(job.permit.ticket.id, tag.device.id, words)


def _guarded(world: World) -> Iterator[tuple[Job, Tag]]:
    for job in world.jobs:
        if job.guard_tag is not None:
            yield job, job.guard_tag


def _far(distance_m: float, limit_m: float) -> Words:
    return Words(
        f"监护人距作业点 {distance_m:.0f} 米（限 {limit_m:.0f} 米）",
        f"the guard is {distance_m:.0f} m from the work point (limit {limit_m:.0f} m)",
    )


def _text(zh: str, en: str, cause_zh: str, cause_en: str) -> Text:
    return Text(title=Words(zh, en), cause=Words(cause_zh, cause_en), consequence=LEAVING, action=BACK)


RULES = (
    Rule(
        name="guard_not_checked_in",
        code="GRD-01",
        find=not_checked_in,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        clause="GB 30871-2022 4.10, 6.8",
        ledger="2-23",
        text=_text(
            "监护人未签到", "Guard not checked in", "监护人未在作业点签到", "no guard checked in at the point"
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
        text=_text(
            "监护人无定位标签", "Guard without a wearable", "监护人没有可用的标签", "no wearable is bound to him"
        ),
    ),
    Rule(
        name="guard_still_long",
        code="GRD-03",
        find=still_long,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        act_within_s=120,
        clause="GB 30871-2022 4.10",
        ledger="2-24",
        text=_text("监护人久未移动", "Guard has not moved", "标签没有移动", "the wearable does not move"),
    ),
    Rule(
        name="guard_still_too_long",
        code="GRD-04",
        find=still_too_long,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        clause="GB 30871-2022 4.10",
        ledger="2-24, 2-27",
        text=_text(
            "监护人失去活动迹象",
            "No sign of life from the guard",
            "标签长时间没有移动",
            "the wearable has not moved too long",
        ),
    ),
    Rule(
        name="guard_off_post",
        code="GRD-05",
        find=off_post,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        act_within_s=30,
        clause="GB 30871-2022 4.10 f, 6.8",
        ledger="2-15, 2-25",
        text=_text("监护人离开岗位", "Guard off his post", "监护人离开监护位置", "the guard left the post"),
    ),
    Rule(
        name="guard_too_far",
        code="GRD-06",
        find=too_far,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.guard.outside_on_s.value,
        clause="GB 30871-2022 4.10 f",
        ledger="2-25, 2-27",
        text=_text(
            "监护人脱岗", "Guard is gone", "监护人超出允许距离", "the guard is beyond the permitted distance"
        ),
    ),
    Rule(
        name="guard_perhaps_too_far",
        code="GRD-07",
        find=perhaps_too_far,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.guard.unsure_pause_s.value,
        clause="GB 30871-2022 4.10 f",
        ledger="2-25",
        text=_text(
            "无法确认监护人在岗", "Cannot tell whether the guard is near", "定位精度不足", "the fix is too coarse"
        ),
    ),
    Rule(
        name="guard_lost_a_while",
        code="GRD-08",
        find=lost_a_while,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.NETWORK,
        act_within_s=30,
        clause="GB 30871-2022 4.10",
        ledger="0-11",
        text=_text("监护人信号中断", "Guard's wearable is silent", "标签没有信号", "no signal from the wearable"),
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
        text=_text("监护人失联", "Guard lost", "标签长时间没有信号", "no signal from the wearable for too long"),
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
        text=_text("监护人标签未佩戴", "Guard's wearable is off", "标签被取下", "the wearable was taken off"),
    ),
)
