"""The permit's own steps: start, stop, resume, end, close, withdraw."""

from collections.abc import Iterator

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import audit, consent, fire_watch
from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.asking.people import still_in
from edge_agent.decide.glance import stop_told
from edge_agent.decide.permit_machine import Trigger, after
from edge_agent.decide.permit_moves import NOTHING_ELSE, facts, move, with_causes
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, Cause, Embers, PauseClass, Permit, Signature, State
from edge_agent.domain.person import Proof, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words

ENDINGS = (Trigger.END_WORK, Trigger.END_STOPPED)
WATCH_BY_RESUME = Words(
    "作业已结束；监护人到位后按恢复程序签字，即开始余火监护",
    "the work has ended: with the guard at the point, sign the resume, and its fire watch begins",
)
MAY_REVOKE = frozenset({Role.SAFETY_OFFICER, Role.ADMIN})
MAY_CONFIRM = frozenset({Role.SAFETY_OFFICER, Role.SHIFT_LEAD, Role.AREA_OWNER})


def _start(case: Case) -> Reasons:
    permit = case.permit
    if permit.state is not State.READY:
        missing = consent.against_start(permit, case.draft.alarms.values(), case.world)
        return missing or (Words("当前状态不能开工", f"work cannot start from the state {permit.state.value}"),)
    return _sign(case, consent.start_signers(case.job.work, case.world.rulebook), Trigger.START)


def _resume(case: Case) -> Reasons:
    permit = case.permit
    if permit.state not in {State.PAUSED, State.SUSPENDED, State.RESUME_CHECK}:
        return (Words("作业没有暂停", "this work is not paused"),)
    missing = consent.against_resume(permit, case.draft.alarms.values(), case.world)
    if missing:
        return missing
    # Work that has ended does not begin again by a resume: only its fire watch goes on.
    done = Trigger.RESUME_WATCH if permit.ended else Trigger.RESUME
    needed = consent.resume_signers(permit, case.world.rulebook)
    agreed = consent.agreeing(permit, done.value)
    if case.person is None or consent.capacity_for(case.person, agreed, needed) is None:
        return _not_asked_for(agreed, needed)
    if permit.state is not State.RESUME_CHECK:
        move(case.draft, permit, Trigger.ASK_RESUME)
    return _sign(case, needed, done)


def _sign(case: Case, needed: tuple[str, ...], done: Trigger) -> Reasons:
    """One more signature; the last one lets the trigger act. What was signed for something else is void."""
    permit, person = consent.agreeing(case.permit, done.value), case.person
    capacity = consent.capacity_for(person, permit, needed) if person is not None else None
    if person is None or capacity is None:
        return _not_asked_for(permit, needed)
    instant = case.draft.instant
    signature = Signature(
        person=person.id, capacity=capacity, agrees_to=done.value, at_s=instant.now_s, at_utc=instant.utc
    )
    signed = replace(permit, signatures=(*permit.signatures, signature))
    case.draft.permits[permit.ticket.id] = signed
    missing = consent.lacking(signed.signatures, needed)
    data = facts(signed) | {"for": done.value, "still_needed": list(missing)}
    case.draft.event("permit.signed", permit.ticket.id, Priority.LOW, data)
    if not missing:
        _agreed(case, signed, done)
    return ()


def _agreed(case: Case, signed: Permit, done: Trigger) -> None:
    """Everybody who must agree has agreed. Having looked, they have seen this permit's alarms."""
    signed = _audited(case, signed, done)
    moved = move(case.draft, signed, done)
    if done is Trigger.START:
        moved = replace(moved, handed_over=case.draft.shift)
    case.draft.alarms = alarm_list.acknowledged(case.draft.alarms, signed.ticket.id)
    case.draft.permits[signed.ticket.id] = replace(
        moved, signatures=(), causes=(), stopped_s=None, stopped_utc=None
    )


def _audited(case: Case, signed: Permit, done: Trigger) -> Permit:
    """At the start and at the close, what an auditor would fault goes into the record."""
    draft, book = case.draft, case.world.rulebook
    if done in {Trigger.RESUME, Trigger.RESUME_WATCH}:
        return signed
    if done is Trigger.START:
        faults = audit.at_start(signed, draft.permits, book, draft.instant.now_s)
        signed = replace(signed, started_utc=draft.instant.utc)
    else:
        faults = audit.at_close(signed, draft.permits, book)
    data = facts(signed) | {"at": done.value, "faults": to_builtins(faults)}
    draft.event("permit.audited", signed.ticket.id, Priority.MEDIUM if faults else Priority.LOW, data)
    return signed


def _not_asked_for(permit: Permit, needed: tuple[str, ...]) -> Reasons:
    missing = consent.named(consent.lacking(permit.signatures, needed))
    return (Words(f"还需签字：{missing.zh}", f"still to sign: {missing.en}; not this person"),)


def _stop(case: Case) -> Reasons:
    permit = case.permit
    if after(permit.state, Trigger.STOP) is None:
        return (Words("作业尚未开始", "this work has not begun"),)
    instant, request = case.draft.instant, case.request
    if not request.person and _stands_unnamed(permit):
        return ()
    who, why = _stopper(case), request.reason
    cause = Cause(
        rule="stop",
        subject=request.person,
        code="PTW-00",
        blame=Blame.PERSON,
        pause_class=PauseClass.MANUAL,
        at_s=instant.now_s,
        at_utc=instant.utc,
        title=Words("人工停止", "Stopped by hand"),
        detail=Words(f"{who.zh}：{why or '未说明'}", f"{who.en}: {why or 'no reason given'}"),
    )
    stopped = with_causes(permit, (cause,), instant)
    move(case.draft, stopped, Trigger.STOP, cause.detail, stop_told(stopped, case.job, case.world))
    return ()


def _stopper(case: Case) -> Words:
    if not case.request.person:
        return Words("未具名", "nobody named")
    name = consent.person_of(case.draft.persons, case.request.person)
    return Words(name, name)


def _stands_unnamed(permit: Permit) -> bool:
    """Whether a nameless stop holds the work already: anybody on the network could repeat it for ever."""
    stands = permit.state in {State.PAUSED, State.SUSPENDED}
    return stands and any(cause.rule == "stop" and not cause.subject for cause in permit.causes)


def _end_work(case: Case) -> Reasons:
    """The holder ends hot work; the fire watch begins (GB 30871-2022 5.2.14).

    From a stop it begins only when people have looked: by the resume, which then leads to the watch alone.
    """
    permit = case.permit
    if case.job.work.fire_watch_s is None:
        return (
            Words("此类作业没有余火监护，请直接关闭", "this kind of work has no fire watch: close it instead"),
        )
    if case.request.person != permit.ticket.holder:
        return (Words("须由作业负责人结束作业", "only the holder may end the work"),)
    if permit.ended:
        return (Words("作业已结束", "this work has been ended already"),)
    trigger = next((one for one in ENDINGS if after(permit.state, one) is not None), None)
    if trigger is None:
        return (Words("作业不在进行中", "this work is not under way"),)
    words = None if trigger is Trigger.END_WORK else WATCH_BY_RESUME
    move(case.draft, replace(permit, ended=True), trigger, words)
    return ()


def _close(case: Case) -> Reasons:
    """Nobody inside, nothing burning, holder and area owner agree."""
    permit = case.permit
    if permit.leaving:
        return _everybody_out(case)
    if permit.embers is not None:
        return _no_fire(case)
    if after(permit.state, Trigger.CLOSE) is None:
        return (Words("当前状态不能关闭", f"it cannot be closed from the state {permit.state.value}"),)
    left_behind = _left_behind(case)
    if left_behind:
        return left_behind
    unwatched = tuple(_unwatched(case))
    if unwatched:
        return unwatched
    return _sign(case, case.world.rulebook.close_signers, Trigger.CLOSE)


def _unwatched(case: Case) -> Iterator[Words]:
    """What is left of the fire watch of work that has begun, whatever stopped it; kept without a break."""
    permit = case.permit
    left_s = consent.watch_left_s(permit, case.job.work, case.world.now_s)
    if left_s is None or left_s <= 0:
        return
    if permit.state is State.FIRE_WATCH:
        yield fire_watch.left(left_s)
    elif permit.ended:
        yield Words("余火监护未完成", "its fire watch has not been kept").then(WATCH_BY_RESUME)
    else:
        yield Words("须先余火监护", "its fire watch comes first").then(
            Words("请作业负责人先结束作业", "the holder ends the work first")
        )


def _left_behind(case: Case) -> Reasons:
    if case.request.people_inside != 0:
        return (Words("须确认人员已全部撤出（0 人）", "the head-count must be given, and be 0"),)
    return tuple(still_in(case.permit, case.draft.persons))


def _everybody_out(case: Case) -> Reasons:
    """A permit that ended in the middle of its work: one person who answers for it has counted.

    It stays expired or withdrawn. Until then the box watches its gas, and counts its people out. What is left of a
    fire watch goes on all the same (decide/fire_watch.py).
    """
    permit = case.permit
    if case.request.person not in {permit.guard, permit.ticket.holder} and not _in_charge(case):
        return (
            Words(
                "须由监护人、作业负责人或现场主管确认", "the guard, the holder or somebody in charge confirms this"
            ),
        )
    left_behind = _left_behind(case)
    if left_behind:
        return left_behind
    out = replace(permit, leaving=False)
    case.draft.permits[permit.ticket.id] = out
    case.draft.alarms = alarm_list.acknowledged(case.draft.alarms, permit.ticket.id)
    told = Words("人员已全部撤出", "everybody is out")
    if out.embers is not None:
        told = told.then(fire_watch.left(consent.watch_left_s(out, case.job.work, case.world.now_s) or 0.0))
    data = facts(out) | {"by": case.request.person, "words": to_builtins(told)}
    case.draft.event("permit.everybody_out", permit.ticket.id, Priority.MEDIUM, data)
    return ()


def _in_charge(case: Case) -> bool:
    return case.person is not None and bool(MAY_CONFIRM & set(case.person.roles))


def _no_fire(case: Case) -> Reasons:
    """Its time has passed, and nobody kept it in full: somebody in charge has looked, and nothing burns."""
    permit = case.permit
    if not _in_charge(case):
        return (
            Words("须由现场主管检查后确认无余火", "somebody in charge looks, and confirms that nothing burns"),
        )
    as_long = replace(permit, embers=Embers(since_s=permit.since_s))
    left_s = consent.watch_left_s(as_long, case.job.work, case.world.now_s)
    if left_s:
        return (fire_watch.left(left_s),)
    who = consent.person_of(case.draft.persons, case.request.person)
    words = Words(
        f"{who} 检查确认无余火；余火监护未连续守满",
        f"{who} has looked and found no fire; the fire watch was not kept in full",
    )
    fire_watch.over(case.draft, permit, words)
    return ()


def _revoke(case: Case) -> Reasons:
    permit, person = case.permit, case.person
    named = {permit.guard, permit.ticket.holder, *permit.ticket.guards, *permit.ticket.approvers}
    by_role = person is not None and bool(MAY_REVOKE & set(person.roles))
    if case.request.proof is not Proof.SIGNED and case.request.person not in named and not by_role:
        return (Words("无权收回作业票", "not entitled to withdraw this permit"),)
    who = consent.person_of(case.draft.persons, case.request.person)
    words = Words(f"{who} 收回作业票：{case.request.reason}", f"withdrawn by {who}: {case.request.reason}")
    also = stop_told(permit, case.job, case.world) if permit.state in UNDER_WAY else NOTHING_ELSE
    move(case.draft, permit, Trigger.REVOKE, words, also)
    fire_watch.owed(case.draft, permit, case.job.work)
    return ()


HANDLERS: Handlers = {
    Ask.START: _start,
    Ask.STOP: _stop,
    Ask.RESUME: _resume,
    Ask.END_WORK: _end_work,
    Ask.CLOSE: _close,
    Ask.REVOKE: _revoke,
}
