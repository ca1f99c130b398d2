"""The gate's comparison of what two models tell of people on own pictures: helmet and vest of the labels' persons.

Boxes alone let a model through that finds every helmet and gives it to the wrong head. Compared are how often
"missing" is right and found, and how often somebody without was told to wear it, which is the worst answer.
"""

from collections.abc import Iterable

import numpy as np
from msgspec import Struct

from edge_agent.domain.observation import Worn
from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.model import measure, people
from edge_agent.ops.model.measure import Missing
from edge_agent.ops.model.shelf import Floats, Labelled, Picture
from edge_agent.sense.camera.boxes import Boxes
from edge_agent.sense.camera.persons import told
from edge_agent.sense.camera.persons.wearer import ITEMS, Wearer

NAMES = {"helmet": "安全帽", "vest": "背心"}


class Told(Struct):
    """What one model told of the persons of many pictures, item by item, and what is true of them."""

    said: dict[str, list[str]]
    true: dict[str, list[int]]

    def missing(self, item: str) -> Missing:
        """How "missing" was told."""
        return measure.missing(np.array(self.said[item], "U8"), np.array(self.true[item], np.int8))


def nothing_told() -> Told:
    """Before the first picture."""
    return Told({item: [] for item in ITEMS}, {item: [] for item in ITEMS})


def note(so_far: Told, wearer: Wearer | None, picture: Picture, seen: Boxes, item: Labelled) -> None:
    """Add the labels' persons of one picture; `seen` (corners as shares) is everything that the detector saw."""
    size = np.array([picture.shape[1], picture.shape[0]] * 2, np.float32)
    corners: Floats = item.boxes[item.boxes[:, 0] == people.PERSON, 1:] * size
    truth = people.truth(corners, item.boxes * np.concatenate((np.ones(1, np.float32), size)))
    boxes = Boxes(corners=seen.corners * size, scores=seen.scores, labels=seen.labels)
    everybody = dict(enumerate(told.cut(picture, corners)))
    items = {} if wearer is None else wearer.tell(corners, boxes, everybody)
    for row in range(len(corners)):
        for name, states in zip(ITEMS, (truth.helmet, truth.vest), strict=True):
            so_far.said[name].append(str(items.get(row, {}).get(name, Worn.UNSURE)))
            so_far.true[name].append(int(states[row]))


def behind(new: Told, live: Told, loss: float, fewest: int) -> Iterable[tuple[str, Words]]:
    """Per item: the figures in words, and why the new one is worse, if it is; of too few it is not asked."""
    for item in ITEMS:
        now, before = new.missing(item), live.missing(item)
        of = f"of {now.missing} without, {now.known - now.missing} with"
        if min(now.missing, now.known - now.missing) < fewest:
            yield f"{item} missing: not compared, {of}; {fewest} of each are needed", NOTHING
            continue
        text = f"{item} missing: {_figures(now)} ({_figures(before)}) {of}"
        yield text, _why(item, text) if _worse(now, before, loss) else NOTHING


def _worse(now: Missing, before: Missing, loss: float) -> bool:
    """Who tells of nobody is right about nobody; where the live one tells of nobody, any word is a gain."""
    if before.unsure == before.known:
        return False
    shares = [(part.precision or 0.0, part.recall or 0.0, -(part.passed / part.missing)) for part in (now, before)]
    return any(one < other - loss for one, other in zip(*shares, strict=True))


def _figures(part: Missing) -> str:
    right = "-" if part.precision is None else f"{part.precision:.3f}"
    return f"precision {right}, recall {part.recall or 0.0:.3f}, told worn {part.passed}"


def _why(item: str, text: str) -> Words:
    return Words(
        f"在自有图片上判断{NAMES[item]}逊于现用模型（括号内）：{text}",
        f"worse at telling of people on your pictures than the live one (in brackets): {text}",
    )
