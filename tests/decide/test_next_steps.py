"""What is offered is entertained by the desk, what is not offered is refused: at every turn of many stories."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec
import pytest

from edge_agent.clock import Instant
from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import next_steps as steps
from edge_agent.decide import samples, ways
from edge_agent.decide.next_steps import next_steps
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.scene import Scene
from edge_agent.decide.state import Decision, Inputs, State
from edge_agent.decide.step import step
from edge_agent.domain.drill import Drill
from edge_agent.domain.next_step import NextStep
from edge_agent.domain.permit import Permit, Sample
from edge_agent.domain.permit import State as PermitState
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.ticket import MeasureKind
from edge_agent.fuse import world as fuse
from edge_agent.settings.site import Settings
from tests.scenarios.stories import STORIES, site_of
from tests.scenarios.stories.life import a_rule_pauses_hot_work_and_its_holder_ends_it
from tests.support.story import GOOD_AIR, SIGNS_ALSO, Story, scenario_site, ticket

TOLD = (
    "the_night_shift_takes_over_in_time",
    "a_change_counts_when_the_guard_has_read_it",
    "guard_sits_still_and_answers_with_a_press",
    "a_check_in_that_somebody_co_signs",
    "a_rule_pauses_hot_work_and_its_holder_ends_it",
    "hot_work_and_its_fire_watch",
    "a_permit_runs_out_in_a_release_with_people_inside",
    "a_withdrawn_ticket_keeps_the_next_one_waiting",
    "a_drill_from_the_sensor_to_the_resume",
    "a_safety_officer_overrides_one_rule_for_a_while",
    "a_confirmation_grows_old",
    "a_camera_alarm_is_shelved",
    "hot_work_is_approved_by_two_who_differ",
    "a_job_without_a_central_system",
    "the_guard_of_the_next_job_takes_the_fire_watch_over",
    "a_guard_changes_his_dead_wearable_during_the_work",
    "nobody_watched_and_somebody_in_charge_has_looked",
)


class Moment(NamedTuple):
    """One permit at one step of a story."""

    name: str
    settings: Settings
    state: State
    instant: Instant
    permit: Permit


def scene(settings: Settings, state: State, instant: Instant, permit: str) -> Scene:
    known = fuse.Known(permits=state.permits, persons=state.persons, records=state.records, outputs=state.outputs)
    world = fuse.build(settings, state.memory, known, instant)
    job = next(job for job in world.jobs if job.permit.ticket.id == permit)
    alarms = alarm_list.by_permit(state.alarms.values())(permit)
    return Scene(settings=settings, state=state, world=world, job=job, alarms=alarms)


def offered(told: Story, permit: str = "P-1") -> tuple[NextStep, ...]:
    return next_steps(scene(told.settings, told.decisions[-1].state, told.instant, permit))


def turn(permit: Permit, decision: Decision) -> tuple[object, ...]:
    """What makes one moment of a permit another one to its people."""
    live = [one for one in decision.state.alarms.values() if one.state not in alarm_list.OVER]
    ours = frozenset(one.verdict.rule for one in live if alarm_list.concerns(one, permit.ticket.id))
    return (
        permit.state,
        permit.guard,
        permit.claim is None,
        permit.pending is None,
        permit.retest is None,
        tuple(one.capacity for one in permit.signatures),
        permit.drill is None,
        None if permit.embers is None else permit.embers.by,
        len(permit.inside),
        bool(permit.overrides),
        any(one.shelf is not None for one in live),
        ours & {*steps.MENDS, "camera_required_not_monitored"},
    )


@cache
def moments() -> tuple[Moment, ...]:
    return tuple(_moments())


def _moments() -> Iterator[Moment]:
    seen: set[tuple[object, ...]] = set()
    for name in TOLD:
        told = STORIES[name](site_of(name))
        for line, decision in zip(told.lines[1:], told.decisions[1:], strict=True):
            instant = msgspec.json.decode(line, type=Inputs).instant
            for id_, permit in decision.state.permits.items():
                fresh = turn(permit, decision)
                if permit.watched and fresh not in seen:
                    seen.add(fresh)
                    # What people asked for in a step is looked at by the rules in the next one.
                    state = step(told.settings, decision.state, Inputs(instant=instant)).state
                    yield Moment(name, told.settings, state, instant, state.permits[id_])


def filled(ask: Ask, one: Moment) -> list[dict[str, Any]]:
    """Every way in which somebody would fill in this request, by what he sees on site."""
    permit, book = one.permit, one.settings.rulebook
    inside = tuple(who.person for who in permit.inside)
    manual = [measure.id for measure in permit.ticket.measures if measure.kind is MeasureKind.MANUAL]
    version = permit.pending.version if permit.pending else 2
    concerned = [a.verdict for a in one.state.alarms.values() if alarm_list.concerns(a, permit.ticket.id)]
    ways: dict[Ask, list[dict[str, Any]]] = {
        Ask.CHECK_IN: [{}, *([{"about": (permit.claim.person,)}] if permit.claim is not None else [])],
        Ask.RETEST: [{"samples": GOOD_AIR}],
        Ask.CONFIRM: [{"about": tuple(manual)}],
        Ask.ACCEPT_CHANGE: [{"about": (str(version),)}],
        Ask.HANDOVER: [{"about": tuple(book.handover)}],
        Ask.ENTER: [{"about": (who,)} for who in (permit.ticket.holder, *permit.ticket.workers)],
        Ask.LEAVE: [{"about": inside, "tools": permit.tools_inside}] if inside or permit.tools_inside else [],
        Ask.CONTACT: [{"about": inside}],
        Ask.WEAR: [
            {"about": (who,), "wearable": spare}
            for who in (permit.ticket.holder, *permit.ticket.guards, *permit.ticket.workers)
            for spare in one.settings.site.wearables
            if spare not in {person.tag for person in one.state.persons.values()}
        ],
        Ask.CLOSE: [{"people_inside": 0}],
        Ask.SHELVE: [
            {"alarm": one.key, "for_s": for_s, "reason": "known"} for one in concerned for for_s in (0.0, 60.0)
        ],
        Ask.OVERRIDE: [
            {"rule": rule, "for_s": for_s, "reason": "known"}
            for rule in {v.rule for v in concerned} | {one.rule for one in permit.overrides}
            for for_s in (0.0, 60.0)
        ],
        Ask.DRILL: [{"drill": Drill(name="d", steps=(), seed=3, longest_s=30.0)}],
    }
    return ways.get(ask, [{"reason": "because"}])


def entertained(one: Moment, ask: Ask, person: str, form: dict[str, Any]) -> bool:
    """What the brain's own step makes of it: accepted, or noted on the permit."""
    id_, soon = one.permit.ticket.id, _soon(one.instant)
    request = Request(id="r", at_s=soon.now_s, ask=ask, person=person, proof=Proof.PIN, permit=id_, **form)
    decision = step(one.settings, one.state, Inputs(instant=soon, asked=(request,)))
    return decision.answers[0].accepted or decision.state.permits[id_] != _untouched(one)


def _soon(instant: Instant) -> Instant:
    return msgspec.structs.replace(instant, now_s=instant.now_s + 0.001, utc=instant.utc + 0.001)


_UNTOUCHED: dict[int, Permit] = {}  # by the moment's place in memory, where `moments` keeps it


def _untouched(one: Moment) -> Permit:
    """The permit at the same moment where nobody asks for anything."""
    if id(one) not in _UNTOUCHED:
        quiet = step(one.settings, one.state, Inputs(instant=_soon(one.instant)))
        _UNTOUCHED[id(one)] = quiet.state.permits[one.permit.ticket.id]
    return _UNTOUCHED[id(one)]


def test_the_stories_lead_through_every_state_and_offer_everything_that_there_is() -> None:
    assert {one.permit.state for one in moments()} >= set(PermitState) - {PermitState.CLOSED}
    asked = {
        one.ask
        for at in moments()
        for one in next_steps(scene(at.settings, at.state, at.instant, at.permit.ticket.id))
    }
    assert asked == set(ways.WORDS)


def test_the_offer_is_what_the_desk_says() -> None:
    """Both ways: everything offered is entertained, and nothing else is, whoever asks."""
    for one in moments():
        told = next_steps(scene(one.settings, one.state, one.instant, one.permit.ticket.id))
        for ask in ways.WORDS:
            if ask in {Ask.STOP, Ask.ACKNOWLEDGE}:
                continue
            may = {person for step in told if step.ask is ask for person in step.persons}
            really = {
                person
                for person in one.state.persons
                if any(entertained(one, ask, person, form) for form in filled(ask, one))
            }
            assert may == really, (one.name, one.permit.ticket.id, one.permit.state, ask)


def test_what_a_step_names_is_what_the_desk_takes() -> None:
    """The names that the page is given are filled in as they are, one at a time where one is named at a time."""
    single = {Ask.SHELVE: "alarm", Ask.OVERRIDE: "rule"}
    told = 0
    for one in moments():
        for offer in next_steps(scene(one.settings, one.state, one.instant, one.permit.ticket.id)):
            for name in offer.about:
                told += 1
                if offer.ask in single:
                    assert offer.longest_s is not None
                    form = {single[offer.ask]: name, "for_s": min(60.0, offer.longest_s), "reason": "known"}
                elif offer.ask is Ask.WEAR:
                    form = {"about": (one.permit.ticket.holder,), "wearable": name}
                else:
                    form = {"about": (name,) if offer.ask is Ask.ENTER else offer.about}
                assert entertained(one, offer.ask, offer.persons[0], form), (one.name, offer)
    assert told


def test_what_lasts_is_taken_back_by_anybody_on_site() -> None:
    """An override by everybody, a shelved alarm by those who shelve: for no time at all."""
    offers = [
        offer
        for one in moments()
        for offer in next_steps(scene(one.settings, one.state, one.instant, one.permit.ticket.id))
        if offer.words in {ways.TAKE_BACK, ways.SOUND_AGAIN}
    ]
    assert {offer.ask for offer in offers} == {Ask.OVERRIDE, Ask.SHELVE}
    assert {offer.longest_s for offer in offers} == {0.0}
    assert all("wu-gang" in offer.persons for offer in offers if offer.ask is Ask.OVERRIDE)
    assert all(len(offer.about) == 1 for offer in offers)


def test_a_stop_is_offered_to_anybody_whenever_it_would_stop_something() -> None:
    for one in moments():
        told = next_steps(scene(one.settings, one.state, one.instant, one.permit.ticket.id))
        stop = [step for step in told if step.ask is Ask.STOP]
        assert [(step.who, step.persons, step.fresh) for step in stop] in ([], [(("anybody",), (), False)])
        assert bool(stop) == entertained(one, Ask.STOP, "wu-gang", {})


def test_alarms_are_acknowledged_where_one_calls() -> None:
    told = Story(scenario_site())
    told.begin_work()
    told.run(2)
    assert Ask.ACKNOWLEDGE not in {one.ask for one in offered(told)}
    told.field.gas["gas-h2s"] = {"level": 15.0}
    told.run(2)
    assert Ask.ACKNOWLEDGE in {one.ask for one in offered(told)}
    told.ask(Ask.ACKNOWLEDGE, "li-na")
    told.step()
    assert Ask.ACKNOWLEDGE not in {one.ask for one in offered(told)}


def test_what_is_waited_for_stands_first() -> None:
    told = Story(scenario_site())
    told.run(1)
    told.field.also["tag-guard-2"] = {"x_m": 60.0, "y_m": 0.5, "moving": True}
    told.begin_work(goes_in=(), guards=("li-na", "chen-jie"))
    told.run(2)
    assert [one.words for one in offered(told) if one.ask is Ask.CHECK_IN] == [
        ways.WORDS[Ask.CHECK_IN]
    ]  # the relief stands too far away
    told.field.also["tag-guard-2"] = {"x_m": 6.0, "y_m": 0.5, "moving": True}
    told.run(2)
    last = [one for one in offered(told) if one.ask is Ask.CHECK_IN]
    assert {one.words: one.persons for one in last} == {
        ways.WORDS[Ask.CHECK_IN]: ("li-na",),
        ways.RELIEVE: ("chen-jie",),
    }
    told.ask(Ask.STOP, "wu-gang")
    told.run(told.settings.rulebook.resume.clean_s.value + 2)
    first = offered(told)[0]
    assert (first.ask, first.who, first.fresh) == (Ask.RESUME, ("holder", "guard"), True)


def test_before_the_start_the_check_in_and_the_gas_test_come_first() -> None:
    told = Story(scenario_site())
    told.bring(ticket())
    told.run(2)
    first = offered(told)[:2]
    assert [(one.ask, one.who, one.persons, one.fresh) for one in first] == [
        (Ask.CHECK_IN, ("guard",), ("li-na",), False),
        (Ask.RETEST, ("tester",), ("sun-yan",), False),
    ]
    assert steps.needs_retest(scene(told.settings, told.decisions[-1].state, told.instant, "P-1"))


def test_who_must_still_sign_is_named_by_capacity_and_by_name() -> None:
    told = Story(scenario_site())
    told.bring(ticket())
    told.run(2)
    told.ready()
    told.ask(Ask.START, "li-na")
    told.step()
    at = scene(told.settings, told.decisions[-1].state, told.instant, "P-1")
    (left,) = steps.lacking(at)
    assert (left.capacity, left.persons) == ("holder", ("王磊 Wang Lei",))
    assert left.words.zh


def test_a_stop_says_who_must_sign_the_resume() -> None:
    told = Story(scenario_site())
    told.begin_work(goes_in=())
    told.field.gas["gas-h2s"] = {"level": 60.0}
    told.run(2)
    left = steps.lacking(scene(told.settings, told.decisions[-1].state, told.instant, "P-1"))
    assert [one.capacity for one in left] == ["safety_officer", "holder", "guard"]


def test_once_a_close_is_being_signed_it_says_who_else_must() -> None:
    told = Story(scenario_site())
    told.begin_work(goes_in=())
    assert list(steps.lacking(scene(told.settings, told.decisions[-1].state, told.instant, "P-1"))) == []
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.step()
    (left,) = steps.lacking(scene(told.settings, told.decisions[-1].state, told.instant, "P-1"))
    assert (left.capacity, left.persons) == ("holder", ("王磊 Wang Lei",))


def test_hot_work_names_the_shift_lead_too() -> None:
    told = a_rule_pauses_hot_work_and_its_holder_ends_it(scenario_site())
    ready = next(
        (decision, line)
        for decision, line in zip(told.decisions, told.lines, strict=True)
        if decision.state.permits and decision.state.permits["P-1"].state is PermitState.READY
    )
    instant = msgspec.json.decode(ready[1], type=Inputs).instant
    at = scene(told.settings, ready[0].state, instant, "P-1")
    assert {one.capacity for one in steps.lacking(at)} >= {"holder", "guard", *SIGNS_ALSO}


def test_a_gas_test_as_it_is_asked_for_has_nothing_wrong_with_it() -> None:
    for one in moments():
        job = scene(one.settings, one.state, one.instant, one.permit.ticket.id).job
        book = one.settings.rulebook
        taken = samples.dated(ways.clean(samples.asked(job, book), book), one.instant)
        assert samples.wrong(taken, job, book, one.instant) == ()


@pytest.mark.parametrize("left_out", range(9))
def test_a_gas_test_with_anything_left_out_is_not_enough(left_out: int) -> None:
    told = Story(scenario_site())
    told.begin_work()
    job = scene(told.settings, told.decisions[-1].state, told.instant, "P-1").job
    book = told.settings.rulebook
    whole = ways.clean(samples.asked(job, book), book)
    kinds = {(samples.kind_of(one.gas, book), one.place) for one in whole}
    assert {place for _, place in kinds} == {"upper", "middle", "lower"}
    part: tuple[Sample, ...] = tuple(
        one for one in whole if (samples.kind_of(one.gas, book), one.place) != sorted(kinds)[left_out]
    )
    assert samples.wrong(samples.dated(part, told.instant), job, book, told.instant)


def test_the_rules_that_are_mended_by_a_request_exist() -> None:
    assert set(steps.MENDS) <= {rule.name for rule in RULES}


def test_a_kind_of_gas_that_no_detector_measures_is_asked_for_all_the_same() -> None:
    told = Story(scenario_site())
    bound = tuple(id_ for id_ in ticket().devices if id_ not in {"gas-h2s", "gas-co"})
    told.bring(ticket(devices=bound))
    told.run(2)
    job, book = scene(told.settings, told.decisions[-1].state, told.instant, "P-1").job, told.settings.rulebook
    asked = samples.asked(job, book)
    (toxic,) = [one for one in asked.gases if one.any_of]
    assert {samples.kind_of(gas, book) for gas in toxic.any_of} == {"toxic"}
    assert (toxic.words, toxic.places) == (samples.KINDS["toxic"], ("upper", "middle", "lower"))
    assert samples.wrong(samples.dated(ways.clean(asked, book), told.instant), job, book, told.instant) == ()
