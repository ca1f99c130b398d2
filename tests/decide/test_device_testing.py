"""A tester's bump test is what the box has measured, holds at once, and a failed one satisfies nothing."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide.outputs import Signal, says
from edge_agent.decide.state import Kept
from edge_agent.domain.device import DeviceRecord, DeviceStatus
from edge_agent.domain.device_test import DeviceTest
from edge_agent.domain.observation import Quality
from edge_agent.domain.outcome import Event
from edge_agent.domain.permit import State
from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.devices import strict
from tests.support.languages import faults
from tests.support.story import CLEAN_AIR, T0_UTC, Story, scenario_site, ticket

H2S, BOTTLE = "gas-h2s", 20.0
GOOD = {"level": BOTTLE, "lot": "L-7", "expires": "2027-05-31"}


def bare_site() -> Settings:
    """A site whose rulebook asks for records, and for whose devices nobody has vouched yet."""
    return replace(strict(), records=())


def bump(
    told: Story, *, by: str = "sun-yan", device: str = H2S, proof: Proof = Proof.PIN, **more: Any
) -> list[str]:
    told.ask(
        Ask.DEVICE_TEST, by, permit="", proof=proof, test=DeviceTest(do="bump", device=device, **(GOOD | more))
    )
    return refused(told)


def vouch(told: Story, device: str, *, by: str = "sun-yan", **more: Any) -> list[str]:
    test = DeviceTest(do="vouch", device=device, **({"self_test_ok": True} | more))
    told.ask(Ask.DEVICE_TEST, by, permit="", test=test)
    return refused(told)


def refused(told: Story) -> list[str]:
    told.step()
    reasons = [words for answer in told.decisions[-1].answers for words in answer.reasons]
    unnamed = (words for words in reasons if "Sun Yan" not in words.en)  # people's names are in no language
    assert [wrong for words in unnamed for wrong in faults(words)] == []
    return [words.en for words in reasons]


def begun(site: Settings | None = None) -> Story:
    told = Story(site or bare_site())
    told.run(3)
    return told


def record_of(told: Story, device: str = H2S) -> DeviceRecord:
    return told.decisions[-1].state.records[device]


def told_of(told: Story, type_: str) -> list[Event]:
    return [one for decision in told.decisions for one in decision.events if one.type == type_]


def gassed(told: Story, level: float = BOTTLE * 1.04, seconds: float = 8) -> None:
    told.field.gas[H2S]["level"] = level
    told.run(seconds)
    told.field.gas[H2S]["level"] = CLEAN_AIR[H2S]


def test_a_box_without_a_centre_is_vouched_for_and_starts_work_by_its_own_people() -> None:
    told = begun()
    for device, level in (("gas-ch4", 25.0), ("gas-o2", 18.0), (H2S, BOTTLE), ("gas-co", 100.0)):
        shown = 1.25 if device == "gas-ch4" else level  # %LEL there, %vol on the board
        assert bump(told, device=device, level=shown) == []
        told.field.gas[device]["level"] = level
        told.run(6)
        told.field.gas[device]["level"] = CLEAN_AIR[device]
        assert record_of(told, device).bump_tested_utc is not None
        assert vouch(told, device, calibration_due="2027-06-30", certificate="JJG-9") == []
    for device in ("relay-1", "cam-1", "tag-guard", "tag-worker-1", "tag-worker-2"):
        if device in {one.id for one in told.settings.devices}:
            assert vouch(told, device) == []
    told.run(120)
    told.begin_work()
    assert told.state is State.ACTIVE


def test_a_passed_one_counts_at_once_and_a_restart_keeps_it() -> None:
    told = begun()
    assert bump(told) == []
    assert told_of(told, "device.bump_begun")[0].data["lot"] == "L-7"
    gassed(told)
    (event,) = told_of(told, "device.bump_tested")
    assert (event.subject, event.data["passed"], event.data["by"]) == (H2S, True, "sun-yan")
    assert event.data["nearest"] == pytest.approx(BOTTLE * 1.04)
    kept = record_of(told)
    assert kept.bump_tested_utc is not None
    assert kept.covers == told.settings.site.gas[H2S].identity
    again = told.again(60.0)
    again.run(2)
    assert record_of(again) == kept


@pytest.mark.parametrize("level", [0.0, BOTTLE * 0.89, BOTTLE * 1.11], ids=["no gas", "too little", "too much"])
def test_what_does_not_meet_the_bottle_in_time_has_failed_and_satisfies_nothing(level: float) -> None:
    told = begun()
    assert bump(told) == []
    gassed(told, level, told.settings.rulebook.device.bump_s.value + 2)
    (event,) = told_of(told, "device.bump_tested")
    assert event.data["passed"] is False
    assert "FAILED" in event.data["words"]["en"]
    assert record_of(told).bump_failed_utc is not None
    assert record_of(told).bump_tested_utc is None
    told.run(90)
    told.bring(ticket())
    told.run(2)
    found = [one.verdict.finding.detail.en for one in told.decisions[-1].state.alarms.values()]
    assert any("has failed its bump test" in words for words in found)
    assert bump(told) == []
    gassed(told)
    assert record_of(told).bump_failed_utc is None


def test_one_spike_through_the_bottles_value_is_no_answer() -> None:
    told = begun()
    assert bump(told) == []
    for _ in range(4):
        told.field.gas[H2S]["level"] = BOTTLE
        told.run(2)
        told.field.gas[H2S]["level"] = 40.0
        told.run(2)
    assert told_of(told, "device.bump_tested") == []


def test_a_detector_that_falls_silent_or_is_faulty_meets_nothing() -> None:
    told = begun()
    assert bump(told) == []
    told.field.silent.add(H2S)
    told.run(told.settings.rulebook.device.bump_s.value + 2)
    assert [one.data["passed"] for one in told_of(told, "device.bump_tested")] == [False]


def test_a_restart_ends_a_test_without_a_word_for_the_detector() -> None:
    told = begun()
    assert bump(told) == []
    again = told.again(10.0)
    again.field.gas[H2S]["level"] = BOTTLE
    again.run(8)
    assert H2S not in again.decisions[-1].state.records
    assert again.decisions[-1].state.bumps == {}


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"level": None}, "enter the concentration"),
        ({"level": 0.0}, "enter the concentration"),
        ({"lot": " "}, "lot number"),
        ({"expires": ""}, "until when"),
        ({"expires": "2026-11-17"}, "has run out of date"),
        ({"device": "relay-1"}, "is no gas detector"),
        ({"device": "nobody"}, "has no device nobody"),
        ({"by": "zhou-qiang"}, "only a tester"),
        ({"proof": Proof.KEY}, "give the PIN or badge once more"),
    ],
)
def test_nothing_is_measured_without_what_it_needs(more: dict[str, Any], why: str) -> None:
    told = begun()
    assert any(why in words for words in bump(told, **more))
    assert told.decisions[-1].state.bumps == {}


def test_a_tester_whose_certificate_has_run_out_tests_nothing() -> None:
    site = bare_site()
    late = tuple(
        replace(one, certificates=tuple(replace(c, valid_to_utc=T0_UTC - 1) for c in one.certificates))
        for one in site.persons
    )
    asks = replace(site.rulebook.people, tester_certificates=("gas_test",))
    told = begun(replace(site, persons=late, rulebook=replace(site.rulebook, people=asks)))
    assert "expired" in bump(told)[0]


@pytest.mark.parametrize(("areas", "why"), [((), ""), (("yard",), "only a tester of this area")])
def test_a_technician_of_the_whole_site_tests_each_and_one_of_an_area_none(
    areas: tuple[str, ...], why: str
) -> None:
    gu = Person(id="gu", name="顾工", roles=(Role.TECHNICIAN,), areas=areas, pin_hash="$gu")
    site = bare_site()
    asks = replace(site.rulebook.people, tester_certificates=("gas_test",))  # which testers need
    told = begun(replace(site, persons=(*site.persons, gu), rulebook=replace(site.rulebook, people=asks)))
    assert why in " ".join(bump(told, by="gu"))
    assert (H2S in told.decisions[-1].state.bumps) is not bool(why)


def test_a_test_that_is_under_way_is_not_begun_once_more() -> None:
    told = begun()
    assert bump(told) == []
    first = told.decisions[-1].state.bumps[H2S]
    assert bump(told, lot="L-8") == ["this detector is being tested already"]
    after = told.decisions[-1].state.bumps[H2S]
    assert (after.lot, after.until_s) == (first.lot, first.until_s) == ("L-7", first.until_s)


def test_a_detector_that_gives_no_value_is_not_tested() -> None:
    told = begun()
    told.field.silent.add(H2S)
    told.run(120, every_s=5)
    assert [words for words in bump(told) if words.startswith("the detector gives no value now (")]
    assert told.decisions[-1].state.bumps == {}


def test_the_gas_is_not_let_onto_a_detector_that_people_rely_on_now() -> None:
    told = Story(strict())
    told.begin_work(goes_in=())
    assert told.state is State.ACTIVE
    assert bump(told) == ["P-1 relies on this detector now: stop the work first"]


def test_a_detector_that_already_shows_the_bottles_value_proves_nothing() -> None:
    told = begun()
    told.field.gas[H2S]["level"] = BOTTLE
    told.run(2)
    assert "without the gas" in bump(told)[0]


def test_a_bottle_that_holds_what_the_air_holds_proves_nothing() -> None:
    """Whatever stands still at that value would pass, also a needle that is stuck."""
    told = begun()
    assert bump(told, device="gas-o2", level=20.9) == [
        "it shows 20.9 without the gas: let it stand in clean air first"
    ]
    assert told.decisions[-1].state.bumps == {}


def test_no_record_without_a_date() -> None:
    told = Story(bare_site(), trusted=False)
    told.run(2)
    assert bump(told) == ["the clock is not trusted: a test needs a date"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"self_test_ok": None}, "its own test"),
        ({"calibration_due": "2027-06-30"}, "number of the calibration certificate"),
        ({"calibration_due": "soon", "certificate": "x"}, "write the day"),
        ({"calibration_due": "2026-01-01", "certificate": "x"}, "run out already"),
        ({"calibration_due": "2030-01-01", "certificate": "x"}, "366 days at most"),
    ],
)
def test_a_certificate_is_entered_whole_or_not_at_all(more: dict[str, Any], why: str) -> None:
    told = begun()
    assert any(why in words for words in vouch(told, H2S, **more))
    assert H2S not in told.decisions[-1].state.records


def test_a_device_that_was_taken_out_of_service_is_not_brought_back_by_a_tester() -> None:
    told = begun()
    told.bring(DeviceRecord(id="relay-1", status=DeviceStatus.OUT_OF_SERVICE))
    told.run(2)
    assert "an administrator puts it back" in vouch(told, "relay-1")[0]


def test_a_failed_self_test_is_a_word_that_withdraws_it() -> None:
    told = begun()
    assert vouch(told, "relay-1", self_test_ok=False) == []
    told.bring(ticket())
    told.run(2)
    world_rules = {one.verdict.rule for one in told.decisions[-1].state.alarms.values()}
    assert "device_withdrawn" in world_rules


def test_who_can_mend_it_and_where_stands_in_the_refusal() -> None:
    told = begun()
    told.bring(ticket())
    told.run(2)
    found = [
        one.verdict.finding.detail
        for one in told.decisions[-1].state.alarms.values()
        if one.verdict.rule == "device_not_vouched_for"
    ]
    assert found
    assert all("/detectors" in words.en and "/detectors" in words.zh for words in found)
    assert [wrong for words in found for wrong in faults(words)] == []


def test_what_the_centre_says_does_not_take_away_what_was_measured_here() -> None:
    told = begun()
    assert bump(told) == []
    gassed(told)
    measured = record_of(told).bump_tested_utc
    told.bring(DeviceRecord(id=H2S, status=DeviceStatus.IN_SERVICE, calibration_due_utc=T0_UTC + 1e7))
    told.run(1)
    assert (record_of(told).bump_tested_utc, record_of(told).said) == (measured, "centre")
    assert bump(told) == []
    gassed(told, 0.0, told.settings.rulebook.device.bump_s.value + 2)
    told.bring(DeviceRecord(id=H2S, status=DeviceStatus.IN_SERVICE, bump_tested_utc=measured))
    told.run(1)
    assert record_of(told).bump_failed_utc is not None  # it failed after that


def test_a_test_of_the_future_takes_no_failure_back() -> None:
    """Nobody has tested tomorrow what failed today: the centre's word, or the files', after a slip in the date."""
    told = begun()
    assert bump(told) == []
    gassed(told, 0.0, told.settings.rulebook.device.bump_s.value + 2)
    tomorrow = told.utc + 86_400.0
    told.bring(DeviceRecord(id=H2S, status=DeviceStatus.IN_SERVICE, bump_tested_utc=tomorrow))
    told.run(1)
    assert record_of(told).bump_failed_utc is not None
    written = (DeviceRecord(id=H2S, status=DeviceStatus.IN_SERVICE, bump_tested_utc=tomorrow),)
    kept = tuple(replace(one, said="box") for one in told.decisions[-1].state.records.values())
    again = Story(replace(told.settings, records=written), kept=Kept(records=kept, seq=9), utc=told.utc)
    assert record_of(again).bump_failed_utc is not None


def test_a_word_that_says_nothing_of_a_devices_own_test_takes_no_failure_back() -> None:
    told = begun()
    assert vouch(told, H2S, self_test_ok=False) == []
    told.bring(DeviceRecord(id=H2S, status=DeviceStatus.IN_SERVICE, calibration_due_utc=T0_UTC + 1e7))
    told.run(1)
    assert record_of(told).self_test_ok is False
    told.bring(DeviceRecord(id=H2S, status=DeviceStatus.IN_SERVICE, self_test_ok=True))
    told.run(1)
    assert record_of(told).self_test_ok is True


def test_a_bump_test_is_dated_by_the_clock_that_was_trusted_when_it_began() -> None:
    told = begun()
    assert bump(told) == []
    began_utc, began_s = told.instant.utc, told.instant.now_s
    told.utc += 10 * 365 * 86_400.0
    told.trusted = False
    gassed(told)
    tested = record_of(told).bump_tested_utc
    assert tested is not None
    assert tested <= began_utc + told.instant.now_s - began_s


@pytest.mark.parametrize(
    "changed", [{"range": 200.0}, {"unit": "mg/m3"}, {"gas": "co"}, {"serial": "SN-2"}, {"unit_id": 99}], ids=str
)
def test_of_another_range_unit_gas_or_head_nobody_has_said_anything(changed: dict[str, Any]) -> None:
    told = begun()
    assert bump(told) == []
    gassed(told)
    assert vouch(told, H2S, calibration_due="2027-06-30", certificate="9") == []
    state, site = told.decisions[-1].state, told.settings
    other = replace(
        site, site=replace(site.site, gas={**site.site.gas, H2S: replace(site.site.gas[H2S], **changed)})
    )
    again = Story(other, kept=Kept(records=tuple(state.records.values()), seq=state.seq))
    now = record_of(again)
    assert (now.bump_tested_utc, now.calibration_due_utc, now.self_test_ok) == (None, None, None)
    assert [one.subject for one in told_of(again, "device.swapped")] == [H2S]
    same = Story(site, kept=Kept(records=tuple(state.records.values()), seq=state.seq))
    assert record_of(same) == state.records[H2S]
    assert told_of(same, "device.swapped") == []


def test_a_newer_word_of_the_files_counts_and_what_was_measured_since_stays() -> None:
    site = strict()
    told = Story(site)
    told.run(2)
    told.field.gas[H2S]["level"] = CLEAN_AIR[H2S]
    assert bump(told) == []
    gassed(told)
    kept = tuple(told.decisions[-1].state.records.values())
    due = T0_UTC + 2e7
    newer = tuple(replace(one, calibration_due_utc=due) if one.id == H2S else one for one in site.records)
    after = record_of(Story(replace(site, records=newer), kept=Kept(records=kept, seq=9)))
    assert (after.calibration_due_utc, after.bump_tested_utc) == (due, record_of(told).bump_tested_utc)
    swapped = replace(
        site, site=replace(site.site, gas={**site.site.gas, H2S: replace(site.site.gas[H2S], serial="SN-2")})
    )
    failed = tuple(replace(one, bump_failed_utc=told.utc, self_test_ok=False) for one in kept)
    of_new = tuple(replace(one, bump_tested_utc=T0_UTC - 60) for one in newer)
    after = record_of(Story(replace(swapped, records=of_new), kept=Kept(records=failed, seq=9)))
    assert (after.bump_tested_utc, after.bump_failed_utc) == (T0_UTC - 60, None)  # nothing of the one before
    assert after.covers == swapped.site.gas[H2S].identity
    gone = tuple(one for one in site.records if one.id != H2S)
    after = record_of(Story(replace(site, records=gone), kept=Kept(records=kept, seq=9)))
    assert (after.calibration_due_utc, after.bump_tested_utc) == (None, None)  # nobody vouches for it any more


def sounding(told: Story) -> list[str]:
    alarms = told.decisions[-1].state.alarms.values()
    return sorted(one.verdict.code for one in alarms if says(one) is Signal.LEAVE)


def under_the_bottle(site: Settings | None = None, *, waits: bool = True) -> Story:
    """A test that is announced, beside a permit that waits (or none)."""
    told = begun(site or scenario_site())
    if waits:
        told.bring(ticket())
        told.run(2)
    assert bump(told) == []
    return told


@pytest.mark.parametrize("waits", [True, False], ids=["a permit waits", "no permit"])
def test_the_gas_of_an_announced_test_sends_nobody_out_also_while_it_leaves(waits: bool) -> None:  # noqa: FBT001
    told = under_the_bottle(waits=waits)
    told.field.gas[H2S]["level"] = BOTTLE
    for _ in range(20):
        told.step()
        assert sounding(told) == []
    told.field.gas[H2S]["level"] = 0.0
    told.run(3)
    assert told.decisions[-1].state.bumps == {}
    told.field.gas[H2S]["level"] = BOTTLE  # and the next gas is gas
    told.run(3)
    assert sounding(told) == ["GAS-01" if waits else "GAS-20"]


@pytest.mark.parametrize("level", [BOTTLE * 1.2, None], ids=["more than the bottle holds", "over its range"])
def test_what_the_bottle_does_not_explain_is_gas(level: float | None) -> None:
    told = under_the_bottle()
    told.field.gas[H2S] |= {"level": level} if level else {"level": None, "quality": Quality.OVERRANGE}
    told.run(3)
    assert sounding(told) == ["GAS-01"]


def test_a_detector_beside_the_one_that_is_tested_still_warns() -> None:
    told = under_the_bottle()
    told.field.gas[H2S]["level"] = BOTTLE
    told.field.gas["gas-co"]["level"] = 400.0
    told.run(3)
    (alarm,) = [one for one in told.decisions[-1].state.alarms.values() if says(one) is Signal.LEAVE]
    assert alarm.verdict.finding.subject == "gas-co"


def test_gas_that_stays_when_the_test_is_over_is_gas() -> None:
    told = under_the_bottle()
    told.field.gas[H2S]["level"] = BOTTLE
    told.run(told.settings.rulebook.device.bump_s.value + 2)
    assert sounding(told) == []
    told.run(5)
    assert sounding(told) == ["GAS-01"]


def test_no_test_begins_at_a_detector_that_is_in_alarm() -> None:
    told = begun(scenario_site())
    told.field.gas[H2S]["level"] = 12.0
    told.run(2)
    assert any("in alarm without the gas" in words for words in bump(told))


def alarms_counted(told: Story) -> int:
    """Gas alarms of the last 30 days, over all areas."""
    days = told.decisions[-1].state.memory.gas_alarms.values()
    return sum(count for area in days for _, count in area)


def test_the_bottles_gas_is_no_gas_alarm_of_its_area() -> None:
    told = begun()
    assert bump(told) == []
    gassed(told)
    told.run(60)
    assert told_of(told, "device.bump_tested")[0].data["passed"]
    assert alarms_counted(told) == 0
    gassed(told)
    told.run(2)
    assert alarms_counted(told) == 1, "nobody announced that"
    told.run(60)
    gassed(told)
    told.run(2)
    assert alarms_counted(told) == 2


def test_gas_that_the_bottle_does_not_explain_or_that_outlasts_the_test_is_counted_once() -> None:
    told = begun()
    assert bump(told) == []
    told.field.gas[H2S]["level"] = BOTTLE
    told.run(2)
    assert alarms_counted(told) == 0
    told.field.gas[H2S]["level"] = BOTTLE * 2
    told.run(5)
    assert alarms_counted(told) == 1
    stays = begun()
    assert bump(stays) == []
    stays.field.gas[H2S]["level"] = BOTTLE
    stays.run(2 * stays.settings.rulebook.device.bump_s.value + 5)
    assert alarms_counted(stays) == 1


INSIDE, YARD = {"x_m": 0.0, "y_m": 0.0}, {"x_m": 40.0, "y_m": 10.0}
NEAR: dict[str, tuple[str, bool, dict[str, float], bool]] = {
    "inside": ("zhou-qiang", True, INSIDE, True),
    "nobody wears it": ("zhou-qiang", False, INSIDE, False),
    "elsewhere": ("zhou-qiang", True, YARD, False),
    "the tester": ("sun-yan", True, INSIDE, False),
}


@pytest.mark.parametrize("case", NEAR)
def test_somebody_else_in_the_area_is_told_of_the_bottles_gas(case: str) -> None:
    wearer, worn, where, leaves = NEAR[case]
    site = bare_site()
    people = [replace(one, tag="tag-worker-1" if one.id == wearer else "") for one in site.persons]
    told = begun(replace(site, persons=tuple(people)))
    told.field.worker = {**where, "moving": True, "worn": worn}
    told.run(2)
    assert bump(told) == []
    told.field.gas[H2S]["level"] = BOTTLE
    told.run(3)
    assert told.decisions[-1].state.bumps
    alarms = told.decisions[-1].state.alarms.values()
    assert any(says(one) is Signal.LEAVE for one in alarms) is leaves
