"""The live picture of real decisions: the word, what to do now, who is where, what is let be, what was blind."""

from typing import Any

import msgspec
import pytest

from edge_agent.decide.cards import card
from edge_agent.decide.glance import LEAVE
from edge_agent.domain.observation import View
from edge_agent.domain.outcome import Effect
from edge_agent.domain.request import Ask
from edge_agent.domain.words import NOTHING
from edge_agent.settings.site import Settings, ShadowTable
from edge_agent.tell.live import Live
from edge_agent.tell.live_permit import LivePermit
from edge_agent.tell.picture import Link, draw
from tests.scenarios.stories.drills import LEAK, drilling
from tests.support.story import Story, scenario_site


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def shown(told: Story) -> Live:
    """What the board reads: the picture as it leaves the agent and comes back."""
    state = told.decisions[-1].state
    newest = [event for decision in reversed(told.decisions) for event in reversed(decision.events)]
    drawn = draw(told.settings, state, told.instant, newest, Link(ok=True, detail=NOTHING, waiting=0))
    read = msgspec.json.decode(msgspec.json.encode(drawn), type=Live)
    assert read == drawn
    return read


def permit(told: Story) -> LivePermit:
    return shown(told).permits[0]


def at_work(site: Settings, **changes: object) -> Story:
    told = Story(site)
    told.begin_work(**changes)
    told.run(2)
    return told


def test_work_that_may_go_on_needs_no_instruction(site: Settings) -> None:
    one = permit(at_work(site))
    assert (one.word, one.instruction, one.cards, one.headcount) == ("may_work", NOTHING, {}, None)


def test_before_the_start_nobody_may_work(site: Settings) -> None:
    told = Story(site)
    told.step()
    assert shown(told).permits == ()
    told.begin_work(goes_in=(), guards=("chen-jie",))  # so that nobody can check in
    one = permit(told)
    assert (one.state, one.word, one.evacuate, one.coverage) == ("received", "stopped", False, None)


def test_a_warning_says_what_warns_and_what_to_do(site: Settings) -> None:
    told = at_work(site)
    told.field.guard["x_m"] = 26.0
    told.run(4)
    one = permit(told)
    warned = next(alarm for alarm in shown(told).alarms if alarm.permit == one.id)
    assert (one.state, one.word, one.instruction) == ("active", "warning", warned.action)
    assert one.standing[0].title == warned.title
    assert one.cards == card(Effect.WARN)


def test_a_stop_says_what_to_do_for_each_role(site: Settings) -> None:
    told = at_work(site)
    told.ask(Ask.STOP, "wu-gang", reason="a cable lies in the way")
    told.step()
    one = permit(told)
    assert (one.state, one.word, one.cards) == ("suspended", "stopped", card(Effect.PAUSE))
    assert one.instruction


def evacuated(site: Settings) -> Story:
    told = at_work(site)
    told.field.gas["gas-h2s"] = {"level": 15.0}
    told.run(2)
    return told


def test_an_evacuation_counts_heads_by_name_whoever_is_missing_first(site: Settings) -> None:
    told = evacuated(site)
    one = permit(told)
    assert (one.word, one.evacuate, one.instruction) == ("evacuate", True, LEAVE)
    assert one.cards == card(Effect.EVACUATE)
    count = one.headcount
    assert count is not None
    assert (count.area.en, count.counted) == ("Inside the tank", 2)
    where = {head.id: head.where for head in count.people}
    assert (where["zhou-qiang"], where["wu-gang"], where["li-na"]) == ("inside", "inside", "out")
    assert where["wang-lei"] == "unknown"  # the holder's wearable has said nothing
    assert [head.where for head in count.people] == sorted(where.values(), key=["inside", "unknown", "out"].index)
    told.comes_out()
    after = permit(told).headcount
    assert after is not None
    heads = {head.id: head for head in after.people}
    assert heads["zhou-qiang"].where == "out"
    assert heads["zhou-qiang"].area is not None
    assert heads["wu-gang"].where == "unknown", "counted out, but no wearable shows that he is"


def test_an_override_says_who_why_and_until_when(site: Settings) -> None:
    told = at_work(site, video_required=True)
    told.field.view = View.DARK
    told.run(6)
    told.ask(Ask.OVERRIDE, "zhao-min", rule="camera_required_not_monitored", for_s=600, reason="lens is wet")
    told.step()
    given_utc = told.utc
    told.run(3)
    (one,) = permit(told).overrides
    assert ("Zhao Min" in one.who, one.reason) == (True, "lens is wet")
    assert one.until_utc == pytest.approx(given_utc + 600)
    assert one.title.zh


def test_coverage_names_each_blind_spell_and_its_feed(site: Settings) -> None:
    told = at_work(site)
    assert permit(told).coverage is not None
    told.field.silent.add("gas-ch4")
    told.run(40)
    ledger = permit(told).coverage
    assert ledger is not None
    assert ledger.guarded_pct is not None
    assert ledger.guarded_pct < 100
    (hole,) = [hole for hole in ledger.holes if hole.feed.en == "Methane detector"]
    assert hole.until_utc is None or hole.until_utc > hole.from_utc
    assert ledger.more == 0


def test_only_the_newest_blind_spells_are_listed_and_the_others_counted(site: Settings) -> None:
    told = at_work(site, video_required=False)
    for _ in range(7):
        told.field.view = View.DARK
        told.run(3)
        told.field.view = View.CLEAR
        told.run(3)
    ledger = permit(told).coverage
    assert ledger is not None
    assert (len(ledger.holes), ledger.more) == (5, 2)
    begins = [hole.from_utc for hole in ledger.holes]
    assert begins == sorted(begins, reverse=True)


def test_the_averages_of_a_toxic_gas_say_how_many_minutes_are_missing(site: Settings) -> None:
    told = at_work(site)
    told.run(130)
    gases = {one.gas: one for one in shown(told).gas}
    assert gases["co"].stel is not None
    assert gases["co"].twa is not None
    assert 0 < gases["co"].stel.missing_min < 15
    assert gases["co"].twa.missing_min > 470
    assert gases["ch4"].stel is None


def test_a_drill_is_named_on_the_permit_and_on_its_alarms(site: Settings) -> None:
    told = drilling(site, LEAK)
    told.run(5)
    live = shown(told)
    assert live.permits[0].drill == "leak"
    assert live.permits[0].word == "evacuate"
    assert [alarm.drill for alarm in live.alarms if alarm.priority == 1] == [True]


def test_shadow_mode_is_told_and_never_looks_like_protection(site: Settings) -> None:
    row = ShadowTable(scope="site", until="2026-12-31T00:00:00Z", by="zhao-min", reason="trial")
    quiet = msgspec.structs.replace(site, site=msgspec.structs.replace(site.site, shadow=(row,)))
    live = shown(at_work(quiet))
    assert live.shadow[0].en.startswith("Shadow mode, no protection: the whole site until 2026-12-31 08:00")
    assert (live.permits[0].shadow, live.permits[0].word) == (True, "warning")


@pytest.mark.parametrize(
    ("scope", "what", "named"),
    [("kind", "confined_space", "confined space"), ("rule", "guard_off_post", "Guard off his post")],
)
def test_what_is_in_shadow_is_called_by_its_name(site: Settings, scope: Any, what: str, named: str) -> None:
    row = ShadowTable(scope=scope, what=what, until="2026-12-31T00:00:00Z", by="zhao-min", reason="trial")
    quiet = msgspec.structs.replace(site, site=msgspec.structs.replace(site.site, shadow=(row,)))
    told = Story(quiet)
    told.step()
    (words,) = shown(told).shadow
    assert named.lower() in words.en.lower()
    assert what not in words.zh


def test_the_figures_of_the_day_so_far(site: Settings) -> None:
    today = shown(evacuated(site)).today
    assert today["starts"] == 1
    assert sum(today["stops_by_rule"].values()) == 1


def test_what_has_ended_asks_nothing_of_anybody(site: Settings) -> None:
    told = at_work(site)
    told.ask(Ask.REVOKE, "zhao-min", reason="enough")
    told.run(2)
    one = permit(told)
    assert (one.state, one.word, one.instruction, one.cards) == ("revoked", "stopped", NOTHING, {})


def test_a_permit_that_ends_in_an_evacuation_goes_on_counting_heads(site: Settings) -> None:
    told = evacuated(site)
    told.ask(Ask.REVOKE, "zhao-min", reason="enough")
    told.run(2)
    one = permit(told)
    assert (one.state, one.word, one.instruction) == ("revoked", "evacuate", LEAVE)
    assert one.headcount is not None
    assert [head.id for head in one.headcount.people if head.where == "inside"] == ["zhou-qiang", "wu-gang"]
