"""Where a model fails, to be looked at: the worst cases of each kind as pictures, with an index to open.

Which kinds there are, and how often each happens, says more of a model than its figures; whoever judges it on
pictures of an own site should look at these first.
"""

import csv
import heapq
import html
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from msgspec import Struct

from edge_agent.domain.observation import Worn
from edge_agent.domain.words import Words
from edge_agent.ops.model import measure
from edge_agent.ops.model.evaluate import KINDS, OnePicture
from edge_agent.ops.model.eyes import Eyes
from edge_agent.ops.model.people import MISSING, WORN
from edge_agent.ops.model.shelf import FILE_LABELS, LABELS, BadShelf, Floats, Picture, Source
from edge_agent.sense.camera.persons.told import Shares
from edge_agent.sense.camera.tracker import overlaps, pairs

AROUND, SHOWN_PX, LEAST_AROUND_PX = 0.7, 420, 40  # of the box, each side; height of a written picture
TRUE, SAID, CASE = (60, 160, 0), (200, 120, 0), (0, 0, 230)  # colours of boxes, blue-green-red
LETTERS, LINE_PX = 0.42, 18
NAMES = {
    "helmet_passed": Words("未戴安全帽，却判为已戴（最危险）", "helmet missing, told worn: the most dangerous"),
    "helmet_false": Words("戴着安全帽，却判为未戴", "helmet worn, told missing"),
    "vest_passed": Words("未穿背心，却判为已穿", "vest missing, told worn"),
    "vest_false": Words("穿着背心，却判为未穿", "vest worn, told missing"),
    "person_missed": Words("有人，未检出", "a person, not found"),
    "person_extra": Words("无人员标注处检出人员", "a person found where none is labelled"),
    "hardhat_missed": Words("有安全帽，未检出", "a hard hat, not found"),
    "hardhat_extra": Words("无标注处检出安全帽", "a hard hat found where none is labelled"),
    "vest_missed": Words("有背心，未检出", "a vest, not found"),
    "vest_extra": Words("无标注处检出背心", "a vest found where none is labelled"),
}


class Case(Struct, frozen=True):
    """One failure: how bad among its kind, where (corners in pixels), what was told and how surely."""

    bad: float
    key: str
    corners: Floats
    words: str


class Failures:
    """Collects over all sets, keeping the worst of each kind with its picture."""

    def __init__(self, folder: Path, eyes: Eyes, worst: int) -> None:
        """`folder` must be empty or not there: old cases would lie among the new ones. Raises BadShelf."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            strange = next(iter(folder.iterdir()), None)
        except OSError as fault:
            raise BadShelf(f"{folder}: 无法使用 cannot be used: {fault.strerror}") from fault
        if strange is not None:
            raise BadShelf(f"{folder}: 目录不为空，请另选目录 not empty ({strange.name}): name another folder")
        self._folder, self._eyes, self._worst = folder, eyes, worst
        self._counts: Counter[str] = Counter()
        self._kept: dict[str, list[tuple[float, int, Case, Picture]]] = {}
        self._number = itertools.count()  # of two equally bad cases the first comes first

    def of(self, source: Source) -> Callable[[OnePicture], None]:
        """What looks at each picture of a set."""
        return lambda one: self._note(one, source)

    def _note(self, one: OnePicture, source: Source) -> None:
        for kind, case in itertools.chain(wearing(one), boxes(self._eyes, one, source)):
            self._counts[kind] += 1
            kept = self._kept.setdefault(kind, [])
            if len(kept) < self._worst or case.bad > kept[0][0]:
                heapq.heappush(kept, (case.bad, -next(self._number), case, shown(self._eyes, one, case)))
                if len(kept) > self._worst:
                    heapq.heappop(kept)

    def written(self) -> list[str]:
        """Write pictures, cases.csv and index.html; a line for people per kind. Raises BadShelf."""
        rows = [
            (kind, f"{kind}-{at:02}.jpg", case, picture)
            for kind in NAMES
            for at, (_, _, case, picture) in enumerate(sorted(self._kept.get(kind, ()), reverse=True), 1)
        ]
        try:
            for _, name, _, picture in rows:
                (self._folder / name).write_bytes(cv2.imencode(".jpg", picture)[1].tobytes())
            with (self._folder / "cases.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(("kind", "file", "picture", "x1", "y1", "x2", "y2", "words"))
                for kind, name, case, _ in rows:
                    writer.writerow((kind, name, case.key, *case.corners.round(1).tolist(), case.words))
            (self._folder / "index.html").write_text(_page(self._counts, rows), "utf-8")
        except OSError as fault:
            raise BadShelf(f"{self._folder}: 无法写入 cannot be written: {fault.strerror}") from fault
        counts = [f"  {self._counts[kind]:6} {words.zh} {words.en}" for kind, words in NAMES.items()]
        return [f"{self._folder / 'index.html'}:", *(line for line in counts if not line.startswith("       0 "))]


def wearing(one: OnePicture) -> Iterator[tuple[str, Case]]:
    """Persons of whom the wrong thing was told: on the labels' persons where there are such."""
    told = one.found if one.given is None else one.given
    shares = Shares(told.boxes, told.judge).all
    for at, name in enumerate(KINDS):
        passed = (told.told[:, at] == Worn.WORN) & (told.states[:, at] == MISSING)
        false = (told.told[:, at] == Worn.MISSING) & (told.states[:, at] == WORN)
        for row in np.flatnonzero(passed | false).tolist():
            share = float(shares[row, at])
            words = f"{name}: boxes {told.boxes[row, at]:.2f}, judge {told.judge[row, at]:.2f}, both {share:.2f}"
            kind = f"{name}_passed" if passed[row] else f"{name}_false"
            bad = share if passed[row] else 1 - share
            yield kind, Case(bad, one.item.key, told.corners[row], words)


def boxes(eyes: Eyes, one: OnePicture, source: Source) -> Iterator[tuple[str, Case]]:
    """What was not found, the largest first, and what was found where nothing is labelled, the surest first."""
    for label in ("person", "hardhat", "vest"):
        if label not in source.labelled or label not in eyes.entry.labels:
            continue
        counted = (one.seen.labels == eyes.entry.labels.index(label)) & (
            one.seen.scores >= eyes.entry.score_threshold
        )
        seen, true = one.seen.only(counted), one.truth[one.truth[:, 0] == LABELS.index(label), 1:]
        same = pairs(overlaps(true.astype(np.float64), seen.corners.astype(np.float64)), measure.IOU)
        for row in set(range(len(true))) - {row for row, _ in same}:
            high = float(true[row, 3] - true[row, 1])
            yield f"{label}_missed", Case(high, one.item.key, true[row], f"{high:.0f} px high")
        for column in set(range(len(seen.scores))) - {column for _, column in same}:
            score = float(seen.scores[column])
            yield f"{label}_extra", Case(score, one.item.key, seen.corners[column], f"score {score:.2f}")


def shown(eyes: Eyes, one: OnePicture, case: Case) -> Picture:
    """The part of the picture around a case: labels green, what was seen blue, the case red, words below."""
    limit = np.array([one.picture.shape[1], one.picture.shape[0]] * 2)
    sides = np.maximum((case.corners[2:] - case.corners[:2]) * AROUND, LEAST_AROUND_PX)
    x1, y1, x2, y2 = np.clip(case.corners + np.concatenate((-sides, sides)), 0, limit).round().astype(int).tolist()
    zoom = min(SHOWN_PX / (y2 - y1), 2 * SHOWN_PX / (x2 - x1))
    part = cv2.resize(one.picture[y1:y2, x1:x2], None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)

    def box(corners: Floats, colour: tuple[int, int, int], thick: int, words: str = "") -> None:
        a, b, c, d = ((corners - (x1, y1, x1, y1)) * zoom).round().astype(int).tolist()
        cv2.rectangle(part, (a, b), (c, d), colour, thick)
        cv2.putText(
            part, words, (max(2, a + 2), max(12, b - 4)), cv2.FONT_HERSHEY_SIMPLEX, LETTERS, colour, 1, cv2.LINE_AA
        )

    for row in one.truth:
        box(row[1:], TRUE, 1, FILE_LABELS[int(row[0])])
    counted = one.seen.only(one.seen.scores >= eyes.entry.score_threshold)
    for corners, label, score in zip(
        counted.corners, counted.labels.tolist(), counted.scores.tolist(), strict=True
    ):
        box(corners, SAID, 1, f"{eyes.entry.labels[label]} {score:.2f}")
    box(case.corners, CASE, 2)
    return _with_words(np.asarray(part, np.uint8), (case.key, case.words))


def _with_words(part: Picture, lines: tuple[str, ...]) -> Picture:
    wide = max(part.shape[1], SHOWN_PX)
    canvas = np.full((part.shape[0] + LINE_PX * len(lines) + 6, wide, 3), 255, np.uint8)
    canvas[: part.shape[0], : part.shape[1]] = part
    for at, line in enumerate(lines, 1):
        place = (4, part.shape[0] + LINE_PX * at)
        _write(canvas, line, place, (0, 0, 0))
    return canvas


def _write(canvas: Picture, words: str, place: tuple[int, int], colour: tuple[int, int, int]) -> None:
    cv2.putText(canvas, words, place, cv2.FONT_HERSHEY_SIMPLEX, LETTERS, colour, 1, cv2.LINE_AA)


def _page(counts: Counter[str], rows: list[tuple[str, str, Case, Picture]]) -> str:
    parts = [
        '<!doctype html><html lang="zh"><meta charset="utf-8"><title>失误案例 failures</title>',
        "<style>body{font:15px sans-serif;margin:1rem}img{margin:4px;border:1px solid #999}</style>",
        "<p>绿：标注；蓝：模型所见；红：此案例。 Green: labels; blue: what the model saw; red: the case.</p>",
    ]
    for kind, words in NAMES.items():
        if counts[kind]:
            parts.append(f"<h2>{html.escape(words.zh)} {html.escape(words.en)}: {counts[kind]}</h2>")
            parts += [
                f'<img src="{name}" alt="{html.escape(f"{case.key} {case.words}")}">'
                for of, name, case, _ in rows
                if of == kind
            ]
    return "\n".join(parts) + "\n"
