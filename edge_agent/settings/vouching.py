"""Device records of site.toml: checked, and made into what the rules read."""

from collections.abc import Iterator
from datetime import datetime

from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site import Site
from edge_agent.settings.site_itself import RecordTable

TIMES = ("calibration_due", "bump_tested", "valid_until")


def records(site: Site) -> tuple[DeviceRecord, ...]:
    """The records of a checked site."""
    return tuple(
        DeviceRecord(
            id=id_,
            status=table.status,
            self_test_ok=table.self_test_ok,
            calibration_due_utc=_utc(table.calibration_due),
            bump_tested_utc=_utc(table.bump_tested),
            valid_until_utc=_utc(table.valid_until),
        )
        for id_, table in site.records.items()
    )


def _utc(moment: str | None) -> float | None:
    return None if moment is None else datetime.fromisoformat(moment).timestamp()


def vouched(bundle: Bundle) -> Iterator[Fault]:
    """Each record is about a device of this site, and names moments that exist."""
    site = bundle.site
    known = [*site.gas, *site.weather, *site.gauges, *site.wearables, *site.cameras, *site.relays]
    for id_, table in site.records.items():
        key = dotted("records", id_)
        if id_ not in known:
            yield no_such(bundle.names.site, key, id_, Words("设备", "device"), known)
        for name in TIMES:
            yield from judged(_moment(bundle, f"{key}.{name}", table, name))


def _moment(bundle: Bundle, key: str, table: RecordTable, name: str) -> Iterator[Fault]:
    text = getattr(table, name)
    try:
        _utc(None if text is None else str(text))
    except ValueError:
        remedy = Words("写成 2026-12-31T00:00Z", "write it like 2026-12-31T00:00Z")
        yield fault(bundle.names.site, key, text, Words("没有这个时刻", "there is no such moment"), remedy)


CHECKS = (vouched,)
