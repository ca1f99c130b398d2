"""A weather station: its profile against the simulator written from the maker's page, and its registers alone."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.domain.observation import Observation, Quality, Weather
from edge_agent.sense import weather_profile
from edge_agent.sense.profile import Value
from edge_agent.sense.weather_profile import WeatherProfile
from edge_agent.sense.weather_station import WeatherStation
from edge_agent.settings.fault import BadSettings
from edge_agent.settings.site_sensors import WeatherTable
from edge_agent.simulate.handle import Simulator
from tests.sense.field_fakes import NAME, ROOT, Heard, bus, running

MEASURES = {0x01F4: 34, 0x01F7: 45, 0x01F8: 612, 0x01F9: 0x10000 - 52, 0x01FD: 1013}


def shipped() -> WeatherProfile:
    return weather_profile.load(ROOT, "dfrobot_sen0657")


def station(profile: WeatherProfile | None = None) -> WeatherStation:
    table = WeatherTable(name=NAME, bus="b", unit_id=20, profile="dfrobot_sen0657", poll_s=0.2)
    return WeatherStation("weather-1", table, replace(profile or shipped(), min_poll_s=0.1))


def weather(wanted: Callable[[Weather], bool]) -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, Weather) and wanted(seen)


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    with Simulator("gas-gateway", "--seed", "3") as simulator:
        yield simulator


def test_the_wind_as_the_station_tells_it(gateway: Simulator) -> None:
    heard = Heard()
    with running(bus(gateway.port, station(), timeout_s=1.0), heard):
        first = heard.wait(weather(lambda one: one.quality is Quality.GOOD))
        gateway.command("set", gas="wind", level=9.0)
        heard.wait(weather(lambda one: one.wind_mps is not None and 8.3 <= one.wind_mps <= 9.7))
        gateway.command("fault", kind="overrange", unit=20)
        beyond = heard.wait(weather(lambda one: one.quality is Quality.OVERRANGE))
        gateway.command("fault", kind="sensor_fault", unit=20)  # a dead element reads 0
        dead = heard.wait(weather(lambda one: one.quality is Quality.FAULT))
        gateway.command("fault", kind="silent", unit=20)
        gone = heard.wait(weather(lambda one: one.quality is Quality.COMM_FAIL))
    assert isinstance(first, Weather)
    assert (first.temperature_c, first.humidity_pct) == (18.7, 61.2)
    assert [one.wind_mps for one in (beyond, dead, gone) if isinstance(one, Weather)] == [None, None, None]
    assert not any(line.get("written") for line in gateway.lines)


RENKE = {0x01F4: 870, 0x01F5: 5, 0x01F8: 612, 0x01F9: 187, 0x01FA: 563, 0x01FB: 35, 0x01FC: 71, 0x01FD: 1013}


def renke(kind: str, unit: int) -> str:
    """The command line's modules: one Renke station."""
    return json.dumps(
        [{"unit": unit, "type": kind, "gas": "wind", "level": 9.0, "range": 60, "low": 0, "high": 0}]
    )


@pytest.mark.parametrize(("kind", "quality"), [("fsxcs", Quality.GOOD), ("fsxcs_tenths", Quality.FAULT)])
def test_a_station_with_dust_and_noise_and_one_from_another_delivery(
    tmp_path: Path, kind: str, quality: Quality
) -> None:
    modules = tmp_path / "modules.json"
    modules.write_text(renke(kind, 20))
    profile = weather_profile.load(ROOT, "renke_rs-fsxcs-n01")
    heard = Heard()
    with (
        Simulator("gas-gateway", "--modules", str(modules)) as gateway,
        running(bus(gateway.port, station(profile), timeout_s=1.0), heard),
    ):
        seen = heard.wait(weather(lambda one: one.quality is quality))
    assert isinstance(seen, Weather)
    if quality is Quality.GOOD:
        assert (seen.wind_mps, seen.pm2_5_ug_m3, seen.pm10_ug_m3, seen.noise_db) == (9.0, 35.0, 71.0, 56.3)
    else:  # ten times too little wind, which would let work go on in a gale
        assert seen.wind_mps is None
        assert "is no force 5" in seen.detail.en


def test_wind_and_force_may_be_one_apart_and_no_more() -> None:
    profile = weather_profile.load(ROOT, "renke_rs-fsxcs-n01")
    for force, quality in (
        (4, Quality.GOOD),
        (5, Quality.GOOD),
        (6, Quality.GOOD),
        (3, Quality.FAULT),
        (7, Quality.FAULT),
    ):
        said = station(profile).answered({**RENKE, 0x01F5: force}, 10.0)
        assert isinstance(said, Weather)
        assert said.quality is quality


def test_dust_and_noise_that_are_not_measured_are_not_none_at_all() -> None:
    profile = weather_profile.load(ROOT, "renke_rs-fsxcs-n01")
    said = station(profile).answered({**RENKE, 0x01FA: 0, 0x01FB: 0, 0x01FC: 0}, 10.0)
    assert isinstance(said, Weather)
    assert (said.quality, said.pm2_5_ug_m3, said.pm10_ug_m3, said.noise_db) == (Quality.GOOD, None, None, None)


# The maker's worked example (WS90 Modbus RTU V1.0.6, example 2), written by hand.
WN90LP = {
    0x0160: 0x90, 0x0161: 2, 0x0162: 0x90, 0x0163: 0x1234, 0x0164: 0x5678, 0x0165: 1767, 0x0166: 13, 0x0167: 662,
    0x0168: 60, 0x0169: 0, 0x016A: 0, 0x016B: 150, 0x016C: 0, 0x016D: 10010,
}  # fmt: skip


def wn90lp(**changed: int) -> Weather:
    """What the box makes of the example with other registers, named by their addresses."""
    words = WN90LP | {int(address, 16): value for address, value in changed.items()}
    said = station(weather_profile.load(ROOT, "ecowitt_wn90lp")).answered(words, 10.0)
    assert isinstance(said, Weather)
    return said


def test_the_worked_example_of_another_maker() -> None:
    said = wn90lp()
    assert (said.quality, said.wind_mps, said.wind_from_deg) == (Quality.GOOD, 0.0, 150.0)
    assert (said.temperature_c, said.humidity_pct) == (26.2, 60.0)
    blown = wn90lp(**{"0169": 134, "0167": 315})
    assert (blown.wind_mps, blown.temperature_c) == (13.4, -8.5)


@pytest.mark.parametrize(
    ("address", "value", "quality"),
    [
        ("0169", 0xFFFF, Quality.FAULT),  # no wind is measured
        ("0169", 401, Quality.OVERRANGE),
        ("016D", 0xFFFF, Quality.FAULT),
        ("016D", 0, Quality.FAULT),
        ("0160", 0x69, Quality.FAULT),  # another model of the maker
    ],
)
def test_what_that_maker_means_by_no_measurement(address: str, value: int, quality: Quality) -> None:
    said = wn90lp(**{address: value})
    assert (said.quality, said.wind_mps) == (quality, None)


def test_its_profile_reads_its_simulator(tmp_path: Path) -> None:
    modules = tmp_path / "modules.json"
    modules.write_text(renke("wn90lp", 20))
    heard = Heard()
    with (
        Simulator("gas-gateway", "--modules", str(modules)) as gateway,
        running(bus(gateway.port, station(weather_profile.load(ROOT, "ecowitt_wn90lp")), timeout_s=1.0), heard),
    ):
        seen = heard.wait(weather(lambda one: one.quality is Quality.GOOD))
        gateway.command("fault", kind="sensor_fault", unit=20)
        heard.wait(weather(lambda one: one.quality is Quality.FAULT))
    assert isinstance(seen, Weather)
    assert (seen.wind_mps, seen.temperature_c) == (9.0, 26.2)


def test_registers_in_words() -> None:
    said = station().answered(MEASURES, 10.0)
    assert said == Weather(
        source="weather-1",
        at_s=10.0,
        quality=Quality.GOOD,
        wind_mps=3.4,
        wind_from_deg=45.0,
        temperature_c=-5.2,
        humidity_pct=61.2,
    )


@pytest.mark.parametrize("pressure", [0, 499, 1101, 0xFFFF])
def test_a_station_without_air_pressure_is_not_calm(pressure: int) -> None:
    said = station().answered({**MEASURES, 0x01F4: 0, 0x01FD: pressure}, 10.0)
    assert isinstance(said, Weather)
    assert (said.quality, said.wind_mps) == (Quality.FAULT, None)
    assert str(pressure) in said.detail.en


def test_a_number_that_cannot_be_is_a_fault() -> None:
    odd = replace(shipped(), wind=Value(register=0x01F9, type="s16", scale=0.1), humidity=None)
    said = station(odd).answered(MEASURES, 10.0)
    assert isinstance(said, Weather)
    assert (said.quality, said.wind_mps) == (Quality.FAULT, None)
    wide = Value(register=0x01F7, type="f32")
    nan = {**MEASURES, 0x01F7: 0x7FC0, 0x01F8: 0}
    said = station(replace(shipped(), wind=wide)).answered(nan, 10.0)
    assert isinstance(said, Weather)
    assert said.quality is Quality.FAULT
    good = station(replace(shipped(), temperature=wide, humidity=None)).answered(nan, 10.0)
    assert isinstance(good, Weather)
    assert (good.quality, good.temperature_c, good.humidity_pct) == (Quality.GOOD, None, None)


def test_a_profile_that_reads_too_little_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / weather_profile.WEATHER_FOLDER
    folder.mkdir(parents=True)
    text = (ROOT / weather_profile.WEATHER_FOLDER / "dfrobot_sen0657.toml").read_text(encoding="utf-8")
    (folder / "short.toml").write_text(text.replace("count = 3", "count = 1"), encoding="utf-8")
    with pytest.raises(BadSettings) as bad:
        weather_profile.load(tmp_path, "short")
    assert [fault.key for fault in bad.value.faults] == ["humidity.register", "temperature.register"]
