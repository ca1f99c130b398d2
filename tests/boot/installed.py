"""Steps: the package is installed without a network by the technician's guide as typed, and goes again."""

import re
from pathlib import Path

from tests.boot.field import Field
from tests.boot.machine import BootError, Machine
from tests.boot.versions import key_file

GUIDE = Path(__file__).parents[2] / "docs" / "technician.md"
ACTIVE = "systemctl is-active edge-agent || true"
MAIN = "systemctl show -p MainPID --value edge-agent"
# What a block prints that did not do what it is there for.
WENT_WRONG = re.compile(
    r"command not found|No such file|Traceback|usage:|处错误|Permission denied|Failed to", re.IGNORECASE
)
# What a block says that types this.
SAYS = {"edge-agent check": "设置无误", "edge-agent probe": "cn10_single_gas"}
QUIETLY = "DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0"


def blocks() -> list[str]:
    """What the guide has typed, block by block."""
    return re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)


def follows_the_guide(box: Machine, field: Field) -> str:
    """Each block of docs/technician.md, in the stick's folder, as root: the last of them starts the box."""
    field.of_the_guide()
    shown = []
    for block in blocks():
        typed = block.replace("--seconds 60", "--seconds 3")  # nobody has gas here
        said = box.does(f"cd /root\n{typed}", check=False, exits=False)
        missing = [one for command, one in SAYS.items() if command in block and one not in said]
        if missing or WENT_WRONG.search(said):
            raise BootError(f"docs/technician.md:\n{block}\n-> without {missing}\n{said}")
        shown.append(said)
    assert all(any(command in block for block in blocks()) for command in SAYS), "the guide types them all"
    assert shown[-1].startswith("active\nactive\n"), shown[-1]
    told = shown[-1].splitlines()[-1]
    return f"{len(shown)} blocks; {told.partition(': ')[2] or told}"


def guards(box: Machine, _: Field) -> str:
    """The agent says READY, and the pages answer: each as its own user, and neither is root."""
    box.until(ACTIVE, "active")
    box.until("curl -sk -o /dev/null -w '%{http_code}' https://127.0.0.1:8443/", "200")
    assert box.does("ps -o user= -p $(systemctl show -p MainPID --value edge-agent-web)") == "edge-web"
    box.until("test -s /run/edge-agent/live.json && echo there", "there")
    assert box.does("systemctl is-enabled edge-agent.target") == "enabled"
    (box.root / "etc" / "edge-agent-release" / "maker.pem").write_bytes(key_file())
    return box.does(f"ps -o user= -p $({MAIN})")


def is_installed_anew(box: Machine, _: Field) -> str:
    """The same package once more: records and site stay, it guards again, and the package counts."""
    before = box.does("stat -c %i /var/lib/edge-agent/unit-key.pem")
    box.does(f"cd /root && {QUIETLY} install -y --reinstall ./edge-agent_*.deb")
    box.until(ACTIVE, "active")
    assert box.does("stat -c %i /var/lib/edge-agent/unit-key.pem") == before
    assert box.does("test -e /opt/edge-agent/current || echo none") == "none", "the package counts"
    return box.does("runuser -u edge-agent -- edge-agent verify /etc/edge-agent | tail -1")


def refuses_an_older_package(box: Machine, _: Field) -> str:
    """What wrote the records may have written what an older one cannot read; the box guards on meanwhile."""
    before = box.does(MAIN)
    said = box.does("dpkg -i /root/older/*.deb 2>&1 || echo refused")
    assert said.endswith("refused"), said
    assert "older" in said, said
    assert box.does(MAIN) == before
    assert box.does("dpkg -s edge-agent | grep ^Status") == "Status: install ok installed"
    return next(line for line in said.splitlines() if "older" in line)


LEFT = (
    "for p in /etc/edge-agent /etc/edge-agent-release /var/lib/edge-agent /var/lib/edge-agent-web /opt/edge-agent \
    /usr/lib/edge-agent /run/edge-agent; do test ! -e $p || echo $p; done"
)


def is_removed(box: Machine, _: Field) -> str:
    """Nothing runs, the program is gone; site, records and keys are there, as the guide says."""
    box.does(f"{QUIETLY} remove -y edge-agent")
    left = box.does(LEFT).split()
    kept = ["/etc/edge-agent", "/etc/edge-agent-release", "/var/lib/edge-agent", "/var/lib/edge-agent-web"]
    assert left == kept, left
    box.does("test -s /var/lib/edge-agent/agent.sqlite; test -s /var/lib/edge-agent/unit-key.pem")
    units = "systemctl list-units --plain --no-legend --state=active,activating,failed 'edge-agent*'"
    assert not box.does(f"{units}; pgrep -a python3 || true")
    return "kept: " + " ".join(kept)


def is_purged(box: Machine, _: Field) -> str:
    """Nothing of it is left but its two users, whose numbers nobody else is to get."""
    box.does(f"{QUIETLY} purge -y edge-agent")
    left = box.does(f"{LEFT}; find / -xdev -iname '*edge-agent*' -not -path '/proc/*' -not -path '/root/*'")
    assert not left, left
    return "left: the users " + box.does("getent passwd | grep -o '^edge-[a-z]*' | tr '\\n' ' '")
