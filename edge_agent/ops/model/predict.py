"""`edge-agent model predict`: what a model sees in the pictures of a folder, one JSON line a picture."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edge_agent.ops.model.eyes import Eyes
from edge_agent.ops.model.shelf import PICTURES, BadShelf, Picture
from edge_agent.sense.camera.boxes import Boxes
from edge_agent.sense.camera.manifest import PERSON
from edge_agent.sense.camera.persons.told import LEAST_SCORE, verdicts


def pictures(folder: Path) -> list[Path]:
    """The pictures of `folder`, in order of their names. Raises BadShelf."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
    except OSError as fault:
        raise BadShelf(f"{folder}: 无法打开该目录 this folder cannot be opened: {fault.strerror}") from fault
    if not found:
        kinds = ", ".join(sorted(kind[1:] for kind in PICTURES))
        raise BadShelf(f"{folder}: 没有图片（{kinds}） no pictures ({kinds}) in this folder")
    return found


def line(eyes: Eyes, path: Path, picture: Picture, *, least: float, people: bool) -> dict[str, Any]:
    """What is seen in one picture: boxes from the score `least` on, and the persons if `people`."""
    seen = eyes.look(picture, min(least, LEAST_SCORE))
    shown = seen.only(seen.scores >= least)
    said = {"image": path.stem, "width": picture.shape[1], "height": picture.shape[0]}
    said |= {"boxes": list(_boxes(eyes, shown))}
    if people:
        said |= {"persons": list(_persons(eyes, picture, seen))}
    return said


def _boxes(eyes: Eyes, boxes: Boxes) -> Iterator[dict[str, Any]]:
    rows = zip(boxes.labels.tolist(), boxes.scores.tolist(), boxes.corners.tolist(), strict=True)
    for label, score, corners in rows:
        yield {"label": eyes.entry.labels[label], "score": round(score, 4), "xyxy": _round(corners)}


def _persons(eyes: Eyes, picture: Picture, seen: Boxes) -> Iterator[dict[str, Any]]:
    """Persons whose box counts; weaker boxes of hats and vests may still speak about them."""
    counted = (seen.labels == eyes.entry.labels.index(PERSON)) & (seen.scores >= eyes.entry.score_threshold)
    found = seen.only(counted)
    told = verdicts(eyes.wearing, found.corners, eyes.shares(picture, found.corners, seen))
    for corners, score, (helmet, vest) in zip(found.corners.tolist(), found.scores.tolist(), told, strict=True):
        yield {"xyxy": _round(corners), "helmet": str(helmet), "vest": str(vest), "score": round(score, 4)}


def _round(corners: list[float]) -> list[float]:
    return [round(side, 2) for side in corners]


def text(said: dict[str, Any]) -> str:
    """The same line for a person to read."""
    boxes = "; ".join(f"{box['label']} {box['score']:.2f}" for box in said["boxes"]) or "nothing"
    people = "".join(f"\n  person: helmet {p['helmet']}, vest {p['vest']}" for p in said.get("persons", ()))
    return f"{said['image']} ({said['width']} x {said['height']}): {boxes}{people}"
