"""Gas: levels that go back slowly, exposure, what several detectors say together, early warning, chlorine."""

from msgspec.structs import replace

from edge_agent.domain.observation import Quality, Reading
from edge_agent.domain.permit import Sample
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Approval, WorkType
from edge_agent.domain.words import Words
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from edge_agent.settings.site_sensors import GasTable
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import GOOD_AIR, HOT, T0_UTC, Story, scenario_site, ticket

OWN = ("gas-ch4", "gas-o2", "gas-co", "relay-1", "cam-1")  # the job's own: none for the poison of these stories
DAY_S = 86_400.0


def with_more(**detectors: tuple[str, str, float]) -> Settings:
    """The demo tank with more detectors: gas, area, seconds between two polls, by name."""
    base = scenario_site()
    tables = {
        name.replace("_", "-"): GasTable(
            name=Words(name, name), bus="gateway-1", unit_id=at, profile="x", gas=gas, area=area, poll_s=poll_s
        )
        for at, (name, (gas, area, poll_s)) in enumerate(detectors.items(), start=20)
    }
    site = replace(base.site, gas={**base.site.gas, **tables})
    return replace(base, site=site, devices=derived(site, base.rulebook))


def three_for_h2s() -> Settings:
    return with_more(h2s_2=("h2s", "tank-inside", 1.0), h2s_3=("h2s", "tank-inside", 1.0))


def two_for_chlorine() -> Settings:
    return with_more(cl2_1=("cl2", "tank-inside", 1.0), cl2_2=("cl2", "tank-inside", 1.0))


def slowly_polled() -> Settings:
    return with_more(co_2=("co", "tank-inside", 10.0))


def with_clean(told: Story, *sources: str) -> Story:
    for source in sources:
        told.field.gas[source] = {"level": 0.0, "unit": "ppm"}
        told.samples += (Sample(gas=source.partition("-")[0], level=0.0, unit="ppm", place="lower"),)
    return told


def air(told: Story, source: str, *levels: float) -> None:
    """One step for each level of this detector."""
    for level in levels:
        told.field.gas[source] = {**told.field.gas[source], "level": level}
        told.step()


@story
def danger_and_warning_go_back_by_the_hysteresis(site: Settings) -> Story:
    told = working(site, goes_in=())
    air(told, "gas-h2s", 5.1, *(4.9,) * 11)  # at 5 it warns, and 4.9 is not yet back
    air(told, "gas-h2s", *(4.7,) * 5)
    air(told, "gas-h2s", 7.3, 7.1, 7.1, 7.1, 7.1)  # above 7.2 it stops, and 7.1 is not yet back
    air(told, "gas-h2s", *(6.8,) * 5)
    air(told, "gas-o2", 19.4, 19.5, *(19.6,) * 5)  # oxygen by one count
    return told


@story
def danger_between_two_clean_values_of_one_step(site: Settings) -> Story:
    """Raw samples alarm: what came after it cannot hide it."""
    told = working(site)
    inputs = told.inputs()
    clean = next(seen for seen in inputs.observations if seen.source == "gas-h2s")
    assert isinstance(clean, Reading)
    told.also = (
        replace(clean, at_s=told.now_s + 0.4, level=8.0),
        replace(clean, at_s=told.now_s + 0.5, level=0.0),
    )
    told.step()
    told.also = ()
    told.run(6)
    return told


@story
def a_detector_that_falls_silent_in_a_danger_has_not_ended_it(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": 9.0}
    told.step()
    told.field.gas["gas-h2s"] = {"level": None, "quality": Quality.FAULT}
    told.run(6)
    told.field.gas["gas-h2s"] = {"level": 0.0}
    told.run(6)
    return told


@story
def a_detector_with_a_fault_that_alarms_all_the_same(site: Settings) -> Story:
    """Its alarm counts beside its fault; an alarm while somebody calibrates it does not."""
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": None, "quality": Quality.INHIBITED, "device_alarm": True}
    told.run(3)
    told.field.gas["gas-h2s"] = {"level": None, "quality": Quality.FAULT, "device_alarm": True}
    told.run(2)
    told.field.gas["gas-h2s"] = {"level": 0.0}
    told.run(3)
    return told


@story
def blind_for_a_moment_resumes_without_a_gas_test(site: Settings) -> Story:
    told = working(site)
    told.field.silent.add("gas-h2s")
    told.run(7)  # known again 8 s after its last value: the book lets that pass
    told.field.silent.clear()
    told.run(6)
    told.resume()
    told.run(2)
    return told


@story
def blind_for_a_second_longer_needs_a_gas_test(site: Settings) -> Story:
    told = working(site)
    told.field.silent.add("gas-h2s")
    told.run(8)
    told.field.silent.clear()
    told.run(6)
    told.resume()
    return told


@story_at(three_for_h2s)
def one_of_three_detectors_sees_danger(site: Settings) -> Story:
    told = with_clean(Story(site), "h2s-2", "h2s-3")
    told.begin_work(goes_in=(), devices=OWN)
    told.run(2)
    air(told, "h2s-2", 8.0, 8.0)  # unconfirmed: not this job's detector
    air(told, "h2s-3", 8.0, 8.0)
    air(told, "h2s-2", 0.0)
    air(told, "h2s-3", *(0.0,) * 5)
    told.ask(Ask.RESUME, "wang-lei")  # a gas test first
    told.step()
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.step()
    told.resume("zhao-min", "wang-lei", "li-na")
    told.run(2)
    return told


@story_at(three_for_h2s)
def with_one_detector_missing_one_of_two_is_enough(site: Settings) -> Story:
    told = with_clean(Story(site), "h2s-2", "h2s-3")
    told.begin_work(devices=OWN)
    told.run(2)
    told.field.silent.add("h2s-3")
    told.run(5)
    air(told, "h2s-2", 8.0, 8.0)
    return told


@story_at(three_for_h2s)
def doubtful_detectors_of_the_area_stand_against_a_start(site: Settings) -> Story:
    told = with_clean(Story(site), "h2s-2", "h2s-3")
    told.field.gas["h2s-2"] = {"level": None, "unit": "ppm", "quality": Quality.FAULT}
    told.bring(ticket(devices=OWN))  # one of three is in doubt: that alone does not hinder
    told.run(2)
    told.ready()
    told.field.silent.add("h2s-3")
    told.run(5)
    told.ask(Ask.START, "wang-lei")
    told.run(2)
    told.field.silent.clear()
    told.run(3)
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.ask(Ask.START, "li-na")
    told.step()
    told.field.silent.add("h2s-3")  # while the work runs it is missing, no more
    told.run(6)
    return told


@story_at(three_for_h2s)
def two_detectors_side_by_side_differ(site: Settings) -> Story:
    told = with_clean(Story(site), "h2s-2", "h2s-3")
    told.begin_work(devices=OWN)
    told.run(2)
    air(told, "h2s-2", *(1.0,) * 9)  # ten counts: no difference yet
    air(told, "h2s-2", *(1.2,) * 6)  # one second short of its delay
    air(told, "h2s-2", *(0.0,) * 2)
    air(told, "h2s-2", *(1.03,) * 9)
    air(told, "h2s-2", *(0.0,) * 4)
    return told


@story_at(slowly_polled)
def what_a_shift_has_breathed_outlives_a_restart(site: Settings) -> Story:
    """Only the minutes of the gap are missing: nobody resumes where a shift may breathe no more."""
    before = with_clean(Story(site), "co-2")
    before.begin_work(goes_in=(), devices=("gas-ch4", "gas-o2", "relay-1", "cam-1", "co-2"))
    before.field.gas["co-2"]["level"] = 1000.0
    before.run(540, every_s=10)
    before.field.gas["co-2"]["level"] = 0.0
    before.run(60, every_s=10)
    told = before.again(170)
    told.run(240, every_s=10)
    told.ask(Ask.RESUME, "wang-lei")
    told.run(10, every_s=10)
    return told


@story_at(slowly_polled)
def a_release_uses_up_what_a_shift_may_breathe(site: Settings) -> Story:
    """1000 ppm for some minutes: the 15-minute average, then also the 8-hour one, is over its limit."""
    told = with_clean(Story(site), "co-2")
    told.begin_work(
        goes_in=(), devices=("gas-ch4", "gas-o2", "relay-1", "cam-1", "co-2"), valid_to_utc=T0_UTC + 20 * 3600
    )
    told.field.gas["co-2"]["level"] = 20.0  # above the 8-hour value, of which one minute says little
    told.run(120, every_s=10)
    told.field.gas["co-2"]["level"] = 0.0
    told.run(120, every_s=10)
    told.field.gas["co-2"]["level"] = 26.1  # at the limit, not above it
    told.run(120, every_s=10)
    told.field.gas["co-2"]["level"] = 1000.0
    told.run(490, every_s=10)
    told.run(20)  # the eighth minute counts: the exposure of a shift is used up, whatever is not known
    told.run(90, every_s=10)
    told.field.gas["co-2"]["level"] = 0.0
    told.run(910, every_s=10)
    told.run(20)  # the last minute of the release is more than a quarter of an hour ago
    told.run(70, every_s=10)
    told.field.silent.add("co-2")
    told.run(27_272, every_s=27_272)
    told.run(4)  # hardly anything is left of what was known, and what was not is not held against it
    told.field.silent.clear()
    told.run(2800, every_s=2800)
    told.run(120, every_s=10)
    told.run(5)
    return told


@story
def gas_on_its_way_to_its_limit(site: Settings) -> Story:
    told = working(site)
    air(told, "gas-h2s", *(round(0.02 * second, 1) for second in range(30)))  # six minutes away: not yet
    air(told, "gas-h2s", *(round(0.6 + 0.1 * second, 1) for second in range(25)))
    air(told, "gas-h2s", *(3.0,) * 45)
    told.run(180, every_s=2)
    told.run(5)
    return told


@story
def a_second_danger_after_the_test_needs_another_test(site: Settings) -> Story:
    told = working(site, goes_in=())
    air(told, "gas-h2s", 9.0, *(0.0,) * 5)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.step()
    air(told, "gas-ch4", 12.0, *(0.0,) * 9)
    told.resume("zhao-min", "wang-lei", "li-na")  # the test was before the second one
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.step()
    told.resume("zhao-min", "wang-lei", "li-na")
    return told


@story
def nothing_is_foretold_by_a_detector_that_is_not_believed(site: Settings) -> Story:
    told = working(site)
    air(told, "gas-h2s", *(round(0.6 + 0.1 * second, 1) for second in range(25)))
    told.field.gas["gas-h2s"] = {"level": None, "quality": Quality.FAULT}
    told.run(15)  # on its way still, but to where?
    return told


@story
def oxygen_on_its_way_down(site: Settings) -> Story:
    told = working(site)
    air(told, "gas-o2", *(round(20.9 - 0.02 * second, 1) for second in range(40)))
    return told


@story_at(two_for_chlorine)
def chlorine_in_three_levels(site: Settings) -> Story:
    told = with_clean(Story(site), "cl2-1", "cl2-2")
    told.begin_work(goes_in=(), devices=OWN)
    told.run(2)
    air(told, "cl2-1", 0.3, 0.3)  # three counts: seen, and no level yet
    air(told, "cl2-1", 0.31, 0.9, 0.9)
    air(told, "cl2-1", 0.3, *(0.28,) * 5)
    air(told, "cl2-1", 0.4, 0.99, 1.0, 3.0, 3.0)
    air(told, "cl2-1", 3.1, 3.1)
    air(told, "cl2-1", *(2.9,) * 2, *(0.5,) * 5)
    air(told, "cl2-1", *(0.0,) * 5)
    told.ask(Ask.RESUME, "wang-lei")  # a gas test first
    told.step()
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.step()
    told.resume("zhao-min", "wang-lei", "li-na")
    told.run(2)
    told.field.gas["cl2-2"] = {"level": None, "unit": "ppm", "quality": Quality.OVERRANGE}
    told.run(3)
    return told


@story_at(two_for_chlorine)
def chlorine_at_the_jobs_own_detector(site: Settings) -> Story:
    """Its own rule clears it at 0.34 ppm: the response level adds nothing to that."""
    told = with_clean(Story(site), "cl2-1", "cl2-2")
    told.begin_work(goes_in=(), devices=(*OWN, "cl2-1"))
    told.run(2)
    air(told, "cl2-1", 0.34, 0.35, 1.0)
    return told


@story_at(two_for_chlorine)
def chlorine_where_nobody_works(site: Settings) -> Story:
    told = with_clean(Story(site), "cl2-1", "cl2-2")
    told.run(2)
    air(told, "cl2-1", 0.31, 1.0, 3.1, 0.0)
    told.run(5)
    told.utc += 31 * DAY_S
    air(told, "cl2-1", 0.4, 0.0)
    return told


def chlorine_in_the_picture() -> Settings:
    return with_more(cl2_1=("cl2", "tank-mouth", 1.0))


@story_at(chlorine_in_the_picture)
def from_the_second_level_on_cameras_are_locked_on_the_place(site: Settings) -> Story:
    told = with_clean(Story(site), "cl2-1")
    told.run(2)
    air(told, "cl2-1", 0.4, 1.1, 3.1, 3.1)
    return told


def chlorine_at_the_yard() -> Settings:
    return with_more(cl2_1=("cl2", "yard", 1.0))


@story_at(chlorine_at_the_yard)
def the_highest_level_elsewhere_ends_no_ticket_here(site: Settings) -> Story:
    told = with_clean(Story(site), "cl2-1")
    told.begin_work(goes_in=(), devices=OWN)
    told.run(2)
    air(told, "cl2-1", 3.1, 3.1, 0.0)
    told.run(3)
    return told


@story
def calibration_overdue_into_the_next_shift(site: Settings) -> Story:
    evening_utc = site.local_time.local(T0_UTC).replace(hour=18, minute=59, second=40).timestamp()
    told = Story(site, utc=evening_utc)
    told.begin_work(valid_from_utc=evening_utc - 3600, valid_to_utc=evening_utc + 3 * 3600)
    told.run(2)
    told.field.gas["gas-co"] = {"level": 0.0, "quality": Quality.CAL_OVERDUE}
    told.run(16)  # the night shift begins at 19:00
    told.field.gas["gas-co"] = {"level": 0.0}
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.HANDOVER, "li-na", about=tuple(site.rulebook.handover))
    told.run(5)
    told.resume()
    told.run(2)
    return told


def chlorine_beside_h2s() -> Settings:
    return with_more(cl2_1=("cl2", "tank-inside", 1.0))


@story_at(chlorine_beside_h2s)
def a_chlorine_cell_is_not_believed_beside_hydrogen_sulfide(site: Settings) -> Story:
    told = with_clean(Story(site), "cl2-1")
    told.begin_work(devices=(*OWN, "gas-h2s", "cl2-1"))
    told.run(2)
    air(told, "gas-h2s", *(0.96,) * 5)
    air(told, "gas-h2s", *(1.0,) * 5)
    air(told, "gas-h2s", *(0.0,) * 5)
    return told


@story
def a_bead_is_not_believed_without_oxygen(site: Settings) -> Story:
    told = working(site)
    air(told, "gas-o2", *(11.9,) * 5)
    air(told, "gas-o2", *(4.9,) * 5)  # now the cells read too low as well
    return told


@story
def hydrogen_sulfide_where_nobody_works(site: Settings) -> Story:
    told = Story(site)
    told.field.gas["gas-h2s"] = {"level": 7.2}
    told.run(3)  # as much as is permitted
    told.field.gas["gas-h2s"] = {"level": 7.3}
    told.run(3)
    told.field.gas["gas-h2s"] = {"level": 0.0}
    told.run(12)
    return told


@story
def the_tester_finds_gas_while_work_goes_on(site: Settings) -> Story:
    told = working(site)
    told.ask(Ask.RETEST, "sun-yan", samples=_with("h2s", 7.2))
    told.run(2)  # as much as is permitted
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR[:4])
    told.run(2)  # incomplete: not passed, and no danger
    told.ask(Ask.RETEST, "sun-yan", samples=_with("h2s", 7.3))
    told.run(2)
    told.comes_out()
    told.ask(Ask.ACKNOWLEDGE, "zhao-min")
    told.run(3)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(8)
    told.resume("wang-lei", "li-na", "zhao-min")
    told.run(2)
    return told


def _with(gas: str, level: float) -> tuple[Sample, ...]:
    return tuple(replace(sample, level=level) if sample.gas == gas else sample for sample in GOOD_AIR)


@story
def the_ticket_asks_for_a_gas_test_every_minute(site: Settings) -> Story:
    grace_s = site.rulebook.gas.test_grace_s.value
    told = working(site, **HOT, devices=("relay-1", "cam-1"), gas_interval_s=60.0)
    told.run(50)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)  # in time
    told.run(58)
    told.run(grace_s)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)  # late, and just soon enough
    told.run(60)
    told.run(grace_s + 3)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(6)
    told.resume("wang-lei", "li-na", "qian-wei")
    told.run(2)
    return told


@story
def detectors_that_measure_all_the_time_are_tests_enough(site: Settings) -> Story:
    told = working(site, gas_interval_s=20.0)
    told.run(30)
    told.field.gas["gas-ch4"] |= {"level": None, "quality": Quality.SUSPECT}
    told.run(2)
    return told


@story
def a_road_that_is_closed_where_gas_may_come_is_tested_too(site: Settings) -> Story:
    told = Story(site)
    signed = (Approval(role="specialist_department", person="qian-wei", at_utc=T0_UTC - 3600),)
    told.bring(
        ticket(
            type=WorkType.ROAD_CLOSURE,
            area="yard",
            approvals=signed,
            devices=("relay-1",),
            video_required=False,
            gas_interval_s=600.0,
        )
    )
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.ask(Ask.START, "li-na")
    told.run(3)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    return told
