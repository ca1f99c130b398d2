"""Rules about gauges: beyond a danger limit of the site's own, near it, or not known (ledger 1-29, 3-21)."""

from collections.abc import Iterator
from typing import Any

from edge_agent.decide.rules.gas_words import figure, named, stale_words
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.gauge import QUANTITIES, SHOWN
from edge_agent.domain.limit import Limit
from edge_agent.domain.observation import Quality
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.gauges import Gauge
from edge_agent.fuse.world import World

SPOKEN = frozenset({Quality.OVERRANGE, Quality.UNDERRANGE})  # no number, and beyond by what it says
LIMITS = {
    "high_high": Words("高高限", "high-high limit"),
    "high": Words("高限", "high limit"),
    "low": Words("低限", "low limit"),
    "low_low": Words("低低限", "low-low limit"),
}


def beyond(world: World) -> Iterator[Finding]:
    """A gauge that work is bound to, or of its area, beyond a danger limit."""
    for job in world.jobs:
        for gauge in job.gauges_near:
            if gauge.beyond:
                yield Finding(
                    job.permit.ticket.id, gauge.device.id, beyond_words(gauge), facts(gauge, gauge.beyond)
                )


def beyond_alone(world: World) -> Iterator[Finding]:
    """The same where nobody works by permit: who answers for the place is told. An interlock tells of itself."""
    for gauge in world.idle_gauges:
        if gauge.beyond and gauge.table.trips is None:
            yield Finding("", gauge.device.id, beyond_words(gauge), facts(gauge, gauge.beyond))


def near(world: World) -> Iterator[Finding]:
    """A gauge beyond its warning limit, or whose sensor alarms by itself."""
    for gauge in world.gauges.values():
        if gauge.near or (gauge.own_alarm and not gauge.beyond):
            own = Words("传感器自身报警", "the sensor's own alarm")
            words = measured(gauge).then(NOTHING if gauge.near else own)
            said = _against(gauge, gauge.near) if gauge.near else words
            yield Finding("", gauge.device.id, said, facts(gauge, gauge.near))


def unknown(world: World) -> Iterator[Finding]:
    """A gauge that work is bound to says nothing that counts: missing is never within its limits (ledger 2-45)."""
    for job in world.jobs:
        for gauge in job.gauges:
            if gauge.blind:
                yield Finding(
                    job.permit.ticket.id, gauge.device.id, unknown_words(gauge, world.now_s), facts(gauge, "")
                )


def unknown_alone(world: World) -> Iterator[Finding]:
    """The same of a gauge that no work is bound to: nobody watches that place. An interlock tells of itself."""
    bound = {gauge.device.id for job in world.jobs for gauge in job.gauges}
    for gauge in world.gauges.values():
        if gauge.blind and gauge.table.trips is None and gauge.device.id not in bound:
            yield Finding("", gauge.device.id, unknown_words(gauge, world.now_s), facts(gauge, ""))


def facts(gauge: Gauge, crossed: str) -> dict[str, Any]:
    """What a ticket about it begins with, beside the words: where, what, and the limit with its clause."""
    told: dict[str, Any] = {"area": gauge.table.area, "measures": gauge.table.measures}
    limit = _limit(gauge, crossed)
    if limit is not None:
        told["limit"] = {"value": limit.value, "unit": limit.unit, "row": limit.row, "clause": limit.clause}
    return told


def beyond_words(gauge: Gauge) -> Words:
    """Which danger limit was crossed, by how much, and whether anything but people acts on it."""
    nobody = Words("没有联锁动作，只能由人处置", "nothing is interlocked with it: people have to act")
    back = Words("尚未恢复到限值以内", "not known to be back within it")
    words = _against(gauge, gauge.beyond).then(NOTHING if gauge.known or gauge.quality in SPOKEN else back)
    return words.then(nobody if gauge.unlocked else NOTHING)


def _against(gauge: Gauge, crossed: str) -> Words:
    now, limit, called = measured(gauge), _limit(gauge, crossed), LIMITS[crossed]
    value = "" if limit is None else f"{limit.value:g} {shown(limit.unit)}"
    return Words(f"{now.zh}（{called.zh} {value}）", f"{now.en} ({called.en} {value})")


def _limit(gauge: Gauge, crossed: str) -> Limit | None:
    return dict(gauge.table.limits.all).get(crossed)


def measured(gauge: Gauge) -> Words:
    """Where, what, and how much of it."""
    name, what = gauge.device.name, QUANTITIES[gauge.table.measures].name
    if gauge.level is None:
        why = named(gauge.quality)
        return Words(f"{name.zh}：{what.zh}{why.zh}", f"{name.en}: {what.en} {why.en}")
    level = f"{figure(gauge.level)} {shown(gauge.unit)}"
    return Words(f"{name.zh}：{what.zh} {level}", f"{name.en}: {what.en} {level}")


def shown(unit: str) -> str:
    """A unit as people write it."""
    return SHOWN.get(unit, unit)


def unknown_words(gauge: Gauge, now_s: float) -> Words:
    """Why nothing is known of it."""
    name, why = gauge.device.name, named(gauge.quality)
    words = Words(f"{name.zh}：{why.zh}", f"{name.en}: {why.en}")
    if gauge.quality is Quality.STALE and gauge.said_s is not None:
        return stale_words(words, now_s - gauge.said_s, gauge.device.stale_after_s, gauge.detail)
    return words.then(gauge.detail)


BEYOND = Words("温度、液位、压力等越过危险限值", "a temperature, level, pressure ... is beyond its danger limit")
SPOILS = Words("设备损坏、溢流、超压或人员受伤", "damage, overflow, overpressure, injury")
BLIND = Words("传感器断线、故障、断网或数据过期", "broken wire, fault, no network, or old values")

RULES = (
    Rule(
        name="gauge_beyond",
        code="ENV-10",
        find=beyond,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.device.calm_off_s.value,
        latch=True,
        looks=True,
        act_within_s=30,
        clause="docs/domain.md 2.6: the site's own limit of each gauge, with its own clause",
        ledger="1-29, 3-21",
        text=Text(
            title=Words("测量值越过危险限值", "A measured value is beyond its danger limit"),
            cause=BEYOND,
            consequence=SPOILS,
            action=Words("停止作业，离开，通知工艺人员", "Stop work, step away, call the process people"),
        ),
    ),
    Rule(
        name="gauge_beyond_alone",
        code="ENV-11",
        find=beyond_alone,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.device.calm_off_s.value,
        latch=True,
        looks=True,
        act_within_s=60,
        clause="docs/domain.md 2.6: the site's own limit of each gauge, with its own clause",
        ledger="1-29, 3-21",
        text=Text(
            title=Words("无人作业处测量值越过危险限值", "A value beyond its danger limit where nobody works"),
            cause=BEYOND,
            consequence=SPOILS,
            action=Words("通知工艺人员到场处置", "Send the process people there"),
        ),
    ),
    Rule(
        name="gauge_near",
        code="ENV-12",
        find=near,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        on_delay=lambda book, _: book.device.interlock_on_s.value,
        off_delay=lambda book, _: book.device.calm_off_s.value,
        act_within_s=600,
        clause="docs/domain.md 2.6: the site's own limit of each gauge, with its own clause",
        ledger="1-29, 3-21",
        text=Text(
            title=Words("测量值接近危险限值", "A measured value nears its danger limit"),
            cause=Words(
                "温度、液位、压力等越过报警限值", "a temperature, level, pressure ... is beyond its warning limit"
            ),
            consequence=Words("达到危险限值时停工或联锁", "at the danger limit work stops, or the plant trips"),
            action=Words("查明原因，及时处置", "Find the cause and act in time"),
        ),
    ),
    Rule(
        name="gauge_unknown",
        code="ENV-13",
        find=unknown,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.device.silent_pause_s.value,
        act_within_s=60,
        clause="docs/domain.md 2.3: only GOOD satisfies",
        ledger="1-29, 2-45",
        text=Text(
            title=Words("测量值未知", "A measured value is not known"),
            cause=BLIND,
            consequence=Words("越限时无法得知", "nobody would know when it goes beyond its limit"),
            action=Words("停止作业，检查传感器", "Stop work and see to the sensor"),
        ),
    ),
    Rule(
        name="gauge_unknown_alone",
        code="ENV-14",
        find=unknown_alone,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.device.silent_pause_s.value,
        act_within_s=600,
        clause="docs/domain.md 2.3: only GOOD satisfies",
        ledger="1-29, 3-21, 2-45",
        text=Text(
            title=Words("无人作业处测量值未知", "A value that nobody's work is bound to is not known"),
            cause=BLIND,
            consequence=Words("越限时无法得知", "nobody would know when it goes beyond its limit"),
            action=Words("检查传感器", "See to the sensor"),
        ),
    ),
)
