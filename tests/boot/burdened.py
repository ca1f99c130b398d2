"""Steps: what the guarding box takes of its machine, and that others who take it all do not make it late."""

import itertools
import json
import os
import re
import time

from edge_agent.domain.permit import State
from edge_agent.ops.demo.job import PERMISSIVE
from edge_agent.sense.camera.child import NICE
from tests.boot.field import Field
from tests.boot.guarded import at_work
from tests.boot.machine import Machine
from tests.system.site import Site

MOST_PSS_MB = 700.0
SERVICES = ("edge-agent.service", "edge-agent-web.service")


def stays_within_its_memory(box: Machine, _: Field) -> str:
    """All programs of the box with two cameras, each unit by the kernel's proportional share."""
    found = {unit: sum(_programs(box, unit).values()) for unit in SERVICES}
    programs = ", ".join(f"{name} {mb:.0f}" for name, mb in _programs(box, SERVICES[0]).items())
    assert sum(found.values()) <= MOST_PSS_MB, found
    units = ", ".join(f"{unit.removesuffix('.service')} {mb:.0f} MB" for unit, mb in found.items())
    return f"{sum(found.values()):.0f} MB PSS of {MOST_PSS_MB:.0f}: {units} ({programs})"


def _programs(box: Machine, unit: str) -> dict[str, float]:
    """MB of each program of a unit."""
    said = box.does(
        f"group=$(systemctl show -p ControlGroup --value {unit}); "
        "for p in $(cat /sys/fs/cgroup/systemd$group/cgroup.procs); do "
        "tr '\\0' ' ' </proc/$p/cmdline; echo; grep ^Pss: /proc/$p/smaps_rollup; done"
    )
    found: dict[str, float] = {}
    for command, kb in re.findall(r"(.*)\nPss:\s+(\d+) kB", said):
        name = re.sub(r".*-m (\S+).*", r"\1", command).rpartition(".")[2].strip()
        number = sum(key.partition(" ")[0] == name for key in found)
        found[name if not number else f"{name} {number + 1}"] = int(kb) / 1024
    return found


def keeps_its_time_while_vision_burns(box: Machine, _: Field) -> str:
    """Beside busy programs as nice as vision, in its unit and in others: no step late, nobody paused."""
    site = box.work
    at_work(site)
    mark = site.stage.relay.mark()
    quiet = _apart_ms(site, 8.0)
    spin = "python3 -c 'while True: pass'"
    box.does(
        f"for n in 1 2 3 4; do (cat /proc/self/stat | cut -d' ' -f1 >/dev/null; "
        f"echo $BASHPID >/sys/fs/cgroup/systemd/system.slice/edge-agent.service/cgroup.procs; exec nice -n {NICE} "
        f"runuser -u edge-agent -- {spin}) >/dev/null 2>&1 & done; "
        f"for n in 1 2; do systemd-run --quiet --unit=edge-burns-$n {spin}; done"
    )
    try:
        busy = _apart_ms(site, 15.0)
    finally:
        box.does("systemctl stop 'edge-burns-*'; pkill -u edge-agent -f 'while True: pass'; true")
    site.until_state(State.ACTIVE)
    assert not [line for line in site.stage.relay.lines[mark:] if line.get("coil") == PERMISSIVE], "no switching"
    return f"steps apart: {quiet} quiet, {busy} beside six busy programs on {os.cpu_count()} cores; work went on"


def _apart_ms(site: Site, for_s: float) -> str:
    """How far the brain's steps were apart meanwhile, by its journal: 200 where nothing is urgent."""
    began_utc = time.time()
    time.sleep(for_s + 2.5)  # its lines are on the disk 2 s later
    newest = max((site.stage.state_folder / "journal").glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
    steps = [
        json.loads(line)["instant"] for line in newest.read_text("utf-8").splitlines()[1:] if line.endswith("}")
    ]
    at_s = [one["now_s"] for one in steps if began_utc <= one["utc"] <= began_utc + for_s]
    apart = sorted(1000 * (after - before) for before, after in itertools.pairwise(at_s))
    return f"p50 {apart[len(apart) // 2]:.0f} p99 {apart[int(len(apart) * 0.99)]:.0f} worst {apart[-1]:.0f} ms"
