"""What people can do now about a permit, and who: every request is rehearsed with the desk's own handlers. Pure.

Nothing here says who may what. A request, filled in as well as it can be, is put to the handler that would answer
it, on a draft that is thrown away: what would be entertained is offered, and nothing else.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import consent, samples, shelving
from edge_agent.decide.asking import handover, ticketing
from edge_agent.decide.asking.answer import refusal
from edge_agent.decide.asking.entitled import NEEDS, Shown
from edge_agent.decide.fitness import record_fault
from edge_agent.decide.guarding import open_claim
from edge_agent.decide.permit_machine import Trigger, after
from edge_agent.decide.rules.gate_ticket import ROLES
from edge_agent.decide.state import Draft, State
from edge_agent.domain.drill import Drill
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.next_step import GasTest, Lacking, NextStep
from edge_agent.domain.outcome import Alarm, AlarmState, Effect, Priority
from edge_agent.domain.permit import Permit, Sample
from edge_agent.domain.permit import State as PermitState
from edge_agent.domain.person import Person, Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import MeasureKind
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings

WAITING = frozenset({PermitState.RECEIVED, PermitState.READY})
STOPPED = frozenset({PermitState.PAUSED, PermitState.SUSPENDED, PermitState.RESUME_CHECK})
CALLING = frozenset({AlarmState.UNACK_ACTIVE, AlarmState.UNACK_RTN})
# In the order in which they are most useful when several are possible and none is asked for.
WORDS: dict[Ask, Words] = {
    Ask.ACCEPT_CHANGE: Words("确认票面变更", "Confirm what changed on the ticket"),
    Ask.CHECK_IN: Words("监护人签到", "Check in as guard"),
    Ask.APPROVE: Words("审批签字", "Sign the ticket"),
    Ask.RETEST: Words("录入气体检测", "Enter a gas test"),
    Ask.CONFIRM: Words("确认安全措施", "Confirm the measures"),
    Ask.START: Words("签字开工", "Sign to start"),
    Ask.RESUME: Words("签字恢复作业", "Sign to resume"),
    Ask.HANDOVER: Words("确认交接清单", "Go through the hand-over list"),
    Ask.HERE: Words("我在岗", "I'm here"),
    Ask.ACKNOWLEDGE: Words("确认报警", "Acknowledge the alarms"),
    Ask.LEAVE: Words("登记离开", "Count people out"),
    Ask.CONTACT: Words("里面的人已应答", "Those inside have answered"),
    Ask.ENTER: Words("登记进入", "Count people in"),
    Ask.END_WORK: Words("结束动火，开始余火监护", "End the work, begin the fire watch"),
    Ask.CLOSE: Words("签字关闭", "Sign to close"),
    Ask.CHECK_OUT: Words("监护人签退", "Check out as guard"),
    Ask.STOP: Words("停止作业", "Stop the work"),
    Ask.SHELVE: Words("搁置报警", "Silence an alarm for a while"),
    Ask.OVERRIDE: Words("旁路一条规则", "Let one rule be for a while"),
    Ask.DRILL: Words("开始演练", "Begin a drill"),
    Ask.END_DRILL: Words("结束演练", "End the drill"),
    Ask.REVOKE: Words("收回作业票", "Withdraw the permit"),
}
RELIEVE = Words("接替监护", "Relieve the guard")
TAKE_BACK = Words("取消旁路", "Take the override back")
SOUND_AGAIN = Words("取消搁置", "Let an alarm sound again")
TAKE_WATCH = Words("接手余火监护", "Take over the fire watch")
CO_SIGN = Words("确认监护人在场", "Confirm that the guard is there")
# What mends a finding, by its rule: what is asked for stands first.
MENDS: dict[str, Ask] = {
    "gas_not_sampled": Ask.RETEST,
    "gas_sample_due": Ask.RETEST,
    "gas_not_sampled_today": Ask.RETEST,
    "measure_not_confirmed": Ask.CONFIRM,
    "guard_not_checked_in": Ask.CHECK_IN,
    "guard_absent": Ask.CHECK_IN,
    "embers_unwatched": Ask.CHECK_IN,
    "not_approved": Ask.APPROVE,
    "guard_still_long": Ask.HERE,
    "guard_still_longer": Ask.HERE,
    "handover_due": Ask.HANDOVER,
    "handover_missed": Ask.HANDOVER,
    "contact_due": Ask.CONTACT,
}
ORDER = {ask: at for at, ask in enumerate(WORDS)}
REASON = "-"  # whoever asks gives his own


class Rehearsal(Draft):
    """A draft that is thrown away and tells nobody."""

    def event(self, type_: str, subject: str, priority: Priority, data: dict[str, Any]) -> None:
        """Nothing has happened."""


class Scene(Struct, frozen=True, kw_only=True):
    """One permit at one moment, with everything that its next steps depend on."""

    settings: Settings
    state: State
    world: World
    job: Job
    alarms: tuple[Alarm, ...]  # that concern it

    @property
    def permit(self) -> Permit:
        """As it stands after the last step."""
        return self.job.permit


class Way(Struct, frozen=True, kw_only=True):
    """One way of asking: its words for people, and the form filled in as well as it can be.

    `each`: things of which one is named at a time, in the field `names` (who goes in, an alarm, a rule), and of
    which whoever may name one may name any that can be named at all.
    """

    ask: Ask
    words: Words
    form: dict[str, Any] = {}
    names: str = ""
    each: tuple[str, ...] = ()

    @property
    def longest_s(self) -> float | None:
        """It is rehearsed for as long as it may last."""
        drill: Drill | None = self.form.get("drill")
        return self.form.get("for_s") if drill is None else drill.longest_s


def next_steps(scene: Scene) -> tuple[NextStep, ...]:
    """Everything that would be entertained now, what is asked for first."""
    found = [step for way in _ways(scene) if (step := _offered(way, scene)) is not None]
    if after(scene.permit.state, Trigger.STOP) is not None:
        stop = NextStep(ask=Ask.STOP, words=WORDS[Ask.STOP], who=("anybody",), persons=(), fresh=False)
        found.append(stop)
    wanted = _wanted(scene)
    return tuple(sorted(found, key=lambda step: _rank(step, wanted, scene)))


def _offered(way: Way, scene: Scene) -> NextStep | None:
    """Who may ask it, and about what; None where nobody may."""
    possible = tuple(_possible(way, scene))
    if not way.each:
        may = tuple(person for person in possible if _entertained(way, way.form, person, scene))
        return _step(way, may, way.form.get("about", ()), scene) if may else None
    for at, one in enumerate(way.each):
        may = tuple(person for person in possible if _entertained(way, _naming(way, one), person, scene))
        if may:  # of the other things, only those persons are asked
            others = (
                other
                for other in way.each[at + 1 :]
                if any(_entertained(way, _naming(way, other), person, scene) for person in may)
            )
            return _step(way, may, (one, *others), scene)
    return None


def _naming(way: Way, one: str) -> dict[str, Any]:
    return way.form | {way.names: (one,) if way.names == "about" else one}


def _rank(step: NextStep, wanted: frozenset[Ask], scene: Scene) -> tuple[bool, bool, int]:
    """A guard who is there comes before one who would take over, and what nobody asks for comes last."""
    idle = step.ask in {Ask.CHECK_IN, Ask.RETEST, Ask.CONFIRM} and step.ask not in wanted
    if step.words == CO_SIGN:
        return False, False, 0
    relief = step.words == RELIEVE and scene.permit.guard is not None
    return step.ask not in wanted or relief, idle or relief, ORDER[step.ask]


def _step(way: Way, may: tuple[Person, ...], about: tuple[str, ...], scene: Scene) -> NextStep:
    return NextStep(
        ask=way.ask,
        words=way.words,
        who=_who(may, scene),
        persons=tuple(person.id for person in may),
        fresh=NEEDS[way.ask] is Shown.FRESH,
        about=about,
        longest_s=way.longest_s,
    )


def _possible(way: Way, scene: Scene) -> Iterable[Person]:
    """Whom to try: a check-in by the guard on duty and one by his relief are two different things to people."""
    persons, guard = scene.world.persons.values(), scene.permit.guard
    if way.ask is Ask.CHECK_IN and guard is not None and way.words not in {CO_SIGN, TAKE_WATCH}:
        return [person for person in persons if (person.id == guard) is not (way.words == RELIEVE)]
    return persons


def _entertained(way: Way, form: dict[str, Any], person: Person, scene: Scene) -> bool:
    """Accepted, or taken note of: a check-in that somebody must co-sign, a gas test that did not pass."""
    world, permit = scene.world, scene.permit
    draft = Rehearsal(scene.state, world.instant, world.shift)
    request = Request(
        id="rehearsed",
        at_s=world.now_s,
        ask=way.ask,
        person=person.id,
        proof=Proof.PIN,
        permit=permit.ticket.id,
        **form,
    )
    if not refusal(draft, world, request, scene.settings):
        return True
    return draft.permits[permit.ticket.id] is not scene.state.permits[permit.ticket.id]


def _who(may: tuple[Person, ...], scene: Scene) -> tuple[str, ...]:
    """In what capacity each may: the one that tells him best from those who may not."""
    ids = {person.id for person in may}
    refused: dict[str, int] = {}
    for person in scene.world.persons.values():
        for label in _labels(person, scene.permit):
            refused[label] = refused.get(label, 0) + (person.id not in ids)
    best = (min(_labels(person, scene.permit), key=lambda label: refused[label]) for person in may)
    return tuple(dict.fromkeys(best))


def _labels(person: Person, permit: Permit) -> tuple[str, ...]:
    """What he is to this permit, then his roles on site."""
    ticket = permit.ticket
    named = (
        ("guard", person.id == permit.guard or person.id in ticket.guards),
        ("holder", person.id == ticket.holder),
        ("worker", person.id in ticket.workers),
    )
    return (*(label for label, holds in named if holds), *(role.value for role in person.roles))


def _ways(scene: Scene) -> Iterator[Way]:
    """Every way of asking something that makes sense to fill in now; whether it is entertained shows."""
    permit = scene.permit
    for ask in (Ask.START, Ask.RESUME, Ask.HERE, Ask.CHECK_OUT, Ask.END_WORK, Ask.END_DRILL):
        yield _way(ask)
    yield _way(Ask.CLOSE, people_inside=0)
    yield _way(Ask.REVOKE, reason=REASON)
    yield from _check_ins(scene)
    yield from _of_the_ticket(scene)
    yield from _of_the_count(permit)
    yield from _of_the_alarms(scene)
    yield _way(Ask.RETEST, samples=clean(samples.asked(scene.job, scene.world.rulebook), scene.world.rulebook))
    longest_s = scene.world.rulebook.drill.longest_s.value
    yield _way(Ask.DRILL, drill=Drill(name=REASON, steps=(), seed=1, longest_s=longest_s))


def _way(ask: Ask, words: Words | None = None, **form: Any) -> Way:
    return Way(ask=ask, words=words or WORDS[ask], form=form)


def _check_ins(scene: Scene) -> Iterator[Way]:
    claim = open_claim(scene.permit, scene.world)
    if claim is not None:
        yield _way(Ask.CHECK_IN, CO_SIGN, about=(claim.person,))
    if scene.permit.embers is not None:
        yield _way(Ask.CHECK_IN, TAKE_WATCH)
        return
    yield _way(Ask.CHECK_IN)
    if scene.permit.guard is not None:
        yield _way(Ask.CHECK_IN, RELIEVE)


def _of_the_ticket(scene: Scene) -> Iterator[Way]:
    """What is read or looked at: a change, the measures, the checklist."""
    permit = scene.permit
    if permit.pending is not None:
        yield _way(Ask.ACCEPT_CHANGE, about=(str(permit.pending.version),))
    manual = tuple(one.id for one in permit.ticket.measures if one.kind is MeasureKind.MANUAL)
    if manual:
        yield _way(Ask.CONFIRM, about=manual)
    for role in ticketing.to_approve(scene.job, permit.ticket, scene.world):
        name, sign = ROLES.get(role, Words(role, role)), WORDS[Ask.APPROVE]
        yield _way(Ask.APPROVE, Words(f"{sign.zh}：{name.zh}", f"{sign.en}: {name.en}"), about=(role,))
    if handover.due(permit, scene.world.shift):
        yield _way(Ask.HANDOVER, about=tuple(scene.world.rulebook.handover))


def _of_the_count(permit: Permit) -> Iterator[Way]:
    """People and tools in and out."""
    inside = tuple(one.person for one in permit.inside)
    outside = (one for one in (*permit.ticket.workers, permit.ticket.holder) if one not in inside)
    yield Way(ask=Ask.ENTER, words=WORDS[Ask.ENTER], names="about", each=tuple(outside))
    if inside or permit.tools_inside:
        yield _way(Ask.LEAVE, about=inside, tools=permit.tools_inside)
    if inside:
        yield _way(Ask.CONTACT, about=inside)


def _of_the_alarms(scene: Scene) -> Iterator[Way]:
    book, own = scene.world.rulebook, scene.permit.ticket.id
    if any(one.state in CALLING and one.verdict.finding.permit == own for one in scene.alarms):
        yield _way(Ask.ACKNOWLEDGE)
    sounding = (one for one in scene.alarms if shelving.may_be_shelved(one) and one.shelf is None)
    silent = (one for one in scene.alarms if one.shelf is not None)
    let_be = (one.verdict.rule for one in scene.alarms if one.verdict.overridable)
    running = (one.rule for one in scene.permit.overrides)
    shelf_s, override_s = book.alarm.shelf_s.value, book.override.longest_s.value
    yield from _lasting(Ask.SHELVE, WORDS[Ask.SHELVE], shelf_s, (one.verdict.key for one in sounding))
    yield from _lasting(Ask.SHELVE, SOUND_AGAIN, 0.0, (one.verdict.key for one in silent))
    yield from _lasting(Ask.OVERRIDE, WORDS[Ask.OVERRIDE], override_s, let_be)
    yield from _lasting(Ask.OVERRIDE, TAKE_BACK, 0.0, running)


def _lasting(ask: Ask, words: Words, longest_s: float, each: Iterable[str]) -> Iterator[Way]:
    """What holds for a while and for a reason; for no time at all: what takes it back."""
    if named := tuple(dict.fromkeys(each)):
        form = {"for_s": longest_s, "reason": REASON}
        yield Way(ask=ask, words=words, form=form, names="alarm" if ask is Ask.SHELVE else "rule", each=named)


def clean(test: GasTest, book: Rulebook) -> tuple[Sample, ...]:
    """A test that holds everything that is asked for, and passes."""
    return tuple(
        Sample(gas=one.gas, level=_good(book.gases.get(one.gas)), unit=one.unit, place=place)
        for one in test.gases
        for place in one.places or ("middle",)
    )


def _good(limits: GasLimits | None) -> float:
    """A level that is permitted air."""
    low = None if limits is None else limits.stop_low
    high = None if limits is None else limits.entry_high or limits.stop_high
    return 0.0 if low is None else low.value if high is None else (low.value + high.value) / 2


def _wanted(scene: Scene) -> frozenset[Ask]:
    """What somebody waits for: what would mend what is found now, or what a resume still needs."""
    permit, world = scene.permit, scene.world
    live = (one for one in scene.alarms if one.state not in alarm_list.OVER)
    asked = {MENDS[one.verdict.rule] for one in live if one.verdict.rule in MENDS}
    evacuating = any(
        one.verdict.effect is Effect.EVACUATE for one in scene.alarms if one.state in alarm_list.ACTIVE
    )
    if permit.inside and (evacuating or any(cause.evacuate for cause in permit.causes)):
        asked.add(Ask.LEAVE)
    if permit.pending is not None:
        asked.add(Ask.ACCEPT_CHANGE)
    if permit.embers is not None and not permit.embers.by:
        asked.add(Ask.CHECK_IN)  # whoever keeps the fire watch says so: then work may begin beside it
    if permit.state is PermitState.READY:
        asked.add(Ask.START)
    if permit.state in STOPPED:
        asked.add(Ask.RESUME)
        needs = (
            (Ask.RETEST, consent.needs_retest(permit, world)),
            (Ask.CHECK_IN, permit.guard is None or consent.needs_check_in(permit)),
            (Ask.CONFIRM, any(consent.unconfirmed_since(permit, world))),
        )
        asked.update(ask for ask, needed in needs if needed)
    return frozenset(asked)


def needs_retest(scene: Scene) -> bool:
    """Whether work waits for a gas test: before its start, during it, or for its resume."""
    return Ask.RETEST in _wanted(scene)


def lacking(scene: Scene) -> Iterator[Lacking]:
    """Who must still sign for what comes next, each with the names of those who can."""
    to, needed = _awaited(scene.job, scene.world.rulebook)
    permit = consent.agreeing(scene.permit, to.value)
    for capacity in consent.lacking(permit.signatures, needed):
        words = consent.CAPACITIES.get(capacity, Words(capacity, capacity))
        yield Lacking(capacity=capacity, words=words, persons=tuple(_who_can(capacity, permit, scene.world)))


def _awaited(job: Job, book: Rulebook) -> tuple[Trigger, tuple[str, ...]]:
    """What is signed for next, and who must; a close once somebody has begun to sign it."""
    permit = job.permit
    if any(one.agrees_to == Trigger.CLOSE.value for one in permit.signatures):
        return Trigger.CLOSE, book.close_signers
    if permit.state is PermitState.READY:
        return Trigger.START, consent.start_signers(job.work, book)
    if permit.state in STOPPED:
        return Trigger.RESUME_WATCH if permit.ended else Trigger.RESUME, consent.resume_signers(permit, book)
    return Trigger.CLOSE, ()


def _who_can(capacity: str, permit: Permit, world: World) -> Iterator[str]:
    for person in world.persons.values():
        vouched = person.denied is None and not any(record_fault(person, world.instant.utc))
        vouched = vouched and person.holds_in(permit.ticket.area)
        if vouched and consent.capacity_for(person, permit, (capacity,)) is not None:
            yield person.name
