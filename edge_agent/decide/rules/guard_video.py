"""The guard's post by video (G6 of docs/domain.md 2.5): nobody is there, or nobody can tell whether somebody is.

Each has its own deadlines. It never says that the named guard is there.
"""

from collections.abc import Iterator

from edge_agent.decide.rules.guard import LEAVING, guard_text
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.person import Person
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

# What his own wearable says of the same absence: then it is one episode, told once.
UNHEARD = ("guard_perhaps_too_far", "guard_tag_off", "guard_lost")
# "Off post" is found wherever one of the three stops is, so that the warning by video need not name them.
WARNED_OTHERWISE = ("guard_off_post", *UNHEARD)
EMPTY = ("guard_post_empty_a_while", "guard_post_empty")
STOPPED_OTHERWISE = ("guard_too_far", "guard_off_level", "guard_off_site", *UNHEARD)


def left_post(world: World) -> Iterator[Finding]:
    """Everybody has left the post, and his wearable has not shown him beside it since: called back at once."""
    limit_s = world.rulebook.guard.video_left_s.value
    for job, subject, empty_s in _empty(world):
        if empty_s >= limit_s and not _moved_since(world, job, empty_s - limit_s / 2):
            yield _nobody(job, subject, empty_s)


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


def cannot_tell(world: World) -> Iterator[Finding]:
    """What stands at the post has not moved for too long to be somebody, or may be anybody."""
    for job, subject, alive_s in _unseen(world):
        if alive_s >= world.rulebook.guard.video_still_s.value:
            yield _unsure(job, subject, alive_s)


def cannot_tell_too_long(world: World) -> Iterator[Finding]:
    """The same for the pause time: a coat on a hook guards nobody."""
    for job, subject, alive_s in _unseen(world):
        if alive_s >= world.rulebook.guard.video_pause_s.value:
            yield _unsure(job, subject, alive_s)


def _shown(world: World, job: Job) -> bool:
    """Whether he wears his wearable, moves, and is at the post by it: then he stands where no camera looks."""
    return _moved_since(world, job, world.rulebook.guard.video_warn_s.value)


def _moved_since(world: World, job: Job, ago_s: float) -> bool:
    """Whether he wears his wearable, is at the post by it, and it moved later than so long ago."""
    tag, reach = job.guard_tag, job.guard_reach
    if tag is None or not tag.fresh or tag.worn is not True or tag.moved_s is None:
        return False
    at_post = reach is not None and reach.likely_m <= world.rulebook.guard.post_warn_m.value
    return at_post and world.now_s - tag.moved_s < ago_s


def _unseen(world: World) -> Iterator[tuple[Job, str, float]]:
    """Jobs of whose post no camera can tell, and neither does his wearable: who is missed, since when.

    A post that is plainly empty is told of as such.
    """
    book = world.rulebook.guard
    for job in world.jobs:
        posts = [camera.post for camera in job.cameras if camera.post is not None]
        alive = [post.alive_ago_s for post in posts if post.alive_ago_s is not None]
        plainly = [(post.empty_for_s or 0.0) >= book.video_left_s.value for post in posts]
        if job.guard is not None and alive and not all(plainly) and not _shown(world, job):
            yield job, _subject(job, job.guard), min(alive)


def _empty(world: World) -> Iterator[tuple[Job, str, float]]:
    """Jobs whose post is shown empty by every camera that watches it and can see: who is missed, and how long.

    Somebody in one picture is enough.
    """
    for job in world.jobs:
        empty = [camera.post.empty_for_s for camera in job.cameras if camera.post is not None]
        seconds = [one for one in empty if one is not None]
        if job.guard is not None and seconds and len(seconds) == len(empty):
            yield job, _subject(job, job.guard), min(seconds)


def _subject(job: Job, guard: Person) -> str:
    return guard.id if job.guard_tag is None else job.guard_tag.device.id


def _unsure(job: Job, subject: str, alive_s: float) -> Finding:
    words = Words(
        f"视频 {alive_s:.0f} 秒不能确认监护点有人：静止不动，或看不清监护标识",
        f"for {alive_s:.0f} s video cannot tell whether anybody is at the guard's post: what is there "
        "does not move, or its colour cannot be seen",
    )
    return Finding(job.permit.ticket.id, subject, words)


def _nobody(job: Job, subject: str, empty_s: float) -> Finding:
    words = Words(
        f"视频中监护点 {empty_s:.0f} 秒无人", f"video shows nobody at the guard's post for {empty_s:.0f} s"
    )
    return Finding(job.permit.ticket.id, subject, words)


RULES = (
    Rule(
        name="guard_left_post",
        code="GRD-25",
        find=left_post,
        at_work=True,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.PERSON,
        heralds=(*EMPTY, "guard_off_post", "guard_tag_off", "guard_lost"),
        signal=("vibrate",),
        act_within_s=50,
        clause="docs/domain.md 2.5 G6; GB 30871-2022 4.10 f",
        ledger="2-15",
        text=guard_text(
            "监护人离开监护点",
            "Guard left his post",
            "视频中监护点刚刚没有人",
            "the last pictures show nobody there",
        ),
    ),
    Rule(
        name="guard_post_unsure",
        code="GRD-26",
        find=cannot_tell,
        at_work=True,
        on_delay=lambda book, _: book.guard.outside_on_s.value,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        heralds=("guard_post_unsure_too_long", *WARNED_OTHERWISE),
        signal=("vibrate",),
        act_within_s=110,
        clause="docs/domain.md 2.5 G6",
        ledger="2-15",
        text=Text(
            title=Words("视频无法确认监护人", "Video cannot tell whether the guard is there"),
            cause=Words(
                "监护点上的人或物长时间不动，或看不清标识", "what stands there never moves, or shows no colour"
            ),
            consequence=LEAVING,
            action=Words("请走动，站到镜头看得清的位置", "Walk a few steps, where the camera sees you"),
        ),
    ),
    Rule(
        name="guard_post_unsure_too_long",
        code="GRD-27",
        find=cannot_tell_too_long,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        heralds=STOPPED_OTHERWISE,
        clause="docs/domain.md 2.5 G6",
        ledger="2-15, 2-27",
        text=guard_text(
            "长时间无法确认监护人",
            "Nobody can tell whether the guard is there",
            "视频和手环都不能确认监护点有人",
            "neither video nor his wearable shows anybody at the post",
        ),
    ),
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
        looks=True,
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
