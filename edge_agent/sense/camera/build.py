"""From the settings of a site to its cameras' Source."""

from pathlib import Path

from edge_agent.clock import Clock
from edge_agent.field.onlookers import SOCKET
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.board import decoders, pipelines
from edge_agent.sense.camera.filming.orders import FilmDesk
from edge_agent.sense.camera.persons import entry
from edge_agent.sense.camera.runtimes.wanted import Wanted
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.settings import camera_logins
from edge_agent.settings.site import Settings


def vision(
    settings: Settings, clock: Clock, models_folder: Path, runtime_folder: Path, films: FilmDesk | None = None
) -> Vision | None:
    """The Source of all cameras, or None on a site without any.

    Raises manifest.ModelError when a camera names a model that is missing or not the one reviewed:
    a box that cannot see must say so before it starts, not while somebody works.
    """
    cameras = camera_logins.tables(settings.folder, settings.site)
    for name in sorted({camera.model for camera in cameras.values()}):
        manifest.weights(models_folder, name)
        wearing = entry.wearing(models_folder, name)
        if wearing is not None and wearing.judge is not None:
            entry.judge(models_folder, name, wearing)
    if not cameras:
        return None
    declared = settings.site.clock.source == "declared"
    table, engines = settings.site.vision, settings.state_folder / "engines"
    wanted = Wanted(runtime=table.runtime, threads=table.threads, engines_folder=str(engines))
    accepted, canary_s = settings.state_folder / "models", 60 * table.canary_minutes
    offered = settings.state_folder / "offered"
    cabled, by_board = pipelines(settings, models_folder.parent), decoders(settings, models_folder.parent)
    folders = Folders(
        models_folder, runtime_folder, wanted, films, accepted, canary_s, table.guard_colour, cabled,
        decoders=by_board, offered=offered, onlookers=runtime_folder / SOCKET,
    )  # fmt: skip
    return Vision(cameras, clock, folders, clock_declared=declared)
