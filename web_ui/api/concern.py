"""Whose business a camera is: pictures of people go to those who work there, not to everybody with a log-in."""

from collections.abc import Callable

from edge_agent.field.film.names import FilmFile
from edge_agent.tell.live import Live
from edge_agent.tell.live_permit import LivePermit
from web_ui.parts import Parts
from web_ui.shapes_people import Known
from web_ui.site import cameras_now


def concerns(parts: Parts, live: Live | None, camera: str, known: Known | None) -> bool:
    """Whether somebody may see this camera.

    The box's own screen and whoever has the whole site may; others if it looks into one of their areas, or
    watches a permit that they are named on.
    """
    if known is None or not known.areas:
        return True
    table = cameras_now(parts.folders.site, parts.site).get(camera)
    if table is not None and {one.area for one in table.areas} & set(known.areas):
        return True
    permits = live.permits if live else ()
    return any(camera in permit.cameras and known.id in _named(permit) for permit in permits)


def filmed_for(parts: Parts, live: Live | None, known: Known) -> Callable[[FilmFile], bool]:
    """Whether somebody may be told of a film: of work in one of his areas, or of who is seen there.

    As the agent decides of each look (edge_agent/decide/asking/film.py).
    """
    cameras, own = cameras_now(parts.folders.site, parts.site), frozenset(known.areas)
    at = {one.id: one.area_id for one in (live.permits if live else ())}

    def concerned(film: FilmFile) -> bool:
        table = cameras.get(film.camera)
        areas = {one.area for one in table.areas} if table else set()
        return not own or not own.isdisjoint(areas | {at.get(film.permit, "")})

    return concerned


def _named(permit: LivePermit) -> set[str | None]:
    return {permit.holder_id, permit.guard_id, *(one.id for one in (*permit.guards, *permit.workers))}
