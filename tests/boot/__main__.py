"""The package in a booted Debian: installed without a network, guarding, killed, frozen, upgraded, removed.

`make boots` builds the package and runs this (root; six minutes; STEPS="installs guards" runs these alone). Each
step says what it saw and how long it took; the first that fails ends it with 1.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.boot.machine import BootError, Machine
from tests.boot.versions import bundle, key_file

SITE = """
edge-agent init /etc/edge-agent --id plant-7 --unit edge-1 --zh 七号装置 --en 'Plant 7' --lat 30.8 --lon 121.3
runuser -u edge-agent -- edge-agent check /etc/edge-agent
systemctl start edge-agent.target
"""
ACTIVE = "systemctl is-active edge-agent || true"
CHOSEN = "readlink -f /opt/edge-agent/current"
MAIN = "systemctl show -p MainPID --value edge-agent"


def installs(box: Machine) -> str:
    """Without a network, and nothing starts before there is a site."""
    box.does("cd /root && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends ./*.deb")
    assert box.does("systemctl is-enabled edge-agent.target") == "enabled"
    (box.root / "etc" / "edge-agent-release" / "maker.pem").write_bytes(key_file())
    assert box.does(ACTIVE) == "inactive"
    return box.does("edge-agent --help | head -1")


def guards(box: Machine) -> str:
    """The agent says READY, and the pages answer: each as its own user, and neither is root."""
    box.does(SITE)
    box.until(ACTIVE, "active")
    box.until("curl -sk -o /dev/null -w '%{http_code}' https://127.0.0.1:8443/", "200")
    assert box.does("ps -o user= -p $(systemctl show -p MainPID --value edge-agent-web)") == "edge-web"
    box.until("test -s /run/edge-agent/live.json && echo there", "there")
    return box.does(f"ps -o user= -p $({MAIN})")


def keeps_apart(box: Machine) -> str:
    """What is secret in the agent's folder is not the pages' to read, and the settings are nobody's to write."""
    box.does("test $(stat -c %a /var/lib/edge-agent/unit-key.pem) = 600")
    box.does("runuser -u edge-web -- test -r /var/lib/edge-agent/agent.sqlite")
    box.does("! runuser -u edge-web -- test -r /var/lib/edge-agent/unit-key.pem")
    box.does("! runuser -u edge-web -- test -w /etc/edge-agent/site.toml")
    return box.does("ls -A /var/lib/edge-agent | tr '\\n' ' '")


def calculates_for_its_pages(box: Machine) -> str:
    """What the pages have calculated of the past can be read by their own user."""
    box.does(
        "runuser -u edge-web -- edge-agent day /etc/edge-agent --as csv || test $? = 65"
    )  # nothing counted yet
    return box.does("runuser -u edge-web -- edge-agent verify /etc/edge-agent | head -1")


def is_started_anew(box: Machine) -> str:
    """A frozen agent is found by systemd's watchdog, which its own steps feed."""
    before = box.does(MAIN)
    box.does(f"kill -STOP {before}")
    took_s = box.until(f"test $({MAIN}) != {before} && {ACTIVE}", "active")
    return f"guards again after {took_s:.0f} s"


def stays_down(box: Machine) -> str:
    """A crash loop ends latched: outputs off, the box says so, and only a person starts it again."""
    for _ in range(5):
        dead = box.does(MAIN)
        box.does(f"test {dead} = 0 || kill -9 {dead}")  # kill -9 0 would be our own end
        box.until(f"test $({MAIN}) = {dead} || case $({ACTIVE}) in active|failed) echo settled;; esac", "settled")
    box.until(ACTIVE, "failed")
    box.until("systemctl is-active edge-agent-down || true", "active")
    box.until("journalctl -b -u edge-agent-down | grep -c 'does not guard' | sed 's/[1-9].*/said/'", "said")
    box.does("systemctl reset-failed edge-agent; systemctl start edge-agent")
    box.until(ACTIVE, "active")
    box.until("systemctl is-active edge-agent-down || true", "inactive")
    return "latched, said aloud, started again by hand"


def says_wrong_settings_at_once(box: Machine) -> str:
    """Settings that are refused are not tried five times."""
    box.does("echo nonsense >>/etc/edge-agent/site.toml; systemctl restart edge-agent", check=False)
    took_s = box.until(ACTIVE, "failed")
    box.until("systemctl is-active edge-agent-down || true", "active")
    box.does(
        "sed -i '$d' /etc/edge-agent/site.toml; systemctl reset-failed edge-agent; systemctl start edge-agent"
    )
    box.until(ACTIVE, "active")
    return f"down after {took_s:.0f} s, and mended"


def takes_an_update(box: Machine) -> str:
    """A signed version is tried out and kept; one whose brain stands is gone back from, by itself."""
    said = box.does("edge-agent update /etc/edge-agent /root/edge-agent-0.98.0.tar")
    assert "0.98.0 passed" in said, said
    assert box.does(CHOSEN) == "/opt/edge-agent/versions/0.98.0"
    assert box.does(f"tr '\\0' '\\n' </proc/$({MAIN})/environ | grep -c versions/0.98.0") != "0"
    began_s = time.monotonic()
    said = box.does("edge-agent update --limit 90 /etc/edge-agent /root/edge-agent-0.99.0.tar || test $? = 69")
    assert "0.99.0 rolled_back" in said, said
    took_s = time.monotonic() - began_s
    assert box.does(CHOSEN) == "/opt/edge-agent/versions/0.98.0"
    box.until(ACTIVE, "active")
    records = box.does("runuser -u edge-agent -- edge-agent verify /etc/edge-agent | tail -1")
    return f"0.98.0 kept, 0.99.0 gone back from after {took_s:.0f} s; {records}"


def refuses_updates(box: Machine) -> str:
    """An older version, a stranger's seal, a changed byte: nobody is disturbed."""
    before = box.does(MAIN)
    box.does("edge-agent update /etc/edge-agent /root/edge-agent-0.97.0.tar || test $? = 65")
    box.does(
        "mv /etc/edge-agent-release/maker.pem /root; trap 'mv /root/maker.pem /etc/edge-agent-release' EXIT; "
        "edge-agent update /etc/edge-agent /root/edge-agent-0.99.0.tar || test $? = 65"
    )
    box.does(
        "cp /root/edge-agent-0.99.0.tar /root/x.tar; printf x | dd of=/root/x.tar bs=1 seek=9000000 conv=notrunc; "
        "edge-agent update /etc/edge-agent /root/x.tar || test $? = 65; rm /root/x.tar"
    )
    assert box.does(MAIN) == before
    return "older, unknown key, changed byte"


def loses_its_judge(box: Machine) -> str:
    """Whoever tries a version out is killed: the box goes back by itself. And at a boot a trial has not passed."""
    box.does(
        "edge-agent update /etc/edge-agent /root/edge-agent-0.99.0.tar >/dev/null 2>&1 & "
        "until test -L /opt/edge-agent/before; do sleep 0.1; done; "
        "systemctl kill -s KILL edge-agent-update-by-hand; wait || true"
    )
    box.until(
        f"{CHOSEN}; test -L /opt/edge-agent/before || echo settled", "/opt/edge-agent/versions/0.98.0\nsettled"
    )
    box.until(ACTIVE, "active")
    box.does(
        "ln -s versions/0.98.0 /opt/edge-agent/before; ln -sfT versions/0.99.0 /opt/edge-agent/current; "
        "systemctl start edge-agent-settle"
    )
    assert box.does(CHOSEN) == "/opt/edge-agent/versions/0.98.0"
    return box.does("edge-agent update /etc/edge-agent | head -1")


def is_upgraded(box: Machine) -> str:
    """The same package once more: records and site stay, and it guards again."""
    before = box.does("stat -c %i /var/lib/edge-agent/unit-key.pem")
    box.does("cd /root && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --reinstall ./*.deb")
    box.until(ACTIVE, "active")
    assert box.does("stat -c %i /var/lib/edge-agent/unit-key.pem") == before
    assert box.does("test -e /opt/edge-agent/current || echo none") == "none", "the package counts"
    return box.does("runuser -u edge-agent -- edge-agent verify /etc/edge-agent | tail -1")


def is_removed(box: Machine) -> str:
    """Purged, and the records of the work are still there."""
    box.does("DEBIAN_FRONTEND=noninteractive apt-get -qq purge -y edge-agent")
    box.does("! test -e /usr/lib/edge-agent/edge_agent; ! systemctl is-active -q edge-agent-web")
    return box.does("ls /etc/edge-agent /var/lib/edge-agent/agent.sqlite | tr '\\n' ' '")


STEPS: tuple[Callable[[Machine], str], ...] = (
    *(
        installs,
        guards,
        keeps_apart,
        calculates_for_its_pages,
        is_started_anew,
        stays_down,
        says_wrong_settings_at_once,
    ),
    *(takes_an_update, refuses_updates, loses_its_judge, is_upgraded, is_removed),
)


def main() -> int:
    """Run every step in one machine."""
    package = Path(sys.argv[1])
    with Machine() as box:
        (box.root / "root" / package.name).write_bytes(package.read_bytes())
        for version in ("0.97.0", "0.98.0", "0.99.0"):
            bundle(package, version, box.root / "root", stands=version == "0.99.0")
        for step in (one for one in STEPS if not sys.argv[2:] or one.__name__ in sys.argv[2:]):
            began_s = time.monotonic()
            try:
                said = step(box)
            except (BootError, AssertionError) as fault:
                sys.stderr.write(
                    f"boots: {step.__name__} FAILED: {fault}\n{box.does('journalctl -b -n 60', check=False)}\n"
                )
                return 1
            sys.stdout.write(f"boots: {step.__name__} ({time.monotonic() - began_s:.0f} s): {said}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
