"""Steps: work is guarded on the booted machine, from its start to its end, also while the settings change."""

import hashlib
import time

from edge_agent.domain.permit import State
from edge_agent.tell.live import Live
from tests.boot.equipped import equip, people_of
from tests.boot.field import Field
from tests.boot.installed import MAIN
from tests.boot.machine import Machine
from tests.boot.people import ALL_PINS, Phone
from tests.system.site import Site, until


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
    equip(box, field.store.host)
    site = people_of(box, field)
    heard_s = heard(site)
    site.begin_work()
    box.work = site
    return f"all heard after {heard_s:.0f} s; {site.permit} is active, the permissive is on"


def heard(site: Site, *good: str) -> float:
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
