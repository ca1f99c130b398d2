"""Response levels of a gas (chlorine's three: ledger 4-18, 4-20..22), beside the limit that stops the work.

Level 1 brings the guide to the site's terminal; level 2 calls the emergency team, locks the cameras
that see the place and clears it; level 3 (and over-range) goes to the park with people and live curve.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins

from edge_agent.decide.rules.gas import response_clock
from edge_agent.decide.rules.gas_area import binds
from edge_agent.decide.rules.gas_words import measured, quality_words
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.cite import cited
from edge_agent.domain.gas_limits import GasLevel
from edge_agent.domain.observation import has_number
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words, joined, same
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.gas_site import Group
from edge_agent.fuse.world import World

GUIDE, CLEAR, PARK = 1, 2, 3  # what the levels mean; where they begin is the rulebook's matter
LEAK = Words("有毒气体泄漏", "toxic gas is leaking")
POISONING = Words("中毒", "poisoning")


def guide(world: World) -> Iterator[Finding]:
    """Level 1: the site's terminal shows what to do (ledger 4-20)."""
    yield from _at(world, GUIDE, GUIDE, {"notify": ["site_terminal"], "guide": True})


def emergency(world: World) -> Iterator[Finding]:
    """Level 2: the emergency team is called, cameras that see the place are locked (ledger 4-21)."""
    yield from _at(world, CLEAR, CLEAR, {"notify": ["site_terminal", "emergency"], "guide": True, "lock": True})


def park(world: World) -> Iterator[Finding]:
    """Level 3: the park follows people and the live curve on the emergency topic (ledger 4-22)."""
    told = {"notify": ["site_terminal", "emergency", "park"], "guide": True, "lock": True, "live_curve": True}
    yield from _at(world, PARK, None, told)


def _at(world: World, lowest: int, highest: int | None, told: dict[str, Any]) -> Iterator[Finding]:
    """One finding about the unit for each detector at these levels, whether or not anybody works there."""
    for group in world.gas_groups:
        for channel in group.members if group.level >= lowest else ():
            level = channel.track.level
            if not channel.bottled and level >= lowest and (highest is None or level <= highest):
                yield Finding(
                    "", channel.device.id, _words(channel, world.now_s), _facts(world, group, channel, told)
                )


def _facts(world: World, group: Group, channel: Channel, told: dict[str, Any]) -> dict[str, Any]:
    """What the centre, the terminal and the cameras need to know."""
    days = world.gas_alarms.get(f"{group.gas}/{group.area}", ())
    return {
        "gas": group.gas,
        "area": group.area,
        "response_level": channel.track.level,
        "response_limit": [to_builtins(limit) for _, limit in _reached(channel).bounds],
        "cameras": list(group.cameras) if told.get("lock") else [],
        "alarms_30_days": sum(count for _, count in days),
        **{name: value for name, value in told.items() if name != "lock"},
        **response_clock(channel.track.level_clock),
    }


def clears(world: World) -> Iterator[Finding]:
    """From level 2 on everybody there leaves, also before a second detector confirms it."""
    for group in world.gas_groups:
        if group.level >= CLEAR and not group.confirmed:
            high = [channel for channel in group.members if channel.track.level >= CLEAR and not channel.bottled]
            for job in world.jobs_in.get(group.area, ()):
                if not binds(job, high):
                    words, clock = _words(high[0], world.now_s), response_clock(high[0].track.level_clock)
                    yield Finding(job.permit.ticket.id, f"{group.area}/{group.gas}", words, clock)


def ends(world: World) -> Iterator[Finding]:
    """Level 3 at a job's own detector or where it works: that ticket is over (docs/domain.md 3, class A)."""
    for group in world.gas_groups:
        if group.level < PARK:
            continue
        highest = [channel for channel in group.members if channel.track.level >= PARK and not channel.bottled]
        for job in world.jobs:
            if job.permit.ticket.area == group.area or binds(job, highest):
                yield Finding(job.permit.ticket.id, f"{group.area}/{group.gas}", _words(highest[0], world.now_s))


def _words(channel: Channel, now_s: float) -> Words:
    """Its name, what is measured, and where this level begins: the limit that stops work is another one."""
    now = measured(channel) if has_number(channel.quality) else quality_words(channel, now_s)
    row = _reached(channel)
    begins = joined(
        joined((same(f"{sign} {limit.value:g} {limit.unit}"), cited(limit.clause))) for sign, limit in row.bounds
    )
    return Words(f"{row.name.zh}：{now.zh}（{begins.zh}）", f"{row.name.en}: {now.en} ({begins.en})")


def _reached(channel: Channel) -> GasLevel:
    """The row of the highest level that it has reached: a channel without levels reaches none."""
    levels = () if channel.limits is None else channel.limits.levels
    return levels[channel.track.level - 1]


RULES = (
    Rule(
        name="gas_level_1",
        code="GAS-13",
        find=guide,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        clause="ledger: 0.3 < c < 1 ppm chlorine (docs/domain.md 1.7)",
        ledger="4-18, 4-20",
        text=Text(
            title=Words("一级响应：按现场处置指引", "Response level 1: follow the guide on site"),
            cause=LEAK,
            consequence=POISONING,
            action=Words("查看终端上的处置指引，查漏", "Follow the guide on the terminal; find the leak"),
        ),
    ),
    Rule(
        name="gas_level_2",
        code="GAS-14",
        find=emergency,
        effect=Effect.WARN,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        latch=True,
        clears=True,
        act_within_s=30,
        clause="ledger: 1 <= c <= 3 ppm chlorine (docs/domain.md 1.7)",
        ledger="4-21",
        text=Text(
            title=Words("二级响应：通知应急小组", "Response level 2: call the emergency team"),
            cause=LEAK,
            consequence=POISONING,
            action=Words("撤离该区域，应急小组到场", "Clear the area; the emergency team comes"),
        ),
    ),
    Rule(
        name="gas_level_3",
        code="GAS-15",
        find=park,
        effect=Effect.WARN,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        latch=True,
        clears=True,
        act_within_s=10,
        clause="ledger: c > 3 ppm chlorine or over-range (docs/domain.md 1.7)",
        ledger="4-22",
        text=Text(
            title=Words("三级响应：园区应急", "Response level 3: emergency of the park"),
            cause=LEAK,
            consequence=Words("多人中毒", "many people poisoned"),
            action=Words("全员撤离到上风向，清点人数，报园区", "Everybody upwind; count people; call the park"),
        ),
    ),
    Rule(
        name="gas_level_clears",
        code="GAS-16",
        find=clears,
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        latch=True,
        retest=True,
        act_within_s=10,
        clause="ledger: permits in the zone pause from level 2 on (docs/domain.md 1.7)",
        ledger="4-21, 4-22",
        text=Text(
            title=Words("二级以上响应 撤离", "Response level 2 or above: evacuate"),
            cause=LEAK,
            consequence=POISONING,
            action=Words("立即撤离到上风向，清点人数", "Leave at once, upwind; count people"),
        ),
    ),
    Rule(
        name="gas_level_ends",
        code="GAS-18",
        find=ends,
        effect=Effect.PAUSE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        retest=True,
        final=True,
        act_within_s=10,
        clause="docs/domain.md 3 A: after level 3 a new permit",
        ledger="4-22, 2-27",
        text=Text(
            title=Words("三级响应 本票作废", "Response level 3: this permit is over"),
            cause=LEAK,
            consequence=POISONING,
            action=Words("撤离；险情排除后办理新票", "Leave; when the danger is over, ask for a new ticket"),
        ),
    ),
)
