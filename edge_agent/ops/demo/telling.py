"""What a witness saw, in words: events of the box as lines that anybody can read, Chinese and English."""

from collections.abc import Mapping
from typing import Any

from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.demo.witness import Event
from edge_agent.tell.contract.event_types import bare_type

HAPPENED = {
    "alarm.raised": Words("报警", "alarm"),
    "alarm.returned": Words("报警消失", "alarm over"),
    "guard.checked_in": Words("监护人签到", "the guard has checked in"),
    "guard.here": Words("监护人按“我在岗”", 'the guard has pressed "I\'m here"'),
    "permit.closed": Words("作业票已关闭", "permit closed"),
    "permit.fire_watch": Words("余火监护开始", "fire watch begins"),
    "permit.fire_watch_over": Words("余火监护结束", "fire watch is over"),
    "permit.fire_watch_owed": Words("余火监护须继续", "the fire watch goes on"),
    "permit.paused": Words("设备自动暂停作业", "the box has paused the work"),
    "permit.ready": Words("具备开工条件", "ready to start"),
    "permit.received": Words("设备已收到作业票", "the box has the permit"),
    "permit.resume_refused": Words("拒绝恢复", "resume refused"),
    "permit.resumed": Words("作业恢复", "work resumed"),
    "permit.retested": Words("复测合格", "re-test passed"),
    "permit.start_refused": Words("拒绝开工", "start refused"),
    "permit.started": Words("作业开始", "work has begun"),
    "person.entered": Words("人员已登记进入", "people counted in"),
}
MOST_REASONS = 3


def happened(event: Event) -> Words:
    """One event: what it is, about which permit, and what it says."""
    type_ = bare_type(str(event["type"]))
    what = HAPPENED.get(type_, Words(type_, type_))
    about = "" if event["subject"] == "unit" else f" {event['subject']}"
    return _joined(Words(what.zh + about, what.en + about), _said(type_, event["data"]))


def _said(type_: str, data: Mapping[str, Any]) -> Words:
    title = _words(data.get("title"))
    if type_ == "alarm.returned":  # its detail is of the day when it was raised
        return title
    return _joined(title, _words(data.get("words") or data.get("detail")))


def reasons(answer: Mapping[str, Any]) -> Words:
    """Why somebody was refused, the first few in full."""
    told = [_words(one) for one in answer["reasons"]]
    shown, more = told[:MOST_REASONS], len(told) - MOST_REASONS
    zh, en = "；".join(one.zh for one in shown), "; ".join(one.en for one in shown)
    return Words(f"{zh}；另有 {more} 条", f"{en}; and {more} more") if more > 0 else Words(zh, en)


def _words(raw: Mapping[str, str] | None) -> Words:
    return Words(raw["zh"], raw["en"]) if raw else NOTHING


def _joined(first: Words, second: Words) -> Words:
    """`first：second`, or whichever there is; a second that repeats the first stands alone."""
    if not first or not second:
        return first or second
    if second.en.startswith(first.en):
        return second
    return Words(f"{first.zh}：{second.zh}", f"{first.en}: {second.en}")
