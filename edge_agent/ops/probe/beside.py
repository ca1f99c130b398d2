"""What a running agent holds is left alone: a gateway may take one connection only, and then it would go blind."""

import socket
from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.doctor.running import runs
from edge_agent.settings.fault import BadSettings
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from edge_agent.settings.site_lines import BusTable

ANY_PORT = 0
UNREAD = Words(
    "设置有误，无法判断哪些总线正被占用：请先运行 edge-agent check {site}",
    "the settings have faults, so nobody can tell which buses are held: edge-agent check {site} first",
)
HELD = Words(
    "{where} 正由运行中的程序读取（{by}），未再连接：请直接登记设备，数值随后显示；或先停工并停止程序",
    "{where} is read by the running agent ({by}) and was not asked again: enter the device, and its value shows; "
    "or end the work and stop the agent first",
)


def held_by(site: Path, root: Path, bus: BusTable) -> Words:
    """Why this bus may not be asked beside the agent of `site`; NOTHING where nobody holds it."""
    try:
        settings = load(site, root)
    except BadSettings:
        return UNREAD.filled(site=site)
    return held_in(settings, bus) if runs(settings) else NOTHING


def held_in(settings: Settings, bus: BusTable) -> Words:
    """Which part of these settings opens the same address or port; NOTHING where none does."""
    ours = _addresses(bus.host, bus.port, bus.device)
    for name, host, port, device in _held(settings):
        if ours & _addresses(host, port, device):
            return HELD.filled(where=bus.device or f"{bus.host}:{bus.port}", by=name)
    return NOTHING


def _held(settings: Settings) -> Iterator[tuple[str, str | None, int, str | None]]:
    for name, bus in settings.site.buses.items():
        yield f"buses.{name}", bus.host, bus.port, bus.device
    for name, relay in settings.site.relays.items():
        yield f"relays.{name}", relay.host, relay.port, None
    if settings.site.short_messages is not None:
        yield "short_messages", None, ANY_PORT, settings.site.short_messages.device


def _addresses(host: str | None, port: int, device: str | None) -> set[tuple[str, int]]:
    """Everything that a name may lead to: one gateway has a name, and an address."""
    if device is not None:
        return {(str(Path(device).resolve()), ANY_PORT)}
    if host is None:
        return set()
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return {(host.lower(), port)}
    return {(str(address[0]), port) for *_, address in found}
