"""Drills: a safety officer or shift lead begins one and ends it (ledger 0-29)."""

from collections.abc import Iterator

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import drill
from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.drill_dice import resolved
from edge_agent.domain.drill import Drill, DrillStep, Playing
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import State
from edge_agent.domain.person import Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import comparable

MAY_DRILL = frozenset({Role.SAFETY_OFFICER, Role.SHIFT_LEAD})


def _begin(case: Case) -> Reasons:
    asked = case.request.drill
    wrong = tuple(_against(case, asked))
    if wrong or asked is None:
        return wrong
    instant = case.draft.instant
    played = replace(asked, steps=resolved(asked, case.job))
    playing = Playing(drill=played, by=case.request.person, at_s=instant.now_s, at_utc=instant.utc)
    case.draft.permits[case.permit.ticket.id] = replace(case.permit, drill=playing)
    data = {
        "drill": True,
        "name": played.name,
        "person": case.request.person,
        "steps": to_builtins(played.steps),
        "seed": played.seed,
        "longest_s": played.longest_s,
    }
    case.draft.event("drill.began", case.permit.ticket.id, Priority.HIGH, data)
    return ()


def _against(case: Case, asked: Drill | None) -> Iterator[Words]:
    """Every reason not to begin it."""
    permit = case.permit
    if not _may(case):
        yield Words("须由安全员或当班班长发起演练", "only a safety officer or the shift lead may begin a drill")
    if permit.state is not State.ACTIVE or permit.shadow:
        yield Words("只能在受本机监护的作业中演练", "a drill needs work under way that this box protects")
    if permit.drill is not None:
        yield Words("已有演练在进行", "a drill is already under way")
    if alarm_list.pausing(case.draft.alarms.values(), permit.ticket.id):
        yield Words("存在真实报警，不得演练", "a real alarm stands: no drill now")
    if asked is None or not (asked.steps or asked.seed is not None):
        yield Words("演练没有内容：须给出步骤或随机种子", "nothing to play: give steps or a seed")
        return
    longest = case.world.rulebook.drill.longest_s.value
    if not 0 < asked.longest_s <= longest:
        yield Words(f"演练最长 {longest:g} 秒", f"a drill lasts {longest:g} s at most")
    for step in asked.steps:
        yield from _wrong(case, step, asked.longest_s)


def _wrong(case: Case, step: DrillStep, asked_s: float) -> Iterator[Words]:
    if not 0 <= step.after_s < asked_s:
        yield Words(
            f"步骤 {step.kind} 在 {step.after_s:g} 秒，演练 {asked_s:g} 秒结束",
            f"{step.kind} at {step.after_s:g} s, and the drill ends at {asked_s:g} s",
        )
    if step.kind == "guard_gone" and case.job.guard_tag is None:
        yield Words("监护人没有手环，无法演练离岗", "the guard has no wearable: his leaving cannot be played")
    if step.kind in {"gas", "silence"} and step.source not in case.permit.ticket.devices:
        yield Words(f"作业票未绑定 {step.source}", f"the permit binds no {step.source or 'such device'}")
    elif step.kind == "gas":
        channel = next((one for one in case.job.channels if one.device.id == step.source), None)
        limits = None if channel is None else channel.limits
        if comparable(step.level, step.unit, limits) is None:
            words = f"{step.source}：{step.level} {step.unit}"
            yield Words(f"{words} 无法与限值比较", f"{words} cannot be compared with a limit")


def _may(case: Case) -> bool:
    return case.person is not None and bool(MAY_DRILL & set(case.person.roles))


def _end(case: Case) -> Reasons:
    if case.permit.drill is None:
        return (Words("没有进行中的演练", "no drill is under way"),)
    if not _may(case):
        return (Words("须由安全员或当班班长结束演练", "only a safety officer or the shift lead may end a drill"),)
    drill.end(case.draft, case.permit, "ended")
    return ()


HANDLERS: Handlers = {Ask.DRILL: _begin, Ask.END_DRILL: _end}
