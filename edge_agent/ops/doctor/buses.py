"""A field bus: its gateway, then every device behind it in turn. Only reads, and only what the agent reads too."""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.words import Words
from edge_agent.field.modbus import Link, ModbusError, Trouble, bus_link
from edge_agent.ops.doctor import readings
from edge_agent.ops.doctor.finding import Finding, Layer, behind, fault, unseen
from edge_agent.ops.doctor.plug import plugged
from edge_agent.ops.doctor.port import reached
from edge_agent.sense import profile_file, weather_profile
from edge_agent.sense.profile import Block
from edge_agent.sense.profile_fit import fitted
from edge_agent.settings.site import Settings
from edge_agent.settings.site_lines import BusTable
from edge_agent.settings.site_sensors import SensorTable

ASK_S = 1.0  # a slow device is no dead one; the agent's own time-out may be shorter
FIRST_ROUND_S = 5.0  # a bus on which nobody answers is not waited for until its last device
SEARCH_S = 3.0  # how long other unit ids are asked, for a device that has another one than was entered
SEARCH_TIMEOUT_S = 0.2
USUAL_UNITS: tuple[int, ...] = (*range(1, 33), 247)  # where devices stand as delivered
BEHIND_GATEWAY = (10, 11)  # the gateway speaks for a device that it does not hear

LATE = Words("总线应答太慢，未能问到", "the bus answers too slowly: its turn did not come")
NOT_MODBUS = Words(
    "此端口不是 Modbus TCP：请核对 port，或将网关设为 Modbus TCP 模式（不是透明传输）",
    "this is no Modbus TCP: check port, or set the gateway to Modbus TCP (not to transparent serial)",
)
NOISE = Words(
    "请核对 baud、parity 和 stop_bits 是否与设备一致，再查接线、屏蔽和终端电阻",
    "check that baud, parity and stop_bits are the devices', then wiring, shield and terminators",
)
HUNG_UP = Words(
    "多数网关只接受一个连接：请断开其他主站（DCS、调试软件）；若没有，请核对 port",
    "most gateways take one connection only: end any other (a DCS, a laptop); else check port",
)
DEAD_LINE = Words(
    "请检查总线供电、A/B 是否接反、终端电阻，以及网关的波特率和校验位",
    "check the bus's supply, A and B for being swapped, its terminators, and the gateway's baud rate and parity",
)
DEAD_DEVICE = Words(
    "请检查其供电和接线，并在设备上核对地址（unit_id）",
    "check its supply and wiring, and read its address (unit_id) at the device itself",
)
OTHER_MODEL = Words(
    "请核对 profile 与设备型号、固件是否一致", "check that profile is that of this model and its firmware"
)


class Asked(Struct, frozen=True):
    """One device of the bus: what to read, and who judges the answer."""

    part: str
    unit_id: int
    blocks: tuple[Block, ...]
    judge: Callable[[dict[int, int]], Finding]


class Missed(Struct, frozen=True):
    """A device that gave no usable answer."""

    device: Asked
    error: ModbusError


def look(settings: Settings, bus: str, root: Path) -> Iterator[Finding]:
    """Everything about one bus and what hangs on it."""
    table, part = settings.site.buses[bus], f"buses.{bus}"
    devices = asked(settings, bus, root)
    down = _way(part, table)
    if down is not None:
        yield down
        yield from (behind(device.part, part) for device in devices)
        return
    link = bus_link(replace(table, timeout_s=max(table.timeout_s, ASK_S)), None)
    try:
        yield from _devices(part, table, link, devices)
    finally:
        link.close()


def _way(part: str, table: BusTable) -> Finding | None:
    """The plug of a line at this box, or the way to a gateway."""
    if table.device is not None:
        return plugged(part, Path(table.device), "dialout")
    return reached(part, table.host or "", table.port)


def asked(settings: Settings, bus: str, root: Path) -> list[Asked]:
    """The devices of one bus, in the order of site.toml."""
    found = []
    site = settings.site
    kinds: tuple[tuple[str, Mapping[str, SensorTable]], ...] = (("gas", site.gas), ("gauges", site.gauges))
    for kind, name, one in ((kind, name, one) for kind, tables in kinds for name, one in tables.items()):
        if one.bus == bus:
            shape, part = fitted(profile_file.load(root, one.profile), one), f"{kind}.{name}"
            found.append(Asked(part, one.unit_id or 0, shape.blocks, readings.of_gas(part, one, shape)))
    for name, station in settings.site.weather.items():
        if station.bus == bus:
            winds, part = weather_profile.load(root, station.profile), f"weather.{name}"
            judge = readings.of_weather(part, name, station, winds)
            found.append(Asked(part, station.unit_id or 0, winds.blocks, judge))
    return found


def _devices(part: str, table: BusTable, link: Link, devices: list[Asked]) -> Iterator[Finding]:
    missed: list[Missed] = []
    heard, until_s = 0, time.monotonic() + FIRST_ROUND_S
    for device in devices:
        if time.monotonic() > until_s:
            yield unseen(device.part, "late", LATE)
            continue
        try:
            words = _read(link, device)
        except ModbusError as error:
            missed.append(Missed(device, error))
            continue
        heard += 1
        yield device.judge(words)
    if heard == 0 and missed and (whole := _whole_bus(part, table, link, missed)):
        yield whole
        yield from (behind(one.device.part, part) for one in missed)
        return
    taken = {device.unit_id for device in devices}
    link.close()  # a serial port is one program's alone
    quick = bus_link(replace(table, timeout_s=SEARCH_TIMEOUT_S), None)
    until_s = time.monotonic() + SEARCH_S
    try:
        for one in missed:
            yield _of_one(one, quick, taken, until_s)
    finally:
        quick.close()


def _read(link: Link, device: Asked) -> dict[int, int]:
    words: dict[int, int] = {}
    for block in device.blocks:
        got = link.registers(block.function, device.unit_id, block.address, block.count)
        words.update(enumerate(got, start=block.address))
    return words


def _whole_bus(part: str, table: BusTable, link: Link, missed: list[Missed]) -> Finding | None:
    """One fault instead of many, where nobody answers for one reason; a single device may be the fault itself."""
    troubles = {one.error.trouble for one in missed}
    if troubles == {Trouble.GARBAGE} and table.kind != "modbus_tcp":
        says = Words(f"{link.where}：所有应答都已损坏", f"{link.where}: every reply on the line is broken")
        return fault(part, Layer.ANSWER, "noise", says, NOISE)
    if troubles == {Trouble.GARBAGE}:
        says = Words(f"{link.where}：应答不是 Modbus", f"{link.where}: what answers does not speak Modbus")
        return fault(part, Layer.ANSWER, "not_modbus", says, NOT_MODBUS)
    if troubles == {Trouble.UNREACHABLE}:
        says = Words(f"{link.where}：接受连接后随即断开", f"{link.where}: takes the connection and hangs up")
        return fault(part, Layer.ANSWER, "hangs_up", says, HUNG_UP)
    if len(missed) > 1 and all(_no_answer(one.error) for one in missed):
        says = Words(
            f"{link.where}：可连接，但其后 {len(missed)} 台设备均无应答",
            f"{link.where}: takes the connection, but none of the {len(missed)} devices behind it answers",
        )
        return fault(part, Layer.ANSWER, "bus_silent", says, DEAD_LINE)
    return None


def _no_answer(error: ModbusError) -> bool:
    return error.trouble in (Trouble.SILENT, Trouble.WAITING, Trouble.UNREACHABLE) or error.code in BEHIND_GATEWAY


def _of_one(missed: Missed, quick: Link, taken: set[int], until_s: float) -> Finding:
    device, error = missed.device, missed.error
    if error.trouble is Trouble.REFUSED and not _no_answer(error):
        says = Words(
            f"地址 {device.unit_id} 拒绝读取：{error.words.zh}",
            f"unit {device.unit_id} refuses to be read: {error.words.en}",
        )
        return fault(device.part, Layer.PROFILE, "other_registers", says, OTHER_MODEL)
    if error.trouble is Trouble.GARBAGE:
        says = Words(
            f"地址 {device.unit_id} 的应答无法理解：{error.words.zh}",
            f"what unit {device.unit_id} answers makes no sense: {error.words.en}",
        )
        return fault(device.part, Layer.ANSWER, "garbage", says, DEAD_LINE)
    other = _elsewhere(device, quick, taken, until_s)
    if other is not None:
        says = Words(
            f"地址 {device.unit_id} 无应答，但未登记的地址 {other} 有应答",
            f"unit {device.unit_id} does not answer, but unit {other}, which nobody has entered, does",
        )
        remedy = Words(
            f"请在设备上核对地址，若是它则改为 unit_id = {other}",
            f"look at the device: if it is this one, enter unit_id = {other}",
        )
        return fault(device.part, Layer.UNIT, "other_unit", says, remedy)
    says = Words(
        f"地址 {device.unit_id} 无应答（{error.words.zh}），网关可连接",
        f"unit {device.unit_id} does not answer ({error.words.en}), though the gateway takes the connection",
    )
    return fault(device.part, Layer.UNIT, "unit_silent", says, DEAD_DEVICE)


def _elsewhere(device: Asked, quick: Link, taken: set[int], until_s: float) -> int | None:
    """A unit id that nobody has entered and that answers the same question."""
    first = device.blocks[0]
    for unit in USUAL_UNITS:
        if time.monotonic() > until_s:
            return None
        if unit in taken:
            continue
        try:
            quick.registers(first.function, unit, first.address, first.count)
        except ModbusError:
            continue
        return unit
    return None
