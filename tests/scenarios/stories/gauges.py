"""Temperatures and levels with limits of the site's own: near them, beyond them, unknown; and what they trip."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.gauge import GaugeLimits
from edge_agent.domain.limit import Limit
from edge_agent.domain.observation import Contact, Observation, Quality, Reading, Weather
from edge_agent.domain.outcome import Output
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import ContactTable, OutputTable
from edge_agent.settings.site_sensors import GaugeTable
from tests.scenarios.stories.telling import story_at, working
from tests.support.story import DEVICES, Story, scenario_site
from tests.support.wires import gauge_on_the_broker, gauge_on_the_bus

HEATER = "relay-1/heater"


def limit(value: float, unit: str) -> Limit:
    """As the site writes it: with its unit, and where it comes from."""
    return Limit(value=value, unit=unit, clause="operating procedure P-12, 4.3", row="3-21")


REACTOR = GaugeTable(
    name=Words("反应釜温度", "Reactor"),
    bus="gateway-1",
    unit_id=30,
    profile="waveshare_ai8_4_20ma",
    channel=1,
    area="yard",
    measures="temperature",
    unit="degC",
    range=150.0,
    range_from=-50.0,
    limits=GaugeLimits(high_high=limit(85.0, "degC"), high=limit(75.0, "degC"), low_low=limit(5.0, "degC")),
    trips=HEATER,
)
POOL = GaugeTable(
    name=Words("应急池液位", "Emergency pool"),
    bus="field_broker",
    at="00D0C9AABB07",
    profile="advantech_wise-4000_ai1",
    area="tank-inside",
    measures="level",
    unit="m",
    range=4.0,
    limits=GaugeLimits(high_high=limit(3.0, "m"), high=limit(2.5, "m"), low=limit(0.5, "m")),
)


def of(**gauges: GaugeTable) -> Callable[[], Settings]:
    """The demo tank with these gauges; its relay module has an interlock output with its mirror contact."""

    def made() -> Settings:
        base = scenario_site()
        relay = base.site.relays["relay-1"]
        outputs = {**relay.outputs, "heater": OutputTable(coil=5, does="interlock")}
        contacts = {**relay.contacts, "heater-on": ContactTable(input=5, kind="feedback", of="heater")}
        named = {id_.replace("_", "-"): table for id_, table in gauges.items()}
        if any(table.trips for table in gauges.values()):
            relay = replace(relay, outputs=outputs, contacts=contacts)
        site = replace(base.site, relays={"relay-1": relay}, gauges=named)
        return replace(base, site=site, devices=derived(site, base.rulebook))

    return made


class Measured:
    """What a gauge says now, whatever the way."""

    def __init__(self, device: str, table: GaugeTable, level: float) -> None:
        self.level, self.quality, self.silent, self.alarm = level, Quality.GOOD, False, False
        self._device, self._table = device, table

    def __call__(self, now: Instant) -> Iterator[Observation]:
        """One reading a second."""
        if not self.silent:
            yield Reading(
                source=self._device,
                at_s=now.now_s,
                channel=self._table.measures,
                level=self.level if self.quality is Quality.GOOD else None,
                unit=self._table.unit or "",
                quality=self.quality,
                device_alarm=self.alarm,
            )


class Contactor:
    """The heater's: it follows the output, unless it is welded."""

    def __init__(self, told: Story) -> None:
        self.welded: bool | None = None
        self._told = told

    @property
    def on(self) -> bool:
        """Whether the heater has power."""
        wanted = any(one.on for one in self._told.decisions[-1].actions if one.output is Output.INTERLOCK)
        return wanted if self.welded is None else self.welded

    def __call__(self, now: Instant) -> Iterator[Observation]:
        """Its mirror contact."""
        yield Contact(source="relay-1", at_s=now.now_s, channel="heater-on", closed=self.on)


def heated(site: Settings, level: float = 60.0) -> tuple[Story, Measured, Contactor]:
    """Work goes on elsewhere; the reactor is warm, and its heater may run once that is known."""
    told = Story(site)
    reactor, contactor = Measured("reactor", REACTOR, level), Contactor(told)
    told.wires |= {"reactor": reactor, "contactor": contactor}
    told.begin_work()
    told.run(2)
    let_hold(told)
    told.run(1)
    return told, reactor, contactor


def acknowledge(told: Story, rule: str, by: str = "li-na") -> None:
    """The guard acknowledges what stands under this rule."""
    keys = [key for key in told.decisions[-1].state.alarms if key.startswith(f"{rule}|")]
    for key in keys:
        told.ask(Ask.ACKNOWLEDGE, by, alarm=key)
        told.step()


def let_hold(told: Story) -> None:
    """The safety officer lets the output hold again; the guard is refused that."""
    acknowledge(told, "interlock_waits")
    acknowledge(told, "interlock_waits", "zhao-min")


@story_at(of(reactor=REACTOR))
def a_reactor_that_is_too_hot_trips_its_heater(site: Settings) -> Story:
    """On its limit it trips nothing; what has tripped stays so until it is cool and somebody has confirmed it."""
    told, reactor, _ = heated(site)
    for level, seconds in ((85.0, 3), (90.0, 3), (60.0, 8)):
        reactor.level = level
        told.run(seconds)
    acknowledge(told, "interlock_tripped")
    told.run(3)
    let_hold(told)
    told.run(2)
    return told


@story_at(of(reactor=REACTOR))
def a_reactor_that_nobody_measures_is_not_heated(site: Settings) -> Story:
    """Silent for less than its grace it is heated on; then it is cut, until it speaks and somebody confirms."""
    told, reactor, _ = heated(site)
    for silent, seconds in ((True, 8), (False, 3), (True, 14), (False, 3)):
        reactor.silent = silent
        told.run(seconds)
    acknowledge(told, "interlock_blind")
    told.run(2)
    let_hold(told)
    told.run(2)
    return told


@story_at(of(reactor=REACTOR))
def a_heater_whose_contactor_is_welded(site: Settings) -> Story:
    """The interlock trips, and the mirror contact says that the heater still has power."""
    told, reactor, contactor = heated(site)
    contactor.welded = True
    reactor.level = 120.0
    told.run(5)
    reactor.level = 60.0
    told.run(8)
    acknowledge(told, "interlock_tripped")
    contactor.welded = None
    told.run(5)
    acknowledge(told, "interlock_not_acting")
    told.run(3)
    let_hold(told)
    told.run(3)
    return told


@story_at(of(reactor=REACTOR))
def the_heater_that_its_module_dropped(site: Settings) -> Story:
    """The contactor fell by itself: it is wanted off too, and comes back when somebody has acknowledged that."""
    told, _, contactor = heated(site)
    contactor.welded = False  # fallen, whatever is wanted
    told.run(4)
    contactor.welded = None
    told.run(2)
    acknowledge(told, "interlock_not_acting")
    told.run(3)
    let_hold(told)
    told.run(3)
    return told


@story_at(of(reactor=REACTOR))
def the_heater_after_a_restart_waits_for_people(site: Settings) -> Story:
    """Everything is good, and it stays off until somebody says so: also after the second start."""
    told, reactor, _ = heated(site)
    for _ in range(2):
        told = told.again(30.0)
        told.wires |= {"reactor": reactor, "contactor": Contactor(told)}
        told.run(5)
        let_hold(told)
        told.run(3)
    return told


@story_at(of(reactor=REACTOR))
def a_reactor_over_its_range_after_a_restart(site: Settings) -> Story:
    """No number at all, and hotter than can be told: it is never heated, from the first second on."""
    told, reactor, _ = heated(site)
    reactor.quality = Quality.OVERRANGE
    told.run(3)
    again = told.again(30.0)
    again.wires |= {"reactor": reactor, "contactor": Contactor(again)}
    again.run(3)
    reactor.quality = Quality.UNDERRANGE
    again.run(3)
    reactor.quality = Quality.FAULT
    again.run(3)
    return again


@story_at(of(reactor=replace(REACTOR, trips=None)))
def a_reactor_that_nothing_is_interlocked_with(site: Settings) -> Story:
    """Told as soon as it is measured, and again with the alarm: only people can act."""
    told = Story(site)
    told.wires["reactor"] = reactor = Measured("reactor", REACTOR, 60.0)
    for level, silent, seconds in ((60.0, True, 3), (60.0, False, 2), (90.0, False, 3)):
        reactor.level, reactor.silent = level, silent
        told.run(seconds)
    return told


@story_at(of(reactor=replace(REACTOR, trips=None, without_trip="the DCS trips it (I-101)")))
def a_reactor_that_the_dcs_looks_after(site: Settings) -> Story:
    told, reactor, _ = heated(site)
    reactor.level = 90.0
    told.run(4)
    return told


@story_at(of(pool=POOL))
def the_pool_rises_and_stops_the_work(site: Settings) -> Story:
    """A wave is no warning; near its limit it warns, beyond it the work in its area stops until it has fallen."""
    pool = Measured("pool", POOL, 1.0)
    told = working(site, {"pool": pool})
    for level, seconds in ((2.6, 1), (2.5, 2), (2.6, 3), (3.0, 2), (3.1, 3), (1.0, 8), (0.4, 3)):
        pool.level = level
        told.run(seconds)
    pool.level, pool.alarm = 1.0, True
    told.run(3)
    return told


@story_at(of(pool=replace(POOL, area="yard")))
def the_pool_rises_where_nobody_works(site: Settings) -> Story:
    pool = Measured("pool", POOL, 1.0)
    told = working(site, {"pool": pool})
    for level, seconds in ((3.0, 2), (3.1, 3), (2.0, 8)):
        pool.level = level
        told.run(seconds)
    return told


def silenced(told: Story, gauge: Measured) -> Story:
    """Unknown for less than its grace, then for longer."""
    for silent, seconds in ((True, 8), (False, 3), (True, 14)):
        gauge.silent = silent
        told.run(seconds)
    return told


@story_at(of(pool=POOL))
def the_pool_of_the_work_falls_silent(site: Settings) -> Story:
    pool = Measured("pool", POOL, 1.0)
    return silenced(working(site, {"pool": pool}, devices=(*DEVICES, "pool")), pool)


@story_at(of(pool=POOL))
def a_pool_that_no_work_is_bound_to_falls_silent(site: Settings) -> Story:
    pool = Measured("pool", POOL, 1.0)
    return silenced(working(site, {"pool": pool}), pool)


@story_at(of(pool=POOL))
def a_pool_in_another_unit_than_its_limits(site: Settings) -> Story:
    """2600 mm are no 2600 m, and no 2.6 either: what cannot be compared is not known."""
    pool = Measured("pool", replace(POOL, unit="mm"), 2600.0)
    return working(site, {"pool": pool}, devices=(*DEVICES, "pool"))


ROOM = GaugeTable(
    name=Words("配电室湿度", "Switch room"),
    bus="weather-1",
    area="yard",
    measures="humidity",
    limits=GaugeLimits(high=limit(80.0, "%RH"), high_high=limit(95.0, "%RH")),
)


@story_at(of(room=ROOM))
def a_damp_switch_room_by_the_weather_station(site: Settings) -> Story:
    """Read off the station that measures the wind; while that has no humidity, nothing is known of the room."""
    told = working(site, {"weather-1": (air := Air())})
    for humidity_pct, seconds in ((60.0, 2), (85.0, 3), (97.0, 3), (None, 9)):
        air.humidity_pct = humidity_pct
        told.run(seconds)
    return told


class Air:
    """A station that measures wind and humidity."""

    def __init__(self) -> None:
        self.humidity_pct: float | None = 60.0

    def __call__(self, now: Instant) -> Iterator[Observation]:
        """One word a second."""
        yield Weather(
            source="weather-1", at_s=now.now_s, quality=Quality.GOOD, wind_mps=1.0, humidity_pct=self.humidity_pct
        )


@story_at(of(reactor=REACTOR))
def a_broken_loop_is_no_cold_reactor(site: Settings) -> Story:
    """12 mA of -50 to 150 degrees are 50; 3.7 mA are less than can be told; no current is a broken wire."""
    loop = gauge_on_the_bus("reactor", REACTOR, {0: 12_000, 0x1000: 2})
    told = Story(site)
    told.wires |= {"reactor": loop, "contactor": Contactor(told)}
    told.run(32)  # nothing on the wire says when it is warm: the profile waits
    let_hold(told)
    for microamperes, seconds in ((3_700, 3), (12_000, 3), (0, 9), (20_000, 3)):
        loop.words[0] = microamperes
        told.run(seconds)
    return told


@story_at(of(pool=POOL))
def a_pool_on_the_broker_is_full(site: Settings) -> Story:
    """The module repeats an old level: that says nothing of the pool now."""
    pool = Published(2.0)
    told = working(site, {"pool": gauge_on_the_broker("pool", POOL, pool)}, devices=(*DEVICES, "pool"))
    pool.level = 3.2
    told.run(4)
    pool.level = 2.0
    for held_s in range(1, 14):
        pool.held_s = float(held_s)
        told.step()
    return told


class Published:
    """An analogue input that publishes, in the transmitter's unit."""

    def __init__(self, level: float) -> None:
        self.level, self.held_s = level, 0.0

    def __call__(self, now: Instant) -> bytes:
        """Its message of this second."""
        at = datetime.fromtimestamp(now.utc - self.held_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return msgspec.json.encode({"s": 1, "t": at, "q": 192, "c": 1, "ai1": self.level, "ai_st1": 1})
