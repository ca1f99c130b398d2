"""`relay`: a relay module with outputs and digital inputs (a WAGO 750-362 unless said) and what hangs on it.

Options: `--host --port --module wago --outputs 8 --inputs 8 --mirror 0:0` (input:coil, repeatable),
`--stop-input 1`, `--contact-ms 20`; of the WAGO `--refuse-reads` (after a watchdog expiry reads of process data
are refused too, as the older manuals have it). Of the others `--broken-dog` (its watchdog never bites),
`--stubborn` (Crevis: auto recovery cannot be switched off), `--rest-on` (ICP DAS: safe value of output 0 is on),
`--second-s 1` (ICP DAS: how long its second is, for tests).

On the wire: each module as its own manual has it: wago (`coupler.py`, `wago.py`), bk9000 (`beckhoff.py`), na9189
(`crevis.py`), et7060 (`icpdas.py`), waveshare (`waveshare.py`).
Inputs: a mirror contact follows its coil's contactor; the stop button is normally closed (1).

Commands (`cmd` and its fields, every one may carry `id`):
- `press_stop`, `release_stop`
- `weld`: `coil` = 0; the contactor keeps its place whatever the coil does. `unweld`: `coil` = 0
- `stick`: `coil` = 0; the output stays as it is. `lie`: it stays, and reads back as written. `mend`
- `input`: `input`, `closed`: set a spare input
- `ignore`: requests are no longer read (connections stay open, the watchdog runs on); `resume`
- `half_open`: the connections that stand are never answered again; new ones are
- `cut_power`: outputs fall, connections reset, port refuses; `restore_power`: boots with outputs off
- `status`: answers coils, contacts, watchdog
Observations: `coil`, `on`, `why` "write"/"watchdog"/"power" (at every change); `contact`, `closed`;
`watchdog` "running"/"off"/"expired"; `connection` "open"/"closed", `peer`; `power` true/false.
"""

import argparse
import asyncio
import time
from typing import Any, Literal

import msgspec

from edge_agent.simulate.beckhoff import BusCoupler
from edge_agent.simulate.control import Command, Refused, Say
from edge_agent.simulate.coupler import Coupler
from edge_agent.simulate.crevis import Adapter
from edge_agent.simulate.icpdas import RelayUnit
from edge_agent.simulate.io_pdu import Module, Wires
from edge_agent.simulate.modbus_server import ModbusServer, Reply
from edge_agent.simulate.relay_commands import (
    CutPower,
    HalfOpen,
    Ignore,
    Input,
    Lie,
    Mend,
    PressStop,
    ReleaseStop,
    RestorePower,
    Resume,
    Status,
    Stick,
    Unweld,
    Weld,
)
from edge_agent.simulate.waveshare import Board

Why = Literal["write", "watchdog", "power"]


class Wiring(msgspec.Struct, frozen=True, kw_only=True):
    """How many channels there are and what hangs on them; `mirrors` maps input to coil."""

    outputs: int = 8
    inputs: int = 8
    mirrors: dict[int, int] = msgspec.field(default_factory=lambda: {0: 0})
    stop_input: int = 1
    contact_s: float = 0.02
    module: str = "wago"
    refuse_reads: bool = False
    broken_dog: bool = False
    stubborn: bool = False
    rest_on: bool = False
    second_s: float = 1.0


MODULES = ("wago", "bk9000", "na9189", "et7060", "waveshare")


def _module(wires: Wires, how: Wiring) -> Module:
    match how.module:
        case "bk9000":
            return BusCoupler(wires, broken_dog=how.broken_dog)
        case "na9189":
            return Adapter(wires, broken_dog=how.broken_dog, stubborn=how.stubborn)
        case "et7060":
            return RelayUnit(wires, broken_dog=how.broken_dog, rest_on=how.rest_on, second_s=how.second_s)
        case "waveshare":
            return Board(wires)
        case _:
            return Coupler(wires, refuse_reads=how.refuse_reads)


class Relay:
    """The module as a Player (control.py)."""

    commands = (
        PressStop
        | ReleaseStop
        | Weld
        | Unweld
        | Stick
        | Lie
        | Mend
        | Input
        | Ignore
        | Resume
        | HalfOpen
        | CutPower
        | RestorePower
        | Status
    )

    def __init__(self, wiring: Wiring, *, host: str, port: int) -> None:
        """Without power until `start`."""
        self._wiring = wiring
        self._address = (host, port)
        self._coils = [False] * wiring.outputs
        self._believed = [False] * wiring.outputs
        self._contacts = [False] * wiring.inputs
        self._contacts[wiring.stop_input] = True
        self._welded: set[int] = set()
        self._stuck: set[int] = set()
        self._lying: set[int] = set()
        self._alarm: asyncio.TimerHandle | None = None
        self._ignoring = False
        self._powered = False

    async def start(self, say: Say) -> int:
        """Power on and listen."""
        self._say = say
        self._loop = asyncio.get_running_loop()
        self._server = ModbusServer(self._answer, lambda what, peer: say(connection=what, peer=peer))
        await self._restore()
        return self._address[1]

    async def stop(self) -> None:
        """Close every socket."""
        await self._server.deafen()

    async def obey(self, command: Command) -> dict[str, Any]:
        """Do one command (see the top of this file)."""
        match command:
            case CutPower():
                await self._cut()
            case RestorePower():
                await self._restore()
            case Ignore() | Resume():
                self._ignoring = isinstance(command, Ignore)
            case HalfOpen():
                self._server.forget()
            case Status():
                state = self._module.watchdog.word
                return {"coils": self._coils, "contacts": self._contacts, "watchdog": state}
            case _:
                self._touch(command)
        return {}

    def _touch(self, command: Command) -> None:
        """What hands and wear do to the wiring."""
        match command:
            case PressStop() | ReleaseStop():
                self._contact(self._wiring.stop_input, closed=isinstance(command, ReleaseStop))
            case Weld(coil=coil):
                self._welded.add(self._existing(coil))
            case Unweld(coil=coil):
                self._welded.discard(self._existing(coil))
                self._follow(coil)
            case Stick(coil=coil):
                self._stuck.add(self._existing(coil))
            case Lie(coil=coil):
                self._lying.add(self._existing(coil))
            case Mend(coil=coil):
                self._stuck.discard(self._existing(coil))
                self._lying.discard(coil)
            case Input():
                self._contact(command.input, closed=command.closed)

    async def _cut(self) -> None:
        self._powered = False
        for coil in range(len(self._coils)):
            self._switch(coil, on=False, why="power")
        self._say(power=False)
        self._set_alarm(None)
        await self._server.deafen()

    async def _restore(self) -> None:
        if self._powered:
            raise Refused("the module has power already")
        wires = Wires(self._contacts, self._believed, lambda coil, on: self._switch(coil, on=on, why="write"))
        self._module = _module(wires, self._wiring)
        host, port = self._address
        self._address = (host, await self._server.listen(host, port))
        self._powered = True
        self._say(power=True)

    def _answer(self, _unit: int, pdu: bytes) -> Reply:
        if self._ignoring:
            return Reply()
        now_s, watchdog = time.monotonic(), self._module.watchdog
        self._look(now_s)
        before = watchdog.word
        answer = self._module.answer(pdu, now_s)
        if watchdog.word != before:
            self._say(watchdog=watchdog.word)
        self._set_alarm(watchdog.expires_at_s)
        return Reply(pdu=answer)

    def _set_alarm(self, due_s: float | None) -> None:
        """Look at the watchdog again when it is due."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None if due_s is None else self._loop.call_at(due_s, self._wake)

    def _wake(self) -> None:
        self._look(time.monotonic())
        self._set_alarm(self._module.watchdog.expires_at_s)

    def _look(self, now_s: float) -> None:
        if not self._module.watchdog.look(now_s):
            return
        for coil in range(len(self._coils)):
            self._switch(coil, on=self._module.rests(coil), why="watchdog")
        self._say(watchdog="expired")
        if self._module.watchdog.closes_sockets:
            self._server.drop_all()

    def _switch(self, coil: int, *, on: bool, why: Why) -> None:
        if coil not in self._stuck or why == "power":
            self._believed[coil] = on
        held = why != "power" and (coil in self._stuck or coil in self._lying)
        if held or self._coils[coil] == on:
            return
        self._coils[coil] = on
        self._say(coil=coil, on=on, why=why)
        self._loop.call_later(self._wiring.contact_s, self._follow, coil)

    def _follow(self, coil: int) -> None:
        """The contactor has moved: its mirror contacts show what the coil is now, unless it is welded."""
        if coil in self._welded:
            return
        for contact in (contact for contact, of in self._wiring.mirrors.items() if of == coil):
            self._contact(contact, closed=self._coils[coil])

    def _contact(self, contact: int, *, closed: bool) -> None:
        if not 0 <= contact < len(self._contacts):
            raise Refused(f"there is no input {contact}; they are 0..{len(self._contacts) - 1}")
        if self._contacts[contact] != closed:
            self._contacts[contact] = closed
            self._say(contact=contact, closed=closed)

    def _existing(self, coil: int) -> int:
        if not 0 <= coil < len(self._coils):
            raise Refused(f"there is no coil {coil}; they are 0..{len(self._coils) - 1}")
        return coil


def _pair(text: str) -> tuple[int, int]:
    contact, coil = text.split(":")
    return int(contact), int(coil)


def options(parser: argparse.ArgumentParser) -> None:
    """What may be said on the command line."""
    parser.add_argument("--outputs", type=int, default=8)
    parser.add_argument("--inputs", type=int, default=8)
    parser.add_argument("--mirror", type=_pair, action="append", metavar="INPUT:COIL")
    parser.add_argument("--stop-input", type=int, default=1)
    parser.add_argument("--contact-ms", type=float, default=20.0)
    parser.add_argument("--module", choices=MODULES, default="wago")
    for flag in ("--refuse-reads", "--broken-dog", "--stubborn", "--rest-on"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--second-s", type=float, default=1.0)


def build(args: argparse.Namespace) -> Relay:
    """The module that the command line asks for."""
    wiring = Wiring(
        outputs=args.outputs,
        inputs=args.inputs,
        mirrors=dict(args.mirror or [(0, 0)]),
        stop_input=args.stop_input,
        contact_s=args.contact_ms / 1000,
        module=args.module,
        refuse_reads=args.refuse_reads,
        broken_dog=args.broken_dog,
        stubborn=args.stubborn,
        rest_on=args.rest_on,
        second_s=args.second_s,
    )
    if not all(coil < args.outputs and contact < args.inputs for contact, coil in wiring.mirrors.items()):
        raise ValueError(f"--mirror {wiring.mirrors}: there are {args.inputs} inputs and {args.outputs} outputs")
    return Relay(wiring, host=args.host, port=args.port)
