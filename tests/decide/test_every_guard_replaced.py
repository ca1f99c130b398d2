"""A newer version replaces every guard: whoever takes the post reads it first, and only people resume."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.domain.permit import STOPPED, Permit, State
from edge_agent.domain.request import Ask
from tests.support.story import Story, scenario_site, ticket

GUARDS = ("li-na", "chen-jie")
AT_THE_POINT = {"x_m": 6.5, "y_m": 0.5, "moving": True}


def working() -> Story:
    told = Story(scenario_site())
    told.field.also["tag-guard-2"] = dict(AT_THE_POINT)
    told.begin_work()
    return told


def permit(told: Story) -> Permit:
    return told.decisions[-1].state.permits["P-1"]


def accepted(told: Story, ask: Ask, person: str, **more: object) -> bool:
    told.ask(ask, person, **more)
    told.step()
    return told.decisions[-1].answers[-1].accepted


def replaced(**changes: object) -> Story:
    told = working()
    told.bring(ticket(version=2, **{"guards": ("chen-jie",), **changes}))
    told.run(2)
    assert permit(told).state is State.PAUSED
    return told


def test_only_a_guard_of_the_version_that_waits_takes_the_post() -> None:
    told = replaced()
    (cause,) = permit(told).causes
    assert "version 2 replaces every guard: a new one (陈杰 Chen Jie) checks in at the point" in cause.detail.en
    assert "换掉了全部监护人" in cause.detail.zh
    for other in ("li-na", "wang-lei", "qian-wei", "zhou-qiang"):
        assert not accepted(told, Ask.CHECK_IN, other)
    assert accepted(told, Ask.CHECK_IN, "chen-jie")
    assert (permit(told).guard, permit(told).unread, permit(told).ticket.version) == ("chen-jie", True, 1)


def test_nobody_resumes_before_she_has_read_it_and_then_people_do() -> None:
    told = replaced()
    assert accepted(told, Ask.CHECK_IN, "chen-jie")
    told.run(70)
    for person in ("wang-lei", "chen-jie"):
        assert not accepted(told, Ask.RESUME, person)
        assert [one.en for one in told.decisions[-1].answers[-1].reasons] == [
            "the guard must first read version 2 of the ticket, and acknowledge it"
        ]
    assert accepted(told, Ask.ACCEPT_CHANGE, "chen-jie", about=("2",))
    told.run(5)
    assert permit(told).state is State.PAUSED, "what she has read resumes nothing"
    assert accepted(told, Ask.RESUME, "wang-lei")
    assert accepted(told, Ask.RESUME, "chen-jie")
    assert permit(told).state is State.ACTIVE


def test_who_was_at_work_until_now_comes_out_before_he_guards() -> None:
    told = Story(scenario_site())
    told.field.also["tag-guard-2"] = dict(AT_THE_POINT)
    crew = ("zhou-qiang", "chen-jie")
    both = (*told.known("chen-jie").certificates, *told.known("zhou-qiang").certificates)
    told.bring(told.known("chen-jie", roles=("guard", "worker"), certificates=both))
    told.begin_work(workers=crew, goes_in=crew)
    assert {one.person for one in permit(told).inside} == set(crew)
    told.bring(ticket(version=2, guards=("chen-jie",), workers=("zhou-qiang",)))
    told.run(2)
    assert not accepted(told, Ask.CHECK_IN, "chen-jie")
    assert "is still counted inside" in told.decisions[-1].answers[-1].reasons[0].en
    assert accepted(told, Ask.LEAVE, "wang-lei", about=("chen-jie",))
    assert accepted(told, Ask.CHECK_IN, "chen-jie")


def test_what_a_guard_has_signed_who_is_withdrawn_counts_no_more() -> None:
    told = working()
    told.ask(Ask.STOP, "zhou-qiang")
    told.run(70)
    assert accepted(told, Ask.RESUME, "li-na")
    assert permit(told).state is State.RESUME_CHECK
    told.bring(ticket(version=2, guards=("chen-jie",)))
    told.step()
    assert permit(told).signatures == ()
    assert accepted(told, Ask.CHECK_IN, "chen-jie")
    assert accepted(told, Ask.ACCEPT_CHANGE, "chen-jie", about=("2",))
    told.run(70)
    accepted(told, Ask.RESUME, "wang-lei")
    assert permit(told).state is not State.ACTIVE


def test_while_one_of_the_former_guards_is_left_nobody_new_counts() -> None:
    told = working()
    told.bring(ticket(version=2, guards=("li-na", "chen-jie")))
    told.run(2)
    assert (permit(told).orphaned, permit(told).state) == (False, State.ACTIVE)
    assert not accepted(told, Ask.CHECK_IN, "chen-jie")
    assert accepted(told, Ask.ACCEPT_CHANGE, "li-na", about=("2",))
    assert accepted(told, Ask.CHECK_IN, "chen-jie")


Act = Callable[[Story], None]


def _asks(ask: Ask, *people: str, then_s: float = 0.0) -> Act:
    def act(told: Story) -> None:
        pending = permit(told).pending
        about = (str(pending.version),) if ask is Ask.ACCEPT_CHANGE and pending is not None else ()
        for person in people:
            told.ask(ask, person, about=about)
            told.step()
        told.run(then_s, every_s=4.0)

    return act


def _brings(*guards: str) -> Act:
    def act(told: Story) -> None:
        newest = permit(told).pending or permit(told).ticket
        told.bring(ticket(version=newest.version + 1, guards=guards, team=str(newest.version)))
        told.step()

    return act


ACTS: list[Act] = [
    _asks(Ask.CHECK_IN, "chen-jie", then_s=62.0),
    _asks(Ask.RESUME, "wang-lei", *GUARDS),
    _asks(Ask.ACCEPT_CHANGE, *GUARDS),
    _asks(Ask.CHECK_IN, "li-na", then_s=62.0),
    _brings("chen-jie"),
    _brings("li-na"),
    _asks(Ask.STOP, "wang-lei"),
]


@given(st.lists(st.sampled_from(ACTS), min_size=2, max_size=7))
@settings(max_examples=50)
def test_no_sequence_lets_work_go_on_under_a_guard_who_has_not_read_his_ticket(acts: list[Act]) -> None:
    told = replaced()
    for act in acts:
        before, steps = permit(told).state, len(told.decisions)
        act(told)
        now = permit(told)
        assert now.guard is None or now.guard in now.guards
        if now.unread:
            assert now.state in STOPPED
        if now.state is State.ACTIVE is not before:
            assert not now.orphaned
            assert "permit.resumed" in {event.type for one in told.decisions[steps:] for event in one.events}
