"""What is vouched for of devices: scrapped codes, dates that have passed, tests that are missing or failed."""

from typing import Any

from msgspec.structs import replace

from edge_agent.domain.device import DeviceRecord, DeviceStatus
from edge_agent.domain.device_test import DeviceTest
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import DEVICES, T0_UTC, Story, scenario_site, ticket

HOUR_S, DAY_S = 3600.0, 86400.0
IN_SERVICE = DeviceStatus.IN_SERVICE


def record(id_: str, **more: Any) -> DeviceRecord:
    """One in order: calibrated for a year, tested this morning."""
    good = {
        "status": IN_SERVICE,
        "calibration_due_utc": T0_UTC + 300 * DAY_S,
        "bump_tested_utc": T0_UTC - 6 * HOUR_S,
        "self_test_ok": True,
        "valid_until_utc": T0_UTC + 30 * DAY_S,
    }
    return DeviceRecord(id=id_, **good | more)


def strict() -> Settings:
    """The demo tank under a rulebook that asks for records and for the day's bump test."""
    base = scenario_site()
    asked = replace(base.rulebook.device, records=True, bump_daily=True)
    records = tuple(record(device.id) for device in base.devices)
    return replace(base, rulebook=replace(base.rulebook, device=asked), records=records)


@story
def three_of_its_devices_are_bound_to_scrapped_codes(site: Settings) -> Story:
    told = Story(site)
    for id_ in ("gas-ch4", "gas-h2s", "cam-1"):
        told.bring(record(id_, status=DeviceStatus.SCRAPPED))
    told.begin_work()
    return told


@story
def a_scrapped_device_that_no_job_binds(site: Settings) -> Story:
    told = Story(site)
    told.bring(record("weather-1", status=DeviceStatus.SCRAPPED))
    told.begin_work()
    return told


@story
def a_detector_is_scrapped_while_the_work_goes_on(site: Settings) -> Story:
    told = working(site)
    told.bring(record("gas-o2"))
    told.run(2)
    told.bring(record("gas-o2", status=DeviceStatus.SCRAPPED))
    told.run(2)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.bring(record("gas-o2"))
    told.run(4)
    told.resume()
    return told


@story
def the_guards_wearable_is_taken_out_of_service(site: Settings) -> Story:
    told = working(site)
    told.bring(record("tag-guard", status=DeviceStatus.OUT_OF_SERVICE))
    told.run(2)
    return told


@story
def a_camera_fails_its_self_test(site: Settings) -> Story:
    told = working(site)
    told.bring(record("cam-1", self_test_ok=False))
    told.run(2)
    return told


@story
def a_record_that_ran_out_opens_no_start(site: Settings) -> Story:
    """Before the start it blocks; one second short of its end it does not; during the work nobody is stopped."""
    told = Story(site)
    told.bring(record("relay-1", valid_until_utc=T0_UTC + 1))
    told.begin_work()
    told.run(2)
    told.bring(record("relay-1", valid_until_utc=told.utc + 11))
    told.run(2)
    told.begin_work(version=2)
    told.run(5)
    return told


@story
def scrapped_over_a_restart(site: Settings) -> Story:
    """The word came before the box went down, and holds when it is back."""
    told = Story(site)
    told.bring(record("gas-o2", status=DeviceStatus.SCRAPPED))
    told.run(2)
    again = told.again(60.0)
    again.begin_work()
    return again


@story
def a_weather_station_past_its_calibration(site: Settings) -> Story:
    told = Story(site)
    told.field.wind_mps = 2.0
    told.bring(record("weather-1", calibration_due_utc=T0_UTC - DAY_S))
    told.begin_work(devices=(*DEVICES, "weather-1"))
    return told


@story
def a_calibration_date_passes_during_the_work(site: Settings) -> Story:
    """The detector itself says nothing of it: it is warned of, and in the next shift the work stops."""
    evening_utc = site.local_time.local(T0_UTC).replace(hour=18, minute=59, second=30).timestamp()
    told = Story(site, utc=evening_utc)
    told.bring(record("gas-o2", calibration_due_utc=evening_utc + 15))
    told.begin_work(valid_from_utc=evening_utc - 3600, valid_to_utc=evening_utc + 3 * 3600)
    told.run(40)
    return told


@story
def a_calibration_date_that_has_passed_opens_no_start(site: Settings) -> Story:
    told = Story(site)
    told.bring(record("gas-o2", calibration_due_utc=T0_UTC))
    told.begin_work()
    return told


@story
def a_calibration_date_and_no_clock(site: Settings) -> Story:
    """Nobody knows whether it has passed: nothing starts without a clock anyway."""
    told = Story(site, trusted=False)
    told.bring(record("gas-o2", calibration_due_utc=T0_UTC))
    told.begin_work()
    return told


@story_at(strict)
def devices_as_a_real_site_has_them(site: Settings) -> Story:
    return working(site)


@story_at(strict)
def a_detector_that_was_not_tested_today(site: Settings) -> Story:
    told = Story(site)
    told.bring(record("gas-ch4", bump_tested_utc=T0_UTC - DAY_S))
    told.bring(record("gas-o2", bump_tested_utc=None, calibration_due_utc=None, self_test_ok=None))
    told.bring(record("gas-co", bump_tested_utc=T0_UTC + DAY_S))
    told.bring(record("cam-1", bump_tested_utc=None, calibration_due_utc=None, self_test_ok=None))
    told.begin_work()
    return told


def nothing_vouched_for() -> Settings:
    return replace(strict(), records=())


@story_at(nothing_vouched_for)
def nobody_vouches_for_anything(site: Settings) -> Story:
    told = Story(site)
    told.begin_work()
    return told


@story_at(strict)
def a_detector_fails_its_bump_test_and_passes_the_next(site: Settings) -> Story:
    """The first one shows too little in time: nothing begins with it until the next one has passed."""
    told = Story(site)
    told.run(2)
    bottle = DeviceTest(do="bump", device="gas-h2s", level=20.0, lot="L-7", expires="2027-05-31")
    for shown, seconds in ((12.0, site.rulebook.device.bump_s.value + 1), (20.5, 5)):
        told.ask(Ask.DEVICE_TEST, "sun-yan", permit="", test=bottle)
        told.step()
        told.field.gas["gas-h2s"]["level"] = shown
        told.run(seconds)
        told.field.gas["gas-h2s"]["level"] = 0.0
        told.bring(ticket(version=int(shown)))
        told.run(90)
    return told


def _gassed(told: Story, seconds: float = 8) -> None:
    """A tester announces his test, lets the gas flow for so long, and takes it away."""
    bottle = DeviceTest(do="bump", device="gas-h2s", level=20.0, lot="L-7", expires="2027-05-31")
    told.ask(Ask.DEVICE_TEST, "sun-yan", permit="", test=bottle)
    told.step()
    told.field.gas["gas-h2s"]["level"] = 20.5
    told.run(seconds)


@story
def a_bump_test_beside_a_waiting_permit_sends_nobody_out(site: Settings) -> Story:
    """Nobody works there: it is a test, not gas. Nothing begins until its gas has gone; then work does."""
    told = Story(site)
    told.bring(ticket())
    told.run(2)
    told.ready()
    _gassed(told)
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.field.gas["gas-h2s"]["level"] = 0.0
    told.run(5)
    for person in ("wang-lei", "li-na"):
        told.ask(Ask.START, person)
        told.step()
    return told


@story
def a_bump_test_beside_work_that_stands_still_is_gas_like_any_other(site: Settings) -> Story:
    """Its people may be near: nobody can tell the bottle's gas from the tank's, so they are sent out."""
    told = Story(site)
    told.begin_work()
    told.ask(Ask.STOP, "wu-gang")
    told.run(2)
    _gassed(told)
    told.field.gas["gas-h2s"]["level"] = 0.0
    told.run(70)
    return told
