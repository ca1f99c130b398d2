"""`relay`: a WAGO 750-362 coupler with relay outputs and digital inputs, and what hangs on them.

Options: `--host --port --outputs 8 --inputs 8 --mirror 0:0` (input:coil, repeatable), `--stop-input 1`,
`--contact-ms 20`, `--refuse-reads` (after a watchdog expiry reads of process data are refused too, as the
older manuals have it).

On the wire (manual: bit access): FC05/FC15 write outputs at 0x0000 and at 0x0200; **FC01 and FC02 read the
inputs at 0x0000 and the outputs at 0x0200**; registers by FC03/FC04/FC06/FC16, watchdog 0x1000..0x100A and
its behaviour in `wago.py`.
Inputs: a mirror contact follows its coil's contactor; the stop button is normally closed (1).

Commands (`cmd` and its fields, every one may carry `id`):
- `press_stop`, `release_stop`
- `weld`: `coil` = 0; the contactor keeps its place whatever the coil does. `unweld`: `coil` = 0
- `input`: `input`, `closed`: set a spare input
- `ignore`: requests are no longer read (connections stay open, the watchdog runs on); `resume`
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

from edge_agent.simulate.control import Command, Refused, Say
from edge_agent.simulate.coupler import Coupler
from edge_agent.simulate.modbus_server import ModbusServer, Reply
from edge_agent.simulate.relay_commands import (
    CutPower,
    Ignore,
    Input,
    PressStop,
    ReleaseStop,
    RestorePower,
    Resume,
    Status,
    Unweld,
    Weld,
)

Why = Literal["write", "watchdog", "power"]


class Wiring(msgspec.Struct, frozen=True, kw_only=True):
    """How many channels there are and what hangs on them; `mirrors` maps input to coil."""

    outputs: int = 8
    inputs: int = 8
    mirrors: dict[int, int] = msgspec.field(default_factory=lambda: {0: 0})
    stop_input: int = 1
    contact_s: float = 0.02
    refuse_reads: bool = False


class Relay:
    """The coupler as a Player (control.py)."""

    commands = PressStop | ReleaseStop | Weld | Unweld | Input | Ignore | Resume | CutPower | RestorePower | Status

    def __init__(self, wiring: Wiring, *, host: str, port: int) -> None:
        """Without power until `start`."""
        self._wiring = wiring
        self._address = (host, port)
        self._coils = [False] * wiring.outputs
        self._contacts = [False] * wiring.inputs
        self._contacts[wiring.stop_input] = True
        self._welded: set[int] = set()
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
            case Status():
                state = self._coupler.watchdog.state.name.lower()
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
            case Input():
                self._contact(command.input, closed=command.closed)

    async def _cut(self) -> None:
        self._powered = False
        self._fall("power")
        self._say(power=False)
        self._set_alarm(None)
        await self._server.deafen()

    async def _restore(self) -> None:
        if self._powered:
            raise Refused("the coupler has power already")
        self._coupler = Coupler(
            self._contacts,
            self._coils,
            lambda coil, on: self._switch(coil, on=on, why="write"),
            refuse_reads=self._wiring.refuse_reads,
        )
        host, port = self._address
        self._address = (host, await self._server.listen(host, port))
        self._powered = True
        self._say(power=True)

    def _answer(self, _unit: int, pdu: bytes) -> Reply:
        if self._ignoring:
            return Reply()
        now_s, watchdog = time.monotonic(), self._coupler.watchdog
        self._look(now_s)
        before = watchdog.state
        answer = self._coupler.answer(pdu, now_s)
        if watchdog.state is not before:
            self._say(watchdog=watchdog.state.name.lower())
        self._set_alarm(watchdog.expires_at_s)
        return Reply(pdu=answer)

    def _set_alarm(self, due_s: float | None) -> None:
        """Look at the watchdog again when it is due."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None if due_s is None else self._loop.call_at(due_s, self._wake)

    def _wake(self) -> None:
        self._look(time.monotonic())
        self._set_alarm(self._coupler.watchdog.expires_at_s)

    def _look(self, now_s: float) -> None:
        if not self._coupler.watchdog.look(now_s):
            return
        self._fall("watchdog")
        self._say(watchdog="expired")
        if self._coupler.watchdog.closes_sockets:
            self._server.drop_all()

    def _fall(self, why: Why) -> None:
        for coil in range(len(self._coils)):
            self._switch(coil, on=False, why=why)

    def _switch(self, coil: int, *, on: bool, why: Why) -> None:
        if self._coils[coil] == on:
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
    parser.add_argument("--refuse-reads", action="store_true")


def build(args: argparse.Namespace) -> Relay:
    """The coupler that the command line asks for."""
    wiring = Wiring(
        outputs=args.outputs,
        inputs=args.inputs,
        mirrors=dict(args.mirror or [(0, 0)]),
        stop_input=args.stop_input,
        contact_s=args.contact_ms / 1000,
        refuse_reads=args.refuse_reads,
    )
    if not all(coil < args.outputs and contact < args.inputs for contact, coil in wiring.mirrors.items()):
        raise ValueError(f"--mirror {wiring.mirrors}: there are {args.inputs} inputs and {args.outputs} outputs")
    return Relay(wiring, host=args.host, port=args.port)
