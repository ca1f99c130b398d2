"""Rules about protective equipment: missing over several seconds warns; what keeps people alive pauses.

Occluded is not compliant and not missing: what cannot be told is counted as not assessable (docs/domain.md 2.6).
What nobody looks for at all is said to be so.
"""

from collections.abc import Iterable, Iterator

from edge_agent.decide.rules import hooks
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.observation import Worn
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.cameras import Camera
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

ITEMS = {
    "helmet": Words("安全帽", "helmet"),
    "vest": Words("反光背心", "vest"),
    "harness": Words("安全带", "harness"),
    "mask": Words("面罩", "mask"),
    "gloves": Words("手套", "gloves"),
    "goggles": Words("护目镜", "goggles"),
    "scba": Words("空气呼吸器", "breathing apparatus"),
}


def ppe_missing(world: World) -> Iterator[Finding]:
    """Somebody in the work's area goes without an item that this work, or the area itself, asks for."""
    for job in world.jobs:
        asked = {*job.work.ppe, *world.area_ppe.get(job.permit.ticket.area, ())}
        wanted = asked.difference(job.work.ppe_critical)
        yield from _missing(world, job, wanted)
        yield from hooks.unhooked(world, job, wanted)


def critical_ppe_missing(world: World) -> Iterator[Finding]:
    """Somebody goes without what keeps him alive here: a harness at height, breathing apparatus in a tank."""
    for job in world.jobs:
        yield from _missing(world, job, job.work.ppe_critical)
        yield from hooks.unhooked(world, job, job.work.ppe_critical)


def ppe_unwitnessed(world: World) -> Iterator[Finding]:
    """An item is asked for, people are looked at, and nobody looks for that item; or a contact cannot be read."""
    enough = world.rulebook.ppe.frames_count.value
    for job in world.jobs:
        area = job.permit.ticket.area
        asked = {*job.work.ppe, *job.work.ppe_critical, *world.area_ppe.get(area, ())}
        yield from hooks.untold(world, job, asked)
        asked -= hooks.told_of_all(world, job)
        for camera in job.cameras if asked else ():
            looked = [track for track, n in camera.equipment.pictures_in(area).items() if n >= enough]
            told = {item for track in looked for item in camera.equipment.told[track]}
            yield from (_nobody_tells(job, camera, item) for item in sorted(asked - told) if looked)


def _nobody_tells(job: Job, camera: Camera, item: str) -> Finding:
    name, called = camera.device.name, ITEMS.get(item, Words(item, item))
    words = Words(
        f"{name.zh}：所用模型不识别{called.zh}，无法确认是否佩戴；可换用能识别的模型，或接入佩戴者自身的触点",
        f"{name.en}: nobody can tell whether the {called.en} is worn, its model does not look for it; one that "
        "does, or a contact on what each of them wears, would tell",
    )
    return Finding(job.permit.ticket.id, f"{camera.device.id}/{item}", words)


def _missing(world: World, job: Job, items: Iterable[str]) -> Iterator[Finding]:
    wanted = sorted(items)
    for camera in job.cameras if wanted else ():
        for track, looked in camera.equipment.pictures_in(job.permit.ticket.area).items():
            if looked >= world.rulebook.ppe.frames_count.value:
                yield from _on(job, camera, track, wanted)


def _on(job: Job, camera: Camera, track: int, wanted: Iterable[str]) -> Iterator[Finding]:
    told = camera.equipment.told[track]
    for item in wanted:
        seen = told.get(item)
        if seen is not None and seen.state is Worn.MISSING:
            name, called = camera.device.name, ITEMS.get(item, Words(item, item))
            words = Words(
                f"{name.zh}：{track} 号人员未佩戴{called.zh}（{seen.judged} 帧中 {seen.missing} 帧）",
                f"{name.en}: person {track} without {called.en} ({seen.missing} of {seen.judged} pictures)",
            )
            yield Finding(job.permit.ticket.id, f"{camera.device.id}/{track}/{item}", words)


RULES = (
    Rule(
        name="ppe_missing",
        code="PPL-11",
        find=ppe_missing,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        off_delay=lambda book, _: book.ppe.over_s.value,
        clause="docs/domain.md 2.6: missing in >= 60 % of pictures over 3-5 s",
        ledger="4-38, 0-13",
        text=Text(
            title=Words("未佩戴防护用品", "Protective equipment missing"),
            cause=Words("缺少要求的防护用品", "an item is not worn"),
            consequence=Words("受伤风险增加", "an injury becomes likelier"),
            action=Words("戴好防护用品再作业", "Put it on before you go on"),
        ),
    ),
    Rule(
        name="ppe_critical_missing",
        code="PPL-12",
        find=critical_ppe_missing,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        off_delay=lambda book, _: book.ppe.over_s.value,
        clause="docs/domain.md 2.6: critical PPE may pause",
        ledger="4-38, 3-27",
        text=Text(
            title=Words("未使用关键防护用品", "Life-saving equipment missing"),
            cause=Words("未系安全带或未佩戴空气呼吸器", "harness or breathing apparatus is not worn"),
            consequence=Words("坠落或窒息", "a fall, or suffocation"),
            action=Words("停止作业，佩戴好后再恢复", "Stop; put it on"),
        ),
    ),
    Rule(
        name="ppe_unwitnessed",
        code="PPL-29",
        find=ppe_unwitnessed,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.RULE,
        on_delay=lambda book, _: book.ppe.over_s.value,
        off_delay=lambda book, _: book.figures.ppe_s.value,
        clause="docs/domain.md 2.6: what cannot be told is not compliant",
        ledger="4-38, 2-38",
        text=Text(
            title=Words("无法确认防护用品", "Nobody can tell whether equipment is worn"),
            cause=Words("要求的防护用品无人见证", "an item is asked for that nothing here looks for"),
            consequence=Words("缺少时不会报警", "nobody would be warned if it were missing"),
            action=Words("由监护人查看", "Let the guard look himself"),
        ),
    ),
)
