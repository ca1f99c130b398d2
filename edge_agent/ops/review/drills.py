"""The drills of some days: what was played, who acted after how long, and whether that was in time. Pure."""

from collections.abc import Iterable

from edge_agent.domain.outcome import Event
from edge_agent.domain.words import NOTHING, Words, joined, same
from edge_agent.ops.day.indicators import PASSED
from edge_agent.ops.review.cells import Called, heads, minutes, moment, person, text, words
from edge_agent.tell.live_review import ReviewPart, ReviewRow

TITLE = Words("演练报告", "Drills")
ABOUT = Words(
    f"得分：及时确认的报警占全部报警的百分比；≥ {PASSED} 分为达标。未触发报警的演练没有得分。",
    f"The score is the share of a drill's alarms that people acknowledged in time; {PASSED} or more is a pass. "
    "A drill that raised no alarm has none.",
)
PLAYED = {
    "gas": Words("气体", "gas"),
    "silence": Words("设备无数据", "a silent device"),
    "guard_gone": Words("监护人离岗", "the guard is gone"),
    "uplink_cut": Words("中心断线", "the centre cut off"),
    "power_cut": Words("断电", "the mains cut off"),
    "end": Words("结束", "the end"),
}


def parts(events: Iterable[Event], called: Called) -> tuple[ReviewPart, ...]:
    """All of them, newest first; then every alarm of each, and everything that people did."""
    found = [one for one in reversed(list(events)) if one.type == "drill.report"]
    return (
        ReviewPart(
            title=TITLE,
            heads=heads(
                "时间 | when",
                "作业票 | permit",
                "演练与发起人 | drill, and by whom",
                "内容 | what was played",
                "历时 | lasted",
                "得分 | score",
                "达标 | passed",
                "结果 | what came of it",
            ),
            rows=tuple(_drill(one, called) for one in found),
        ),
        ReviewPart(
            title=Words("报警与确认", "Alarms and who answered"),
            heads=heads(
                "演练 | drill",
                "报警 | alarm",
                "开始后 | after its begin",
                "确认用时 | answered after",
                "限时 | limit",
                "确认人 | by",
                "及时 | in time",
            ),
            rows=tuple(row for one in found for row in _alarms(one, called)),
        ),
        ReviewPart(
            title=Words("人员动作", "What people did"),
            heads=heads(
                "演练 | drill",
                "动作 | what",
                "谁 | who",
                "开始后 | after",
            ),
            rows=tuple(row for one in found for row in _acts(one, called)),
        ),
    )


YES, NO = Words("是", "yes"), Words("否", "no")


def _drill(event: Event, called: Called) -> ReviewRow:
    data = event.data
    score = data["score"]
    played = joined(tuple(PLAYED.get(step["kind"], same(step["kind"])) for step in data["steps"]))
    passed = same("-") if score is None else YES if score >= PASSED else NO
    return ReviewRow(
        cells=(
            moment(data["began_utc"], called.local),
            text(event.subject),
            text(data["name"]).then(person(data["by"], called)),
            played,
            minutes(data["lasted_s"]),
            text(score),
            passed,
            words(data["words"]),
        ),
        event=event.seq,
    )


def _alarms(event: Event, called: Called) -> Iterable[ReviewRow]:
    for one in event.data["alarms"]:
        yield ReviewRow(
            cells=(
                text(event.data["name"]),
                text(one["code"]).then(called.alarms.get(one["code"], NOTHING)),
                _s(one["raised_after_s"]),
                _s(one.get("acknowledged_after_s")),
                _s(one.get("limit_s")),
                person(one.get("by"), called),
                YES if one.get("in_time") else NO,
            ),
            event=event.seq,
        )


def _acts(event: Event, called: Called) -> Iterable[ReviewRow]:
    for one in event.data["acts"]:
        did = called.events.get(one["what"], same(one["what"]))
        cells = (text(event.data["name"]), did, person(one["by"], called), _s(one["after_s"]))
        yield ReviewRow(cells=cells, event=event.seq)


def _s(spell_s: float | None) -> Words:
    return same("-") if spell_s is None else Words(f"{spell_s:g} 秒", f"{spell_s:g} s")
