"""Modbus RTU slaves that can also misbehave: on a pseudo-terminal, or behind a serial server.

MODBUS over Serial Line V1.02, 2.5.1: unit u8, PDU, CRC-16 with the low byte first. Own framing, because no
library lets a slave break the rules on purpose. What has no frame on a line (a TCP reset) is silence here.
"""

import asyncio
import contextlib
import os
import pty
import struct
import tty

from edge_agent.simulate.modbus_server import Answer, Noticed, Reply

FIXED = 8  # bytes of a request with function 1..6: unit, function, two words, CRC
LONGEST = 256
WRITE_MANY = (15, 16)


def crc16(data: bytes) -> bytes:
    """The CRC of a frame as it is sent (polynomial 0xA001, low byte first)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return struct.pack("<H", crc)


def request_in(data: bytes) -> tuple[int, bytes, bytes] | None:
    """(unit, PDU, what follows), None while it is not whole; bytes that are no request are dropped one by one."""
    while len(data) >= FIXED:
        length = FIXED if data[1] not in WRITE_MANY else 9 + data[6]
        if len(data) < length <= LONGEST:
            return None
        if data[length - 2 : length] == crc16(data[: length - 2]):
            return data[0], data[1 : length - 2], data[length:]
        data = data[1:]
    return None


def frame_of(unit: int, reply: Reply) -> bytes:
    """What goes on the line: a frame, a broken one, raw bytes, or nothing."""
    if reply.raw is not None:
        return reply.raw
    if reply.pdu is None or reply.reset:
        return b""
    body = bytes((unit,)) + reply.pdu
    return body + crc16(body)


class SerialServer:
    """Serves a pseudo-terminal; `device` is the port that the box opens."""

    def __init__(self, answer: Answer, noticed: Noticed) -> None:
        """`answer` maps (unit, PDU) to a Reply."""
        self._answer = answer
        self._noticed = noticed
        self._rest = b""
        self._late: set[asyncio.Task[None]] = set()
        self.device = ""

    async def listen(self, host: str, port: int) -> int:  # noqa: ARG002 (a line has no address)
        """Make the pseudo-terminal; its name is `device`."""
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.device = os.ttyname(self._slave)
        asyncio.get_running_loop().add_reader(self._master, self._heard)
        self._noticed("open", self.device)
        return 0

    async def deafen(self) -> None:
        """Close the line."""
        asyncio.get_running_loop().remove_reader(self._master)
        for task in tuple(self._late):
            task.cancel()
        for handle in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(handle)

    def _heard(self) -> None:
        with contextlib.suppress(OSError):
            self._rest = (self._rest + os.read(self._master, 512))[-LONGEST:]
        while (found := request_in(self._rest)) is not None:
            unit, pdu, self._rest = found
            task = asyncio.create_task(self._reply(unit, pdu))
            self._late.add(task)
            task.add_done_callback(self._late.discard)

    async def _reply(self, unit: int, pdu: bytes) -> None:
        reply = self._answer(unit, pdu)
        await asyncio.sleep(reply.delay_s)
        with contextlib.suppress(OSError):
            os.write(self._master, frame_of(unit, reply))


class RtuTcpServer:
    """A transparent serial server: what comes late goes to whoever is connected by then."""

    def __init__(self, answer: Answer, noticed: Noticed) -> None:
        """`answer` maps (unit, PDU) to a Reply; `noticed` hears ("open" | "closed", peer)."""
        self._answer = answer
        self._noticed = noticed
        self._server: asyncio.Server | None = None
        self._open: list[asyncio.StreamWriter] = []
        self._late: set[asyncio.Task[None]] = set()

    async def listen(self, host: str, port: int) -> int:
        """Bind (0 = any free port) and return the port."""
        self._server = await asyncio.start_server(self._client, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def deafen(self) -> None:
        """Refuse new connections and end the open ones."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._late):
            task.cancel()
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = "{}:{}".format(*writer.get_extra_info("peername")[:2])
        self._open.append(writer)
        self._noticed("open", peer)
        rest = b""
        with contextlib.suppress(OSError):
            while data := await reader.read(512):
                rest = (rest + data)[-LONGEST:]
                while (found := request_in(rest)) is not None:
                    unit, pdu, rest = found
                    task = asyncio.create_task(self._reply(unit, pdu))
                    self._late.add(task)
                    task.add_done_callback(self._late.discard)
        self._open.remove(writer)
        self._noticed("closed", peer)
        writer.close()

    async def _reply(self, unit: int, pdu: bytes) -> None:
        reply = self._answer(unit, pdu)
        await asyncio.sleep(reply.delay_s)
        if self._open:
            self._open[-1].write(frame_of(unit, reply))
