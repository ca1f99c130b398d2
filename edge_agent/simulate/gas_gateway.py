"""`gas-gateway`: gas detectors and panels behind one Modbus TCP gateway, or on an RTU line.

Options: `--host --port --warmup SECONDS --seed N --modules FILE` (JSON list of `gas_modules.Spec`; the
usual four: unit 1 CH4, 2 O2 as PT495, 3 H2S, 4 CO; up to 247 units on one gateway), `--wire tcp | rtu-tcp |
serial` (a serial server that passes RTU frames on; a pseudo-terminal, whose name is said as `device`).

Commands (`cmd` and its fields, every one may carry `id`):
- `set`: `gas` or `unit`, `level` in the natural unit (CH4 %LEL, O2 %vol, others ppm), `over_s` = 0
- `fault`: `kind`, `unit` (all of them if left out), `channel` (all of the unit's), `for_s` (until `heal` if left
  out). Kinds on the wire: `silent`, `late` (`delay_s` = 2), `exception` (`code` = 11, target behind the gateway
  silent), `garbage` (random bytes in place of the frame), `noise` (the frame with a bit flipped; over TCP as
  garbage), `flapping` (every other question unanswered), `reset` (TCP RST). Kinds of the module: `sensor_fault`,
  `overrange`, `frozen`, `warmup`, `calibration`, `inhibit`, `wrong_unit`, `wrong_gas`, `other_device`, `status`
  (`code` = the status byte to show); a device that has no word for one of these shows nothing of it
- `heal`: `unit` (all of them if left out): ends its faults and its warm-up
- `status`: answers `modules`: unit, gas, level, registers, polls, shortest_gap_s, fault
Observations: `connection` "open"/"closed" with `peer`; `written` with unit, address, value (a box that
guards must write nothing here).
"""

import argparse
import functools
import struct
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec

from edge_agent.simulate.control import Refused, Say
from edge_agent.simulate.dice import dice
from edge_agent.simulate.gas_commands import Fault, Heal, Set, Status, WireFault
from edge_agent.simulate.gas_modules import TYPES, USUAL, Module, Sensor, Spec
from edge_agent.simulate.gas_panels import Ai8, Oi7032, Panel, Toc635
from edge_agent.simulate.gas_transmitters import X6000, Gmp252, Xcd, Xnx, Xrl
from edge_agent.simulate.midas import Midas
from edge_agent.simulate.modbus_line import RtuTcpServer, SerialServer, frame_of
from edge_agent.simulate.modbus_server import Code, ModbusError, ModbusServer, Reply, refusal
from edge_agent.simulate.weather_station import FsxcsN01, FsxcsN01Tenths, Sen0657, Wn90lp

MODULES: dict[str, Callable[[Sensor], Module]] = {
    **TYPES,
    "midas": Midas,
    "x6000": X6000,
    "xnx": Xnx,
    "xrl": Xrl,
    "xcd": Xcd,
    "gmp252": Gmp252,
    "sen0657": Sen0657,
    "wn90lp": Wn90lp,
    "fsxcs": FsxcsN01,
    "fsxcs_tenths": FsxcsN01Tenths,
}
PANELS: dict[str, Callable[[dict[int, Sensor]], Panel]] = {"oi7032": Oi7032, "toc635": Toc635, "ai8": Ai8}
Server = ModbusServer | RtuTcpServer | SerialServer
SERVERS: dict[str, type[Server]] = {"tcp": ModbusServer, "rtu-tcp": RtuTcpServer, "serial": SerialServer}

Registers = Sequence[int | None] | dict[tuple[int, int], int]


class Post(msgspec.Struct, kw_only=True):
    """One unit id: its module, what the wire does to it, and how it is polled."""

    module: Module
    sensors: dict[int, Sensor]
    fault: Fault | None = None
    until_s: float = 0.0
    polls: int = 0
    last_poll_s: float | None = None
    shortest_gap_s: float | None = None

    def heal(self) -> None:
        """Neither the wire nor its sensors suffer any more."""
        self.fault = None
        for sensor in self.sensors.values():
            sensor.heal()

    def polled(self, now_s: float) -> None:
        """Count a poll: the makers ask for at least 0.5 s between two."""
        if self.last_poll_s is not None:
            gap_s = now_s - self.last_poll_s
            self.shortest_gap_s = gap_s if self.shortest_gap_s is None else min(gap_s, self.shortest_gap_s)
        self.polls += 1
        self.last_poll_s = now_s


class GasGateway:
    """The gateway as a Player (control.py)."""

    commands = Set | Fault | Heal | Status

    def __init__(
        self, specs: Sequence[Spec], address: tuple[str, int], *, warmup_s: float, seed: int, wire: str = "tcp"
    ) -> None:
        """Powers every module on now."""
        self._address = address
        self._wire = wire
        self._chance = dice(seed, "garbage")
        new = functools.partial(Sensor, seed=seed, started_s=time.monotonic(), warmup_s=warmup_s)
        by_unit: dict[int, list[Spec]] = {}
        for spec in specs:
            by_unit.setdefault(spec.unit, []).append(spec)
        self._posts = {
            unit: _post(of_it, {spec.channel: new(spec) for spec in of_it}) for unit, of_it in by_unit.items()
        }

    async def start(self, say: Say) -> int:
        """Listen."""
        self._say = say
        self._server: Server = SERVERS[self._wire](
            self._answer, lambda what, peer: say(connection=what, peer=peer)
        )
        port = await self._server.listen(*self._address)
        if isinstance(self._server, SerialServer):
            say(device=self._server.device)
        return port

    async def stop(self) -> None:
        """Close every socket."""
        await self._server.deafen()

    async def obey(self, command: Set | Fault | Heal | Status) -> dict[str, Any]:
        """Do one command (see the top of this file)."""
        now_s = time.monotonic()
        match command:
            case Set():
                for sensor in self._sensors(command.unit, command.gas, command.channel):
                    sensor.approach(command.level, command.over_s, now_s)
            case Fault():
                self._suffer(command, now_s)
            case Heal():
                for post in self._meant(command.unit):
                    post.heal()
            case Status():
                return {"modules": [_shown(post, now_s) for post in self._posts.values()]}
        return {}

    def _suffer(self, command: Fault, now_s: float) -> None:
        if command.kind in get_args(WireFault):
            for post in self._meant(command.unit):
                post.fault, post.until_s = command, now_s + command.for_s
            return
        kind: Any = command.kind
        for sensor in self._sensors(command.unit, None, command.channel):
            sensor.status = command.code
            sensor.ail(kind, now_s, now_s + command.for_s)

    def _meant(self, unit: int | None, gas: str | None = None) -> list[Post]:
        """The modules a command speaks of; Refused if there is none."""
        found = [
            post
            for number, post in self._posts.items()
            if unit in {None, number} and gas in {None, *(one.spec.gas for one in post.sensors.values())}
        ]
        if not found:
            raise Refused(f"no module with unit {unit}, gas {gas}; there are {sorted(self._posts)}")
        return found

    def _sensors(self, unit: int | None, gas: str | None = None, channel: int | None = None) -> list[Sensor]:
        """The sensors a command speaks of; Refused if there is none."""
        found = [
            sensor
            for post in self._meant(unit, gas)
            for number, sensor in post.sensors.items()
            if channel in {None, number} and gas in {None, sensor.spec.gas}
        ]
        if not found:
            raise Refused(f"no channel {channel} at unit {unit}")
        return found

    def _answer(self, unit: int, pdu: bytes) -> Reply:
        """One request: first what the wire does to it, then what the module says."""
        post = self._posts.get(unit)
        if post is None:
            return Reply(pdu=refusal(pdu[0], Code.NO_ANSWER_BEHIND_GATEWAY))
        now_s = time.monotonic()
        post.polled(now_s)
        fault = post.fault if now_s < post.until_s else None
        ill = None if fault is None else self._ill(fault, post, (unit, pdu), now_s)
        return ill or Reply(pdu=self._pdu(unit, post.module, pdu, now_s))

    def _ill(self, fault: Fault, post: Post, asked: tuple[int, bytes], now_s: float) -> Reply | None:  # noqa: PLR0911 (one per kind)
        """What the wire does to one request; None if it lets it be."""
        unit, pdu = asked
        match fault.kind:
            case "silent":
                return Reply()
            case "late":
                return Reply(pdu=self._pdu(unit, post.module, pdu, now_s), delay_s=fault.delay_s)
            case "exception":
                return Reply(pdu=refusal(pdu[0], fault.code))
            case "garbage":
                return Reply(raw=self._chance.randbytes(29))
            case "noise":
                frame = frame_of(unit, Reply(pdu=self._pdu(unit, post.module, pdu, now_s)))
                return Reply(raw=frame[:3] + bytes((frame[3] ^ 0x40,)) + frame[4:])
            case "flapping" if post.polls % 2:
                return Reply()
            case "reset":
                return Reply(reset=True)
        return None

    def _pdu(self, unit: int, module: Module, pdu: bytes, now_s: float) -> bytes:
        try:
            return self._serve(unit, module, pdu, now_s)
        except ModbusError as error:
            return refusal(pdu[0], error.code)

    def _serve(self, unit: int, module: Module, pdu: bytes, now_s: float) -> bytes:
        match pdu[0]:
            case 3 | 4:  # read holding or input registers
                return _read(pdu, module.registers(now_s))
            case 6:  # write single register
                address, value = _two(pdu)
                self._say(written=module.write(address, value), unit=unit, address=address, value=value)
                return pdu
            case _:
                raise ModbusError(Code.ILLEGAL_FUNCTION)


def _post(specs: list[Spec], sensors: dict[int, Sensor]) -> Post:
    """One unit; raises ValueError where its specs do not make one device."""
    kinds = {spec.type for spec in specs}
    if len(kinds) != 1 or len(sensors) != len(specs):
        raise ValueError(
            f"unit {specs[0].unit}: one device, with each channel once; not {[(s.type, s.channel) for s in specs]}"
        )
    kind = kinds.pop()
    if kind in PANELS:
        return Post(module=PANELS[kind](sensors), sensors=sensors)
    if len(sensors) != 1:
        raise ValueError(f"unit {specs[0].unit}: a {kind} has one channel")
    return Post(module=MODULES[kind](next(iter(sensors.values()))), sensors=sensors)


def _shown(post: Post, now_s: float) -> dict[str, Any]:
    sensor = post.module.sensor
    return {
        "unit": sensor.spec.unit,
        "gas": sensor.spec.gas,
        "level": round(sensor.ramp.at(now_s), 4),
        "warming": sensor.warming(now_s),
        "registers": _plain(post.module.registers(now_s)),
        "polls": post.polls,
        "shortest_gap_s": post.shortest_gap_s,
        "fault": post.fault.kind if post.fault and now_s < post.until_s else None,
    }


def _plain(registers: Registers) -> Any:
    """As JSON can say it: a list from address 0, or "function/address" to word."""
    if isinstance(registers, dict):
        return {f"{function}/{address}": word for (function, address), word in registers.items()}
    return registers


def _two(pdu: bytes) -> tuple[int, int]:
    if len(pdu) != 5:  # noqa: PLR2004 - function, two words
        raise ModbusError(Code.ILLEGAL_VALUE)
    first, second = struct.unpack(">HH", pdu[1:])
    return first, second


def _read(pdu: bytes, registers: Registers) -> bytes:
    function = pdu[0]
    address, count = _two(pdu)
    if not 1 <= count <= 125:  # noqa: PLR2004 - MODBUS Application Protocol 6.3
        raise ModbusError(Code.ILLEGAL_VALUE)
    if isinstance(registers, dict):
        found = [registers.get((function, address + at)) for at in range(count)]
    elif function == 3:  # noqa: PLR2004 - the only reading that these notes describe
        found = list(registers[address : address + count])
    else:
        raise ModbusError(Code.ILLEGAL_FUNCTION)
    words = [word for word in found if word is not None]
    if len(words) != count:
        raise ModbusError(Code.ILLEGAL_ADDRESS)
    return struct.pack(f">BB{count}H", function, 2 * count, *words)


def options(parser: argparse.ArgumentParser) -> None:
    """What may be said on the command line."""
    parser.add_argument("--warmup", type=float, default=0.0, metavar="S", help="seconds until warm")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--modules", type=Path, help="JSON list of modules")
    parser.add_argument("--wire", choices=sorted(SERVERS), default="tcp")


def build(args: argparse.Namespace) -> GasGateway:
    """The gateway that the command line asks for."""
    specs: Sequence[Spec] = USUAL
    if args.modules:
        specs = msgspec.json.decode(args.modules.read_bytes(), type=list[Spec])
    address = (args.host, args.port)
    return GasGateway(specs, address, warmup_s=args.warmup, seed=args.seed, wire=args.wire)
