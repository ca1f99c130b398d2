"""Which hosts the settings send this box to, and which table names each."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from edge_agent.settings import camera_logins
from edge_agent.settings.site import Settings


class Wanted(Struct, frozen=True):
    """A host that the settings name, and the table that does."""

    part: str
    host: str


def named(settings: Settings) -> Iterator[Wanted]:
    """Every host that the box itself goes to."""
    yield from _brokers(settings)
    yield from _field(settings)
    for name, camera in camera_logins.tables(settings.folder, settings.site).items():
        parts = urlsplit(camera.url)
        if parts.hostname:
            yield Wanted(f"cameras.{name}", parts.hostname)


def _brokers(settings: Settings) -> Iterator[Wanted]:
    site = settings.site
    tables = {
        "uplink": site.uplink,
        "second_uplink": site.second_uplink,
        "sparkplug": site.sparkplug,
        "field_broker": site.field_broker,
    }
    for part, table in tables.items():
        if table is not None:
            yield Wanted(part, table.host)
    if site.upload is not None:
        yield Wanted("upload", urlsplit(site.upload.url).hostname or "")


def _field(settings: Settings) -> Iterator[Wanted]:
    site = settings.site
    for name, bus in site.buses.items():
        if bus.host:
            yield Wanted(f"buses.{name}", bus.host)
    for name, relay in site.relays.items():
        if relay.bus is None and relay.host:
            yield Wanted(f"relays.{name}", relay.host)
    for name, server in site.opcua.items():
        yield Wanted(f"opcua.{name}", server.host)
    for name, nvr in site.nvrs.items():
        yield Wanted(f"nvrs.{name}", nvr.host)
