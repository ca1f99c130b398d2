"""Whether a camera's picture can be trusted: frozen, dark, covered. Pure: pictures and times come in.

Nothing here looks for movement in order to skip a picture: a guard stands still. Change is asked for
only to know that the picture is alive at all, and any noise of the sensor answers that.
"""

import cv2
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from edge_agent.domain.observation import View
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.limits import VisionLimits

THUMBNAIL = (96, 72)  # cells; each averages some dozens of pixels, so that single dead pixels are lost

WALK_PAST = Words(
    "请从镜头前走过，或重启摄像机及编码器", "nothing moves: walk past the camera, or restart it and its encoder"
)
UNCHANGED = Words("启动后画面尚未变化", "not yet seen to change since the start")

Thumbnail = NDArray[np.int16]


class Remembered(Struct, frozen=True):
    """One picture that was shown lately: its thumbnail, and when it was last shown."""

    small: Thumbnail
    shown_s: float


class Seen(Struct, frozen=True, kw_only=True):
    """What is remembered of one camera's pictures between two of them."""

    memory: tuple[Remembered, ...] = ()
    new_s: float | None = None  # arrival of the last picture that was not one of the memory
    changed: bool = False  # whether there ever was a second such picture
    stiff: bool = False  # frozen so far: from here on only movement proves that the picture lives
    pts_s: float | None = None  # the stream's own time of the last picture
    pts_moved_s: float | None = None  # arrival of the last picture with another time than the one before
    dark: bool = False


def thumbnail(picture: Picture) -> Thumbnail:
    """A small grey copy of a BGR or grey picture, signed so that two can be subtracted."""
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)  # noqa: PLR2004 - no colours
    return np.asarray(cv2.resize(grey, THUMBNAIL, interpolation=cv2.INTER_AREA), dtype=np.int16)


def within(a: Thumbnail, b: Thumbnail, cell: float, mean: float) -> bool:
    """Whether two thumbnails differ by at most `cell` grey levels anywhere and by `mean` on average."""
    # OpenCV's norms, because this is asked of every picture remembered: a third of the time, the same numbers.
    return cv2.norm(a, b, cv2.NORM_INF) <= cell and cv2.norm(a, b, cv2.NORM_L1) / a.size <= mean


def _remember(seen: Seen, small: Thumbnail, arrived_s: float, limits: VisionLimits) -> Seen:
    """`seen` after comparing the picture with those shown since something last moved.

    With several, not with the last one alone: a coder that is fed one frozen picture shows a round of
    slightly different ones, from each full picture to the next, and then the very same round again.
    """
    memory = seen.memory
    moved = bool(memory) and not within(small, memory[-1].small, limits.still_cell, limits.still_mean)
    if moved:
        memory = ()
    known = [m for m in memory if within(small, m.small, limits.same_cell, limits.same_mean)]
    latest = Remembered(known[-1].small if known else small, arrived_s)
    kept = [m for m in memory if m.small is not latest.small and arrived_s - m.shown_s <= limits.memory_s]
    new_s = arrived_s if seen.new_s is None or not known else seen.new_s
    return replace(
        seen,
        memory=(*kept, latest)[-limits.memory_pictures :],
        new_s=new_s,
        changed=seen.changed or (seen.new_s is not None and not known),
        stiff=not moved and (seen.stiff or arrived_s - new_s >= limits.frozen_s),
    )


def _darkness(small: Thumbnail, limits: VisionLimits, *, was_dark: bool) -> tuple[View, Words]:
    """Why nothing can be seen in the picture; CLEAR if something can."""
    ease = limits.dark_leave if was_dark else 1.0
    mean, spread = float(small.mean()), float(small.std())
    if mean < limits.dark_mean * ease and spread < limits.dark_spread * ease:
        return View.DARK, Words(
            f"看不清人（亮度 {mean:.0f}/255），请补光或清除镜头遮挡",
            f"nobody can be made out (brightness {mean:.0f} of 255): light the place or uncover the lens",
        )
    if spread < limits.flat_spread * ease:
        return View.COVERED, Words(
            f"画面无反差（亮度 {mean:.0f}/255），镜头被遮挡或强光直射",
            f"no contrast (brightness {mean:.0f} of 255): the lens is covered or blinded",
        )
    return View.CLEAR, NOTHING


def judge(
    seen: Seen, small: Thumbnail, arrived_s: float, pts_s: float | None, limits: VisionLimits
) -> tuple[Seen, View, Words]:
    """What the picture that arrived at `arrived_s` is good for, with the reason in plain words."""
    sight, reason = _darkness(small, limits, was_dark=seen.dark)
    moved = pts_s is None or pts_s != seen.pts_s
    now = replace(
        _remember(seen, small, arrived_s, limits),
        dark=bool(reason),
        pts_s=pts_s,
        pts_moved_s=arrived_s if moved else seen.pts_moved_s,
    )
    if reason:
        return now, sight, reason
    stood_s = arrived_s - (arrived_s if now.pts_moved_s is None else now.pts_moved_s)
    if stood_s >= limits.frozen_s:
        zh = f"视频流时间停走 {stood_s:.0f} 秒，请重启摄像机"
        return (
            now,
            View.FROZEN,
            Words(zh, f"the stream's own clock has stood for {stood_s:.0f} s: restart the camera"),
        )
    if now.stiff:
        return now, View.FROZEN, WALK_PAST
    if not now.changed:
        return now, View.STARTING, UNCHANGED
    return now, View.CLEAR, NOTHING
