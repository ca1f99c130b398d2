"""Steps: what becomes of a box that fails, as systemd sees it; and how well its units are fenced in."""

import re
import time
from pathlib import Path

from tests.boot.field import Field
from tests.boot.installed import ACTIVE, MAIN
from tests.boot.machine import Machine

DOWN = "systemctl is-active edge-agent-down || true"
UNITS = (
    "edge-agent",
    "edge-agent-web",
    "edge-agent-down",
    "edge-agent-settle",
    "edge-agent-update",
    "edge-agent-backup",
)
DEATHS = 6  # StartLimitBurst starts after them, and one that is refused
MOST = 2.0  # of systemd-analyze's exposure, 0 to 10


def keeps_apart(box: Machine, _: Field) -> str:
    """What is secret in the agent's folder is not the pages' to read, and the settings are nobody's to write."""
    box.does("test $(stat -c %a /var/lib/edge-agent/unit-key.pem) = 600")
    box.does("runuser -u edge-web -- test -r /var/lib/edge-agent/agent.sqlite")
    box.does("! runuser -u edge-web -- test -r /var/lib/edge-agent/unit-key.pem")
    box.does("! runuser -u edge-web -- test -w /etc/edge-agent/site.toml")
    return box.does("ls -A /var/lib/edge-agent | tr '\\n' ' '")


def calculates_for_its_pages(box: Machine, _: Field) -> str:
    """What the pages have calculated of the past can be read by their own user."""
    box.does(
        "runuser -u edge-web -- edge-agent day /etc/edge-agent --as csv || test $? = 65"
    )  # nothing counted yet
    return box.does("runuser -u edge-web -- edge-agent verify /etc/edge-agent | head -1")


def is_fenced_in(box: Machine, _: Field) -> str:
    """systemd's own judgement of each unit as it is installed here; the agent has no capability at all."""
    said = {}
    for unit in UNITS:
        text = box.does(f"systemd-analyze security --offline=true --threshold=20 {unit}.service | tail -1")
        said[unit] = float(re.search(r": ([0-9.]+) ", text)[1])  # type: ignore[index]
    assert all(one <= MOST for one in said.values()), said
    caps = box.does(f"sed -n 's/^CapEff:\\s*//p' /proc/$({MAIN})/status")
    assert int(caps, 16) == 0, caps
    return ", ".join(f"{unit} {one}" for unit, one in said.items())


def keeps_its_journal_small(box: Machine, _: Field) -> str:
    """The limits of systemd/journald.conf are those that journald itself says it keeps."""
    said = box.does("journalctl -b -u systemd-journald -o cat | grep -E '^System Journal'")
    assert "max 200.0M" in said, said
    table = box.does("systemd-analyze cat-config systemd/journald.conf | grep -E '^[A-Z]'")
    assert "MaxRetentionSec=1month" in table
    return said.splitlines()[-1]


def is_started_anew(box: Machine, _: Field) -> str:
    """A frozen agent is found by systemd's watchdog, which its own steps feed."""
    before = box.does(MAIN)
    box.does(f"kill -STOP {before}")
    took_s = box.until(f"test $({MAIN}) != {before} && {ACTIVE}", "active")
    return f"guards again after {took_s:.0f} s"


def stays_down(box: Machine, _: Field) -> str:
    """A crash loop ends latched: outputs off, the box says so, and only a person starts it again."""
    box.does("systemctl reset-failed edge-agent")  # the starts of other steps count too
    deaths = 0
    while box.does(ACTIVE) != "failed":
        dead = box.does(MAIN)
        assert deaths < DEATHS, f"up after {deaths} deaths"
        box.does(f"kill -9 {dead}")
        deaths += 1
        box.until(f"test $({MAIN}) = {dead} || case $({ACTIVE}) in active|failed) echo settled;; esac", "settled")
    assert deaths == DEATHS, deaths
    box.until(DOWN, "active")
    box.until("journalctl -b -u edge-agent-down | grep -c 'does not guard' | sed 's/[1-9].*/said/'", "said")
    box.does("systemctl reset-failed edge-agent; systemctl start edge-agent")
    box.until(ACTIVE, "active")
    box.until(DOWN, "inactive")
    return f"latched by {deaths} deaths, said aloud, started again by hand"


def says_wrong_settings_at_once(box: Machine, _: Field) -> str:
    """Settings that are refused are not tried five times."""
    began_s = time.monotonic()
    box.does("echo nonsense >>/etc/edge-agent/site.toml; systemctl restart edge-agent", check=False)
    box.until(ACTIVE, "failed")
    took_s = time.monotonic() - began_s
    assert box.does("systemctl show -p ExecMainStatus --value edge-agent") == "78"
    assert box.does("systemctl show -p NRestarts --value edge-agent") == "0", "started once"
    box.until(DOWN, "active")
    box.does(
        "sed -i '$d' /etc/edge-agent/site.toml; systemctl reset-failed edge-agent; systemctl start edge-agent"
    )
    box.until(ACTIVE, "active")
    return f"down after {took_s:.0f} s, and mended"


# What a board has, by its kernel's numbers, and the group that Debian gives it.
DEVICES = {"ttyS9": ("4 73", "dialout"), "video9": ("81 9", "video"), "gpiochip9": ("", "gpio")}
# None of these devices is really there: who gets as far as the kernel is told so.
OPENS = """python3 -c '
import errno, os, sys
try: os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK); print("reached")
except OSError as fault: print("refused" if fault.errno in (errno.EACCES, errno.EPERM) else "reached")
' /dev/"""


def reaches_its_devices(box: Machine, _: Field) -> str:
    """Serial lines, cameras and the board's own lines, by the groups of the agent's process; the pages none."""
    gpio = re.search(r"(?m)^\s*(\d+) gpiochip$", Path("/proc/devices").read_text("ascii"))
    said = []
    for name, (numbers, group) in DEVICES.items():
        made = numbers or (f"{gpio[1]} 9" if gpio else "240 9")
        box.does(f"mknod -m 660 /dev/{name} c {made}; chgrp {group} /dev/{name}")
        gid = box.does(f"getent group {group} | cut -d: -f3")
        groups = box.does(f"sed -n 's/^Groups:\\s*//p' /proc/$({MAIN})/status").split()
        assert gid in groups, (group, groups)
        run = "setpriv --reuid {0} --regid {0} --groups {1} "
        assert box.does(run.format("edge-agent", ",".join(groups)) + OPENS + name) == "reached", name
        assert box.does(run.format("edge-web", "edge-agent") + OPENS + name) == "refused", name
        said.append(f"{name} by {group}")
    return ", ".join(said)
