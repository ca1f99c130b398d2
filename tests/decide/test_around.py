"""What a report finds out by itself of shift and wind: the work's own stations first, unknown told as unknown."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide.around import around, shift_words
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.observation import Quality, Weather
from edge_agent.domain.outcome import Event
from edge_agent.domain.report import Report
from edge_agent.domain.request import Ask
from edge_agent.fuse import world as fuse
from edge_agent.fuse.world import World
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from tests.support.story import Story, scenario_site, ticket

HEIGHT: dict[str, Any] = {"type": "height", "level": "1", "outdoor": True}


@pytest.fixture(scope="module")
def site() -> Settings:
    """The demo tank with a second weather station, which this story never hears."""
    base = scenario_site()
    stations = {**base.site.weather, "weather-2": base.site.weather["weather-1"]}
    table = replace(base.site, weather=stations)
    return replace(base, site=table, devices=derived(table, base.rulebook))


def seen(told: Story) -> World:
    state = told.decisions[-1].state
    known = fuse.Known(permits=state.permits, persons=state.persons, outputs=state.outputs)
    return fuse.build(told.settings, state.memory, known, told.instant)


def reported(told: Story) -> Event:
    told.ask(Ask.REPORT, "li-na", permit="", report=Report(kind="fire"))
    told.step()
    return next(event for event in told.decisions[-1].events if event.type == "hazard.reported")


def test_a_report_names_its_shift_and_every_station_of_the_site(site: Settings) -> None:
    told = Story(site)
    told.field.wind_mps = 3.2
    told.run(3)
    data = reported(told).data
    assert data["shift_words"] == {"zh": "夜班", "en": "night shift"}
    assert data["wind"] == [
        {"station": "weather-1", "mps": 3.2, "quality": "good", "age_s": 0.0},
        {"station": "weather-2", "mps": None, "quality": "missing", "age_s": None},
    ]


def test_the_wind_of_a_work_is_that_of_the_stations_that_its_ticket_binds(site: Settings) -> None:
    told = Story(site)
    told.field.wind_mps = 3.2
    told.bring(ticket(**HEIGHT, devices=("weather-2",)))
    told.run(3)
    world = seen(told)
    assert [one.device.id for one in world.stations_for(world.job_of["P-1"])] == ["weather-2"]
    told = Story(site)
    told.bring(ticket(**HEIGHT))
    told.run(3)
    world = seen(told)
    assert [one.device.id for one in world.stations_for(world.job_of["P-1"])] == ["weather-1", "weather-2"]


def test_a_wind_that_has_grown_old_is_no_wind(site: Settings) -> None:
    told = Story(site)
    told.field.wind_mps = 3.2
    told.run(3)
    told.field.wind_mps = None
    told.run(120)
    (first, _) = reported(told).data["wind"]
    assert (first["mps"], first["quality"], first["age_s"]) == (None, "stale", 121.0)


def test_more_wind_than_can_be_measured_has_no_figure(site: Settings) -> None:
    told = Story(site)
    told.also = (Weather(source="weather-1", at_s=told.now_s + 1, quality=Quality.OVERRANGE),)
    told.step()
    told.also = ()
    (first, _) = reported(told).data["wind"]
    assert (first["mps"], first["quality"]) == (None, "overrange")


def test_a_site_without_a_station_has_no_wind(site: Settings) -> None:
    table = replace(site.site, weather={})
    bare = replace(site, site=table, devices=derived(table, site.rulebook))
    assert reported(Story(bare)).data["wind"] == []


def test_dust_and_noise_stand_beside_the_wind_where_they_are_measured(site: Settings) -> None:
    told = Story(site)
    told.run(2)
    told.also = (
        Weather(
            source="weather-1",
            at_s=told.now_s + 1,
            quality=Quality.GOOD,
            wind_mps=2.0,
            pm2_5_ug_m3=35.0,
            noise_db=56.3,
        ),
    )
    told.step()
    told.also = ()
    (first, *_) = reported(told).data["wind"]
    assert (first["mps"], first["pm2_5_ug_m3"], first["noise_db"]) == (2.0, 35.0, 56.3)
    assert "pm10_ug_m3" not in first


def test_a_shift_by_a_clock_that_is_not_trusted_is_doubtful(site: Settings) -> None:
    told = Story(site, trusted=False)
    told.step()
    assert "night shift (the clock is not trusted" in shift_words(seen(told)).en
    assert "存疑" in shift_words(seen(told)).zh


def test_a_site_without_shifts_says_so(site: Settings) -> None:
    told = Story(replace(site, local_time=LocalTime()))
    told.step()
    world = seen(told)
    assert shift_words(world).en == "this site has no shifts"
    assert around(world, told.settings, "", None)["shift_words"]["zh"] == "本站未设班次"
