"""The demo's site on the booted machine, with a second camera and films; and its people (tests/system/site.py)."""

import re
import secrets
import shutil
from pathlib import Path
from typing import Any

import msgspec

from edge_agent.tell.live import Live
from tests.boot.field import CAMERAS, Field
from tests.boot.machine import Machine
from tests.soak.watching import SECOND
from tests.system.site import until
from tests.system.test_work_is_filmed import FilmedSite

DEMO = Path(__file__).parents[2] / "zones" / "demo-tank"
FOLDERS = (
    '[folders]\nstate = "/var/lib/edge-agent"\nruntime = "/run/edge-agent"\nweb = "/var/lib/edge-agent-web"\n'
)
FILMS = '\n[recording]\nkey_file = "films.key"\nquota_gb = 1.0\nclips_gb = 1.0\nreserve_gb = 0.5\n'
FETCH = '\n[fetch]\nhosts = ["{}"]\nplain = true\nmost_kbit_s = 1000000\n'
ETC = Path("etc/edge-agent")


def equip(box: Machine, store: str) -> None:
    """Another site in place of the one that was there, and no records; it may fetch from the host `store`."""
    box.does(
        "systemctl stop edge-agent.target edge-agent edge-agent-web; "
        "for f in /etc/edge-agent /var/lib/edge-agent /var/lib/edge-agent-web; do "
        "test ! -d $f || find $f -mindepth 1 -delete; done"
    )
    text = (DEMO / "site.toml").read_text("utf-8")
    text = re.sub(r"(?ms)^\[folders\].*?\n\n", FOLDERS + "\n", text)
    # Its number counts as warm-up for 30 s after every start of the agent: here it stands elsewhere.
    text = re.sub(r'(\[gas\.gas-o2\][^\[]*?area = )"tank-inside"', r'\1"yard"', text)
    text += SECOND.format(port=CAMERAS["cam-2"]).replace("localhost", "127.0.0.1") + FILMS
    text += FETCH.format(store)
    for name in ("areas.toml", "persons.toml", "demo-centre.key"):
        shutil.copyfile(DEMO / name, box.root / ETC / name)
    (box.root / ETC / "site.toml").write_text(text, "utf-8")
    (box.root / ETC / "films.key").write_text(secrets.token_hex(32), "ascii")
    box.does("chown edge-agent: /etc/edge-agent/*; chmod 640 /etc/edge-agent/*; chmod 600 /etc/edge-agent/*.key")
    box.does("edge-agent check /etc/edge-agent && systemctl start edge-agent.target")


class Runs:
    """The agent, as tests ask for it."""

    def __init__(self, box: Machine) -> None:
        self._box = box

    def check(self) -> None:
        """BootError if it does not run."""
        self._box.does("systemctl is-active edge-agent")


class Booted:
    """What a Stage is to tests, of a machine: nobody looks into the agent."""

    def __init__(self, box: Machine, field: Field) -> None:
        self.subscriber, self.relay, self.gateway = field.subscriber, field.relay, field.gateway
        self.site = box.root / ETC
        self.agent = Runs(box)
        self._box = box

    @property
    def state_folder(self) -> Path:
        """Wherever it lies: on the box's disk, or on another one."""
        return self._box.var / "lib/edge-agent"

    @property
    def runtime_folder(self) -> Path:
        """It lies in memory: of this boot."""
        return self._box.inside / "run/edge-agent"

    @property
    def socket(self) -> Path:
        """Where people's requests are filed."""
        return self.runtime_folder / "requests.sock"

    def live(self) -> Live:
        """The live picture as it stands; of an agent that has just started, its first one."""
        path = self.runtime_folder / "live.json"
        until(path.exists, "the agent writes its live picture", 60.0)
        return msgspec.json.decode(path.read_bytes(), type=Live)


def people_of(box: Machine, field: Field) -> FilmedSite:
    """Those who work there: what they do is on film."""
    stage: Any = Booted(box, field)
    return FilmedSite(stage)
