"""The shelf as Ultralytics' trainer reads it: links to the pictures, a text file of boxes beside each, two lists.

It knows no region about which nothing is claimed: what is doubtful there counts as empty.
"""

import json
import math
from pathlib import Path

import numpy as np

from edge_agent.ops.model import shelf
from edge_agent.ops.model.claims import claims, taught
from edge_agent.ops.model.shelf import LABELS, BadShelf, Floats

HELD_OUT = 20  # of so many pictures one chooses the best epoch and teaches nothing
FILE = "data.yaml"


def written(data: Path, sets: Path, without: tuple[str, ...], seen: Path | None, out: Path) -> Path:
    """Write everything into `out`; returns what the trainer is given. Raises BadShelf."""
    known = taught(seen)
    images, labels = out / "images", out / "labels"
    lists: dict[str, list[str]] = {"train": [], "val": []}
    try:
        images.mkdir(parents=True, exist_ok=True)
        labels.mkdir(exist_ok=True)
        for name, source in shelf.teaching(sets, without).items():
            items = shelf.labelled(data, name, source)
            for number in _chosen(len(items), source.share):
                item = items[number]
                link = images / f"{name}--{item.path.name}"
                link.unlink(missing_ok=True)
                link.symlink_to(item.path.resolve())
                boxes = claims(item, source, known.get(item.key)).boxes
                (labels / f"{link.stem}.txt").write_text(_text(boxes), "ascii")
                lists["val" if number % HELD_OUT == HELD_OUT - 1 else "train"].append(str(link.absolute()))
        lists["val"] = lists["val"] or lists["train"]  # too few to hold any out
        for part, paths in lists.items():
            (out / f"{part}.txt").write_text("\n".join(paths) + "\n", "utf-8")
        (out / FILE).write_text(_described(out), "utf-8")
    except OSError as fault:
        raise BadShelf(f"{out}: 无法写入 cannot be written: {fault.strerror}") from fault
    return out / FILE


def _described(out: Path) -> str:
    """Their YAML; JSON is YAML too, so that no path in it needs care."""
    names = dict(enumerate(LABELS))
    return json.dumps({"path": str(out.absolute()), "train": "train.txt", "val": "val.txt", "names": names}) + "\n"


def _chosen(count: int, share: float) -> list[int]:
    """Which pictures of a set an epoch takes: evenly spread where it is a part, each once otherwise."""
    taken = max(1, math.ceil(min(1.0, share) * count))
    numbers: list[int] = np.linspace(0, count - 1, taken).round().astype(int).tolist()
    return numbers


def _text(boxes: Floats) -> str:
    """Label number, middle and sides as shares: what their label files hold."""
    rows = []
    for label, x1, y1, x2, y2 in boxes.tolist():
        rows.append(f"{int(label)} {(x1 + x2) / 2:.6f} {(y1 + y2) / 2:.6f} {x2 - x1:.6f} {y2 - y1:.6f}\n")
    return "".join(rows)
