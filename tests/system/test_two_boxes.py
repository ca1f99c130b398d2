"""Two real boxes on the site's own broker, the centre away: works that exclude each other, an evacuation."""

import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.domain.permit import State
from edge_agent.ops.demo.job import AIR
from edge_agent.ops.demo.ports import copy_site
from edge_agent.ops.demo.stage import Stage
from edge_agent.ops.demo.ticket import envelope
from edge_agent.ops.unit_key import unit_key
from edge_agent.tell.live_beside import LiveNeighbour
from edge_agent.tell.signing import public_text
from tests.system.conftest import anywhere
from tests.system.site import Site, job_ticket, until

SIREN = 1  # coil of the demo's relay module
PEER = '\n[[peers]]\nunit = "{unit}"\nname = {{ zh = "邻机", en = "the other box" }}\ned25519 = "{key}"\n'


class SecondBox(Stage):
    """A box of its own, with its own detectors and relay, on the brokers and among the wearables of the first."""

    def __init__(self, source: Path, folder: Path, first: Stage, key: Path) -> None:
        super().__init__(source, folder, None, warmup_s=0)
        self._first, self._key = first, key

    def _set(self) -> None:
        self.site = self._folder / "site"
        self.ports = copy_site(self._source, self.site, self._ends)
        self.central, self.subscriber = self._first.central, self._first.subscriber
        file = self.site / "site.toml"
        text = file.read_text(encoding="utf-8").replace('unit = "edge-1"', 'unit = "edge-2"')
        for table in ("uplink", "field_broker"):
            port = getattr(self._first.ports, table)
            text = re.sub(rf"(?ms)(^\[{table}\].*?^port = )\d+", rf"\g<1>{port}", text, count=1)
        ours = public_text(unit_key(self._first.state_folder))
        file.write_text(text + PEER.format(unit="edge-1", key=ours), encoding="utf-8")
        self.state_folder.mkdir()
        shutil.copy(self._key, self.state_folder)
        self._field = {}
        self.start_gateway()
        self.relays = {name: self._play("relay", "--port", str(port)) for name, port in self.ports.relays.items()}
        self.start_agent()
        self._ends.callback(self._stop_agent)


@pytest.fixture(scope="module")
def boxes() -> Iterator[tuple[Site, Site]]:
    folder = Path(tempfile.mkdtemp(prefix="edge-two-boxes-"))
    folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
    source, keys = anywhere(folder / "source"), folder / "keys"
    keys.mkdir()
    theirs = PEER.format(unit="edge-2", key=public_text(unit_key(keys)))
    alone = folder / "alone"
    shutil.copytree(source, alone)
    with (source / "site.toml").open("a", encoding="utf-8") as file:
        file.write(theirs)
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name).chmod(0o755)
    with (
        Stage(source, folder / "one", None, warmup_s=0) as first,
        SecondBox(alone, folder / "two", first, keys / "unit-key.pem") as second,
    ):
        yield Site(first), Site(second)
    shutil.rmtree(folder, ignore_errors=True)


def other(site: Site) -> LiveNeighbour:
    """The other box, on this one's board."""
    return site.stage.live().neighbours[0]


def send(site: Site, unit: str, **changes: Any) -> None:
    """The centre sends a hot-work ticket, and it is on that box's board."""
    site.permit = f"T-{uuid.uuid4().hex[:8]}"
    ticket = replace(job_ticket(site.permit), **changes)
    signed = envelope(site.stage.site, ticket, "demo-tank", unit)
    site.seen.send(f"edge/demo-tank/{unit}/dn/permit", signed)
    until(lambda: site.live() is not None, f"{site.permit} is on the board of {unit}")


def test_what_excludes_each_other_and_who_must_leave_is_settled_without_the_centre(
    boxes: tuple[Site, Site],
) -> None:
    one, two = boxes
    until(lambda: other(one).heard and other(two).heard, "each hears the other")
    for site in boxes:  # a broker keeps nothing for a unit that it has never seen
        until(lambda site=site: site.stage.live().uplink_ok, "each is in touch with the centre")
    send(one, "edge-1")
    send(two, "edge-2", uses=("venting",))  # beside hot work: GB 30871-2022 5.2.9
    one.stage.central.stop()

    one.until_accepted("check_in", "li-na")
    one.must("retest", "sun-yan", samples=AIR)
    one.until_state(State.READY)
    for person in ("qian-wei", "wang-lei", "li-na"):
        one.must("start", person)
    one.until_state(State.ACTIVE)
    until(lambda: other(two).under_way == 1, "the second box knows that the first one's work is under way")
    two.until_accepted("check_in", "li-na")
    two.must("retest", "sun-yan", samples=AIR)
    why = two.refused("start", "wang-lei")
    assert f"edge-1/{one.permit}" in why
    assert "at least 30 m" in why

    assert one.stage.live().uplink_ok is False
    mark = one.stage.relay.mark()
    two.stage.gateway.command("set", gas="h2s", level=30.0)  # at the second box's detector alone
    one.stage.relay.wait_for(lambda line: line.get("coil") == SIREN and line.get("on") is True, 30.0, after=mark)
    causes = one.event("permit.paused").data["causes"]
    assert "peer_evacuates" in {cause["rule"] for cause in causes}
    one.until_state(State.PAUSED)
    assert not one.coil_is_on()

    two.stage.agent.kill()
    until(lambda: not other(one).heard, "the first box says that it no longer hears the second")
    assert other(one).leave_here, "what it called for stands"
    assert "box" in one.refused("resume", "wang-lei")
    one.event("alarm.raised", rule="peer_silent")
