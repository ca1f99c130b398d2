"""Steps: work is guarded on the booted machine, and nothing that happens to the box lets it go on unguarded."""

import hashlib
import itertools
import json
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from edge_agent.domain.permit import State
from edge_agent.ops.demo.job import PERMISSIVE
from edge_agent.sense.camera.child import NICE
from edge_agent.tell.live import Live
from tests.boot.equipped import equip, people_of
from tests.boot.field import Field
from tests.boot.installed import ACTIVE, MAIN
from tests.boot.machine import Machine
from tests.boot.people import ALL_PINS, Phone
from tests.system.site import Site, until
from tests.system.test_records_are_damaged import of_a_page

MOST_PSS_MB = 700.0
COLD_S = 15.0
DAMAGED_S = 30.0
SERVICES = ("edge-agent.service", "edge-agent-web.service")


def all_heard(live: Live, *good: str) -> bool:
    """Every source is heard and `good` (or "good"), every camera is judged, every output is read back."""
    qualities = [*(one.quality for one in live.gas), *(one.quality for one in live.wind)]
    return (
        all(one in {"good", *good} for one in qualities)
        and all(one.view == "clear" for one in live.cameras)
        and all(one.feedback_closed is one.wanted_on for one in live.outputs if one.feedback_closed is not None)
        and bool(live.uplink_ok)
    )


def works_begin(box: Machine, field: Field) -> str:
    """The demo's site with two cameras: a ticket, a guard, a test, a start; the tools have power."""
    field.of_the_demo()
    equip(box)
    site = people_of(box, field)
    heard_s = _heard(site)
    site.begin_work()
    box.work = site
    return f"all heard after {heard_s:.0f} s; {site.permit} is active, the permissive is on"


def _heard(site: Site, *good: str) -> float:
    """Seconds until every source of the box is heard."""
    began_s = time.monotonic()
    until(lambda: all_heard(site.stage.live(), *good), "every source is heard, both cameras are judged", 90.0)
    return time.monotonic() - began_s


def at_work(site: Site) -> None:
    """They work; whoever was stopped by another step resumes."""
    permit = site.live()
    if permit is not None and permit.state == State.PAUSED.value:
        site.resume("wang-lei", "li-na")
    site.until_state(State.ACTIVE)


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


def takes_other_areas(box: Machine, _: Field) -> str:
    """Saved on the page: to systemd a reload and no end, its watchdog is quiet, the work is still there."""
    site, file = box.work, box.root / "etc/edge-agent/areas.toml"
    old = file.read_text("utf-8")
    change = {
        "file": "areas.toml",
        "text": old.replace('en = "Yard"', 'en = "The yard"'),
        "before": hashlib.sha256(old.encode()).hexdigest(),
    }
    at_work(site)
    phone = Phone(box)
    phone.log_in("he-xin")
    asked = {
        "ask": "settings",
        "permit": "",
        "settings": change,
        "reason": "as people call it",
        "person": "he-xin",
        "pin": ALL_PINS["he-xin"],
    }
    answer = phone.files(**asked)
    assert not answer["accepted"], answer
    assert site.permit in str(answer["reasons"]), answer
    site.must("stop", "li-na")
    before = box.does(f"{MAIN}; systemctl show -p NRestarts --value edge-agent")
    box.does(
        "systemd-run --quiet --unit=edge-looks bash -c 'while sleep 0.02; do "
        "systemctl show -p ActiveState --value edge-agent; done | stdbuf -oL uniq >/run/states'"
    )
    answer = phone.files(**asked)
    assert answer["accepted"], answer
    began_s = time.monotonic()
    until(lambda: file.read_text("utf-8") == change["text"], "the file is another")
    until(lambda: _reloaded(box), "systemd has seen it reload and run again", 60.0)
    took_s = time.monotonic() - began_s
    box.does("systemctl stop edge-looks")
    assert box.does(f"{MAIN}; systemctl show -p NRestarts --value edge-agent") == before, (
        "the same process, no restart"
    )
    site.until_state(State.PAUSED)
    site.resume("wang-lei", "li-na")
    return (
        f"refused at work; then active, reloading, active in {took_s:.1f} s; {site.permit} stayed, and was resumed"
    )


def _reloaded(box: Machine) -> bool:
    return box.does("cat /run/states").split()[-3:] == ["active", "reloading", "active"]


def loses_its_power(box: Machine, field: Field) -> str:
    """Cut in the middle of work: the relay falls by itself; booted, all is heard, and people may resume."""
    site = box.work
    at_work(site)
    mark = field.relay.mark()
    box.cut_power()
    site.coil(mark, on=False)
    began_s = time.monotonic()
    box.boot()
    booted_s = time.monotonic() - began_s
    box.until(ACTIVE, "active")
    up_s = time.monotonic() - began_s
    _heard(site, "warmup")
    heard_s = time.monotonic() - began_s
    site.until_state(State.PAUSED)
    assert site.energised_since(mark) == []
    site.resume("wang-lei", "li-na")
    resumed_s = time.monotonic() - began_s
    _heard(site)
    warm_s = time.monotonic() - began_s
    said = f"booted {booted_s:.1f} s, agent up {up_s:.1f}, all sources heard {heard_s:.1f} (wanted {COLD_S:.0f})"
    return f"{said}, resumed by two people {resumed_s:.1f}, the last detector warm {warm_s:.1f}"


def finds_its_records_damaged(box: Machine, _: Field) -> str:
    """A page is lost while it is off: moved aside, told, paused, and it guards again."""
    site = box.work
    at_work(site)
    before = site.last_seq()
    box.does("systemctl stop edge-agent")
    of_a_page(site.stage.state_folder / "agent.sqlite")
    began_s = time.monotonic()
    box.does("systemctl start edge-agent")
    took_s = time.monotonic() - began_s
    site.until_state(State.PAUSED)
    paused_s = time.monotonic() - began_s
    kept = site.kept()
    assert [event.type for event in kept[:2]] == ["records.lost", "unit.started"]
    assert kept[0].seq > before
    assert took_s < DAMAGED_S, took_s
    site.resume("wang-lei", "li-na")
    return f"ready after {took_s:.1f} s, permit shown paused after {paused_s:.1f} s (wanted {DAMAGED_S:.0f} s)"


WRITTEN = ("var", "etc/edge-agent")  # the data partition of a site that replaces the whole image


def guards_on_a_disk_that_is_read_only(box: Machine, _: Field) -> str:
    """Booted with a root that nobody can write, /var and the settings on another disk; then as before."""
    site, data = box.work, Path(tempfile.mkdtemp(prefix="edge-data-"))
    box.power_off()
    for one in WRITTEN:
        (data / one).parent.mkdir(exist_ok=True)
        (box.root / one).rename(data / one)
        (box.root / one).mkdir()
    box.var = data / "var"
    try:
        box.boot("--read-only", "--tmpfs=/tmp", *(f"--bind={data / one}:/{one}" for one in WRITTEN))
        box.does("! touch /usr/lib/edge-agent/x 2>/dev/null; ! touch /etc/x 2>/dev/null")
        box.until(ACTIVE, "active")
        _heard(site)
        site.until_state(State.PAUSED)
        site.resume("wang-lei", "li-na")
        box.power_off()
    finally:
        for one in WRITTEN:
            (box.root / one).rmdir()
            (data / one).rename(box.root / one)
        shutil.rmtree(data)
        box.var = box.root / "var"
    box.boot()
    _heard(site)
    site.resume("wang-lei", "li-na")
    return "every source heard, and resumed on it"


def work_ends(box: Machine, _: Field) -> str:
    """The permit is withdrawn, everybody is out, and the fire watch lasts until it is over."""
    site, before = box.work, box.work.last_seq()
    site.end_work()
    began_s = time.monotonic()
    until(
        lambda: any(one.type == "permit.fire_watch_over" and one.seq > before for one in site.kept()),
        "the fire watch is over",
        300.0,
    )
    return f"{site.permit}; its fire watch took {time.monotonic() - began_s:.0f} s"
