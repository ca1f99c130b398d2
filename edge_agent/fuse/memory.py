"""What the box remembers of each source between two steps: the last word, and when it was spoken."""

from collections.abc import Iterator
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.observation import (
    Aimed,
    Claims,
    Contact,
    DeviceHealth,
    Observation,
    Position,
    Reading,
    Sighting,
    View,
    Weather,
)
from edge_agent.domain.zone import Opening
from edge_agent.fuse.aims import from_home, home_since
from edge_agent.fuse.gas_track import Track
from edge_agent.fuse.network import Air, listened
from edge_agent.fuse.openings import Passed, after
from edge_agent.fuse.posts import PostLimits, PostMemory, watched
from edge_agent.fuse.ppe import NOTHING_SEEN, Seen, Vote, with_frame
from edge_agent.fuse.tags import TagMemory, remembered
from edge_agent.fuse.walks import Walk, walks


class Memory(Struct, frozen=True, kw_only=True):
    """The last word of every source, by device id. Nothing here is forgotten silently: ages grow."""

    booted_s: float
    clock_ahead_s: float | None = None  # UTC over the monotonic clock, when a trusted clock last said so
    readings: dict[str, Reading] = {}
    tags: dict[str, TagMemory] = {}
    sightings: dict[str, Sighting] = {}
    clear_s: dict[str, float] = {}  # camera -> second of its last trustworthy picture
    contacts: dict[str, dict[str, Contact]] = {}
    switched_s: dict[str, dict[str, float]] = {}  # relay -> by contact: since when it has said what it says
    health: dict[str, DeviceHealth] = {}
    weather: dict[str, Weather] = {}
    posts: dict[str, PostMemory] = {}  # camera -> what it has shown of a guard's post
    post_areas: dict[str, tuple[str, ...]] = {}  # camera -> the areas that are one, by the settings
    post_limits: PostLimits = PostLimits()
    opening_gap_s: float = 2.0  # who is out of sight for longer is somebody new
    openings: dict[str, tuple[Opening, ...]] = {}  # camera -> through which people are counted, by the settings
    passed: dict[str, dict[str, Passed]] = {}  # camera -> by opening: who went through it
    walks: dict[str, dict[int, Walk]] = {}  # camera -> by track: whether he has walked
    peers: dict[str, Claims] = {}
    frames: dict[str, Seen] = {}  # camera -> what it saw of protective equipment lately
    move_m: float = 3.0
    absent_s: float = 600.0  # a tag that is silent for longer was away, which is no interval of its
    sharp_m: float = 15.0  # a fix off by up to this tells whether somebody is at a post
    air: Air = Air()  # what is on the air, all together
    gas: dict[str, Track] = {}  # gas channel -> its history (fuse/gas_follow.py)
    gas_alarms: dict[str, tuple[tuple[int, int], ...]] = {}  # "gas/area" -> (day, episodes), 30 days
    beyond: dict[str, str] = {}  # gauge -> the danger limit that it is beyond, until a good value ends it
    ppe_vote: Vote = Vote()
    movable: frozenset[str] = frozenset()  # cameras that can turn, by the settings
    aims: dict[str, Aimed] = {}  # camera -> where it says that it looks
    home_s: dict[str, float] = {}  # camera -> since when it has looked home


def timed(memory: Memory, instant: Instant) -> Memory:
    """The memory with what a trusted clock says: the box can count on from there by itself."""
    return replace(memory, clock_ahead_s=instant.utc - instant.now_s) if instant.trusted else memory


def known_utc(memory: Memory, instant: Instant) -> float | None:
    """The time of day, as long as any clock has been trusted since the box came up."""
    return None if memory.clock_ahead_s is None else memory.clock_ahead_s + instant.now_s


def absorb(  # noqa: C901, PLR0912 (one case per kind of observation)
    memory: Memory, observations: tuple[Observation, ...]
) -> Memory:
    """The memory after these observations, in their order of arrival."""
    readings = dict(memory.readings)
    tags = dict(memory.tags)
    sightings = dict(memory.sightings)
    posts = dict(memory.posts)
    clear_s = dict(memory.clear_s)
    frames = dict(memory.frames)
    contacts = dict(memory.contacts)
    switched_s = dict(memory.switched_s)
    health = dict(memory.health)
    weather = dict(memory.weather)
    peers = dict(memory.peers)
    passed = dict(memory.passed)
    walked = dict(memory.walks)
    aims, home_s = dict(memory.aims), memory.home_s
    for said in observations:
        seen = said
        if isinstance(said, Sighting) and said.source in memory.movable:
            seen = from_home(said, aims.get(said.source), home_s.get(said.source))
        match seen:
            case Reading():
                readings[seen.source] = seen
            case Position():
                before = tags.get(seen.source)
                tags[seen.source] = remembered(before, seen, memory.move_m, memory.absent_s, memory.sharp_m)
            case Sighting():
                sightings[seen.source] = seen
                walked[seen.source] = walks(walked.get(seen.source, {}), seen)
                frames[seen.source] = with_frame(frames.get(seen.source, NOTHING_SEEN), seen, memory.ppe_vote)
                post = _post(memory, posts.get(seen.source), seen, frames[seen.source])
                if post is not None:
                    posts[seen.source] = post
                if seen.source in memory.openings:
                    passed[seen.source] = after(
                        passed.get(seen.source, {}), seen, memory.openings[seen.source], memory.opening_gap_s
                    )
                if seen.view is View.CLEAR:
                    clear_s[seen.source] = seen.at_s - seen.age_s
            case Contact():
                switched_s[seen.source] = _switched(switched_s, contacts, seen)
                contacts[seen.source] = {**contacts.get(seen.source, {}), seen.channel: seen}
            case DeviceHealth():
                health[seen.source] = seen
            case Weather():
                weather[seen.source] = seen
            case Aimed():
                home_s = home_since(home_s, aims.get(seen.source), seen)
                aims[seen.source] = seen
            case Claims():
                peers[seen.source] = _claimed(peers.get(seen.source), seen)
            case _:
                assert_never(seen)
    return replace(
        memory,
        readings=readings,
        tags=tags,
        sightings=sightings,
        posts=posts,
        passed=passed,
        walks=walked,
        clear_s=clear_s,
        frames=frames,
        contacts=contacts,
        switched_s=switched_s,
        health=health,
        weather=weather,
        peers=peers,
        aims=aims,
        home_s=home_s,
        air=listened(memory.air, observations, spoke(memory)),
    )


def _switched(
    before: dict[str, dict[str, float]], contacts: dict[str, dict[str, Contact]], seen: Contact
) -> dict[str, float]:
    """Since when each contact of a module has said what it says; the very same while none says anything new."""
    known, last = before.get(seen.source, {}), contacts.get(seen.source, {}).get(seen.channel)
    if last is not None and last.closed is seen.closed:
        return known
    return {**known, seen.channel: seen.at_s}


def _claimed(before: Claims | None, seen: Claims) -> Claims:
    """A box that says the same again has not changed anything: what was made of its words still holds."""
    if before is None:
        return seen
    claims = before.claims if before.claims == seen.claims else seen.claims
    return replace(seen, claims=claims, alarms=before.alarms if before.alarms == seen.alarms else seen.alarms)


def spoke(memory: Memory) -> Iterator[tuple[str, float]]:
    """When each wearable last spoke, and each camera last showed a picture that could be trusted."""
    yield from ((id_, tag.heard_s) for id_, tag in memory.tags.items())
    yield from memory.clear_s.items()


def _post(memory: Memory, before: PostMemory | None, seen: Sighting, equipment: Seen) -> PostMemory | None:
    areas = memory.post_areas.get(seen.source)
    return None if areas is None else watched(before, seen, areas, equipment.told, memory.post_limits)
