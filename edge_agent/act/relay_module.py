"""One relay module on its link: arm its watchdog, write its coils, read its inputs. Blocks; knows no lease.

Every call raises ModbusError if the module did not do, and confirm, what was asked.
"""

import contextlib
from collections.abc import Iterator, Mapping

from edge_agent.act.relay_profile import RelayProfile
from edge_agent.domain.words import Words, WordsError
from edge_agent.field.modbus import Link, ModbusError, Trouble
from edge_agent.settings.site_devices import RelayTable

DEVICE_FAILURE = 4  # what a WAGO coupler answers to process data once its watchdog has expired
DOG_SLEEPS = Words(
    "模块看门狗无法启动，请查阅其手册和固件版本",
    "the module's watchdog does not start: see its manual and firmware",
)
NO_WRITE = Words("模块拒绝写入：看门狗已动作", "the module refuses to write: its watchdog has expired")
NO_ANSWER = Words("模块拒绝应答：看门狗已动作", "the module refuses to answer: its watchdog has expired")


class Expired(WordsError):  # noqa: N818 (names what happened)
    """The module's watchdog expired: its outputs fell by themselves."""


class RelayModule:
    """The module behind `link`, wired as site.toml says."""

    def __init__(self, link: Link, table: RelayTable, profile: RelayProfile) -> None:
        """Nothing is sent yet."""
        self._link = link
        self._table = table
        self._profile = profile
        self._runs = tuple(_runs({row.coil: name for name, row in table.outputs.items()}))
        self._inputs = max((row.input for row in table.contacts.values()), default=-1) + 1

    def arm(self, safe: Mapping[str, bool]) -> None:
        """Everything safe, the watchdog set, verified and started. Clears the fault of an expired one."""
        dog = self._profile.watchdog
        with contextlib.suppress(Expired):  # then they are off already; they are written again below
            self.write(safe)
        self._set(dog.stop_at, dog.stop, verify=False)
        self._set(dog.alternative_at, dog.alternative)
        self._set(dog.time_at, round(self._table.watchdog_s / dog.time_unit_s))
        self._set(dog.mask_at, dog.mask)
        self.write(safe)
        # It starts when the trigger changes to another value that is not nought.
        self._set(dog.trigger_at, self._get(dog.trigger_at) % 0xFFFF + 1, verify=False)
        if self._get(dog.status_at) != dog.running:
            raise ModbusError(Trouble.GARBAGE, DOG_SLEEPS)

    def watched(self) -> None:
        """Raise Expired unless the watchdog runs."""
        status = self._get(self._profile.watchdog.status_at)
        if status != self._profile.watchdog.running:
            zh = f"模块看门狗处于状态 {status}，未运行"
            raise Expired(Words(zh, f"the module's watchdog is in state {status}, not running"))

    def write(self, values: Mapping[str, bool]) -> None:
        """Write all outputs, what falls first; this also feeds the watchdog."""
        for first, names in sorted(self._runs, key=lambda run: any(values[name] for name in run[1])):
            try:
                self._link.write_coils(
                    self._table.unit_id, self._profile.coils.write_at + first, [values[name] for name in names]
                )
            except ModbusError as fault:
                if fault.code == DEVICE_FAILURE:
                    raise Expired(NO_WRITE) from None
                raise

    def read_back(self) -> dict[str, bool]:
        """What the module says that its outputs are."""
        state: dict[str, bool] = {}
        for first, names in self._runs:
            bits = self._bits(1, self._profile.coils.read_back_at + first, len(names))
            state.update(zip(names, bits, strict=True))
        return state

    def contacts(self) -> dict[str, bool]:
        """Every configured contact: True = closed."""
        if self._inputs == 0:
            return {}
        bits = self._bits(2, self._profile.inputs.read_at, self._inputs)
        return {name: bits[row.input] for name, row in self._table.contacts.items()}

    def _bits(self, function: int, address: int, count: int) -> tuple[bool, ...]:
        try:
            return self._link.bits(function, self._table.unit_id, address, count)
        except ModbusError as fault:
            if fault.code == DEVICE_FAILURE:
                raise Expired(NO_ANSWER) from None
            raise

    def _get(self, address: int) -> int:
        return self._link.registers(3, self._table.unit_id, address, 1)[0]

    def _set(self, address: int, value: int, *, verify: bool = True) -> None:
        self._link.write_register(self._table.unit_id, address, value)
        if verify and (read := self._get(address)) != value:
            zh = f"寄存器 0x{address:04X} 写入 {value} 后读到 {read}"
            en = f"register 0x{address:04X} reads {read} after {value} was written"
            raise ModbusError(Trouble.GARBAGE, Words(zh, en))


def _runs(by_coil: Mapping[int, str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Unbroken runs of our coils: each is one write; coils of others are never touched."""
    run: list[str] = []
    for coil in sorted(by_coil):
        run.append(by_coil[coil])
        if coil + 1 not in by_coil:
            yield coil + 1 - len(run), tuple(run)
            run = []
