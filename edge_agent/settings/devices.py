"""What the rules watch, derived from the tables of site.toml: each device with its period and patience."""

from edge_agent.domain.device import Device, DeviceKind
from edge_agent.domain.rulebook import Rulebook
from edge_agent.settings.site import Site
from edge_agent.settings.site_cameras import CameraTable
from edge_agent.settings.site_relays import RelayTable
from edge_agent.settings.site_sensors import GasTable, GaugeTable, WeatherTable
from edge_agent.settings.site_worn import WearableTable

POLLS = 3  # docs/domain.md 2.3: stale after max(3 polls, ...)
RENEW_S = 1.0  # docs/domain.md 3: the relay is written and its contacts read once a second at least
LEAST_CONTACTS_S = 3.0  # a contact that was last heard longer ago is not read
LEAST_CAMERA_S = 3.0  # a picture older than this is not live (tell/live.py)


def derived(site: Site, book: Rulebook) -> tuple[Device, ...]:
    """Every device of the site, in the order of site.toml."""
    return (
        *(_gas(name, table, book) for name, table in site.gas.items()),
        *(_weather(name, table, book) for name, table in site.weather.items()),
        *(_gauge(name, table, site, book) for name, table in site.gauges.items()),
        *(_wearable(name, table, book) for name, table in site.wearables.items()),
        *(_camera(name, table) for name, table in site.cameras.items()),
        *(_relay(name, table) for name, table in site.relays.items()),
    )


def _gas(name: str, table: GasTable, book: Rulebook) -> Device:
    return Device(
        id=name,
        kind=DeviceKind.GAS,
        name=table.name,
        period_s=table.poll_s,
        stale_after_s=max(POLLS * table.poll_s, book.gas.stale_min_s.value),
        channels=(table.gas,),
    )


def _weather(name: str, table: WeatherTable, book: Rulebook) -> Device:
    return Device(
        id=name,
        kind=DeviceKind.WEATHER,
        name=table.name,
        period_s=table.poll_s,
        stale_after_s=max(POLLS * table.poll_s, book.gas.stale_min_s.value),
    )


def _gauge(name: str, table: GaugeTable, site: Site, book: Rulebook) -> Device:
    """One that is read off a weather station speaks as often as the station does."""
    poll_s = site.weather[table.bus].poll_s if table.bus in site.weather else table.poll_s
    return Device(
        id=name,
        kind=DeviceKind.GAUGE,
        name=table.name,
        period_s=poll_s,
        stale_after_s=max(POLLS * poll_s, book.gas.stale_min_s.value),
        channels=(table.measures,),
    )


def _wearable(name: str, table: WearableTable, book: Rulebook) -> Device:
    """A tag's gaps are its nature (docs/domain.md 2.5 G3): the rulebook says from when it counts as lost."""
    return Device(
        id=name,
        kind=DeviceKind.WEARABLE,
        name=table.name,
        period_s=table.period_s,
        stale_after_s=max(POLLS * table.period_s, book.guard.lost_warn_s.value),
        battery_life_h=table.battery_life_h,
    )


def _camera(name: str, table: CameraTable) -> Device:
    """How long a camera may show nothing is the rulebook's camera.not_monitored_s; this is one picture's age."""
    period_s = 1.0 / table.fps
    return Device(
        id=name,
        kind=DeviceKind.CAMERA,
        name=table.name,
        period_s=period_s,
        stale_after_s=max(POLLS * period_s, LEAST_CAMERA_S),
        channels=tuple(area.id for area in table.areas),
    )


def _relay(name: str, table: RelayTable) -> Device:
    """Contacts that are heard must be heard as often as their module promises: a stop button is among them."""
    if table.bus is not None:
        stale_s = max(POLLS * table.poll_s, LEAST_CONTACTS_S)
        channels = tuple(table.contacts)
        return Device(
            id=name, kind=DeviceKind.RELAY, name=table.name, period_s=table.poll_s, stale_after_s=stale_s,
            channels=channels,
        )  # fmt: skip
    return Device(
        id=name,
        kind=DeviceKind.RELAY,
        name=table.name,
        period_s=RENEW_S,
        stale_after_s=max(POLLS * RENEW_S, table.watchdog_s),
        channels=(*table.outputs, *table.contacts),
    )
