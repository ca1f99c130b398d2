"""One story of each way a sensor speaks, told from its registers, nodes or messages to what becomes of the work.

The figures on the wire are written by hand from the makers' tables (docs/domain.md 4.1, firmware_configs).
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.words import Words
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import ContactTable, RelayTable
from tests.scenarios.stories.telling import story, story_at, wired, working
from tests.scenarios.stories.weather import ALOFT
from tests.support.story import DEVICES, Story, scenario_site
from tests.support.wires import Named, Node, contacts, detector, named, station

# GP1: unit and decimals, value, low, high, range, status, ADC, temperature, gas, humidity.
H2S_NONE = (0x0400, 0, 100, 200, 1000, 0x0001, 2048, 750, 52 << 8, 450)
GOOD, UNCERTAIN_LAST_USABLE, BAD_SENSOR = 0x00000000, 0x40900000, 0x808C0000


def words(reply: Iterable[int]) -> dict[int, int]:
    """Registers from 0 on."""
    return dict(enumerate(reply))


@story
def a_gas_module_that_answers_with_noughts_is_warming_up(site: Settings) -> Story:
    """After a power cut every register is 0: that is its warm-up, and no clean air."""
    module = detector("gas-h2s", "cn10_single_gas", "h2s", words(H2S_NONE))
    told = working(site, {"gas-h2s": module})
    module.words = words([0] * 10)
    told.run(10)
    return told


@story
def a_loop_tells_a_broken_wire_from_clean_air(site: Settings) -> Story:
    """No current is no clean air, 2 mA is a transmitter being calibrated, 20 mA is any amount of gas."""
    loop = detector(
        "gas-h2s", "waveshare_ai8_4_20ma", "h2s", {0: 4000, 0x1000: 2}, channel=1, range=100.0, unit="ppm"
    )
    told = wired(site, {"gas-h2s": loop})
    told.run(31)  # nothing on the wire says when it is warm: the profile waits
    told.begin_work()
    told.run(2)
    for microamperes in (0, 2000, 4000, 20_000):
        loop.words[0] = microamperes
        told.run(8)
    return told


class Plc:
    """A channel of a PLC, as its OPC UA server tells it: the value of now, its status, and a counter."""

    def __init__(self) -> None:
        self.life, self.counts, self.code = 0.0, True, GOOD

    def __call__(self, now: Instant) -> dict[str, Node]:
        self.life += self.counts
        said = {"level": 0.0, "unit": "ppm", "alarm": False, "sequence": self.life, "quality.0": 0.0}
        code = {"level": self.code}
        return {name: Node(value, code.get(name, GOOD), now.utc) for name, value in said.items()}


@story
def a_plc_goes_on_serving_the_last_value_of_a_dead_channel(site: Settings) -> Story:
    """Status good and a time of now, but its counter stands; then the server itself says what it is worth."""
    plc = Plc()
    told = wired(site, {"gas-h2s": Named("gas-h2s", named("siemens_s7-1500_gas_ppm"), "h2s", plc)})
    told.run(3)
    told.begin_work()
    told.run(2)
    plc.counts = False
    told.run(12)
    plc.counts = True
    told.run(3)
    for code in (UNCERTAIN_LAST_USABLE, BAD_SENSOR):
        plc.code = code
        told.run(4)
    return told


class Module:
    """An analogue input that publishes: its figure, its own time of measurement, and whether it is one."""

    def __init__(self) -> None:
        self.held_s, self.level, self.state = 0.0, 0.0, 1

    def __call__(self, now: Instant) -> bytes:
        at = datetime.fromtimestamp(now.utc - self.held_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return msgspec.json.encode({"s": 1, "t": at, "q": 192, "c": 1, "ai1": self.level, "ai_st1": self.state})


@story
def a_sensor_on_the_broker_repeats_an_old_measurement(site: Settings) -> Story:
    """A message of every second bears the measurement of minutes ago; then its channel is switched off."""
    module = Module()
    shape = named("advantech_wise-4000_ai1", mqtt=True, range=100.0, unit="ppm")
    told = working(site, {"gas-h2s": Named("gas-h2s", shape, "h2s", module)})
    for held_s in range(1, 13):
        module.held_s = float(held_s)
        told.step()
    module.held_s, module.level, module.state = 0.0, 9999.9999, 0
    told.run(4)
    return told


# Renke RS-FSXCS-N01: wind x 100, force, humidity and temperature x 10, noise x 10, PM2.5, PM10, pressure in hPa.
AIR = {0x01F4: 320, 0x01F5: 2, 0x01F8: 612, 0x01F9: 187, 0x01FA: 563, 0x01FB: 35, 0x01FC: 71, 0x01FD: 1013}


@story
def a_weather_station_with_a_dead_element_is_not_calm(site: Settings) -> Story:
    """Every register of a dead element reads 0, and 0 is calm: work aloft stops."""
    weather = station("weather-1", "renke_rs-fsxcs-n01", dict(AIR))
    told = working(site, {"weather-1": weather}, **ALOFT)
    told.run(2)
    weather.words = dict.fromkeys(AIR, 0)
    told.run(25)
    return told


@story
def dust_in_the_air_is_told_and_stops_nothing(site: Settings) -> Story:
    """Fine dust is measured for people; no rule knows it, and a head of dust that died is no clean air either."""
    weather = station("weather-1", "renke_rs-fsxcs-n01", dict(AIR))
    told = wired(site, {"weather-1": weather})
    told.begin_work(**ALOFT)
    for dust in (35, 900, 0):
        weather.words[0x01FB] = dust
        told.run(3)
    return told


def io_on_the_broker() -> Settings:
    """The demo tank with a module on the field broker: a second stop button, and the tank's power cabinet."""
    base = scenario_site()
    wired = {
        "stop-2": ContactTable(input=0, kind="stop_button"),
        "cabinet": ContactTable(input=1, kind="interlock", name=Words("配电柜", "power cabinet")),
    }
    io = RelayTable(
        name=Words("触点模块", "contact module"),
        bus="field_broker",
        node="00D0C9AABB02",
        profile="advantech_wise-4000_di",
        contacts=wired,
    )
    site = replace(base.site, relays=base.site.relays | {"io-1": io})
    return replace(base, site=site, devices=derived(site, base.rulebook))


class Inputs:
    """The module: what its inputs are, and how long ago it says that it looked."""

    def __init__(self) -> None:
        self.held_s, self.stop, self.cabinet, self.silent = 0.0, True, True, False

    def __call__(self, now: Instant) -> bytes | None:
        at = datetime.fromtimestamp(now.utc - self.held_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        said = {"s": 1, "t": at, "q": 192, "c": 1, "di1": self.stop, "di2": self.cabinet}
        return None if self.silent else msgspec.json.encode(said)


def guarded_by(io: Inputs, site: Settings) -> Story:
    """Work is under way, and the module says that all is well."""
    return working(site, {"io-1": contacts(site, "io-1", io)}, devices=(*DEVICES, "io-1"))


@story_at(io_on_the_broker)
def a_stop_button_on_the_broker_is_pressed(site: Settings) -> Story:
    """Pressed, or its wire is cut: both open it."""
    io = Inputs()
    told = guarded_by(io, site)
    io.stop = False
    told.run(3)
    return told


@story_at(io_on_the_broker)
def a_cabinet_on_the_broker_is_opened(site: Settings) -> Story:
    io = Inputs()
    told = guarded_by(io, site)
    io.cabinet = False
    told.run(4)
    return told


@story_at(io_on_the_broker)
def a_contact_module_repeats_that_all_was_well(site: Settings) -> Story:
    """Its messages come every second and say "closed", as of a moment that is ever longer ago."""
    io = Inputs()
    told = guarded_by(io, site)
    for held_s in range(1, 9):
        io.held_s = float(held_s)
        told.step()
    return told


@story_at(io_on_the_broker)
def a_contact_module_falls_silent(site: Settings) -> Story:
    """What it said last counts for three seconds, and then for nothing."""
    io = Inputs()
    told = guarded_by(io, site)
    io.silent = True
    told.run(8)
    return told
