"""Steps: what happens to a box at work (its power, records, a read-only disk) never lets it go on unguarded."""

import shutil
import tempfile
import time
from pathlib import Path

from edge_agent.domain.permit import State
from tests.boot.field import Field
from tests.boot.guarded import at_work, heard
from tests.boot.installed import ACTIVE
from tests.boot.machine import Machine
from tests.system.test_records_are_damaged import of_a_page

COLD_S = 15.0
DAMAGED_S = 30.0


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
    heard(site, "warmup")
    heard_s = time.monotonic() - began_s
    site.until_state(State.PAUSED)
    assert site.energised_since(mark) == []
    site.resume("wang-lei", "li-na")
    resumed_s = time.monotonic() - began_s
    heard(site)
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
        heard(site)
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
    heard(site)
    site.resume("wang-lei", "li-na")
    return "every source heard, and resumed on it"
