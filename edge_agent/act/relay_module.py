"""One relay module on its link: arm its watchdog, write its coils, read its inputs. Blocks; knows no lease.

Every call raises ModbusError if the module did not do, and confirm, what was asked.
"""

import contextlib
from collections.abc import Iterator, Mapping
from threading import Event as StopFlag

from edge_agent.act.relay_profile import RelayProfile, Watchdog
from edge_agent.domain.words import Words, WordsError
from edge_agent.field.modbus import Link, ModbusError, Trouble
from edge_agent.settings.site_relays import RelayTable

DEVICE_FAILURE = 4  # what a module answers to process data once its watchdog has expired
ILLEGAL_VALUE = 3
DOG_SLEEPS = Words(
    "模块看门狗无法启动，请查阅其手册和固件版本",
    "the module's watchdog does not start: see its manual and firmware",
)
NO_WRITE = Words("模块拒绝写入：看门狗已动作", "the module refuses to write: its watchdog has expired")
NO_ANSWER = Words("模块拒绝应答：看门狗已动作", "the module refuses to answer: its watchdog has expired")
COUNTED = Words("模块看门狗曾动作，输出已断开", "the module's watchdog has expired, its outputs fell")
FELL = Words("模块的输出已自行断开", "outputs of the module fell by themselves")
STOPPING = Words("正在停止", "stopping")


class Expired(WordsError):  # noqa: N818 (names what happened)
    """The module's watchdog expired, or the module restarted: its outputs fell by themselves."""


class RelayModule:
    """The module behind `link`, wired as site.toml says."""

    def __init__(self, link: Link, table: RelayTable, profile: RelayProfile, stop: StopFlag) -> None:
        """Nothing is sent yet; `stop` ends a silence that is kept on purpose."""
        self._link = link
        self._table = table
        self._profile = profile
        self._dog = profile.watchdog if table.outputs else None  # with nothing to drop there is nothing to watch
        self._stop = stop
        self._expiries: int | None = None  # the module's own count when it was armed
        self._runs = tuple(_runs({row.coil: name for name, row in table.outputs.items() if row.coil is not None}))
        self._wired = {name: row.input for name, row in table.contacts.items() if row.input is not None}
        self._inputs = max(self._wired.values(), default=-1) + 1

    @property
    def silence_s(self) -> float:
        """How long nothing is said to see the watchdog bite: a quarter longer than its time, and a grain of it."""
        grain_s = 0.0 if self._dog is None else self._dog.time_unit_s
        return self._table.watchdog_s * 1.25 + min(grain_s, 1.0)

    def arm(self, safe: Mapping[str, bool]) -> None:
        """Everything safe, the watchdog set, verified and started. Clears the fault of an expired one."""
        with contextlib.suppress(Expired):  # then they are off already; they are written again below
            self._write(safe)
        if self._dog is not None:
            self._set_up(self._dog)
        self._write(safe)
        if self._dog is not None:
            self._start(self._dog)

    def watched(self) -> None:
        """Raise Expired unless the watchdog runs and has run all the time since it was armed."""
        dog = self._dog
        if dog is None:
            return
        if dog.status_at is not None and (status := self._get(dog.status_at)) != dog.running:
            zh = f"模块看门狗处于状态 {status}，未运行"
            raise Expired(Words(zh, f"the module's watchdog is in state {status}, not running"))
        if dog.count_at is not None and self._get(dog.count_at) != self._expiries:
            raise Expired(COUNTED)

    def held(self, expected: Mapping[str, bool]) -> None:
        """Raise Expired if an output that should be on is off: the module fell, or restarted, meanwhile."""
        state = self.read_back()
        if any(on and not state[name] for name, on in expected.items()):
            raise Expired(FELL)

    def bitten(self, safe: Mapping[str, bool]) -> None:
        """After a silence: raise ModbusError unless the watchdog has expired by it."""
        try:
            self.watched()
            self._write(safe)
        except Expired:
            return
        silence = f"{self.silence_s:g} s of silence"
        zh = f"静默 {self.silence_s:g} 秒后模块看门狗没有动作：请在模块上启用看门狗，并确认没有其他主站访问它"
        en = f"its watchdog did not expire in {silence}: switch it on, and let nobody else speak to the module"
        raise ModbusError(Trouble.GARBAGE, Words(zh, en))

    def write(self, values: Mapping[str, bool]) -> None:
        """Write all outputs, what falls first; this also feeds the watchdog."""
        self._write(values)

    def read_back(self) -> dict[str, bool]:
        """What the module says that its outputs are."""
        return self._outputs_at(self._profile.coils.read_back_at)

    def contacts(self) -> dict[str, bool]:
        """Every configured contact: True = closed."""
        if self._inputs == 0:
            return {}
        bits = self._bits(2, self._profile.inputs.read_at, self._inputs)
        return {name: bits[number] for name, number in self._wired.items()}

    def _set_up(self, dog: Watchdog) -> None:
        wanted = round(self._table.watchdog_s / dog.time_unit_s)
        self._reset(dog)
        try:
            self._keep_all(dog, wanted)
        except ModbusError as fault:
            if fault.code != ILLEGAL_VALUE:
                raise
            # Some cannot be changed while they run: it has to run out first, with everything off.
            self._rest(self._get(dog.time_at) * dog.time_unit_s * 1.25)
            self._reset(dog)
            self._keep_all(dog, wanted)
        if dog.rests_at is not None:
            self._rests_off(dog.rests_at)

    def _reset(self, dog: Watchdog) -> None:
        for one in dog.resets:
            self._link.write_register(self._table.unit_id, one.at, one.value)

    def _keep_all(self, dog: Watchdog, time: int) -> None:
        for one in dog.keeps:
            self._keep(one.at, one.value)
        self._keep(dog.time_at, time)

    def _start(self, dog: Watchdog) -> None:
        if dog.trigger_at is not None:
            self._link.write_register(self._table.unit_id, dog.trigger_at, self._get(dog.trigger_at) % 0xFFFF + 1)
        if dog.count_at is not None:
            self._expiries = self._get(dog.count_at)
        if dog.status_at is not None and self._get(dog.status_at) != dog.running:
            raise ModbusError(Trouble.GARBAGE, DOG_SLEEPS)

    def _rests_off(self, rests_at: int) -> None:
        on = [name for name, resting in self._outputs_at(rests_at).items() if resting]
        if on:
            zh = f"看门狗动作后输出 {'、'.join(on)} 会吸合：请在模块的网页上把安全值改为断开"
            en = f"{', '.join(on)} would be on once it has expired: set their safe value to off on its web page"
            raise ModbusError(Trouble.GARBAGE, Words(zh, en))

    def _outputs_at(self, first_at: int) -> dict[str, bool]:
        state: dict[str, bool] = {}
        for first, names in self._runs:
            bits = self._bits(1, first_at + first, len(names))
            state.update(zip(names, bits, strict=True))
        return state

    def _write(self, values: Mapping[str, bool]) -> None:
        for first, names in sorted(self._runs, key=lambda run: any(values[name] for name in run[1])):
            try:
                self._link.write_coils(
                    self._table.unit_id, self._profile.coils.write_at + first, [values[name] for name in names]
                )
            except ModbusError as fault:
                if fault.code == DEVICE_FAILURE:
                    raise Expired(NO_WRITE) from None
                raise

    def _bits(self, function: int, address: int, count: int) -> tuple[bool, ...]:
        try:
            return self._link.bits(function, self._table.unit_id, address, count)
        except ModbusError as fault:
            if fault.code == DEVICE_FAILURE:
                raise Expired(NO_ANSWER) from None
            raise

    def _get(self, address: int) -> int:
        return self._link.registers(3, self._table.unit_id, address, 1)[0]

    def _keep(self, address: int, value: int) -> None:
        if self._get(address) == value:
            return
        self._link.write_register(self._table.unit_id, address, value)
        if (read := self._get(address)) != value:
            zh = f"寄存器 0x{address:04X} 写入 {value} 后读到 {read}，看门狗未按要求设置"
            en = f"register 0x{address:04X} reads {read} after {value} was written: its watchdog is not set"
            raise ModbusError(Trouble.GARBAGE, Words(zh, en))

    def _rest(self, silence_s: float) -> None:
        if self._stop.wait(silence_s):
            raise ModbusError(Trouble.STOPPED, STOPPING)


def _runs(by_coil: Mapping[int, str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Unbroken runs of our coils: each is one write; coils of others are never touched."""
    run: list[str] = []
    for coil in sorted(by_coil):
        run.append(by_coil[coil])
        if coil + 1 not in by_coil:
            yield coil + 1 - len(run), tuple(run)
            run = []
