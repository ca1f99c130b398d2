"""Detectors under an announced bump test whose gas is that of the tester's bottle, where nobody is at work. Pure.

Such a detector sends nobody out: its gas is no danger of the place. Every doubt ends that, and its danger is one
like any other: more gas than is in the bottle, no trusted value, work under way (also paused) or somebody inside
in its area or in one that lies over it, work that relies on it, another box of the site that is not heard.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from edge_agent.domain.claim import Claim
from edge_agent.domain.device_test import BumpTest
from edge_agent.domain.permit import Permit
from edge_agent.domain.zone import Area
from edge_agent.fuse.gas import Channel, shown
from edge_agent.fuse.jobs import NOT_BEGUN
from edge_agent.fuse.peers import Peer
from edge_agent.fuse.plan import box


def flagged(
    channels: dict[str, Channel],
    tests: Mapping[str, BumpTest],
    permits: Iterable[Permit],
    others: tuple[Mapping[str, Peer], tuple[Claim, ...]],
    areas: tuple[Area, ...],
) -> dict[str, Channel]:
    """The channels, with those marked that show a bottle's gas; the very same ones while no test is under way."""
    if not tests:
        return channels
    heard, beside = others
    if any(peer.claims is None for peer in heard.values()):
        return channels
    busy = [permit.ticket for permit in permits if permit.busy or permit.inside]
    relied_on = {device for ticket in busy for device in ticket.devices}
    peopled = {ticket.area for ticket in busy} | {one.area for one in beside if _begun(one)}
    marked = {
        id_: replace(channel, bottled=True)
        for id_, channel in channels.items()
        if id_ in tests
        and _explained(channel, tests[id_])
        and id_ not in relied_on
        and peopled.isdisjoint(_around(channel.area, areas))
    }
    return {**channels, **marked} if marked else channels


def _begun(claim: Claim) -> bool:
    return claim.state not in NOT_BEGUN or claim.fire_watch


def _explained(channel: Channel, test: BumpTest) -> bool:
    """Whether it shows no more than what lies between clean air and the bottle."""
    level = shown(channel)
    if level is None:
        return False
    slack = test.level * test.within_pct / 100
    return min(test.from_level, test.level) - slack <= level <= max(test.from_level, test.level) + slack


def _around(area: str, areas: tuple[Area, ...]) -> Iterator[str]:
    """This area, and every other one whose box on the plan touches its own."""
    yield area
    own = next((box(one.corners) for one in areas if one.id == area), None)
    for one in areas:
        west, south, east, north = box(one.corners)
        if own is None or (west <= own[2] and own[0] <= east and south <= own[3] and own[1] <= north):
            yield one.id
