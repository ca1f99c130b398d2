"""Rules about what dry contacts on site say: protections that are off, water, a siren that would not be heard."""

from collections.abc import Callable, Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.contacts import NotWell
from edge_agent.fuse.world import World

IT_IS_A_TEST = Words("警报器例行测试，无需撤离", "a routine test of the sirens: nobody needs to leave")
OPEN = Words("断开或无法读取", "open, or cannot be read")


def interlock_open(world: World) -> Iterator[Finding]:
    """A door, a panel lock, a harness hook is open or cannot be read; a light curtain cannot be (ledger 2-02)."""
    yield from _found(world, lambda one: one.kind == "interlock" or _unread(one, "light_curtain"), OPEN)


def earth_clamp_off(world: World) -> Iterator[Finding]:
    """What is to be at earth is not, or nobody can tell (ledger 3-06)."""
    yield from _found(world, lambda one: one.kind == "earth_clamp", OPEN)


def light_curtain_broken(world: World) -> Iterator[Finding]:
    """Somebody, or something, reaches through a light curtain (ledger 2-42)."""
    words = Words("光束被遮断，或线路断开", "its beam is broken, or its wire is cut")
    yield from _found(world, lambda one: one.kind == "light_curtain" and one.seen, words)


def water_in(world: World) -> Iterator[Finding]:
    """A flood or level switch says water. One that cannot be read is a silence of its module (ledger 3-13)."""
    words = Words("检测到水，或线路断开", "water, or its wire is cut")
    yield from _found(world, lambda one: one.kind == "flood" and one.seen, words)


def siren_line_broken(world: World) -> Iterator[Finding]:
    """The monitored line to a siren is broken: it would not be heard (ledger 0-32)."""
    yield from _found(world, lambda one: one.kind == "siren_line", OPEN)


def siren_not_heard(world: World) -> Iterator[Finding]:
    """The last time that a siren had to sound, its feedback said that it did not (ledger 0-32, 2-41)."""
    for job in world.jobs:
        for relay in job.relays:
            for wire in relay.wires:
                if world.sirens.get(f"{relay.device.id}/{wire.channel}") is False:
                    name = relay.device.name
                    words = Words(f"{name.zh} {wire.channel}：未响", f"{name.en} {wire.channel}: did not sound")
                    yield Finding(job.permit.ticket.id, f"{relay.device.id}/{wire.channel}", words)


def siren_trial_near(world: World) -> Iterator[Finding]:
    """Sirens are about to be tried, or are being tried: nobody needs to leave (ledger 2-41)."""
    if world.siren_trial is not None:
        yield Finding("", "sirens", IT_IS_A_TEST)


def _unread(one: NotWell, kind: str) -> bool:
    return one.kind == kind and not one.seen


def _found(world: World, wrong: Callable[[NotWell], bool], what: Words) -> Iterator[Finding]:
    for job in world.jobs:
        for relay in job.relays:
            for one in relay.not_well:
                if wrong(one):
                    words = Words(f"{one.name.zh}：{what.zh}", f"{one.name.en}: {what.en}")
                    yield Finding(job.permit.ticket.id, f"{relay.device.id}/{one.channel}", words)


RULES = (
    Rule(
        name="interlock_open",
        code="ENV-04",
        find=interlock_open,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        on_delay=lambda book, _: book.device.interlock_on_s.value,
        latch=True,
        act_within_s=30,
        clause="docs/domain.md 3; ledger: an alarm that nothing was interlocked with",
        ledger="2-02",
        text=Text(
            title=Words("联锁断开", "An interlock is open"),
            cause=Words(
                "门、柜锁或挂钩断开，或线路中断",
                "a door, lock or hook is open, or its wire is cut",
            ),
            consequence=Words("防护措施不在位", "a protective measure is not in place"),
            action=Words("停止作业，恢复防护", "Stop work and put the protection back"),
        ),
    ),
    Rule(
        name="earth_clamp_off",
        code="ENV-05",
        find=earth_clamp_off,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        on_delay=lambda book, _: book.device.interlock_on_s.value,
        latch=True,
        act_within_s=30,
        clause="ledger: an earth clamp that came loose three quarters running",
        ledger="3-06",
        text=Text(
            title=Words("接地夹脱落", "An earth clamp is off"),
            cause=Words("接地夹松动、脱落，或线路中断", "it is loose or off, or its wire is cut"),
            consequence=Words("静电或漏电可能点火、伤人", "a spark or a fault current may ignite or kill"),
            action=Words("停止作业，重新夹好并测量", "Stop work, put it back and measure"),
        ),
    ),
    Rule(
        name="light_curtain_broken",
        code="ENV-06",
        find=light_curtain_broken,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        latch=True,
        act_within_s=10,
        clause="ledger: a board that said 100 % while a light curtain was out",
        ledger="2-42",
        text=Text(
            title=Words("光栅被遮断", "A light curtain is broken"),
            cause=Words("有人或物进入危险区，或线路中断", "somebody or something is in it, or its wire is cut"),
            consequence=Words("机器可能伤人", "the machine may hit somebody"),
            action=Words("停机，人员退出，查明原因", "Stop the machine; come out; find the cause"),
        ),
    ),
    Rule(
        name="water_in",
        code="ENV-07",
        find=water_in,
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        on_delay=lambda book, _: book.device.interlock_on_s.value,
        latch=True,
        act_within_s=10,
        clause="ledger: rain, water in a switch room, two days at a stand",
        ledger="3-13",
        text=Text(
            title=Words("进水", "Water"),
            cause=Words("液位或浸水开关动作，或线路中断", "a flood or level switch, or its wire is cut"),
            consequence=Words("可能触电、淹溺", "people may be electrocuted or drown"),
            action=Words("断电撤离，清点人数", "Cut the power, leave, count people"),
        ),
    ),
    Rule(
        name="siren_line_broken",
        code="DEV-09",
        find=siren_line_broken,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.device.silent_pause_s.value,
        act_within_s=60,
        clause="ledger: a public address that failed, and nobody downstream was warned",
        ledger="0-32",
        text=Text(
            title=Words("警报器线路断开", "A siren's line is broken"),
            cause=Words("线路断开、短路或警报器被拆下", "it is cut or shorted, or the siren was taken off"),
            consequence=Words("撤离信号可能听不到", "the order to leave may not be heard"),
            action=Words("派人口头传达，修复线路", "Post somebody who calls; mend the line"),
        ),
    ),
    Rule(
        name="siren_not_heard",
        code="DEV-10",
        find=siren_not_heard,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        act_within_s=60,
        clause="ledger: a public address that failed, and nobody downstream was warned",
        ledger="0-32, 2-41",
        text=Text(
            title=Words("警报器未响", "A siren did not sound"),
            cause=Words("警报器、电源或触点故障", "the siren, its supply or its contact is broken"),
            consequence=Words("撤离信号可能听不到", "the order to leave may not be heard"),
            action=Words(
                "派人口头传达；修好后等下次测试，或让它再响一次",
                "Post somebody who calls; mend it, and let it sound again (the next test will)",
            ),
        ),
    ),
    Rule(
        name="siren_trial_near",
        code="SYS-09",
        find=siren_trial_near,
        effect=Effect.NOTE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.DEVICE,
        act_within_s=600,
        clause="ledger: blind spots of a public address, found by a test",
        ledger="2-41",
        text=Text(
            title=Words("警报器测试", "A test of the sirens"),
            cause=Words("每日例行测试", "the routine test of every day"),
            consequence=Words("警报器将短响一次", "each siren sounds once, for a moment"),
            action=Words("无需撤离；没有听到的请报告", "Nobody needs to leave; report a siren that is not heard"),
        ),
    ),
)
