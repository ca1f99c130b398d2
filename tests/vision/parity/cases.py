"""The models that are compared, the picture, and how boxes are told to be the same."""

from pathlib import Path

import cv2
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.boxes import Boxes
from edge_agent.sense.camera.manifest import Model

MODELS = Path(__file__).resolve().parents[3] / "models"
GOLDEN = Path(__file__).with_name("golden.npz")
SIDE = 160
LABELS = ("person", "hardhat", "vest", "glove")
SCORE, IOU = 0.3, 0.5
PIXELS = 1.0  # of the picture: Ultralytics scales both sides by one factor, we each by its own
EVERY = 8  # every so many pixels of the input are kept


class Case(Struct, frozen=True):
    """One of Ultralytics' models: its yaml, whether it is exported so that it chooses itself, its head here."""

    yaml: str
    chooses: bool
    head: str

    @property
    def name(self) -> str:
        """As it is called in the file."""
        return self.yaml + ("_chooses" if self.chooses else "")


CASES = (
    Case("yolov8n", chooses=False, head="ultralytics"),
    Case("yolo11n", chooses=False, head="ultralytics"),
    Case("yolo26n", chooses=False, head="ultralytics"),
    Case("yolo26n", chooses=True, head="end_to_end"),
    Case("yolov10n", chooses=True, head="end_to_end"),
)


def entry(case: Case) -> Model:
    """As it would stand in a manifest."""
    shipped = manifest.model(MODELS, "ppe-nano-first")
    return replace(
        shipped, file=f"{case.name}.onnx", input=(SIDE, SIDE), labels=LABELS, hints=(), head=case.head,
        colour="rgb", scale="0-1", letterbox="centre", score_threshold=SCORE, nms_iou=IOU,
    )  # fmt: skip


def picture() -> NDArray[np.uint8]:
    """Blots of colour with an edge or two, of a size that leaves an odd line of padding."""
    blots = np.random.default_rng(3).integers(0, 255, (12, 17, 3), dtype=np.uint8)
    drawn = cv2.resize(blots, (331, 240), interpolation=cv2.INTER_NEAREST)
    cv2.rectangle(drawn, (138, 78), (182, 160), (0, 200, 255), -1)
    return drawn


def apart(ours: Boxes, theirs: NDArray[np.float32]) -> list[str]:
    """What differs; `theirs` are rows of corners in pixels of the picture, score, label."""
    height, width = picture().shape[:2]
    corners = ours.corners * np.array((width, height, width, height), np.float32)
    wrong = [] if len(corners) == len(theirs) else [f"{len(corners)} boxes, theirs are {len(theirs)}"]
    for *box, score, label in theirs.tolist():
        same = (ours.labels == label) & (np.abs(ours.scores - score) < 0.001)
        if not (same & (np.abs(corners - np.array(box, np.float32)).max(axis=1) < PIXELS)).any():
            wrong.append(f"no {LABELS[int(label)]} {score:.3f} at {box}")
    return wrong
