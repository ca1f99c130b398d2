"""`edge-agent support-bundle`: what is known of the box in one zip. It reads, and changes nothing."""

import json
import os
import platform
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import apsw
import msgspec

from edge_agent.clock import boot_id
from edge_agent.domain.words import Words, same
from edge_agent.ops import disk_use, integrity
from edge_agent.ops.commands.common import clock_of
from edge_agent.ops.doctor.command import doctor
from edge_agent.ops.folders import DATABASE, JOURNAL
from edge_agent.ops.support import hidden
from edge_agent.settings.site import Settings
from edge_agent.store import journal
from edge_agent.store.errors import StoreError
from edge_agent.store.reader import Reader
from edge_agent.tell.live import Live
from edge_agent.tell.live_file import read_live

EX_CANTCREAT = 73  # sysexits.h
EVENTS = 500
LOG_LINES = 5000
WITHIN_S = 20.0
UNITS = ("edge-agent", "edge-agent-web", "edge-agent-down")


def support(settings: Settings, into: Path, root: Path) -> int:
    """Write the file. Everything goes through one sweep on its way in."""
    sweep = hidden.Sweep([*hidden.words(settings), *_people(settings)])
    half = into.with_name(f".{into.name}.part")
    try:
        with (
            os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw,
            zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file,
        ):
            names = []
            for name, text in _parts(settings, root):
                file.writestr(name, sweep.clean(text))
                names.append(name)
        half.replace(into)
    except OSError as fault:
        half.unlink(missing_ok=True)
        return _said(EX_CANTCREAT, same(f"{into}: {fault.strerror}"))
    sys.stdout.write(
        f"{into}：{', '.join(names)}\n  不含密钥、密码、人员姓名和画面；发出前仍请自己看一遍\n"
        "  no secret, no name and no picture is in it; look through it all the same before it is sent\n"
    )
    return 0


def _parts(settings: Settings, root: Path) -> Iterator[tuple[str, str]]:
    """Each file of it. One that cannot be made says why instead."""
    made: dict[str, Any] = {
        "about.json": lambda: _json(_about(settings)),
        "settings.json": lambda: _json(_settings(settings)),
        "doctor.json": lambda: _json(msgspec.to_builtins(_looked(settings, root))),
        "disk.json": lambda: _json(_disk(settings)),
        "live.json": lambda: _json(_live(read_live(settings.runtime_folder))),
        "events.json": lambda: _json(_events(settings)),
        "records.json": lambda: _json(_records(settings)),
        "units.txt": lambda: _run("systemctl", "status", "--no-pager", "--lines=0", *UNITS),
        "log.txt": lambda: _run(
            "journalctl", "--no-pager", "-o", "short-iso", "-n", str(LOG_LINES), *(f"--unit={u}" for u in UNITS)
        ),
    }
    for name, make in made.items():
        try:
            yield name, make()
        except (OSError, StoreError, msgspec.MsgspecError, ValueError, subprocess.SubprocessError) as fault:
            yield name, _json({"not_made": f"{type(fault).__name__}: {fault}"})


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"


def _about(settings: Settings) -> dict[str, Any]:
    model = Path("/proc/device-tree/model")
    return {
        "program": version("edge-agent"),
        "settings": settings.digest,
        "rulebook": [settings.rulebook.name, settings.rulebook.version],
        "demo": settings.demo,
        "made_utc": time.time(),
        "boot": boot_id(),
        "up_s": time.monotonic(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "board": model.read_text("utf-8").rstrip("\0") if model.is_file() else "",
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", ""),
        "sqlite": apsw.sqlite_lib_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "memory": Path("/proc/meminfo").read_text("ascii").splitlines()[:3],
    }


def _settings(settings: Settings) -> dict[str, Any]:
    """site.toml as it is meant, without secrets; of people only how many there are in each role."""
    roles: dict[str, int] = {}
    for person in settings.persons:
        for role in person.roles:
            roles[role.value] = roles.get(role.value, 0) + 1
    return {
        "site": hidden.told(msgspec.to_builtins(settings.site)),
        "areas": msgspec.to_builtins(settings.areas),
        "people_by_role": roles,
        "devices": [{"id": one.id, "kind": one.kind.value, "period_s": one.period_s} for one in settings.devices],
    }


def _looked(settings: Settings, root: Path) -> Any:
    return doctor(settings, root, clock_of(settings))


def _disk(settings: Settings) -> Any:
    return msgspec.to_builtins(disk_use.measured(settings, time.time(), boot_id()).now)


def _live(live: Live | None) -> Any:
    """What stands, and how the sources are; nobody's place, no picture."""
    if live is None:
        return {"live": None}
    return {
        "at_utc": live.at_utc,
        "clock_trusted": live.clock_trusted,
        "uplink_ok": live.uplink_ok,
        "waiting": live.waiting,
        "permits": [{"state": one.state} for one in live.permits],
        "alarms": [{"code": one.code, "priority": one.priority, "state": one.state} for one in live.alarms],
        "gas": [{"id": g.id, "gas": g.gas, "quality": g.quality, "age_s": g.age_s} for g in live.gas],
        "cameras": [{"id": one.id, "view": one.view, "age_s": one.age_s} for one in live.cameras],
        "wearables_heard": sum(one.heard for one in live.wearables),
        "wearables": len(live.wearables),
    }


def _events(settings: Settings) -> Any:
    """Which happened when. What they say is about people and stays."""
    with Reader.open(settings.state_folder / DATABASE) as reader:
        newest = reader.recent(EVENTS)
    return [
        {"seq": one.seq, "type": one.type, "priority": int(one.priority), "at_utc": one.at_utc}
        | {key: one.data[key] for key in ("rule", "code", "effect") if key in one.data}
        for one in newest
    ]


def _records(settings: Settings) -> Any:
    with Reader.open(settings.state_folder / DATABASE) as reader:
        rows, _ = reader.end()
        waiting = reader.waiting()
    looked = integrity.looked(settings.state_folder / integrity.NAME)
    segments = journal.segments(settings.state_folder / JOURNAL)
    return {
        "rows": rows,
        "waiting": waiting,
        "full_look": msgspec.to_builtins(looked),
        "set_aside": sorted(one.name for one in settings.state_folder.glob("*.corrupt-*")),
        "journal_segments": len(segments),
    }


def _people(settings: Settings) -> list[str]:
    """Those who came by message are in the records alone."""
    found = []
    try:
        with Reader.open(settings.state_folder / DATABASE) as reader:
            found = [*hidden.of_people(reader.persons())]
    except StoreError:
        return found
    return found


def _run(*command: str) -> str:
    """What a program of the system says; "" where there is none."""
    program = shutil.which(command[0])
    if program is None:
        return f"{command[0]}: not here\n"
    done = subprocess.run(  # noqa: S603 (the system's own)
        [program, *command[1:]], capture_output=True, text=True, errors="replace", timeout=WITHIN_S, check=False
    )
    return done.stdout + done.stderr


def _said(code: int, words: Words) -> int:
    sys.stderr.write(f"{words.zh}\n{words.en}\n")
    return code
