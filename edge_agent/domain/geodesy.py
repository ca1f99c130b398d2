"""From degrees to metres about a point of the globe, and back: the plane that touches the ellipsoid there. Pure.

CGCS2000 and WGS-84 differ by centimetres at most: degrees of one are told as degrees of the other.
"""

import math

# Radius of a sphere with the mean curvature of the ellipsoid is not enough: 0.3 % is 15 cm at 50 m, fine,
# but 3 m at 1 km. So the two radii of curvature of WGS-84 at the site's latitude are used.
EQUATOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563


def metres_per_radian(lat: float) -> tuple[float, float]:
    """Metres north per radian of latitude, and east per radian of longitude, at a latitude in degrees."""
    phi = math.radians(lat)
    squared = FLATTENING * (2 - FLATTENING)
    bend = 1 - squared * math.sin(phi) ** 2
    return EQUATOR_M * (1 - squared) / bend**1.5, EQUATOR_M / math.sqrt(bend) * math.cos(phi)


def to_metres(origin: tuple[float, float], rotation_deg: float, lat: float, lon: float) -> tuple[float, float]:
    """The way back from `to_degrees`: x and y in site metres."""
    north, east = metres_per_radian(origin[0])
    turn = math.radians(rotation_deg)
    north_m = math.radians(lat - origin[0]) * north
    east_m = math.radians((lon - origin[1] + 180) % 360 - 180) * east
    return (
        east_m * math.cos(turn) + north_m * math.sin(turn),
        north_m * math.cos(turn) - east_m * math.sin(turn),
    )


def to_degrees(origin: tuple[float, float], rotation_deg: float, x_m: float, y_m: float) -> tuple[float, float]:
    """Latitude and longitude of a point in site metres; `origin` and `rotation_deg` as site.toml has them.

    The rotation turns the site's axes counter-clockwise as seen from above: 90 means that x points north.
    """
    lat, lon = origin
    turn = math.radians(rotation_deg)
    east_m = x_m * math.cos(turn) - y_m * math.sin(turn)
    north_m = x_m * math.sin(turn) + y_m * math.cos(turn)
    north, east = metres_per_radian(lat)
    return lat + math.degrees(north_m / north), (lon + math.degrees(east_m / east) + 180) % 360 - 180
