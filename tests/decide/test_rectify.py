"""What is to be put right: born once, asked of one role after the other, closed by somebody else."""

import pytest
from msgspec.structs import replace

from edge_agent.decide import rectify
from edge_agent.decide.state import Draft
from edge_agent.decide.state import State as Known
from edge_agent.domain.centre_record import TicketStatus
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import State
from edge_agent.domain.person import Role
from edge_agent.domain.rectification import LADDER, MOST, Photo, Rectification, Status, above, answers_for
from edge_agent.domain.report import Report
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.drills import LEAK, drilling
from tests.scenarios.stories.rectifying import PICTURE, reported
from tests.scenarios.stories.telling import working
from tests.support.story import T0_UTC, Story, scenario_site


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def all_of(told: Story) -> list[Rectification]:
    return list(told.decisions[-1].state.rectifications.values())


def refused(told: Story, ask: Ask, person: str, *about: str, **more: object) -> str:
    """Every reason, in English; "" for none."""
    told.ask(ask, person, about=about, **more)
    told.step()
    (answer,) = told.decisions[-1].answers
    return " ".join(words.en for words in answer.reasons)


def test_a_pause_that_comes_again_is_one_thing_that_counts(site: Settings) -> None:
    told = working(site)
    told.field.silent.add("gas-h2s")
    told.run(7)
    (one,) = all_of(told)
    assert (one.permit, one.area, one.code, one.times) == ("P-1", "tank-inside", "GAS-03", 1)
    assert one.hazard_class == "A"
    assert one.deadline_utc - one.born_utc == site.rulebook.rectify.close_s.value
    told.field.silent.clear()
    told.run(6)
    told.resume()
    assert told.state is State.ACTIVE
    told.field.silent.add("gas-h2s")
    told.run(7)
    assert [(again.id, again.times) for again in all_of(told)] == [(one.id, 2)]


def test_a_report_of_something_else_is_another_thing(site: Settings) -> None:
    told = reported(site)
    for kind, area in (("leak", "tank-inside"), ("leak", "tank-mouth"), ("fire", "tank-inside")):
        told.ask(Ask.REPORT, "zhou-qiang", permit="", report=Report(kind=kind, area=area))
        told.step()
    assert [one.times for one in all_of(told)] == [2, 1, 1]


def test_what_is_only_played_bears_nothing(site: Settings) -> None:
    told = drilling(site, LEAK)
    told.run(6)
    assert any(event.type == "permit.paused" for decision in told.decisions for event in decision.events)
    assert not all_of(told)


WORDS = {"zh": "又一次", "en": "once more"}
REPEATED = {"area": "a", "rule": "r", "code": "C", "times": 3, "notify": [], "words": WORDS}


def waiting(role: Role = Role.TECHNICIAN, status: Status = "open", **more: object) -> Rectification:
    words = {"title": rectify.NOTHING, "detail": rectify.NOTHING, "hazard_class": "C"}
    times = {"born_utc": T0_UTC, "asked_utc": T0_UTC, "deadline_utc": T0_UTC + 86400, "status_utc": T0_UTC}
    made = {"id": "R-1", "event": 1, "key": "k", "role": role, "status": status, **words, **times, **more}
    return Rectification(**made)  # type: ignore[arg-type]


def after(site: Settings, one: Rectification, wait_s: float) -> tuple[Rectification, list[str]]:
    """What stands of it when nothing happens for so long."""
    told = Story(site)
    state: Known = replace(told.decisions[-1].state, rectifications={one.id: one})
    draft = Draft(state, replace(told.instant, utc=T0_UTC + wait_s))
    rectify.follow(draft, site.rulebook.rectify)
    return draft.rectifications[one.id], [event.type for event in draft.events]


@pytest.mark.parametrize("status", ["open", "rejected"])
def test_every_two_hours_the_next_role_is_asked_until_there_is_none(site: Settings, status: Status) -> None:
    one, asked = waiting(status=status), list[Role]()
    for hours in range(2, 14, 2):
        one, told = after(site, one, hours * 3600)
        asked.append(one.role)
        assert told == (["rectification.risen"] if hours <= 2 * (len(LADDER) - 1) else [])
    assert asked == [*LADDER[1:], Role.ADMIN, Role.ADMIN]
    assert after(site, waiting(status=status), 7199)[1] == []


@pytest.mark.parametrize("status", ["accepted", "done"])
def test_what_somebody_has_taken_on_goes_up_two_hours_after_its_deadline(site: Settings, status: Status) -> None:
    late_s = 86400 + 7200
    assert after(site, waiting(status=status), late_s - 1)[1] == []
    risen, told = after(site, waiting(status=status), late_s)
    assert (risen.role, told) == (Role.SHIFT_LEAD, ["rectification.risen"])
    assert after(site, risen, late_s + 7199)[1] == []
    assert after(site, waiting(Role.ADMIN, status), late_s)[1] == []


def test_what_is_over_asks_nobody(site: Settings) -> None:
    assert after(site, waiting(status="verified"), 9e6)[1] == []


def test_there_are_never_too_many_and_what_is_over_gives_way_first(site: Settings) -> None:
    told = reported(site)
    known = {f"R-{n}": waiting(id=f"R-{n}", event=n, key=f"k{n}") for n in range(10, 10 + MOST)}
    known["R-50"] = replace(known["R-50"], status="verified")
    for gone in ("R-50", "R-10"):
        state = replace(told.decisions[-2].state, rectifications=known, seq=1000)
        draft = Draft(state, told.instant)
        draft.event("alarm.repeated", "P-1", Priority.HIGH, REPEATED)
        rectify.follow(draft, site.rulebook.rectify)
        assert len(draft.rectifications) == MOST
        assert gone not in draft.rectifications
        assert "R-1001" in draft.rectifications
        known = {**draft.rectifications}
        del known["R-1001"]
        known["R-2000"] = waiting(id="R-2000", event=2000, key="k2000")


def test_the_ladder() -> None:
    assert [above(role) for role in LADDER] == [*LADDER[1:], None]
    assert answers_for(Role.TECHNICIAN, (Role.SAFETY_OFFICER,))
    assert not answers_for(Role.SAFETY_OFFICER, (Role.TECHNICIAN, Role.GUARD, Role.VIEWER))


def test_who_may_take_it_on_and_what_is_refused(site: Settings) -> None:
    told = reported(site)
    (one,) = all_of(told)
    assert "area owner answers" in refused(told, Ask.RECTIFY, "li-na", one.id, "take")
    assert "which rectification" in refused(told, Ask.RECTIFY, "feng-tao", "R-99", "take")
    assert "which rectification" in refused(told, Ask.RECTIFY, "feng-tao")
    assert "which step" in refused(told, Ask.RECTIFY, "feng-tao", one.id, "close")
    assert "no picture" in refused(told, Ask.RECTIFY, "feng-tao", one.id, "after")
    assert "yes or no" in refused(told, Ask.VERIFY, "zhao-min", one.id, "perhaps")
    assert "nobody has said that it is done" in refused(told, Ask.VERIFY, "zhao-min", one.id, "yes")
    assert refused(told, Ask.RECTIFY, "feng-tao", one.id, "take") == ""
    assert "taken it on already" in refused(told, Ask.RECTIFY, "zhao-min", one.id, "take")
    told.ask(Ask.RECTIFY, "feng-tao", about=(one.id, "before"), photo=PICTURE)
    told.step()
    assert all_of(told)[0].before == Photo(
        sha256=PICTURE.sha256, size=PICTURE.size, by="feng-tao", at_utc=told.instant.utc
    )
    assert refused(told, Ask.RECTIFY, "feng-tao", one.id, "done", reason="no phones") == ""
    assert "done already" in refused(told, Ask.RECTIFY, "feng-tao", one.id, "done", reason="again")
    assert "a shift lead" in refused(told, Ask.VERIFY, "li-na", one.id, "yes")
    assert "without a reason" in refused(told, Ask.VERIFY, "zhao-min", one.id, "no")


def test_whoever_took_the_picture_does_not_say_that_it_is_right(site: Settings) -> None:
    told = reported(site)
    (one,) = all_of(told)
    told.ask(Ask.RECTIFY, "zhao-min", about=(one.id, "after"), photo=PICTURE)
    told.step()
    assert refused(told, Ask.RECTIFY, "feng-tao", one.id, "done") == ""
    assert "whoever did it" in refused(told, Ask.VERIFY, "zhao-min", one.id, "yes")
    assert refused(told, Ask.VERIFY, "qian-wei", one.id, "no", reason="drips") == ""
    (back,) = all_of(told)
    assert (back.status, back.reason, back.after) == ("rejected", "drips", None)


def test_the_centres_word_leads_and_one_about_nothing_changes_nothing(site: Settings) -> None:
    told = reported(site)
    (one,) = all_of(told)
    draft = Draft(told.decisions[-1].state, told.instant)
    rectify.mirror(draft, TicketStatus(id="Z-1", event=one.event + 1, status="verified"))
    assert draft.rectifications is told.decisions[-1].state.rectifications
    for status, here, done, verified in (
        ("overdue", "open", "", ""),
        ("in_progress", "accepted", "", ""),
        ("done", "done", "centre", ""),
        ("verified", "verified", "centre", "centre"),
        ("rejected", "rejected", "centre", ""),
    ):
        rectify.mirror(draft, TicketStatus(id="Z-1", event=one.event, status=status))  # type: ignore[arg-type]
        now = draft.rectifications[one.id]
        assert (now.status, now.done_by, now.verified_by, now.ticket) == (here, done, verified, "Z-1")
    assert now.deadline_utc == one.deadline_utc


def test_it_outlives_a_restart_and_what_was_asked_of_nobody_is_asked_at_once(site: Settings) -> None:
    told = reported(site)
    woken = told.again(3 * 3600)
    woken.step()
    (one,) = all_of(woken)
    assert one.role is Role.SAFETY_OFFICER
