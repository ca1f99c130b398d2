"""Outputs of the live picture: what is wanted, what is read back, and whose word there is where nothing is."""

from collections.abc import Iterator

from edge_agent.decide import sights
from edge_agent.decide.state import State
from edge_agent.domain.commissioning import Sight
from edge_agent.fuse.relays import Relay
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings
from edge_agent.tell.live import LiveOutput, LiveSight


def outputs(world: World, state: State, settings: Settings) -> Iterator[LiveOutput]:
    """Each output of each module."""
    for relay in world.relays.values():
        yield from _module(relay, world, state, settings)


def _module(relay: Relay, world: World, state: State, settings: Settings) -> Iterator[LiveOutput]:
    table = settings.site.relays[relay.device.id]
    for wire in relay.wires:
        key = f"{relay.device.id}/{wire.channel}"
        seen = sights.sight(settings, state.commissioning, key, world.instant.utc)
        yield LiveOutput(
            device=relay.device.id,
            name=relay.device.name,
            channel=wire.channel,
            does=wire.does.value,
            wanted_on=wire.wanted_on,
            feedback_closed=wire.feedback,
            contact=sights.read_back(table, wire.channel),
            seen=None if seen is None else _told(seen, state, settings),
        )


def _told(seen: Sight, state: State, settings: Settings) -> LiveSight:
    who = state.persons.get(seen.by)
    return LiveSight(
        by=seen.by,
        name=seen.by if who is None else who.name,
        at_utc=seen.at_utc,
        until_utc=sights.until_utc(settings, seen),
    )
