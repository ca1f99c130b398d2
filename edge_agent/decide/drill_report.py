"""A drill's timed report: what the box noticed, and who acted after how long, against the limits."""

from msgspec import Struct, to_builtins

from edge_agent.clock import Instant
from edge_agent.domain.drill import Mark, Playing
from edge_agent.domain.words import NOTHING, Words, joined


class Line(Struct, frozen=True, kw_only=True):
    """One alarm of a drill: raised after, acknowledged after and by whom, and whether that was in time."""

    code: str
    raised_after_s: float
    limit_s: float | None
    acknowledged_after_s: float | None = None
    by: str = ""
    in_time: bool = False


def lines(playing: Playing) -> tuple[Line, ...]:
    """Every alarm that the drill raised. One that nobody acknowledged was not in time."""
    answered = {mark.key: mark for mark in playing.marks if mark.what == "acknowledged"}
    return tuple(_line(mark, answered.get(mark.key), playing) for mark in playing.marks if mark.what == "raised")


def _line(raised: Mark, answer: Mark | None, playing: Playing) -> Line:
    waited_s = None if answer is None else answer.at_s - raised.at_s
    return Line(
        code=raised.code,
        raised_after_s=round(raised.at_s - playing.at_s, 1),
        limit_s=raised.limit_s,
        acknowledged_after_s=None if waited_s is None else round(waited_s, 1),
        by="" if answer is None else answer.by,
        in_time=waited_s is not None and raised.limit_s is not None and waited_s <= raised.limit_s,
    )


class Act(Struct, frozen=True, kw_only=True):
    """What somebody did, and when."""

    what: str
    by: str
    after_s: float


def acts(playing: Playing) -> tuple[Act, ...]:
    """Everything that people did, in its order."""
    return tuple(
        Act(what=mark.key, by=mark.by, after_s=round(mark.at_s - playing.at_s, 1))
        for mark in playing.marks
        if mark.what == "acted"
    )


class Evacuation(Struct, frozen=True, kw_only=True):
    """How long it took from the order until the last one inside was counted out; None: not all came out."""

    ordered_after_s: float
    limit_s: float | None
    out_within_s: float | None
    in_time: bool


def evacuation(playing: Playing) -> Evacuation | None:
    """None where nobody was inside, or nobody had to leave."""
    marks = {mark.what: mark for mark in playing.marks}
    ordered, out = marks.get("ordered"), marks.get("all_out")
    if ordered is None:
        return None
    took_s = None if out is None else round(out.at_s - ordered.at_s, 1)
    return Evacuation(
        ordered_after_s=round(ordered.at_s - playing.at_s, 1),
        limit_s=ordered.limit_s,
        out_within_s=took_s,
        in_time=took_s is not None and ordered.limit_s is not None and took_s <= ordered.limit_s,
    )


def told(playing: Playing, instant: Instant, why: str) -> dict[str, object]:
    """The report as part of an event. The score is the share of alarms that people answered in time."""
    found = lines(playing)
    score = round(100 * sum(line.in_time for line in found) / len(found)) if found else None
    return {
        "drill": True,
        "name": playing.drill.name,
        "by": playing.by,
        "why": why,
        "began_utc": playing.at_utc,
        "lasted_s": round(instant.now_s - playing.at_s, 1) if why != "restart" else None,
        "steps": to_builtins(playing.drill.steps),
        "seed": playing.drill.seed,
        "alarms": to_builtins(found),
        "acts": to_builtins(acts(playing)),
        "evacuation": to_builtins(evacuation(playing)),
        "paused_after_s": _after(playing, "paused"),
        "relay_open_after_s": _after(playing, "relay_open"),
        "score": score,
        "words": to_builtins(_words(playing, found, score)),
    }


def _after(playing: Playing, what: str) -> float | None:
    found = (mark.at_s for mark in playing.marks if mark.what == what)
    at_s = next(found, None)
    return None if at_s is None else round(at_s - playing.at_s, 1)


def _words(playing: Playing, found: tuple[Line, ...], score: int | None) -> Words:
    if score is None:
        return Words("演练期间没有报警", "the drill raised no alarm")
    good, fell_s = sum(line.in_time for line in found), _after(playing, "relay_open")
    zh = "未见断开" if fell_s is None else f"{fell_s:g} 秒后断开"
    en = "was not seen to open" if fell_s is None else f"opened after {fell_s:g} s"
    said = Words(
        f"报警 {len(found)} 项，及时确认 {good} 项，得分 {score}；切断输出：{zh}",
        f"alarms: {len(found)}, acknowledged in time: {good}, score {score}; the relay {en}",
    )
    return joined((said, _left(evacuation(playing))))


def _left(left: Evacuation | None) -> Words:
    if left is None:
        return NOTHING
    if left.out_within_s is None:
        return Words("人员未全部登记撤出", "not everybody was counted out")
    limit = "" if left.in_time else f"（限 {left.limit_s:g} 秒，超时）"
    late = "" if left.in_time else f" (limit {left.limit_s:g} s: too late)"
    return Words(
        f"全员 {left.out_within_s:g} 秒撤出{limit}", f"everybody was out after {left.out_within_s:g} s{late}"
    )
