"""What the kernel says of this box's network: its interfaces, the ways, who answered on the wire, name servers.

Asked by ioctl and procfs of the calling thread's own network namespace; nothing is changed, no program is started.
IPv4 only: what field devices, gateways and cameras speak.
"""

import contextlib
import fcntl
import socket
import struct
import time
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from msgspec import Struct

NET = Path("/proc/thread-self/net")
RESOLV = Path("/etc/resolv.conf")
# linux/sockios.h, linux/wireless.h
SIOCGIFFLAGS, SIOCGIFADDR, SIOCGIWNAME = 0x8913, 0x8915, 0x8B01
UP, LOOPBACK, RUNNING = 0x1, 0x8, 0x40  # linux/if.h, IFF_*
USABLE, GATEWAY = 0x1, 0x2  # linux/route.h, RTF_*
COMPLETE = 0x2  # linux/if_arp.h, ATF_COM
LINK_LOCAL = IPv4Network("169.254.0.0/16")  # RFC 3927: taken where no DHCP server gave one
DISCARD = 9  # UDP (RFC 863): whatever arrives there is thrown away, but the way is asked for
ARP_S, LOOK_S = 3.2, 0.1  # the kernel asks three times, a second apart


class Card(Struct, frozen=True, kw_only=True):
    """One interface but the loopback's."""

    name: str
    up: bool  # switched on
    linked: bool  # a cable with somebody at its other end, or a Wi-Fi that took us
    address: IPv4Address | None
    wireless: bool = False


class Way(Struct, frozen=True, kw_only=True):
    """One route; `gateway` None: the network is on the wire itself."""

    card: str
    to: IPv4Network
    gateway: IPv4Address | None


class Facts(Struct, frozen=True, kw_only=True):
    """All of it, as it was at one moment."""

    cards: tuple[Card, ...]
    ways: tuple[Way, ...]

    def way(self, host: IPv4Address) -> Way | None:
        """The way that the kernel takes: the narrowest that leads there."""
        fits = [one for one in self.ways if host in one.to]
        return max(fits, key=lambda one: one.to.prefixlen, default=None)


def facts() -> Facts:
    """Of this moment."""
    return Facts(cards=tuple(_cards()), ways=tuple(ways((NET / "route").read_text("ascii"))))


def _cards() -> Iterator[Card]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        for _, name in socket.if_nameindex():
            flags = _asked(door, SIOCGIFFLAGS, name)
            if flags is None or (bits := struct.unpack_from("H", flags, 16)[0]) & LOOPBACK:
                continue
            told = _asked(door, SIOCGIFADDR, name)
            yield Card(
                name=name,
                up=bool(bits & UP),
                linked=bool(bits & UP and bits & RUNNING),
                address=None if told is None else IPv4Address(told[20:24]),
                wireless=_asked(door, SIOCGIWNAME, name) is not None,
            )


def _asked(door: socket.socket, what: int, name: str) -> bytes | None:
    """A struct ifreq answered; None where the kernel has no answer (no address, no Wi-Fi)."""
    try:
        return fcntl.ioctl(door, what, struct.pack("256s", name.encode()[:15]))
    except OSError:
        return None


def ways(table: str) -> Iterator[Way]:
    """The rows of /proc/net/route (numbers in hex, as the machine stores them)."""
    for line in table.splitlines()[1:]:
        card, to, gateway, flags, _, _, _, mask, *_ = line.split()
        if int(flags, 16) & USABLE:
            network = IPv4Network((_address(to), str(_address(mask))))
            yield Way(card=card, to=network, gateway=_address(gateway) if int(flags, 16) & GATEWAY else None)


def _address(hexed: str) -> IPv4Address:
    return IPv4Address(struct.pack("=I", int(hexed, 16)))


def answering(hosts: Iterable[IPv4Address]) -> set[IPv4Address]:
    """Those that told their hardware address on the wire (ARP) within three questions of the kernel's."""
    wanted = set(hosts)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        for host in wanted:
            with contextlib.suppress(OSError):
                door.sendto(b"", (str(host), DISCARD))
    until_s, found = time.monotonic() + ARP_S, set[IPv4Address]()
    while True:
        found = {one for one in wanted if neighbours((NET / "arp").read_text("ascii")).get(one, False)}
        if found == wanted or time.monotonic() > until_s:
            return found
        time.sleep(LOOK_S)


def neighbours(table: str) -> Mapping[IPv4Address, bool]:
    """The rows of /proc/net/arp: who was asked for, and whether he answered."""
    rows = (line.split() for line in table.splitlines()[1:])
    return {IPv4Address(row[0]): bool(int(row[2], 16) & COMPLETE) for row in rows}


def name_servers(resolv: Path = RESOLV) -> tuple[str, ...]:
    """As resolv.conf(5) names them; none where it cannot be read."""
    try:
        lines = [line.split() for line in resolv.read_text("utf-8", "replace").splitlines()]
    except OSError:
        return ()
    return tuple(words[1] for words in lines if len(words) > 1 and words[0] == "nameserver")
