"""What a picture teaches: boxes that are there, and regions about which nothing is said.

Where a set does not label something, a model's sure boxes stand in for labels, and its unsure ones become
regions about which nothing is claimed. Where a set does label it, a sure box that matches no label is such
a region too: the distant person whom nobody drew is no proof of "nobody here".
"""

import json
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.ops.model.shelf import LABELS, BadShelf, Floats, Labelled, Source
from edge_agent.sense.camera.tracker import overlaps

SURE = 0.5  # score from which a box stands in for a label
LIKELY = 0.3  # score from which an unmatched box makes "nothing here" doubtful
SAME = 0.4  # overlap of boxes that mean the same thing


class Claims(Struct, frozen=True):
    """`boxes`: label number and corners (n x 5); `doubtful`: corners (m x 4); all as shares of the picture."""

    boxes: Floats
    doubtful: Floats


def taught(file: Path | None) -> dict[str, Floats]:
    """What a model saw in the pictures: key -> label number, score, corners (n x 6). Raises BadShelf."""
    if file is None:
        return {}
    try:
        rows = json.loads(file.read_bytes())
        return {key: np.array(boxes, np.float32).reshape(-1, 6) for key, boxes in rows.items()}
    except (OSError, ValueError, AttributeError) as fault:
        raise BadShelf(f"{file}: 无法使用 cannot be used: {fault}") from fault


def claims(picture: Labelled, source: Source, seen: Floats | None) -> Claims:
    """What `picture` teaches, given what a model saw in it."""
    own = picture.boxes[picture.boxes[:, 0] < len(LABELS)]
    if seen is None or not len(seen):
        return Claims(own, np.zeros((0, 4), np.float32))
    named = np.isin(seen[:, 0], [LABELS.index(label) for label in source.labelled if label in LABELS])
    new = ~_matched(seen, own)
    standing_in = new & ~named & (seen[:, 1] >= SURE)
    doubtful = new & ((~named & (seen[:, 1] < SURE)) | (named & (seen[:, 1] >= LIKELY)))
    return Claims(np.concatenate((own, seen[standing_in][:, [0, 2, 3, 4, 5]])), seen[doubtful, 2:])


def _matched(seen: Floats, own: Floats) -> NDArray[np.bool_]:
    """Which boxes of a model are labelled already."""
    same = overlaps(seen[:, 2:].astype(np.float64), own[:, 1:].astype(np.float64)) >= SAME
    matched: NDArray[np.bool_] = (same & (seen[:, None, 0] == own[None, :, 0])).any(1)
    return matched
