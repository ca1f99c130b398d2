"""Whether a pause was right: said afterwards by people, for the report of false pauses. It changes no pause."""

from msgspec import to_builtins

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import NOTHING, Words, same

MAY_JUDGE = frozenset({Role.SAFETY_OFFICER, Role.SHIFT_LEAD, Role.AREA_OWNER})
VERDICTS = {
    "right": Words("停止正确", "right"),
    "false": Words("误停", "false"),
    "unsure": Words("不能确定", "unsure"),
}


def _judge(errand: Errand) -> Reasons:
    """`about`: the number of the pause's event, and the verdict. The last word on a pause counts."""
    about, draft, person = errand.request.about, errand.draft, errand.person
    if person is None or MAY_JUDGE.isdisjoint(person.roles):
        return (
            Words(
                "须由安全员、当班班长或属地负责人判定", "a safety officer, shift lead or area owner judges this"
            ),
        )
    if len(about) != 2 or not about[0].isdecimal() or about[1] not in VERDICTS:  # noqa: PLR2004 (which, and what)
        listed = ", ".join(VERDICTS)
        return (Words(f"请写明事件编号和结论（{listed}）", f"say which event, and the verdict: {listed}"),)
    seq, verdict = int(about[0]), about[1]
    if not 0 < seq <= draft.seq:
        return (Words(f"没有事件 {seq}", f"there is no event {seq}"),)
    reason = errand.request.reason.strip()
    if verdict == "false" and not reason:
        return (Words("误停须写明原因", "what was wrong about it? A false pause needs a reason"),)
    said = Words(
        f"第 {seq} 条事件的停止：{VERDICTS[verdict].zh}", f"the pause of event {seq}: {VERDICTS[verdict].en}"
    )
    data = {"pause": seq, "verdict": verdict, "by": errand.request.person, "reason": reason}
    words = said.then(same(reason) if reason else NOTHING)
    draft.event("pause.judged", "unit", Priority.LOW, data | {"words": to_builtins(words)})
    return ()


HANDLERS: Errands = {Ask.JUDGE: _judge}
