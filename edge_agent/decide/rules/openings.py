"""People whom a camera sees go in: into a zone that stops the work at once, or through an opening, counted.

The register counts for safety, never the camera; where both differ, somebody looks.
"""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.observation import View
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.cameras import Camera
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.openings import Passed
from edge_agent.fuse.world import World


def entered_stop_zone(world: World) -> Iterator[Finding]:
    """A picture shows somebody, whoever it is, in a zone that is marked so."""
    for job in world.jobs:
        for camera in job.cameras:
            zones = {zone for person in camera.persons for zone in person.zones}
            for area in sorted(zones & world.stop_areas.get(camera.device.id, frozenset())):
                name = camera.device.name
                words = Words(f"{name.zh}：有人进入 {area}", f"{name.en}: somebody is in {area}")
                yield Finding(job.permit.ticket.id, f"{camera.device.id}/{area}", words)


def count_differs(world: World) -> Iterator[Finding]:
    """As many went through the opening since the start as are registered inside, or somebody looks.

    More than registered is told of however unsure it is; fewer only where nothing was missed.
    """
    for job in world.jobs:
        started_utc = job.permit.started_utc
        if not job.work.confined or job.permit.state not in UNDER_WAY or started_utc is None:
            continue
        started_s = world.now_s - (world.instant.utc - started_utc)
        for camera in job.cameras:
            for opening, passed in camera.passed:
                if opening.area == job.permit.ticket.area:
                    yield from _differs(world, job, camera, passed, started_s)


def _differs(world: World, job: Job, camera: Camera, passed: Passed, started_s: float) -> Iterator[Finding]:
    count, registered = passed.since(started_s), len(job.permit.inside)
    sure = count.sure and camera.view is View.CLEAR
    if count.inside > registered or (sure and count.inside < registered):
        tags = len(world.tags_in.get(job.permit.ticket.area, ()))
        name = camera.device.name
        words = Words(
            f"{name.zh}：视频计进 {count.ins} 人、出 {count.outs} 人{'' if sure else '（不确定）'}，"
            f"登记在内 {registered} 人，手环在内 {tags} 个；以登记为准",
            f"{name.en}: {count.ins} went in and {count.outs} out by video{'' if sure else ' (not sure)'}, "
            f"{registered} registered inside, {tags} wearables inside; the register counts",
        )
        yield Finding(job.permit.ticket.id, camera.device.id, words)


RULES = (
    Rule(
        name="stop_zone_entered",
        code="PPL-25",
        find=entered_stop_zone,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        off_delay=lambda book, _: book.ppe.over_s.value,
        signal=("vibrate",),
        act_within_s=30,
        clause="docs/domain.md 2.6: unauthorised person in zone",
        ledger="2-13",
        text=Text(
            title=Words("有人进入停机区", "Somebody is in a stop zone"),
            cause=Words("视频中有人进入进人即停的区域", "video shows somebody where nobody may be"),
            consequence=Words("可能被机械、吊物或能量伤害", "a machine, a load or energy may hit him"),
            action=Words("令其离开，确认无人后再恢复", "Send him out; resume when nobody is there"),
        ),
    ),
    Rule(
        name="passed_and_registered_differ",
        code="PPL-26",
        find=count_differs,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.entry.uncounted_on_s.value,
        off_delay=lambda book, _: book.entry.uncounted_on_s.value,
        clause="docs/domain.md 2.6: count in = count out; GB 30871-2022 6.8",
        ledger="2-56",
        text=Text(
            title=Words("视频与登记人数不符", "Video and register differ"),
            cause=Words("有人未登记进出，或视频漏计", "somebody passed unregistered, or video missed somebody"),
            consequence=Words("发生险情时无法确定内部人员", "in an emergency nobody would know who is inside"),
            action=Words("核对人数，登记进出", "Count people; register who goes in and out"),
        ),
    ),
)
