"""Coordinate systems of positioning platforms, each turned into WGS-84 once, where the message comes in. Pure.

Chinese maps are drawn in GCJ-02, which moves every point of China by up to some 700 m; Baidu's BD-09 moves it once
more. A fence of 50 m dies of mixing them, so nothing behind this file knows any of them. Neither has a published
inverse: the forward formula is turned round by iteration until it closes to a fraction of a millimetre. Source of
both formulas: github.com/googollee/eviltransform and Baidu's own conversion page, which agree.
CGCS2000 is WGS-84 to within centimetres (CGCS2000 follows ITRF97; domain.md 4.2).
"""

import math
from collections.abc import Callable

Degrees = tuple[float, float]  # latitude, longitude

# GCJ-02 is laid over the ellipsoid of Krasovsky 1940.
AXIS_M = 6_378_245.0
ECCENTRICITY2 = 0.006_693_421_622_965_943
# Outside of this box the map services of China move nothing (latitude, longitude; degrees).
SOUTH, NORTH, WEST, EAST = 0.8293, 55.8271, 72.004, 137.8347
BAIDU_TURN = math.pi * 3000 / 180
CLOSED_DEG = 1e-9  # 0.1 mm on the ground
MOST_ROUNDS = 20  # it closes in five or six; on the edge of the box it may never


def gcj02(place: Degrees) -> Degrees:
    """Where a map of GCJ-02 draws this point of WGS-84."""
    lat, lon = place
    if not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
        return place
    east, north = lon - 105.0, lat - 35.0
    phi = math.radians(lat)
    bend = 1 - ECCENTRICITY2 * math.sin(phi) ** 2
    meridian_m = AXIS_M * (1 - ECCENTRICITY2) / bend**1.5
    parallel_m = AXIS_M / math.sqrt(bend) * math.cos(phi)
    return (
        lat + math.degrees(_north_m(east, north) / meridian_m),
        lon + math.degrees(_east_m(east, north) / parallel_m),
    )


def _waves(along: float) -> float:
    return 20 * math.sin(6 * math.pi * along) + 20 * math.sin(2 * math.pi * along)


def _north_m(east: float, north: float) -> float:
    straight = -100 + 2 * east + 3 * north + 0.2 * north**2 + 0.1 * east * north + 0.2 * math.sqrt(abs(east))
    swell = 20 * math.sin(math.pi * north) + 40 * math.sin(math.pi / 3 * north)
    slow = 160 * math.sin(math.pi / 12 * north) + 320 * math.sin(math.pi / 30 * north)
    return straight + (_waves(east) + swell + slow) * 2 / 3


def _east_m(east: float, north: float) -> float:
    straight = 300 + east + 2 * north + 0.1 * east**2 + 0.1 * east * north + 0.1 * math.sqrt(abs(east))
    swell = 20 * math.sin(math.pi * east) + 40 * math.sin(math.pi / 3 * east)
    slow = 150 * math.sin(math.pi / 12 * east) + 300 * math.sin(math.pi / 30 * east)
    return straight + (_waves(east) + swell + slow) * 2 / 3


def bd09(place: Degrees) -> Degrees:
    """Where a map of BD-09 draws this point of GCJ-02."""
    lat, lon = place
    far = math.hypot(lon, lat) + 0.00002 * math.sin(lat * BAIDU_TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * BAIDU_TURN)
    return far * math.sin(angle) + 0.006, far * math.cos(angle) + 0.0065


def _baidu(place: Degrees) -> Degrees:
    return bd09(gcj02(place))


def _same(place: Degrees) -> Degrees:
    return place


# Each system by the name that a profile declares: where its maps draw a point of WGS-84.
DRAWN: dict[str, Callable[[Degrees], Degrees]] = {
    "wgs84": _same,
    "cgcs2000": _same,
    "gcj02": gcj02,
    "bd09": _baidu,
}


def to_wgs84(crs: str, lat: float, lon: float) -> Degrees | None:
    """Latitude and longitude in WGS-84 of a point of `crs`; None where the degrees are none, or nothing closes."""
    if not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 (degrees of a globe)
        return None
    drawn = DRAWN[crs]
    guess = (lat, lon)
    for _ in range(MOST_ROUNDS):
        off_lat, off_lon = (shown - wanted for shown, wanted in zip(drawn(guess), (lat, lon), strict=True))
        if abs(off_lat) < CLOSED_DEG and abs(off_lon) < CLOSED_DEG:
            return guess
        guess = (guess[0] - off_lat, guess[1] - off_lon)
    return None
