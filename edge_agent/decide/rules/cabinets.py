"""Rules about cabinets that stand open to everybody: opened, or nobody can tell. None stops work (ledger 3-20)."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World

CLAUSE = "ledger: a locked cabinet of escape suits is open day and night now, and watched"


def opened(world: World) -> Iterator[Finding]:
    """A cabinet is open: somebody takes what may save him, or what is not his."""
    yield from _found(world, Words("已打开", "is open"), seen=True)


def unread(world: World) -> Iterator[Finding]:
    """Whether a cabinet is open cannot be read: nobody watches it."""
    yield from _found(world, Words("柜门触点无法读取", "the contact of its door cannot be read"), seen=False)


def _found(world: World, what: Words, *, seen: bool) -> Iterator[Finding]:
    for relay in world.relays.values():
        for one in relay.not_well:
            if one.kind == "cabinet" and one.seen is seen:
                words = Words(f"{one.name.zh}：{what.zh}", f"{one.name.en}: {what.en}")
                yield Finding("", f"{relay.device.id}/{one.channel}", words, {"area": one.area})


RULES = (
    Rule(
        name="cabinet_open",
        code="ENV-08",
        find=opened,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        looks=True,
        act_within_s=120,
        clause=CLAUSE,
        ledger="3-20",
        text=Text(
            title=Words("柜子被打开", "A cabinet was opened"),
            cause=Words("有人打开应急器材柜或配电箱，或线路中断", "somebody opened it, or its wire is cut"),
            consequence=Words("可能有人遇险，或器材缺失", "somebody may be in need, or gear may go missing"),
            action=Words("看画面，问清原因，用后补齐并关好", "Look at the picture, ask why; refill and shut it"),
        ),
    ),
    Rule(
        name="cabinet_unread",
        code="ENV-09",
        find=unread,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.DEVICE,
        on_delay=lambda book, _: book.device.silent_pause_s.value,
        act_within_s=3600,
        clause=CLAUSE,
        ledger="3-20",
        text=Text(
            title=Words("柜子无人看管", "Nobody watches a cabinet"),
            cause=Words("触点、线路或模块故障", "its contact, its wire or the module is broken"),
            consequence=Words("打开时无法得知", "nobody would know when it is opened"),
            action=Words("检查触点和模块", "See to the contact and its module"),
        ),
    ),
)
