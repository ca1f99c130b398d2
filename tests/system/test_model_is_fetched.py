"""An offered model, by the whole box: fetched over a line that breaks, through the gate, and live."""

import hashlib
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.domain.centre_model import ModelOffer
from edge_agent.ops.demo.stage import Stage
from edge_agent.sense.camera.proof import accepted
from edge_agent.tell import signing
from tests.support.model_server import ModelServer
from tests.support.story import ROOT
from tests.system.conftest import anywhere
from tests.system.site import Site, centre_key, payload, until

DOWN = "edge/demo-tank/edge-1/dn/model"
LIVE, NEW = "ppe-nano-second", "ppe-nano-third"
JUDGED_S = 300.0  # two models on every drawn picture, beside a box that guards, on a busy machine


def packed(folder: Path) -> bytes:
    """What a centre offers: the models folder of one model."""
    file, models = folder / "m.zip", ROOT / "models"
    table = tomllib.loads((models / "manifest.toml").read_text(encoding="utf-8"))[NEW]
    with zipfile.ZipFile(file, "w") as made:
        for name in ("manifest.toml", table["file"], table.get("wearing", {}).get("judge")):
            if name:
                made.write(models / name, name)
    return file.read_bytes()


@pytest.fixture
def fetching(tmp_path: Path) -> Iterator[tuple[Site, ModelServer]]:
    if shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") is None:
        pytest.skip("mosquitto is not installed (apt-get install mosquitto)")
    folder = Path(tempfile.mkdtemp(prefix="edge-model-"))
    folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
    source = anywhere(folder / "source")
    with ModelServer(packed(tmp_path)) as server:
        settings = source / "site.toml"
        table = f'[fetch]\nhosts = ["{server.host}"]\nplain = true\nmost_kbit_s = 1000000\n\n[clock]'
        text = settings.read_text(encoding="utf-8").replace("[clock]", table, 1)
        settings.write_text(text.replace(f'model = "{NEW}"', f'model = "{LIVE}"'), encoding="utf-8")
        with Stage(source, folder, None, warmup_s=0) as stage:
            yield Site(stage), server
    shutil.rmtree(folder, ignore_errors=True)


def test_it_is_fetched_from_where_the_line_broke_judged_and_live(fetching: tuple[Site, ModelServer]) -> None:
    site, server = fetching
    models = site.stage.state_folder / "models"
    until(lambda: "cam-1" in accepted.read(models).cameras, "the site's own model judges", JUDGED_S)
    server.cuts = [len(server.content) // 3]
    sha256 = hashlib.sha256(server.content).hexdigest()
    offer = ModelOffer(
        id="model", name=NEW, sha256=sha256, size=len(server.content), cameras=("cam-1",), url=server.url
    )
    site.seen.send(DOWN, signing.sign(payload(offer), centre_key(site.stage.site), "demo-centre"))
    settled = until(
        lambda: next((one for one in site.kept() if one.type == "model.settled"), None),
        site.log()[-2000:],
        JUDGED_S,
    )
    assert (settled.data["live"], settled.data["reasons"]) == (True, []), settled.data["words"]
    assert server.asked[0] == ""
    assert server.asked[1].startswith("bytes=")
    assert accepted.read(models).cameras["cam-1"].name == NEW
