"""A model of the manifest as prediction and evaluation use it: a picture in, boxes and persons out."""

import hashlib
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from edge_agent.domain.words import Words
from edge_agent.ops.model import crops
from edge_agent.ops.model.shelf import Floats, Picture
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.boxes import Boxes
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.runtimes import Runtime, choose
from edge_agent.sense.camera.runtimes.wanted import Wanted

LEAST_SCORE = 0.01  # of a box that is spoken of: weaker ones change neither a figure nor a verdict
Share = Annotated[float, Meta(ge=0, le=1)]


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """Below `missing_below` it is missing, from `worn_from` on it is worn, between them nobody can tell."""

    missing_below: Share
    worn_from: Share


class Wearing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a model tells what a person wears: manifest table `[NAME.wearing]`.

    A person lower than `least_px` in the picture is never told. `judge` is the file of the second model
    that looks at each person at full resolution; without one the boxes alone decide.
    """

    least_px: Annotated[int, Meta(ge=1)]
    helmet: Band
    vest: Band
    judge: str | None = None
    judge_sha256: str | None = None


# Nobody has measured where to draw the line: only what is all but certain is told.
UNTUNED = Wearing(least_px=48, helmet=Band(0.1, 0.9), vest=Band(0.05, 0.8))


class Eyes:
    """One detector, the judge of persons beside it if there is one, and how both are read."""

    def __init__(self, detector: Runtime, entry: manifest.Model, judge: Runtime | None, wearing: Wearing) -> None:
        """Both runtimes have loaded their weights."""
        self.entry, self.wearing = entry, wearing
        self._detector, self._judge = Detector(detector, entry), judge

    @property
    def judges(self) -> bool:
        """Whether persons are looked at a second time."""
        return self._judge is not None

    def look(self, picture: Picture, low_score: float) -> Boxes:
        """Everything above `low_score`; corners in pixels of `picture`."""
        self._detector.fit(picture)
        found = self._detector.look(low_score)
        size = np.array([picture.shape[1], picture.shape[0]] * 2, np.float32)
        return Boxes(corners=found.corners * size, scores=found.scores, labels=found.labels)

    def judged(self, picture: Picture, persons: Floats) -> Floats:
        """Per person the judge's shares for helmet and vest (n x 2); without a judge, not a number."""
        if self._judge is None or not len(persons):
            return np.full((len(persons), 2), np.nan, np.float32)
        return np.stack([self._judge.run(_tensor(crops.cut(picture, corners)))[0] for corners in persons])


def _tensor(picture: Picture) -> NDArray[np.float32]:
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], dtype=np.float32)


def named(folder: Path, name: str, wanted: Wanted) -> Eyes:
    """The model `name` of a models folder. Raises ModelError."""
    entry = manifest.model(folder, name)
    detector = choose.load(manifest.weights(folder, name), wanted)
    wearing = _wearing(folder / "manifest.toml", name)
    judge = None if wearing.judge is None else choose.load(_judge(folder, wearing), wanted)
    return Eyes(detector, entry, judge, wearing)


class _Entry(Struct):
    wearing: Wearing = UNTUNED


def _wearing(file: Path, name: str) -> Wearing:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=dict[str, _Entry])[name].wearing
    except msgspec.ValidationError as fault:
        zh = f"{file}：{name}.wearing 的内容有误（{fault}）"
        raise ModelError(Words(zh, f"{file}: {name}.wearing: {fault}")) from fault


def _judge(folder: Path, wearing: Wearing) -> bytes:
    """The checked bytes of the judge of persons."""
    path = folder / str(wearing.judge)
    try:
        content = path.read_bytes()
    except OSError as fault:
        zh = f"{path}：无法读取，请用发布包中的文件恢复"
        raise ModelError(Words(zh, f"{path}: cannot be read; restore it from the release")) from fault
    if hashlib.sha256(content).hexdigest() != wearing.judge_sha256:
        zh = f"{path}：不是清单指定的文件，请用发布包中的文件恢复"
        en = f"{path}: not the file that the manifest names; restore it from the release"
        raise ModelError(Words(zh, en))
    return content
