"""A cellular modem on a serial line, by the AT commands of 3GPP TS 27.005 and TS 27.007.

A message is written into the modem's memory first (+CMGW) and sent from there (+CMSS): after a restart in between,
the memory says whether it went out ("STO SENT", TS 27.005 3.1).
"""

import re
import time
from collections.abc import Callable
from typing import Literal

import serial

from edge_agent.domain.words import Words
from edge_agent.tell.short import pdu
from edge_agent.tell.short.carrier import NotCarried, Receipt, Refused

Mode = Literal["pdu", "text"]
ANSWER_S = 5.0
SEND_S = 60.0  # TS 27.005 leaves it to the network; modems' manuals say up to a minute
END = b"\x1a"
FINAL = re.compile(rb"^(OK|ERROR|\+CM[ES] ERROR: ?(.*)|COMMAND NOT SUPPORT)$")
LEAST_DBM, STEP_DB, MOST_RSSI = -113, 2, 31  # of +CSQ (TS 27.007 8.5)
NO_SIM = frozenset({"10", "13", "15"})  # +CME ERROR: not inserted, failure, wrong (TS 27.007 9.2.1)
REGISTERED = ("1", "5", "6", "7")  # +CREG: at home, roaming; 6 and 7 for short messages alone (TS 27.007 7.2)
SENT = {"pdu": "3", "text": "STO SENT"}
NO_NETWORK = Words("短信：未注册到移动网络", "short messages: the modem is in no network")
SILENT = Words("短信：调制解调器没有应答", "short messages: the modem does not answer")
# TS 27.005 3.2.5 and TS 23.040 9.2.3.22: those that a technician can do something about.
CMS: dict[str, Words] = {
    "310": Words("没有 SIM 卡", "there is no SIM"),
    "311": Words("SIM 卡需要 PIN", "the SIM asks for its PIN"),
    "322": Words("存储已满", "its memory is full"),
    "330": Words("未设短信中心号码", "it knows no number of a message centre"),
    "331": Words("没有移动网络", "there is no network"),
    "332": Words("移动网络超时", "the network does not answer in time"),
    "38": Words("移动网络故障", "the network is out of order"),
    "42": Words("移动网络拥塞", "the network is congested"),
}
# A text sent as SUBMIT with a report, for an hour; the alphabet is the plain one (TS 27.005 3.1).
AS_SUBMIT = f"AT+CSMP={pdu.FIRST},{pdu.ONE_HOUR},0,0"


class Modem:
    """One line. Raises NotCarried from every method; after one it is best closed and opened anew."""

    def __init__(  # noqa: PLR0913 (what a line is)
        self, device: str, baud: int = 115200, *, mode: Mode = "pdu", answer_s: float = ANSWER_S,
        now_s: Callable[[], float] = time.monotonic, check: bool = True,
    ) -> None:  # fmt: skip
        """Open the line, and see whether somebody answers who is in a network (`check`)."""
        self._mode, self._answer_s, self._now_s = mode, answer_s, now_s
        self._heard = b""
        self._receipts: list[Receipt] = []
        self._report_next = False
        try:
            self._line = serial.Serial(device, baud, timeout=0.05, write_timeout=ANSWER_S, exclusive=True)
        except (OSError, ValueError) as fault:
            raise NotCarried(Words(f"短信：打不开 {device}", f"short messages: {device}: {fault}")) from fault
        try:
            self._greet()
            if check:
                self.check()
        except NotCarried:
            self.close()
            raise

    def _greet(self) -> None:
        self._ask("AT")
        self._ask("ATE0")
        self._ask("AT+CMEE=1")
        self._ask("AT+CMGF=0" if self._mode == "pdu" else "AT+CMGF=1")
        self._ask("AT+CNMI=2,0,0,1,0")  # status reports at once
        if self._mode == "text":
            self._ask('AT+CSCS="GSM"')
            self._ask(AS_SUBMIT)

    def check(self) -> None:
        """Whether it answers and is in a network."""
        if self.registration() not in REGISTERED:
            raise NotCarried(NO_NETWORK)

    def registration(self) -> str:
        """How it stands to the network: 1, 5 at home, roaming; 2 searches; 3 is denied (TS 27.007 7.2)."""
        return self._number(self._ask("AT+CREG?"), r"\+CREG: ?\d,(\d)")

    def sim(self) -> str:
        """READY; SIM PIN, SIM PUK ... where it asks for one; "" where there is none that can be used (8.3)."""
        try:
            said = " ".join(self._ask("AT+CPIN?"))
        except Refused as refused:
            if refused.code in NO_SIM:
                return ""
            raise
        return said.partition("+CPIN:")[2].strip()

    def signal_dbm(self) -> int | None:
        """How strong the network is heard; None where it does not know."""
        rssi = int(self._number(self._ask("AT+CSQ"), r"\+CSQ: ?(\d+)"))
        return LEAST_DBM + STEP_DB * rssi if rssi <= MOST_RSSI else None

    def put(self, number: str, text: str) -> str:
        """Into the modem's memory; text mode carries the plain alphabet alone, anything else goes as a unit."""
        if self._mode == "text" and pdu.is_plain(text):
            said = self._ask(f'AT+CMGW="{number}"', text.encode("ascii"))
        else:
            unit, length = pdu.submit(number, text)
            if self._mode == "text":
                self._ask("AT+CMGF=0")
            said = self._ask(f"AT+CMGW={length}", unit.encode())
            if self._mode == "text":
                self._ask("AT+CMGF=1")
        return self._number(said, r"\+CMGW: ?(\d+)")

    def was_sent(self, handle: str) -> bool | None:
        """What the memory says."""
        try:
            said = " ".join(self._ask(f"AT+CMGR={handle}"))
        except NotCarried as refused:
            if refused.words == SILENT:
                raise
            return None
        state = said.partition("+CMGR:")[2].partition(",")[0].strip().strip('"')
        return state == SENT[self._mode] if state else None

    def send(self, handle: str) -> str:
        """From the memory to the network."""
        return self._number(self._ask(f"AT+CMSS={handle}", wait_s=max(SEND_S, self._answer_s)), r"\+CMSS: ?(\d+)")

    def forget(self, handle: str) -> None:
        """Make room."""
        self._ask(f"AT+CMGD={handle}")

    def receipts(self) -> list[Receipt]:
        """Listen for what the network says by itself."""
        while self._read_line(self._now_s()) is not None:
            pass
        told, self._receipts = self._receipts, []
        return told

    def close(self) -> None:
        """Let go of the line."""
        self._line.close()

    def _ask(self, command: str, content: bytes | None = None, wait_s: float | None = None) -> list[str]:
        """One command; the lines of its answer. With `content`, that is given after the prompt."""
        until_s = self._now_s() + (self._answer_s if wait_s is None else wait_s)
        self._write(command.encode() + b"\r")
        if content is not None:
            self._prompt(until_s)
            self._write(content + END)
        said: list[str] = []
        while (line := self._read_line(until_s)) is not None:
            final = FINAL.match(line)
            if final is None:
                said.append(line.decode(errors="replace"))
            elif line == b"OK":
                return said
            else:
                code = (final[2] or b"").decode(errors="replace").strip()
                raise Refused(_refused(command, code), code)
        raise NotCarried(SILENT)

    def _write(self, content: bytes) -> None:
        try:
            self._line.write(content)
        except (OSError, serial.SerialTimeoutException) as fault:
            raise NotCarried(SILENT) from fault

    def _prompt(self, until_s: float) -> None:
        while b"> " not in self._heard:
            if re.search(rb"ERROR", self._heard):
                return  # `_ask` reads it
            if not self._hear() and self._now_s() >= until_s:
                raise NotCarried(SILENT)
        self._heard = self._heard.partition(b"> ")[2]

    def _read_line(self, until_s: float) -> bytes | None:
        """The next line that is an answer; what comes unasked is taken aside. None when the time is over."""
        while True:
            line, found, rest = self._heard.partition(b"\n")
            if found:
                self._heard = rest
                line = line.strip()
                if line and not self._unasked(line):
                    return line
            elif not self._hear() and self._now_s() >= until_s:
                return None

    def _hear(self) -> bool:
        try:
            more = self._line.read(max(1, self._line.in_waiting))
        except (OSError, serial.SerialException) as fault:
            raise NotCarried(SILENT) from fault
        self._heard += more
        return bool(more)

    def _unasked(self, line: bytes) -> bool:
        """A status report, which comes in two lines as a unit and in one as text (TS 27.005 3.4.1)."""
        text = line.decode(errors="replace")
        if self._report_next:
            self._report_next = False
            told = pdu.report(text)
            if told is not None and not told.trying:
                self._take(told.number, told.reference, arrived=told.arrived)
            return True
        if not text.startswith("+CDS:"):
            return False
        parts = text[5:].split(",")
        if len(parts) == 1:
            self._report_next = True
        elif len(parts) > 6 and parts[1].strip().isdigit() and parts[-1].strip().isdigit():  # noqa: PLR2004
            status = int(parts[-1])
            if not pdu.TRYING <= status < pdu.PERMANENT:
                self._take(parts[2].strip().strip('"'), int(parts[1]), arrived=status < pdu.TRYING)
        return True

    def _take(self, number: str, reference: int, *, arrived: bool) -> None:
        self._receipts.append(Receipt(number=number, reference=str(reference), arrived=arrived))

    @staticmethod
    def _number(said: list[str], pattern: str) -> str:
        found = re.search(pattern, " ".join(said))
        if found is None:
            raise NotCarried(SILENT)
        return found[1]


def _refused(command: str, code: str) -> Words:
    known = CMS.get(code)
    if known is not None:
        return Words(f"短信：{known.zh}（{code}）", f"short messages: {known.en} ({code})")
    what = command.partition("=")[0]
    return Words(f"短信：调制解调器拒绝 {what}（{code}）", f"short messages: the modem refuses {what} ({code})")
