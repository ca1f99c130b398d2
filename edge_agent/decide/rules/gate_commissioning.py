"""Start gate, the box itself: a certificate that covers the unit and the devices that the permit relies on."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World


def not_commissioned(world: World) -> Iterator[Finding]:
    """This site asks for a certificate ([start] commissioned), and it does not cover this work (ledger 4-34)."""
    if not world.uncommissioned:
        return
    for job in world.waiting:
        relied_on = ("", job.permit.ticket.area, *(one.id for one in job.devices))
        for source in dict.fromkeys(relied_on):
            if source in world.uncommissioned:
                yield Finding(job.permit.ticket.id, source or "unit", world.uncommissioned[source])


RULES = (
    Rule(
        name="not_commissioned",
        code="PTW-45",
        find=not_commissioned,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        before_start=True,
        act_within_s=1800,
        clause="ledger: four in five faults are about wiring and settings, found by trying",
        ledger="4-34",
        text=Text(
            title=Words("本机未投运或证书失效", "Not commissioned"),
            cause=Words(
                "没有有效的投运证书，或其后设备已更改",
                "there is no valid certificate, or a device was changed after it",
            ),
            consequence=Words(
                "不知道检测、警报和断电是否有效",
                "nobody has shown that it measures, sounds and cuts the power here",
            ),
            action=Words("由仪表员完成投运测试", "A technician commissions it, or what was changed"),
        ),
    ),
)
