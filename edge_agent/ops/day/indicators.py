"""The six indicators of one day (ledger 4-36 to 4-41), from the figures that the box has counted. Pure.

What only the centre can know has no value here, and says so: a figure that looks whole would be believed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from edge_agent.domain.rectification import Rectification
from edge_agent.domain.words import NOTHING, Words
from edge_agent.tell.live_office import Indicator

Figures = Mapping[str, Any]  # of a day, as its event carries them (edge_agent/decide/figures_told.py)
PASSED = 85  # points of a drill (ledger 4-41)
CLOSE_S = 86_400.0  # ledger 4-36
NO_DAY: Figures = {}


def indicators(  # noqa: PLR0913, PLR0917 (whatever a day is told by)
    day: Figures,
    before: Figures,
    hazards: int,
    drills: Sequence[int | None],
    drills_before: Sequence[int | None],
    closed: tuple["Closed", "Closed"],
) -> tuple[Indicator, ...]:
    """All six, in the order of the ledger. `hazards` were reported here; `drills` are scores, None without one.

    `closed` are what was to be put right: born on this day, and on the day before.
    """
    return (
        _share(
            "4-36",
            Words("隐患闭环率（24 小时）", "Hazards closed within 24 h"),
            95,
            (closed[0].share, closed[1].share),
            Words(
                f"本机当天产生整改 {closed[0].born} 项，24 小时内销号 {closed[0].in_time}，"
                f"未到 24 小时 {closed[0].running}",
                f"{closed[0].born} rectifications born here, {closed[0].in_time} closed within 24 h, "
                f"{closed[0].running} still within them",
            ),
            Words("本机以外的隐患在中心平台", "hazards found elsewhere stand at the centre"),
        ),
        _share(
            "4-37",
            Words("高风险作业准时开工", "High-risk work started on time"),
            100,
            (_started(day), _started(before)),
            Words(
                f"开工 {day.get('starts', 0)} 次，准时 {day.get('starts_on_time', 0)} 次",
                f"{day.get('starts', 0)} starts, {day.get('starts_on_time', 0)} on time",
            ),
            Words("审批各环节的时间在中心平台", "when each approval was due stands at the centre"),
        ),
        _share(
            "4-38",
            Words("个人防护用品穿戴合规率", "Protective equipment worn"),
            98,
            (_worn(day), _worn(before)),
            _worn_words(day),
            NOTHING,
        ),
        Indicator(
            row="4-39",
            name=Words("安全培训完成率", "Safety training completed"),
            target=_at_least(100),
            value_pct=None,
            before_pct=None,
            met=None,
            here=False,
            counts=Words("培训过期者不得开工，由本机把关", "nobody starts here whose training is over"),
            lacks=Words("培训计划和完成情况在中心平台", "the plan and who has completed it stand at the centre"),
        ),
        Indicator(
            row="4-40",
            name=Words("未遂事件上报率", "Near misses reported"),
            target=_at_least(30),
            value_pct=None,
            before_pct=None,
            met=None,
            here=False,
            counts=Words(
                f"本机识别候选 {_near(day)} 项，现场上报 {hazards} 件",
                f"{_near(day)} candidates seen by this box, {hazards} reports from the site",
            ),
            lacks=Words("哪些属于未遂由中心认定", "which of them are near misses the centre decides"),
        ),
        _share(
            "4-41",
            Words("应急演练达标率（≥85 分）", "Drills passed (85 points or more)"),
            100,
            (_passed(drills), _passed(drills_before)),
            Words(
                f"演练 {len(drills)} 次，得分 {_scores(drills)}", f"{len(drills)} drills, scores {_scores(drills)}"
            ),
            Words("本机以外的演练在中心平台", "drills elsewhere stand at the centre"),
        ),
    )


Share = tuple[int, int]  # so many of so many


class Closed(Struct, frozen=True, kw_only=True):
    """Of the rectifications of one day: all, those closed within CLOSE_S, those whose time is not over."""

    born: int = 0
    in_time: int = 0
    running: int = 0

    @property
    def share(self) -> Share:
        """What may still be closed in time is neither good nor bad."""
        return self.in_time, self.born - self.running


def closed_in_time(rectifications: Iterable[Rectification], now_utc: float) -> Closed:
    """Of those of one day. Closed is what somebody else has looked at and found right."""
    all_ = tuple(rectifications)
    in_time = sum(one.over and one.status_utc - one.born_utc <= CLOSE_S for one in all_)
    running = sum(not one.over and now_utc - one.born_utc <= CLOSE_S for one in all_)
    return Closed(born=len(all_), in_time=in_time, running=running)


def _share(  # noqa: PLR0913, PLR0917 (the columns of one row)
    row: str, name: Words, target: int, shares: tuple[Share, Share], counts: Words, lacks: Words
) -> Indicator:
    now, before = (_pct(one) for one in shares)
    return Indicator(
        row=row,
        name=name,
        target=_at_least(target),
        value_pct=now,
        before_pct=before,
        met=None if now is None else now >= target,
        here=True,
        counts=counts,
        lacks=lacks,
    )


def _pct(share: Share) -> float | None:
    """None where there was nothing to count: that is not 100 %."""
    good, all_ = share
    return round(100 * good / all_, 1) if all_ else None


def _at_least(pct: int) -> Words:
    return Words(f"≥ {pct} %", f"≥ {pct} %") if pct < 100 else Words("100 %", "100 %")  # noqa: PLR2004


def _started(day: Figures) -> Share:
    return int(day.get("starts_on_time", 0)), int(day.get("starts", 0))


def _worn(day: Figures) -> Share:
    rows = day.get("ppe", ())
    return sum(int(one["compliant"]) for one in rows), sum(int(one["should_check"]) for one in rows)


def _worn_words(day: Figures) -> Words:
    (good, all_), unknown = _worn(day), sum(int(one["not_assessable"]) for one in day.get("ppe", ()))
    return Words(
        f"应检 {all_} 人次，合规 {good}；另有 {unknown} 人次无法判断",
        f"{all_} looks could be judged, {good} compliant; {unknown} more could not be judged",
    )


def _near(day: Figures) -> int:
    return sum(day.get("near_miss_candidates", {}).values())


def _passed(scores: Iterable[int | None]) -> Share:
    known = [one for one in scores if one is not None]
    return sum(one >= PASSED for one in known), len(known)


def _scores(scores: Iterable[int | None]) -> str:
    return ", ".join("-" if one is None else str(one) for one in scores) or "-"
