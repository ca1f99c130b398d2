"""site.toml's tables of what sees and films: cameras, recorders, what runs the models."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.domain.zone import Opening, PictureArea, PlanPoint
from edge_agent.settings.site_values import Host, Id, Port

# What can run a model, and the package that it needs (sense/camera/runtimes/choose.py loads them).
RUNTIMES = {
    "onnx-cpu": "onnxruntime",
    "onnx-cuda": "onnxruntime",
    "onnx-tensorrt": "onnxruntime",
    "openvino-cpu": "openvino",
}
Pct = Annotated[float, Meta(gt=0, le=100)]
Hue = Annotated[float, Meta(ge=0, le=360)]


class GuardColour(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[vision.guard_colour]: the colour of this site's guards: their vest or the band on their arm.

    `hue_deg` runs from the first to the second angle of the colour circle (red 0, yellow 60, green 120, blue 240),
    over 360 where the first is the larger. Of somebody's upper body so many per cent are in it: from
    `worn_from_pct` on he wears it, below `missing_below_pct` he does not, between them nobody can tell.
    """

    hue_deg: tuple[Hue, Hue]
    saturation_least_pct: Pct = 40.0
    brightness_least_pct: Pct = 25.0
    worn_from_pct: Pct = 15.0
    missing_below_pct: Pct = 5.0


Token = Annotated[str, Meta(min_length=1, max_length=64)]  # ONVIF's name of a preset
# Over the network, from a file (tests and trials), or on a cable of this box: usb:///dev/video0, csi://0.
ADDRESS = r"^((rtsp|rtsps|file)://|usb:///dev/[A-Za-z0-9/_.:-]+$|csi://[0-9]$)"
PLUGGED = frozenset({"usb", "csi"})


class VisionTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[vision]: what runs the models on this board, with how many threads; how often the canary is shown.

    `board` names a profile of firmware_configs/boards: for cameras that are plugged into the box, and where its
    own decoder shall take the processor's work (`decoding = "board"`; the processor takes over when that fails).
    """

    runtime: Id = "onnx-cpu"
    board: Id | None = None
    decoding: Literal["processor", "board"] = "processor"
    threads: Annotated[int, Meta(ge=1, le=16)] = 1
    canary_minutes: Annotated[float, Meta(ge=0.5, le=60)] = 1.0
    # Where cameras' logins stand, closed to everybody else (settings/camera_logins.py).
    logins_file: Annotated[str, Meta(min_length=1, max_length=512)] = "camera-logins.toml"
    guard_colour: GuardColour | None = None  # where guards wear one that nobody else does


class RecordingTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[recording]: films of jobs that must be seen all the time, and clips of events; sealed with `key_file`.

    `quota_gb` is for films of whole jobs, `clips_gb` for clips; `reserve_gb` of the disk are never filled. How
    long they are kept is the rulebook's camera.film_days; by `mbps` and `hours_a_day` the disk is reckoned.
    """

    key_file: Annotated[str, Meta(min_length=1, max_length=512)]
    quota_gb: Annotated[float, Meta(ge=0.1, le=100_000)] = 32.0
    clips_gb: Annotated[float, Meta(ge=0.1, le=100_000)] = 4.0
    reserve_gb: Annotated[float, Meta(ge=0.1, le=1000)] = 2.0
    mbps: Annotated[float, Meta(ge=0.1, le=100)] = 4.0
    hours_a_day: Annotated[float, Meta(ge=0.5, le=24)] = 8.0


class NvrTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[nvrs.<id>]: a recorder of the site, which keeps what some cameras show; asked at its RTSP port."""

    name: Words
    host: Host
    port: Port = 554


class PtzTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[cameras.<id>.ptz]: a camera that can turn, told so over ONVIF at `service` with the camera's own login.

    `presets` are the camera's presets (their tokens) by the area that each shows. On an alarm there it turns for
    at most `stay_s`; then it goes back to `home`, where its areas are drawn and people are judged.
    """

    service: Annotated[str, Meta(pattern=r"^http://[^@/]+/", max_length=256)]
    home: Token
    presets: dict[Id, Token]
    stay_s: Annotated[float, Meta(ge=10, le=1800)] = 120.0
    settle_s: Annotated[float, Meta(ge=0, le=30)] = 2.0  # of a picture that is not shaken any more


Share = Annotated[float, Meta(ge=0, le=1)]
PictureBox = tuple[Share, Share, Share, Share]


class CameraTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[cameras.<id>]: one stream, judged `fps` times a second by `model` of models/manifest.toml."""

    name: Words
    url: Annotated[str, Meta(pattern=ADDRESS, max_length=512)]
    model: Id
    login: Id | None = None  # one of the logins' file: an address never carries a password itself
    fps: Annotated[float, Meta(ge=0.2, le=15)] = 5.0
    areas: tuple[PictureArea, ...] = ()
    gb28181: Annotated[str, Meta(pattern=r"^[0-9]{20}$")] | None = None  # its code on the park's video platform
    recorded_by: Id | None = None  # a recorder of the site keeps whole jobs instead of the box
    on_plan: tuple[PlanPoint, ...] = ()  # four or more: then feet in the picture are places on the plan
    openings: tuple[Opening, ...] = ()  # through which people are counted in and out
    # Parts of the picture that nobody is shown without a look on record: left, top, right, bottom, fractions 0..1.
    hide: Annotated[tuple[PictureBox, ...], Meta(max_length=20)] = ()
    ptz: PtzTable | None = None  # it can turn
