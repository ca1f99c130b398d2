"""Who may ask what: for every request the proof that it needs, and the place where roles hold."""

import pytest
from msgspec.structs import replace

from edge_agent.decide.asking.entitled import NEEDS, Shown, out_of_place, unentitled
from edge_agent.domain.permit import State
from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Ask, Request
from tests.support.languages import faults
from tests.support.story import Story, scenario_site, ticket

SITE = scenario_site()
SOMEBODY = Person(id="zhao-min", name="Zhao Min", roles=(Role.SAFETY_OFFICER,))
# Said here once more, by hand, so that nobody loosens a row by accident: what begins danger or lets something be.
BEGINS_DANGER = {
    "walk",
    "start",
    "resume",
    "close",
    "revoke",
    "override",
    "shelve",
    "drill",
    "end_drill",
    "person",
    "settings",
    "commission",
    "device_test",
    "try",
    "seen",
    "film",
    "ticket",
    "approve",
    "verify",
    "judge",
    "let_read",
}


def request(ask: Ask, proof: Proof, person: str = "zhao-min") -> Request:
    return Request(id="r", at_s=0.0, ask=ask, person=person, proof=proof, permit="P-1")


@pytest.mark.parametrize("ask", Ask)
def test_every_request_says_what_proof_it_needs(ask: Ask) -> None:
    asked_for = NEEDS[ask]
    assert (asked_for is Shown.FRESH) == (ask.value in BEGINS_DANGER)
    assert (asked_for is Shown.NOTHING) == (ask is Ask.STOP)


@pytest.mark.parametrize("proof", [proof for proof in Proof if proof is not Proof.SIGNED])
@pytest.mark.parametrize("ask", Ask)
def test_a_proof_that_is_too_little_is_refused_in_words(ask: Ask, proof: Proof) -> None:
    reasons = unentitled(request(ask, proof), SOMEBODY, 0.0)
    enough = ask is Ask.STOP or proof in {Proof.PIN, Proof.BADGE}
    enough = enough or (proof is Proof.CLAIM and ask is Ask.PERSON)  # to claim the box: roster.py
    enough = enough or (proof is Proof.KEY and ask.value not in BEGINS_DANGER)
    assert (not reasons) == enough
    assert not [fault for words in reasons for fault in faults(words)]


@pytest.mark.parametrize("ask", Ask)
def test_the_centre_may_stop_withdraw_and_play_a_drill_from_afar_and_nothing_else(ask: Ask) -> None:
    may = ask in {Ask.STOP, Ask.REVOKE, Ask.DRILL}
    assert (not unentitled(request(ask, Proof.SIGNED), None, 0.0)) == may


def test_the_centre_plays_no_drill_for_somebody_who_is_barred_and_stops_for_anybody() -> None:
    barred = replace(SOMEBODY, denied="medical")
    assert unentitled(request(Ask.DRILL, Proof.SIGNED), barred, 0.0)
    assert not unentitled(request(Ask.DRILL, Proof.SIGNED), SOMEBODY, 0.0)
    assert not unentitled(request(Ask.STOP, Proof.SIGNED), barred, 0.0)


@pytest.mark.parametrize("ask", Ask)
def test_who_is_barred_may_stop_and_nothing_else(ask: Ask) -> None:
    barred = replace(SOMEBODY, denied="medical")
    assert (not unentitled(request(ask, Proof.BADGE), barred, 0.0)) == (ask is Ask.STOP)


@pytest.mark.parametrize("ask", Ask)
def test_roles_hold_in_their_areas_alone_but_a_stop_is_anybodys(ask: Ask) -> None:
    elsewhere = replace(SOMEBODY, areas=("yard",))
    there = replace(SOMEBODY, areas=("yard", "tank-inside"))
    reasons = out_of_place(request(ask, Proof.BADGE), elsewhere, "tank-inside")
    assert (not reasons) == (ask is Ask.STOP)
    assert all("tank-inside" in words.en and "tank-inside" in words.zh for words in reasons)
    assert not out_of_place(request(ask, Proof.BADGE), there, "tank-inside")
    assert not out_of_place(request(ask, Proof.BADGE), SOMEBODY, "tank-inside")


def test_a_holder_whose_roles_hold_elsewhere_starts_nothing_here() -> None:
    story = Story(SITE)
    story.bring(story.known("wang-lei", areas=("tank-yard",)))
    story.bring(ticket())
    story.run(2)
    story.ready()
    for person in ("wang-lei", "li-na"):
        story.ask(Ask.START, person)
        story.step()
    assert story.state is State.READY
    refused = [event for event in story.decisions[-2].events if event.type == "permit.start_refused"]
    assert "not entitled in the area tank-inside" in refused[0].data["reasons"][0]["en"]


def test_a_tester_of_another_area_is_not_let_in() -> None:
    story = Story(SITE)
    story.bring(story.known("sun-yan", areas=("tank-inside",)))
    story.begin_work()
    story.bring(story.known("sun-yan", areas=("tank-yard",)))
    story.step()
    story.ask(Ask.ENTER, "li-na", about=("sun-yan",))
    story.step()
    (answer,) = story.decisions[-1].answers
    assert not answer.accepted
    assert "not one of this ticket's workers" in answer.reasons[0].en


def stopped_by_nobody(story: Story) -> list[str]:
    story.ask(Ask.STOP, "", proof=Proof.NONE, reason="smoke")
    story.step()
    return [event.type for event in story.decisions[-1].events]


def test_the_first_nameless_stop_stops_and_its_repetitions_fill_no_records() -> None:
    story = Story(SITE)
    story.bring(ticket())
    story.run(2)
    assert stopped_by_nobody(story) == []  # nothing to stop yet: answered alone
    assert "not begun" in story.decisions[-1].answers[0].reasons[0].en
    story = Story(SITE)
    story.begin_work()
    assert "permit.stopped" in stopped_by_nobody(story)
    assert story.state is State.SUSPENDED
    (cause,) = story.decisions[-1].state.permits["P-1"].causes
    assert cause.detail.en == "nobody named: smoke"
    for _ in range(3):
        assert stopped_by_nobody(story) == []
        assert story.decisions[-1].answers[0].accepted
    assert story.decisions[-1].state.permits["P-1"].causes == (cause,)


def test_a_nameless_stop_ends_a_resume_that_people_are_signing() -> None:
    story = Story(SITE)
    story.begin_work()
    stopped_by_nobody(story)
    story.comes_out()
    story.run(70)
    story.ask(Ask.CHECK_IN, "li-na")
    story.step()
    story.ask(Ask.RETEST, "sun-yan", samples=story.samples)
    story.step()
    story.ask(Ask.RESUME, "wang-lei")
    story.step()
    assert story.state is State.RESUME_CHECK
    assert "permit.stopped" in stopped_by_nobody(story)
    assert story.state is State.SUSPENDED
