"""Draws one gauge for the live picture: its value, its limits, and whether it holds its interlock. Pure."""

from edge_agent.domain.gauge import QUANTITIES, SHOWN
from edge_agent.fuse.gauges import Gauge
from edge_agent.fuse.world import World
from edge_agent.tell.live_measured import LiveGauge


def drawn_gauge(one: Gauge, world: World) -> LiveGauge:
    """What the board shows of it."""
    table = one.table
    return LiveGauge(
        id=one.device.id,
        name=one.device.name,
        what=QUANTITIES[table.measures].name,
        level=one.level,
        unit=SHOWN.get(one.unit, one.unit),
        quality=one.quality.value,
        age_s=None if one.said_s is None else world.now_s - one.said_s,
        crossed=one.beyond or one.near,
        limits={name: limit.value for name, limit in table.limits.all},
        area_id=table.area,
        interlock=_interlock(one, world),
    )


def _interlock(one: Gauge, world: World) -> str:
    if one.table.trips is None:
        return "missing" if one.unlocked else ""
    module, _, output = one.table.trips.partition("/")
    holds = any(wire.channel == output and wire.wanted_on for wire in world.relays[module].wires)
    return "holds" if holds else "tripped"
