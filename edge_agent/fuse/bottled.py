"""Detectors under an announced bump test whose gas is that of the tester's bottle, where nobody is at work. Pure.

Such a detector sends nobody out: its gas is no danger of the place. Every doubt ends that, and its danger is one
like any other: more gas than is in the bottle, no trusted value, work under way (also paused) or somebody inside
in its area or in one that lies over it, work that relies on it, another box of the site that is not heard,
somebody other than the tester whose wearable is in its area. Who stands outside it, as a guard at the mouth of
a tank does, does not end it; nor does a person of a picture, who cannot be told from the tester
(docs/decisions/0022).
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from edge_agent.domain.claim import Claim
from edge_agent.domain.device_test import BumpTest
from edge_agent.domain.observation import Observation, Reading
from edge_agent.domain.permit import Permit
from edge_agent.domain.ticket import Point
from edge_agent.domain.zone import Area
from edge_agent.fuse.gas import Channel, channel, response_level, shown
from edge_agent.fuse.jobs import NOT_BEGUN
from edge_agent.fuse.peers import Peer
from edge_agent.fuse.plan import box
from edge_agent.settings.site import Settings

Place = tuple[str, Point]  # where work is: an area, and the work point in it
Box = tuple[float, float, float, float]  # west, south, east, north, in metres of the plan


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
    at_work = [(ticket.area, ticket.point) for ticket in busy]
    at_work += [(claim.area, claim.point) for claim in beside if _begun(claim)]
    marked = {
        id_: replace(one, bottled=True)
        for id_, one in channels.items()
        if id_ in tests
        and not tests[id_].doubted
        and _explained(one, tests[id_])
        and id_ not in relied_on
        and not any(_near(one.area, place, areas) for place in at_work)
    }
    return {**channels, **marked} if marked else channels


def alone(
    tests: Mapping[str, BumpTest], channels: Mapping[str, Channel], wearers: Callable[[str], frozenset[str]]
) -> Mapping[str, BumpTest]:
    """The tests in whose area nobody but the tester is, by the wearables that are there."""
    return {id_: test for id_, test in tests.items() if not wearers(channels[id_].area) - {test.by}}


def announced(tests: Mapping[str, BumpTest]) -> frozenset[str]:
    """Detectors whose gas is a bottle's as far as what they show tells: no danger of theirs is counted."""
    return frozenset(id_ for id_, test in tests.items() if not test.doubted)


def doubted(
    tests: Mapping[str, BumpTest], observations: Iterable[Observation], settings: Settings
) -> Mapping[str, BumpTest]:
    """The tests, with those marked of which any sample shows a danger that the bottle does not explain.

    What comes after it in the same step, or later while the test goes on, takes that back no more.
    """
    if not tests:
        return tests
    devices, marked = {device.id: device for device in settings.devices}, dict(tests)
    for seen in observations:
        test = marked.get(seen.source)
        if test is None or not isinstance(seen, Reading):
            continue
        gas = settings.site.gas[seen.source].gas
        sample = channel(devices[seen.source], gas, seen, settings.rulebook.gases.get(gas), seen.at_s)
        if (sample.danger or response_level(sample)) and not _explained(sample, test):
            marked[seen.source] = replace(test, doubted=True)
    return marked


def _begun(claim: Claim) -> bool:
    return claim.state not in NOT_BEGUN or claim.fire_watch


def _explained(sample: Channel, test: BumpTest) -> bool:
    """Whether it shows no more than what lies between clean air and the bottle, measured since the test began."""
    level = shown(sample)
    if level is None or sample.said_s is None or sample.said_s < test.began_s:
        return False
    slack = test.level * test.within_pct / 100
    return min(test.from_level, test.level) - slack <= level <= max(test.from_level, test.level) + slack


def _near(area: str, place: Place, areas: tuple[Area, ...]) -> bool:
    """Whether work is in this area, or in one whose box on the plan touches its own; so it is if nobody knows.

    Another box calls its areas as it likes: what counts beside the name is where the work point is.
    """
    own = next((box(one.corners) for one in areas if one.id == area), None)
    if own is None:
        return True
    where, at = place
    point = (at.x_m, at.y_m, at.x_m, at.y_m)
    around = ((one.id, box(one.corners)) for one in areas)
    return any(id_ == where or _meet(outline, point) for id_, outline in around if _meet(outline, own))


def _meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
