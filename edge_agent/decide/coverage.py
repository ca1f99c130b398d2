"""The coverage ledger: second by second, which feeds of a job were fresh while work was under way.

A good word covers from when it was measured until it is too old, so a hole begins when the last good
word ran out (not when somebody noticed) and ends with the source time of the next one. A spell shorter
than a step of the brain is not seen. The permit changes only when a hole begins or ends: the ledger
costs no write in between.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import assert_never

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.coverage import Coverage, Hole
from edge_agent.domain.observation import DeviceHealth, Quality, View
from edge_agent.domain.permit import Permit, State
from edge_agent.fuse.cameras import Camera
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.people import Tag
from edge_agent.fuse.relays import Relay
from edge_agent.fuse.world import World

WATCHED = frozenset({State.ACTIVE, State.FIRE_WATCH})
UPLINK = "uplink"  # told apart: guarding goes on without the centre
UNIT = "unit"  # the box itself was down: blind for everything
MOST_HOLES = 200  # memory only: beyond it the two nearest holes of a feed become one (blind is over-told)

Seen = Channel | Tag | Camera | Relay | DeviceHealth | None  # None: there is no such thing here


def followed(permit: Permit, instant: Instant) -> Permit:
    """The permit with its ledger opened or closed as its state asks. Called on every move."""
    watched, ledger = permit.state in WATCHED, permit.coverage
    if watched and (ledger is None or ledger.open_utc is None):
        return replace(permit, coverage=_opened(ledger, instant))
    if not watched and ledger is not None and ledger.open_utc is not None:
        return replace(permit, coverage=_closed(ledger, at(ledger, instant.now_s)))
    return permit


def at(ledger: Coverage, now_s: float) -> float:
    """The ledger's own UTC at a monotonic second of this boot."""
    return ledger.base_utc + now_s - ledger.base_s


def _opened(ledger: Coverage | None, instant: Instant) -> Coverage:
    if ledger is None:
        return Coverage(base_s=instant.now_s, base_utc=instant.utc, open_utc=instant.utc)
    begin_utc = max(instant.utc, _last_utc(ledger))
    return replace(ledger, base_s=instant.now_s, base_utc=begin_utc, open_utc=begin_utc)


def _closed(ledger: Coverage, end_utc: float) -> Coverage:
    began_utc = end_utc if ledger.open_utc is None else ledger.open_utc
    return replace(
        ledger,
        open_utc=None,
        watched_s=ledger.watched_s + max(0.0, end_utc - began_utc),
        holes=tuple(_ended(hole, end_utc) for hole in ledger.holes),
    )


def _ended(hole: Hole, end_utc: float) -> Hole:
    return hole if hole.until_utc is not None else replace(hole, until_utc=max(hole.from_utc, end_utc))


def _last_utc(ledger: Coverage) -> float:
    """The newest second that the ledger speaks of."""
    ends = [hole.from_utc if hole.until_utc is None else hole.until_utc for hole in ledger.holes]
    return max([ledger.base_utc, *ends])


def advance(permit: Permit, job: Job, world: World) -> Permit:
    """The permit with every hole that began or ended; the same permit where nothing did."""
    ledger = permit.coverage
    if ledger is None or ledger.open_utc is None:
        return permit
    now = at(ledger, world.now_s)
    open_ = {hole.feed for hole in ledger.holes if hole.until_utc is None}
    changed = [(name, fresh, seen) for name, fresh, seen in feeds(job, world) if fresh is (name in open_)]
    if not changed:
        return permit
    holes = ledger.holes
    for name, fresh, seen in changed:
        since_s = _since_s(seen, world.now_s)
        since_utc = now if since_s is None else min(at(ledger, since_s), now)
        holes = _mended(holes, name, since_utc) if fresh else _torn(holes, name, since_utc, ledger)
    return replace(permit, coverage=replace(ledger, holes=_bounded(holes)))


def _torn(holes: tuple[Hole, ...], feed: str, since_utc: float, ledger: Coverage) -> tuple[Hole, ...]:
    """One more hole, or the feed's last one again where they touch."""
    begin_utc = since_utc if ledger.open_utc is None else max(since_utc, ledger.open_utc)
    last = next((hole for hole in reversed(holes) if hole.feed == feed), None)
    if last is not None and last.until_utc is not None and last.until_utc >= begin_utc:
        return tuple(replace(hole, until_utc=None) if hole is last else hole for hole in holes)
    return (*holes, Hole(feed=feed, from_utc=begin_utc))


def _mended(holes: tuple[Hole, ...], feed: str, end_utc: float) -> tuple[Hole, ...]:
    """The feed's open hole ended; one that turns out to have no length never was."""
    ended = (
        replace(hole, until_utc=end_utc) if hole.feed == feed and hole.until_utc is None else hole
        for hole in holes
    )
    return tuple(hole for hole in ended if hole.until_utc is None or hole.until_utc > hole.from_utc)


def _bounded(holes: tuple[Hole, ...]) -> tuple[Hole, ...]:
    if len(holes) <= MOST_HOLES:
        return holes
    by_feed = sorted(holes, key=lambda hole: (hole.feed, hole.from_utc))
    pairs = [(a, b) for a, b in pairwise(by_feed) if a.feed == b.feed]
    first, second = min(pairs, key=lambda pair: pair[1].from_utc - (pair[0].until_utc or pair[0].from_utc))
    one = replace(first, until_utc=second.until_utc)
    return tuple(one if hole is first else hole for hole in holes if hole is not second)


def woken(permit: Permit, instant: Instant, alive_utc: float | None) -> Permit:
    """After a restart: from the last thing that the box wrote until now it was blind for every feed.

    `alive_utc` is the last second of the earlier boot's journal; without one, the newest second that
    this ledger speaks of. Nothing beyond the ticket's end counts: nobody was permitted to work then.
    """
    ledger = permit.coverage
    if ledger is None or ledger.open_utc is None:
        return permit
    dead_utc = max(_last_utc(ledger), alive_utc or 0.0)
    back_utc = max(dead_utc, min(instant.utc, permit.ticket.valid_to_utc))
    hole = Hole(feed=UNIT, from_utc=dead_utc, until_utc=back_utc)
    closed = _closed(ledger, back_utc)
    after = replace(closed, base_s=instant.now_s, base_utc=back_utc, holes=_bounded((*closed.holes, hole)))
    return replace(permit, coverage=after)


def feeds(job: Job, world: World) -> Iterator[tuple[str, bool, Seen]]:
    """What this job is watched by, and the way to the centre: each one's name, whether it is fresh, and itself."""
    for channel in job.channels:
        yield channel.device.id, channel.quality is Quality.GOOD, channel
    yield "guard", _covers(job.guard_tag), job.guard_tag
    for camera in job.cameras:
        yield camera.device.id, camera.blind_s is not None and camera.view is View.CLEAR, camera
    for relay in job.relays:
        yield relay.device.id, _is_heard(relay), relay
    for tag in job.wearables:
        yield tag.device.id, _covers(tag), tag
    for id_ in job.unbound:
        yield id_, False, None
    if not world.centre:
        return
    uplink = world.health.get(UPLINK)
    yield UPLINK, uplink is not None and uplink.ok, uplink


def _covers(tag: Tag | None) -> bool:
    """A wearable covers while its last place is young and somebody wears it."""
    return tag is not None and tag.fresh and tag.worn is not False


def _is_heard(relay: Relay) -> bool:
    return relay.silent_s is not None and relay.silent_s <= relay.device.stale_after_s


def _since_s(seen: Seen, now_s: float) -> float | None:
    """Since when a feed has been as fresh, or as blind, as it is; None: it was never heard.

    A word covers until it is too old, a picture until the next one was due.
    """
    match seen:
        case Channel():
            lasts_s = seen.device.stale_after_s if seen.quality is Quality.STALE else 0.0
            return None if seen.said_s is None else seen.said_s + lasts_s
        case Tag():
            lasts_s = 0.0 if seen.fresh else seen.device.stale_after_s
            return None if seen.placed_s is None else seen.placed_s + lasts_s
        case Camera():
            return None if seen.blind_s is None else now_s - seen.blind_s + _picture_lasts_s(seen)
        case Relay():
            lasts_s = 0.0 if _is_heard(seen) else seen.device.stale_after_s
            return None if seen.silent_s is None else now_s - seen.silent_s + lasts_s
        case DeviceHealth():
            return seen.at_s
        case None:
            return None
        case _:
            assert_never(seen)


def _picture_lasts_s(camera: Camera) -> float:
    if camera.view is View.CLEAR:
        return 0.0
    return camera.device.stale_after_s if camera.view is View.GONE else camera.device.period_s
