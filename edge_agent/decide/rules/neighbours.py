"""What the other boxes of the site say, and what their silence means (ledger 0-32): it only ever makes stricter.

An alarm of another box stands here as long as that box tells of it, and on if it falls silent meanwhile. Nothing
that it says, and no silence, ends an alarm of this box or lets work go on.
"""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.decide.rules.simops import may_conflict
from edge_agent.domain.claim import Standing
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words, joined
from edge_agent.fuse.peers import EVERYWHERE, Peer
from edge_agent.fuse.world import World

THERE = Words("邻近主机的监护范围内有危险", "there is danger where another box guards")


def evacuates(world: World) -> Iterator[Finding]:
    """People leave at another box, and by the site's settings those of this work leave with them."""
    for peer in world.peers.values():
        for job in world.jobs if peer.leave else ():
            if EVERYWHERE in peer.leave or job.permit.ticket.area in peer.leave:
                yield Finding(job.permit.ticket.id, peer.id, _said(peer, _leaving(peer)))


def clears(world: World) -> Iterator[Finding]:
    """The same for whoever is there without a permit: the sirens of the area, or of all this box's areas."""
    for peer in world.peers.values():
        for area in set(peer.leave).difference(world.jobs_in):
            told = {"area": area, "notify": ["site_terminal", "emergency"]}
            yield Finding("", f"{peer.id}/{area or 'all'}", _said(peer, _leaving(peer)), told)


def alarms(world: World) -> Iterator[Finding]:
    """Whatever else stops work at another box, or has people leave who are too far for those here."""
    for peer in world.peers.values():
        for alarm in peer.alarms:
            if not (alarm.leave and peer.leave):
                subject = "/".join(part for part in (peer.id, alarm.permit or alarm.area, alarm.code) if part)
                yield Finding("", subject, _said(peer, (alarm,)))


def silent(world: World) -> Iterator[Finding]:
    """Another box is not heard: what happens there is not known here, and nobody may take it for quiet."""
    for peer in world.peers.values():
        if peer.claims is None:
            yield Finding("", peer.id, peer.not_heard)


def evacuation_unknown(world: World) -> Iterator[Finding]:
    """Never heard since this box came up: people may be leaving there, so nothing begins or resumes."""
    deaf = [peer for peer in world.peers.values() if peer.age_s is None and peer.leave_with != "never"]
    for job in world.jobs if deaf else ():
        ticket = job.permit.ticket
        if not (job.waiting and may_conflict(world, ticket.kind, ticket.uses)):  # then peers_unknown says so
            for peer in deaf:
                yield Finding(ticket.id, peer.id, peer.not_heard)


def _leaving(peer: Peer) -> tuple[Standing, ...]:
    return tuple(alarm for alarm in peer.alarms if alarm.leave)


def _said(peer: Peer, told: tuple[Standing, ...]) -> Words:
    """Whose alarm, and what it says; that the box is no longer heard is said too."""
    words = joined([joined([alarm.title, alarm.detail]) for alarm in told])
    last = Words("", "") if peer.claims is not None else Words("（此后失联）", " (not heard since)")
    return Words(f"{peer.name.zh}：{words.zh}{last.zh}", f"{peer.name.en}: {words.en}{last.en}")


RULES = (
    Rule(
        name="peer_evacuates",
        code="SIM-05",
        find=evacuates,
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.simops.peer_stale_s.value,
        latch=True,
        act_within_s=10,
        clause="ledger: a leak of which downstream was not told (docs/domain.md 3)",
        ledger="0-32",
        text=Text(
            title=Words("邻机报警 撤离", "A neighbouring box evacuates: leave"),
            cause=THERE,
            consequence=Words("气体或火势蔓延到本作业点", "gas or fire reaches this place"),
            action=Words("立即撤离到上风向，清点人数", "Leave at once, upwind; count people"),
        ),
    ),
    Rule(
        name="peer_clears",
        code="SIM-06",
        find=clears,
        effect=Effect.WARN,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.simops.peer_stale_s.value,
        latch=True,
        clears=True,
        act_within_s=10,
        clause="ledger: a leak of which downstream was not told (docs/domain.md 3)",
        ledger="0-32",
        text=Text(
            title=Words("邻机请求鸣笛撤离", "A neighbouring box asks for the sirens"),
            cause=THERE,
            consequence=Words("气体或火势蔓延到本区域", "gas or fire reaches this area"),
            action=Words("所有人离开；不得进入", "Everybody leaves; keep out"),
        ),
    ),
    Rule(
        name="peer_alarms",
        code="SIM-07",
        find=alarms,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.RULE,
        act_within_s=600,
        clause="ledger: a leak of which downstream was not told (docs/domain.md 3)",
        ledger="0-32",
        text=Text(
            title=Words("邻近主机有报警", "A neighbouring box has an alarm"),
            cause=THERE,
            consequence=Words("可能影响到这里", "it may come to matter here"),
            action=Words("留意；与对方监护人联系", "Be aware; talk to the guard there"),
        ),
    ),
    Rule(
        name="peer_silent",
        code="SIM-08",
        find=silent,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.NETWORK,
        on_delay=lambda book, _: book.simops.peer_stale_s.value,
        act_within_s=600,
        clause="R: a silent neighbour is never a quiet one (docs/domain.md 3)",
        ledger="0-32, 2-22",
        text=Text(
            title=Words("收不到邻近主机的消息", "Nothing is heard of a neighbouring box"),
            cause=Words(
                "现场网络中断、对方断电，或公钥不符",
                "the site's network is down, it has no power, or its key is not the one entered",
            ),
            consequence=Words("那里的险情不会在这里报警", "danger there raises no alarm here"),
            action=Words("用对讲机联系对方；恢复网络", "Ask there by radio; restore the network"),
        ),
    ),
    Rule(
        name="peer_evacuation_unknown",
        code="SIM-09",
        find=evacuation_unknown,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.NETWORK,
        on_delay=lambda book, _: book.simops.peer_stale_s.value,
        act_within_s=600,
        clause="R: whether people leave next door is not known after a start (docs/domain.md 3)",
        ledger="0-32",
        text=Text(
            title=Words("不知邻近主机是否在撤离", "Not known whether people leave next door"),
            cause=Words("本机启动后未收到过对方消息", "nothing was heard of that box since this one came up"),
            consequence=Words("对方可能正在撤离", "people may be leaving there right now"),
            action=Words("恢复网络，或用对讲机核实", "Restore the network, or ask there by radio"),
        ),
    ),
)
