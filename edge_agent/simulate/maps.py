"""Site metres as degrees on the map that a platform draws: WGS-84, or what the map services of China make of it.

Lengths of a degree by the series of the U.S. National Geospatial-Intelligence Agency; GCJ-02 and BD-09 by the
public formulas, forwards only: a field never turns them back.
"""

from math import atan2, cos, hypot, pi, radians, sin, sqrt
from typing import Literal

from msgspec import Struct

Crs = Literal["local", "wgs84", "gcj02", "bd09"]


class Map(Struct, frozen=True, kw_only=True):
    """Where metre 0, 0 lies, and what the platform draws."""

    lat: float = 31.0
    lon: float = 121.0
    crs: Crs = "wgs84"

    def drawn(self, x_m: float, y_m: float) -> tuple[float, float]:
        """X (longitude) and y (latitude) of a point that lies so far east and north, or the metres themselves."""
        if self.crs == "local":
            return x_m, y_m
        phi = radians(self.lat)
        north_m = 111_132.92 - 559.82 * cos(2 * phi) + 1.175 * cos(4 * phi) - 0.0023 * cos(6 * phi)
        east_m = 111_412.84 * cos(phi) - 93.5 * cos(3 * phi) + 0.118 * cos(5 * phi)
        lon, lat = self.lon + x_m / east_m, self.lat + y_m / north_m
        if self.crs != "wgs84":
            lon, lat = _mars(lon, lat)
        return _baidu(lon, lat) if self.crs == "bd09" else (lon, lat)


def _mars(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02."""
    x, y, a, ee = lon - 105, lat - 35, 6378245.0, 0.00669342162296594323
    common = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    d_lat += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    d_lat += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    d_lon += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    d_lon += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    magic = 1 - ee * sin(radians(lat)) ** 2
    d_lat = d_lat * 180 / ((a * (1 - ee)) / (magic * sqrt(magic)) * pi)
    d_lon = d_lon * 180 / (a / sqrt(magic) * cos(radians(lat)) * pi)
    return lon + d_lon, lat + d_lat


def _baidu(lon: float, lat: float) -> tuple[float, float]:
    """BD-09 of a point in GCJ-02."""
    z = hypot(lon, lat) + 0.00002 * sin(lat * pi * 3000 / 180)
    theta = atan2(lat, lon) + 0.000003 * cos(lon * pi * 3000 / 180)
    return z * cos(theta) + 0.0065, z * sin(theta) + 0.006
