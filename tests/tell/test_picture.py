"""The live picture of real decisions: the word, what to do now, who is where, what is let be, what was blind."""

from typing import Any

import msgspec
import pytest

from edge_agent.decide.cards import card
from edge_agent.decide.glance import LEAVE
from edge_agent.domain.noted import Rejected
from edge_agent.domain.observation import Quality, SeenPerson, View, Worn
from edge_agent.domain.outcome import Effect
from edge_agent.domain.request import Ask
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import ShadowTable
from edge_agent.tell.live import Live
from edge_agent.tell.live_permit import LivePermit
from edge_agent.tell.picture import Link, draw
from edge_agent.tell.picture_next import Rehearsed, asked
from tests.scenarios.stories.drills import LEAK, drilling
from tests.scenarios.stories.gate import CLEARED
from tests.scenarios.stories.neighbours import LEAK as LEAK_NEXT_DOOR
from tests.scenarios.stories.neighbours import beside_a_quiet_box, leaving_with
from tests.scenarios.stories.openings import DOOR, on_the_plan, somewhere, walks, with_camera
from tests.scenarios.stories.shift import before_seven
from tests.support.story import T0_UTC, Story, scenario_site, ticket


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


def test_whoever_a_newer_version_names_alone_is_asked_to_come_and_then_to_read_it(site: Settings) -> None:
    told = at_work(site)
    told.field.also["tag-guard-2"] = {"x_m": 6.5, "y_m": 0.5, "moving": True}
    told.bring(ticket(version=2, guards=("chen-jie",)))
    told.run(2)
    one = permit(told)
    assert (one.state, [each.id for each in one.guards]) == ("paused", ["chen-jie"])
    assert (one.next[0].ask, one.next[0].persons) == (Ask.CHECK_IN, ("chen-jie",))
    told.ask(Ask.CHECK_IN, "chen-jie")
    told.run(2)
    one = permit(told)
    assert (one.next[0].ask, one.next[0].persons) == (Ask.ACCEPT_CHANGE, ("chen-jie",))
    assert "the guard must first read version 2" in " ".join(
        f"{each.title.en} {each.detail.en}" for each in one.standing
    )


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


def test_a_permit_says_who_it_is_about_and_what_it_is_bound_to(site: Settings) -> None:
    one = permit(at_work(site, content=Words("清罐", "clean the tank")))
    assert one.point is not None
    assert (one.point.x_m, one.area_id, one.content.en) == (6.5, "tank-inside", "clean the tank")
    assert (one.holder_id, one.guard_id) == ("wang-lei", "li-na")
    assert [(who.id, who.name) for who in one.guards] == [("li-na", "李娜 Li Na")]
    assert [who.id for who in one.workers] == ["zhou-qiang", "wu-gang"]
    assert [who.id for who in one.inside] == ["zhou-qiang", "wu-gang"]
    assert one.inside[0].since_utc == pytest.approx(T0_UTC + 7, abs=5)
    assert (one.gas, one.cameras) == (("gas-ch4", "gas-o2", "gas-h2s", "gas-co"), ("cam-1",))
    assert one.next[0].persons
    assert {gas.gas for gas in one.test.gases} == {"ch4", "o2", "h2s", "co"}
    assert (one.needs_retest, one.lacking, one.pending, one.claim, one.fire_watch) == (False, (), None, None, None)


def test_limits_and_slope_of_a_channel_are_those_that_decide(site: Settings) -> None:
    told = at_work(site)
    for step in range(60):
        told.field.gas["gas-co"] = {"level": 1.0 + step * 0.05}
        told.run(1)
    gases = {one.gas: one for one in shown(told).gas}
    book = site.rulebook.gases
    assert book["o2"].stop_low is not None
    assert gases["o2"].limits.low_stop == book["o2"].stop_low.value
    assert book["co"].stop_high is not None
    assert gases["co"].limits.stop == book["co"].stop_high.value
    assert gases["co"].trend_per_min == pytest.approx(3.0, rel=0.2)
    assert gases["co"].area_id
    told.field.silent.add("gas-co")
    told.run(60)
    assert {one.gas: one.trend_per_min for one in shown(told).gas}["co"] is None


def test_the_guard_is_asked_until_when_the_work_would_stop(site: Settings) -> None:
    told = at_work(site)
    present = permit(told).guard_presence
    assert present is not None
    assert (present.state, present.press_by_utc) == ("present", None)
    told.field.guard["moving"] = False
    told.run(site.rulebook.guard.still_warn_s.value + 2)
    asked = permit(told).guard_presence
    assert asked is not None
    assert asked.state == "asked"
    assert asked.press_by_utc is not None
    told.run(asked.press_by_utc - told.utc - 1)
    assert told.state.value == "active"
    told.run(2)
    assert told.state.value == "paused"
    doubtful = permit(told).guard_presence
    assert doubtful is not None
    assert (doubtful.state, bool(doubtful.words)) == ("doubtful", True)


def test_a_change_and_a_claim_wait_for_somebody(site: Settings) -> None:
    told = at_work(site)
    told.bring(ticket(version=2, team="second team"))
    told.run(2)
    waits = permit(told).pending
    assert waits is not None
    assert (waits.version, len(waits.changes)) == (2, 1)
    told.field.guard |= {"x_m": None, "y_m": None}
    told.run(1)
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    claim = permit(told).claim
    assert claim is not None
    assert (claim.person, claim.name) == ("li-na", "李娜 Li Na")
    told.run(site.rulebook.resume.sign_window_s.value + 1)
    assert permit(told).claim is None, "the time to co-sign is over"


def test_a_measure_says_who_looked_at_it_last(site: Settings) -> None:
    told = at_work(site, measures=(CLEARED,), goes_in=())
    (before,) = permit(told).measures
    assert (before.id, before.kind, before.confirmed_by) == (CLEARED.id, "manual", None)
    told.ask(Ask.CONFIRM, "zhou-qiang", about=(CLEARED.id,))
    told.step()
    (after,) = permit(told).measures
    assert (after.confirmed_by, after.at_utc) == ("周强 Zhou Qiang", told.utc)


def test_the_checklist_is_there_as_long_as_it_is_to_be_gone_through(site: Settings) -> None:
    told = before_seven(site)
    assert permit(told).handover == ()
    told.run(10)
    assert [one.id for one in permit(told).handover] == list(site.rulebook.handover)
    told.ask(Ask.HANDOVER, "qian-wei", about=tuple(site.rulebook.handover))
    told.step()
    assert permit(told).handover == ()


def test_an_event_names_its_permit_and_its_priority(site: Settings) -> None:
    events = {one.type: one for one in shown(evacuated(site)).events}
    assert (events["permit.paused"].permit, events["permit.paused"].priority) == ("P-1", 1)
    assert events["unit.started"].permit == ""


def test_what_was_rehearsed_is_kept_until_something_about_the_permit_happens(site: Settings) -> None:
    told, counted = at_work(site), []
    remembered = Rehearsed(lambda scene: counted.append(scene.permit.ticket.id) or asked(scene))
    link = Link(ok=True, detail=NOTHING, waiting=0)

    def look() -> LivePermit:
        state = told.decisions[-1].state
        return draw(site, state, told.instant, (), link, remembered).permits[0]

    first = look().next
    told.file(Rejected(id="x", at_s=told.now_s, origin="desk", reason=NOTHING))  # an event about something else
    told.run(1)
    assert (look().next, len(counted)) == (first, 1)
    told.run(1.2, every_s=0.2)
    assert (look().next, len(counted)) == (first, 2), "two seconds are the longest"
    told.ask(Ask.STOP, "wu-gang")
    told.step(every_s=0.2)
    assert look().next != first
    assert len(counted) == 3
    told.ask(Ask.CHECK_IN, "li-na")
    told.step(every_s=0.1)
    look()
    assert len(counted) == 3, "no sooner than the interpreter may be had again"
    told.step(every_s=0.2)
    look()
    assert len(counted) == 4


def test_the_wind_is_shown_with_its_quality_its_age_and_where_work_stops(site: Settings) -> None:
    told = Story(site)
    told.step()
    (wind,) = shown(told).wind
    assert (wind.mps, wind.quality, wind.age_s, wind.stop_mps, wind.danger) == (None, "missing", None, None, False)
    told.bring(ticket(type="height", level="1", outdoor=True))
    told.bring(ticket(id="P-2"))
    told.field.wind_mps = 7.9
    told.run(2)
    (wind,) = shown(told).wind
    assert (wind.mps, wind.quality, wind.age_s, wind.stop_mps, wind.danger) == (7.9, "good", 0.0, 8.0, False)
    permits = {one.id: one for one in shown(told).permits}
    assert (permits["P-1"].wind, permits["P-1"].wind_stop_mps) == (("weather-1",), 8.0)
    assert (permits["P-2"].wind, permits["P-2"].wind_stop_mps) == (("weather-1",), None)
    told.field.wind_mps = 8.0
    told.step()
    assert shown(told).wind[0].danger
    told.field.wind_quality = Quality.OVERRANGE
    told.step()
    (wind,) = shown(told).wind
    assert (wind.mps, wind.danger) == (None, True)


def test_wind_stops_nothing_where_no_work_stops_for_it(site: Settings) -> None:
    told = at_work(site)
    told.field.wind_mps = 20.0
    told.run(2)
    assert (shown(told).wind[0].stop_mps, shown(told).wind[0].danger) == (None, False)


def test_another_box_is_shown_with_its_last_word_and_that_it_is_silent() -> None:
    told = beside_a_quiet_box(leaving_with("site")())
    quiet = shown(told).neighbours[0]
    assert (quiet.id, quiet.heard, quiet.alarms, quiet.leave_here) == ("edge-2", True, (), False)
    told.field.peer_alarms["edge-2"] = (LEAK_NEXT_DOOR,)
    told.run(1)
    told.field.peers.clear()
    told.run(8)
    silent = shown(told).neighbours[0]
    assert (silent.heard, silent.leave_here, silent.age_s) == (False, True, 8.0)
    assert silent.alarms[0].title == LEAK_NEXT_DOOR.title


def test_the_shift_under_way_is_named(site: Settings) -> None:
    told = before_seven(site)
    assert shown(told).shift == Words("白班", "day shift")
    told.run(15)
    assert shown(told).shift == Words("夜班", "night shift")


def test_a_warning_says_what_to_do_about_itself_not_what_is_done_if_nobody_does(site: Settings) -> None:
    """The stop for a hand-over that nobody makes waits for its delay: it is no reason to stop now."""
    told = before_seven(site)
    told.run(15)
    (due,) = [one for one in shown(told).alarms if one.code == "GRD-20"]
    assert (permit(told).state, permit(told).word, permit(told).instruction) == ("active", "warning", due.action)


def test_a_camera_tells_where_people_stand_and_who_went_through_its_openings() -> None:
    told = at_work(with_camera(on_the_plan(), openings=(DOOR,)), goes_in=())
    walks(told, track=1)
    told.field.seen = (somewhere(2, 1.0, 0.5),)
    told.step()
    camera = shown(told).cameras[0]
    assert [(one.opening, one.ins, one.outs, one.sure) for one in camera.passed] == [("door", 1, 0, True)]
    (placed,) = camera.placed
    assert (placed.track, placed.x_m, placed.y_m) == (2, pytest.approx(1.0, abs=0.2), pytest.approx(0.5))
    assert 0.3 <= placed.accuracy_m < 1.0


def person(track: int, area: str = "tank-inside", **ppe: Worn) -> SeenPerson:
    return SeenPerson(track=track, box=(0.1, 0.1, 0.2, 0.5), score=0.9, zones=(area,), ppe=ppe)


def test_a_camera_tells_who_wears_what_is_asked_of_him_where_he_stands(site: Settings) -> None:
    told = at_work(site)
    assert shown(told).cameras[0].ppe is None, "nobody is seen"
    people = (
        person(1, helmet=Worn.WORN, vest=Worn.MISSING),
        person(2, helmet=Worn.MISSING),
        person(3),
        person(4, "yard", helmet=Worn.MISSING),
    )
    told.field.seen = people
    told.run(8)
    ppe = shown(told).cameras[0].ppe
    assert ppe is not None
    assert (ppe.compliant, ppe.missing, ppe.not_assessable) == (1, 1, 1)
    items = {one.track: [(item.item, item.state, item.for_s) for item in one.items] for one in ppe.people}
    assert items == {1: [("helmet", "worn", 3)], 2: [("helmet", "missing", 3)], 3: [("helmet", "unsure", None)]}
    told.field.view = View.DARK
    told.step()
    assert shown(told).cameras[0].ppe is None
