"""The wind: work outdoors that it stops, and a weather station that cannot be trusted."""

from typing import Any

from msgspec.structs import replace

from edge_agent.decide.state import Kept
from edge_agent.domain.observation import Quality
from edge_agent.domain.ticket import Approval, WorkType
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, story_at
from tests.support.story import T0_UTC, Story, scenario_site

BOUND = ("relay-1", "cam-1", "weather-1")
ALOFT: dict[str, Any] = {
    "type": WorkType.HEIGHT,
    "level": "2",
    "area": "yard",
    "workers": ("zhou-qiang",),
    "approvals": (Approval(role="specialist_department", person="qian-wei", at_utc=T0_UTC - 3600),),
    "devices": BOUND,
    "outdoor": True,
}


def aloft(site: Settings, wind_mps: float | None = 2.0, **changes: Any) -> Story:
    """Work at height is under way; it stops at 8.0 m/s."""
    told = Story(site)
    told.field.wind_mps = wind_mps
    told.begin_work(**{**ALOFT, **changes})
    told.run(2)
    return told


@story
def the_wind_rises_and_stops_work_at_height(site: Settings) -> Story:
    told = aloft(site)
    told.field.wind_mps = 6.4  # 80 % of the limit
    told.run(3)
    told.field.wind_mps = 8.0
    told.run(4)
    told.field.wind_mps = 4.0
    told.run(10)
    told.field.wind_mps = 8.3  # another gust within the same blow
    told.run(1)
    told.field.wind_mps = 4.0
    told.run(19)  # one second short of calm
    told.resume("wang-lei", "li-na", "qian-wei")
    told.run(4)
    told.resume("wang-lei", "li-na", "qian-wei")
    told.run(25)
    return told


@story
def a_gust_too_short_to_count(site: Settings) -> Story:
    told = aloft(site)
    told.field.wind_mps = 12.0
    told.run(2)  # the second step is one second after the first: less than the two that count
    told.field.wind_mps = 6.3  # one tenth below the warning
    told.run(5)
    told.field.wind_mps = 7.0
    told.run(2)
    told.field.wind_mps = 3.0
    told.run(3)
    return told


@story
def more_wind_than_the_station_can_measure(site: Settings) -> Story:
    told = aloft(site)
    told.field.wind_quality = Quality.OVERRANGE
    told.run(4)
    return told


@story
def the_wind_of_a_job_indoors_counts_for_nothing(site: Settings) -> Story:
    told = aloft(site, 15.0, outdoor=False)
    told.field.wind_mps = None
    told.run(15)
    return told


@story
def nobody_starts_aloft_while_the_wind_is_unknown(site: Settings) -> Story:
    told = aloft(site, None)
    told.field.wind_mps = 1.0
    told.run(2)
    told.begin_work(**{**ALOFT, "version": 2})
    told.run(2)
    return told


@story
def the_weather_station_falls_silent(site: Settings) -> Story:
    told = aloft(site)
    told.field.wind_mps = None
    told.run(8)  # silent for as long as it may be before it counts, and five of the six seconds of grace
    told.field.wind_mps = 2.0
    told.run(2)
    told.field.wind_mps = None
    told.run(12)
    told.field.wind_mps = 2.0
    told.run(4)
    told.resume()
    told.run(2)
    return told


@story
def a_faulty_station_of_the_site_where_the_ticket_binds_none(site: Settings) -> Story:
    told = aloft(site, devices=BOUND[:2])
    told.field.wind_quality = Quality.FAULT
    told.run(8)
    return told


@story
def a_strong_wind_during_the_night_is_still_there_after_a_restart(site: Settings) -> Story:
    told = aloft(site)
    told.field.wind_mps = 9.0
    told.run(3)
    state = told.decisions[-1].state
    again = Story(
        site,
        kept=Kept(permits=tuple(state.permits.values()), alarms=tuple(state.alarms.values()), seq=state.seq),
        utc=told.utc + 60,
    )
    again.field.wind_mps = 3.0
    again.run(22)
    return again


def without_a_station() -> Settings:
    """The demo tank without its weather station."""
    base = scenario_site()
    devices = tuple(device for device in base.devices if device.id != "weather-1")
    return replace(base, site=replace(base.site, weather={}), devices=devices)


@story_at(without_a_station)
def nobody_starts_aloft_on_a_site_without_a_weather_station(site: Settings) -> Story:
    return aloft(site, None, devices=BOUND[:2])
