"""What is remembered of one wearable: its last fix, its last place, and its last signs of life.

Three clocks, because they prove different things (docs/domain.md 2.5 G1):
`walked_s`   the wearer went somewhere: a displacement that neither jitter nor a single jump explains;
`moved_s`    he is alive at his post: he walked, or the IMU felt micro-movement while the tag says it is worn;
`stirred_s`  the tag was moved at all, whoever or whatever moved it.
"""

import math

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.observation import Position

WINDOW = 100  # intervals: a quarter of an hour of a tag that speaks every 8 s (docs/domain.md 2.5 G3)
MEDIAN_PCT, SLOW_PCT = 50, 99  # what is told of its intervals
ANCHOR_FIXES = 4  # so many make a place; more would follow somebody who drifts away slowly


class TagMemory(Struct, frozen=True, kw_only=True, gc=False):
    """A wearable's history.

    `placed_s` is the monotonic second of the last fix that gave a place; `anchor` is where the
    present stillness began, out of the first fixes that agreed about it (`agreed`: how many), `stray` the
    last fix if it lay beyond it (one more confirms a walk). `sharp_s` is the last fix that told the place
    well enough, `here_s` is when its "I'm here" button was last pressed down.
    """

    position: Position
    heard_s: float
    placed_s: float | None = None
    moved_s: float
    walked_s: float
    stirred_s: float
    here_s: float | None = None
    battery_pct: float | None = None  # as it last said: not every message does
    gaps: tuple[float, ...] = ()  # seconds between its last words, the newest last
    sharp_s: float | None = None
    anchor: Position | None = None
    agreed: int = 0
    stray: Position | None = None


def remembered(
    before: TagMemory | None, fix: Position, move_m: float, absent_s: float, sharp_m: float = math.inf
) -> TagMemory:
    """The tag's history with one more fix. After `absent_s` it was away: off, charging, out of reach.

    A fix that is off by up to `sharp_m` tells the place well enough.
    """
    fix_s = fix.at_s - fix.age_s
    placed = fix.zone is not None or _on_plan(fix)
    sharp = _on_plan(fix) and fix.accuracy_m is not None and fix.accuracy_m <= sharp_m
    if before is None:
        return TagMemory(
            position=fix,
            heard_s=fix.at_s,
            placed_s=fix_s if placed else None,
            moved_s=fix_s,
            walked_s=fix_s,
            stirred_s=fix_s,
            here_s=fix_s if fix.here else None,
            battery_pct=fix.battery_pct,
            sharp_s=fix_s if sharp else None,
            anchor=fix if _on_plan(fix) else None,
            agreed=1 if _on_plan(fix) else 0,
        )
    strayed = before.anchor is not None and _displaced(before.anchor, fix, move_m)
    again = strayed and before.stray is not None and _carried(fix)
    together = again and before.stray is not None and not _displaced(before.stray, fix, move_m)
    # Two fixes that agree, against one that nothing ever agreed with: that one was wrong, and nobody walked.
    felt = fix.moving is True and fix.worn is True
    walked = again and (before.agreed > 1 or not together or felt)
    anchor, agreed = before.anchor, before.agreed
    if _on_plan(fix) and (again or not strayed):
        anchor, agreed = _anchored(before, fix, move_m, again=again, together=together)
    felt_s = _felt_s(fix, fix_s)
    alive_s = fix_s if walked else felt_s if fix.worn is True else None
    return TagMemory(
        position=fix,
        heard_s=fix.at_s,
        gaps=_gaps(before.gaps, fix.at_s - before.heard_s, absent_s),
        placed_s=_later(fix_s, before.placed_s) if placed else before.placed_s,
        moved_s=_later(before.moved_s, alive_s),
        walked_s=_later(before.walked_s, fix_s if walked else None),
        stirred_s=_later(before.stirred_s, fix_s if walked else felt_s),
        here_s=fix_s if fix.here and not before.position.here else before.here_s,
        battery_pct=before.battery_pct if fix.battery_pct is None else fix.battery_pct,
        sharp_s=_later(fix_s, before.sharp_s) if sharp else before.sharp_s,
        anchor=anchor,
        agreed=agreed,
        stray=(fix if strayed and not again else None) if _on_plan(fix) else before.stray,
    )


def _gaps(before: tuple[float, ...], gap_s: float, absent_s: float) -> tuple[float, ...]:
    """One more interval of its own; several words of one moment are one, and an absence is none."""
    return (*before, round(gap_s, 1))[-WINDOW:] if 0 < gap_s <= absent_s else before


def quantile(gaps: tuple[float, ...], pct: int) -> float:
    """So many per cent of the intervals were no longer than this (nearest rank)."""
    return sorted(gaps)[max(0, math.ceil(len(gaps) * pct / 100) - 1)]


def _felt_s(fix: Position, fix_s: float) -> float | None:
    """When the IMU last felt movement, by this message; None if it says nothing of the kind."""
    if fix.no_motion_s is not None:
        return fix_s - fix.no_motion_s
    return fix_s if fix.moving is True else None


def _carried(fix: Position) -> bool:
    """Whether somebody may be carrying it: nobody walks off the wrist; a still IMU makes the step a jump."""
    return fix.worn is not False and fix.moving is not False


def _anchored(
    before: TagMemory, fix: Position, move_m: float, *, again: bool, together: bool
) -> tuple[Position, int]:
    """Where the stillness began: the middle of the first few fixes, so that no outlier stands for it."""
    if together and before.stray is not None:
        return _middle(before.stray, 1, fix, move_m), 2
    if again or before.anchor is None:
        return fix, 1
    if _blur_m(fix, move_m) < _blur_m(before.anchor, move_m):
        return fix, before.agreed + 1
    if before.agreed < ANCHOR_FIXES:
        return _middle(before.anchor, before.agreed, fix, move_m), before.agreed + 1
    return before.anchor, before.agreed


def _middle(anchor: Position, count: int, fix: Position, floor_m: float) -> Position:
    """The middle of so many fixes and one more: a coarse one says little about it, and blurs nothing."""
    weights = (count / _blur_m(anchor, floor_m) ** 2, 1 / _blur_m(fix, floor_m) ** 2)
    x_m, y_m = (
        ((before or 0.0) * weights[0] + (now or 0.0) * weights[1]) / sum(weights)
        for before, now in ((anchor.x_m, fix.x_m), (anchor.y_m, fix.y_m))
    )
    sharper = min(anchor, fix, key=lambda one: _blur_m(one, floor_m))
    return replace(anchor, x_m=x_m, y_m=y_m, accuracy_m=sharper.accuracy_m)


def _blur_m(fix: Position, floor_m: float) -> float:
    return max(floor_m, fix.accuracy_m or 0.0)


def _later(first_s: float, second_s: float | None) -> float:
    return first_s if second_s is None else max(first_s, second_s)


def _on_plan(fix: Position) -> bool:
    return fix.x_m is not None and fix.y_m is not None


def _displaced(anchor: Position, fix: Position, move_m: float) -> bool:
    """Whether the tag is further from its anchor than the accuracy of either fix can explain."""
    # Two errors add up as squares. An unknown one explains nothing away: then only the floor applies.
    blur_m = max(move_m, math.hypot(anchor.accuracy_m or 0.0, fix.accuracy_m or 0.0))
    return (
        anchor.x_m is not None
        and anchor.y_m is not None
        and fix.x_m is not None
        and fix.y_m is not None
        and math.dist((anchor.x_m, anchor.y_m), (fix.x_m, fix.y_m)) > blur_m
    )
