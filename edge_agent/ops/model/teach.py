"""What a model sees in all training pictures, kept in one file: it stands in for labels that sets lack."""

import json
import sys
from pathlib import Path

import numpy as np

from edge_agent.ops.model import shelf
from edge_agent.ops.model.eyes import Eyes
from edge_agent.ops.model.shelf import LABELS
from edge_agent.sense.camera.detector import LOW_SCORE

SAVE_EVERY = 500  # pictures


def taught(eyes: Eyes, data: Path, sets: Path, without: tuple[str, ...], file: Path) -> None:
    """Write `file`; goes on where it was. Raises BadShelf."""
    seen: dict[str, list[list[float]]] = json.loads(file.read_bytes()) if file.exists() else {}
    for name, source in shelf.teaching(sets, without).items():
        for item in shelf.labelled(data, name, source):
            if item.key not in seen:
                seen[item.key] = _boxes(eyes, item.path)
                if len(seen) % SAVE_EVERY == 0:
                    _save(file, seen)
                    sys.stderr.write(f"{file}: {len(seen)} pictures\n")
    _save(file, seen)


def _boxes(eyes: Eyes, path: Path) -> list[list[float]]:
    """Label number, score, and corners as shares of the picture."""
    picture = shelf.picture(path)
    found = eyes.look(picture, LOW_SCORE)
    numbers = [LABELS.index(label) if label in LABELS else -1 for label in eyes.entry.labels]
    corners = found.corners / np.array([picture.shape[1], picture.shape[0]] * 2, np.float32)
    rows = zip(found.labels.tolist(), found.scores.tolist(), corners.round(4).tolist(), strict=True)
    return [[numbers[label], round(score, 3), *box] for label, score, box in rows if numbers[label] >= 0]


def _save(file: Path, seen: dict[str, list[list[float]]]) -> None:
    part = file.with_suffix(".part")
    part.write_text(json.dumps(seen), "ascii")
    part.replace(file)
