"""What a drill plays, laid over what is real: gas, silence, a failed part, a guard who has gone."""

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.drill import DrillStep
from edge_agent.domain.observation import DeviceHealth, Quality
from edge_agent.domain.permit import Permit
from edge_agent.domain.ticket import Point
from edge_agent.domain.words import Words
from edge_agent.fuse.gas_follow import judged_alone
from edge_agent.fuse.gas_track import FRESH
from edge_agent.fuse.memory import Memory
from edge_agent.settings.site import Settings

IN_DRILL = Words("演练", "drill")


def overlaid(memory: Memory, permit: Permit, settings: Settings, instant: Instant) -> Memory:
    """A copy of the memory as the drill pretends it to be at this moment."""
    playing = permit.drill
    if playing is None:
        return memory
    point = permit.ticket.point
    far = Point(point.x_m + 2 * settings.rulebook.guard.post_pause_m.value, point.y_m)
    for step in playing.drill.steps:
        began_s = playing.at_s + step.after_s
        if instant.now_s < began_s:
            continue
        if step.kind == "gas":
            memory = _gas(memory, step, began_s, settings, instant)
        else:
            memory = _laid(memory, step, began_s, far)
    return memory


def _laid(memory: Memory, step: DrillStep, began_s: float, far: Point) -> Memory:
    match step.kind:
        case "silence":
            return _silent(memory, step.source, began_s)
        case "guard_gone":
            return _gone(memory, step.source, far)
        case "uplink_cut":
            return _unwell(memory, "uplink", began_s)
        case "power_cut":
            return _unwell(memory, "power", began_s)
        case _:  # "end" plays nothing
            return memory


def _gas(memory: Memory, step: DrillStep, began_s: float, settings: Settings, instant: Instant) -> Memory:
    """The played value since the step began: now, and what it makes of the channel's danger and response level."""
    last = memory.readings.get(step.source)
    if last is None:
        return memory
    first = replace(last, level=step.level, unit=step.unit, quality=Quality.GOOD, at_s=began_s, age_s=0.0)
    track = judged_alone(memory.gas.get(step.source, FRESH), first, settings, instant)
    return replace(
        memory,
        readings={**memory.readings, step.source: replace(first, at_s=instant.now_s)},
        gas={**memory.gas, step.source: track},
    )


def _silent(memory: Memory, source: str, began_s: float) -> Memory:
    """The source as if it had not spoken since the step began: its words stay, and grow old."""
    readings, sightings, tags, contacts = memory.readings, memory.sightings, memory.tags, memory.contacts
    if source in readings:
        readings = {**readings, source: replace(readings[source], at_s=min(readings[source].at_s, began_s))}
    if source in sightings:
        sightings = {**sightings, source: replace(sightings[source], at_s=min(sightings[source].at_s, began_s))}
    if source in tags:
        tag = tags[source]
        placed_s = None if tag.placed_s is None else min(tag.placed_s, began_s)
        tags = {**tags, source: replace(tag, heard_s=min(tag.heard_s, began_s), placed_s=placed_s)}
    if source in contacts:
        old = {name: replace(one, at_s=min(one.at_s, began_s)) for name, one in contacts[source].items()}
        contacts = {**contacts, source: old}
    return replace(memory, readings=readings, sightings=sightings, tags=tags, contacts=contacts)


def _gone(memory: Memory, source: str, far: Point) -> Memory:
    """The guard's wearable at a place that is certainly too far."""
    tag = memory.tags.get(source)
    if tag is None:
        return memory
    there = replace(tag.position, x_m=far.x_m, y_m=far.y_m, z_m=None, zone=None, accuracy_m=1.0)
    return replace(memory, tags={**memory.tags, source: replace(tag, position=there)})


def _unwell(memory: Memory, source: str, began_s: float) -> Memory:
    cut = DeviceHealth(source=source, at_s=began_s, ok=False, detail=IN_DRILL)
    return replace(memory, health={**memory.health, source: cut})
