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
    book = world.rulebook.guard
    for job, subject, empty_s in _empty(world):
        if empty_s >= (book.video_ask_s if _shown(world, job) else book.video_warn_s).value:
            yield _nobody(job, subject, empty_s)


def nobody_at_post(world: World) -> Iterator[Finding]:
    """No picture has shown anybody at the post for the pause time."""
    for job, subject, empty_s in _empty(world):
        if empty_s >= world.rulebook.guard.video_pause_s.value:
            yield _nobody(job, subject, empty_s)


def _shown(world: World, job: Job) -> bool:
    """Whether he wears his wearable, moves, and is at the post by it: then he stands where no camera looks."""
    tag, book = job.guard_tag, world.rulebook.guard
    if tag is None or not tag.fresh or tag.worn is not True or tag.moved_s is None:
        return False
    reach = job.guard_reach
    at_post = reach is not None and reach.likely_m <= book.post_warn_m.value
    return at_post and world.now_s - tag.moved_s < book.video_warn_s.value


def _empty(world: World) -> Iterator[tuple[Job, str, float]]:
    """Jobs whose post is shown empty by every camera that watches it and can see: who is missed, and how long.

    Somebody in one picture is enough.
    """
    for job in world.jobs:
        empty = [camera.post.empty_for_s for camera in job.cameras if camera.post is not None]
        seconds = [one for one in empty if one is not None]
        if job.guard is not None and seconds and len(seconds) == len(empty):
            yield job, job.guard.id if job.guard_tag is None else job.guard_tag.device.id, min(seconds)


def _nobody(job: Job, subject: str, empty_s: float) -> Finding:
    words = Words(
        f"视频中监护点 {empty_s:.0f} 秒无人", f"video shows nobody at the guard's post for {empty_s:.0f} s"
    )
    return Finding(job.permit.ticket.id, subject, words)


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
