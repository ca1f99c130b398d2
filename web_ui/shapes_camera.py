"""The shapes of the API that are about cameras: what they see, how they are, what was filmed."""

from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.domain.zone import Corner, Opening, PlanPoint
from edge_agent.field.onlookers import Box, CameraPulse
from edge_agent.tell.live_walk import LiveWalk


class WalkNow(Struct, frozen=True, kw_only=True):
    """The walk test under way, or the last one; None: there was none since the agent started."""

    walk: LiveWalk | None


class PictureZone(Struct, frozen=True, kw_only=True):
    """An area of the plan as it is drawn on a picture; corners as fractions 0..1. `post`: the guard's place."""

    id: str = ""
    area: str = ""
    corners: tuple[Corner, ...] = ()
    post: bool = False
    stop_on_entry: bool = False


class CameraSet(Struct, frozen=True, kw_only=True):
    """One camera as the settings have it, and how it is; `residual_m`: by how much its points miss the plan."""

    id: str
    name: Words
    model: str
    fps: float
    areas: tuple[PictureZone, ...]
    openings: tuple[Opening, ...]
    on_plan: tuple[PlanPoint, ...]
    residual_m: float | None
    hide: tuple[Box, ...]  # parts of the picture that nobody is shown
    turns: bool
    health: CameraPulse | None  # None: the agent does not say


class CameraSets(Struct, frozen=True, kw_only=True):
    """The cameras that concern whoever asks. `faces`: he may ask for pictures without the mask."""

    sha256: str  # of site.toml
    cameras: tuple[CameraSet, ...]
    fault: Words = NOTHING  # why nothing is known of how they are
    faces: bool = False


class Points(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points of the floor, before anybody saves them."""

    on_plan: Annotated[tuple[PlanPoint, ...], Meta(max_length=50)]


class Fit(Struct, frozen=True, kw_only=True):
    """By how much they miss the plan; null: they fix no view."""

    residual_m: float | None
