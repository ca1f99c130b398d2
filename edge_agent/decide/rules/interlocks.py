"""Rules about interlocks: tripped, blind, waiting, not acting, or missing where one is expected (ledger 2-02)."""

from collections.abc import Iterator

from edge_agent.decide.interlocks import TRIPS, WAITS, all_good
from edge_agent.decide.rules.gauges import beyond_words, facts, measured, unknown_words
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Output, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.gauges import Gauge
from edge_agent.fuse.world import World


def tripped(world: World) -> Iterator[Finding]:
    """A gauge beyond its danger limit trips its output, whoever works where."""
    for gauge in world.gauges.values():
        if gauge.table.trips is not None and gauge.beyond:
            yield _cut(gauge, beyond_words(gauge), gauge.beyond)


def blind(world: World) -> Iterator[Finding]:
    """Nothing good is known of a gauge that trips an output: then it falls too (only GOOD satisfies)."""
    for gauge in world.gauges.values():
        if gauge.table.trips is not None and gauge.blind:
            yield _cut(gauge, unknown_words(gauge, world.now_s), "")


def waiting(world: World) -> Iterator[Finding]:
    """An interlock output is off although everything is good: what it gives power comes back by a decision."""
    good = all_good(world.gauges.values())
    for relay in world.relays.values():
        for wire in relay.wires:
            key = f"{relay.device.id}/{wire.channel}"
            if good.get(key, False) and not wire.wanted_on:
                name, zh = relay.device.name, "条件已恢复，保持断开，等待人员确认"
                en = "everything is good; off until somebody acknowledges this"
                words = Words(f"{name.zh} {wire.channel}：{zh}", f"{name.en} {wire.channel}: {en}")
                yield Finding("", key, words, {WAITS: key})


def missing(world: World) -> Iterator[Finding]:
    """A temperature or pressure has a danger limit, is measured, and nothing is said to act on it."""
    for gauge in world.gauges.values():
        if gauge.known and gauge.unlocked:
            why = Words("没有绑定联锁输出", "no interlock output is bound to it")
            yield Finding("", gauge.device.id, measured(gauge).then(why), facts(gauge, ""))


def not_acting(world: World) -> Iterator[Finding]:
    """An interlock output whose mirror contact says for too long the opposite of what is wanted of it.

    It falls: one that its module dropped may come back only when somebody has acknowledged that.
    """
    limit_s = world.rulebook.device.isolation_s.value
    for relay in world.relays.values():
        for wire in relay.wires:
            against = wire.feedback is (not wire.wanted_on)
            if wire.does is Output.INTERLOCK and against and world.now_s - wire.since_s >= limit_s:
                name, what = relay.device.name, Words("未能断开", "did not open")
                if wire.wanted_on:
                    what = Words("未能吸合", "did not close")
                words = Words(f"{name.zh} {wire.channel}：{what.zh}", f"{name.en} {wire.channel}: {what.en}")
                key = f"{relay.device.id}/{wire.channel}"
                yield Finding("", key, words, {TRIPS: key})


def _cut(gauge: Gauge, why: Words, crossed: str) -> Finding:
    output = gauge.table.trips or ""
    words = Words(f"{why.zh}，已断开 {output}", f"{why.en}; {output} is cut")
    return Finding("", gauge.device.id, words, facts(gauge, crossed) | {TRIPS: output})


RESET = Words(
    "处置后确认报警；设备由人员在其控制柜上重新启动",
    "See to it, then acknowledge; people start the plant again at its own control",
)

RULES = (
    Rule(
        name="interlock_tripped",
        code="ENV-15",
        find=tripped,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        latch=True,
        act_within_s=60,
        clause="ledger: an alarm that nothing was interlocked with; "
        "docs/domain.md 2.6: the site's own limit of each gauge, with its own clause",
        ledger="2-02",
        text=Text(
            title=Words("联锁动作", "An interlock has tripped"),
            cause=Words("测量值越过联锁限值", "a measured value is beyond the limit of its interlock"),
            consequence=Words("设备已停，工艺中断", "the plant is stopped, the process interrupted"),
            action=RESET,
        ),
    ),
    Rule(
        name="interlock_blind",
        code="ENV-16",
        find=blind,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.device.silent_pause_s.value,
        latch=True,
        act_within_s=60,
        clause="docs/domain.md 2.3: only GOOD satisfies; ledger: an alarm that nothing was interlocked with",
        ledger="2-02, 2-45",
        text=Text(
            title=Words("联锁因测量值未知动作", "An interlock has tripped: its value is not known"),
            cause=Words("传感器断线、故障、断网或数据过期", "broken wire, fault, no network, or old values"),
            consequence=Words("设备已停，工艺中断", "the plant is stopped, the process interrupted"),
            action=RESET,
        ),
    ),
    Rule(
        name="interlock_waits",
        code="ENV-18",
        find=waiting,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        act_within_s=600,
        clause="ISO 14118:2017: no unexpected start-up; ledger: an alarm that nothing was interlocked with",
        ledger="2-02",
        text=Text(
            title=Words("联锁输出等待确认", "An interlock output waits"),
            cause=Words("主机重启，或联锁动作后已恢复", "the box has started anew, or a trip is over"),
            consequence=Words("确认之前，所联锁的设备不能运行", "until then the plant behind it cannot run"),
            action=Words(
                "确认设备处于安全状态后确认此报警；设备由人员在其控制柜上重新启动",
                "See that the plant is safe, then acknowledge; people start it again at its own control",
            ),
        ),
    ),
    Rule(
        name="interlock_missing",
        code="ENV-17",
        find=missing,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.RULE,
        act_within_s=86400,
        clause="ledger: an alarm that nothing was interlocked with",
        ledger="2-02",
        text=Text(
            title=Words("未绑定联锁", "No interlock is bound"),
            cause=Words(
                "温度或压力有危险限值而无联锁输出", "a temperature or pressure with a danger limit trips nothing"
            ),
            consequence=Words("越限时只能靠人处置", "beyond its limit only people can act"),
            action=Words(
                "接上联锁输出并绑定到此测点，或在设置中写明由谁联锁",
                "Wire an interlock output and bind it (trips), or say who trips it (without_trip)",
            ),
        ),
    ),
    Rule(
        name="interlock_not_acting",
        code="DEV-33",
        find=not_acting,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.CRITICAL,
        blame=Blame.DEVICE,
        latch=True,
        act_within_s=30,
        clause="docs/domain.md 3: feedback: off not seen in 2 s",
        ledger="2-02, 2-41",
        text=Text(
            title=Words("联锁输出不一致", "An interlock output does not follow"),
            cause=Words(
                "触点粘连、接线错误或模块看门狗动作",
                "a welded contact, wrong wiring, or the module's watchdog fell",
            ),
            consequence=Words("越限时设备可能停不下来", "the plant may not stop when it must"),
            action=Words("在现场手动停机，检查继电器", "Stop the plant by hand; see to the relay"),
        ),
    ),
)
