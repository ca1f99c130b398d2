"""A shipped detector for another side of its input: the same weights, and the same people in the same picture."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
from msgspec.structs import replace

from edge_agent.ops.model import eyes
from edge_agent.ops.model.resize import resize
from edge_agent.ops.model.shelf import BadShelf
from edge_agent.ops.model.side import of_side
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.boxes import Boxes
from edge_agent.sense.camera.heads import reader
from edge_agent.sense.camera.proof import canary
from edge_agent.sense.camera.runtimes.wanted import Wanted
from edge_agent.sense.camera.tracker import overlaps

MODELS = Path(__file__).resolve().parents[3] / "models"
SHIPPED = ("ppe-nano-first", "ppe-nano-second", "ppe-nano-third")
NEW = 320


@pytest.mark.parametrize("name", SHIPPED)
def test_there_and_back_it_is_the_same_file_byte_for_byte(name: str) -> None:
    shipped = manifest.weights(MODELS, name)
    made = of_side(shipped, 416, NEW)
    assert made != shipped
    assert of_side(made, NEW, 416) == shipped
    assert of_side(of_side(shipped, 416, 96), 96, 416) == shipped  # lengths of one byte instead of two


def seen(file: bytes, name: str, picture: np.ndarray, side: int) -> Boxes:
    """What it sees in `picture`, put unscaled into the top left corner of its input; corners in pixels."""
    entry = manifest.model(MODELS, name)
    canvas = np.full((side, side, 3), entry.pad, np.uint8)
    canvas[: picture.shape[0], : picture.shape[1]] = picture
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    raw = session.run(None, {"images": canvas.transpose(2, 0, 1)[None].astype(np.float32)})[0]
    return reader(replace(entry, input=(side, side)))(raw, entry.score_threshold)


@pytest.mark.parametrize("name", [SHIPPED[0], SHIPPED[2]])
def test_a_picture_of_the_smaller_side_shows_it_the_same_as_the_larger_model_shows_padded(name: str) -> None:
    shipped = manifest.weights(MODELS, name)
    made = of_side(shipped, 416, NEW)
    for large in canary.pictures():
        share = NEW / max(large.shape[:2])
        picture = cv2.resize(large, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)[:NEW, :NEW]
        before, after = seen(shipped, name, picture, 416), seen(made, name, picture, NEW)
        people = before.only((before.labels == 0) & (before.scores > 0.6))
        assert len(people.scores)
        found = after.only(after.labels == 0)
        same = overlaps(people.corners.astype(np.float64), found.corners.astype(np.float64))
        assert same.max(axis=1).min() > 0.8
        assert np.abs(found.scores[same.argmax(axis=1)] - people.scores).max() < 0.15


def test_what_is_no_such_detector_is_refused() -> None:
    shipped = manifest.weights(MODELS, SHIPPED[0])
    with pytest.raises(BadShelf, match="not 640 x 640"):
        of_side(shipped, 640, NEW)
    with pytest.raises(BadShelf, match="not 416 x 416"):
        of_side((MODELS / "ppe_nano_third_persons.onnx").read_bytes(), 416, NEW)
    for broken in (b"no model at all", shipped[:-1], b""):
        with pytest.raises(BadShelf):
            of_side(broken, 416, NEW)


def test_it_is_entered_beside_the_one_it_came_from_and_looks_at_pictures(tmp_path: Path) -> None:
    assert resize(MODELS, "ppe-nano-third", NEW, tmp_path) == "ppe-nano-third-320"
    old, new = manifest.model(MODELS, "ppe-nano-third"), manifest.model(tmp_path, "ppe-nano-third-320")
    assert (new.input, new.labels, new.score_threshold) == ((NEW, NEW), old.labels, old.score_threshold)
    assert "measured" not in (tmp_path / "manifest.toml").read_text("utf-8").replace("has measured", "")
    looking = eyes.named(tmp_path, "ppe-nano-third-320", Wanted())
    assert looking.judges
    assert looking.wearing == eyes.named(MODELS, "ppe-nano-third", Wanted()).wearing
    boxes = looking.look(canary.pictures()[0], 0.35)
    assert (boxes.labels == 0).any()
    with pytest.raises(BadShelf, match="there already"):
        resize(MODELS, "ppe-nano-third", NEW, tmp_path)


def test_from_the_console(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "edge_agent", "model", "resize", "--model", "ppe-nano-first", "--side", "320"]
    done = subprocess.run([*command, "--out", str(tmp_path)], capture_output=True, text=True, check=True)
    assert "ppe-nano-first-320" in done.stdout
    assert manifest.weights(tmp_path, "ppe-nano-first-320")
    again = subprocess.run([*command, "--out", str(tmp_path)], capture_output=True, text=True, check=False)
    assert again.returncode == 64
    assert "there already" in again.stderr
