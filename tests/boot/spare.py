"""Step on a second machine: upgraded from the release before, then a spare that takes the box's place."""

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from edge_agent.domain.permit import State
from edge_agent.ops.unit_key import read_key
from edge_agent.tell.signing import public_text
from tests.boot.equipped import people_of
from tests.boot.field import Field
from tests.boot.installed import ACTIVE, QUIETLY, is_purged
from tests.boot.machine import CACHE, Machine

# Nothing is released yet: an earlier state of the history, with other scripts of the package, under a number below
# this one. From the first release on this is that release's tag.
BEFORE, NUMBER = "14c5ced8", "0.0.9"
TREE = Path(__file__).parents[2]
RESTORED_S = 600.0
INIT = "edge-agent init /etc/edge-agent --id plant-7 --unit edge-1 --zh 七号 --en 'Plant 7' --lat 30.8 --lon 121.3"


def package_before(package: Path) -> Path:
    """The package of the release before, of the same kind of board; built once (a minute) from the history."""
    arch = package.stem.rpartition("_")[2]
    kept = CACHE / f"edge-agent_{NUMBER}_{arch}-{BEFORE}.deb"
    if kept.exists():
        return kept
    with tempfile.TemporaryDirectory(prefix="edge-before-") as name:
        tree = Path(name)
        held = subprocess.run(["git", "-C", str(TREE), "archive", BEFORE], check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", name], input=held, check=True)
        project = tree / "pyproject.toml"
        text = re.sub(r'(?m)^version = ".*"', f'version = "{NUMBER}"', project.read_text("utf-8"), count=1)
        project.write_text(text, "utf-8")
        shutil.copytree(TREE / "web_ui" / "built", tree / "web_ui" / "built")
        subprocess.run(["git", "init", "-q", name], check=True)  # it packs what is in no .gitignore
        command = [
            "env",
            f"PYTHON={TREE / '.venv/bin/python'}",
            "SOURCE_DATE_EPOCH=0",
            str(tree / "systemd/package/build"),
        ]
        built = subprocess.run([*command, arch, name], check=True, capture_output=True, text=True).stdout.strip()
        shutil.copyfile(built, kept.with_suffix(".new"))
    kept.with_suffix(".new").replace(kept)
    return kept


def takes_its_place(box: Machine, field: Field) -> str:
    """The box is retired by its last backup; the spare, upgraded and emptied first, goes on behind its number."""
    site = box.work
    site.begin_work()
    last = site.last_seq()
    mark = field.relay.mark()
    box.does("systemctl stop edge-agent.target edge-agent edge-agent-web")
    began_s = time.monotonic()
    box.does("runuser -u edge-agent -- edge-agent backup /etc/edge-agent --retire")
    retired_s = time.monotonic() - began_s
    box.does("systemctl start edge-agent", check=False)
    box.until(ACTIVE, "failed")
    box.does("systemctl stop edge-agent-down")
    (final,) = sorted((box.root / "mnt/backup").glob("*.edgebackup"))[-1:]
    with Machine() as spare:
        upgraded = _upgraded(box, spare, field)
        stick = spare.root / "root"
        for path in (final, box.root / "root/safe.key"):
            shutil.copyfile(path, stick / path.name)
        began_s = time.monotonic()
        spare.does(f"cd /root && {QUIETLY} install -y --no-install-recommends ./edge-agent_*.deb")
        restore = f"edge-agent restore /root/{final.name} /etc/edge-agent --key /root/safe.key"
        spare.does(f"{restore} || test $? = 64")  # whose it is says somebody who has compared the key
        key = public_text(read_key(box.var / "lib/edge-agent/unit-key.pem"))
        spare.does(f"{restore} --signed-by={key} --identity edge/demo-tank/edge-1")
        spare.does("edge-agent check /etc/edge-agent && systemctl start edge-agent.target")
        spare.until(ACTIVE, "active")
        site = people_of(spare, field)
        site.permit = box.work.permit
        site.until_state(State.PAUSED)
        restored_s = time.monotonic() - began_s
        assert site.energised_since(mark) == []
        begun = next(event for event in site.kept() if event.type == "records.restored")
        assert begun.seq > last
        spare.does("test $(stat -c %U /var/lib/edge-agent/unit-key.pem) = edge-agent")
        site.resume("wang-lei", "li-na")
        assert restored_s < RESTORED_S
        site.end_work()
        numbers = [event.seq for event in site.kept()]
        assert numbers == sorted(set(numbers)), "no number twice"
    told = f"retired in {retired_s:.0f} s, the spare guards {restored_s:.0f} s later, next number {begun.seq}"
    return f"{upgraded}; {told}"


def _upgraded(box: Machine, spare: Machine, field: Field) -> str:
    """From the release before to this one: site and records go on. And then it is emptied."""
    stick = spare.root / "root"
    for path in (*(box.root / "root").glob("edge-agent_*.deb"), *(box.root / "root/older").glob("*.deb")):
        (stick / path.parent.name).mkdir(exist_ok=True)
        shutil.copyfile(path, (stick if path.parent.name == "root" else stick / "older") / path.name)
    spare.does(
        f"{QUIETLY} install -y --no-install-recommends /root/older/*.deb; {INIT}; "
        "systemctl start edge-agent.target"
    )
    spare.until(ACTIVE, "active")
    spare.until("test -s /run/edge-agent/live.json && echo there", "there")
    before = spare.does("stat -c %i /var/lib/edge-agent/unit-key.pem; edge-agent verify /etc/edge-agent | tail -1")
    began_s = time.monotonic()
    spare.does(f"{QUIETLY} install -y --no-install-recommends /root/edge-agent_*.deb")
    spare.until(ACTIVE, "active")
    spare.until("test -s /run/edge-agent/live.json && echo there", "there")
    took_s = time.monotonic() - began_s
    assert spare.does("stat -c %i /var/lib/edge-agent/unit-key.pem") == before.splitlines()[0]
    said = spare.does("runuser -u edge-agent -- edge-agent verify /etc/edge-agent | tail -1")
    is_purged(spare, field)
    return f"upgraded from {NUMBER} in {took_s:.0f} s ({said})"
