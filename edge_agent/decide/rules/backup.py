"""Rules about the back-up supply: it does not carry the load in time, or not for long enough (ledger 2-41)."""

from collections.abc import Iterator

from edge_agent.decide.rules.box import unwell
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World


def late(world: World) -> Iterator[Finding]:
    """The mains are away, and the back-up supply has not come in."""
    for id_, one in world.power.items():
        if not one.over and one.delay_s is None and id_ in world.relays:
            name = world.relays[id_].device.name
            away_s = world.now_s - one.lost_s
            words = Words(
                f"{name.zh}：市电中断 {away_s:.0f} 秒，备用电源未投入",
                f"{name.en}: no mains for {away_s:.0f} s, and the back-up supply has not come in",
            )
            yield Finding("", id_, words)


def too_short(world: World) -> Iterator[Finding]:
    """The battery lasts less long than the work needs it: reckoned where it is asked (ops/power_cut.py)."""
    return unwell(world, "ups")


RULES = (
    Rule(
        name="battery_too_short",
        code="SYS-32",
        find=too_short,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.power.warn_s.value,
        act_within_s=600,
        clause="docs/domain.md 3: fail-safe: the work stops before the battery does",
        ledger="2-41",
        text=Text(
            title=Words("电池可用时间不足", "The battery does not last long enough"),
            cause=Words(
                "电池老化、未充满，或作业剩余时间太长", "it is old or not full, or the work has long to go"
            ),
            consequence=Words("监护可能在作业结束前中断", "guarding may end before the work does"),
            action=Words("恢复供电或提前收工，检查更换电池", "Restore the mains or end early; check the battery"),
        ),
    ),
    Rule(
        name="backup_late",
        code="SYS-16",
        find=late,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.power.backup_s.value,
        act_within_s=300,
        clause="ledger: back-up power that came in too late, found by a test",
        ledger="2-41",
        text=Text(
            title=Words("备用电源未投入", "The back-up supply has not come in"),
            cause=Words("切换装置、备用电源或其触点故障", "the switch-over, the supply or its contact has failed"),
            consequence=Words("警报、照明和监护可能中断", "sirens, light and guarding may go out"),
            action=Words("准备停止作业，检查备用电源", "Be ready to stop; see to the back-up supply"),
        ),
    ),
)
