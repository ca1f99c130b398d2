"""By which names and addresses this box is reached."""

import ipaddress
import socket
from collections.abc import Iterable

import ifaddr
from msgspec import Struct

LOCALHOST = "localhost"


class Names(Struct, frozen=True):
    """Host names and addresses, lower case, in order."""

    hosts: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def all(self) -> frozenset[str]:
        """What a Host header may say."""
        return frozenset(self.hosts) | frozenset(self.addresses)


def own(more: Iterable[str]) -> Names:
    """The machine's own names and addresses as they are now, and `more` from the settings."""
    hosts, addresses = {LOCALHOST}, {str(one) for one in _local()}
    machine = socket.gethostname().lower()
    hosts |= {machine, f"{machine.partition('.')[0]}.local"}  # .local: multicast DNS
    for name in more:
        address = _address(name)
        (hosts if address is None else addresses).add(address or name.lower().rstrip("."))
    return Names(tuple(sorted(hosts)), tuple(sorted(addresses)))


def _local() -> Iterable[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    yield ipaddress.ip_address("127.0.0.1")
    yield ipaddress.ip_address("::1")
    for adapter in ifaddr.get_adapters():
        for one in adapter.ips:
            text = one.ip if isinstance(one.ip, str) else one.ip[0]
            address = ipaddress.ip_address(text.partition("%")[0])
            if not address.is_link_local or address.version == 4:  # noqa: PLR2004 (a browser cannot name fe80::)
                yield address


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        return None
