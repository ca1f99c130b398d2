"""`edge-agent doctor SITE`: looks at everything at once, tells the lowest fault first, and ends by its worst."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from edge_agent.clock import Clock
from edge_agent.domain.words import Words
from edge_agent.ops import checking
from edge_agent.ops.commands.common import clock_of
from edge_agent.ops.doctor import (
    box,
    buses,
    cameras,
    certificates,
    disk_options,
    host,
    judges,
    machine,
    modem,
    network,
    records,
    relays,
    running,
    sensors,
    standby,
    timekeeping,
    versions,
    wearables,
)
from edge_agent.ops.doctor.finding import Finding, Layer, Standing, fault, unseen
from edge_agent.settings.fault import Fault
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from edge_agent.settings.site_lines import FIELD_BROKER
from edge_agent.settings.site_sensors import SensorTable, WeatherTable

log = logging.getLogger(__name__)

EX_CONFIG = 78
EX_FAULTS = 69  # sysexits.h EX_UNAVAILABLE
EX_UNSEEN = 75  # EX_TEMPFAIL: no fault was found, but not everything could be looked at
WITHIN_S = 9.0  # of the ten that a technician waits on a ladder; the rest is for starting and telling

MARKS = {Standing.FAULT: "✗", Standing.UNSEEN: "?", Standing.FINE: "✓"}
ORDER = (Standing.FAULT, Standing.UNSEEN, Standing.FINE)
LATE = Words("检查未能按时结束", "the look did not end in time")

Look = Callable[[], Iterable[Finding]]


def doctor(settings: Settings, root: Path, clock: Clock) -> list[Finding]:
    """Everything that there is to say, the lowest fault first."""
    return ordered(at_once(looks(settings, root, clock)))


def looks(settings: Settings, root: Path, clock: Clock) -> dict[str, Look]:
    """What is looked at, by name; each by itself, so that one that hangs holds up nobody."""
    found = _machine(settings, root, clock) | _ways(settings, root, clock)
    site = settings.site
    if running.runs(settings):
        found["agent"] = partial(running.look, settings)
        return found
    tables: list[SensorTable | WeatherTable] = [*site.gas.values(), *site.gauges.values(), *site.weather.values()]
    named = {one.bus for one in tables}
    if FIELD_BROKER in named:
        found["sensors"] = partial(sensors.over_mqtt, settings, root, clock)
    if site.short_messages is not None:
        found[modem.PART] = partial(modem.modem_look, site.short_messages)
    for name in site.opcua:
        found[f"opcua.{name}"] = partial(sensors.on_server, settings, name, root, clock)
    for name in site.buses:
        found[f"buses.{name}"] = partial(buses.look, settings, name, root)
    for name, table in site.relays.items():
        looks_at = relays.look if table.bus is None else relays.heard
        found[f"relays.{name}"] = partial(looks_at, settings, name, root)
    for name in site.cameras:
        found[f"cameras.{name}"] = partial(cameras.look, settings, name)
    if site.cameras:
        found[judges.PART] = partial(judges.look, settings, root)
    return found


def _machine(settings: Settings, root: Path, clock: Clock) -> dict[str, Look]:
    """The box itself, from its plug up."""
    return {
        "power": machine.power_look,
        "heat": machine.heat_look,
        "wear": machine.wear_look,
        "disk": partial(machine.disk_look, settings),
        "disk options": partial(disk_options.look, settings),
        timekeeping.PART: partial(timekeeping.look, settings, clock),
        network.PART: partial(network.look, settings),
        records.PART: partial(records.look, settings),
        versions.PART: partial(versions.look, settings, root),
        host.PART: partial(host.look, settings),
    }


def _ways(settings: Settings, root: Path, clock: Clock) -> dict[str, Look]:
    """What can be looked at beside a running agent: its brokers, recorders of the network."""
    site = settings.site
    found: dict[str, Look] = {
        "uplink": partial(box.uplink_look, settings, "uplink", site.uplink),
    }
    if site.backup is not None:
        found["backup"] = partial(standby.backup_look, settings, site.backup)
        if site.backup.send:
            found["backup.sent"] = partial(standby.arrived_look, settings)
    if site.power.ups != "none":
        found["power.ups"] = partial(standby.ups_look, settings)
    if site.second_uplink is not None:
        found["second_uplink"] = partial(box.uplink_look, settings, "second_uplink", site.second_uplink)
    if site.sparkplug is not None:
        found["sparkplug"] = partial(box.scada_look, settings, site.sparkplug)
    if site.upload is not None:
        found["upload"] = partial(box.upload_look, settings, site.upload)
    if certificates.named(settings):
        found[certificates.PART] = partial(certificates.look, settings, clock)
    if site.wearables:
        found[wearables.PART] = partial(wearables.look, settings, root, clock)
    for name in site.nvrs:
        found[f"nvrs.{name}"] = partial(cameras.recorder, settings, name, clock)
    return found


def at_once(looks: dict[str, Look], within_s: float = WITHIN_S) -> list[Finding]:
    """All looks side by side; one that is not done in time is told as not looked at, with what it had found."""
    found: dict[str, list[Finding]] = {name: [] for name in looks}
    workers = {
        name: threading.Thread(target=_fill, args=(name, look, found[name]), daemon=True)
        for name, look in looks.items()
    }
    until_s = time.monotonic() + within_s
    for worker in workers.values():
        worker.start()
    for worker in workers.values():
        worker.join(max(until_s - time.monotonic(), 0.0))
    told: list[Finding] = []
    for name, worker in workers.items():
        told += list(found[name])
        if worker.is_alive():
            told.append(unseen(name, "late", LATE))
    return told


def _fill(name: str, look: Look, found: list[Finding]) -> None:
    try:
        for finding in look():
            found.append(finding)  # noqa: PERF402 - what was found before a look hangs counts
    except Exception as error:
        # A look that breaks becomes a verdict: a part of which nothing is told would pass for fine.
        log.exception("the look at %s broke", name)
        kind = type(error).__name__
        says = Words(f"检查程序出错（{kind}）", f"the look itself broke: {kind}: {error}")
        found.append(unseen(name, "broke", says))


def ordered(found: Iterable[Finding]) -> list[Finding]:
    """Faults first, from the plug up: what lies lower explains what is missing above it."""
    return sorted(found, key=lambda one: (ORDER.index(one.standing), one.layer))


def exit_code(found: Iterable[Finding]) -> int:
    """0 only where everything was looked at and is fine."""
    standings = {one.standing for one in found}
    if Standing.FAULT in standings:
        return EX_FAULTS
    return EX_UNSEEN if Standing.UNSEEN in standings else 0


def told(found: list[Finding], lang: str) -> Iterator[str]:
    """The findings as lines, the worst first; `lang` is zh, en or both."""
    if not found:
        yield from _lines(MARKS[Standing.UNSEEN], NOTHING_TO_SEE, lang)
    for one in found:
        says = one.says
        if one.remedy:
            says = Words(f"{says.zh}；{one.remedy.zh}", f"{says.en}; {one.remedy.en}")
        yield from _lines(f"{MARKS[one.standing]} {one.part}:", says, lang)


NOTHING_TO_SEE = Words("本站没有登记任何现场设备", "this site has no device of the field entered")


def _lines(lead: str, says: Words, lang: str) -> Iterator[str]:
    if lang != "en":
        yield f"{lead} {says.zh}"
    if lang == "en":
        yield f"{lead} {says.en}"
    elif lang == "both":
        yield f"    {says.en}"


def run(folder: Path, root: Path, *, lang: str, as_json: bool) -> int:
    """Look, tell, and return the exit code. Settings with faults are told instead: nothing else can be known."""
    wrong = checking.faults(folder, root)
    if wrong:
        return _say([_of_settings(one) for one in wrong], EX_CONFIG, lang, as_json=as_json)
    settings = load(folder, root)
    clock = clock_of(settings)
    found = doctor(settings, root, clock)
    return _say(found, exit_code(found) if found else EX_UNSEEN, lang, as_json=as_json)


def _say(found: list[Finding], code: int, lang: str, *, as_json: bool) -> int:
    if as_json:
        plain = msgspec.json.encode({"exit": code, "findings": found})
        sys.stdout.write(msgspec.json.format(plain, indent=1).decode() + "\n")
        return code
    for line in told(found, lang):
        sys.stdout.write(line + "\n")
    return code


def _of_settings(wrong: Fault) -> Finding:
    part = f"{wrong.file}: {wrong.key}" if wrong.key else wrong.file
    return fault(part, Layer.SETTINGS, "settings", wrong.problem, wrong.remedy)
