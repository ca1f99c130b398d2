"""The guard's four words and the head-count: nothing unknown is ever shown as safe or as out."""

import itertools

import pytest
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import alarms
from edge_agent.decide.glance import LEAVE, MAKE_SAFE, STOP, WORDS, Word, instruction, word_for
from edge_agent.decide.headcount import head_count
from edge_agent.decide.permit_machine import PERMITTED
from edge_agent.domain.headcount import Whereabouts
from edge_agent.domain.outcome import Alarm, Effect
from edge_agent.domain.permit import TERMINAL, Cause, Inside, Override, PauseClass, Permit, State
from edge_agent.fuse import world as fuse
from tests.support.story import Story, scenario_site
from tests.support.verdict import SAID, verdict

SITE = scenario_site()
STORY = Story(SITE)
STORY.begin_work(goes_in=())
STORY.run(2)
PERMIT = STORY.decisions[-1].state.permits["P-1"]
GONE = Cause(
    rule="gas",
    subject="s",
    pause_class=PauseClass.EMERGENCY,
    at_s=0,
    at_utc=0,
    title=SAID,
    detail=SAID,
    evacuate=True,
)


def alarm(effect: Effect) -> Alarm:
    row = replace(verdict(), effect=effect)
    return next(iter(alarms.advance({}, [row], Instant(now_s=0, utc=0, trusted=True), SITE.rulebook.alarm).raised))


@pytest.mark.parametrize(
    ("state", "effect", "causes"), list(itertools.product(State, [None, *Effect], [(), (GONE,)]))
)
def test_may_work_is_said_only_of_permitted_work_without_any_warning(
    state: State, effect: Effect | None, causes: tuple[Cause, ...]
) -> None:
    permit = replace(PERMIT, state=state, causes=causes)
    word = word_for(permit, [] if effect is None else [alarm(effect)])
    leave = state not in TERMINAL and (effect is Effect.EVACUATE or bool(causes))
    if leave:
        assert word is Word.EVACUATE
    elif state not in PERMITTED:
        assert word is Word.STOPPED
    else:
        assert word is (Word.MAY_WORK if effect in {None, Effect.NOTE} else Word.WARNING)
    assert WORDS[word]


def test_an_override_or_shadow_mode_is_a_warning_by_itself() -> None:
    assert word_for(replace(PERMIT, shadow=True), []) is Word.WARNING
    one = Override(rule="r", code="X", title=SAID, by="zhao-min", reason="r", at_s=0.0, at_utc=0.0, until_s=60.0)
    assert word_for(replace(PERMIT, overrides=(one,)), []) is Word.WARNING


def test_an_alarm_of_another_permit_changes_no_word() -> None:
    row = replace(verdict(), finding=replace(verdict().finding, permit="P-2"))
    assert word_for(PERMIT, [replace(alarm(Effect.EVACUATE), verdict=row)]) is Word.MAY_WORK


def test_a_pause_never_tells_people_to_drop_a_load_and_an_evacuation_comes_first() -> None:
    books = SITE.rulebook.works
    safe = next(work for work in books.values() if work.make_safe)
    plain = next(work for work in books.values() if not work.make_safe)
    assert instruction(PERMIT, safe) == MAKE_SAFE
    assert instruction(PERMIT, plain) == STOP
    for work in (safe, plain):
        assert instruction(replace(PERMIT, causes=(GONE,)), work) == LEAVE


def counted(permit: Permit, **field: object) -> dict[str, Whereabouts]:
    """Each person's whereabouts after a second of this field."""
    story = Story(SITE)
    story.begin_work()
    for name, said in field.items():
        setattr(story.field, name, said)
    story.run(2)
    state = replace(story.decisions[-1].state, permits={"P-1": permit})
    known = fuse.Known(permits=state.permits, persons=state.persons, outputs=state.outputs)
    world = fuse.build(SITE, state.memory, known, story.instant)
    one = head_count(world.jobs[0], world)
    assert one.unknown == sum(person.where == "unknown" for person in one.people)
    assert one.counted == len(permit.inside)
    return {person.person: person for person in one.people}


def test_who_wears_a_tag_in_the_area_is_inside_and_who_wears_none_is_unknown() -> None:
    people = counted(PERMIT)
    assert people["zhou-qiang"].where == "inside"  # his tag says so
    assert people["li-na"].where == "out"  # hers is at the manhole
    assert people["wang-lei"].where == "unknown"  # he wears none
    assert people["wu-gang"].where == "unknown"  # his was never heard


def test_whom_the_guard_counted_in_is_inside_whatever_his_tag_says() -> None:
    went_in = tuple(
        Inside(person=id_, since_s=0, since_utc=0, heard_s=0) for id_ in ("zhou-qiang", "wang-lei", "a-visitor")
    )
    people = counted(replace(PERMIT, inside=went_in), worker={"x_m": 60.0, "y_m": 0.0, "moving": True})
    assert [people[id_].where for id_ in ("zhou-qiang", "wang-lei", "a-visitor")] == ["inside"] * 3
    assert people["a-visitor"].name == "a-visitor"


def test_a_tag_without_a_place_is_unknown_and_never_out() -> None:
    people = counted(PERMIT, worker={"x_m": None, "y_m": None, "moving": True})
    assert people["zhou-qiang"].where == "unknown"


def test_somebody_of_no_permit_whose_tag_is_in_the_area_is_counted_too() -> None:
    ticket = replace(PERMIT.ticket, workers=("wu-gang",))
    assert counted(replace(PERMIT, ticket=ticket))["zhou-qiang"].where == "inside"
