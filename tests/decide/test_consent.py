"""Who must sign after how many stops, and that nobody resumes while somebody is still inside."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.decide.consent import resume_conditions, resume_signers, stops_by_people
from edge_agent.decide.state import Inputs
from edge_agent.decide.step import step
from edge_agent.domain.permit import Blame, Cause, Inside, PauseClass, Permit, State, Stop
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.words import Words
from edge_agent.fuse import world as fuse
from tests.support.story import Story, scenario_site
from tests.support.verdict import SAID

SITE = scenario_site()
BOOK = SITE.rulebook
STORY = Story(SITE)
STORY.begin_work()
PERMIT = STORY.decisions[-1].state.permits["P-1"]
OFFICER = "safety_officer"
STOPPED = Story(SITE)
STOPPED.begin_work(goes_in=())
STOPPED.ask(Ask.STOP, "wu-gang")
STOPPED.run(SITE.rulebook.resume.clean_s.value + 2)


def stop(at_s: float, shift: str = "", blame: Blame = Blame.PERSON, of: PauseClass = PauseClass.INTEGRITY) -> Stop:
    return Stop(at_s=at_s, at_utc=at_s, pause_class=of, blame=blame, shift=shift)


@given(
    st.lists(
        st.tuples(st.sampled_from(["n", "d"]), st.sampled_from(Blame), st.sampled_from(PauseClass)), max_size=8
    )
)
def test_only_what_people_caused_in_this_shift_calls_the_safety_officer(
    said: list[tuple[str, Blame, PauseClass]],
) -> None:
    stops = tuple(stop(at, shift, blame, of) for at, (shift, blame, of) in enumerate(said))
    blamed = [one for one in said if one == (said[-1][0], Blame.PERSON, PauseClass.INTEGRITY)]
    needed = resume_signers(replace(PERMIT, stops=stops), BOOK)  # class D: holder and guard alone
    assert (OFFICER in needed) == (len(blamed) >= BOOK.resume.person_stops.value)


def test_without_shifts_the_last_hours_count() -> None:
    shift_s = BOOK.resume.shift_s.value
    assert stops_by_people(replace(PERMIT, stops=(stop(0.0), stop(shift_s - 1))), BOOK) == 2
    assert stops_by_people(replace(PERMIT, stops=(stop(0.0), stop(shift_s))), BOOK) == 1


@given(st.lists(st.tuples(st.sampled_from(["wang-lei", "li-na"]), st.sampled_from([Ask.RESUME, Ask.CLOSE]))))
def test_work_goes_on_only_by_people_who_agreed_to_just_that(asked: list[tuple[str, Ask]]) -> None:
    """However holder and guard take turns in signing a resume and a close."""
    state, said = STOPPED.decisions[-1].state, dict.fromkeys(("wang-lei", "li-na"), Ask.STOP)
    for at, (person, ask) in enumerate(asked):
        inside = 0 if ask is Ask.CLOSE else None
        request = Request(
            id=f"{at}",
            at_s=0.0,
            ask=ask,
            person=person,
            proof=Proof.PIN,
            permit="P-1",
            people_inside=inside,
        )
        decision = step(SITE, state, Inputs(instant=STOPPED.instant, asked=(request,)))
        state = decision.state
        if decision.answers[0].accepted:
            said[person] = ask
        if state.permits["P-1"].state is State.ACTIVE:
            assert set(said.values()) == {Ask.RESUME}
            return


def test_after_an_evacuation_nobody_resumes_while_somebody_is_inside() -> None:
    cause = Cause(
        rule="gas", subject="s", pause_class=PauseClass.EMERGENCY, at_s=0, at_utc=0, title=SAID, detail=SAID
    )
    inside = (Inside(person="zhou-qiang", since_s=0, since_utc=0, heard_s=0),)
    said = {}
    for evacuate in (True, False):
        permit = replace(PERMIT, causes=(replace(cause, evacuate=evacuate),), inside=inside)
        said[evacuate] = against(permit)
    assert "1 of those who went in have not come out" in said[True]
    assert "1 of those who went in have not come out" not in said[False]


def test_a_check_in_in_the_second_of_the_stop_comes_after_it() -> None:
    """Alarms act on permits first, then people are answered: whoever checks in then has seen that it stopped."""
    cause = Cause(
        rule="guard", subject="s", pause_class=PauseClass.INTEGRITY, at_s=0, at_utc=0, title=SAID, detail=SAID
    )
    stopped = replace(PERMIT, causes=(cause,), stopped_s=50.0)
    asked = {
        at_s: "the guard must check in again at the point" in against(replace(stopped, checked_in_s=at_s))
        for at_s in (50.0, 49.9, None)
    }
    assert asked == {50.0: False, 49.9: True, None: True}


def against(permit: Permit) -> list[str]:
    """What stands against a resume of this permit, in English."""
    state = STORY.decisions[-1].state
    known = fuse.Known(permits={"P-1": permit}, persons=state.persons, outputs=state.outputs)
    world = fuse.build(SITE, state.memory, known, STORY.instant)
    return [words.en for words in resume_conditions(permit, world)]


def test_gas_that_has_gone_is_told_as_gone_and_how_long_that_must_last() -> None:
    off = replace(BOOK.gas.danger_off_s, value=60.0)
    told = Story(replace(SITE, rulebook=replace(BOOK, gas=replace(BOOK.gas, danger_off_s=off))))
    told.begin_work(goes_in=())
    told.field.gas["gas-h2s"]["level"] = 29.9
    told.run(2)
    assert "29.9 ppm" in _first(told).en
    assert "now" not in _first(told).en
    told.field.gas["gas-h2s"]["level"] = 0.0
    told.run(2)
    first = _first(told)
    assert "it was: Hydrogen sulfide detector: hydrogen sulfide 29.9 ppm" in first.en
    assert "now 0 ppm; it must stay so for 60 s (from the rulebook)" in first.en
    assert "现 0 ppm；须持续正常满 60 秒" in first.zh
    told.run(2)
    assert _first(told) == first  # nothing counts down in it
    told.field.silent |= {"gas-h2s"}
    told.run(SITE.rulebook.gas.warn_on_s.value + 6)
    assert "now 0 ppm" not in _first(told).en
    told.run(60)
    assert "29.9" not in _first(told).en


def _first(told: Story) -> Words:
    """The first reason why nobody may resume."""
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    return told.decisions[-1].answers[-1].reasons[0]
