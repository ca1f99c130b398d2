"""An offered model in the program that judges: through the same gate as any other, or not at all."""

import shutil
from pathlib import Path

from edge_agent.sense.camera import inference
from edge_agent.sense.camera.limits import STANDARD
from edge_agent.sense.camera.lines import InferenceOrder, WatchedCamera
from edge_agent.sense.camera.proof import offered
from edge_agent.sense.camera.proof.offered import Offered
from edge_agent.sense.camera.proof.swap import Outcome
from tests.vision.conftest import MODELS

LIVE, NEW = "ppe-nano-first", "ppe-nano-second"


def begun(folder: Path) -> Outcome:
    """One start of the program, as far as who judges."""
    order = InferenceOrder(
        cameras=(WatchedCamera(id="cam-1", frames_fd=0, model=LIVE, areas=()),),
        bell_fd=0,
        models_folder=str(MODELS),
        runtime_folder=str(folder),
        parent=0,
        limits=STANDARD,
        accepted_folder=str(folder / "models"),
        offered_folder=str(folder / "offered"),
    )
    return inference.load(order)


def judges(outcome: Outcome) -> str:
    return outcome.by_camera["cam-1"].accepted.name


def test_it_goes_through_the_gate_and_judges_over_restarts(tmp_path: Path) -> None:
    models = tmp_path / "offered" / ("0" * 64)
    shutil.copytree(MODELS, models)
    offer = Offered(name=NEW, sha256="0" * 64, instead_of={"cam-1": LIVE})
    offered.write(tmp_path / "offered", offer)
    assert judges(begun(tmp_path)) == LIVE, "nothing was live: there is nothing to compare it with"
    outcome = begun(tmp_path)
    assert (judges(outcome), bool(outcome.refused)) == (NEW, False)
    assert judges(begun(tmp_path)) == NEW
    manifest = models / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("score_threshold = 0.35", "score_threshold = 0.99"))
    outcome = begun(tmp_path)  # it finds nobody any more
    assert f"{NEW} was refused, {NEW} goes on" in outcome.refused.en
    assert outcome.by_camera["cam-1"].accepted.entry.score_threshold < 0.9
