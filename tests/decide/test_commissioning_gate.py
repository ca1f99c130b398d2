"""How long work may go on without a certificate, whoever begins whatever how often; and what voids a trial."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as searched
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.decide.commissioning_gate import DAY_S, MONTH_S, SESSION_S, lacking
from edge_agent.decide.commissioning_items import digest, items
from edge_agent.domain.commissioning import NOT_COMMISSIONED, Commissioning, Session
from edge_agent.domain.person import Person, Role
from edge_agent.settings.site import Settings
from edge_agent.settings.site_sensors import GasTable
from tests.scenarios.stories.commissioning import BY, act, asking_site, certified
from tests.support.languages import faults
from tests.support.story import T0_UTC, Story, scenario_site

OFFICER = "zhao-min"
TECH = "gu-tech"
WHY = "the gateway is replaced on Monday"
OPEN = replace(NOT_COMMISSIONED, session=Session(by=BY, begun_utc=T0_UTC))


def of(told: Story) -> Commissioning:
    return told.decisions[-1].state.commissioning


def refused(told: Story) -> list[str]:
    reasons = [words for answer in told.decisions[-1].answers for words in answer.reasons]
    assert [wrong for words in reasons for wrong in faults(words)] == []
    return [words.en for words in reasons]


def with_tech() -> Settings:
    site = asking_site()
    return replace(
        site, persons=(*site.persons, Person(id=TECH, name="顾工", roles=(Role.TECHNICIAN,), pin_hash="$"))
    )


def opened(told: Story) -> bool:
    """Whether the unit itself stands in nobody's way: there is no certificate, so only a grace lets it."""
    return "" not in lacking(told.settings, of(told), told.instant)


STEPS = st.lists(
    st.tuples(st.sampled_from(["begin", "drop", "wait"]), st.floats(0.0, 9.0, allow_nan=False)), max_size=40
)


@given(STEPS)
@searched(max_examples=30)
def test_without_an_officer_it_is_one_shift_a_day_and_three_a_month_at_most(
    steps: list[tuple[str, float]],
) -> None:
    told = Story(with_tech())
    shifts: list[float] = []
    for do, wait_h in steps:
        told.utc += 3600 * wait_h
        if do == "wait":
            told.step()
        else:
            act(told, do, by=TECH)  # type: ignore[arg-type]
        session = of(told).session
        if session is not None and session.opened_utc is not None and session.opened_utc not in shifts:
            shifts.append(session.opened_utc)
        if opened(told):
            assert any(0 <= told.utc - at < SESSION_S for at in shifts)
    for at in shifts:
        assert sum(1 for other in shifts if 0 <= at - other < DAY_S) <= 1
        assert sum(1 for other in shifts if 0 <= at - other < MONTH_S) <= 3


def test_a_second_one_in_a_day_opens_nothing_until_an_officer_agrees() -> None:
    told = Story(with_tech())
    act(told, "begin", by=TECH)
    assert opened(told)
    act(told, "drop", by=TECH)
    assert not opened(told)
    act(told, "begin", by=TECH)
    assert not opened(told)
    for by, note, why in (
        (TECH, WHY, "only a safety officer"),
        (OFFICER, "ok", "say why"),
    ):
        act(told, "agree", by=by, note=note)
        assert why in refused(told)[0]
        assert not opened(told)
    act(told, "agree", by=OFFICER, note=WHY)
    assert opened(told)
    act(told, "agree", by=OFFICER, note=WHY)
    assert len(of(told).graces) == 2
    told.utc += SESSION_S
    told.step()
    assert not opened(told)
    assert of(told).graces[-1].officer == OFFICER


def test_a_clock_that_nobody_trusts_or_that_went_back_opens_no_further_shift() -> None:
    told = Story(with_tech(), trusted=False)
    act(told, "begin", by=TECH)
    assert not opened(told)
    told = Story(with_tech())
    act(told, "begin", by=TECH)
    act(told, "drop", by=TECH)
    told.utc -= 40 * DAY_S
    act(told, "begin", by=TECH)
    assert not opened(told)


def test_nobody_agrees_to_a_further_shift_by_a_clock_that_nobody_trusts() -> None:
    told = Story(with_tech())
    for do in ("begin", "drop", "begin"):
        act(told, do, by=TECH)
    graces = of(told).graces
    told.trusted = False
    act(told, "agree", by=OFFICER, note=WHY)
    assert refused(told) == ["the clock is not trusted"]
    assert of(told).graces == graces
    assert not opened(told)


def test_a_valid_certificate_needs_no_grace_and_spends_none() -> None:
    site = asking_site()
    kept = certified(site)
    told = Story(site)
    told.decisions[-1] = replace(told.decisions[-1], state=replace(told.decisions[-1].state, commissioning=kept))
    act(told, "begin")
    assert (of(told).graces, opened(told)) == (kept.graces, True)


MEASURED = "bump/gas-co"


def failed() -> Story:
    told = Story(with_tech())
    act(told, "begin", by=TECH)
    told.run(2)
    act(told, "take", MEASURED, value=100.0, by=TECH)  # clean air: 0 of 100
    assert of(told).trials[MEASURED].outcome == "failed"
    return told


def test_no_word_of_a_person_stands_against_what_was_measured() -> None:
    told = failed()
    relay = "relay/relay-1/permissive"
    made = replace(
        of(told).trials[MEASURED], key=relay, kind=items(told.settings)[relay].kind, of="relay-1/permissive"
    )
    made = replace(made, covers=items(told.settings)[relay].covers)
    now = told.decisions[-1].state
    trials = {**now.commissioning.trials, relay: made}
    told.decisions[-1] = replace(
        told.decisions[-1], state=replace(now, commissioning=replace(now.commissioning, trials=trials))
    )
    for do, key, more in (
        ("enter", relay, {"passed": True, "value": 0.4, "note": "by ear"}),
        ("skip", relay, {"note": "no time"}),
        ("skip", MEASURED, {"note": "no time"}),
    ):
        act(told, do, key, by=TECH, **more)  # type: ignore[arg-type]
        assert "measure again" in refused(told)[0]
    assert of(told).trials == trials


def test_an_officers_exception_is_written_has_an_end_and_leaves_the_failure_a_failure() -> None:
    told = failed()
    for by, days, note, why in (
        (TECH, 3.0, WHY, "only a safety officer"),
        (OFFICER, 3.0, "ok", "say why"),
        (OFFICER, None, WHY, "30 at most"),
        (OFFICER, 31.0, WHY, "30 at most"),
    ):
        act(told, "except", MEASURED, by=by, days=days, note=note)
        assert why in refused(told)[0]
    act(told, "except", "bump/gas-ch4", by=OFFICER, days=3.0, note=WHY)
    assert refused(told) == ["nothing was measured to fail here"]
    act(told, "except", MEASURED, by=OFFICER, days=3.0, note=WHY)
    made = of(told).trials[MEASURED]
    assert made.excepted is not None
    assert (made.outcome, made.excepted.by, made.excepted.reason) == ("failed", OFFICER, WHY)
    act(told, "finish", by=TECH)
    assert not any("Carbon monoxide detector: has failed" in words for words in refused(told))
    assert "gas-co" not in lacking(told.settings, of(told), told.instant)
    later = replace(told.instant, utc=made.excepted.until_utc)
    kept = replace(of(told), session=Session(by=TECH, begun_utc=later.utc, opened_utc=later.utc))
    assert "the exception for it has run out" in lacking(told.settings, kept, later)["gas-co"].en


def test_no_exception_without_a_date_to_end_it_at() -> None:
    told = failed()
    told.trusted = False
    told.step()
    act(told, "except", MEASURED, by=OFFICER, days=3.0, note=WHY)
    assert refused(told) == ["the clock is not trusted"]
    assert of(told).trials[MEASURED].excepted is None


def test_he_who_commissions_lets_nothing_be_himself() -> None:
    told = Story(asking_site())
    act(told, "begin", by=OFFICER)
    told.run(2)
    act(told, "take", MEASURED, value=100.0, by=OFFICER)
    act(told, "except", MEASURED, by=OFFICER, days=3.0, note=WHY)
    assert "only a safety officer" in refused(told)[0]


def test_what_is_measured_to_fail_after_the_certificate_counts_against_it() -> None:
    site = asking_site()
    kept = certified(site)
    instant = replace(Story(site).instant, utc=T0_UTC + 7200)
    assert lacking(site, kept, instant) == {}
    bad = replace(kept.trials[MEASURED], outcome="failed", at_utc=T0_UTC + 7000)
    assert set(lacking(site, replace(kept, trials=kept.trials | {MEASURED: bad}), instant)) == {"gas-co"}


def test_a_field_that_a_later_version_adds_voids_nothing() -> None:
    table = scenario_site().site.gas["gas-co"]
    later = msgspec.defstruct("GasTable", [("from_2027", int, 3)], bases=(GasTable,), frozen=True, kw_only=True)
    same = later(**msgspec.structs.asdict(table))
    assert digest(same) == digest(table)
    assert digest(later(**msgspec.structs.asdict(table), from_2027=4)) != digest(table)


def test_what_the_version_before_made_of_the_same_device_still_covers_it() -> None:
    for item in items(scenario_site()).values():
        trial = certified(asking_site()).trials.get(item.key)
        if trial is not None:
            assert item.covered_by(replace(trial, covers=item.formerly))
            assert not item.covered_by(replace(trial, covers=""))


def gas(site: Settings, **changed: Any) -> Settings:
    rows = {**site.site.gas, "gas-co": replace(site.site.gas["gas-co"], **changed)}
    return replace(site, site=replace(site.site, gas=rows))


def relay(site: Settings, **changed: Any) -> Settings:
    table = replace(site.site.relays["relay-1"], **changed)
    return replace(site, site=replace(site.site, relays={**site.site.relays, "relay-1": table}))


def coil(site: Settings, channel: str) -> Settings:
    outputs = site.site.relays["relay-1"].outputs
    return relay(site, outputs={**outputs, channel: replace(outputs[channel], coil=9)})


CO, SIREN, FALL = "bump/gas-co", "siren/relay-1/siren", "relay/relay-1/permissive"


@pytest.mark.parametrize(
    ("change", "void"),
    [
        (lambda site: gas(site, range=400.0), {CO}),
        (lambda site: gas(site, unit="mg/m3"), {CO}),
        (lambda site: gas(site, unit_id=9), {CO}),
        (lambda site: gas(site, gas="h2s"), {CO}),
        (lambda site: gas(site, serial="SN-9"), {CO}),
        (lambda site: gas(site, poll_s=2.0), set()),
        (lambda site: gas(site, timeout_s=0.2), set()),
        (lambda site: relay(site, host="10.0.0.9"), {SIREN, FALL}),
        (lambda site: relay(site, timeout_s=0.2), set()),
        (lambda site: coil(site, "siren"), {SIREN}),
        (lambda site: coil(site, "permissive"), {FALL}),
    ],
)
def test_a_change_voids_exactly_the_trials_of_what_was_changed(change: Any, void: set[str]) -> None:
    site = scenario_site()
    before, after = items(site), items(change(site))
    assert {key for key in before if before[key].covers != after[key].covers} == void


def test_where_nobody_wears_anything_no_place_is_surveyed() -> None:
    site = scenario_site()
    bare = replace(site, site=replace(site.site, wearables={}))
    assert set(items(site)) - set(items(bare)) == {f"survey/{area.id}" for area in site.areas} != set()


def test_a_site_that_declares_that_it_has_no_centre_tries_no_way_to_it() -> None:
    site = scenario_site()
    alone = replace(site, site=replace(site.site, uplink=replace(site.site.uplink, centre=False)))
    assert set(items(site)) - set(items(alone)) == {"uplink/unit"}
