"""A detector looked at as changed settings have it, before they are taken: by its bus's own worker."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from edge_agent.domain.words import Words
from edge_agent.field.modbus import Link, bus_link
from edge_agent.ops.probe.place import NOT_MODBUS
from edge_agent.ops.probe.shown import probed
from edge_agent.sense.guests import Guests
from edge_agent.settings.site import Settings
from edge_agent.settings.site_lines import BusTable
from edge_agent.tell.live_setup import Probed

NO_SUCH = Words("没有这个检测仪", "there is no such detector")
HELD = Words(
    "此网关正由总线 {by} 使用：请使用该总线，或先保存再看读数",
    "this gateway is held by the bus {by}: use that one, or save and look at the value then",
)


class Looks:
    """What hangs on the buses. Called from the desk's threads."""

    def __init__(self, root: Path, running: Mapping[str, BusTable], guests: Mapping[str, Guests]) -> None:
        """`running` are the buses of the settings in force; `guests` of those that have a worker."""
        self._root, self._running, self._guests = root, running, guests

    def look(self, settings: Settings, id_: str) -> Probed:
        """One look; whatever becomes of it is told in words."""
        table = settings.site.gas.get(id_)
        if table is None:
            return Probed(failed=NO_SUCH)
        bus = settings.site.buses.get(table.bus)
        if bus is None:
            return Probed(failed=NOT_MODBUS)
        held = next((name for name, one in self._running.items() if _same_line(one, bus)), None)
        if held is not None and held in self._guests and self._running[held] == bus:
            return probed(cast("Link", self._guests[held]), table, self._root)  # it asks as a link does
        if held is not None and held in self._guests:
            return Probed(failed=HELD.filled(by=held))
        link = bus_link(bus, None)
        try:
            return probed(link, table, self._root)
        finally:
            link.close()


def _same_line(one: BusTable, other: BusTable) -> bool:
    """Whether both would open the same port, of a gateway or of this box."""
    if one.device is not None or other.device is not None:
        return one.device == other.device
    return (one.host, one.port) == (other.host, other.port)
