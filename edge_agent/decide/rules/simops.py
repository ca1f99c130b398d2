"""Rules about works beside each other (SIMOPS): the matrix of the rulebook, linked tickets, other boxes."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.cite import cited
from edge_agent.domain.claim import Claim
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words, joined
from edge_agent.domain.work_limits import UNKNOWN_WORK
from edge_agent.fuse.conflicts import Clash
from edge_agent.fuse.linked import are_linked
from edge_agent.fuse.world import World


def works_conflict(world: World) -> Iterator[Finding]:
    """A work stands where another one that does not go with it is under way: the later one yields."""
    for clash in world.clashes:
        if clash.row.effect == "block" and not allowed(world, clash):
            for mine in yielding(world, clash):
                words = pair_words(world, clash, mine)
                yield Finding(mine.permit, clash.against(mine.permit).name, words)


def works_uncoordinated(world: World) -> Iterator[Finding]:
    """Works that share a place, and nobody is named who coordinates them (GB 30871-2022 4.7)."""
    for clash in world.clashes:
        if clash.row.effect == "coordinate" and not _coordinated(clash) and not allowed(world, clash):
            for mine in _ours(clash):
                if not mine.under_way or _later(mine, clash):
                    words = pair_words(world, clash, mine)
                    yield Finding(mine.permit, clash.against(mine.permit).name, words)


def peers_unknown(world: World) -> Iterator[Finding]:
    """Another box of this site is not heard: what it guards may stand beside new work (running work goes on)."""
    silent = [peer for peer in world.peers.values() if peer.claims is None]
    for job in world.waiting:
        if not may_conflict(world, job.permit.ticket.kind, job.permit.ticket.uses):
            continue
        for peer in silent:
            yield Finding(job.permit.ticket.id, peer.id, peer.not_heard)


def may_conflict(world: World, kind: str, uses: tuple[str, ...]) -> bool:
    """Whether any row that blocks speaks of such work."""
    mine = {kind, kind.split(".", maxsplit=1)[0], "*", *uses}
    return any(
        row.effect == "block" and not mine.isdisjoint((row.first, row.second)) for row in world.rulebook.conflicts
    )


def _ours(clash: Clash) -> Iterator[Claim]:
    yield from (claim for claim in (clash.one, clash.other) if not claim.unit)


def yielding(world: World, clash: Clash) -> Iterator[Claim]:
    """Which permits of this box give way: one that has not begun, the later one, in a confined space both."""
    works = world.rulebook.works
    confined = any(works.get(claim.kind, UNKNOWN_WORK).confined for claim in (clash.one, clash.other))
    both_work = clash.one.working and clash.other.working
    for mine in _ours(clash):
        if not clash.against(mine.permit).under_way:
            continue
        if not mine.under_way or _later(mine, clash) or (confined and both_work):
            yield mine


def _later(mine: Claim, clash: Clash) -> bool:
    """Whether this one began after the other; the name decides where nothing else does."""
    other = clash.against(mine.permit)
    return other.under_way and (mine.started_utc or 0.0, mine.name) > (other.started_utc or 0.0, other.name)


def _coordinated(clash: Clash) -> bool:
    """Whether somebody is named, and both mean the same person where both name one."""
    named = {claim.coordinator for claim in (clash.one, clash.other) if claim.coordinator}
    return len(named) == 1


def allowed(world: World, clash: Clash) -> bool:
    """One job with two tickets: each names the other, and each is approved as the higher of both asks."""
    return clash.row.linked_ok and are_linked(clash.one, clash.other) and not _unapproved(world, clash)


def _unapproved(world: World, clash: Clash) -> tuple[str, ...]:
    works = world.rulebook.works
    kinds = (clash.one.kind, clash.other.kind)
    wanted = dict.fromkeys(role for kind in kinds for role in works.get(kind, UNKNOWN_WORK).approvals)
    have = set(clash.one.approved) & set(clash.other.approved)
    return tuple(role for role in wanted if role not in have)


def pair_words(world: World, clash: Clash, mine: Claim) -> Words:
    """Both permits by name, how near, and what a linked pair still lacks."""
    other, row = clash.against(mine.permit), clash.row
    works = world.rulebook.works
    what, theirs = works.get(mine.kind, UNKNOWN_WORK).name, works.get(other.kind, UNKNOWN_WORK).name
    parts = [
        Words(
            f"{mine.permit}（{what.zh}）与 {other.name}（{theirs.zh}）相距 {clash.distance_m:.0f} 米",
            f"{mine.permit} ({what.en}) and {other.name} ({theirs.en}), {clash.distance_m:.0f} m apart",
        )
    ]
    if row.within_m is not None:
        parts.append(Words(f"须相距至少 {row.within_m.value:g} 米", f"at least {row.within_m.value:g} m"))
    if row.linked_ok and are_linked(clash.one, clash.other):
        roles = _unapproved(world, clash)
        parts.append(
            Words(f"两票均须经 {'、'.join(roles)} 批准", f"both tickets need the approval of {', '.join(roles)}")
        )
    parts.append(cited(row.clause))
    return joined(parts)


RULES = (
    Rule(
        name="works_conflict",
        code="SIM-01",
        find=works_conflict,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        act_within_s=60,
        clause="GB 30871-2022 4.6, 4.7, 5.2.8, 5.2.9, 6.7, 7.6, 7.10, 8.2.8; docs/domain.md 3",
        ledger="2-22",
        text=Text(
            title=Words("交叉作业冲突", "Works that do not go together"),
            cause=Words("附近有不能同时进行的作业", "another work that excludes this one is under way nearby"),
            consequence=Words("火星引燃可燃物，或坠物伤人", "sparks meet vapours, or things fall on people"),
            action=Words(
                "停止本作业；与另一作业负责人协调先后",
                "Stop this work; agree with the other holder who goes first",
            ),
        ),
    ),
    Rule(
        name="works_uncoordinated",
        code="SIM-02",
        find=works_uncoordinated,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        act_within_s=600,
        clause="GB 30871-2022 4.7",
        ledger="2-22",
        text=Text(
            title=Words("交叉作业无人协调", "Nobody coordinates works beside each other"),
            cause=Words(
                "同一区域有多项作业，票上没有协调人", "works share a place and no ticket names a coordinator"
            ),
            consequence=Words("互不知情，彼此危及", "neither knows what the other does"),
            action=Words("指定协调人并重新签发", "Name a coordinator and issue the ticket anew"),
        ),
    ),
    Rule(
        name="peers_unknown",
        code="SIM-03",
        find=peers_unknown,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.NETWORK,
        before_start=True,
        act_within_s=600,
        clause="docs/domain.md 3: no peer knowledge, no new start of pairs that exclude each other",
        ledger="2-22",
        text=Text(
            title=Words("邻近主机失联", "A neighbouring box is not heard"),
            cause=Words("现场网络中断或对方断电", "the site's network is down, or it has no power"),
            consequence=Words("无法得知附近是否有冲突作业", "work that excludes this one may be under way nearby"),
            action=Words("恢复网络后再开工", "Restore the network before starting"),
        ),
    ),
)
