"""One Modbus TCP link with a deadline on every call. After anything but a clean answer it is closed.

pymodbus can take a late reply for the answer to the next request (docs/trust.md, fact 1: seen with
RTU framing; a gateway may do the same behind TCP). A closed socket cannot deliver anything late, so a
link that missed an answer, or got one that does not fit its question, is closed at once and opened
anew for the next call. Nothing here ever returns a default: a call answers, or raises ModbusError.
"""

import logging
import socket
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from threading import Event as StopFlag

from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import ExceptionResponse, ModbusPDU

from edge_agent.domain.words import Words, WordsError
from edge_agent.field import system_words

# A source must return within one second of its stop flag (domain/ports.py). Connecting cannot be
# interrupted, so it gets less than that; waiting for an answer looks at the flag this often.
CONNECT_S = 0.8
LOOK_S = 0.1

# Modbus Application Protocol V1.1b3, section 7.
CODES = {
    1: Words("不支持该功能码", "illegal function"),
    2: Words("寄存器地址无效", "illegal data address"),
    3: Words("数据值无效", "illegal data value"),
    4: Words("设备故障", "device failure"),
    5: Words("已受理，仍在处理", "acknowledge, still busy"),
    6: Words("设备忙", "device busy"),
    8: Words("存储校验错误", "memory parity error"),
    10: Words("网关路径不可用", "gateway path unavailable"),
    11: Words("网关后的设备无应答", "gateway target device failed to respond"),
}
UNKNOWN_CODE = Words("未知代码", "unknown code")

# Every failed call is an observation with its reason; pymodbus would log it a second time, unlimited.
logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)


class Trouble(StrEnum):
    """Why there is no answer."""

    UNREACHABLE = "unreachable"  # no connection, or it broke
    SILENT = "silent"  # connected, but no answer in time
    REFUSED = "refused"  # a Modbus exception code
    GARBAGE = "garbage"  # an answer that does not fit the question
    STOPPED = "stopped"  # the worker was told to end


class ModbusError(WordsError):
    """No answer; `code` is the Modbus exception code of a refusal."""

    def __init__(self, trouble: Trouble, words: Words, code: int | None = None) -> None:
        """`words` say what happened, for people."""
        super().__init__(words)
        self.trouble = trouble
        self.code = code


class _Broken(ConnectionException):
    """Our own word about a connection, on its way through pymodbus."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class _Client(ModbusTcpClient):
    """pymodbus's client with our connect and receive: deadlines that hold, and a stop flag."""

    def __init__(self, host: str, port: int, timeout_s: float, stop: StopFlag | None) -> None:
        super().__init__(host, port=port, timeout=timeout_s, retries=0, reconnect_delay=0)
        self.timeout_s = timeout_s
        self.stop = stop
        self.deadline_s = 0.0
        self.heard = 0

    def connect(self) -> bool:
        """Connect, with TCP_NODELAY: a coil must not wait for Nagle."""
        if self.socket is None:
            address = (self.comm_params.host, self.comm_params.port)
            try:
                self.socket = socket.create_connection(address, timeout=min(self.timeout_s, CONNECT_S))
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                self.close()
                raise _Broken(system_words.of(error)) from None
        return True

    def close(self) -> None:
        """Close the socket."""
        super().close()  # type: ignore[no-untyped-call]

    def recv(self, size: int | None) -> bytes:  # noqa: ARG002 (pymodbus's signature)
        """The bytes that are there; b"" once the deadline of the call has passed."""
        while self.socket is not None:
            left_s = self.deadline_s - time.monotonic()
            if left_s <= 0:
                return b""
            if self.stop is not None and self.stop.is_set():
                raise ModbusError(Trouble.STOPPED, Words("正在停止", "stopping"))
            self.socket.settimeout(min(left_s, LOOK_S))
            try:
                data = self.socket.recv(4096)
            except TimeoutError:
                continue
            except OSError as error:
                raise _Broken(system_words.of(error)) from None
            if not data:
                raise _Broken(Words("连接被对方关闭", "closed by the other side"))
            self.heard += len(data)
            return data
        raise _Broken(Words("连接已关闭", "closed"))


class Link:
    """One Modbus TCP server. Calls block for at most `timeout_s` (and the time to connect)."""

    def __init__(self, host: str, port: int, timeout_s: float, stop: StopFlag | None) -> None:
        """`stop` ends a waiting call early; nothing is connected yet."""
        self.where = f"{host}:{port}"
        self._client = _Client(host, port, timeout_s, stop)

    @property
    def open(self) -> bool:
        """Whether the socket stands."""
        return self._client.socket is not None

    def connect(self) -> None:
        """Connect if it is not; every call does so too, but here a failure is the server's alone."""
        try:
            self._client.connect()
        except ConnectionException as error:
            raise self._error(Trouble.UNREACHABLE, _broken(error)) from None

    def close(self) -> None:
        """Close the socket; the next call connects anew."""
        self._client.close()

    def hurry(self, timeout_s: float) -> None:
        """For the last words on the way out: a short deadline, and the stop flag no longer counts."""
        self._client.timeout_s = min(self._client.timeout_s, timeout_s)
        self._client.stop = None

    def registers(self, function: int, unit_id: int, address: int, count: int) -> tuple[int, ...]:
        """Read `count` holding (3) or input (4) registers from the 0-based `address`."""
        read = self._client.read_holding_registers if function == 3 else self._client.read_input_registers  # noqa: PLR2004
        answer = self._call(function, lambda: read(address, count=count, device_id=unit_id))
        words = tuple(answer.registers)
        if len(words) != count:
            raise self._misfit(_another(len(words), count, "个寄存器", "registers"))
        return words

    def bits(self, function: int, unit_id: int, address: int, count: int) -> tuple[bool, ...]:
        """Read `count` coils (1) or discrete inputs (2) from the 0-based `address`."""
        read = self._client.read_coils if function == 1 else self._client.read_discrete_inputs
        answer = self._call(function, lambda: read(address, count=count, device_id=unit_id))
        if len(answer.bits) != (count + 7) // 8 * 8:  # they travel in whole bytes
            raise self._misfit(_another(len(answer.bits), count, "位", "bits"))
        return tuple(answer.bits[:count])

    def write_coils(self, unit_id: int, address: int, values: Sequence[bool]) -> None:
        """Write coils from `address` on: one by function 5, several by function 15."""
        if len(values) == 1:
            answer = self._call(5, lambda: self._client.write_coil(address, values[0], device_id=unit_id))
            echoed = answer.address == address and list(answer.bits[:1]) == [values[0]]
        else:
            answer = self._call(15, lambda: self._client.write_coils(address, list(values), device_id=unit_id))
            echoed = answer.address == address and answer.count == len(values)
        if not echoed:
            raise self._misfit(OTHER_ECHO)

    def write_register(self, unit_id: int, address: int, value: int) -> None:
        """Write one holding register (function 6)."""
        answer = self._call(6, lambda: self._client.write_register(address, value, device_id=unit_id))
        if answer.address != address or list(answer.registers) != [value]:
            raise self._misfit(OTHER_ECHO)

    def _call(self, function: int, send: Callable[[], ModbusPDU]) -> ModbusPDU:
        client = self._client
        client.heard = 0
        try:
            client.connect()
            client.deadline_s = time.monotonic() + client.timeout_s
            answer = send()
        except ModbusError:
            client.close()
            raise
        except ConnectionException as error:
            client.close()
            raise self._error(Trouble.UNREACHABLE, _broken(error)) from None
        except ModbusException as error:
            client.close()
            raise self._unanswered(error) from None
        except Exception as error:  # noqa: BLE001 (bytes that break the decoder become a verdict: garbage)
            client.close()
            kind = type(error).__name__
            words = Words(f"应答无法解析（{kind}）", f"{kind}: {error}")
            raise self._error(Trouble.GARBAGE, words) from None
        if isinstance(answer, ExceptionResponse):
            raise self._refusal(function, answer)
        if answer.function_code != function:
            got = answer.function_code
            words = Words(
                f"应答的功能码是 {got}，应为 {function}", f"an answer to function {got} instead of {function}"
            )
            raise self._misfit(words)
        return answer

    def _unanswered(self, error: ModbusException) -> ModbusError:
        if self._client.heard:
            words = Words("应答无法解析", f"the answer makes no sense ({error.string})")
            return self._error(Trouble.GARBAGE, words)
        wait_s = self._client.timeout_s
        return self._error(Trouble.SILENT, Words(f"{wait_s:g} 秒内无应答", f"no answer within {wait_s:g} s"))

    def _refusal(self, function: int, answer: ExceptionResponse) -> ModbusError:
        if answer.function_code != function | 0x80:
            refused = answer.function_code & 0x7F
            return self._misfit(Words(f"拒绝的是功能码 {refused}", f"a refusal of function {refused}"))
        code = int(answer.exception_code)
        why = CODES.get(code, UNKNOWN_CODE)
        words = Words(f"异常码 {code}：{why.zh}", f"exception {code}: {why.en}")
        return ModbusError(Trouble.REFUSED, words, code)

    def _misfit(self, words: Words) -> ModbusError:
        """An answer that is well formed but answers another question: nothing after it can be trusted."""
        self._client.close()
        return self._error(Trouble.GARBAGE, words)

    def _error(self, trouble: Trouble, words: Words) -> ModbusError:
        return ModbusError(trouble, Words(f"{self.where}：{words.zh}", f"{self.where}: {words.en}"))


OTHER_ECHO = Words("写入回显不符", "the echo of the write is of another one")


def _another(got: int, asked: int, zh: str, en: str) -> Words:
    return Words(f"应答了 {got} {zh}，应为 {asked}", f"{got} {en} instead of {asked}")


def _broken(error: ConnectionException) -> Words:
    return error.words if isinstance(error, _Broken) else Words("连接中断", error.string)
