"""The site's areas for whoever draws them anew: as the settings have them, and as GeoJSON there and back.

Nothing is written here: another text of the file is a form that somebody signs, and the agent takes it.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec
from flask import Flask, Response
from msgspec import Struct

from edge_agent.domain.geodesy import to_degrees, to_metres
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area, Corner
from web_ui.api.plan import FILE
from web_ui.api.speak import body, said
from web_ui.errors import fail
from web_ui.parts import Parts
from web_ui.shapes_places import Areas, GeoArea, GeoAreas, GeoShape

FEWEST = 4  # corners of a closed ring
PAIR = 2  # longitude and latitude; a height beside them is passed over
DEGREES_PLACES = 8  # a millimetre
METRES_PLACES = 2
BEYOND_DEG = 90.0


class _File(Struct, frozen=True):
    areas: tuple[Area, ...]


class _Known(Struct, frozen=True, kw_only=True):
    """What properties may say of an area."""

    id: str | int = ""
    name: str = ""
    name_zh: str = ""
    name_en: str = ""
    floor_m: float | None = None
    ceiling_m: float | None = None


def install(app: Flask, parts: Parts) -> None:
    """GET /areas, GET and POST /areas.geojson."""

    @app.get("/api/v1/areas")
    def areas() -> Response:
        """Every area with all that the settings say of it."""
        return said(_read(parts))

    @app.get("/api/v1/areas.geojson")
    def outward() -> Response:
        """The same for geographic programs."""
        response = said(GeoAreas(features=tuple(_feature(parts, one) for one in _read(parts).areas)))
        response.headers["Content-Disposition"] = 'attachment; filename="areas.geojson"'
        return response

    @app.post("/api/v1/areas.geojson")
    def inward() -> Response:
        """Areas of elsewhere in the site's metres; the file is not touched."""
        given = body(GeoAreas)
        return said(Areas(sha256=_read(parts).sha256, areas=tuple(_areas(parts, given))))


def _read(parts: Parts) -> Areas:
    file = parts.folders.site / FILE
    try:
        raw = file.read_bytes()
        read = msgspec.convert(tomllib.loads(raw.decode()), _File)
    except OSError as fault:
        fail("E-NO-PLAN", detail=f"{FILE}: {fault.strerror}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        fail("E-NO-PLAN", detail=f"{FILE}: {fault}")
    return Areas(sha256=hashlib.sha256(raw).hexdigest(), areas=read.areas)


def _feature(parts: Parts, area: Area) -> GeoArea:
    ring = tuple(_degrees(parts, corner) for corner in (*area.corners, area.corners[0]))
    told: dict[str, Any] = {"id": area.id, "name_zh": area.name.zh, "name_en": area.name.en}
    told |= {"floor_m": area.floor_m, "ceiling_m": area.ceiling_m}
    return GeoArea(geometry=GeoShape(coordinates=(ring,)), properties=told)


def _degrees(parts: Parts, corner: Corner) -> tuple[float, float]:
    site = parts.site.site
    lat, lon = to_degrees((site.origin_lat, site.origin_lon), site.rotation_deg, *corner)
    return round(lon, DEGREES_PLACES), round(lat, DEGREES_PLACES)


def _areas(parts: Parts, given: GeoAreas) -> Iterator[Area]:
    """Each polygon as an area of the site. Fails where one is no outline that the settings could have."""
    for number, one in enumerate(given.features, start=1):
        zh, en = f"第 {number} 个区域", f"area {number}"
        if len(one.geometry.coordinates) != 1:
            fail("E-GEO", detail=Words(f"{zh}有孔洞", f"{en} has holes"))
        (ring,) = one.geometry.coordinates
        if len(ring) < FEWEST or any(len(corner) < PAIR or abs(corner[1]) > BEYOND_DEG for corner in ring):
            fail("E-GEO", detail=Words(f"{zh}不是闭合的经纬度边界", f"{en} is no ring of degrees"))
        yield _area(parts, one, ring, number)


def _area(parts: Parts, one: GeoArea, ring: tuple[tuple[float, ...], ...], number: int) -> Area:
    try:
        known = msgspec.convert(one.properties, _Known)
    except msgspec.ValidationError as fault:
        fail("E-GEO", detail=f"{number}: {fault}")
    site = parts.site.site
    origin, turn = (site.origin_lat, site.origin_lon), site.rotation_deg
    metres = [to_metres(origin, turn, corner[1], corner[0]) for corner in ring]
    corners = tuple((round(x, METRES_PLACES), round(y, METRES_PLACES)) for x, y in metres)
    id_ = re.sub(r"[^a-z0-9_-]+", "-", str(known.id).lower()).strip("-_") or f"area-{number}"
    name = known.name or id_
    return Area(
        id=id_,
        name=Words(known.name_zh or name, known.name_en or name),
        corners=corners[:-1] if corners[0] == corners[-1] else corners,
        floor_m=known.floor_m,
        ceiling_m=known.ceiling_m,
    )
