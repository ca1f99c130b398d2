"""What people can do now about a permit, and who: every request is rehearsed with the desk's own handlers. Pure.

Nothing here says who may what. A request, filled in as well as it can be, is put to the handler that would answer
it, on a draft that is thrown away: what would be entertained is offered, and nothing else.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import consent
from edge_agent.decide.asking.answer import refusal
from edge_agent.decide.asking.entitled import NEEDS, Shown
from edge_agent.decide.fitness import record_fault
from edge_agent.decide.permit_machine import Trigger, after
from edge_agent.decide.scene import Scene
from edge_agent.decide.state import Draft
from edge_agent.decide.ways import CO_SIGN, RELIEVE, TAKE_WATCH, WORDS, Way, ways
from edge_agent.domain.next_step import Lacking, NextStep
from edge_agent.domain.outcome import Effect, Priority
from edge_agent.domain.permit import STOPPED, Permit
from edge_agent.domain.permit import State as PermitState
from edge_agent.domain.person import Person, Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

WAITING = frozenset({PermitState.RECEIVED, PermitState.READY})
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
    "battery_low": Ask.WEAR,
    "guard_lost_a_while": Ask.WEAR,
    "guard_lost": Ask.WEAR,
}
ORDER = {ask: at for at, ask in enumerate(WORDS)}


class Rehearsal(Draft):
    """A draft that is thrown away and tells nobody."""

    def event(self, type_: str, subject: str, priority: Priority, data: dict[str, Any]) -> None:
        """Nothing has happened."""


def next_steps(scene: Scene) -> tuple[NextStep, ...]:
    """Everything that would be entertained now, what is asked for first."""
    found = [step for way in ways(scene) if (step := _offered(way, scene)) is not None]
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
        ("guard", person.id == permit.guard or person.id in permit.guards),
        ("holder", person.id == ticket.holder),
        ("worker", person.id in ticket.workers),
    )
    return (*(label for label, holds in named if holds), *(role.value for role in person.roles))


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
