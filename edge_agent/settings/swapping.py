"""Detectors that are others under the same ids: what was vouched for of the old ones says nothing of the new."""

from msgspec.structs import replace

from edge_agent.domain.device import BOX, DeviceRecord, DeviceStatus, digest
from edge_agent.settings.site import Settings
from edge_agent.settings.site_sensors import SELF


def swapped(old: Settings, new: Settings) -> tuple[DeviceRecord, ...]:
    """Each with what is vouched for of the new one: what the same change says, never what stood there before."""
    before = {one.id: one for one in old.records}
    after = {one.id: one for one in new.records}
    found = []
    for id_, table in new.site.gas.items():
        was = old.site.gas.get(id_)
        if was is not None and any(getattr(was, name) != getattr(table, name) for name in SELF):
            said = after.get(id_)
            fresh = said is not None and said != before.get(id_)
            record = said if fresh and said is not None else DeviceRecord(id=id_, status=DeviceStatus.IN_SERVICE)
            whose = BOX if said is None else digest(said)
            found.append(replace(record, covers=table.identity, said=whose))
    return tuple(found)
