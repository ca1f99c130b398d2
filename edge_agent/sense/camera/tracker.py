"""Who is who from picture to picture: two-stage overlap matching with a constant-velocity guess.

After ByteTrack (Zhang 2022): sure boxes are matched first, then unsure ones may extend a track that
found none, so that somebody half hidden keeps a number. Only boxes of the present picture are ever
reported: a track that found no box waits in silence and is never shown where nobody was seen.
"""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class TrackLimits(Struct, frozen=True, kw_only=True):
    """How boxes are joined. Overlaps are intersection over union, 0 to 1."""

    sure_score: float  # of the model's manifest: from here on a box counts by itself
    sure_iou: float = 0.2  # ByteTrack's first stage: 1 - 0.8
    unsure_iou: float = 0.5  # its second stage: an unsure box must fit well
    forget_s: float = 2.0  # ByteTrack's 60 frames at 30 fps
    unsure_for_s: float = 5.0  # unsure boxes alone keep a track no longer: an empty chair is no person
    trust: float = 0.5  # share of a new velocity measurement; halves the jitter of the boxes


class Track(Struct, frozen=True, kw_only=True):
    """One followed thing: number, last box, its velocity (box corners per second), when seen."""

    id: int
    box: Floats
    speed: Floats
    seen_s: float
    sure_s: float  # when last seen in a sure box

    def at(self, now_s: float) -> Floats:
        """Where the box should be at `now_s`."""
        return self.box + self.speed * (now_s - self.seen_s)


class Tracks(Struct, frozen=True, kw_only=True):
    """All tracks of one camera and the next free number. Numbers are never used twice."""

    alive: tuple[Track, ...] = ()
    next_id: int = 1


def overlaps(a: Floats, b: Floats) -> Floats:
    """Intersection over union of every box of `a` (n x 4) with every box of `b` (m x 4)."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = _areas(high - low)
    union = _areas(a[:, 2:] - a[:, :2])[:, None] + _areas(b[:, 2:] - b[:, :2])[None, :] - shared
    found: Floats = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return found


def _areas(sides: Floats) -> Floats:
    """Width times height (the last dimension); nothing where one of them is negative."""
    sides = np.maximum(sides, 0)
    found: Floats = sides[..., 0] * sides[..., 1]
    return found


def pairs(overlap: Floats, at_least: float) -> list[tuple[int, int]]:
    """Rows and columns that belong together, the best overlap first; each at most once."""
    rows, columns = np.nonzero(overlap >= max(at_least, 1e-9))
    order = np.argsort(-overlap[rows, columns], kind="stable")
    used_rows: set[int] = set()
    used_columns: set[int] = set()
    found = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in used_rows and column not in used_columns:
            used_rows.add(row)
            used_columns.add(column)
            found.append((row, column))
    return found


def _moved(track: Track, box: Floats, now_s: float, trust: float, *, sure: bool) -> Track:
    """The track with its new box, its velocity brought up to date."""
    passed_s = now_s - track.seen_s
    speed = track.speed if passed_s <= 0 else track.speed * (1 - trust) + (box - track.box) / passed_s * trust
    return replace(track, box=box, speed=speed, seen_s=now_s, sure_s=now_s if sure else track.sure_s)


def _begun(number: int, box: Floats, now_s: float) -> Track:
    """A new track, standing still until it is seen to move."""
    return Track(id=number, box=box, speed=np.zeros(4), seen_s=now_s, sure_s=now_s)


def _match(
    tracks: list[Track], boxes: Floats, choice: list[int], now_s: float, at_least: float
) -> list[tuple[Track, int]]:
    """Pairs of a track and a box number out of `choice`."""
    if not tracks or not choice:
        return []
    guessed = np.stack([track.at(now_s) for track in tracks])
    return [(tracks[row], choice[column]) for row, column in pairs(overlaps(guessed, boxes[choice]), at_least)]


def follow(
    tracks: Tracks, corners: NDArray[np.floating], scores: NDArray[np.floating], now_s: float, limits: TrackLimits
) -> tuple[Tracks, list[tuple[int, int]]]:  # fmt: skip
    """Join the boxes of the picture taken at `now_s` to the tracks.

    Returns the tracks from now on, and (track number, box number) of everybody seen in this picture.
    Boxes scoring `limits.sure_score` or more may begin a track; weaker ones only extend one.
    """
    boxes = np.asarray(corners, dtype=np.float64).reshape(-1, 4)
    strong = np.flatnonzero(scores >= limits.sure_score).tolist()
    weak = np.flatnonzero(scores < limits.sure_score).tolist()
    waiting = [track for track in tracks.alive if now_s - track.seen_s <= limits.forget_s]
    first = _match(waiting, boxes, strong, now_s, limits.sure_iou)
    taken = {track.id for track, _ in first}
    open_to_weak = [t for t in waiting if t.id not in taken and now_s - t.sure_s <= limits.unsure_for_s]
    second = _match(open_to_weak, boxes, weak, now_s, limits.unsure_iou)
    seen = [(_moved(track, boxes[n], now_s, limits.trust, sure=True), n) for track, n in first]
    seen += [(_moved(track, boxes[n], now_s, limits.trust, sure=False), n) for track, n in second]
    used = {number for _, number in first}
    fresh = [number for number in strong if number not in used]
    seen += [(_begun(tracks.next_id + offset, boxes[n], now_s), n) for offset, n in enumerate(fresh)]
    seen_ids = {track.id for track, _ in seen}
    lost = tuple(track for track in waiting if track.id not in seen_ids)
    alive = (*(track for track, _ in seen), *lost)
    return Tracks(alive=alive, next_id=tracks.next_id + len(fresh)), [(track.id, number) for track, number in seen]
