"""Detectors that are others under the same ids: what was vouched for of the old ones says nothing of the new."""

from edge_agent.domain.device import DeviceRecord, DeviceStatus
from edge_agent.settings.site import Settings

# By which one detector is told from another: where it hangs, of which model it is, its nameplate.
SELF = ("bus", "unit_id", "at", "channel", "profile", "serial")


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
            found.append(
                said if fresh and said is not None else DeviceRecord(id=id_, status=DeviceStatus.IN_SERVICE)
            )
    return tuple(found)
