"""A rule about how people show who and where they are: a reader that fails sends them the slow way."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.figures import Tries
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World

# What a device reads. What people type (PIN, code) is counted too: of a mistyped one no device is to blame.
READ = {
    "log_in/badge": Words("刷工牌登录", "log-in by badge"),
    "check_in/tag": Words("手环定位签到", "check-in by wearable"),
}


def way_fails(world: World) -> Iterator[Finding]:
    """Of many tries in the last weeks too few worked at once (ledger 4-28)."""
    limits = world.rulebook.figures
    for way, name in READ.items():
        told = sum((tries for _, tries in world.ways.get(way, ())), Tries())
        if told.tried >= limits.way_tries.value and 100 * told.held < limits.way_pct.value * told.tried:
            pct = 100 * told.held / told.tried
            yield Finding(
                "",
                way,
                Words(
                    f"{name.zh}：{told.tried} 次中成功 {pct:.1f} %，应达 {limits.way_pct.value:g} %",
                    f"{name.en}: {pct:.1f} % of {told.tried} worked, {limits.way_pct.value:g} % should",
                ),
            )


RULES = (
    Rule(
        name="way_fails",
        code="SYS-06",
        find=way_fails,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.DEVICE,
        act_within_s=86400,
        clause="docs/requirements.md 4-28: success counted, alarm below 99.5 %",
        ledger="4-28",
        text=Text(
            title=Words("签到或登录常常失败", "Showing oneself fails too often"),
            cause=Words(
                "读卡器脏污、工牌损坏或未登记，或手环信号弱",
                "a dirty reader, badges that are worn or not registered, or weak wearables",
            ),
            consequence=Words("人员改用更慢的方式，开工推迟", "people take a slower way, and work begins late"),
            action=Words("检查读卡器、工牌和定位信号", "See to the reader, the badges and the reception"),
        ),
    ),
)
