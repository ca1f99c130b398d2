"""Draws the other boxes of the site: whether each is heard, what it guards, and what it calls for. Pure."""

from collections.abc import Iterator

from edge_agent.fuse.world import World
from edge_agent.tell.live_beside import LiveNeighbour, LiveNeighbourAlarm


def neighbours(world: World) -> Iterator[LiveNeighbour]:
    """Every other box, in the order of the settings; of a silent one its last word, which stands."""
    last = {peer: [claim for claim in world.beside if claim.unit == peer] for peer in world.peers}
    for id_, peer in world.peers.items():
        yield LiveNeighbour(
            id=id_,
            name=peer.name,
            heard=peer.claims is not None,
            age_s=peer.age_s,
            works=len(last[id_]),
            under_way=sum(claim.under_way for claim in last[id_]),
            leave_here=bool(peer.leave),
            alarms=tuple(
                LiveNeighbourAlarm(code=alarm.code, leave=alarm.leave, title=alarm.title, detail=alarm.detail)
                for alarm in peer.alarms
            ),
        )
