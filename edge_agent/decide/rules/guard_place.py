"""Where the guard is: at his post, within the ledger's limit, on the site (G2 of docs/domain.md 2.5, and 1.4)."""

from collections.abc import Iterator

from edge_agent.decide.rules.guard import guard_text, guarded, saved_by_video
from edge_agent.decide.rules.rule import RUNNING, Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.people import Tag
from edge_agent.fuse.world import World

UNKNOWN = Words("监护人位置未知", "the guard's place is unknown")


def off_post(world: World) -> Iterator[Finding]:
    """Further from the point than the post reaches, on another level, or nobody can say how far.

    A fix too coarse to tell calls nobody while video shows somebody at the post, and no sooner than a silent
    wearable would: a word that says nothing is none. It begins no work all the same.
    """
    book = world.rulebook.guard
    for job, tag in guarded(world):
        reach, limit_m = job.guard_reach, book.post_warn_m.value
        if reach is None:
            yield Finding(job.permit.ticket.id, tag.device.id, UNKNOWN)
        elif reach.likely_m > limit_m and not (reach.near_m <= limit_m and _excused(world, job, tag)):
            yield Finding(job.permit.ticket.id, tag.device.id, _far(reach.likely_m, limit_m))
        elif (above_m := _off_level(job, tag, book.level_m.value)) is not None:
            yield Finding(job.permit.ticket.id, tag.device.id, _level(above_m, book.level_m.value))


def too_far(world: World) -> Iterator[Finding]:
    """Certainly outside the limit: even with the fix's own error (ledger 2-25: 50 m)."""
    limit_m = world.rulebook.guard.post_pause_m.value
    for job, tag in guarded(world):
        reach = job.guard_reach
        if reach is not None and reach.near_m > limit_m:
            yield Finding(job.permit.ticket.id, tag.device.id, _far(reach.likely_m, limit_m))


def perhaps_too_far(world: World) -> Iterator[Finding]:
    """Perhaps outside the limit: the fix is too coarse to tell (docs/domain.md 2.5 G2).

    A badge that says too little is no worse than a dead one: video may save it, and no longer (G6).
    """
    limit_m = world.rulebook.guard.post_pause_m.value
    for job, tag in guarded(world):
        reach = job.guard_reach
        if reach is None:
            yield Finding(job.permit.ticket.id, tag.device.id, UNKNOWN)
        elif reach.far_m > limit_m and not (reach.near_m <= limit_m and saved_by_video(world, job, tag.sharp_s)):
            yield Finding(job.permit.ticket.id, tag.device.id, _far(reach.far_m, limit_m))


def off_level(world: World) -> Iterator[Finding]:
    """Near on the plan, but on another level: he neither sees nor reaches the work."""
    limit_m = world.rulebook.guard.level_m.value
    for job, tag in guarded(world):
        above_m = _off_level(job, tag, limit_m)
        if above_m is not None:
            yield Finding(job.permit.ticket.id, tag.device.id, _level(above_m, limit_m))


def off_site(world: World) -> Iterator[Finding]:
    """Certainly too far, and outside every area of the plan: he has left the site (GB 30871-2022 4.10 f)."""
    limit_m = world.rulebook.guard.post_pause_m.value
    for job, tag in guarded(world):
        reach = job.guard_reach
        if reach is not None and reach.near_m > limit_m and tag.area is None:
            words = Words(
                f"监护人已离开现场（距作业点 {reach.likely_m:.0f} 米）",
                f"the guard has left the site ({reach.likely_m:.0f} m from the work point)",
            )
            yield Finding(job.permit.ticket.id, tag.device.id, words)


def _excused(world: World, job: Job, tag: Tag) -> bool:
    """Whether nobody is called for a fix that cannot tell: work goes on, and he was known to be there just now."""
    return job.permit.state in RUNNING and (_sharp(world, tag) or saved_by_video(world, job, tag.sharp_s))


def _sharp(world: World, tag: Tag) -> bool:
    """Whether a fix that tells the place well enough is no older than a silent wearable may be."""
    return tag.sharp_s is not None and world.now_s - tag.sharp_s < world.rulebook.guard.lost_warn_s.value


def _off_level(job: Job, tag: Tag, limit_m: float) -> float | None:
    """Metres above the point (below: negative) where that is another level; None on the same one, or unknown."""
    above_m = tag.above_m(job.permit.ticket.point)
    return above_m if above_m is not None and abs(above_m) > limit_m else None


def _far(distance_m: float, limit_m: float) -> Words:
    return Words(
        f"监护人距作业点 {distance_m:.0f} 米（限 {limit_m:.0f} 米）",
        f"the guard is {distance_m:.0f} m from the work point (limit {limit_m:.0f} m)",
    )


def _level(above_m: float, limit_m: float) -> Words:
    return Words(
        f"监护人与作业点高差 {above_m:+.1f} 米（限 ±{limit_m:.0f} 米）",
        f"the guard is {above_m:+.1f} m above the work point (limit ±{limit_m:.0f} m)",
    )


RULES = (
    Rule(
        name="guard_off_post",
        heralds=(
            "guard_too_far",
            "guard_perhaps_too_far",
            "guard_off_level",
            "guard_off_site",
            "guard_post_empty",
        ),
        signal=("vibrate",),
        code="GRD-05",
        find=off_post,
        at_work=True,
        on_delay=lambda book, _: book.guard.outside_on_s.value,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        act_within_s=30,
        clause="GB 30871-2022 4.10 f, 6.8",
        ledger="2-15, 2-25",
        text=guard_text("监护人离开岗位", "Guard off his post", "监护人离开监护位置", "the guard left the post"),
    ),
    Rule(
        name="guard_too_far",
        heralds=("guard_off_site",),
        code="GRD-06",
        find=too_far,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.guard.outside_on_s.value,
        clause="GB 30871-2022 4.10 f",
        ledger="2-25, 2-27",
        text=guard_text(
            "监护人脱岗", "Guard is gone", "监护人超出允许距离", "the guard is beyond the permitted distance"
        ),
    ),
    Rule(
        name="guard_perhaps_too_far",
        heralds=("guard_too_far",),
        code="GRD-07",
        find=perhaps_too_far,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.guard.unsure_pause_s.value,
        clause="GB 30871-2022 4.10 f",
        ledger="2-25",
        text=guard_text(
            "无法确认监护人在岗", "Cannot tell whether the guard is near", "定位精度不足", "the fix is too coarse"
        ),
    ),
    Rule(
        name="guard_off_level",
        code="GRD-12",
        find=off_level,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.guard.unsure_pause_s.value,
        clause="docs/domain.md 2.5 G2: vertical +-5 m when z is known",
        ledger="2-25",
        text=guard_text(
            "监护人不在同一层",
            "Guard on another level",
            "监护人与作业点不在同一高度",
            "he is above or below the work",
        ),
    ),
    Rule(
        name="guard_off_site",
        code="GRD-13",
        find=off_site,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.CRITICAL,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.guard.outside_on_s.value,
        clause="GB 30871-2022 4.10 f: a guard who must leave withdraws the ticket and stops the work",
        ledger="2-25, 2-27",
        text=Text(
            title=Words("监护人离开现场", "Guard has left the site"),
            cause=Words("监护人在所有区域之外", "he is outside every area of the site"),
            consequence=Words("作业处于无人监护状态", "the work has nobody to guard it"),
            action=Words("停止作业，收回作业票", "Stop work; withdraw the ticket"),
        ),
    ),
)
