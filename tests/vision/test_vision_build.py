"""From a site's settings to its cameras: no camera, no Source; a wrong model, no start."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.sense.camera.build import vision
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import VisionTable
from tests.vision.conftest import MODELS

ROOT = MODELS.parent
CLOCK = SystemClock(declared=True)


@pytest.fixture(scope="module")
def demo() -> Settings:
    return load(ROOT / "zones" / "demo-tank", ROOT)


def test_the_demo_site_has_its_camera_watched(demo: Settings, tmp_path: Path) -> None:
    source = vision(demo, CLOCK, MODELS, tmp_path)
    assert source is not None
    assert source.name == "vision"
    assert source.pids == {}  # nothing runs before it is run


def test_the_models_run_on_what_the_site_names(demo: Settings, tmp_path: Path) -> None:
    table = VisionTable(runtime="openvino-cpu", threads=2)
    source = vision(replace(demo, site=replace(demo.site, vision=table)), CLOCK, MODELS, tmp_path)
    assert source is not None
    wanted = source._folders.wanted
    assert (wanted.runtime, wanted.threads) == ("openvino-cpu", 2)
    assert Path(wanted.engines_folder).is_relative_to(demo.state_folder), "what was built survives a reboot"


def test_a_site_without_cameras_has_no_such_source(demo: Settings, tmp_path: Path) -> None:
    blind = replace(demo, site=replace(demo.site, cameras={}))
    assert vision(blind, CLOCK, MODELS, tmp_path) is None


def test_a_camera_with_an_unknown_model_refuses_to_start(demo: Settings, tmp_path: Path) -> None:
    cameras = {name: replace(camera, model="ppe-huge") for name, camera in demo.site.cameras.items()}
    wrong = replace(demo, site=replace(demo.site, cameras=cameras))
    with pytest.raises(ModelError, match="ppe-huge"):
        vision(wrong, CLOCK, MODELS, tmp_path)
