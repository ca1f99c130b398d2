"""Rules about the change of shift: the guard checks in anew, and the hand-over is gone through (ledger 2-53)."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, PauseClass
from edge_agent.domain.words import Words, joined
from edge_agent.fuse.world import World


def handover_open(world: World) -> Iterator[Finding]:
    """The shift has changed during the work, and the guard or the checklist has not followed.

    Shifts are local time, and the clock may be wrong or moved: then a hand-over is asked for once too often.
    How long it may stay open is the rule's delay, which no clock can stretch.
    """
    shift = world.shift
    if shift is None:
        return
    for job in world.jobs:
        permit = job.permit
        missing = []
        if permit.guard_shift != shift.id:
            missing.append(Words("监护人未在本班签到", "the guard has not checked in since"))
        if permit.handed_over != shift.id:
            missing.append(Words("交接班清单未确认", "the checklist is not confirmed"))
        if permit.state in UNDER_WAY and missing:
            begun = Words(f"{shift.name.zh}已开始", f"the {shift.name.en} has begun")
            yield Finding(permit.ticket.id, "shift", joined((begun, *missing)))


RULES = (
    Rule(
        name="handover_due",
        code="GRD-20",
        find=handover_open,
        effect=Effect.WARN,
        pause_class=PauseClass.MANUAL,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        act_within_s=1800,
        clause="docs/domain.md 5: the time after a change of shift is of high risk",
        ledger="2-53, 1-31",
        text=Text(
            title=Words("需要交接班", "Hand over the shift"),
            cause=Words("作业跨越班次", "the work goes on over a change of shift"),
            consequence=Words("逾期未交接将暂停作业", "the work is paused if it is not handed over in time"),
            action=Words(
                "监护人重新签到，逐项确认交接清单", "The guard checks in again; go through the checklist"
            ),
        ),
    ),
    Rule(
        name="handover_missed",
        code="GRD-21",
        find=handover_open,
        effect=Effect.PAUSE,
        pause_class=PauseClass.MANUAL,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.shift.handover_s.value,
        act_within_s=60,
        clause="docs/domain.md 3 D: shift change",
        ledger="2-53, 1-31",
        text=Text(
            title=Words("交接班未完成", "The shift was not handed over"),
            cause=Words("规定时间内没有完成交接", "nobody handed over within the time for it"),
            consequence=Words("接班人不了解现场情况", "those who came on do not know what they took over"),
            action=Words("停止作业，完成交接", "Stop work and hand over"),
        ),
    ),
)
