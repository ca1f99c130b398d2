"""Tickets drawn up on the box: whatever is asked, nothing of the centre's moves, and signers differ."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.decide.asking import ticketing
from edge_agent.decide.guides import guides, kinds, offers
from edge_agent.decide.hazards import BY_KIND, HAZARDS
from edge_agent.decide.rules.gate_ticket import SITE_ROLES
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.permit import State
from edge_agent.domain.person import SignsAs
from edge_agent.domain.report import Report
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import MADE_HERE, DraftTicket, MeasureKind, Point, Ticket
from edge_agent.domain.words import NOTHING
from tests.scenarios.stories.reports import drafted, own
from tests.support.story import T0_UTC, Story, scenario_site, ticket, with_rulebook

SITE = scenario_site()
PEOPLE = [person.id for person in SITE.persons]
LATER = T0_UTC + 6 * 3600


def _asked(told: Story, ask: Ask, person: str, which: int) -> None:
    known = sorted(told.decisions[-1].state.permits)
    id_ = known[which % len(known)]
    more: dict[str, Any] = {"permit": id_}
    if ask is Ask.TICKET:
        more = {"permit": "", "ticket": drafted() if which % 2 else DraftTicket(extends=id_, valid_to_utc=LATER)}
    if ask is Ask.REPORT:
        more |= {"report": Report(kind=HAZARDS[which % len(HAZARDS)].kind)}
    told.ask(ask, person, **more)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([Ask.TICKET, Ask.APPROVE, Ask.REPORT, Ask.START, Ask.STOP]),
            st.sampled_from(PEOPLE),
            st.integers(0, 40),
        ),
        max_size=25,
    )
)
def test_whatever_is_asked_the_centres_ticket_stays_and_signers_differ(asked: list[tuple[Ask, str, int]]) -> None:
    told = Story(SITE)
    told.bring(ticket())
    told.step()
    seen: dict[str, Ticket] = {}
    for ask, person, which in asked:
        _asked(told, ask, person, which)
        told.step()
        for id_, permit in told.decisions[-1].state.permits.items():
            one = permit.ticket
            before = seen.setdefault(id_, one)
            seen[id_] = one
            if not id_.startswith(MADE_HERE):
                assert one == before == ticket()
                continue
            assert one.version == 1 + len(one.approvals)
            work = {one.holder, *one.guards, *one.workers, one.made_by}
            assert not work & set(one.approvers)
            assert len(one.approvers) == len(one.approvals)
            assert one.valid_to_utc == before.valid_to_utc, "more time is a new ticket"
            assert one.approvals[: len(before.approvals)] == before.approvals
            assert permit.state is not State.ACTIVE


@pytest.mark.parametrize("left_out", ticketing.NEEDED)
def test_what_is_left_out_is_named(left_out: str) -> None:
    told = Story(SITE)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(**{left_out: None}))
    told.step()
    (answer,) = told.decisions[-1].answers
    assert not answer.accepted
    assert [words.en for words in answer.reasons] == [f"not given: {ticketing.NAMES[left_out].en}"]


@pytest.mark.parametrize("name", [name for name in ticketing.SAME if name not in {"type", "area", "point"}])
def test_an_extension_is_the_same_work(name: str) -> None:
    other: dict[str, Any] = {"level": "2", "content": ticketing.NAMES["type"], "pipe": "p", "outdoor": True}
    told = Story(SITE)
    told.bring(ticket())
    told.step()
    value = other.get(name, ("something",))
    told.ask(
        Ask.TICKET, "wang-lei", permit="", ticket=DraftTicket(extends="P-1", valid_to_utc=LATER, **{name: value})
    )
    told.step()
    (answer,) = told.decisions[-1].answers
    assert ticketing.NAMES[name].en in answer.reasons[0].en


def test_an_extension_of_the_centres_ticket_is_the_boxs_own_and_unsigned() -> None:
    told = Story(SITE)
    told.bring(ticket())
    told.step()
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=DraftTicket(extends="P-1", valid_to_utc=LATER))
    told.step()
    made = told.decisions[-1].state.permits[own(told)].ticket
    assert (made.extends, made.made_by, made.version, made.approvals) == ("P-1", "wang-lei", 1, ())
    assert (made.workers, made.valid_from_utc, made.valid_to_utc) == (ticket().workers, told.utc, LATER)


@pytest.mark.parametrize("book", ["gb30871-2022", "demo-confined-space"])
def test_every_approval_that_a_shipped_book_asks_for_can_be_given_on_a_box(book: str) -> None:
    works = with_rulebook(SITE, book).rulebook.works.values()
    assert {role for work in works for role in work.approvals} <= {*SITE_ROLES, *get_args(SignsAs)}


def test_every_kind_of_hazard_has_its_own_code_picture_and_words() -> None:
    assert len(BY_KIND) == len(HAZARDS) == len({one.code for one in HAZARDS}) == len({one.icon for one in HAZARDS})
    for one in HAZARDS:
        assert all((one.title.zh, one.title.en, one.first.zh, one.first.en))


def test_every_code_has_its_card_with_what_each_role_does() -> None:
    cards = guides()
    assert set(cards) == {rule.code for rule in RULES} | {one.code for one in kinds()}
    for code, one in cards.items():
        assert one.code == code
        assert one.title.zh
        assert one.action.zh
        assert {"worker", "guard", "holder", "safety_officer"} <= set(one.card)
    assert [one.kind for one in kinds()] == list(BY_KIND)


def test_what_a_ticket_is_drawn_up_from_is_the_books_and_the_sites() -> None:
    found = offers(SITE)
    assert {one.type if not one.level else f"{one.type}.{one.level}" for one in found.works} == set(
        SITE.rulebook.works
    )
    [space] = [one for one in found.works if one.type == "confined_space"]
    book = SITE.rulebook.works["confined_space"]
    assert (space.approvals, space.guards, space.video) == (book.approvals, book.guards, book.video)
    assert book.longest_s is not None
    assert space.longest_s == book.longest_s.value
    assert set(found.devices) == {area.id for area in SITE.areas}
    assert {id_ for ids in found.devices.values() for id_ in ids} >= set(SITE.site.gas)
    assert set(found.scopes) >= {
        *book.certificates,
        *book.guard_certificates,
        *SITE.rulebook.people.tester_certificates,
    }
    assert set(found.wearables) == set(SITE.site.wearables)


def test_a_kind_of_work_says_what_its_tickets_must_hold() -> None:
    works = {f"{one.type}.{one.level}": one for one in offers(SITE).works}
    asked = {kind for kind, one in works.items() if one.pipe}
    assert asked == {"blind_plate."}
    assert {"height.1", "hot.1", "lifting.2"} <= {kind for kind, one in works.items() if one.wind}
    assert not works["confined_space."].wind
    for kind, one in works.items():
        assert one.measures, kind
        assert one.certificates == SITE.rulebook.works[kind.removesuffix(".")].certificates
    shown_by = {one.id: one.shown_by for one in works["hot.special"].measures}
    assert (shown_by["gas_watched"], shown_by["recorded"], shown_by["extinguishers"]) == (
        "gas",
        "camera",
        "people",
    )


def test_the_work_point_is_offered_at_the_middle_and_at_posts_that_a_ticket_may_name() -> None:
    found = offers(SITE).points
    names = {area.id: area.name for area in SITE.areas}
    middle, *posts = found["tank-inside"]
    assert (middle.words, middle.x_m, middle.y_m) == (NOTHING, 0.0, 0.0)
    assert [(one.words, one.x_m, one.y_m) for one in posts] == [(names["tank-mouth"], 6.5, 0.0)]
    for area, points in found.items():
        for point in points:
            told = Story(SITE)
            at = Point(point.x_m, point.y_m)
            told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(area=area, point=at))
            told.step()
            assert told.decisions[-1].answers[0].accepted, (area, point)


@pytest.mark.parametrize("kind", [kind for kind in SITE.rulebook.works if kind != "confined_space"])
def test_whatever_is_drawn_up_holds_all_that_its_kind_asks_for(kind: str) -> None:
    type_, _, level = kind.partition(".")
    told = Story(SITE)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(type=type_, level=level, pipe="P-1", outdoor=True))
    told.step()
    made = told.decisions[-1].state.permits[own(told)].ticket
    assert tuple(one.id for one in made.measures) == SITE.rulebook.works[kind].measures
    for one in made.measures:
        shown_by = SITE.rulebook.measures[one.id].shown_by
        assert (one.kind is MeasureKind.MANUAL) == (shown_by == "people")
        assert bool(one.source) == (shown_by != "people")


def test_a_measure_that_no_bound_device_can_show_is_looked_at_by_people() -> None:
    told = Story(SITE)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(devices=("cam-1",)))
    told.step()
    made = told.decisions[-1].state.permits[own(told)].ticket
    assert {one.kind for one in made.measures} == {MeasureKind.MANUAL}
