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
    tickets = {job.permit.ticket.id: job.permit.ticket for job in world.jobs}
    for power in tickets.values():
        if power.type != WorkType.TEMPORARY_POWER:
            continue
        for id_ in power.linked:
            served = tickets.get(id_)
            if served is not None and served.type in SERVED and power.valid_to_utc > served.valid_to_utc:
                late_h = (power.valid_to_utc - served.valid_to_utc) / 3600
                words = Words(
                    f"有效期比所服务的作业票 {id_} 晚 {late_h:.1f} 小时",
                    f"it is valid for {late_h:.1f} h longer than {id_}, which it serves",
                )
                yield Finding(power.id, id_, words)


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
)
