"""The canary: drawn people through the live model every few minutes, as if a camera had shown them.

A session can fail without a word: a driver that hands out the last answer again, memory that went bad, halves
where whole numbers were measured. Its pictures would show an empty place. So the model is asked about two pictures
of which the answer is known, one the mirror of the other: whoever always says the same is wrong about one of them.
Until it is right again nothing it says of any camera counts.
"""

import hashlib
from collections.abc import Callable

import numpy as np
from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words, WordsError
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.manifest import PERSON
from edge_agent.sense.camera.persons.wearer import Wearer
from edge_agent.sense.camera.proof.drawn import CANARY, HEIGHT, WIDTH, drawn, mirrored, mirrored_boxes
from edge_agent.sense.camera.tracker import overlaps

Box = tuple[float, float, float, float]
SAME_PLACE = 0.7  # overlap with the box expected: drawn and computed elsewhere, a corner moves by a pixel or two
SAME_SCORE = 0.15
HALF = 0.5
THERE = 0.5  # overlap with somebody drawn
RETRY_S = 2.0
BROKEN_AFTER = 3  # failures in a row after which the program is to be started anew, if it ever was right


class Expected(Struct, frozen=True):
    """One thing that the model saw in a canary picture when it was accepted: label, corners as shares, score."""

    label: str
    box: Box
    score: float


Shares = tuple[tuple[float, float], ...]  # helmet and vest of each drawn worker, from the judge of persons


class Answer(Struct, frozen=True):
    """Of each canary picture: what the detector saw, and what the judge of persons said of the workers, if any."""

    things: tuple[tuple[Expected, ...], ...]
    worn: tuple[Shares, ...] = ()
    asked: str = ""  # the pictures' SHA-256


def pictures() -> tuple[Picture, Picture]:
    """What the model is shown."""
    picture = drawn(CANARY)
    return picture, mirrored(picture)


def digest() -> str:
    """Of the pictures as they are drawn now: another release or library may draw them otherwise."""
    return hashlib.sha256(b"".join(picture.tobytes() for picture in pictures())).hexdigest()


def answer(detector: Detector, wearer: Wearer | None) -> Answer:
    """What the model says of the canary pictures. Raises what its runtimes raise."""
    things = tuple(_seen(detector, picture, detector.threshold) for picture in pictures())
    return Answer(things, () if wearer is None else _worn(wearer), digest())


def _seen(detector: Detector, picture: Picture, least: float) -> tuple[Expected, ...]:
    detector.fit(picture)
    seen = detector.look()
    rows = zip(seen.labels.tolist(), seen.corners.round(4).tolist(), seen.scores.round(3).tolist(), strict=True)
    named = (Expected(detector.labels[n], (x1, y1, x2, y2), score) for n, (x1, y1, x2, y2), score in rows)
    return tuple(thing for thing in named if thing.score >= least and thing.label not in detector.hints)


def _worn(wearer: Wearer) -> tuple[Shares, ...]:
    """Of the workers where they are drawn; nothing where boxes alone tell."""
    size = np.array([WIDTH, HEIGHT] * 2)
    places = (CANARY.persons, mirrored_boxes(CANARY.persons))
    if not wearer.judges:
        return ()
    told = [
        wearer.judged(picture, (corners * size).astype(np.float32)).round(4).tolist()
        for picture, corners in zip(pictures(), places, strict=True)
    ]
    return tuple(tuple((helmet, vest) for helmet, vest in shares) for shares in told)


def wrong(detector: Detector, wearer: Wearer | None, expected: Answer) -> Words:
    """Why the model is not to be trusted now; nothing if it answers as it did."""
    try:
        if blind := _blind(expected.things) or _confused(expected.worn):
            return blind
        for picture, things in zip(pictures(), expected.things, strict=True):
            seen = _seen(detector, picture, 0.0)
            missed = sum(not any(_same(thing, other) for other in seen) for thing in things)
            extra = _extra(seen, things, detector.threshold + SAME_SCORE)
            if missed or extra:
                return _otherwise(len(things), missed, extra)
        if wearer is not None and not _same_shares(_worn(wearer), expected.worn):
            return JUDGE_OTHERWISE
    except WordsError as fault:
        return Words("内置画面自检失败", "the check by the built-in picture failed").then(fault.words)
    except Exception as fault:  # noqa: BLE001 - whatever a runtime throws, the model is not judging
        kind = type(fault).__name__
        return Words(f"内置画面自检失败（{kind}）", f"the check by the built-in picture failed ({kind}: {fault})")
    return NOTHING


def _same_shares(now: tuple[Shares, ...], then: tuple[Shares, ...]) -> bool:
    """Not-a-number is never the same."""
    return len(now) == len(then) and bool(
        all(np.all(np.abs(np.array(a) - np.array(b)) <= SAME_SCORE) for a, b in zip(now, then, strict=True))
    )


def _confused(worn: tuple[Shares, ...]) -> Words:
    """A judge that was accepted must have told who wears something from who does not."""
    wears = [(worker.hat is not None, worker.vest is not None) for worker in CANARY.workers]
    for shares in worn:
        if np.shape(shares) != np.shape(wears) or not np.array_equal(np.array(shares) > HALF, wears):
            return Words(
                "人员判别模型分不清内置画面中的人是否佩戴安全帽和背心，请更换模型",
                "the judge of persons cannot tell who wears a helmet or a vest in the built-in picture: "
                "choose another model",
            )
    return NOTHING


def _blind(expected: tuple[tuple[Expected, ...], ...]) -> Words:
    """What was accepted must itself have shown drawn people where they are, in each picture."""
    corners = CANARY.persons
    for persons, things in zip((corners, mirrored_boxes(corners)), expected or ((), ()), strict=True):
        seen = [thing.box for thing in things if thing.label == PERSON]
        if not seen or overlaps(persons, np.array(seen, np.float64)).max() < THERE:
            return Words(
                "模型看不出内置画面中的人，请更换模型",
                "the model does not see the people of the built-in picture: choose another model",
            )
    return NOTHING


def _same(thing: Expected, other: Expected) -> bool:
    one, two = (np.array([t.box], np.float64) for t in (thing, other))
    close = thing.label == other.label and abs(thing.score - other.score) <= SAME_SCORE
    return close and bool(overlaps(one, two)[0, 0] >= SAME_PLACE)


def _extra(seen: tuple[Expected, ...], things: tuple[Expected, ...], from_score: float) -> int:
    """How many are seen, surely, where nothing is."""
    sure = [other for other in seen if other.score >= from_score]
    return sum(not any(_same(other, thing) for thing in things) for other in sure)


def _otherwise(count: int, missed: int, extra: int) -> Words:
    return Words(
        f"内置画面自检不合格：应有 {count} 个目标，漏检 {missed} 个，多检 {extra} 个；"
        "请重启主机，若仍不合格请更换模型或运行时",
        f"the model failed on the built-in picture: of {count} people, helmets and vests it missed {missed} and "
        f"saw {extra} too many; restart the box, and if it fails again change the model or vision.runtime",
    )


JUDGE_OTHERWISE = Words(
    "人员判别模型对内置画面的判断与启用时不同，请重启主机，若仍不合格请更换模型或运行时",
    "the judge of persons does not say of the built-in picture what it said when it was accepted; restart the "
    "box, and if it fails again change the model or vision.runtime",
)


class Canary:
    """When one model is asked next, and what came of it."""

    def __init__(self, detector: Detector, wearer: Wearer | None, expected: Answer, every_s: float) -> None:
        """Due at once."""
        self._detector, self._wearer, self._expected, self._every_s = detector, wearer, expected, every_s
        self._due_s = float("-inf")
        self._failures = 0
        self._was_right = False

    @property
    def doubt(self) -> Words:
        """Why the detector is doubted now."""
        return self._detector.doubt

    @property
    def broken(self) -> bool:
        """It was right once and is wrong again and again: a new session may mend that."""
        return self._was_right and self._failures >= BROKEN_AFTER

    def look_if_due(self, clock: Callable[[], float]) -> None:
        """Ask, if it is time, and doubt the detector or trust it again."""
        if clock() < self._due_s:
            return
        doubt = wrong(self._detector, self._wearer, self._expected)
        self._detector.doubt = doubt
        self._failures = self._failures + 1 if doubt else 0
        self._was_right = self._was_right or not doubt
        self._due_s = clock() + (RETRY_S if doubt else self._every_s)
