"""One stage for every test of this folder; each test has a job of its own on it."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.ops.demo.stage import Stage
from tests.system.site import Site

DEMO = Path(__file__).resolve().parents[2] / "zones" / "demo-tank"


@pytest.fixture(scope="package")
def staged() -> Iterator[Site]:
    if shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") is None:
        pytest.skip("mosquitto is not installed (apt-get install mosquitto)")
    folder = Path(tempfile.mkdtemp(prefix="edge-system-"))
    folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
    with Stage(anywhere(folder / "source"), folder, None, warmup_s=0) as stage:
        yield Site(stage)
    shutil.rmtree(folder, ignore_errors=True)


def anywhere(source: Path) -> Path:
    """The demo site on ports of the kernel's choice: a demo may be running beside this test."""
    shutil.copytree(DEMO, source, ignore=shutil.ignore_patterns("state", "runtime"))
    settings = source / "site.toml"
    text = re.sub(r"(?m)^port = \d+", "port = 0", settings.read_text(encoding="utf-8"))
    text = text.replace("127.0.0.1:8554/", "127.0.0.1:0/")
    # The oxygen detector's number counts as warm-up for 30 s after every start of the agent, and a doubtful
    # detector blocks a start in its whole area: here it stands elsewhere.
    oxygen = re.compile(r'(\[gas\.gas-o2\][^\[]*?area = )"tank-inside"')
    settings.write_text(oxygen.sub(r'\1"yard"', text), encoding="utf-8")
    return source


@pytest.fixture
def site(staged: Site) -> Iterator[Site]:
    """The box guards; nothing is under way yet. Withdrawn at the end, whatever happened."""
    staged.stage.agent.check()
    staged.permit = ""
    yield staged
    for gas in ("ch4", "h2s", "co"):
        staged.stage.gateway.command("set", gas=gas, level=0.0)
    staged.end_work()
    assert not staged.seen.breaches(), "what the box sent is not what docs/upstream promises"
