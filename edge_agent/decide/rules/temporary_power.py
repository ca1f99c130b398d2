"""Temporary power for another work lasts no longer than that work (GB 30871-2022 10.8)."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.ticket import WorkType
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World

SERVED = frozenset({WorkType.HOT, WorkType.CONFINED_SPACE})


def outlasts(world: World) -> Iterator[Finding]:
    """A ticket for power that names a hot or confined work and is valid for longer than that one."""
    for job in world.waiting:
        power = job.permit.ticket
        if power.type != WorkType.TEMPORARY_POWER:
            continue
        named = (world.job_of[id_].permit.ticket for id_ in power.linked if id_ in world.job_of)
        for served in named:
            if served.type in SERVED and power.valid_to_utc > served.valid_to_utc:
                late_h = (power.valid_to_utc - served.valid_to_utc) / 3600
                words = Words(
                    f"有效期比所服务的作业票 {served.id} 晚 {late_h:.1f} 小时",
                    f"it is valid for {late_h:.1f} h longer than {served.id}, which it serves",
                )
                yield Finding(power.id, served.id, words)


def serves_nothing(world: World) -> Iterator[Finding]:
    """Power for hot or confined work, and every work that it names here has ended."""
    for job in world.jobs:
        ticket = job.permit.ticket
        if ticket.type == WorkType.TEMPORARY_POWER and ticket.linked and world.over.issuperset(ticket.linked):
            served = ", ".join(ticket.linked)
            words = Words(f"所服务的作业票 {served} 已结束", f"the work that it serves ({served}) is over")
            yield Finding(ticket.id, "linked", words)


RULES = (
    Rule(
        name="power_outlasts_work",
        code="PTW-38",
        find=outlasts,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        before_start=True,
        act_within_s=1800,
        clause="GB 30871-2022 10.8: for hot or confined work, that work's own time",
        ledger="2-21",
        text=Text(
            title=Words("临时用电超出所服务作业的有效期", "Temporary power outlasts the work that it serves"),
            cause=Words("临时用电票的结束时间晚于关联作业票", "its ticket ends after the linked one"),
            consequence=Words("作业结束后仍然带电", "power would stay on after the work is over"),
            action=Words("缩短有效期后重新签发", "Shorten it and issue the ticket anew"),
        ),
    ),
    Rule(
        name="power_serves_nothing",
        code="PTW-39",
        find=serves_nothing,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        clause="GB 30871-2022 10.8: for hot or confined work, that work's own time",
        ledger="2-21",
        text=Text(
            title=Words("所服务的作业已结束仍在用电", "Power for work that is over"),
            cause=Words("关联的动火或受限空间作业票已结束", "the linked hot or confined work has ended"),
            consequence=Words(
                "无人管理的带电线路可能触电或起火", "a live line that nobody looks after may shock or burn"
            ),
            action=Words("切断电源，拆除线路，关闭本票", "Cut the power, take the line down, close this ticket"),
        ),
    ),
)
