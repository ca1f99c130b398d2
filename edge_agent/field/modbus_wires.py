"""The wires below a Modbus link: TCP, RTU frames over TCP, RTU on a serial port; each read has a deadline.

pymodbus frames and checks; opening and receiving are ours, so that a deadline holds and a stop flag ends a
wait. RTU frames over TCP are what a transparent serial server passes through: same traps as on the line itself.
"""

import contextlib
import errno
import os
import socket
import termios
import time
from collections.abc import Callable
from threading import Event as StopFlag
from typing import Literal

import serial
from msgspec import Struct
from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.exceptions import ConnectionException
from pymodbus.framer import FramerType

from edge_agent.domain.words import Words, WordsError
from edge_agent.field import system_words

# A source must return within one second of its stop flag (domain/ports.py). Connecting cannot be
# interrupted, so it gets less than that; waiting for an answer looks at the flag this often.
CONNECT_S = 0.8
LOOK_S = 0.1
LONGEST_S = 60.0  # pymodbus's own deadline, which must never be the earlier one
# MODBUS over Serial Line V1.02, 2.5.1.1: 3.5 characters of silence between frames, of 11 bits each; above
# 19200 baud a fixed 1.75 ms. Behind a serial server the line's speed is unknown: that of 9600 baud.
SILENCE_CHARACTERS, CHARACTER_BITS = 3.5, 11
LEAST_SILENCE_S = 0.00175
UNKNOWN_LINE_BAUD = 9600


class SerialLine(Struct, frozen=True, kw_only=True):
    """A serial port and how it speaks."""

    device: str
    baud: int = 9600
    parity: Literal["N", "E", "O"] = "N"
    stop_bits: Literal[1, 2] = 1


class Broken(ConnectionException):
    """Our own word about a connection, on its way through pymodbus."""

    def __init__(self, words: Words) -> None:
        """`words` say what happened."""
        super().__init__(words.en)
        self.words = words


class Stopped(WordsError):  # noqa: N818 (not an error: the worker was told to end)
    """The stop flag ended a wait."""


class TcpWire(ModbusTcpClient):
    """pymodbus's TCP client with our connect and receive; `rtu` for RTU frames in the stream."""

    def __init__(
        self, host: str, port: int, timeout_s: float, stop: StopFlag | None, *, rtu: bool = False
    ) -> None:
        """Nothing is connected yet."""
        framer = FramerType.RTU if rtu else FramerType.SOCKET
        super().__init__(host, port=port, framer=framer, timeout=LONGEST_S, retries=0, reconnect_delay=0)
        self.where = f"{host}:{port}"
        self.silence_s = silence_s(UNKNOWN_LINE_BAUD) if rtu else 0.0
        self.timeout_s = timeout_s
        self.stop = stop
        self.deadline_s = 0.0
        self.heard = 0

    @property
    def rtu(self) -> bool:
        """Whether its frames do not say which question they answer."""
        return self.silence_s > 0

    def connect(self) -> bool:
        """Connect, with TCP_NODELAY: a coil must not wait for Nagle."""
        if self.socket is None:
            address = (self.comm_params.host, self.comm_params.port)
            try:
                self.socket = socket.create_connection(address, timeout=min(self.timeout_s, CONNECT_S))
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                self.close()
                raise Broken(system_words.of(error)) from None
        return True

    def close(self) -> None:
        """Close the socket."""
        super().close()  # type: ignore[no-untyped-call]

    def unasked(self) -> bool:
        """Whether bytes (or the end of the connection) wait that answer no question of ours."""
        if self.socket is None:
            return False
        self.socket.settimeout(0)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def recv(self, size: int | None) -> bytes:  # noqa: ARG002 (pymodbus's signature)
        """The bytes that are there; b"" once the deadline of the call has passed."""
        return _received(self, self._some)

    def _some(self, wait_s: float) -> bytes:
        if self.socket is None:
            raise Broken(CLOSED)
        self.socket.settimeout(wait_s)
        try:
            data = self.socket.recv(4096)
        except TimeoutError:
            return b""
        except OSError as error:
            raise Broken(system_words.of(error)) from None
        if not data:
            raise Broken(Words("连接被对方关闭", "closed by the other side"))
        return data


class SerialWire(ModbusSerialClient):
    """pymodbus's serial client with our open and receive. The port is ours alone (an exclusive lock)."""

    rtu = True

    def __init__(self, line: SerialLine, timeout_s: float, stop: StopFlag | None) -> None:
        """Nothing is opened yet."""
        super().__init__(
            line.device,
            framer=FramerType.RTU,
            baudrate=line.baud,
            parity=line.parity,
            stopbits=line.stop_bits,
            timeout=LONGEST_S,
            retries=0,
            reconnect_delay=0,
        )
        self.where = line.device
        self.silence_s = silence_s(line.baud)
        self.line = line
        self.timeout_s = timeout_s
        self.stop = stop
        self.deadline_s = 0.0
        self.heard = 0

    def connect(self) -> bool:
        """Open the port and forget what arrived before."""
        if self.socket is None:
            try:
                port = serial.Serial(
                    self.line.device,
                    baudrate=self.line.baud,
                    parity=self.line.parity,
                    stopbits=self.line.stop_bits,
                    timeout=LOOK_S,
                    write_timeout=self.timeout_s,
                    exclusive=True,
                )
                port.reset_input_buffer()
            except (OSError, ValueError, termios.error) as error:
                raise Broken(_port_words(error)) from None
            self.socket = port
        return True

    def close(self) -> None:
        """Close the port."""
        with contextlib.suppress(OSError, termios.error):  # it was pulled out
            super().close()  # type: ignore[no-untyped-call]
        self.socket = None

    def unasked(self) -> bool:
        """Whether bytes wait that answer no question of ours."""
        try:
            return self.socket is not None and bool(self.socket.in_waiting)
        except (OSError, termios.error):
            return True

    def recv(self, size: int | None) -> bytes:  # noqa: ARG002 (pymodbus's signature)
        """The bytes that are there; b"" once the deadline of the call has passed."""
        return _received(self, self._some)

    def _some(self, wait_s: float) -> bytes:
        if self.socket is None:
            raise Broken(CLOSED)
        try:
            self.socket.timeout = wait_s
            first: bytes = self.socket.read(1)
            rest: bytes = self.socket.read(self.socket.in_waiting) if first else b""
        except (OSError, termios.error) as error:
            raise Broken(_port_words(error)) from None
        return first + rest


Wire = TcpWire | SerialWire
CLOSED = Words("连接已关闭", "closed")
TAKEN = Words(
    "串口被另一个程序占用（本机正在监护？）", "another program has the serial port (is the agent running?)"
)
PORT_WORDS: dict[int | None, Words] = {
    errno.EAGAIN: TAKEN,
    errno.EBUSY: TAKEN,
    errno.EACCES: Words(
        "没有权限打开串口：请把用户加入 dialout 组",
        "may not open the serial port: add the user to the group dialout",
    ),
    errno.ENOENT: Words(
        "没有这个串口：适配器插好了吗", "there is no such serial port: is the adapter plugged in?"
    ),
    errno.EIO: Words("串口已断开：适配器被拔出", "the serial port is gone: the adapter was pulled out"),
}


def silence_s(baud: int) -> float:
    """How long a line must be silent between two frames."""
    return max(SILENCE_CHARACTERS * CHARACTER_BITS / baud, LEAST_SILENCE_S)


def _received(wire: Wire, some: Callable[[float], bytes]) -> bytes:
    """The next bytes before the wire's deadline; b"" after it; raises Stopped."""
    while True:
        left_s = wire.deadline_s - time.monotonic()
        if left_s <= 0:
            return b""
        if wire.stop is not None and wire.stop.is_set():
            raise Stopped(Words("正在停止", "stopping"))
        data = some(min(left_s, LOOK_S))
        if data:
            wire.heard += len(data)
            return data


def _port_words(error: Exception) -> Words:
    """Why a serial port cannot be had or was lost."""
    number = error.errno if isinstance(error, OSError) else None
    if number in PORT_WORDS:
        return PORT_WORDS[number]
    if isinstance(error, OSError) and error.errno:
        return system_words.of(OSError(error.errno, os.strerror(error.errno)))
    return Words("串口不可用", f"the serial port cannot be used ({error})")
