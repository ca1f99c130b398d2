"""Nobody under a hanging load or within a machine's swing, whoever he works for (GB 30871-2022 9.2.12, 11.7)."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World


def too_near(world: World) -> Iterator[Finding]:
    """Somebody who is not on the ticket stands within the distance that its kind of work keeps clear."""
    for job in world.jobs:
        limit = job.work.keep_out_m
        if limit is not None and job.permit.state in UNDER_WAY:
            yield from _near(world, job, limit.value)


def _near(world: World, job: Job, limit_m: float) -> Iterator[Finding]:
    belong, point = {id_ for id_, _ in job.people}, job.permit.ticket.point
    for tag in world.tags.values():
        if tag.x_m is not None and abs(tag.x_m - point.x_m) > limit_m:
            continue  # nearly all of them: fifty such jobs ask hundreds of wearables in every step
        wearer = world.wearers.get(tag.device.id)
        if not tag.fresh or (wearer is not None and wearer.id in belong):
            continue
        reach = tag.reach(point)
        if reach is not None and reach.likely_m <= limit_m:
            zh, en = (wearer.name, wearer.name) if wearer is not None else (tag.device.name.zh, tag.device.name.en)
            words = Words(
                f"{zh} 距作业点 {reach.likely_m:.0f} 米（须在 {limit_m:g} 米以外）",
                f"{en} is {reach.likely_m:.0f} m from the work point (keep {limit_m:g} m away)",
            )
            yield Finding(job.permit.ticket.id, tag.device.id, words)


RULES = (
    Rule(
        name="kept_out",
        code="PPL-16",
        find=too_near,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        signal=("vibrate",),
        on_delay=lambda book, _: book.entry.unauthorised_on_s.value,
        act_within_s=30,
        looks=True,
        clause="GB 30871-2022 9.2.12, 11.7; docs/domain.md 3: nobody in the swing of a load or machine",
        ledger="2-22, 2-13",
        text=Text(
            title=Words("有人进入警戒范围", "Somebody is within the swing"),
            cause=Words(
                "非本票人员靠近吊物或作业机械", "somebody who is not on the ticket came near the load or machine"
            ),
            consequence=Words("吊物坠落或机械伤人", "the load falls on him, or the machine hits him"),
            action=Words("停止动作，令其离开警戒范围", "Stop moving; send him out of the swing"),
        ),
    ),
)
