"""One Modbus link, over TCP or a serial line, with a deadline on every call. Closed after all but clean answers.

pymodbus can take a late reply for the answer to the next request (docs/trust.md, fact 1: seen with
RTU framing; a gateway may do the same behind TCP). A closed socket cannot deliver anything late, so a
link that missed an answer, or got one that does not fit its question, is closed at once and opened
anew for the next call. On an RTU line that is not enough (field/late.py), and bytes that nobody asked for
close it too. Nothing here ever returns a default: a call answers, or raises ModbusError.
"""

import logging
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from threading import Event as StopFlag

from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import ExceptionResponse, ModbusPDU

from edge_agent.domain.words import Words, WordsError
from edge_agent.field.late import LATE_S, Owed, Shape
from edge_agent.field.modbus_wires import Broken, SerialLine, SerialWire, Stopped, TcpWire, Wire
from edge_agent.settings.site_lines import BusTable

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
    WAITING = "waiting"  # not asked: a late reply to another question could pass for the answer (field/late.py)
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


class Link:
    """One Modbus server or line. Calls block for at most `timeout_s` (and the time to connect)."""

    def __init__(self, wire: Wire) -> None:
        """Nothing is connected yet."""
        self.where = wire.where
        self.late_s = 0.0  # by how much the last answer may be older than its arrival (RTU only)
        self._client = wire
        self._owed = Owed()
        self._owes = False  # whether the last question went out and may still be answered
        self._spoke_s = float("-inf")

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

    def wait(self, timeout_s: float) -> None:
        """From here on a call waits so long for its answer."""
        self._client.timeout_s = timeout_s

    def hurry(self, timeout_s: float) -> None:
        """For the last words on the way out: a short deadline, and the stop flag no longer counts."""
        self._client.timeout_s = min(self._client.timeout_s, timeout_s)
        self._client.stop = None

    def registers(self, function: int, unit_id: int, address: int, count: int) -> tuple[int, ...]:
        """Read `count` holding (3) or input (4) registers from the 0-based `address`."""
        read = self._client.read_holding_registers if function == 3 else self._client.read_input_registers  # noqa: PLR2004

        def ask() -> tuple[int, ...]:
            answer = self._call(function, lambda: read(address, count=count, device_id=unit_id))
            words = tuple(answer.registers)
            if len(words) != count:
                raise self._misfit(_another(len(words), count, "个寄存器", "registers"))
            return words

        return self._told_apart((unit_id, function, count), address, ask) if self._client.rtu else ask()

    def _told_apart(self, shape: Shape, address: int, ask: Callable[[], tuple[int, ...]]) -> tuple[int, ...]:
        """Ask over RTU, where a late reply to another question would look like the answer to this one."""
        now_s = time.monotonic()
        if self._owed.forbids(shape, address, now_s):
            words = Words(
                f"等待 {LATE_S:g} 秒，以免把迟到的应答当作另一个寄存器的值",
                f"waiting {LATE_S:g} s, lest a late reply passes for that of another register",
            )
            raise self._error(Trouble.WAITING, words)
        self._owed.ask(shape, address, now_s)
        try:
            words16 = ask()
        except ModbusError as fault:
            if fault.trouble is not Trouble.REFUSED and self._owes:
                self._owed.miss(shape)
            raise
        self.late_s = self._owed.age_s(shape, time.monotonic())
        return words16

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
        self._owes = False
        try:
            self._ready()
            self._owes = True
            client.deadline_s = time.monotonic() + client.timeout_s
            answer = send()
        except Stopped as stopped:
            client.close()
            raise ModbusError(Trouble.STOPPED, stopped.words) from None
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
        finally:
            self._spoke_s = time.monotonic()
        if isinstance(answer, ExceptionResponse):
            raise self._refusal(function, answer)
        if answer.function_code != function:
            got = answer.function_code
            words = Words(
                f"应答的功能码是 {got}，应为 {function}", f"an answer to function {got} instead of {function}"
            )
            raise self._misfit(words)
        return answer

    def _ready(self) -> None:
        """Connected; on a line, with nothing waiting that answers an earlier question, and after its silence."""
        if self._client.rtu and self._client.unasked():
            self._client.close()
        self._client.connect()
        left_s = self._client.silence_s - (time.monotonic() - self._spoke_s)
        if left_s > 0:
            time.sleep(left_s)

    def _unanswered(self, error: ModbusException) -> ModbusError:
        if self._client.heard:
            self._owes = False  # it has answered, if only with noise
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


def bus_link(table: BusTable, stop: StopFlag | None) -> Link:
    """The link that a bus of site.toml describes; nothing is opened yet."""
    if table.kind == "modbus_rtu":
        line = SerialLine(
            device=table.device or "", baud=table.baud, parity=table.parity, stop_bits=table.stop_bits
        )
        return Link(SerialWire(line, table.timeout_s, stop))
    rtu = table.kind == "modbus_rtu_tcp"
    return Link(TcpWire(table.host or "", table.port, table.timeout_s, stop, rtu=rtu))


OTHER_ECHO = Words("写入回显不符", "the echo of the write is of another one")


def _another(got: int, asked: int, zh: str, en: str) -> Words:
    return Words(f"应答了 {got} {zh}，应为 {asked}", f"{got} {en} instead of {asked}")


def _broken(error: ConnectionException) -> Words:
    return error.words if isinstance(error, Broken) else Words("连接中断", error.string)
