"""Where a fix puts the wearer: from degrees to metres about the origin of site.toml, from zones to areas. Pure."""

import math

from msgspec import Struct

from edge_agent.domain.geodesy import to_degrees, to_metres
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.wearables.fields import number
from edge_agent.settings.site_itself import SiteTable
from edge_agent.settings.site_worn import PositioningTable

# "No fix" is often sent as a point near 0, 0 (docs/domain.md 4.2 WP4: -0.000001 degrees).
NULL_ISLAND_DEG = 0.01
# A tag further from the origin than this is not on this site: a wrong frame, or a wrong coordinate system.
FARTHEST_M = 50_000.0
# A fix worse than this tells nothing about a site; platforms send 9999 or 1e6 for "unknown".
WORST_ACCURACY_M = 1000.0


class Frame(Struct, frozen=True, kw_only=True):
    """Where the site's metres begin, and what the platform's own names of places mean here."""

    site: SiteTable
    positioning: PositioningTable


class Place(Struct, frozen=True, kw_only=True):
    """Where a fix puts the wearer: metres, or the area whose beacon heard him, or neither."""

    x_m: float | None = None
    y_m: float | None = None
    z_m: float | None = None
    zone: str | None = None
    note: Words = NOTHING


def from_wgs84(site: SiteTable, lat: float, lon: float) -> tuple[float, float] | None:
    """Site x and y in metres, or None where the degrees are no place.

    `rotation_deg` turns the site's axes counter-clockwise as seen from above: 0 means that x points
    east and y north; 90 means that x points north.
    """
    if abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004 (degrees of a globe)
        return None
    if is_null_island(lat, lon):
        return None
    return on_site(*to_metres((site.origin_lat, site.origin_lon), site.rotation_deg, lat, lon))


def to_wgs84(site: SiteTable, x_m: float, y_m: float) -> tuple[float, float]:
    """Latitude and longitude of a point of the site: `from_wgs84` the other way round."""
    return to_degrees((site.origin_lat, site.origin_lon), site.rotation_deg, x_m, y_m)


def is_null_island(lat: float, lon: float) -> bool:
    """Whether the degrees are those of "no fix"."""
    return abs(lat) < NULL_ISLAND_DEG and abs(lon) < NULL_ISLAND_DEG


def on_site(x_m: float, y_m: float) -> tuple[float, float] | None:
    """The point, or None where it is too far away to be on this site."""
    return (x_m, y_m) if math.hypot(x_m, y_m) <= FARTHEST_M else None


def in_zone(zone: str, positioning: PositioningTable) -> Place:
    """The area for which the platform's zone stands; a zone that nobody has entered is no place."""
    area = positioning.zones.get(zone)
    if area is not None:
        return Place(zone=area)
    note = Words(
        f'定位平台的区域 "{zone[:80]}" 未对应，请在 site.toml 的 [positioning.zones] 中补上',
        f'the platform\'s zone "{zone[:80]}" stands for no area: enter it in [positioning.zones] of site.toml',
    )
    return Place(note=note)


def height_m(
    third: float | None, level: float | None, positioning: PositioningTable, *, above_floor: bool
) -> float | None:
    """Metres above the site's origin: z above its floor, or the floor's own height; None if neither is known."""
    known = {float(name): at_m for name, at_m in positioning.floors_m.items()}
    base_m = known.get(level or 0.0)
    # The height above the ellipsoid says nothing about the site's floors.
    if third is None or not above_floor:
        return base_m if level is not None else None
    if base_m is not None:
        return base_m + third
    return third if not level else None


def accuracy(sent: object) -> float | None:
    """Metres, or None: nought, negative and absurd figures mean that it is not known."""
    accuracy_m = number(sent)
    return accuracy_m if accuracy_m is not None and 0 < accuracy_m <= WORST_ACCURACY_M else None
