"""Commissioning: what is measured, what is never taken for measured, what a certificate is worth afterwards."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide import commissioning
from edge_agent.decide.commissioning import woken
from edge_agent.decide.commissioning_gate import DAY_S, SESSION_S, lacking
from edge_agent.decide.commissioning_items import items
from edge_agent.decide.state import Draft, Kept, State
from edge_agent.domain.commissioning import NOT_COMMISSIONED, Commissioning, Do, Excepted, Session, TrialKind
from edge_agent.domain.permit import State as PermitState
from edge_agent.domain.request import Ask
from edge_agent.domain.words import NOTHING
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import ContactTable
from tests.scenarios.stories.box import WELL, interlocked
from tests.scenarios.stories.commissioning import BY, CUT, OTHER, act, asking_site, certified
from tests.support.languages import faults
from tests.support.story import T0_UTC, Story, scenario_site

FALL = "relay/relay-1/permissive"


@pytest.fixture(scope="module")
def site() -> Settings:
    return asking_site()


@pytest.fixture(scope="module")
def kept(site: Settings) -> Commissioning:
    return certified(site)


def begun(site: Settings) -> Story:
    told = Story(site)
    act(told, "begin")
    return told


def of(told: Story) -> Commissioning:
    return told.decisions[-1].state.commissioning


def refused(told: Story) -> list[str]:
    return [words.en for answer in told.decisions[-1].answers for words in answer.reasons]


def test_an_output_that_was_never_on_is_not_seen_to_fall() -> None:
    told = begun(scenario_site())
    told.run(5)
    assert FALL not in of(told).trials


def test_an_output_that_falls_is_measured_and_one_that_does_not_has_failed() -> None:
    for stuck, outcome in ((None, "passed"), (True, "failed")):
        told = begun(scenario_site())
        told.begin_work(goes_in=())
        assert told.state is PermitState.ACTIVE
        told.field.stuck = stuck
        told.ask(Ask.STOP, "li-na")
        told.run(6)
        made = of(told).trials[FALL]
        assert (made.outcome, made.measured, made.by) == (outcome, True, BY)
        told.run(3)
        assert of(told).trials[FALL] is made  # told once


def test_a_siren_is_heard_by_somebody_else_and_only_after_it_sounded() -> None:
    siren = "siren/relay-1/siren"
    told = begun(scenario_site())
    act(told, "heard", siren, by=OTHER, passed=True)
    assert "has not sounded" in refused(told)[0]
    told.begin_work(goes_in=())
    told.field.gas["gas-h2s"]["level"] = 60.0  # everybody leaves
    told.run(3)
    act(told, "heard", siren, by=OTHER)
    assert refused(told) == ["say whether it was heard"]
    act(told, "heard", "walk/cam-1", by=OTHER, passed=True)
    assert "only a siren" in refused(told)[0]
    act(told, "heard", siren, by=OTHER, passed=False)
    assert of(told).trials[siren].outcome == "failed"


def test_a_needle_that_is_stuck_at_the_bottles_value_passes_no_bump_test() -> None:
    told = begun(scenario_site())
    told.field.gas["gas-co"]["level"] = 100.0
    told.run(1200)  # longer than what is remembered of its past
    act(told, "take", "bump/gas-co", value=100.0)
    assert "showed the bottle's value all the time" in refused(told)[0]
    assert "bump/gas-co" not in of(told).trials
    told.field.gas["gas-co"]["level"] = 0.0
    told.step()
    told.field.gas["gas-co"]["level"] = 100.0
    told.step()
    act(told, "take", "bump/gas-co", value=100.0)
    assert "showed the bottle's value all the time" in refused(told)[0], "one sample may be a spike"
    told.field.gas["gas-co"]["level"] = 0.0
    told.run(20)
    told.field.gas["gas-co"]["level"] = 100.0
    told.run(2)
    act(told, "take", "bump/gas-co", value=100.0)
    assert of(told).trials["bump/gas-co"].outcome == "passed"


def test_a_siren_that_sounded_ahead_of_a_clock_that_was_set_back_was_not_just_heard() -> None:
    siren = "siren/relay-1/siren"
    told = begun(scenario_site())
    told.begin_work(goes_in=())
    told.ask(Ask.STOP, "li-na")
    told.field.gas["gas-h2s"]["level"] = 60.0
    told.run(3)
    told.field.gas["gas-h2s"]["level"] = 0.0
    told.run(90)
    told.utc -= 1800
    act(told, "heard", siren, by=OTHER, passed=True)
    assert "has not sounded" in refused(told)[0]
    assert siren not in of(told).trials


def test_who_heard_a_siren_stands_against_no_measurement_also_after_a_restart() -> None:
    """The contact said that it was silent; what it said is forgotten by then, the failure is not."""
    siren = "siren/relay-1/siren"
    told = begun(interlocked())
    told.field.contacts = dict(WELL)
    told.begin_work(goes_in=())
    told.field.gas["gas-h2s"]["level"] = 60.0  # everybody leaves, and the siren stays silent
    told.run(told.settings.rulebook.device.isolation_s.value + 2)
    act(told, "heard", siren, by=OTHER, passed=True)
    made = of(told).trials[siren]
    assert (made.outcome, made.measured) == ("failed", True)
    again = told.again(5.0)
    again.field.contacts["siren-sounds"] = None
    act(again, "heard", siren, by=OTHER, passed=True)
    assert "measure again" in refused(again)[0]
    assert of(again).trials[siren] == made


@pytest.mark.parametrize(("do", "more"), [("enter", {"passed": True, "note": "looked well"}), ("take", {})])
def test_a_walk_test_is_measured_and_entered_by_nobody(do: Do, more: dict[str, Any]) -> None:
    told = begun(scenario_site())
    act(told, do, "walk/cam-1", **more)
    assert "on the camera's page" in refused(told)[0]
    assert "walk/cam-1" not in of(told).trials


@pytest.mark.parametrize(
    ("away_s", "since_boot_s", "outcome"),
    [(40.0, 20.0, "passed"), (500.0, 30.0, "failed"), (5.0, 90_000.0, None), (0.0, 5.0, None)],
    ids=["a power cut", "one that took long", "a program started anew", "a date set back"],
)
def test_only_a_machine_that_started_anew_has_lost_its_power(
    away_s: float, since_boot_s: float, outcome: str | None
) -> None:
    settings = scenario_site()
    told = Story(settings)
    instant = replace(told.instant, now_s=since_boot_s)
    draft = Draft(State(memory=told.decisions[-1].state.memory), instant)
    now = Commissioning(session=Session(by=BY, begun_utc=instant.utc - 3600, powered=("relay-1/permissive",)))
    after = woken(draft, now, settings, instant.utc - away_s)
    made = after.trials.get("power/unit")
    assert (None if made is None else made.outcome) == outcome
    assert after.session is not None
    assert after.session.powered == ()  # what was on before is not known to be on
    assert woken(draft, NOT_COMMISSIONED, settings, instant.utc) is NOT_COMMISSIONED
    assert woken(draft, now, settings, None).trials == {}


def test_minutes_on_the_back_up_supply_are_counted_by_the_contacts() -> None:
    settings = scenario_site()
    relay = settings.site.relays["relay-1"]
    contacts = {
        **relay.contacts,
        "mains": ContactTable(kind="mains", input=6),
        "backup": ContactTable(kind="backup", input=7, normal="open"),
    }
    relays = {"relay-1": replace(relay, contacts=contacts)}
    settings = replace(settings, site=replace(settings.site, relays=relays))
    for minutes, outcome in ((10, "failed"), (31, "passed")):
        told = begun(settings)
        told.field.contacts = {"mains": True, "backup": False}
        told.run(2)
        told.field.contacts = {"mains": False, "backup": True}
        told.run(60 * minutes, every_s=5)
        told.field.contacts = {"mains": True, "backup": False}
        told.run(2)
        made = of(told).trials["ups/unit"]
        assert (made.outcome, made.measured) == (outcome, True)
        assert made.value == pytest.approx(minutes, abs=0.3)


def test_what_a_person_enters_is_named_as_that_and_judged_by_the_limit() -> None:
    told = begun(scenario_site())
    for value, passed, outcome in ((20.0, True, "failed"), (45.0, False, "failed"), (45.0, True, "passed")):
        act(told, "enter", "ups/unit", value=value, passed=passed, note="by the clock")
        made = of(told).trials["ups/unit"]
        assert (made.outcome, made.measured) == (outcome, False)
    act(told, "enter", "uplink/unit", passed=True, note="cable out and in")  # which has no limit
    assert of(told).trials["uplink/unit"].outcome == "passed"
    act(told, "enter", "ups/unit", passed=True, note="long enough")
    assert refused(told) == ["enter the figure"]
    act(told, "enter", "ups/unit", value=45.0, passed=True)
    assert refused(told) == ["say why"]
    act(told, "take", "ups/unit")
    assert "measures this by itself" in refused(told)[0]


def test_places_and_gas_that_nobody_can_read_are_no_trial() -> None:
    told = begun(scenario_site())
    told.field.silent |= {"tag-worker-1", "gas-co"}
    told.run(120)
    act(told, "take", "survey/yard", x_m=40.0, y_m=10.0, wearable="tag-worker-1")
    assert refused(told) == ["this wearable has no place now"]
    act(told, "take", "survey/yard", wearable="tag-guard")
    assert refused(told) == ["enter the surveyed point"]
    act(told, "take", "bump/gas-co", value=100.0)
    assert "gives no value now" in refused(told)[0]
    assert not of(told).trials


def test_no_certificate_without_a_date(site: Settings, kept: Commissioning) -> None:
    told = Story(site, kept=Kept(commissioning=replace(kept, certificate=None)), trusted=False)
    act(told, "begin")
    act(told, "finish")
    assert refused(told) == ["the clock is not trusted: a certificate needs a date"]


def test_old_trials_and_changed_devices_stand_against_a_new_certificate(
    site: Settings, kept: Commissioning
) -> None:
    told = Story(site, kept=Kept(commissioning=kept))
    told.utc += 400 * DAY_S
    act(told, "begin")
    act(told, "finish")
    assert len(refused(told)) == len(kept.trials) > 0
    assert all("too long ago" in words for words in refused(told))
    gas = {**site.site.gas, "gas-co": replace(site.site.gas["gas-co"], unit_id=9)}
    other = replace(site, site=replace(site.site, gas=gas))
    told = Story(other, kept=Kept(commissioning=kept))
    act(told, "begin")
    act(told, "finish")
    assert refused(told) == ["bump test: Carbon monoxide detector: its settings were changed: try it again"]


def test_no_certificate_where_nothing_has_passed(site: Settings, kept: Commissioning) -> None:
    """Everything failed and was let be: there is no time from which a certificate could count."""
    let_be = Excepted(by="zhao-min", reason="spare parts come", at_utc=T0_UTC, until_utc=T0_UTC + 9 * DAY_S)
    trials = {
        key: replace(one, outcome="failed", measured=True, excepted=let_be) for key, one in kept.trials.items()
    }
    told = Story(site, kept=Kept(commissioning=replace(kept, certificate=None, trials=trials)))
    act(told, "begin")
    act(told, "finish")
    assert refused(told) == ["nothing at all has passed"]
    assert of(told).certificate is None


def test_what_is_let_be_stands_against_a_certificate_once_its_time_is_over(
    site: Settings, kept: Commissioning
) -> None:
    until_utc = T0_UTC + 9 * DAY_S
    let_be = Excepted(by="zhao-min", reason="spare parts come", at_utc=T0_UTC, until_utc=until_utc)
    failed = replace(kept.trials["bump/gas-co"], outcome="failed", measured=True, excepted=let_be)
    before = replace(kept, certificate=None, trials=kept.trials | {failed.key: failed})
    for utc, open_ in (
        (until_utc - 10, []),
        (until_utc, ["bump test: Carbon monoxide detector: has failed, and the exception for it has run out"]),
    ):
        told = Story(site, kept=Kept(commissioning=before), utc=utc)
        act(told, "begin")
        act(told, "finish")
        assert refused(told) == open_
        assert (of(told).certificate is None) is bool(open_)


def test_no_certificate_where_nothing_at_all_was_tried(site: Settings, kept: Commissioning) -> None:
    """Also where it is said of each item why it was not."""
    left = {key: replace(one, outcome="not_done", note="no time") for key, one in kept.trials.items()}
    told = Story(site, kept=Kept(commissioning=replace(kept, certificate=None, trials=left)))
    act(told, "begin")
    act(told, "finish")
    assert refused(told) == ["nothing at all was tried"]
    one = {**left, "uplink/unit": replace(kept.trials["uplink/unit"], outcome="passed")}
    told = Story(site, kept=Kept(commissioning=replace(kept, certificate=None, trials=one)))
    act(told, "begin")
    act(told, "finish")
    assert refused(told) == []


def test_the_way_to_a_centre_that_the_site_does_not_have_is_no_trial(site: Settings) -> None:
    for centre in (True, False):
        uplink = replace(site.site.uplink, centre=centre)
        told = begun(replace(site, site=replace(site.site, uplink=uplink)))
        for said in (CUT, NOTHING):
            told.field.unwell["uplink"] = said
            told.run(5)
        assert set(of(told).trials) == ({"uplink/unit"} if centre else set())


def test_a_certificate_is_void_for_what_was_changed_and_says_which(site: Settings, kept: Commissioning) -> None:
    told = Story(site)
    instant = replace(told.instant, utc=told.utc + 3600)
    assert lacking(site, kept, instant) == {}
    gas = {**site.site.gas, "gas-co": replace(site.site.gas["gas-co"], unit_id=9)}
    changed = replace(site, site=replace(site.site, gas=gas))
    void = lacking(changed, kept, instant)
    assert set(void) == {"gas-co"}
    assert faults(void["gas-co"]) == []
    assert kept.certificate is not None
    elsewhere = replace(kept, certificate=replace(kept.certificate, unit="edge-9"))
    assert set(lacking(site, elsewhere, instant)) == {""}
    assert lacking(scenario_site(), NOT_COMMISSIONED, instant) == {}  # nobody asks for one


def test_a_commissioning_opens_the_gate_for_a_shift_and_only_for_what_was_tried(
    site: Settings, kept: Commissioning
) -> None:
    told = Story(site)
    session = Session(by=BY, begun_utc=told.utc, opened_utc=told.utc)
    tried = replace(kept, certificate=None, session=session)
    assert lacking(site, tried, told.instant) == {}
    later = replace(told.instant, utc=told.utc + SESSION_S)
    assert set(lacking(site, tried, later)) == {""}
    bare = replace(tried, trials={})
    assert set(lacking(site, bare, told.instant)) == {
        one.device
        for one in items(site).values()
        if one.device and one.kind not in {TrialKind.RELAY, TrialKind.SIREN}
    }


def test_names_of_all_items_are_in_both_languages(site: Settings) -> None:
    assert [wrong for one in items(site).values() for wrong in faults(one.name)] == []


def test_what_was_tried_too_long_ago_opens_no_gate_either(site: Settings, kept: Commissioning) -> None:
    told = Story(site)
    tried = replace(kept, certificate=None, session=Session(by=BY, begun_utc=told.utc, opened_utc=told.utc))
    assert lacking(site, tried, told.instant) == {}
    bump = kept.trials["bump/gas-h2s"]
    old = replace(bump, at_utc=told.utc - site.site.commissioning.valid_days * DAY_S - 1)
    void = lacking(site, replace(tried, trials=tried.trials | {bump.key: old}), told.instant)
    assert set(void) == {"gas-h2s"}
    assert void["gas-h2s"].en.endswith("too long ago")
    assert faults(void["gas-h2s"]) == []


def test_a_siren_that_sounds_on_is_not_noted_in_each_step() -> None:
    """Each note is a commit to the disk."""
    told = begun(scenario_site())
    told.begin_work(goes_in=())
    told.field.gas["gas-h2s"]["level"] = 60.0
    told.run(5)
    noted = [one.state.commissioning for one in told.decisions]
    assert noted[-1].session is not None
    assert set(noted[-1].session.sounded) == {"relay-1/siren"}
    assert noted[-1] is noted[-2]
    told.run(60)
    later = of(told)
    assert later.session is not None
    assert told.utc - later.session.sounded["relay-1/siren"] < 2 * commissioning.SOUNDED_S
