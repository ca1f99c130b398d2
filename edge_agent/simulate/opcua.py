"""`opcua`: an OPC UA server with one gas channel, as a PLC or a gas controller gives it.

After OPC 10000-4 (DataValue, status codes) and the node ids of a Siemens S7-1500 (ns=3, names in quotes): the data
block "GD101" with PV (Double), Unit (String), Alarm (Boolean), Status (Int16) and Life (UInt32), all written anew
every `--interval` seconds, each with a source time.

Options: `--host --port`, `--level 0.0`, `--interval 0.2`, `--user NAME:PASSWORD` (else everybody may come in),
`--certificate FILE --key FILE --trust FILE` (Basic256Sha256, sign and encrypt; only who shows `trust` comes in).

Commands (`cmd` and its fields, every one may carry `id`):
- `set`: `level`
- `fault`: `kind`: `frozen` (nothing is written any more), `frozen_time` (written with the time of now), `no_time`,
  `status` (`code`: the status code of PV), `text`, `nan` (PV is these), `unit` (`text`), `state` (`number`: the
  channel's own Status), `node_gone` (PV is deleted), `not_running` (the server says that it failed)
- `gone` (every connection ends, the port refuses) and `back`, as in a restart
- `heal` (a deleted node is made anew)
- `status`: answers `written`
"""

import argparse
import asyncio
import contextlib
import logging
import math
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from asyncua import Server, ua
from asyncua.crypto.permission_rules import User, UserRole
from cryptography import x509

from edge_agent.simulate.control import Command, Say

logging.getLogger("asyncua").setLevel(logging.CRITICAL)

Kind = Literal[
    "frozen", "frozen_time", "no_time", "status", "text", "nan", "unit", "state", "node_gone", "not_running"
]
NAMESPACES = ("urn:plc:di", "urn:plc:interface")  # so that ours is the third, as an S7-1500's


class Set(Command, frozen=True, kw_only=True, tag="set"):
    """The gas in front of the detector."""

    level: float


class Fault(Command, frozen=True, kw_only=True, tag="fault"):
    """Misbehave."""

    kind: Kind
    code: int = 0
    text: str = ""
    number: int = 0


class Gone(Command, frozen=True, kw_only=True, tag="gone"):
    """Switched off."""


class Back(Command, frozen=True, kw_only=True, tag="back"):
    """Switched on again."""


class Heal(Command, frozen=True, kw_only=True, tag="heal"):
    """As it should be."""


class Status(Command, frozen=True, kw_only=True, tag="status"):
    """Tell how often values were written."""


class Users:
    """Lets one user in, or everybody."""

    def __init__(self, known: str) -> None:
        """`known` is NAME:PASSWORD, or nothing."""
        self._known = known

    def get_user(self, _server: Any, username: Any = None, password: Any = None, certificate: Any = None) -> Any:  # noqa: ARG002
        """None is a refusal."""
        if not self._known or f"{username}:{password}" == self._known:
            return User(role=UserRole.User)
        return None


class Plc:
    """The server as a Player (control.py)."""

    commands = Set | Fault | Gone | Back | Heal | Status

    def __init__(self, args: argparse.Namespace) -> None:
        """Serves nothing before `start`."""
        self._args = args
        self._level = args.level
        self._fault: Fault | None = None
        self._since = datetime.now(UTC)
        self._life = 0
        self._nodes: dict[str, Any] = {}

    async def start(self, say: Say) -> int:
        """Serve; the port is free by then, or it was given."""
        del say
        args = self._args
        port = args.port or _free_port(args.host)
        self._server = server = Server(user_manager=Users(args.user))
        await server.init()
        server.set_endpoint(f"opc.tcp://{args.host}:{port}/")
        if args.certificate:
            await self._secure(server)
        else:
            server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        for name in NAMESPACES:
            self._index = await server.register_namespace(name)
        self._block = await server.nodes.objects.add_object(self._id(), "GD101")
        for name in self._values():
            await self._make(name)
        await self._write()
        await server.start()
        self._writing = asyncio.create_task(self._write_on())
        return port

    async def _secure(self, server: Server) -> None:
        args = self._args
        await server.set_application_uri(args.uri)
        await server.load_certificate(args.certificate.read_bytes(), "pem")
        await server.load_private_key(args.key.read_bytes(), format="pem")
        server.set_security_policy([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt])
        trusted = x509.load_pem_x509_certificate(args.trust.read_bytes())

        async def only(shown: x509.Certificate, _app: Any) -> None:
            if shown != trusted:
                raise ua.uaerrors.BadCertificateUntrusted

        server.set_certificate_validator(only)

    async def stop(self) -> None:
        """Close every session."""
        self._writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._writing
        await self._server.stop()

    async def obey(self, command: Any) -> dict[str, Any]:
        """Do one command (see the top of this file)."""
        match command:
            case Set():
                self._level = command.level
            case Fault():
                self._fault, self._since = command, datetime.now(UTC)
                if command.kind in ("node_gone", "text"):
                    await self._server.delete_nodes([self._nodes.pop("PV")])
                if command.kind == "text":  # a server refuses to write text into a number: it is another node now
                    await self._make("PV")
                if command.kind == "not_running":
                    await self._running(ua.ServerState.Failed)
            case Gone():
                await self._server.bserver.stop()
            case Back():
                await self._server.bserver.start()
            case Heal():
                await self._heal()
            case Status():
                return {"written": self._life}
        await self._write()
        return {}

    async def _heal(self) -> None:
        if self._fault is not None and self._fault.kind == "text":
            await self._server.delete_nodes([self._nodes.pop("PV")])
        self._fault = None
        await self._running(ua.ServerState.Running)
        if "PV" not in self._nodes:
            await self._make("PV")

    async def _make(self, name: str) -> None:
        self._nodes[name] = await self._block.add_variable(self._id(name), name, *self._values()[name])

    async def _running(self, state: Any) -> None:
        node = self._server.get_node(ua.NodeId(ua.ObjectIds.Server_ServerStatus_State))
        await self._server.write_attribute_value(
            node.nodeid, ua.DataValue(ua.Variant(state, ua.VariantType.Int32))
        )

    def _id(self, name: str = "") -> Any:
        return ua.NodeId('"GD101"' + (f'."{name}"' if name else ""), self._index)

    def _values(self) -> dict[str, tuple[Any, Any]]:
        """Each node's value and type now."""
        fault = self._fault
        kind = fault.kind if fault else ""
        level: tuple[Any, Any] = (float(self._level), ua.VariantType.Double)
        if kind == "nan":
            level = (math.nan, ua.VariantType.Double)
        if kind == "text":
            level = (f"{self._level}", ua.VariantType.String)
        return {
            "PV": level,
            "Unit": (fault.text if fault and kind == "unit" else "ppm", ua.VariantType.String),
            "Alarm": (False, ua.VariantType.Boolean),
            "Status": (fault.number if fault and kind == "state" else 0, ua.VariantType.Int16),
            "Life": (self._life, ua.VariantType.UInt32),
        }

    async def _write_on(self) -> None:
        while True:
            await asyncio.sleep(self._args.interval)
            await self._write()

    async def _write(self) -> None:
        fault = self._fault
        kind = fault.kind if fault else ""
        if kind == "frozen":
            return
        self._life += 1
        moment = {"frozen_time": self._since, "no_time": None}.get(kind, datetime.now(UTC))
        for name, (value, variant) in self._values().items():
            if name in self._nodes:
                code = ua.StatusCode(fault.code if fault and kind == "status" and name == "PV" else 0)
                told = ua.DataValue(ua.Variant(value, variant), code, moment, datetime.now(UTC))
                await self._server.write_attribute_value(self._nodes[name].nodeid, told)


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as probe:
        return int(probe.getsockname()[1])


def options(parser: argparse.ArgumentParser) -> None:
    """What may be said on the command line."""
    parser.add_argument("--level", type=float, default=0.0)
    parser.add_argument("--interval", type=float, default=0.2)
    parser.add_argument("--user", default="", metavar="NAME:PASSWORD")
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--trust", type=Path)
    parser.add_argument("--uri", default="urn:plc:server")


def build(args: argparse.Namespace) -> Plc:
    """The server that the command line asks for."""
    return Plc(args)
