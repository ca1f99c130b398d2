"""The listening sockets: bounded connections, so that no crowd of them keeps a stop out.

A connection costs no thread before its request is whole (asyncio does handshakes and headers), but it costs
memory. When there are too many, the newcomer is let in and the oldest connection of the greediest address goes:
whoever opens connections and leaves them open pushes out his own, never somebody else's stop.
"""

import errno
import socket
from collections import OrderedDict
from typing import Self

# A phone opens up to six connections; twenty phones behind one access point share its address.
MOST_PER_ADDRESS = 96
MOST = 160
# A viewer that takes no byte for this long is cut off by the kernel (tcp(7)).
SILENT_MS = 20_000
WAITING = 128  # listen(2): connections that the kernel holds for us


class CannotListenError(Exception):
    """The address cannot be had; the message says why and how to mend it."""


class Visitor(socket.socket):
    """One accepted connection that tells its door when it is closed."""

    door: "Door | None" = None
    address = ""

    def close(self) -> None:
        """As any socket; the door forgets it."""
        door, self.door = self.door, None
        if door is not None:
            door.gone(self)
        super().close()


class Door(socket.socket):
    """A listening socket that keeps its visitors bounded. Belongs to the thread of the event loop."""

    most = MOST
    most_per_address = MOST_PER_ADDRESS

    @classmethod
    def open(cls, host: str, port: int, option: str) -> Self:
        """Bound and listening. CannotListenError names `option` as the way to another port."""
        door = cls(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        door._inside = {}
        try:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Linux hands this on to every connection that is accepted.
            door.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_MS)
            door.bind((host, port))
            door.listen(WAITING)  # now, not later: a second service that also bound would fail only here
        except OSError as fault:
            door.close()
            raise CannotListenError(_why_not(host, port, option, fault)) from fault
        return door

    _inside: dict[str, "OrderedDict[Visitor, None]"]

    def accept(self) -> tuple[socket.socket, object]:
        """The next visitor, for asyncio."""
        plain, peer = super().accept()
        visitor = Visitor(plain.family, plain.type, plain.proto, plain.detach())
        visitor.door, visitor.address = self, str(peer[0])
        self._make_room(visitor.address)
        self._inside.setdefault(visitor.address, OrderedDict())[visitor] = None
        return visitor, peer

    def gone(self, visitor: Visitor) -> None:
        """A visitor has left."""
        here = self._inside.get(visitor.address, OrderedDict())
        here.pop(visitor, None)
        if not here:
            self._inside.pop(visitor.address, None)

    def count(self) -> int:
        """How many are inside."""
        return sum(len(here) for here in self._inside.values())

    def end_all(self) -> None:
        """Cut every connection: the peers need not agree to the end."""
        for here in list(self._inside.values()):
            for visitor in list(here):
                _cut(visitor)

    def _make_room(self, address: str) -> None:
        if len(self._inside.get(address, ())) >= self.most_per_address:
            self._push_out(address)
        elif self.count() >= self.most:
            self._push_out(max(self._inside, key=lambda one: len(self._inside[one])))

    def _push_out(self, address: str) -> None:
        visitor = next(iter(self._inside[address]))
        self.gone(visitor)
        _cut(visitor)


def _cut(visitor: Visitor) -> None:
    """Both directions end; the event loop sees that and closes it."""
    try:
        visitor.shutdown(socket.SHUT_RDWR)
    except OSError as fault:
        if fault.errno != errno.ENOTCONN:  # the peer was faster
            raise


def _why_not(host: str, port: int, option: str, fault: OSError) -> str:
    where = f"the pages cannot listen on {host} port {port}"
    match fault.errno:
        case errno.EADDRINUSE:
            return (
                f"{where}: the port is taken by another program. Choose another ([board] {option} in site.toml), "
                f"or stop the other; this shows it: ss -ltnp 'sport = :{port}'"
            )
        case errno.EACCES:
            return f"{where}: ports below 1024 need root. Choose a higher one ([board] {option} in site.toml)."
        case _:
            return f"{where}: {fault.strerror}. Choose another address ([board] host in site.toml)."
