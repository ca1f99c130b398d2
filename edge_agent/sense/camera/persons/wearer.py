"""What the persons of one picture wear: cut out at full resolution, looked at by the judge, told."""

import numpy as np
from numpy.typing import NDArray

from edge_agent.domain.observation import Worn
from edge_agent.sense.camera.boxes import Boxes, Floats
from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.persons import told
from edge_agent.sense.camera.persons.entry import Wearing
from edge_agent.sense.camera.runtimes import Runtime

ITEMS = ("helmet", "vest")  # in the order of the judge's shares
MOST = 6  # persons looked at in one picture (1.5 ms each): in a crowd they take turns
Items = dict[str, Worn]


class Wearer:
    """One model's way of telling what people wear, used for the pictures of all cameras in turn."""

    def __init__(self, labels: tuple[str, ...], wearing: Wearing, judge: Runtime | None) -> None:
        """`labels` are the detector's; `judge` has loaded its weights (None: boxes alone tell)."""
        self._labels, self._wearing, self._judge = labels, wearing, judge
        can = told.witnessed(labels, judge=judge is not None)
        self.items = tuple(item for item, known in zip(ITEMS, can, strict=True) if known)

    @property
    def judges(self) -> bool:
        """Whether persons are looked at a second time."""
        return self._judge is not None

    def tall_enough(self, corners: Floats) -> NDArray[np.bool_]:
        """Who is large enough (corners in pixels) for the judge to be asked."""
        return told.tall_enough(self._wearing, corners)

    def judged(self, picture: Picture, corners: Floats) -> Floats:
        """The judge's own shares (n x 2) of everybody (corners in pixels); not a number without a judge."""
        return told.judged(self._judge, told.cut(picture, corners))

    def tell(self, corners: Floats, boxes: Boxes, cut: dict[int, Picture]) -> dict[int, Items]:
        """The items of those who were cut out, by their row in `corners`: those of everybody (all in pixels).

        Everybody is needed: a hat belongs to whoever is nearest below it. An item of which neither label nor judge
        speaks is left out: it is neither worn nor missing, and PPL-29 says that nobody looks for it.
        """
        judge, tall = told.nothing_said(len(corners)), self.tall_enough(corners)
        rows = [row for row in cut if tall[row]]
        judge[rows] = told.judged(self._judge, [cut[row] for row in rows])
        verdicts = told.verdicts(self._wearing, corners, told.shares(self._labels, corners, boxes, judge))
        found = {row: dict(zip(ITEMS, verdicts[row], strict=True)) for row in cut}
        return {row: {item: items[item] for item in self.items} for row, items in found.items()}


def whose_turn(looked: dict[int, int], tracks: list[int], most: int = MOST) -> list[int]:
    """Which of `tracks` are looked at now: those whose last look (`looked`: picture number) is longest ago."""
    return sorted(tracks, key=lambda track: (looked.get(track, -1), track))[:most]
