"""A wall clock that jumps beside an unchanged monotonic one: no deadline moves, and no end is put off.

The naive account (tests/model) watches a job through such jumps among everything else; here each promise about
time is a property of its own.
"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.decide.state import Kept
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.observation import View
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.support.examples import few
from tests.support.story import HOT, T0_UTC, Story, scenario_site

YEAR_S = 365 * 86_400.0
# The ticket is valid from an hour before to three hours after the beginning: these offsets stay within it.
WITHIN_S = st.floats(-3000.0, 6000.0)
ANY_S = st.sampled_from((-YEAR_S, -86_400.0, -3600.0, -1.0, 1.0, 3600.0, 86_400.0, YEAR_S)) | st.floats(-1e5, 1e5)
BY_DATE = frozenset({"figures.day", "rectification.risen"})  # a day, and what lasts for days
SAMPLES = few(6)


def without_shifts() -> Settings:
    """The demo tank, where no shift changes by the date."""
    base = scenario_site()
    return replace(base, site=replace(base.site, shifts=()), local_time=LocalTime())


SITE = without_shifts()


class Jumping(Story):
    """A story whose wall clock is off by another amount in every step."""

    def __init__(self, offsets_s: list[float], **more: Any) -> None:
        self.offsets_s, self.steps = offsets_s, 0
        self.true_utc = more.get("utc", T0_UTC)
        super().__init__(SITE, **more)

    def run(self, seconds: float, *, every_s: float = 1.0) -> None:
        for _ in range(round(seconds / every_s)):
            self.true_utc += every_s
            off_s = self.offsets_s[self.steps % len(self.offsets_s)] if self.offsets_s else 0.0
            self.steps += 1
            self.utc = self.true_utc + off_s - every_s
            super().run(every_s, every_s=every_s)


def a_job_of_deadlines(told: Story) -> list[tuple[object, ...]]:
    """Delays, windows, a break, an override, a fire watch: everything that is timed, and when it happened."""
    told.begin_work(**HOT)
    told.field.silent.add("tag-guard")  # warned, then paused
    told.run(10)
    told.field.silent.clear()
    told.run(5)
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    told.ask(Ask.RESUME, "wang-lei")  # a signature that lapses
    told.run(62)
    told.resume()
    told.field.view = View.DARK  # a warning, and its escalation
    told.run(20)
    told.field.view = View.CLEAR
    told.field.guard["worn"] = False
    told.run(4)
    told.ask(Ask.OVERRIDE, "zhao-min", rule="guard_tag_off", for_s=20, reason="a new strap is being fetched")
    told.run(25)
    told.field.guard["worn"] = True
    told.run(15)
    told.resume()
    told.field.guard["moving"] = False
    told.run(22)
    told.field.guard["moving"] = True
    told.run(2)
    told.ask(Ask.END_WORK, "wang-lei")
    told.run(18)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)  # two seconds too early
    told.run(3)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.step()
    assert told.state is State.CLOSED
    return [
        (event.at_s, event.type, event.subject, event.data.get("rule"))
        for decision in told.decisions
        for event in decision.events
        if event.type not in BY_DATE
    ]


STEADY = a_job_of_deadlines(Jumping([]))


def test_the_job_has_deadlines_that_could_move() -> None:
    told = {type_ for _, type_, _, _ in STEADY}
    assert {
        "permit.paused",
        "permit.resume_lapsed",
        "permit.override_ended",
        "alarm.escalated",
        "permit.close_refused",
        "permit.closed",
    } <= told


@given(st.lists(WITHIN_S, min_size=1, max_size=40))
@SAMPLES
def test_no_deadline_moves_with_the_wall_clock(offsets_s: list[float]) -> None:
    assert a_job_of_deadlines(Jumping(offsets_s)) == STEADY


@given(st.lists(ANY_S, min_size=1, max_size=40), st.lists(st.booleans(), min_size=1, max_size=20))
@SAMPLES
def test_no_jump_prolongs_a_ticket_or_brings_it_back(offsets_s: list[float], trusted: list[bool]) -> None:
    """However the clock jumps and whoever signs: sixty seconds after a minute's ticket nothing is permitted."""
    told = Jumping([0.0])
    told.begin_work(valid_to_utc=T0_UTC + 60)
    assert told.state is State.ACTIVE
    told.offsets_s = offsets_s
    ended = False
    for at in range(120):
        told.trusted = trusted[at % len(trusted)]
        told.ask(Ask.CHECK_IN, "li-na")
        for person in ("wang-lei", "li-na", "zhao-min", "qian-wei"):
            told.ask(Ask.RESUME, person)
            told.ask(Ask.START, person)
        told.step()
        permit = told.decisions[-1].state.permits.get("P-1")
        assert not ended or permit is None or permit.state is State.EXPIRED
        ended = ended or (permit is not None and permit.state is State.EXPIRED)
        assert permit is None or permit.state is not State.ACTIVE or told.true_utc <= T0_UTC + 60
    assert ended


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.lists(WITHIN_S, min_size=1, max_size=10))
@SAMPLES
def test_a_clock_that_is_not_trusted_opens_nothing(trusted: list[bool], offsets_s: list[float]) -> None:
    """Neither the gate nor the work: whoever signs, and however often trust comes and goes."""
    told = Jumping(offsets_s, trusted=trusted[0])
    told.begin_work()
    for at in range(60):
        told.trusted = trusted[at % len(trusted)]
        before = told.decisions[-1].state.permits["P-1"].state
        for person in ("wang-lei", "li-na"):
            told.ask(Ask.START, person)
            told.ask(Ask.RESUME, person)
        if at % 20 == 0:
            told.ask(Ask.STOP, "zhou-qiang", reason="a cable lies in the way")
        told.step()
        if not told.trusted:
            assert told.state is not State.READY
            assert told.state is not State.ACTIVE or before is State.ACTIVE


@given(ANY_S, st.integers(1, 40), st.booleans())
@SAMPLES
def test_a_reboot_with_any_clock_puts_no_end_off(off_s: float, down_s: int, trusted: bool) -> None:  # noqa: FBT001
    """The box wakes with a wrong date, is told the right one later, and everybody wants to go on."""
    before = Jumping([])
    before.begin_work(valid_to_utc=T0_UTC + 100)
    state = before.decisions[-1].state
    kept = Kept(
        permits=tuple(state.permits.values()), alarms=(), persons=tuple(state.persons.values()), seq=state.seq
    )
    told = Jumping([off_s], utc=before.true_utc + down_s, kept=kept, trusted=trusted)
    for at in range(130):
        if at == 20:
            told.offsets_s, told.trusted = [0.0], True
        told.ask(Ask.CHECK_IN, "li-na")
        for person in ("wang-lei", "li-na", "zhao-min"):
            told.ask(Ask.RESUME, person)
        told.step()
        permit = told.decisions[-1].state.permits.get("P-1")
        if told.trusted and told.offsets_s == [0.0]:
            assert permit is None or permit.state is not State.ACTIVE or told.true_utc <= T0_UTC + 100
        assert permit is None or permit.state is not State.ACTIVE or told.trusted
    assert told.true_utc > T0_UTC + 100
    assert permit is None or permit.state is State.EXPIRED
