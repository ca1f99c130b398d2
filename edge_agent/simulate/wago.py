"""The WAGO 750-362/-352 coupler's watchdog and registers, as the manual describes them; time is passed in.

Manual 750-352 (ETHERNET G3, same Modbus chapter as 750-362), 750-882 and 750-341, chapters "MODBUS
functions" and "Watchdog (fieldbus failure)":
- 0x1000 time in 100 ms, not to be changed while running; 0x1001, 0x1002 masks of the function codes
  that re-trigger; 0x1003 trigger: a value that differs from the one before starts or re-triggers it and
  clears a fault; 0x1004 shortest remaining time in 100 ms; 0x1005 stop by 0xAAAA then 0x5555; 0x1006
  status 0 off, 1 running, 2 expired; 0x1007 = 1 restarts after expiry; 0x1008 = 0xAA55 or 0x55AA stops
  and clears; 0x1009 = 1 closes the sockets on expiry; 0x100A = 1 the "alternative" type, which starts
  with any request and **comes back by itself** as soon as a request arrives.
- On expiry every output falls; in the standard type process data is then refused with exception 4.
- Each of these registers is one word: one per access.
The manual does not say how a forbidden change of 0x1000..0x1002 is answered: here exception 3.
"""

from enum import IntEnum

from edge_agent.simulate.modbus_server import Code, ModbusError

FIRST, LAST = 0x1000, 0x100A
TIME, MASK, MASK_HIGH, TRIGGER, SHORTEST, STOP, STATUS, RESTART, STOP_SIMPLE, CLOSE, TYPE = range(FIRST, LAST + 1)
# 10 s, every function code, as delivered.
DEFAULTS = {TIME: 100, MASK: 0xFFFF, MASK_HIGH: 0xFFFF, SHORTEST: 0xFFFF}
# Constants 0x2000..0x2008 and the name plate: firmware index, series, item number.
CONSTANTS = (0x0000, 0xFFFF, 0x1234, 0xAAAA, 0x5555, 0x7FFF, 0x8000, 0x3FFF, 0x4000)
PLATE = {0x2010: 12, 0x2011: 750, 0x2012: 362}


class State(IntEnum):
    """Register 0x1006."""

    OFF = 0
    RUNNING = 1
    EXPIRED = 2


class Watchdog:
    """The coupler's watchdog. The owner asks `expires_at_s` when to look again and calls `look`."""

    def __init__(self) -> None:
        """As after power-on: off."""
        self._words = {address: DEFAULTS.get(address, 0) for address in range(FIRST, LAST + 1)}
        self._fed_s = 0.0
        self.state = State.OFF

    @property
    def word(self) -> str:
        """Off, running or expired."""
        return self.state.name.lower()

    @property
    def alternative(self) -> bool:
        """Whether it is of the type that recovers by itself."""
        return self._words[TYPE] == 1

    @property
    def closes_sockets(self) -> bool:
        """Whether expiry closes the connections (0x1009)."""
        return self._words[CLOSE] == 1

    @property
    def expires_at_s(self) -> float | None:
        """When it will expire if nothing feeds it; None while it does not run."""
        return self._fed_s + self._words[TIME] / 10 if self.state is State.RUNNING else None

    def look(self, now_s: float) -> bool:
        """Expire if it is time; True at the moment of expiry."""
        due_s = self.expires_at_s
        if due_s is None or now_s < due_s:
            return False
        self.state = State.EXPIRED
        self._words[SHORTEST] = 0
        return True

    def request(self, function: int, now_s: float) -> None:
        """A request has come: it re-triggers if the mask (or the alternative type) says so."""
        if self.alternative:
            if self._words[TIME]:
                self._feed(now_s)
                self.state = State.RUNNING
        elif self.state is State.RUNNING and self._words[MASK] << 1 >> function & 1:  # bit 0 is function 1
            self._feed(now_s)

    def _feed(self, now_s: float) -> None:
        if self.state is State.RUNNING:
            left = max(0, int((self._fed_s - now_s) * 10) + self._words[TIME])
            self._words[SHORTEST] = min(self._words[SHORTEST], left)
        self._fed_s = now_s

    def read(self, address: int) -> int:
        """One register."""
        return int(self.state) if address == STATUS else self._words[address]

    def write(self, address: int, value: int, now_s: float) -> None:
        """One register; ModbusError where the manual forbids it."""
        before = self._words[address]
        self._check(address, value, before)
        self._words[address] = value
        match address:
            case 0x1003 if value != before:
                self._run(now_s)
            case 0x1005 if (before, value) == (0xAAAA, 0x5555):
                self.state = State.OFF
            case 0x1007 if value == 1 and self.state is not State.OFF:
                self._run(now_s)
            case 0x1008 if value in {0xAA55, 0x55AA}:
                self.state = State.OFF

    def _check(self, address: int, value: int, before: int) -> None:
        if address == STATUS:
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        if address == SHORTEST and value == 0:
            raise ModbusError(Code.ILLEGAL_VALUE)
        if address in {TIME, MASK, MASK_HIGH} and self.state is State.RUNNING and value != before:
            raise ModbusError(Code.ILLEGAL_VALUE)

    def _run(self, now_s: float) -> None:
        if not self._words[TIME]:
            return  # "cannot be triggered if the watchdog time register is 0"
        self._feed(now_s)
        self.state = State.RUNNING


def plate(address: int, count: int) -> list[int]:
    """The read-only registers: constants in a row, the name plate word by word."""
    if address >= 0x2000 and address + count <= 0x2000 + len(CONSTANTS):  # noqa: PLR2004 - the manual's
        return list(CONSTANTS[address - 0x2000 : address - 0x2000 + count])
    if count == 1 and address in PLATE:
        return [PLATE[address]]
    raise ModbusError(Code.ILLEGAL_ADDRESS)
