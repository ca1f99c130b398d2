"""From WGS-84 to site metres, about the origin that site.toml declares."""

import math

from edge_agent.settings.site import SiteTable

# Radius of a sphere with the mean curvature of the ellipsoid is not enough: 0.3 % is 15 cm at 50 m, fine,
# but 3 m at 1 km. So the two radii of curvature of WGS-84 at the site's latitude are used.
EQUATOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
# "No fix" is often sent as a point near 0, 0 (docs/domain.md 4.2 WP4: -0.000001 degrees).
NULL_ISLAND_DEG = 0.01
# A tag further from the origin than this is not on this site: a wrong frame, or a wrong coordinate system.
FARTHEST_M = 50_000.0


def from_wgs84(site: SiteTable, lat: float, lon: float) -> tuple[float, float] | None:
    """Site x and y in metres, or None where the degrees are no place.

    `rotation_deg` turns the site's axes counter-clockwise as seen from above: 0 means that x points
    east and y north; 90 means that x points north.
    """
    if abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004 (degrees of a globe)
        return None
    if abs(lat) < NULL_ISLAND_DEG and abs(lon) < NULL_ISLAND_DEG:
        return None
    east_m, north_m = _east_north(site, lat, lon)
    turn = math.radians(site.rotation_deg)
    x_m = east_m * math.cos(turn) + north_m * math.sin(turn)
    y_m = north_m * math.cos(turn) - east_m * math.sin(turn)
    return on_site(x_m, y_m)


def on_site(x_m: float, y_m: float) -> tuple[float, float] | None:
    """The point, or None where it is too far away to be on this site."""
    return (x_m, y_m) if math.hypot(x_m, y_m) <= FARTHEST_M else None


def _east_north(site: SiteTable, lat: float, lon: float) -> tuple[float, float]:
    """Metres east and north of the origin, on the plane that touches the ellipsoid there."""
    phi = math.radians(site.origin_lat)
    squared = FLATTENING * (2 - FLATTENING)
    bend = 1 - squared * math.sin(phi) ** 2
    along_meridian_m = EQUATOR_M * (1 - squared) / bend**1.5
    across_meridian_m = EQUATOR_M / math.sqrt(bend)
    d_lon = (lon - site.origin_lon + 180) % 360 - 180
    return (
        math.radians(d_lon) * across_meridian_m * math.cos(phi),
        math.radians(lat - site.origin_lat) * along_meridian_m,
    )
