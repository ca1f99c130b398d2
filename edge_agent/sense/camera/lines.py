"""What the agent and its camera programs say to each other: one JSON line per message.

Orders go in on stdin as the first line (never in argv, where every user of the machine could read a
camera's password), later ones behind it; what a program has to say comes out on stdout.
"""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.observation import SeenPerson, View
from edge_agent.domain.words import NOTHING, Words
from edge_agent.domain.zone import PictureArea
from edge_agent.field.onlookers import Box
from edge_agent.sense.camera.filming.orders import FilmLine, FilmOrder
from edge_agent.sense.camera.limits import VisionLimits
from edge_agent.sense.camera.runtimes.wanted import Wanted
from edge_agent.settings.site_cameras import GuardColour


class CaptureOrder(Struct, frozen=True, kw_only=True):
    """What one capture program shall do. `bell_fd` is an eventfd rung after every frame."""

    camera: str
    url: str
    fps: float
    frames_fd: int
    bell_fd: int
    parent: int  # process id; a child that has lost it ends
    limits: VisionLimits
    pipeline: str = ""  # for a camera on a cable: what GStreamer runs to make a stream of it
    decoders: dict[str, str] = {}  # by FFmpeg's name of a codec: what GStreamer runs to decode it by hardware
    films: FilmOrder | None = None  # None: nothing is ever kept; what is comes later, as Wanted


class CaptureLine(Struct, frozen=True, kw_only=True, tag="capture"):
    """The state of one capture program, at every change and once a second while frames come."""

    state: Literal["opening", "open", "size", "running", "ended", "failed"]
    detail: Words = NOTHING  # why it failed or ended
    width: int = 0
    height: int = 0
    seq: int = 0
    damaged: int = 0  # pictures the decoder gave up, since the stream was opened
    missing: float = 0.0  # share of the pictures due in the last seconds that did not come sound
    queued_s: float = 0.0  # since when every picture lay there already: the box is behind, not the camera
    decoder: Words = NOTHING  # why the processor decodes where the board should


CaptureSays = CaptureLine | FilmLine


class WatchedCamera(Struct, frozen=True, kw_only=True):
    """One camera as the inference program knows it: no address, no password."""

    id: str
    frames_fd: int
    model: str
    areas: tuple[PictureArea, ...]
    hide: tuple[Box, ...] = ()  # of its picture, whoever is there: nobody is shown it but with a look on record
    seen_fd: int | None = None  # where it says what it concluded, for whoever looks on; None: nobody ever does


class InferenceOrder(Struct, frozen=True, kw_only=True):
    """What the inference program shall do for all cameras."""

    cameras: tuple[WatchedCamera, ...]
    bell_fd: int
    models_folder: str
    runtime_folder: str
    parent: int
    limits: VisionLimits
    wanted: Wanted = Wanted()
    clock_declared: bool = False
    canary_s: float = 60.0  # how often the canary is shown
    accepted_folder: str = ""  # where accepted models are remembered; without it each start is the first
    offered_folder: str = ""  # where a model that the centre offers lies
    guard_colour: GuardColour | None = None
    first_track: int = 1  # so that a restarted program never gives a number out a second time


class Ready(Struct, frozen=True, kw_only=True, tag="ready"):
    """Models are loaded and have answered once."""

    models: tuple[str, ...]
    refused: Words = NOTHING  # why a model that site.toml names does not judge


class Failed(Struct, frozen=True, kw_only=True, tag="failed"):
    """The inference program cannot go on; plain words."""

    detail: Words


class Judged(Struct, frozen=True, kw_only=True, tag="judged"):
    """One judged frame: a Sighting in the making, with the arrival of the frame it speaks about."""

    camera: str
    seq: int
    arrived_s: float
    view: View
    persons: tuple[SeenPerson, ...] = ()
    detail: Words = NOTHING


InferenceLine = Ready | Failed | Judged


class ShownCamera(Struct, frozen=True, kw_only=True):
    """One camera as the program knows it that shows live pictures: its frames, and what was seen in them."""

    id: str
    frames_fd: int
    seen_fd: int


class OnlookersOrder(Struct, frozen=True, kw_only=True):
    """What the program for those who look on shall do."""

    cameras: tuple[ShownCamera, ...]
    socket: str
    parent: int


class OnlookersLine(Struct, frozen=True, kw_only=True, tag="onlookers"):
    """It lives: said once a second."""
