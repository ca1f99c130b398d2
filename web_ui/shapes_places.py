"""Areas and cameras on the plan, and areas as geographic programs have them."""

from typing import Any, Literal

from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area
from web_ui.labels import Label


class PlanArea(Struct, frozen=True, kw_only=True):
    """One area: its corners in metres from the site's origin, x east, y north."""

    id: str
    name: Words
    corners: tuple[tuple[float, float], ...]


class PlanCamera(Struct, frozen=True, kw_only=True):
    """One camera, and the areas that it looks into."""

    id: str
    areas: tuple[str, ...]


class Labels(Struct, frozen=True, kw_only=True):
    """What bears a label, and what stands on each: whose box it is."""

    site: str
    unit: str
    name: Words
    labels: tuple[Label, ...]


class Plan(Struct, frozen=True, kw_only=True):
    """The site's areas, the smallest first, and what its cameras look into."""

    areas: tuple[PlanArea, ...]
    cameras: tuple[PlanCamera, ...] = ()


class Areas(Struct, frozen=True, kw_only=True):
    """The areas as the settings have them, in the order in which they count; `sha256` of the file."""

    sha256: str
    areas: tuple[Area, ...]


class GeoShape(Struct, frozen=True, kw_only=True):
    """A polygon without holes: longitude and latitude, WGS-84 (RFC 7946); its last corner is its first."""

    type: Literal["Polygon"] = "Polygon"
    coordinates: tuple[tuple[tuple[float, ...], ...], ...]


class GeoArea(Struct, frozen=True, kw_only=True):
    """One area; what we know of it stands in its properties, and other programs' properties are passed over."""

    type: Literal["Feature"] = "Feature"
    geometry: GeoShape
    properties: dict[str, Any] = {}


class GeoAreas(Struct, frozen=True, kw_only=True):
    """Areas as geographic programs read and write them."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: tuple[GeoArea, ...]
