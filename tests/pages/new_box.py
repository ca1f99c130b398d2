"""A box that was just installed and knows nothing: its programs, and a field around it over the real protocols."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from edge_agent.ops.demo.ports import picked_port
from edge_agent.ops.demo.stage import Broker, Process, wait_for_port
from edge_agent.ops.folders import DATABASE
from edge_agent.simulate.handle import Simulator
from edge_agent.store.reader import Reader
from tests.system.site import until

TAG = '[{"provider_id": "tag-guard", "x": 0.5, "y": 0.5, "roam_m": 1.0}]'


class Box:
    """The programs of a box that was just installed, and a field around it."""

    def __init__(self, folder: Path, ends: ExitStack) -> None:
        self.folder, self.site, self._ends = folder, folder / "site", ends
        self.ports = {name: picked_port(ends) for name in ("uplink", "field", "board", "enrol", "film")}
        for name, port in (("central", self.ports["uplink"]), ("field", self.ports["field"])):
            broker = Broker(f"{name}-broker", port, folder)
            ends.callback(broker.stop)
        self.gateway = self.played("gas-gateway", "--warmup", "0")
        self.relay = self.played("relay", "--mirror", "0:0", "--mirror", "2:1")
        self.wearables = self.played("wearables", "--port", str(self.ports["field"]), "--tags", TAG)
        self.camera = self.played(
            "camera", "--port", str(self.ports["film"]), "--path", "cam", "--synthetic", "20"
        )

    def played(self, kind: str, *options: str) -> Simulator:
        one = Simulator(kind, *options)
        self._ends.callback(one.stop)
        return one

    def installed(self) -> None:
        """What whoever installs the package does at the console: the first settings, then the units."""
        self.begun()
        self.started()

    def started(self) -> None:
        """Its units, until its pages answer."""
        self.agent = Process("agent", [sys.executable, "-m", "edge_agent", "run", str(self.site)], self.folder)
        self._ends.callback(self.agent.stop)
        until((self.site / "state" / "claim-code").exists, "the box shows its code")
        pages = Process("pages", [sys.executable, "-m", "web_ui", str(self.site)], self.folder)
        self._ends.callback(pages.stop)
        wait_for_port(self.ports["board"], pages)

    def begun(self) -> None:
        """The first settings, moved to this machine's ports."""
        answers = {
            "id": "plant-7",
            "unit": "edge-1",
            "zh": "七号装置",
            "en": "Plant 7",
            "lat": "30.8",
            "lon": "121.3",
        }
        options = [f"--{name}={value}" for name, value in answers.items()]
        subprocess.run([sys.executable, "-m", "edge_agent", "init", str(self.site), *options], check=True)
        self._moved_here()

    def _moved_here(self) -> None:
        """This machine's ports and folders, and its clock, which no NTP server keeps here.

        Minutes of waiting are seconds in the demo's rulebook, and no night makes it stricter: what people do is
        what is measured, whatever the hour.
        """
        file = self.site / "site.toml"
        text = file.read_text("utf-8")
        for table, port in (("uplink", "uplink"), ("field_broker", "field")):
            text = re.sub(rf"(\[{table}\][^\[]*?port = )\d+", rf"\g<1>{self.ports[port]}", text)
        text = text.replace("port = 8443", f"port = {self.ports['board']}").replace('"0.0.0.0"', '"127.0.0.1"')
        text = text.replace("enrol_port = 8080", f"enrol_port = {self.ports['enrol']}")
        text = text.replace('source = "kernel"', 'source = "declared"')
        text = text.replace('rulebook = "gb30871-2022"', 'rulebook = "demo-confined-space"')
        folders = (
            '[folders]\nstate = "state"\nruntime = "runtime"\nweb = "web"\n\n[upgrade]\nnever = true\n\n[clock]'
        )
        file.write_text(text.replace("[clock]", folders, 1), "utf-8")

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.ports['board']}"

    @property
    def code(self) -> str:
        return (self.site / "state" / "claim-code").read_text("utf-8").strip()

    def starts(self) -> int:
        with Reader.open(self.site / "state" / DATABASE) as records:
            return sum(one.type == "unit.started" for one in records.recent(500))

    def energised(self) -> bool:
        return bool(self.relay.command("status")["coils"][0])


B = TypeVar("B", bound=Box)


@contextmanager
def boxed(kind: type[B]) -> Iterator[B]:
    """A field with its box; nothing of it is left."""
    if shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") is None:
        pytest.skip("mosquitto is not installed (apt-get install mosquitto)")
    folder = Path(tempfile.mkdtemp(prefix="edge-equipped-"))
    folder.chmod(0o755)
    with ExitStack() as ends:
        yield kind(folder, ends)
    shutil.rmtree(folder, ignore_errors=True)
