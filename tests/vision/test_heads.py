"""Every head against a plain reading of the same numbers, and pictures of any size there and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from edge_agent.sense.camera import heads, manifest
from edge_agent.sense.camera.boxes import Boxes, one_per_thing
from edge_agent.sense.camera.fitting import Fitting
from edge_agent.sense.camera.manifest import Model, ModelError
from tests.support.languages import faults
from tests.vision.conftest import MODEL, MODELS
from tests.vision.test_detector import overlap

SMALL = replace(manifest.model(MODELS, MODEL), input=(96, 64), labels=("person", "hardhat", "vest"))
CELLS = 8 * 12 + 4 * 6 + 2 * 3
SHAPES = {"yolox": (1, CELLS, 8), "ultralytics": (1, 7, CELLS), "end_to_end": (1, 300, 6)}
EVERY_HEAD = pytest.mark.parametrize("head", SHAPES)


def of(head: str) -> Model:
    return replace(SMALL, head=head)


def output(head: str, seed: int) -> NDArray[np.float32]:
    """What such a head could say of one picture, some boxes standing out of it."""
    rng = np.random.default_rng(seed)
    raw = rng.uniform(0, 1, SHAPES[head]).astype(np.float32)
    match head:
        case "yolox":
            raw[..., :2] = rng.uniform(-3, 3, (1, CELLS, 2))
            raw[..., 2:4] = rng.uniform(-1, 3, (1, CELLS, 2))
        case "ultralytics":
            raw[:, :4] = rng.uniform(1, 120, (1, 4, CELLS))
        case _:
            raw[..., :4] = rng.uniform(-20, 120, (1, 300, 4))
            raw[..., 2:4] = raw[..., :2] + rng.uniform(1, 60, (1, 300, 2))
            raw[..., 5] = rng.integers(0, 3, (1, 300))
    return raw


def naive(boxes: Boxes, iou: float) -> list[int]:
    """Which boxes stay, one after the other: best first, gone if it overlaps a better one of its class."""
    kept: list[int] = []
    for n in sorted(range(len(boxes.scores)), key=lambda n: -boxes.scores[n]):
        same = [k for k in kept if boxes.labels[k] == boxes.labels[n]]
        if all(overlap(boxes.corners[n].tolist(), boxes.corners[k].tolist()) <= iou for k in same):
            kept.append(n)
    return kept


def rows(boxes: Boxes) -> list[tuple[float, ...]]:
    listed = zip(boxes.scores.tolist(), boxes.labels.tolist(), boxes.corners.tolist(), strict=True)
    return sorted((score, label, *corners) for score, label, corners in listed)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.2, 0.9), st.integers(0, 60))
def test_suppression_equals_a_naive_one(seed: int, iou: float, count: int) -> None:
    rng = np.random.default_rng(seed)
    begin = rng.uniform(0, 60, (count, 2))
    corners = np.concatenate((begin, begin + rng.uniform(2, 40, (count, 2))), axis=1).astype(np.float32)
    scores = rng.permutation(np.linspace(0.1, 0.9, count)).astype(np.float32)  # no two the same
    boxes = Boxes(corners=corners, scores=scores, labels=rng.integers(0, 3, count).astype(np.intp))
    assert rows(one_per_thing(boxes, iou)) == rows(boxes.only(np.array(naive(boxes, iou), np.intp)))


@EVERY_HEAD
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), shape=st.tuples(st.integers(1, 400), st.integers(1, 400)))
def test_boxes_stay_in_the_picture(head: str, seed: int, shape: tuple[int, int]) -> None:
    model = replace(of(head), letterbox="centre")
    fitting = Fitting(model)
    fitting.fit(np.zeros((*shape, 3), np.uint8))
    found = fitting.back(heads.reader(model)(output(head, seed), 0.3))
    assert len(found.scores)
    assert found.corners.min() >= 0
    assert found.corners.max() <= 1
    assert (found.corners[:, :2] <= found.corners[:, 2:]).all()
    assert (found.scores > 0.3).all()
    assert set(found.labels.tolist()) <= {0, 1, 2}


@pytest.mark.parametrize("letterbox", ["top-left", "centre"])
@settings(max_examples=40, deadline=None)
@given(
    shape=st.tuples(st.integers(8, 700), st.integers(8, 700)),
    corners=st.tuples(*[st.floats(0, 1, width=32)] * 4),
)
def test_the_letterbox_comes_undone(letterbox: str, shape: tuple[int, int], corners: tuple[float, ...]) -> None:
    fitting = Fitting(replace(SMALL, letterbox=letterbox))
    part = fitting.fit(np.full((*shape, 3), 200, np.uint8))
    inside = np.argwhere((fitting._canvas == 200).all(axis=2))
    top, left = inside.min(axis=0)
    assert (inside.max(axis=0) + 1 - (top, left)).tolist() == list(part.shape[:2]), "one part, nothing beside it"
    size = np.array(part.shape[1::-1] * 2, np.float32)
    placed = np.array([corners], np.float32) * size + np.array((left, top, left, top), np.float32)
    back = fitting.back(Boxes(corners=placed, scores=np.ones(1, np.float32), labels=np.zeros(1, np.intp)))
    np.testing.assert_allclose(back.corners[0], corners, atol=1e-4)


def test_a_centred_picture_has_the_odd_line_of_grey_below() -> None:
    fitting = Fitting(replace(SMALL, letterbox="centre"))
    fitting.fit(np.full((21, 32, 3), 200, np.uint8))  # 63 of 64 lines
    grey = (fitting._canvas != 200).all(axis=(1, 2))
    assert np.flatnonzero(grey).tolist() == [63]


@pytest.mark.parametrize(("colour", "first"), [("bgr", 10), ("rgb", 30)])
@pytest.mark.parametrize(("scale", "share"), [("0-255", 1.0), ("0-1", 1 / 255)])
def test_a_picture_goes_in_as_in_training(colour: str, first: int, scale: str, share: float) -> None:
    fitting = Fitting(replace(SMALL, colour=colour, scale=scale))
    fitting.fit(np.full((64, 96, 3), (10, 20, 30), np.uint8))
    for _ in range(2):  # asked twice, it is the same
        tensor = fitting.tensor()
        assert tensor.shape == (1, 3, 64, 96)
        np.testing.assert_allclose(tensor[0, :, 5, 5], np.array([first, 20, 40 - first]) * share, rtol=1e-6)


def test_ultralytics_agrees_with_a_plain_reading() -> None:
    raw = output("ultralytics", 1)
    found = heads.ultralytics(raw[0], 0.5)
    expected = []
    for x, y, w, h, *classes in raw[0].T.tolist():
        if max(classes) > 0.5:
            box = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
            expected.append((box, max(classes), classes.index(max(classes))))
    assert len(expected) > 10
    np.testing.assert_allclose(found.corners, [box for box, _, _ in expected], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.scores, [score for _, score, _ in expected])
    assert found.labels.tolist() == [label for _, _, label in expected]


def test_end_to_end_keeps_every_thing_that_is_sure_enough_however_near_another() -> None:
    raw = np.zeros((1, 300, 6), np.float32)
    raw[0, 0] = (10, 10, 20, 30, 0.9, 2)
    raw[0, 1] = (10, 10, 20, 31, 0.8, 2)  # the model itself has chosen: no suppression
    raw[0, 2] = (40, 10, 50, 30, 0.1, 0)
    found = heads.reader(of("end_to_end"))(raw, 0.3)
    assert found.corners.tolist() == [[10, 10, 20, 30], [10, 10, 20, 31]]
    assert found.labels.tolist() == [2, 2]


def said(fault: ModelError) -> str:
    assert faults(fault.words) == []
    return fault.words.en


@EVERY_HEAD
class TestEveryHeadRefuses:
    def test_the_output_of_another_head(self, head: str) -> None:
        for other in SHAPES:
            if other != head:
                with pytest.raises(ModelError) as refused:
                    heads.reader(of(head))(output(other, 2), 0.3)
                assert f'head = "{head}"' in said(refused.value)

    def test_more_labels_than_it_has(self, head: str) -> None:
        raw = output(head, 3)
        if head == "end_to_end":
            raw[0, 7, 4:] = (0.9, 3)
        else:
            raw = np.concatenate(
                (raw, raw[:, :1] if head == "ultralytics" else raw[..., :1]),
                axis=-2 if head == "ultralytics" else -1,
            )
        with pytest.raises(ModelError) as refused:
            heads.reader(of(head))(raw, 0.3)
        assert "labels" in said(refused.value)

    @pytest.mark.parametrize("number", [np.nan, np.inf])
    def test_what_is_not_a_number(self, head: str, number: float) -> None:
        """A person whose score is NaN lies below every threshold: it would read as nobody there."""
        raw = output(head, 4)
        raw[0, 1, 4] = number
        with pytest.raises(ModelError) as refused:
            heads.reader(of(head))(raw, 0.3)
        assert "NaN" in said(refused.value)


@EVERY_HEAD
def test_an_empty_place_has_no_boxes(head: str) -> None:
    found = heads.reader(of(head))(np.zeros(SHAPES[head], np.float32), 0.3)
    assert found.corners.shape == (0, 4)
    assert found.scores.shape == found.labels.shape == (0,)
