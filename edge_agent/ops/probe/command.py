"""`edge-agent probe`: look at one detector, learn which profile fits it, or scan a bus."""

import argparse
import sys
import time
from pathlib import Path

import msgspec

from edge_agent.domain.words import NOTHING, Words
from edge_agent.field.modbus import Link, ModbusError, bus_link
from edge_agent.ops.camera_words import say
from edge_agent.ops.probe.asking import Asker
from edge_agent.ops.probe.beside import held_by
from edge_agent.ops.probe.learn import learn, measures, suggestion, told
from edge_agent.ops.probe.look import COMPARE, EXPOSE, look
from edge_agent.ops.probe.place import Place, place
from edge_agent.ops.probe.scan import scan, span
from edge_agent.ops.probe.shown import probed
from edge_agent.sense import profile as gas_profile
from edge_agent.sense import profile_file
from edge_agent.sense.profile_fit import fitted
from edge_agent.settings.site_sensors import GasTable, GaugeTable
from edge_agent.tell.live_setup import Probed

EX_UNAVAILABLE = 69  # sysexits.h
EX_USAGE = 64
LEAST_PERIOD_S = 1.0
NO_UNIT = Words("请用 --unit 给出地址，或用 --scan 查找", "give its address by --unit, or find it by --scan")
NO_CHANNEL = Words("此类设备有多个通道：请用 --channel", "this family has several channels: name one by --channel")
NOBODY = Words(
    "没有设备应答：请检查接线、波特率、校验和地址", "nobody answers: see to wiring, speed, parity and address"
)


def run(args: argparse.Namespace, root: Path) -> int:
    """Do what was asked; raises WordsError and BadSettings."""
    where = place(args, root)
    if args.json:
        return _as_json(where, args, root)
    if not args.scan and where.table is None:
        say(NO_UNIT)
        return EX_USAGE
    link = bus_link(where.bus, None)
    try:
        return _scan(link, args, root) if args.scan else _one(link, where, args, root)
    except ModbusError as fault:
        say(fault.words)
        return EX_UNAVAILABLE
    finally:
        link.close()


def _as_json(where: Place, args: argparse.Namespace, root: Path) -> int:
    """One look for the pages: whatever becomes of it is told in words."""
    held = NOTHING if args.beside is None else held_by(args.beside, root, where.bus)
    if held or where.table is None:
        told_of = Probed(failed=held or NO_UNIT)
    else:
        link = bus_link(where.bus, None)
        try:
            told_of = probed(link, where.table, root)
        finally:
            link.close()
    sys.stdout.write(msgspec.json.encode(told_of).decode() + "\n")
    return EX_UNAVAILABLE if told_of.failed else 0


def _scan(link: Link, args: argparse.Namespace, root: Path) -> int:
    found = 0
    for unit in scan(link, span(args.units)):
        found += 1
        say(Words(f"地址 {unit}：", f"unit {unit}:"))
        fits = learn(Asker(link=link, unit_id=unit), root, args.channel)
        for words in told([one for one in fits if one.fits]):
            say(words, 1)
        say(suggestion(fits), 1)
        say(measures(fits), 1)
    if not found:
        say(NOBODY)
    return 0 if found else EX_UNAVAILABLE


def _one(link: Link, where: Place, args: argparse.Namespace, root: Path) -> int:
    assert where.table is not None  # noqa: S101 (run has asked)
    table = where.table
    if not table.profile:
        fits = learn(Asker(link=link, unit_id=table.unit_id or 0), root, args.channel)
        for words in told(fits):
            say(words)
        say(measures(fits))
        say(suggestion(fits))
        return 0
    shape = profile_file.load(root, table.profile)
    if shape.channels is not None and table.channel is None:
        say(NO_CHANNEL)
        return EX_USAGE
    say(shape.title)
    _watch(link, fitted(shape, table), table, args.seconds)
    say(COMPARE if isinstance(table, GaugeTable) else EXPOSE)
    return 0


def _watch(link: Link, shape: gas_profile.GasProfile, table: GasTable | GaugeTable, seconds: float) -> None:
    """Look once, or again and again at the profile's poll gap."""
    until_s = time.monotonic() + seconds
    while True:
        for words in look(Asker(link=link, unit_id=table.unit_id or 0), shape, table):
            say(words)
        if time.monotonic() >= until_s:
            return
        time.sleep(max(shape.min_poll_s, LEAST_PERIOD_S))
