"""The heads of models: what the numbers that come out of each kind mean. Pure functions of one picture's output.

Each takes the raw output without its batch dimension and gives boxes in pixels of the input, scores above
`low_score`. C is the number of labels, N the number of rows.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from edge_agent.domain.words import Words
from edge_agent.sense.camera.boxes import Boxes, Floats, one_per_thing
from edge_agent.sense.camera.manifest import Model, ModelError

STRIDES = (8, 16, 32)  # of the three output levels, in pixels of the input
HALF = np.float32(0.5)

Reader = Callable[[Floats, float], Boxes]


def grid(width: int, height: int) -> tuple[Floats, Floats]:
    """Cell corner (N x 2) and stride (N x 1) of every row of the YOLOX head's output, in its order."""
    cells, strides = [], []
    for stride in STRIDES:
        ys, xs = np.mgrid[0 : height // stride, 0 : width // stride]
        level = np.stack((xs.ravel(), ys.ravel()), axis=1)
        cells.append(level)
        strides.append(np.full((len(level), 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


def yolox(raw: Floats, low_score: float, *, cells: Floats, strides: Floats) -> Boxes:
    """YOLOX: N x (4 + 1 + C), one row a cell; several boxes for one thing.

    xy = (o + cell) * stride, wh = exp(o) * stride, score = objectness * class (both already sigmoid).
    Only rows whose objectness alone passes are looked at: a class is at most 1.
    """
    rows = np.flatnonzero(raw[:, 4] > low_score)
    near = raw[rows]
    labels = near[:, 5:].argmax(axis=1)
    scores = near[:, 4] * near[:, 5:].max(axis=1)
    centre = (near[:, :2] + cells[rows]) * strides[rows]
    half: Floats = np.exp(near[:, 2:4]) * strides[rows] * HALF
    return _around(centre, half, scores, labels).only(scores > low_score)


def ultralytics(raw: Floats, low_score: float) -> Boxes:
    """Ultralytics v8 and v11: (4 + C) x N, one column a cell; several boxes for one thing.

    x, y, w, h already in pixels of the input, classes already sigmoid; there is no objectness.
    """
    scores = raw[4:].max(axis=0)
    columns = np.flatnonzero(scores > low_score)
    near = raw[:, columns]
    half: Floats = near[2:4].T * HALF
    return _around(near[:2].T, half, scores[columns], near[4:].argmax(axis=0))


def end_to_end(raw: Floats, low_score: float) -> Boxes:
    """Ultralytics v10 and 26: N x 6, one row a thing: x1, y1, x2, y2 in pixels of the input, score, class."""
    near = raw[raw[:, 4] > low_score]
    return Boxes(corners=near[:, :4], scores=near[:, 4], labels=near[:, 5].astype(np.intp))


def _around(centre: Floats, half: Floats, scores: Floats, labels: NDArray[np.intp]) -> Boxes:
    corners: Floats = np.concatenate((centre - half, centre + half), axis=1)
    return Boxes(corners=corners, scores=scores, labels=labels)


def reader(model: Model) -> Reader:
    """What turns `model`'s output (1 x ..., its batch dimension included) into one box per thing.

    The reader raises ModelError if the output is not this head's: a wrong reading could look like an empty place.
    """
    width, height = model.input
    cells, strides = grid(width, height)
    count, labels = len(cells), len(model.labels)
    decode: Reader
    match model.head:
        case "yolox":
            shape: tuple[int | None, ...] = (1, count, 4 + 1 + labels)
            decode = partial(yolox, cells=cells, strides=strides)
        case "ultralytics":
            shape, decode = (1, 4 + labels, count), ultralytics
        case "end_to_end":
            shape, decode = (1, None, 6), end_to_end

    def read(raw: Floats, low_score: float) -> Boxes:
        check(raw, shape, model)
        boxes = decode(raw[0], low_score)
        if model.head == "end_to_end":
            return _of_known_labels(boxes, model)
        return one_per_thing(boxes, model.nms_iou)

    return read


def check(raw: Floats, shape: tuple[int | None, ...], model: Model) -> None:
    """Raise ModelError unless `raw` has the head's shape (None: any length) and only numbers.

    Not-a-number compares as below every threshold: it would read as "nobody there".
    """
    if raw.ndim != len(shape) or any(want not in (None, got) for got, want in zip(raw.shape, shape, strict=True)):
        got, want = (" x ".join("N" if n is None else str(n) for n in sizes) for sizes in (raw.shape, shape))
        zh = (
            f"{model.file}：输出为 {got}，而 head = {model.head} 应为 {want}，"
            "请核对 manifest.toml 的 head、input 和 labels"
        )
        en = (
            f'{model.file}: its output is {got}, but head = "{model.head}" has {want}; '
            "mend head, input or labels in manifest.toml"
        )
        raise ModelError(Words(zh, en))
    if not np.isfinite(raw).all():
        zh = f"{model.file}：输出中有非数值（NaN 或无穷大），此运行时或精度不适用于该模型"
        en = f"{model.file}: its output holds NaN or infinity: this runtime or precision does not suit the model"
        raise ModelError(Words(zh, en))


def _of_known_labels(boxes: Boxes, model: Model) -> Boxes:
    if len(boxes.labels) and not 0 <= boxes.labels.min() <= boxes.labels.max() < len(model.labels):
        last = len(model.labels) - 1
        named = boxes.labels[(boxes.labels < 0) | (boxes.labels > last)][0]
        zh = f"{model.file}：输出了类别 {named}，而 labels 只有 0 至 {last}，请核对 manifest.toml"
        en = f"{model.file}: it names class {named}, but labels go from 0 to {last}: mend manifest.toml"
        raise ModelError(Words(zh, en))
    return boxes
