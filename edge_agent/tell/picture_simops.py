"""Draws which open works do not go together, begun or not, why, and which waits for the other now. Pure."""

from collections.abc import Iterator

from msgspec.structs import replace

from edge_agent.decide.rules.simops import allowed, pair_words, yielding
from edge_agent.domain.claim import Claim, claim
from edge_agent.domain.permit import TERMINAL, State
from edge_agent.domain.zone import Area
from edge_agent.fuse.conflicts import clashes as clashing
from edge_agent.fuse.world import World
from edge_agent.tell.live_beside import LiveClash


def clashes(world: World, areas: tuple[Area, ...]) -> Iterator[LiveClash]:
    """As if all of them were under way: a plan shows what will not go before anybody walks there."""
    own = [claim(job.permit) for job in world.jobs]
    open_ = [one for one in (*own, *world.beside) if one.state not in TERMINAL]
    if len(open_) < 2:  # noqa: PLR2004 (it takes two)
        return
    now = {_pair(one.one, one.other): one for one in world.clashes}
    seen: set[frozenset[str]] = set()
    for clash in clashing((replace(one, state=State.ACTIVE) for one in open_), world.rulebook, areas):
        pair = _pair(clash.one, clash.other)
        if pair in seen:
            continue
        seen.add(pair)
        mine = clash.other if clash.one.unit else clash.one
        linked = allowed(world, clash)
        real = now.get(pair)
        waits = () if real is None or linked else tuple(dict.fromkeys(one.permit for one in yielding(world, real)))
        yield LiveClash(
            one=clash.one.name,
            other=clash.other.name,
            effect=clash.row.effect,
            distance_m=round(clash.distance_m, 1),
            words=pair_words(world, clash, mine),
            waits=waits,
            linked=linked,
        )


def _pair(one: Claim, other: Claim) -> frozenset[str]:
    return frozenset({one.name, other.name})
