"""The demo gives its copy of a site ports that are its own, whatever else stands in the tables."""

import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from edge_agent.ops.demo.ports import Claims, NotADemo, Ports, copy_site, picked_port
from edge_agent.ops.demo.stage import Process
from tests.support.demo_root import REPOSITORY
from tests.system.processes import Ends, descendants
from tests.system.site import WITHIN_S, until

ZONES = REPOSITORY / "zones"
STARTS = """
import sys
from contextlib import ExitStack
from pathlib import Path
from edge_agent.ops.demo.ports import Claims
from edge_agent.ops.demo.stage import Broker, Process
folder = Path(sys.argv[1])
with ExitStack() as held:
    broker = Broker("broker", Claims(held).free_port(0), folder)
    box = Process("box", ["sleep", "600"], folder)
    sys.stdin.read()
"""


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as ends:
        yield ends


@pytest.mark.parametrize("site", ["demo-tank", "demo-plant"])
def test_each_part_has_a_port_of_its_own_in_the_copy(site: str, tmp_path: Path, held: ExitStack) -> None:
    ports = copy_site(ZONES / site, tmp_path / "site", held)
    copied = tomllib.loads((tmp_path / "site" / "site.toml").read_text(encoding="utf-8"))
    original = tomllib.loads((ZONES / site / "site.toml").read_text(encoding="utf-8"))
    assert {name: table["port"] for name, table in copied["relays"].items()} == ports.relays
    assert ports.relays.keys() == original["relays"].keys()
    assert copied["uplink"]["port"] == ports.uplink
    assert copied["buses"]["gateway-1"]["port"] == ports.gateway
    assert f":{ports.camera}/" in copied["cameras"]["cam-1"]["url"]
    assert (copied["board"]["port"], copied["board"]["enrol_port"]) == (ports.board, ports.enrol)
    assert len(set(given(ports))) == len(given(ports))


def given(ports: Ports) -> list[int]:
    """All of them."""
    here = [ports.uplink, ports.field_broker, ports.board, ports.enrol, ports.gateway, ports.camera]
    return [*here, *ports.relays.values()]


def test_two_demos_share_no_port_though_nothing_listens_yet(tmp_path: Path, held: ExitStack) -> None:
    first, second = (copy_site(ZONES / "demo-tank", tmp_path / name, held) for name in ("one", "two"))
    assert not set(given(first)) & set(given(second))


def test_a_port_is_given_again_once_no_box_has_it_any_more(tmp_path: Path, held: ExitStack) -> None:
    """The demo may be killed: then its box, which ends a little later, still commands the relay."""
    with ExitStack() as first:
        claims = Claims(first)
        port = claims.free_port(0)
        box = Process("box", ["sleep", "600"], tmp_path, keep=claims.kept)
    assert Claims(held).free_port(port) != port
    box.kill()
    assert Claims(held).free_port(port) == port


def test_what_a_demo_started_ends_with_it_though_it_is_killed() -> None:
    with TemporaryDirectory(prefix="edge-demo-") as folder:
        Path(folder).chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        with subprocess.Popen(
            [sys.executable, "-c", STARTS, folder], cwd=REPOSITORY, stdin=subprocess.PIPE
        ) as demo:
            ends = Ends(until(lambda: both(demo.pid), "a broker and another run"))
            demo.kill()
        assert ends.left(WITHIN_S) == []


def both(demo: int) -> dict[int, str] | None:
    """What it started, once all has begun."""
    below = descendants(demo)
    begun = sorted(command.split()[0].rpartition("/")[2] for command in below.values() if command)
    return below if begun == ["mosquitto", "sleep"] else None


def test_a_port_that_is_picked_is_nobody_elses_and_a_server_listens_there_all_the_same(held: ExitStack) -> None:
    port = picked_port(held)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))  # as the kernel looks at it for whoever asks for any port
    for _ in range(2):  # stopped and started again, too
        with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)):
            pass


def test_a_port_that_is_taken_is_replaced_and_nothing_else_is_touched(tmp_path: Path, held: ExitStack) -> None:
    original = tomllib.loads((ZONES / "demo-plant" / "site.toml").read_text(encoding="utf-8"))
    wanted = original["relays"]["relay-2"]["port"]
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taker.bind(("127.0.0.1", wanted))
            taker.listen()
        except OSError:
            pass  # somebody else has it: as good
        ports = copy_site(ZONES / "demo-plant", tmp_path / "site", held)
    assert ports.relays["relay-2"] != wanted
    copied = tomllib.loads((tmp_path / "site" / "site.toml").read_text(encoding="utf-8"))
    for relay in copied["relays"].values():
        relay.pop("port")
    for relay in original["relays"].values():
        relay.pop("port")
    assert copied["relays"] == original["relays"]
    assert copied["gas"] == original["gas"]


def test_a_site_without_a_port_is_no_demo(tmp_path: Path, held: ExitStack) -> None:
    source = tmp_path / "source"
    source.mkdir()
    text = (ZONES / "demo-tank" / "site.toml").read_text(encoding="utf-8")
    (source / "site.toml").write_text(text.replace("[uplink]", "[uplonk]"), encoding="utf-8")
    with pytest.raises(NotADemo, match="uplink"):
        copy_site(source, tmp_path / "site", held)
