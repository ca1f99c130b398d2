"""A Modbus TCP server that can also misbehave: late, silent, garbled or reset replies.

MODBUS Messaging on TCP/IP V1.0b, 3.1.3: header = transaction u16, protocol u16 (0), length u16,
unit u8. Own framing, because no library lets a server break the rules on purpose.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from enum import IntEnum

from msgspec import Struct

LONGEST_PDU = 253  # bytes, MODBUS Application Protocol V1.1b3, 4.1


class Code(IntEnum):
    """Exception codes (MODBUS Application Protocol V1.1b3, 7)."""

    ILLEGAL_FUNCTION = 1
    ILLEGAL_ADDRESS = 2
    ILLEGAL_VALUE = 3
    DEVICE_FAILURE = 4
    NO_ANSWER_BEHIND_GATEWAY = 11


class ModbusError(Exception):
    """A request that is answered with an exception code."""

    def __init__(self, code: int) -> None:
        """`code` is sent to the client."""
        super().__init__(f"exception code {code}")
        self.code = code


class Reply(Struct, frozen=True, kw_only=True):
    """What goes back: a PDU, nothing (None), raw bytes instead of a frame, or a TCP reset."""

    pdu: bytes | None = None
    delay_s: float = 0.0
    raw: bytes | None = None
    reset: bool = False


Answer = Callable[[int, bytes], Reply]
Noticed = Callable[[str, str], None]


class ModbusServer:
    """Listens; every request is a task of its own, so a late reply may come after the next request."""

    def __init__(self, answer: Answer, noticed: Noticed) -> None:
        """`answer` maps (unit, PDU) to a Reply; `noticed` hears ("open" | "closed", peer)."""
        self._answer = answer
        self._noticed = noticed
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._late: set[asyncio.Task[None]] = set()
        self._forgotten: set[asyncio.StreamWriter] = set()

    async def listen(self, host: str, port: int) -> int:
        """Bind (0 = any free port) and return the port."""
        self._server = await asyncio.start_server(self._client, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def deafen(self) -> None:
        """Refuse new connections and reset the ones that are open, as a device without power."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.drop_all()
        for task in tuple(self._late):
            task.cancel()
        await asyncio.sleep(0)

    def drop_all(self) -> None:
        """Reset every open connection."""
        for writer in tuple(self._open):
            _reset(writer)

    def forget(self) -> None:
        """The other end of a half-open connection: those that stand are never heard again, and nobody says so."""
        self._forgotten |= self._open

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = "{}:{}".format(*writer.get_extra_info("peername")[:2])
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.add(writer)
        self._noticed("open", peer)
        try:
            while request := await _read_request(reader):
                task = asyncio.create_task(self._reply(writer, *request))
                self._late.add(task)
                task.add_done_callback(self._late.discard)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client went away: its own business
        finally:
            self._open.discard(writer)
            self._forgotten.discard(writer)
            self._noticed("closed", peer)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _reply(self, writer: asyncio.StreamWriter, transaction: int, unit: int, pdu: bytes) -> None:
        if writer in self._forgotten:
            return
        reply = self._answer(unit, pdu)
        if reply.delay_s:
            await asyncio.sleep(reply.delay_s)
        if writer.is_closing():
            return
        if reply.reset:
            _reset(writer)
        elif reply.raw is not None:
            writer.write(reply.raw)
        elif reply.pdu is not None:
            writer.write(struct.pack(">HHHB", transaction, 0, len(reply.pdu) + 1, unit) + reply.pdu)


def refusal(function: int, code: int) -> bytes:
    """The PDU of an exception answer."""
    return bytes((function | 0x80, code))


async def _read_request(reader: asyncio.StreamReader) -> tuple[int, int, bytes] | None:
    """(transaction, unit, PDU), or None when the bytes are not Modbus: then the connection ends."""
    header = await reader.readexactly(7)
    transaction, protocol, length, unit = struct.unpack(">HHHB", header)
    if protocol != 0 or not 2 <= length <= LONGEST_PDU + 1:  # noqa: PLR2004 - unit + function code
        return None
    return transaction, unit, await reader.readexactly(length - 1)


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection by RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):  # already closed
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
