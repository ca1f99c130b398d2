"""What the box remembers of each source between two steps: the last word, and when it was spoken."""

import math
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.observation import (
    Contact,
    DeviceHealth,
    Observation,
    Position,
    Reading,
    Sighting,
    View,
)


class TagMemory(Struct, frozen=True, kw_only=True):
    """A wearable's history: its last fix, and since when it has not moved.

    `placed_s` is the monotonic second of the last fix that gave a place; `anchor` is where the
    present stillness began. Displacement counts as motion only beyond the accuracy of both fixes,
    because GNSS jitter is not a step (docs/domain.md 2.5 G1).
    """

    position: Position
    heard_s: float
    placed_s: float | None = None
    moved_s: float
    anchor: Position | None = None


class Memory(Struct, frozen=True, kw_only=True):
    """The last word of every source, by device id. Nothing here is forgotten silently: ages grow."""

    booted_s: float
    readings: dict[str, Reading] = {}
    tags: dict[str, TagMemory] = {}
    sightings: dict[str, Sighting] = {}
    clear_s: dict[str, float] = {}  # camera -> second of its last trustworthy picture
    contacts: dict[str, dict[str, Contact]] = {}
    health: dict[str, DeviceHealth] = {}
    move_m: float = 3.0


def absorb(memory: Memory, observations: tuple[Observation, ...]) -> Memory:
    """The memory after these observations, in their order of arrival."""
    readings = dict(memory.readings)
    tags = dict(memory.tags)
    sightings = dict(memory.sightings)
    clear_s = dict(memory.clear_s)
    contacts = dict(memory.contacts)
    health = dict(memory.health)
    for seen in observations:
        match seen:
            case Reading():
                readings[seen.source] = seen
            case Position():
                tags[seen.source] = moved(tags.get(seen.source), seen, memory.move_m)
            case Sighting():
                sightings[seen.source] = seen
                if seen.view is View.CLEAR:
                    clear_s[seen.source] = seen.at_s - seen.age_s
            case Contact():
                contacts[seen.source] = {**contacts.get(seen.source, {}), seen.channel: seen}
            case DeviceHealth():
                health[seen.source] = seen
            case _:
                assert_never(seen)
    return replace(
        memory,
        readings=readings,
        tags=tags,
        sightings=sightings,
        clear_s=clear_s,
        contacts=contacts,
        health=health,
    )


def moved(before: TagMemory | None, fix: Position, move_m: float) -> TagMemory:
    """The tag's history with one more fix. A tag off the wrist does not move, whatever its IMU says."""
    fix_s = fix.at_s - fix.age_s
    has_place = fix.x_m is not None and fix.y_m is not None
    if before is None:
        return TagMemory(
            position=fix,
            heard_s=fix.at_s,
            placed_s=fix_s if has_place else None,
            moved_s=fix_s,
            anchor=fix if has_place else None,
        )
    walked = has_place and before.anchor is not None and _displaced(before.anchor, fix, move_m)
    in_motion = fix.worn is not False and (fix.moving is True or walked)
    keeps_anchor = before.anchor is not None and not walked
    return TagMemory(
        position=fix,
        heard_s=fix.at_s,
        placed_s=max(before.placed_s or fix_s, fix_s) if has_place else before.placed_s,
        moved_s=max(before.moved_s, fix_s) if in_motion else before.moved_s,
        anchor=before.anchor if keeps_anchor or not has_place else fix,
    )


def _displaced(anchor: Position, fix: Position, move_m: float) -> bool:
    """Whether the tag is further from its anchor than the accuracy of either fix can explain."""
    # An unknown accuracy explains nothing away and proves nothing: then only the floor applies.
    blur_m = max(move_m, anchor.accuracy_m or 0.0, fix.accuracy_m or 0.0)
    return (
        anchor.x_m is not None
        and anchor.y_m is not None
        and fix.x_m is not None
        and fix.y_m is not None
        and math.dist((anchor.x_m, anchor.y_m), (fix.x_m, fix.y_m)) > blur_m
    )
