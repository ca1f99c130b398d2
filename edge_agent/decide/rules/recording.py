"""Rules about films: work that must be seen all the time is kept on film, and films last for their time."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.observation import Filming, View
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.cameras import Camera
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

# What cannot be seen cannot be kept: that is found by the rules about the picture itself.
UNSEEN = frozenset({View.GONE, View.STARTING})
ENOUGH = frozenset({Filming.READY, Filming.RUNNING})
WORDS = {
    Filming.OFF: Words(
        "未设置录像，请在 site.toml 中设置 [recording]", "no recording is set up: set [recording] in site.toml"
    ),
    Filming.READY: Words("未在录像", "nothing is being recorded"),
    Filming.FAILED: Words("录像失败", "the recording fails"),
}


def unkept_where_required(world: World) -> Iterator[Finding]:
    """The rulebook wants this work on film from beginning to end, and a camera of it is not being recorded."""
    for job in world.jobs:
        if job.work.video:
            yield from _unkept(job)


def unkept(world: World) -> Iterator[Finding]:
    """What the site has set up to record fails: for work that ticket or site want seen, and for clips."""
    asked = {camera.device.id for job in world.jobs if job.video for camera in job.cameras}
    for job in world.jobs:
        if job.video and not job.work.video:
            yield from _unkept(job, only=Filming.FAILED)
    for id_, camera in world.cameras.items():
        if id_ not in asked and camera.filming is Filming.FAILED and camera.view not in UNSEEN:
            yield Finding("", id_, _words(camera))


def _unkept(job: Job, only: Filming | None = None) -> Iterator[Finding]:
    for camera in job.cameras:
        enough = ENOUGH if job.waiting else {Filming.RUNNING}
        asked = job.waiting or job.permit.state in UNDER_WAY
        told = only is None or camera.filming is only
        if asked and told and camera.view not in UNSEEN and camera.filming not in enough:
            yield Finding(job.permit.ticket.id, camera.device.id, _words(camera))


def _words(camera: Camera) -> Words:
    why, name = WORDS[camera.filming], camera.device.name
    return Words(f"{name.zh}：{why.zh}", f"{name.en}: {why.en}").then(camera.filming_detail)


def films_go_early(world: World) -> Iterator[Finding]:
    """Films are removed before their time, or cannot be looked after."""
    films = world.health.get("films")
    if films is not None and not films.ok:
        yield Finding("", "films", films.detail)


NOT_PROVED = Words("事后无法查看作业过程", "nobody can look later at how the work was done")
CHECK = Words("检查磁盘和录像设置", "See to the disk and the recording's settings")

RULES = (
    Rule(
        name="recording_required_not_kept",
        code="DEV-30",
        find=unkept_where_required,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.camera.not_monitored_s.value,
        clause="GB 30871-2022 5.2.11",
        ledger="2-49",
        text=Text(
            title=Words("规定的录像中断", "The required recording fails"),
            cause=Words(
                "磁盘满、不可写、过慢，或未设置录像", "the disk is full, slow or refuses, or none is set up"
            ),
            consequence=NOT_PROVED,
            action=CHECK,
        ),
    ),
    Rule(
        name="recording_not_kept",
        code="DEV-31",
        find=unkept,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.camera.not_monitored_s.value,
        act_within_s=600,
        clause="docs/domain.md 7",
        ledger="2-49",
        text=Text(
            title=Words("录像中断", "The recording fails"),
            cause=Words("磁盘满、不可写或过慢", "the disk is full, slow, or refuses"),
            consequence=NOT_PROVED,
            action=CHECK,
        ),
    ),
    Rule(
        name="films_go_early",
        code="SYS-30",
        find=films_go_early,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.DEVICE,
        act_within_s=86_400,
        clause="GB 30871-2022 B.3",
        ledger="2-49",
        text=Text(
            title=Words("录像保存不足", "Films are not kept for their time"),
            cause=Words("配额或磁盘太小，或磁盘不可写", "quota or disk are too small, or the disk refuses"),
            consequence=Words("最早的录像已提前删除", "the oldest films are removed before their time"),
            action=Words("导出需要的录像，增大磁盘或配额", "Export what is needed; fit a larger disk or quota"),
        ),
    ),
)
