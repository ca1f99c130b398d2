"""The gate before a model goes live: it says here what it says on the CPU, and sees no less than the live one.

Judged on drawn pictures, which every box has: they tell a model that is fed or read wrongly from one that is not.
"""

import numpy as np
from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.camera.boxes import Floats
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.manifest import PERSON
from edge_agent.sense.camera.proof.canary import Shares
from edge_agent.sense.camera.proof.drawn import GATE, Corners, drawn, mirrored, mirrored_boxes
from edge_agent.sense.camera.runtimes.meanwhile import APART
from edge_agent.sense.camera.tracker import overlaps

IOU = 0.5
LOSS = 0.1  # of recall or precision that a new model may be behind the live one: two of the drawn people
MEND = Words(
    "请用现场标注图片比较（见 models/README.md），或改回原模型",
    "judge both on real pictures with edge-agent model accept SITE --data DIR, or name the old model in site.toml",
)


class Score(Struct, frozen=True):
    """People found, people there, boxes of people told."""

    found: int
    there: int
    told: int

    @property
    def recall(self) -> float:
        """Of those there."""
        return self.found / self.there if self.there else 0.0

    @property
    def precision(self) -> float:
        """Of those told; a model that tells of nobody is right about nobody."""
        return self.found / self.told if self.told else 0.0


def pictures() -> tuple[tuple[Picture, Corners], ...]:
    """Each drawn scene and its mirror, with the people in it."""
    made: list[tuple[Picture, Corners]] = []
    for scene in GATE:
        picture, persons = drawn(scene), scene.persons
        made += [(picture, persons), (mirrored(picture), mirrored_boxes(persons))]
    return tuple(made)


def score(detector: Detector) -> Score:
    """How many of the drawn people it finds, at its own threshold."""
    found = there = told = 0
    for picture, persons in pictures():
        detector.fit(picture)
        seen = detector.look()
        counted = (seen.labels == detector.labels.index(PERSON)) & (seen.scores >= detector.threshold)
        corners = seen.corners[counted]
        found += _found(corners, persons)
        there += len(persons)
        told += len(corners)
    return Score(found, there, told)


def _found(corners: Floats, persons: Corners) -> int:
    """How many persons have a box of their own."""
    free, found = np.ones(len(corners), bool), 0
    for row in overlaps(persons, corners.astype(np.float64)):
        best = np.where(free, row, 0.0)
        if len(best) and best.max() >= IOU:
            free[best.argmax()] = False
            found += 1
    return found


def apart(detector: Detector, plain: Detector) -> Words:
    """Why two sessions of one model do not say the same of the drawn pictures; nothing if they do."""
    for number, (picture, _) in enumerate(pictures()):
        detector.fit(picture)
        plain.fit(picture)
        one, two = detector.raw(), plain.raw()
        if one.shape != two.shape or not np.allclose(one, two, rtol=APART, atol=APART):
            return Words(
                f"运行时与 CPU 结果不一致（第 {number + 1} 幅内置画面），"
                "请更新驱动或改用 vision.runtime = onnx-cpu",
                f"the runtime does not say what the CPU says of built-in picture {number + 1}: renew its driver "
                "and package, or set vision.runtime = onnx-cpu",
            )
    return NOTHING


def judges_apart(worn: tuple[Shares, ...], plain: tuple[Shares, ...]) -> Words:
    """Why two sessions of one judge of persons do not say the same of the drawn workers; nothing if they do."""
    if np.shape(worn) == np.shape(plain) and np.allclose(worn, plain, rtol=APART, atol=APART):
        return NOTHING
    return Words(
        "人员判别模型在该运行时上的结果与 CPU 不一致，请更新驱动或改用 vision.runtime = onnx-cpu",
        "the judge of persons does not say on this runtime what it says on the CPU: renew its driver and package, "
        "or set vision.runtime = onnx-cpu",
    )


def behind(new: Score, live: Score) -> Words:
    """Why a new model may not take the live one's place; nothing if it may."""
    if new.recall >= live.recall - LOSS and new.precision >= live.precision - LOSS:
        return NOTHING
    zh = (
        f"内置画面中 {live.there} 人：新模型检出 {new.found} 人、误检 {new.told - new.found} 个，"
        f"现用模型检出 {live.found} 人、误检 {live.told - live.found} 个"
    )
    en = (
        f"of {live.there} people in the built-in pictures the new model finds {new.found} and tells "
        f"{new.told - new.found} too many, the live one {live.found} and {live.told - live.found}"
    )
    return Words(zh, en).then(MEND)
