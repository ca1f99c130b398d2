"""Somebody in a picture who can be nobody that is known: where only known people may be, he is unauthorised.

A picture alone is uncertain. It warns soon; it stops the work only where nothing is left that speaks for him
(docs/decisions 10).
"""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.decide.rules.stay import COME_OUT
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, PauseClass
from edge_agent.domain.plan_view import Place
from edge_agent.domain.words import Words
from edge_agent.fuse.cameras import Camera
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.matching import apart, matched
from edge_agent.fuse.world import World


def unknown_person(world: World) -> Iterator[Finding]:
    """More people stand there than wearables and people of the ticket can account for, however they are matched.

    Who may be one of several stays unknown: he is not told to be unauthorised.
    """
    for job in world.jobs:
        area = job.permit.ticket.area
        if job.permit.state in UNDER_WAY and (job.work.confined or area in world.restricted):
            for camera in job.cameras:
                yield from _strangers(world, job, camera, area)


def stranger_inside(world: World) -> Iterator[Finding]:
    """The same in a confined space, where whoever is not on the ticket is unauthorised, without a doubt left.

    Only who has walked counts, who surely is not somebody else of the picture seen twice, and whom no wearable
    fits even with errors several times as large as they are said to be.
    """
    times = world.rulebook.entry.stranger_times.value
    for job in world.jobs:
        area = job.permit.ticket.area
        if job.permit.state in UNDER_WAY and job.work.confined:
            for camera in job.cameras:
                walked = [one for one in _there(camera, area) if one[0] in camera.walked]
                yield from _left_over(world, job, camera, apart(walked, times), times)


def _strangers(world: World, job: Job, camera: Camera, area: str) -> Iterator[Finding]:
    yield from _left_over(world, job, camera, _there(camera, area), 1.0)


def _there(camera: Camera, area: str) -> list[tuple[int, Place]]:
    """Those who stand there, as far as the picture shows where they stand."""
    there = {person.track for person in camera.persons if area in person.zones}
    return [(track, place) for track, place in camera.placed if track in there]


def _left_over(
    world: World, job: Job, camera: Camera, people: list[tuple[int, Place]], times: float
) -> Iterator[Finding]:
    if not people:
        return
    tags = [tag for tag in world.tags.values() if tag.fresh]
    placed = {tag.device.id for tag in tags}
    spare = sum(person is None or person.tag not in placed for _, person in job.people)
    left_over = matched(people, tags, spare, world.now_s, times).left_over
    if left_over:
        name = camera.device.name
        words = Words(
            f"{name.zh}：区域内可见 {len(people)} 人，其中 {left_over} 人与任何手环和本票人员都对不上",
            f"{name.en}: {len(people)} people in the area, {left_over} of them wear nothing that is heard and are "
            "nobody of this ticket",
        )
        yield Finding(job.permit.ticket.id, camera.device.id, words)


RULES = (
    Rule(
        name="unknown_person_seen",
        code="PPL-27",
        find=unknown_person,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        heralds=("stranger_seen_inside",),
        on_delay=lambda book, _: book.entry.unauthorised_on_s.value,
        off_delay=lambda book, _: book.entry.unauthorised_on_s.value,
        clause="docs/domain.md 2.6: unauthorised person in zone",
        ledger="2-13",
        text=Text(
            title=Words("视频中有身份不明的人", "Somebody unknown is seen"),
            cause=Words("无手环且不在本票内的人进入", "somebody without a wearable, not on the ticket, is there"),
            consequence=Words("无资格人员处于危险中", "somebody who is not qualified is in danger"),
            action=COME_OUT,
        ),
    ),
    Rule(
        name="stranger_seen_inside",
        code="PPL-28",
        find=stranger_inside,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.entry.stranger_on_s.value,
        off_delay=lambda book, _: book.entry.unauthorised_on_s.value,
        act_within_s=30,
        looks=True,
        clause="GB 30871-2022 6.8; docs/domain.md 2.6: unauthorised person in zone",
        ledger="2-13",
        text=Text(
            title=Words("视频确认无关人员进入", "Somebody unauthorised is seen inside"),
            cause=Words(
                "受限空间内有人走动，与任何手环和本票人员都对不上",
                "somebody walks about inside whom no wearable fits and who is not on the ticket",
            ),
            consequence=Words("无资格人员处于危险中", "somebody who is not qualified is in danger"),
            action=COME_OUT,
        ),
    ),
)
