"""What people and the centre ask, answered: accepted, or refused with every reason in words."""

from collections.abc import Callable
from typing import assert_never

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import consent, ticket
from edge_agent.decide.life import facts, move, with_causes
from edge_agent.decide.permit_machine import Trigger, after
from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import (
    TERMINAL,
    Cause,
    PauseClass,
    Permit,
    Retest,
    Signature,
    State,
    WorkType,
)
from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Answer, Ask, Asked, PersonDelivery, Rejected, Request, TicketDelivery
from edge_agent.domain.words import Words
from edge_agent.fuse.world import Job, World
from edge_agent.settings.site import Settings

Reasons = tuple[Words, ...]
ON_SITE = frozenset({Proof.PIN, Proof.BADGE})
# A signed message from the centre may stop and withdraw; to start or resume, somebody is on site.
FROM_AFAR = frozenset({Ask.STOP, Ask.REVOKE})
MAY_REVOKE = frozenset({Role.SAFETY_OFFICER, Role.ADMIN})


class Case(Struct, frozen=True, kw_only=True):
    """One request with everything needed to answer it."""

    draft: Draft
    world: World
    settings: Settings
    request: Request
    job: Job
    person: Person | None

    @property
    def permit(self) -> Permit:
        """The permit as it stands in this step (an earlier request may have changed it)."""
        return self.draft.permits[self.job.permit.ticket.id]


def take_deliveries(draft: Draft, asked: tuple[Asked, ...], settings: Settings) -> None:
    """Tickets and people's records are taken before the World is built, so that it knows them."""
    for item in asked:
        match item:
            case TicketDelivery():
                _take_ticket(draft, item, settings)
            case PersonDelivery():
                draft.persons[item.person.id] = item.person
                draft.event("person.updated", item.person.id, Priority.LOW, {"denied": item.person.denied})
                draft.answers.append(Answer(request=item.id, accepted=True))
            case Rejected():
                draft.event(
                    "request.rejected",
                    item.person or item.origin,
                    Priority.MEDIUM,
                    {"origin": item.origin, "words": to_builtins(item.reason)},
                )
            case Request():
                pass  # answered after the rules, when the World is known
            case _:
                assert_never(item)


def _take_ticket(draft: Draft, delivery: TicketDelivery, settings: Settings) -> None:
    arrived, instant = delivery.ticket, draft.instant
    reasons = ticket.faults(arrived, draft.permits.get(arrived.id), settings, draft.persons, instant)
    draft.answers.append(Answer(request=delivery.id, accepted=not reasons, reasons=reasons))
    if reasons:
        data = {"version": arrived.version, "reasons": to_builtins(reasons)}
        draft.event("permit.refused", arrived.id, Priority.HIGH, data)
        return
    permit = Permit(
        ticket=arrived,
        state=State.RECEIVED,
        since_s=instant.now_s,
        since_utc=instant.utc,
        end_at_s=instant.now_s + arrived.valid_to_utc - instant.utc,
    )
    draft.permits[arrived.id] = permit
    draft.event("permit.received", arrived.id, Priority.MEDIUM, facts(permit))


def answer_all(draft: Draft, world: World, asked: tuple[Asked, ...], settings: Settings) -> None:
    """Every request in its order of arrival, stops last: within one step a stop wins."""
    requests = [item for item in asked if isinstance(item, Request)]
    for request in sorted(requests, key=lambda item: item.ask is Ask.STOP):
        reasons = _answer(draft, world, request, settings)
        draft.answers.append(Answer(request=request.id, accepted=not reasons, reasons=reasons))
        if reasons:
            data = {"person": request.person, "proof": request.proof.value, "reasons": to_builtins(reasons)}
            draft.event(f"permit.{request.ask.value}_refused", request.permit, Priority.HIGH, data)


def _answer(draft: Draft, world: World, request: Request, settings: Settings) -> Reasons:
    job = next((job for job in world.jobs if job.permit.ticket.id == request.permit), None)
    if job is None:
        return (Words(f"没有进行中的作业票 {request.permit}", f"there is no open permit {request.permit}"),)
    person = world.persons.get(request.person)
    reasons = _entitled(request, person)
    if reasons:
        return reasons
    case = Case(draft=draft, world=world, settings=settings, request=request, job=job, person=person)
    if case.permit.state in TERMINAL:
        return (Words("作业票已结束", "this permit has ended"),)
    return HANDLERS[request.ask](case)


def _entitled(request: Request, person: Person | None) -> Reasons:
    """Whether this person has shown who he is, well enough for what he asks."""
    if request.proof is Proof.SIGNED:
        far = Words(
            "远程指令不能代替现场人员", "a remote message alone is not enough: somebody on site must decide this"
        )
        return () if request.ask in FROM_AFAR else (far,)
    if person is None:
        who = request.person
        return (Words(f"人员 {who} 不在名册中", f"{who} is not on this site's list of people"),)
    return () if request.ask is Ask.STOP else _shown(request, person)  # anyone may stop


def _shown(request: Request, person: Person) -> Reasons:
    if person.denied is not None:
        why = person.denied
        return (Words(f"{person.name} 禁止作业：{why}", f"{person.name} may not act here: {why}"),)
    if request.proof not in ON_SITE:
        return (Words("需要工牌或密码", "a badge or PIN is needed"),)
    return ()


def _check_in(case: Case) -> Reasons:
    """The guard at the point. Relief: the new guard checks in, and is the guard from then on."""
    permit, person = case.permit, case.person
    if person is None or person.id not in permit.ticket.guards:
        return (Words("不是本票的监护人", "not a guard of this permit"),)
    tag = case.world.tags.get(person.tag) if person.tag else None
    limit_m = case.world.rulebook.guard.post_warn_m.value
    distance_m = tag.distance_m(permit.ticket.point) if tag is not None and tag.fresh else None
    if distance_m is None:
        return (
            Words(
                "标签没有位置，无法确认在作业点", "the wearable gives no place: presence at the point is not shown"
            ),
        )
    if distance_m > limit_m:
        return (
            Words(
                f"距作业点 {distance_m:.0f} 米，须在 {limit_m:.0f} 米以内签到",
                f"{distance_m:.0f} m from the point: check in within {limit_m:.0f} m",
            ),
        )
    if tag is not None and tag.worn is False:
        return (Words("标签未佩戴", "the wearable is not worn"),)
    now_s = case.world.now_s
    checked = replace(permit, guard=person.id, checked_in_s=now_s)
    case.draft.permits[permit.ticket.id] = checked
    data = facts(checked) | {"relieved": permit.guard if permit.guard != person.id else None}
    case.draft.event("guard.checked_in", permit.ticket.id, Priority.LOW, data)
    return ()


def _start(case: Case) -> Reasons:
    permit = case.permit
    if permit.state is not State.READY:
        missing = consent.against_start(permit, case.draft.alarms.values())
        return missing or (Words("当前状态不能开工", f"work cannot start from the state {permit.state.value}"),)
    return _sign(case, case.world.rulebook.start_signers, Trigger.START)


def _resume(case: Case) -> Reasons:
    permit = case.permit
    if permit.state not in {State.PAUSED, State.SUSPENDED, State.RESUME_CHECK}:
        return (Words("作业没有暂停", "this work is not paused"),)
    missing = consent.against_resume(permit, case.draft.alarms.values(), case.world)
    if missing:
        return missing
    needed = consent.resume_signers(permit, case.world.rulebook)
    if case.person is None or consent.capacity_for(case.person, permit, needed) is None:
        return _not_asked_for(case, needed)
    if permit.state is not State.RESUME_CHECK:
        move(case.draft, permit, Trigger.ASK_RESUME)
    return _sign(case, needed, Trigger.RESUME)


def _sign(case: Case, needed: tuple[str, ...], done: Trigger) -> Reasons:
    """One more signature; the last one lets the trigger act."""
    permit, person = case.permit, case.person
    capacity = consent.capacity_for(person, permit, needed) if person is not None else None
    if person is None or capacity is None:
        return _not_asked_for(case, needed)
    instant = case.draft.instant
    signature = Signature(person=person.id, capacity=capacity, at_s=instant.now_s, at_utc=instant.utc)
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
    moved = move(case.draft, signed, done)
    case.draft.alarms = alarm_list.acknowledged(case.draft.alarms, signed.ticket.id)
    case.draft.permits[signed.ticket.id] = replace(moved, signatures=(), causes=(), stopped_s=None)


def _not_asked_for(case: Case, needed: tuple[str, ...]) -> Reasons:
    missing = consent.named(consent.lacking(case.permit.signatures, needed))
    return (Words(f"还需签字：{missing.zh}", f"still to sign: {missing.en}; not this person"),)


def _stop(case: Case) -> Reasons:
    permit = case.permit
    if after(permit.state, Trigger.STOP) is None:
        return (Words("作业尚未开始", "this work has not begun"),)
    instant, request = case.draft.instant, case.request
    who = consent.person_of(case.draft.persons, request.person)
    cause = Cause(
        rule="stop",
        subject=request.person,
        pause_class=PauseClass.MANUAL,
        at_s=instant.now_s,
        at_utc=instant.utc,
        title=Words("人工停止", "Stopped by hand"),
        detail=Words(f"{who}：{request.reason or '未说明'}", f"{who}: {request.reason or 'no reason given'}"),
    )
    move(case.draft, with_causes(permit, (cause,), instant), Trigger.STOP, cause.detail)
    return ()


def _retest(case: Case) -> Reasons:
    """A named tester's samples, judged against the same limits as the detectors."""
    permit, person, instant = case.permit, case.person, case.draft.instant
    if person is None or Role.TESTER not in person.roles:
        return (Words("须由具备资格的分析人录入", "only a named gas tester may enter a re-test"),)
    wrong = consent.judged(case.request.samples, case.job.channels)
    record = Retest(
        tester=person.id,
        at_s=instant.now_s,
        at_utc=instant.utc,
        samples=case.request.samples,
        passed=not wrong,
    )
    kept = replace(permit, retest=record)
    case.draft.permits[permit.ticket.id] = kept
    data = facts(kept) | {"retest": to_builtins(record), "reasons": to_builtins(wrong)}
    case.draft.event("permit.retested", permit.ticket.id, Priority.MEDIUM, data)
    return wrong


def _end_work(case: Case) -> Reasons:
    """The holder ends hot work; the fire watch begins (GB 30871-2022 5.2.14)."""
    permit = case.permit
    if permit.ticket.type is not WorkType.HOT:
        return (Words("只有动火作业有余火监护", "only hot work has a fire watch: close it instead"),)
    if case.request.person != permit.ticket.holder:
        return (Words("须由作业负责人结束作业", "only the holder may end the work"),)
    if after(permit.state, Trigger.END_WORK) is None:
        return (Words("作业不在进行中", "this work is not under way"),)
    move(case.draft, permit, Trigger.END_WORK)
    return ()


def _close(case: Case) -> Reasons:
    """Nobody inside, nothing burning, holder and area owner agree."""
    permit = case.permit
    if after(permit.state, Trigger.CLOSE) is None:
        return (Words("当前状态不能关闭", f"it cannot be closed from the state {permit.state.value}"),)
    if case.request.people_inside != 0:
        return (Words("须确认人员已全部撤出（0 人）", "the head-count must be given, and be 0"),)
    if permit.ticket.type is WorkType.HOT and permit.state is State.ACTIVE:
        return (Words("动火作业须先余火监护", "hot work needs its fire watch first"),)
    watched_s = case.world.now_s - permit.since_s
    watch_s = case.world.rulebook.time.fire_watch_s.value
    if permit.state is State.FIRE_WATCH and watched_s < watch_s:
        left_s = watch_s - watched_s
        return (Words(f"余火监护还需 {left_s:.0f} 秒", f"the fire watch goes on for {left_s:.0f} s"),)
    return _sign(case, case.world.rulebook.close_signers, Trigger.CLOSE)


def _revoke(case: Case) -> Reasons:
    permit, person = case.permit, case.person
    named = {permit.guard, permit.ticket.holder, *permit.ticket.guards, *permit.ticket.approvers}
    by_role = person is not None and bool(MAY_REVOKE & set(person.roles))
    if case.request.proof is not Proof.SIGNED and case.request.person not in named and not by_role:
        return (Words("无权收回作业票", "not entitled to withdraw this permit"),)
    who = consent.person_of(case.draft.persons, case.request.person)
    words = Words(f"{who} 收回作业票：{case.request.reason}", f"withdrawn by {who}: {case.request.reason}")
    move(case.draft, permit, Trigger.REVOKE, words)
    return ()


def _acknowledge(case: Case) -> Reasons:
    permit = case.permit.ticket.id
    case.draft.alarms = alarm_list.acknowledged(case.draft.alarms, permit, case.request.alarm)
    data = {"person": case.request.person, "alarm": case.request.alarm}
    case.draft.event("alarm.acknowledged", permit, Priority.LOW, data)
    return ()


HANDLERS: dict[Ask, Callable[[Case], Reasons]] = {
    Ask.CHECK_IN: _check_in,
    Ask.START: _start,
    Ask.STOP: _stop,
    Ask.RETEST: _retest,
    Ask.RESUME: _resume,
    Ask.END_WORK: _end_work,
    Ask.CLOSE: _close,
    Ask.REVOKE: _revoke,
    Ask.ACKNOWLEDGE: _acknowledge,
}
