"""Who must agree to what, and what still stands against it. Nothing here changes anything."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import samples
from edge_agent.decide.passing import as_it_is
from edge_agent.domain.outcome import Alarm
from edge_agent.domain.permit import Blame, PauseClass, Permit, Signature, State
from edge_agent.domain.person import Person, Role
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import Measure, MeasureKind
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import UNKNOWN_WORK, WorkLimits
from edge_agent.fuse.world import World

CAPACITIES = {
    "holder": Words("作业负责人", "the holder"),
    "guard": Words("监护人", "the guard"),
    Role.SAFETY_OFFICER.value: Words("安全员", "a safety officer"),
    Role.SHIFT_LEAD.value: Words("当班班长", "the shift lead"),
    Role.AREA_OWNER.value: Words("属地负责人", "the area owner"),
    Role.TESTER.value: Words("分析人", "a gas tester"),
}

SAMPLED_EARLIER = Words(
    "上次取样早于停工或已超过时限", "the last one was sampled before the stop, or too long ago"
)


def may_act_as(person: Person, capacity: str, permit: Permit) -> bool:
    """Whether this person may sign in this capacity on this permit.

    Holder and guard are named by the ticket (the guard is the one checked in now); the others are
    roles of the site's list of people. (Somebody denied is turned away before.)
    """
    if capacity == "holder":
        return person.id == permit.ticket.holder
    if capacity == "guard":
        return person.id == permit.guard
    return capacity in {role.value for role in person.roles} and person.holds_in(permit.ticket.area)


def start_signers(work: WorkLimits, book: Rulebook) -> tuple[str, ...]:
    """Capacities that must agree to a start: the book's, and those of this kind of work (Annex A.1: hot work)."""
    return tuple(dict.fromkeys((*book.start_signers, *work.start_also)))


def resume_signers(permit: Permit, book: Rulebook) -> tuple[str, ...]:
    """Capacities that must agree to a resume: the union over the classes of all causes."""
    classes = {cause.pause_class for cause in permit.causes} or {PauseClass.MANUAL}
    needed: dict[str, None] = {}
    for pause_class in PauseClass:
        if pause_class in classes:
            needed.update(dict.fromkeys(book.resume_signers[pause_class.value]))
    if stops_by_people(permit, book) >= book.resume.person_stops.value:
        needed[Role.SAFETY_OFFICER.value] = None
    return tuple(needed)


def stops_by_people(permit: Permit, book: Rulebook) -> int:
    """Stops of class B in the shift of the last one that are put down to people (docs/domain.md section 3).

    Whoever presses stop does what he should: a stop by hand is class D and counts against nobody.
    """
    if not permit.stops:
        return 0
    last = permit.stops[-1]
    return sum(
        stop.blame is Blame.PERSON
        and stop.pause_class is PauseClass.INTEGRITY
        and stop.shift == last.shift
        and (bool(last.shift) or abs(last.at_utc - stop.at_utc) < book.resume.shift_s.value)
        for stop in permit.stops
    )


def agreeing(permit: Permit, to: str) -> Permit:
    """The permit with those signatures alone that agree to this: who signs a close has not agreed to a resume."""
    return replace(permit, signatures=tuple(one for one in permit.signatures if one.agrees_to == to))


def lacking(signatures: Iterable[Signature], needed: Iterable[str]) -> tuple[str, ...]:
    """Capacities that have not signed yet."""
    given = {signature.capacity for signature in signatures}
    return tuple(capacity for capacity in needed if capacity not in given)


def capacity_for(person: Person, permit: Permit, needed: Iterable[str]) -> str | None:
    """The first missing capacity that this person can fill; None if none, or if he signed already."""
    if any(signature.person == person.id for signature in permit.signatures):
        return None
    open_ = lacking(permit.signatures, needed)
    return next((capacity for capacity in open_ if may_act_as(person, capacity, permit)), None)


def alarm_words(alarm: Alarm, world: World) -> Words:
    """One alarm as a reason: title and figures."""
    return titled(alarm.verdict.title, as_it_is(alarm, world))


def titled(title: Words, detail: Words) -> Words:
    """Figures under their title, in one line."""
    return Words(f"{title.zh}：{detail.zh}", f"{title.en}: {detail.en}")


def against_start(permit: Permit, alarms: Iterable[Alarm], world: World) -> tuple[Words, ...]:
    """Everything that stands against starting, in words (none: the gate is open)."""
    return tuple(alarm_words(alarm, world) for alarm in alarm_list.standing(alarms, permit.ticket.id))


def against_resume(permit: Permit, alarms: Iterable[Alarm], world: World) -> tuple[Words, ...]:
    """Everything that stands against a resume except the signatures, in words."""
    return (*against_start(permit, alarms, world), *resume_conditions(permit, world))


def resume_conditions(permit: Permit, world: World) -> Iterator[Words]:
    """What a resume still needs besides clear rules and signatures: time, re-test, check-in."""
    if permit.void is not None and not permit.ended:  # the fire watch of ended work may be kept all the same
        yield Words("本票不得恢复，须办理新票", "no resume under this permit: a new ticket is needed").then(
            permit.void
        )
    if permit.unread and permit.pending is not None:
        version = permit.pending.version
        yield Words(
            f"监护人须先阅读并确认第 {version} 版作业票",
            f"the guard must first read version {version} of the ticket, and acknowledge it",
        )
    book, now_s = world.rulebook.resume, world.now_s
    clean_s = 0.0 if permit.clean_since_s is None else now_s - permit.clean_since_s
    if clean_s < book.clean_s.value:
        yield Words(
            f"各项条件须连续正常 {book.clean_s.value:g} 秒（现 {clean_s:.0f} 秒）",
            f"everything must have been good for {book.clean_s.value:g} s (now {clean_s:.0f} s)",
        )
    if needs_retest(permit, world):
        asked = Words("须由分析人复测气体并合格", "a named tester must re-test the gas and pass it")
        old = permit.retest is not None and permit.retest.passed
        yield asked.then(SAMPLED_EARLIER) if old else asked
    for measure in unconfirmed_since(permit, world):
        zh, en = measure.words.zh, measure.words.en
        yield Words(f"中断后须重新确认措施：{zh}", f"after the break somebody must look again at: {en}")
    if permit.inside and any(cause.evacuate for cause in permit.causes):
        many = len(permit.inside)
        yield Words(f"还有 {many} 人未撤出", f"{many} of those who went in have not come out")
    if needs_check_in(permit):
        yield Words("监护人须在作业点重新签到", "the guard must check in again at the point")


def needs_retest(permit: Permit, world: World) -> bool:
    """Whether a passed re-test is missing: demanded by a cause, or by a long interruption.

    GB 30871-2022 5.3.1 d, 6.3 f (interruption), 5.2.6 and 6.5 (after an alarm). What was sampled before it was
    demanded shows nothing, and a resume is a start: the samples are no older than they may be at one.
    """
    demanded_s = [cause.at_s for cause in permit.causes if cause.retest]
    stopped_s = permit.stopped_s
    work, done = work_of(permit, world), permit.retest
    longest, oldest = work.retest_after_s, work.sample_age_s
    # Ended work lights nothing again: a resume leads to its fire watch, and no interruption counts.
    if stopped_s is not None and longest is not None and not permit.ended:
        demanded_s.extend([stopped_s] if world.now_s - stopped_s > longest.value else [])
    demanded_s.extend(_was_blind(permit, world))
    if not demanded_s:
        return False
    if done is None or not done.passed:
        return True
    age_s = samples.age_s(done, world.now_s)
    return world.now_s - age_s < max(demanded_s) or (oldest is not None and age_s > oldest.value)


def unconfirmed_since(permit: Permit, world: World) -> Iterator[Measure]:
    """After a break, manual measures at which somebody must look again (GB 30871-2022 8.2.11)."""
    if permit.stopped_s is None or permit.ended or not work_of(permit, world).confirm_after_break:
        return
    seen_s = {one.measure: one.at_s for one in permit.confirmed}
    for measure in permit.ticket.measures:
        if measure.kind is MeasureKind.MANUAL and seen_s.get(measure.id, 0.0) < permit.stopped_s:
            yield measure


def work_of(permit: Permit, world: World) -> WorkLimits:
    """What is asked of this permit's work now, with what its linked tickets add."""
    job = world.job_of.get(permit.ticket.id)
    return UNKNOWN_WORK if job is None else job.work


def _was_blind(permit: Permit, world: World) -> Iterator[float]:
    """When a gas channel came back, during this stop, from being blind for longer than the rulebook allows.

    A shorter gap needs no test: the channel itself has measured good air for resume.clean_s since.
    """
    job = world.job_of.get(permit.ticket.id)
    for channel in () if job is None else job.channels:
        until_s = channel.track.blind_until_s
        if until_s is not None and until_s >= (permit.stopped_s or 0.0):
            yield until_s


def watch_left_s(permit: Permit, work: WorkLimits, now_s: float) -> float | None:
    """What is left of the fire watch, kept without a break; None for work that has none."""
    if work.fire_watch_s is None:
        return None
    since_s = permit.since_s if permit.state is State.FIRE_WATCH else None
    if permit.embers is not None:
        since_s = permit.embers.since_s
    watching_s = 0.0 if since_s is None else now_s - since_s
    return max(0.0, work.fire_watch_s.value - max(permit.watch_kept_s, watching_s))


def needs_check_in(permit: Permit) -> bool:
    """After a stop for integrity, the guard shows again that he is at the point."""
    integrity = any(cause.pause_class is PauseClass.INTEGRITY for cause in permit.causes)
    stopped_s = permit.stopped_s or 0.0
    return integrity and (permit.checked_in_s is None or permit.checked_in_s < stopped_s)


def named(capacities: Iterable[str]) -> Words:
    """Capacities as a list for a sentence."""
    words = [CAPACITIES.get(capacity, Words(capacity, capacity)) for capacity in capacities]
    return Words("、".join(w.zh for w in words), ", ".join(w.en for w in words))


def person_of(persons: Mapping[str, Person], id_: str) -> str:
    """A person's name, or the id where he is not known."""
    return persons[id_].name if id_ in persons else id_
