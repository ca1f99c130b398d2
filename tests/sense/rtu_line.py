"""An RTU line with misbehaving units: a real pseudo-terminal, or a serial server that passes frames through."""

import contextlib
import os
import pty
import socket
import struct
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pymodbus.framer.rtu import FramerRTU

from edge_agent.sense.modbus import GasBus
from edge_agent.sense.polled import Polled
from edge_agent.settings.site_lines import BusTable
from tests.sense.field_fakes import CLOCK

REQUEST = 8  # bytes of a read: unit, function, address, count, CRC


def sealed(body: bytes) -> bytes:
    """The frame with its CRC, low byte first."""
    return body + FramerRTU.compute_CRC(body).to_bytes(2, "big")


class Line:
    """Units with their registers by address; `ills` maps a unit to what is wrong with it.

    "silent"; "late:S" answers after S seconds (each question, in order); "noise" puts bytes around a broken
    frame; "broken" flips a bit; "foreign" sends another unit's frame first.
    """

    def __init__(self) -> None:
        self.units: dict[int, dict[int, int]] = {}
        self.ills: dict[int, str] = {}
        self.asked: list[tuple[float, int, int]] = []  # when, unit, address
        self._write: Callable[[bytes], None] = lambda _: None
        self._lock = threading.Lock()

    def heard(self, request: bytes) -> None:
        """One read arrived."""
        unit, function, address, count = struct.unpack(">BBHH", request[:6])
        self.asked.append((time.monotonic(), unit, address))
        registers = self.units.get(unit)
        if registers is None:
            return
        words = [registers.get(address + at, 0) for at in range(count)]
        frame = sealed(struct.pack(f">BBB{count}H", unit, function, 2 * count, *words))
        ill = self.ills.get(unit, "")
        if ill == "silent":
            return
        if ill.startswith("late:"):
            threading.Timer(float(ill.removeprefix("late:")), self.say, (frame,)).start()
            return
        broken = bytes([frame[0], frame[1], frame[2], frame[3] ^ 0x10, *frame[4:]])
        self.say(
            {"broken": broken, "noise": b"\x00\xff" + broken + b"\x55", "foreign": self._other(unit) + frame}.get(
                ill, frame
            )
        )

    def hang_up(self) -> None:
        """Nothing is written any more."""
        with self._lock:
            self._write = void

    def _other(self, unit: int) -> bytes:
        return sealed(struct.pack(">BBBH", unit + 1, 3, 2, 999))

    def say(self, frame: bytes) -> None:
        """Put bytes on the line, whether anybody listens or not."""
        with self._lock, contextlib.suppress(OSError):
            self._write(frame)


@contextmanager
def serial_port(line: Line) -> Iterator[dict[str, object]]:
    """The line behind a pseudo-terminal; yields the [buses] keys that lead to it."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    line._write = lambda frame: void(os.write(master, frame))
    stop = threading.Event()

    def serve() -> None:
        rest = b""
        while not stop.is_set():
            try:
                rest += os.read(master, 256)
            except OSError:
                return
            while len(rest) >= REQUEST:
                line.heard(rest[:REQUEST])
                rest = rest[REQUEST:]

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield {"kind": "modbus_rtu", "device": os.ttyname(slave), "baud": 115200}
    finally:
        line.hang_up()  # a late reply must not reach whatever gets this file's number next
        stop.set()
        os.write(slave, b"\0")  # wakes the reader
        thread.join(10)
        os.close(slave)
        os.close(master)


@contextmanager
def serial_server(line: Line) -> Iterator[dict[str, object]]:
    """The line behind a transparent serial server: what comes late goes to whoever is connected by then."""
    server = socket.create_server(("127.0.0.1", 0))
    open_now: list[socket.socket] = []

    def write(frame: bytes) -> None:
        if open_now:
            open_now[-1].sendall(frame)

    line._write = write

    def serve(sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError):
            while len(request := sock.recv(REQUEST, socket.MSG_WAITALL)) == REQUEST:
                line.heard(request)
        with contextlib.suppress(ValueError):
            open_now.remove(sock)

    def accept() -> None:
        while True:
            try:
                sock, _ = server.accept()
            except OSError:
                return
            open_now.append(sock)
            threading.Thread(target=serve, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield {"kind": "modbus_rtu_tcp", "host": "127.0.0.1", "port": server.getsockname()[1]}
    finally:
        line.hang_up()
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        for sock in open_now:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def void(_: object) -> None:
    """Nothing of what it was given."""


def worker(where: dict[str, object], *polled: Polled, timeout_s: float = 0.2) -> GasBus:
    return GasBus("b", BusTable(timeout_s=timeout_s, **where), polled, CLOCK)  # type: ignore[arg-type]
