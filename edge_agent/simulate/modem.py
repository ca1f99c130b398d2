"""A cellular modem on a pseudo-terminal, written from 3GPP TS 27.005, 27.007 and 23.040: what tests dial into.

It keeps messages in a memory, sends them into a network that is a list, and reports on them; it can be without a
network, refuse, fall silent, or lose the report.
"""

import os
import re
import selectors
import threading
import tty
from typing import Self

TIME = bytes.fromhex("62118141000023")  # 2026-11-18 14:00:00 +8 h, swapped digits (9.2.3.11)
PROMPT = b"\r\n> "


class SimulatedModem:
    """Runs in a thread until `close`; `device` is what a driver opens. Faults may be changed at any time."""

    def __init__(self) -> None:
        """Answer from now on."""
        self.registered = True
        self.registration = 2  # +CREG while it is not registered: 2 is searching, 3 denied (TS 27.007 7.2)
        self.sim: str | None = "READY"  # what +CPIN says; None: there is none (8.3)
        self.rssi = 20  # +CSQ: 0..31 in steps of 2 dB from -113 dBm, 99 not known (8.5)
        self.silent = False
        self.cms_error: int | None = None  # what +CMSS is refused with
        self.reports: int | None = 0  # status of the reports (0: arrived); None: none ever comes
        self.sent: list[tuple[str, str]] = []  # what the network has: number and text
        self.heard: list[str] = []
        self.memory: dict[int, tuple[str, bool]] = {}  # by place: what was written, whether it went out
        self._text = False
        self._count = 0
        self._places = 0
        self._writes: str | None = None  # the +CMGW whose content comes next
        self._near, far = os.openpty()
        tty.setraw(far)
        self.device = os.ttyname(far)
        self._far = far  # held open, so that a driver may leave and come back
        self._stop, self._ended = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up."""
        os.write(self._ended, b"x")
        self._thread.join()
        for fd in (self._near, self._far, self._stop, self._ended):
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        heard, ready = b"", selectors.PollSelector()
        for one in (self._near, self._stop):
            ready.register(one, selectors.EVENT_READ)
        while True:
            if self._stop in {key.fd for key, _ in ready.select()}:
                return
            heard += os.read(self._near, 4096)
            while (end := re.search(rb"\x1a" if self._writes else rb"\r", heard)) is not None:
                said, heard = heard[: end.start()], heard[end.end() :]
                if not self.silent:
                    self._answer(said.decode().strip())

    def _say(self, *lines: str) -> None:
        os.write(self._near, "".join(f"\r\n{line}\r\n" for line in lines).encode())

    def _answer(self, said: str) -> None:
        if self._writes is not None:
            written, self._writes = self._writes, None
            self._places += 1
            self.memory[self._places] = (f"{written}\n{said}", False)
            self._say(f"+CMGW: {self._places}", "OK")
            return
        self.heard.append(said)
        if said.startswith("AT+CMGF="):
            self._text = said.endswith("1")
            self._say("OK")
        elif said == "AT+CREG?":
            self._say(f"+CREG: 0,{1 if self.registered else self.registration}", "OK")
        elif said == "AT+CSQ":
            self._say(f"+CSQ: {self.rssi},99", "OK")
        elif said == "AT+CPIN?":
            self._say(*(("+CME ERROR: 10",) if self.sim is None else (f"+CPIN: {self.sim}", "OK")))
        elif said.startswith("AT+CMGW="):
            self._writes = said.partition("=")[2]
            os.write(self._near, PROMPT)
        elif (found := re.fullmatch(r"AT\+CM(SS|GR|GD)=(\d+)", said)) is not None:
            self._of_memory(found[1], int(found[2]))
        else:
            self._say("OK" if said.startswith("AT") else "ERROR")

    def _of_memory(self, what: str, place: int) -> None:
        if place not in self.memory:
            self._say("+CMS ERROR: 321")  # invalid memory index
        elif what == "GD":
            del self.memory[place]
            self._say("OK")
        elif what == "GR":
            went = self.memory[place][1]
            state = ('"STO SENT"' if went else '"STO UNSENT"') if self._text else ("3" if went else "2")
            self._say(f"+CMGR: {state},,0", "00", "OK")
        elif not self.registered:
            self._say("+CMS ERROR: 331")
        elif self.cms_error is not None:
            self._say(f"+CMS ERROR: {self.cms_error}")
        else:
            self._send(place)

    def _send(self, place: int) -> None:
        written = self.memory[place][0]
        self.memory[place] = (written, True)
        head, content = written.split("\n", 1)
        number, text = (head.strip('"'), content) if head.startswith('"') else _read(bytes.fromhex(content))
        self.sent.append((number, text))
        self._count = self._count % 255 + 1
        self._say(f"+CMSS: {self._count}", "OK")
        if self.reports is not None:
            self._report(number, self._count, self.reports)

    def _report(self, number: str, reference: int, status: int) -> None:
        if self._text:
            kind = 145 if number.startswith("+") else 129
            times = '"26/11/18,14:00:00+32","26/11/18,14:00:02+32"'
            self._say(f'+CDS: 6,{reference},"{number}",{kind},{times},{status}')
            return
        unit = bytes([0x06, reference]) + _address(number) + TIME + TIME + bytes([status])
        self._say(f"+CDS: {len(unit)}\r\n{(bytes(1) + unit).hex().upper()}")


def _address(number: str) -> bytes:
    digits = number.lstrip("+")
    octets = bytearray()
    for at in range(0, len(digits), 2):
        high = int(digits[at + 1]) if at + 1 < len(digits) else 0xF
        octets.append(high << 4 | int(digits[at]))
    return bytes([len(digits), 0x91 if number.startswith("+") else 0x81]) + octets


def _read(unit: bytes) -> tuple[str, str]:
    """Number and text of a SUBMIT (TS 23.040 9.2.2.2)."""
    body = unit[1 + unit[0] :]
    if body[0] & 0x3 != 1:
        raise ValueError("no SUBMIT")
    count, international = body[2], body[3] == 0x91  # noqa: PLR2004
    end = 4 + (count + 1) // 2
    digits = "".join(f"{octet & 0xF:x}{octet >> 4:x}" for octet in body[4:end])[:count]
    coding, length = body[end + 1], body[end + 3]
    content = body[end + 4 :]
    if coding == 8:  # noqa: PLR2004 (UCS2)
        text = content[:length].decode("utf-16-be")
    else:
        bits = int.from_bytes(content, "little")
        text = "".join(chr(bits >> 7 * place & 0x7F) for place in range(length))
    return f"+{digits}" if international else digits, text
