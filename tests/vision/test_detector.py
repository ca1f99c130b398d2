"""From raw output to boxes, against a plain reading of the same numbers; the model on a real picture."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.sense.camera import heads, manifest
from edge_agent.sense.camera.boxes import Boxes, one_per_thing
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.fitting import Fitting
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from tests.vision.conftest import MODEL, MODELS


@pytest.fixture(scope="module")
def real() -> Detector:
    return Detector(OnnxRuntime(manifest.weights(MODELS, MODEL)), manifest.model(MODELS, MODEL))


def plainly(raw: list[list[float]], width: int, height: int, low: float) -> list[tuple[list[float], float, int]]:
    """The head as its manifest describes it, one row after the other."""
    rows, found = iter(raw), []
    for stride in (8, 16, 32):
        for y in range(height // stride):
            for x in range(width // stride):
                row = next(rows)
                best = max(range(len(row) - 5), key=lambda c: row[5 + c])
                score = row[4] * row[5 + best]
                if score > low:
                    cx, cy = (row[0] + x) * stride, (row[1] + y) * stride
                    w, h = math.exp(row[2]) * stride, math.exp(row[3]) * stride
                    found.append(([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], score, best))
    assert next(rows, None) is None
    return found


def synthetic_picture() -> np.ndarray:
    rng = np.random.default_rng(3)
    picture = rng.integers(0, 255, (240, 320, 3), dtype=np.uint8)
    cv2.ellipse(picture, (160, 60), (14, 18), 0, 0, 360, (150, 170, 210), -1)
    cv2.rectangle(picture, (138, 78), (182, 160), (0, 200, 255), -1)
    cv2.rectangle(picture, (142, 160), (178, 232), (90, 40, 20), -1)
    return picture


def test_decoding_agrees_with_a_plain_reading_of_the_models_own_output(real: Detector) -> None:
    real.fit(synthetic_picture())
    real.look()
    raw = real._runtime.run(real._fitting.tensor())[0]
    cells, strides = heads.grid(416, 416)
    boxes = heads.yolox(raw, 0.001, cells=cells, strides=strides)
    expected = plainly(raw.tolist(), 416, 416, 0.001)
    assert len(expected) > 10
    np.testing.assert_allclose(boxes.corners, [box for box, _, _ in expected], rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(boxes.scores, [score for _, score, _ in expected], rtol=1e-4)
    assert boxes.labels.tolist() == [label for _, _, label in expected]


def overlap(a: list[float], b: list[float]) -> float:
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


corner = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(5, 100), st.integers(5, 100))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(corner, st.integers(0, 2)), max_size=12), st.permutations(range(12)))
def test_suppression_keeps_one_box_per_thing(things: list[tuple[tuple[int, ...], int]], ranks: list[int]) -> None:
    corners = [[x, y, x + w, y + h] for (x, y, w, h), _ in things]
    boxes = Boxes(
        corners=np.array(corners, np.float32).reshape(-1, 4),
        scores=np.array([(ranks[n] + 1) / 20 for n in range(len(things))], np.float32),
        labels=np.array([label for _, label in things], np.intp),
    )
    left = one_per_thing(boxes, 0.5)
    kept = list(zip(left.corners.tolist(), left.scores.tolist(), left.labels.tolist(), strict=True))
    for n, (box, _, label) in enumerate(kept):  # no two of a class overlap
        assert all(overlap(box, b) <= 0.5 + 1e-6 for b, _, other in kept[n + 1 :] if other == label)
    for box, score, label in zip(corners, boxes.scores.tolist(), boxes.labels.tolist(), strict=True):
        better = [b for b, s, other in kept if other == label and s >= score]
        assert any(overlap(box, b) > 0.5 - 1e-6 or box == b for b in better)  # what is gone had a better one


def test_boxes_of_different_classes_do_not_suppress_each_other() -> None:
    corners = np.array([[0, 0, 10, 10], [0, 0, 10, 10]], np.float32)
    boxes = Boxes(corners=corners, scores=np.array([0.9, 0.8], np.float32), labels=np.array([0, 1], np.intp))
    assert len(one_per_thing(boxes, 0.5).scores) == 2


@pytest.mark.parametrize("shape", [(240, 320), (720, 1280), (1280, 720), (416, 416), (9, 1200)])
def test_a_picture_is_fitted_top_left_with_its_shape_kept(real: Detector, shape: tuple[int, int]) -> None:
    part = real.fit(np.full((*shape, 3), 200, np.uint8))
    assert max(part.shape[:2]) == 416
    assert abs(part.shape[0] / part.shape[1] - shape[0] / shape[1]) < 0.02
    canvas = real._fitting._canvas
    assert (canvas[: part.shape[0], : part.shape[1]] == 200).all()
    assert (canvas[part.shape[0] :] == 114).all()
    assert (canvas[:, part.shape[1] :] == 114).all()


@pytest.mark.parametrize("letterbox", ["top-left", "centre"])
@pytest.mark.parametrize("scale", ["0-255", "0-1"])
@pytest.mark.parametrize("colour", ["bgr", "rgb"])
def test_what_goes_in_is_the_picture_and_its_padding_whatever_shape_came_before(
    letterbox: str, scale: str, colour: str
) -> None:
    model = replace(manifest.model(MODELS, MODEL), letterbox=letterbox, scale=scale, colour=colour)
    fitting, chance = Fitting(model), np.random.default_rng(3)
    for height, width in ((240, 320), (416, 416), (480, 200), (480, 200), (240, 320)):
        picture = chance.integers(0, 256, (height, width, 3), dtype=np.uint8)
        part = fitting.fit(picture).copy()
        canvas = np.full((416, 416, 3), model.pad, np.uint8)
        top, left = ((416 - part.shape[0]) // 2, (416 - part.shape[1]) // 2) if letterbox == "centre" else (0, 0)
        canvas[top : top + part.shape[0], left : left + part.shape[1]] = part
        expected = canvas[..., ::-1] if colour == "rgb" else canvas
        expected = expected.transpose(2, 0, 1)[None].astype(np.float32)
        for _ in range(2):  # asking again changes nothing
            assert np.array_equal(fitting.tensor(), expected if scale == "0-255" else expected / np.float32(255))


def test_the_same_picture_gives_the_same_boxes_after_one_of_another_shape(real: Detector) -> None:
    picture = synthetic_picture()
    real.fit(picture)
    first = real.look()
    real.fit(np.full((900, 300, 3), 255, np.uint8))
    real.look()
    real.fit(picture)
    np.testing.assert_array_equal(real.look().corners, first.corners)


def labelled(folder: Path) -> list[tuple[Path, list[list[float]]]]:
    """Pictures with one to four labelled people, each at least a fifth of the picture high."""
    found = []
    for path in sorted((folder / "images").iterdir()):
        label = folder / "labels" / f"{path.stem}.txt"
        rows = (
            [[float(v) for v in line.split()] for line in label.read_text().splitlines()] if label.exists() else []
        )
        people = [
            [x - w / 2, y - h / 2, x + w / 2, y + h / 2] for c, x, y, w, h in (r[:5] for r in rows) if c == 0
        ]
        if 1 <= len(people) <= 4 and all(b[3] - b[1] > 0.2 for b in people):
            found.append((path, people))
    return found


def test_people_on_real_pictures_are_found(real: Detector, data_folder: Path) -> None:
    pictures = labelled(data_folder / "ppe" / "dev")[:20]
    assert pictures
    found = total = 0
    for path, people in pictures:
        real.fit(cv2.imread(str(path)))
        boxes = real.look()
        seen = boxes.corners[(boxes.labels == 0) & (boxes.scores >= real.threshold)].tolist()
        found += sum(any(overlap(person, box) >= 0.5 for box in seen) for person in people)
        total += len(people)
    assert found / total >= 0.8, f"{found} of {total} people found"
