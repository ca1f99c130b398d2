"""`gas-gateway`: single-gas modules behind one Modbus TCP gateway.

Options: `--host --port --warmup SECONDS --seed N --modules FILE` (JSON list of `gas_modules.Spec`; the
usual four: unit 1 CH4, 2 O2 as PT495, 3 H2S, 4 CO; up to 247 units on one gateway).

Commands (`cmd` and its fields, every one may carry `id`):
- `set`: `gas` or `unit`, `level` in the natural unit (CH4 %LEL, O2 %vol, others ppm), `over_s` = 0
- `fault`: `kind`, `unit` (all of them if left out), `for_s` (until `heal` if left out). Kinds on the wire:
  `silent`, `late` (`delay_s` = 2), `exception` (`code` = 11, target behind the gateway silent), `garbage`
  (random bytes in place of the frame), `reset` (TCP RST). Kinds of the module: `sensor_fault`, `overrange`,
  `frozen`, `warmup`, `calibration`, `status` (`code` = the status byte to show)
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
from typing import Annotated, Any, Literal, get_args

import msgspec

from edge_agent.simulate.control import Command, Refused, Say
from edge_agent.simulate.dice import dice
from edge_agent.simulate.gas_modules import TYPES, USUAL, Ailment, Module, Sensor, Spec
from edge_agent.simulate.midas import Midas
from edge_agent.simulate.modbus_server import Code, ModbusError, ModbusServer, Reply, refusal
from edge_agent.simulate.weather_station import Sen0657

MODULES: dict[str, Callable[[Sensor], Module]] = {**TYPES, "midas": Midas, "sen0657": Sen0657}
WireFault = Literal["silent", "late", "exception", "garbage", "reset"]
FOREVER = float("inf")


class Set(Command, frozen=True, kw_only=True, tag="set"):
    """Let the gas in front of one unit, or of every unit of one gas, go to a level."""

    level: float
    gas: str | None = None
    unit: int | None = None
    over_s: float = 0.0


class Fault(Command, frozen=True, kw_only=True, tag="fault"):
    """Make one unit, or all, misbehave."""

    kind: WireFault | Ailment
    unit: int | None = None
    for_s: float = FOREVER
    delay_s: float = 2.0
    code: Annotated[int, msgspec.Meta(ge=0, le=255)] = Code.NO_ANSWER_BEHIND_GATEWAY


class Heal(Command, frozen=True, kw_only=True, tag="heal"):
    """End the faults of one unit, or of all."""

    unit: int | None = None


class Status(Command, frozen=True, kw_only=True, tag="status"):
    """Tell what each module shows."""


class Post(msgspec.Struct, kw_only=True):
    """One unit id: its module, what the wire does to it, and how it is polled."""

    module: Module
    fault: Fault | None = None
    until_s: float = 0.0
    polls: int = 0
    last_poll_s: float | None = None
    shortest_gap_s: float | None = None

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

    def __init__(self, specs: Sequence[Spec], *, host: str, port: int, warmup_s: float, seed: int) -> None:
        """Powers every module on now."""
        now_s = time.monotonic()
        self._address = (host, port)
        self._chance = dice(seed, "garbage")
        self._posts = {
            spec.unit: Post(module=MODULES[spec.type](Sensor(spec, seed=seed, started_s=now_s, warmup_s=warmup_s)))
            for spec in specs
        }

    async def start(self, say: Say) -> int:
        """Listen."""
        self._say = say
        self._server = ModbusServer(self._answer, lambda what, peer: say(connection=what, peer=peer))
        return await self._server.listen(*self._address)

    async def stop(self) -> None:
        """Close every socket."""
        await self._server.deafen()

    async def obey(self, command: Set | Fault | Heal | Status) -> dict[str, Any]:
        """Do one command (see the top of this file)."""
        now_s = time.monotonic()
        match command:
            case Set():
                for post in self._meant(command.unit, command.gas):
                    post.module.sensor.approach(command.level, command.over_s, now_s)
            case Fault():
                for post in self._meant(command.unit):
                    _suffer(post, command, now_s)
            case Heal():
                for post in self._meant(command.unit):
                    post.fault = None
                    post.module.sensor.heal()
            case Status():
                return {"modules": [_shown(post, now_s) for post in self._posts.values()]}
        return {}

    def _meant(self, unit: int | None, gas: str | None = None) -> list[Post]:
        """The modules a command speaks of; Refused if there is none."""
        found = [
            post
            for number, post in self._posts.items()
            if unit in {None, number} and gas in {None, post.module.sensor.spec.gas}
        ]
        if not found:
            raise Refused(f"no module with unit {unit}, gas {gas}; there are {sorted(self._posts)}")
        return found

    def _answer(self, unit: int, pdu: bytes) -> Reply:
        """One request: first what the wire does to it, then what the module says."""
        post = self._posts.get(unit)
        if post is None:
            return Reply(pdu=refusal(pdu[0], Code.NO_ANSWER_BEHIND_GATEWAY))
        now_s = time.monotonic()
        post.polled(now_s)
        fault = post.fault if now_s < post.until_s else None
        match fault.kind if fault else None:
            case "silent":
                return Reply()
            case "exception":
                return Reply(pdu=refusal(pdu[0], fault.code if fault else 0))
            case "garbage":
                return Reply(raw=self._chance.randbytes(29))
            case "reset":
                return Reply(reset=True)
        return Reply(pdu=self._pdu(unit, post.module, pdu, now_s), delay_s=fault.delay_s if fault else 0.0)

    def _pdu(self, unit: int, module: Module, pdu: bytes, now_s: float) -> bytes:
        try:
            return self._serve(unit, module, pdu, now_s)
        except ModbusError as error:
            return refusal(pdu[0], error.code)

    def _serve(self, unit: int, module: Module, pdu: bytes, now_s: float) -> bytes:
        match pdu[0]:
            case 3:  # read holding registers, the only reading that the notes describe
                return _read(pdu, module.registers(now_s))
            case 6:  # write single register
                address, value = _two(pdu)
                self._say(written=module.write(address, value), unit=unit, address=address, value=value)
                return pdu
            case _:
                raise ModbusError(Code.ILLEGAL_FUNCTION)


def _suffer(post: Post, command: Fault, now_s: float) -> None:
    if command.kind in get_args(WireFault):
        post.fault, post.until_s = command, now_s + command.for_s
        return
    post.module.sensor.status = command.code
    kind: Any = command.kind
    post.module.sensor.ail(kind, now_s, now_s + command.for_s)


def _shown(post: Post, now_s: float) -> dict[str, Any]:
    sensor = post.module.sensor
    return {
        "unit": sensor.spec.unit,
        "gas": sensor.spec.gas,
        "level": round(sensor.ramp.at(now_s), 4),
        "warming": sensor.warming(now_s),
        "registers": post.module.registers(now_s),
        "polls": post.polls,
        "shortest_gap_s": post.shortest_gap_s,
        "fault": post.fault.kind if post.fault and now_s < post.until_s else None,
    }


def _two(pdu: bytes) -> tuple[int, int]:
    if len(pdu) != 5:  # noqa: PLR2004 - function, two words
        raise ModbusError(Code.ILLEGAL_VALUE)
    first, second = struct.unpack(">HH", pdu[1:])
    return first, second


def _read(pdu: bytes, registers: Sequence[int | None]) -> bytes:
    address, count = _two(pdu)
    if not 1 <= count <= 125:  # noqa: PLR2004 - MODBUS Application Protocol 6.3
        raise ModbusError(Code.ILLEGAL_VALUE)
    words = [word for word in registers[address : address + count] if word is not None]
    if len(words) != count:
        raise ModbusError(Code.ILLEGAL_ADDRESS)
    return struct.pack(f">BB{count}H", 3, 2 * count, *words)


def options(parser: argparse.ArgumentParser) -> None:
    """What may be said on the command line."""
    parser.add_argument("--warmup", type=float, default=0.0, metavar="S", help="seconds until warm")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--modules", type=Path, help="JSON list of modules")


def build(args: argparse.Namespace) -> GasGateway:
    """The gateway that the command line asks for."""
    specs: Sequence[Spec] = USUAL
    if args.modules:
        specs = msgspec.json.decode(args.modules.read_bytes(), type=list[Spec])
    make = functools.partial(GasGateway, host=args.host, port=args.port, warmup_s=args.warmup, seed=args.seed)
    return make(specs)
