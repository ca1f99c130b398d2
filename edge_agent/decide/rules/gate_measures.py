"""Start gate, protective measures: each is verified by what it claims to be verified by (ledger 2-44, 2-49)."""

from collections.abc import Iterator
from typing import assert_never

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.observation import Quality, View
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.ticket import Measure, MeasureKind
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World


def not_confirmed(world: World) -> Iterator[Finding]:
    """A manual measure at which nobody has looked lately."""
    fresh_s = world.rulebook.people.confirmed_fresh_s.value
    for job in world.waiting:
        seen_s = {one.measure: one.at_s for one in job.permit.confirmed}
        for measure in job.permit.ticket.measures:
            at_s = seen_s.get(measure.id)
            if measure.kind is MeasureKind.MANUAL and (at_s is None or world.now_s - at_s > fresh_s):
                yield _finding(job, measure, Words("尚未有人现场确认", "nobody has confirmed it on site lately"))


def not_verified(world: World) -> Iterator[Finding]:
    """A measure that claims a device or a camera, without one that proves it at this moment."""
    for job in world.jobs:
        for measure in job.permit.ticket.measures:
            why = _unproved(job, measure)
            if why is not None:
                yield _finding(job, measure, why)


def _finding(job: Job, measure: Measure, why: Words) -> Finding:
    words = Words(f"{measure.words.zh}：{why.zh}", f"{measure.words.en}: {why.en}")
    return Finding(job.permit.ticket.id, measure.id, words)


def _unproved(job: Job, measure: Measure) -> Words | None:
    """Why nothing proves this measure now; None where something does, or people must."""
    match measure.kind:
        case MeasureKind.MANUAL:
            return None
        case MeasureKind.AI:
            clear = any(c.device.id == measure.source and c.view is View.CLEAR for c in job.cameras)
            return None if clear else Words("未核实：没有可用画面", "not verified: no camera shows it now")
        case MeasureKind.IOT:
            live = measure.source in _live(job)
            return None if live else Words("未核实：没有实时数据", "not verified: no live device proves it now")
        case _:
            assert_never(measure.kind)


def _live(job: Job) -> Iterator[str]:
    """Bound devices whose word counts now."""
    yield from (channel.device.id for channel in job.channels if channel.quality is Quality.GOOD)
    for relay in job.relays:
        if relay.ok and relay.silent_s is not None and relay.silent_s <= relay.device.stale_after_s:
            yield relay.device.id
    yield from (tag.device.id for tag in job.wearables if tag.fresh)


UNPROVED = Words("防护措施可能没有落实", "the protection may not be in place")

RULES = (
    Rule(
        name="measure_not_confirmed",
        code="PTW-32",
        find=not_confirmed,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        before_start=True,
        act_within_s=1800,
        clause="GB 30871-2022 4.10: the guard checks that the measures are in place",
        ledger="1-04, 2-49",
        text=Text(
            title=Words("措施未确认", "A measure is not confirmed"),
            cause=Words("没有人到现场看过", "nobody has looked at it on site"),
            consequence=UNPROVED,
            action=Words("到现场检查并确认", "Look at it on site and confirm it"),
        ),
    ),
    Rule(
        name="measure_not_verified",
        code="PTW-33",
        find=not_verified,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.camera.not_monitored_s.value,
        act_within_s=600,
        clause="ledger: a manual check must not be recorded as smart monitoring",
        ledger="1-04, 2-44, 2-49",
        text=Text(
            title=Words("措施未核实", "A measure is not verified"),
            cause=Words("设备未绑定、离线或数据不可信", "its device is not bound, offline or cannot be trusted"),
            consequence=UNPROVED,
            action=Words("绑定并恢复设备，或改为人工确认", "Bind and mend the device, or have people confirm it"),
        ),
    ),
)
