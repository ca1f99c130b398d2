"""Who speaks with whom: every address that the settings name, with its port."""

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from edge_agent.settings.bundle import Bundle
from edge_agent.settings.fault import dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_upload import UploadTable

DEFAULT_HTTP = {"http": 80, "https": 443}
DEFAULT_RTSP = {"rtsp": 554, "rtsps": 322}  # RFC 2326, RFC 7826


class Endpoint(Struct, frozen=True, kw_only=True):
    """One address of site.toml. `unit_id` only where several may share a gateway."""

    key: str
    host: str
    port: int
    speaks: str
    port_key: str = "port"
    unit_ids: tuple[int, ...] = ()


def is_loopback(host: str) -> bool:
    """Whether the address can only be this machine: 127.0.0.0/8, ::1 or localhost, nothing resolved."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def endpoints(bundle: Bundle) -> Iterator[Iterator[Endpoint]]:
    """Every address of the bundle, each behind its own iterator, so that a hole hides only itself."""
    site = bundle.site
    yield _table("board", site, "HTTP")
    yield _enrolment(site)
    yield _table("uplink", site, "MQTT")
    if site.second_uplink is not None:
        yield _table("second_uplink", site, "MQTT")
    yield _table("field_broker", site, "MQTT")
    if site.sparkplug is not None:
        yield _table("sparkplug", site, "MQTT")
    if site.field_http is not None:
        yield _table("field_http", site, "positions")
    yield from _beside(site)
    for name in site.buses:
        yield _bus(bundle, name)
    for name in site.opcua:
        yield _server(bundle, name)
    for name in site.relays:
        if bundle.site.relays[name].host is not None:
            yield _relay(bundle, name)
    for name in site.cameras:
        yield _camera(bundle, name)


def _beside(site: Any) -> Iterator[Iterator[Endpoint]]:
    """What need not be there for people to be guarded."""
    if site.upload is not None:
        yield _upload(site.upload)
    if site.power.ups == "nut":
        yield _table("power", site, "NUT")


def _table(name: str, site: Any, speaks: str) -> Iterator[Endpoint]:
    table = getattr(site, name)
    yield Endpoint(key=name, host=str(table.host), port=int(table.port), speaks=speaks)


def _upload(table: UploadTable) -> Iterator[Endpoint]:
    url = urlsplit(str(table.url))
    port = url.port or DEFAULT_HTTP.get(url.scheme, 0)
    yield Endpoint(key="upload.url", host=url.hostname or "", port=port, speaks="uploads")


def _enrolment(site: Any) -> Iterator[Endpoint]:
    yield Endpoint(
        key="board",
        port_key="enrol_port",
        host=str(site.board.host),
        port=int(site.board.enrol_port),
        speaks="enrolment",
    )


def _bus(bundle: Bundle, name: str) -> Iterator[Endpoint]:
    table = bundle.site.buses[name]
    if table.kind == "modbus_rtu" or table.host is None:
        return
    polled: list[Any] = [*bundle.site.gas.values(), *bundle.site.weather.values(), *bundle.site.gauges.values()]
    units = tuple(int(one.unit_id) for one in polled if one.bus == name and one.unit_id is not None)
    yield Endpoint(
        key=dotted("buses", name), host=str(table.host), port=int(table.port), speaks="Modbus", unit_ids=units
    )


def _server(bundle: Bundle, name: str) -> Iterator[Endpoint]:
    table = bundle.site.opcua[name]
    yield Endpoint(key=dotted("opcua", name), host=str(table.host), port=int(table.port), speaks="OPC UA")


def _relay(bundle: Bundle, name: str) -> Iterator[Endpoint]:
    table = bundle.site.relays[name]
    units = (int(table.unit_id),)
    yield Endpoint(
        key=dotted("relays", name), host=str(table.host), port=int(table.port), speaks="Modbus", unit_ids=units
    )


def _camera(bundle: Bundle, name: str) -> Iterator[Endpoint]:
    url = urlsplit(str(bundle.site.cameras[name].url))
    if url.scheme in DEFAULT_RTSP:
        port = url.port or DEFAULT_RTSP[url.scheme]
        yield Endpoint(key=f"{dotted('cameras', name)}.url", host=url.hostname or "", port=port, speaks="RTSP")
    elif url.scheme == "file" and url.netloc:  # file://server/share is another machine's disk
        yield Endpoint(key=f"{dotted('cameras', name)}.url", host=url.hostname or "", port=0, speaks="file")


def readable(bundle: Bundle) -> list[Endpoint]:
    """The endpoints that could be read and parsed."""
    found: list[Endpoint] = []
    for one in endpoints(bundle):
        try:
            found.extend(judged(one))  # type: ignore[arg-type]
        except ValueError:  # an address that `urls` faults
            continue
    return found
