"""Where to look: a bus and one detector on it, from an address or from a site."""

import argparse
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.words import Words, WordsError
from edge_agent.ops.probe.arguments import site_folder
from edge_agent.settings.load import load
from edge_agent.settings.site_lines import BusTable
from edge_agent.settings.site_sensors import GasTable, GaugeTable

MODBUS_PORT = 502
NOWHERE = Words(
    "应为 主机[:端口]、rtu-tcp://主机:端口、/dev/串口 或站点文件夹",
    "should be HOST[:PORT], rtu-tcp://HOST:PORT, a serial port /dev/... or a site's folder",
)
NOT_MODBUS = Words(
    "此检测仪不在 Modbus 总线上：请用 edge-agent doctor",
    "this detector is on no Modbus bus: edge-agent doctor looks at it",
)
NAME = Words("被探查的检测仪", "the detector looked at")


class Place(Struct, frozen=True, kw_only=True):
    """One detector or gauge on one bus; `profile` and `gas` empty where nobody said."""

    bus: BusTable
    table: GasTable | GaugeTable | None  # None: no unit was named


def place(args: argparse.Namespace, root: Path) -> Place:
    """What was named; raises WordsError, and BadSettings for a faulty site."""
    folder = site_folder(args.where)
    if folder is not None:
        return _in_site(args, folder, root)
    bus = _bus(args)
    return Place(bus=bus, table=None if args.unit is None else _table(args))


def _in_site(args: argparse.Namespace, folder: Path, root: Path) -> Place:
    site = load(folder, root).site
    there: dict[str, GasTable | GaugeTable] = {**site.gas, **site.gauges}
    if args.device is None or args.device not in there:
        known = ", ".join(sorted(there)) or "-"
        raise WordsError(
            Words(
                f"请用 --device 指明检测仪（有：{known}）", f"name the detector by --device (there are: {known})"
            )
        )
    table = there[args.device]
    if table.bus not in site.buses:
        raise WordsError(NOT_MODBUS)
    chosen = {"profile": args.profile, "channel": args.channel, "range": args.range}
    if isinstance(table, GasTable):
        chosen["gas"] = args.gas
    bus = site.buses[table.bus]
    return Place(
        bus=bus if table.timeout_s is None else replace(bus, timeout_s=table.timeout_s),
        table=replace(table, **{key: value for key, value in chosen.items() if value is not None}),
    )


def _table(args: argparse.Namespace) -> GasTable:
    return GasTable(
        name=NAME,
        bus="probe",
        unit_id=args.unit,
        profile=args.profile or "",
        gas=args.gas or "",
        area="probe",
        channel=args.channel,
        range=args.range,
        unit=args.in_unit,
    )


def _bus(args: argparse.Namespace) -> BusTable:
    where = args.where
    if where.startswith("/dev/"):
        return BusTable(
            kind="modbus_rtu",
            device=where,
            baud=args.baud,
            parity=args.parity,
            stop_bits=args.stop_bits,
            timeout_s=args.timeout,
        )
    address = urlsplit(where if "://" in where else f"tcp://{where}")
    try:
        port = address.port or MODBUS_PORT
    except ValueError:
        raise WordsError(NOWHERE) from None
    if address.scheme not in {"tcp", "rtu-tcp"} or not address.hostname:
        raise WordsError(NOWHERE)
    kind = "modbus_tcp" if address.scheme == "tcp" else "modbus_rtu_tcp"
    return BusTable(kind=kind, host=address.hostname, port=port, timeout_s=args.timeout)  # type: ignore[arg-type]
