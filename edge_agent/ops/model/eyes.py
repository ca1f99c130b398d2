"""A model of the manifest as prediction and evaluation use it: a picture in, boxes and persons out."""

from pathlib import Path

import numpy as np

from edge_agent.ops.model.shelf import Floats, Picture
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.boxes import Boxes
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.persons import entry as wearing_entry
from edge_agent.sense.camera.persons import told
from edge_agent.sense.camera.persons.entry import Band, Wearing
from edge_agent.sense.camera.persons.told import Shares
from edge_agent.sense.camera.persons.wearer import Wearer
from edge_agent.sense.camera.runtimes import Runtime, choose
from edge_agent.sense.camera.runtimes.wanted import Wanted

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

    def on_site(self) -> tuple[Detector, Wearer]:
        """The same two as a camera's own judge uses them."""
        return self._detector, Wearer(self.entry.labels, self.wearing, self._judge)

    def look(self, picture: Picture, low_score: float) -> Boxes:
        """Everything above `low_score`; corners in pixels of `picture`."""
        self._detector.fit(picture)
        found = self._detector.look(low_score)
        size = np.array([picture.shape[1], picture.shape[0]] * 2, np.float32)
        return Boxes(corners=found.corners * size, scores=found.scores, labels=found.labels)

    def shares(self, picture: Picture, persons: Floats, boxes: Boxes) -> Shares:
        """What is seen of `persons` (corners in pixels), who may come from `boxes` or from elsewhere."""
        judge = told.judged(self._judge, told.cut(picture, persons))
        return told.shares(self.entry.labels, persons, boxes, judge)


def named(folder: Path, name: str, wanted: Wanted) -> Eyes:
    """The model `name` of a models folder. Raises ModelError."""
    entry = manifest.model(folder, name)
    detector = choose.load(manifest.weights(folder, name), wanted)
    wearing = wearing_entry.wearing(folder, name) or UNTUNED
    judge = None if wearing.judge is None else choose.load(wearing_entry.judge(folder, name, wearing), wanted)
    return Eyes(detector, entry, judge, wearing)
