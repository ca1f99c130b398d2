"""The guard's post by video: nobody is there (G6 of docs/domain.md 2.5). It never says that the guard is."""

from collections.abc import Iterator

from edge_agent.decide.rules.guard import guard_text
from edge_agent.decide.rules.rule import Rule
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

# What his own wearable says of the same absence: then it is one episode, told once.
UNHEARD = ("guard_perhaps_too_far", "guard_tag_off", "guard_lost")
# "Off post" is found wherever one of the three stops is, so that the warning by video need not name them.
WARNED_OTHERWISE = ("guard_off_post", *UNHEARD)
STOPPED_OTHERWISE = ("guard_too_far", "guard_off_level", "guard_off_site", *UNHEARD)


def nobody_at_post_a_while(world: World) -> Iterator[Finding]:
    """No picture has shown anybody at the post for the warning time; longer, if his wearable shows him there."""
    for job in world.jobs:
        book = world.rulebook.guard
        yield from _nobody(job, (book.video_ask_s if _shown(world, job) else book.video_warn_s).value)


def nobody_at_post(world: World) -> Iterator[Finding]:
    """No picture has shown anybody at the post for the pause time."""
    for job in world.jobs:
        yield from _nobody(job, world.rulebook.guard.video_pause_s.value)


def _shown(world: World, job: Job) -> bool:
    """Whether he wears his wearable, moves, and is at the post by it: then he stands where no camera looks."""
    tag, book = job.guard_tag, world.rulebook.guard
    if tag is None or not tag.fresh or tag.worn is not True or tag.moved_s is None:
        return False
    reach = tag.reach(job.permit.ticket.point)
    at_post = reach is not None and reach.likely_m <= book.post_warn_m.value
    return at_post and world.now_s - tag.moved_s < book.video_warn_s.value


def _nobody(job: Job, limit_s: float) -> Iterator[Finding]:
    """Every camera that watches the post and can see shows it empty; somebody in one picture is enough."""
    empty = [camera.post.empty_for_s for camera in job.cameras if camera.post is not None]
    if job.guard is None or not empty or None in empty:
        return
    empty_s = min(seconds for seconds in empty if seconds is not None)
    if empty_s >= limit_s:
        subject = job.guard.id if job.guard_tag is None else job.guard_tag.device.id
        words = Words(
            f"视频中监护点 {empty_s:.0f} 秒无人", f"video shows nobody at the guard's post for {empty_s:.0f} s"
        )
        yield Finding(job.permit.ticket.id, subject, words)


RULES = (
    Rule(
        name="guard_post_empty_a_while",
        code="GRD-14",
        find=nobody_at_post_a_while,
        at_work=True,
        on_delay=lambda book, _: book.guard.outside_on_s.value,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        heralds=("guard_post_empty", *WARNED_OTHERWISE),
        signal=("vibrate",),
        act_within_s=240,
        clause="docs/domain.md 2.5 G6",
        ledger="2-15",
        text=guard_text(
            "监护点无人", "Nobody at the guard's post", "视频中监护点没有人", "no picture shows anybody there"
        ),
    ),
    Rule(
        name="guard_post_empty",
        code="GRD-15",
        find=nobody_at_post,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        heralds=STOPPED_OTHERWISE,
        clause="docs/domain.md 2.5 G6",
        ledger="2-15, 2-27",
        text=guard_text(
            "监护点长时间无人",
            "Guard's post empty too long",
            "视频中监护点长时间没有人",
            "no picture has shown anybody there for too long",
        ),
    ),
)
