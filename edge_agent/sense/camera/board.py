"""What GStreamer does on a board: `firmware_configs/boards/<board>.toml`.

A camera on a cable is made a stream like any other: GStreamer fetches, encodes and hands over MPEG-TS with H.264,
so that judging, films and clips know one kind of source alone. Streams are decoded by the board's own decoder
where site.toml asks for it and the profile has one for their codec.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.field import toml_file
from edge_agent.sense.camera.gstreamer import LAUNCH
from edge_agent.settings.fault import BadSettings, Fault, dotted
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import PLUGGED, CameraTable
from edge_agent.settings.toml_files import Files

BOARD_FOLDER = Path("firmware_configs") / "boards"
DEVICE = "{device}"


class Host(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What else whoever sets the board up must know of it. `slows_at_c` None: it says so itself, to the kernel."""

    watchdog_s: Annotated[int, Meta(ge=1)]  # the most that its hardware watchdog takes (systemd/watchdog.conf)
    slows_at_c: float | None = None
    gpio: str | None = None  # label of its chip in gpiodetect, for profile = "gpio"; None: it has none
    runtimes: tuple[str, ...]  # of [vision] runtime, the first that is sure to be there


class Board(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One board: for each kind of camera on a cable, what GStreamer runs up to an `mpegtsmux`.

    `{device}` stands for what the camera's address names: the device file of `usb://`, the number of `csi://`.
    `decoders`: what GStreamer runs between coded packets (Annex B, one picture each) and pictures in I420 or NV12.
    """

    schema: Annotated[int, Meta(ge=1, le=1)]
    title: Words
    source: Annotated[str, Meta(min_length=1)]
    tried: Words  # on which board, or that it was not
    packages: Annotated[tuple[str, ...], Meta(min_length=1)]  # Debian's, for the remedy
    usb: str | None = None
    csi: str | None = None
    decoders: dict[Literal["h264", "hevc"], str] = {}
    host: Host | None = None


def load(root: Path, name: str) -> Board:
    """The profile `<root>/firmware_configs/boards/<name>.toml`; raises BadSettings with every fault."""
    return toml_file.read(root, BOARD_FOLDER, name, Board)


def pipeline(board: Board, url: str) -> str | None:
    """What GStreamer runs for the camera at `url`; None where the board's profile has nothing for its kind."""
    kind, _, device = url.partition("://")
    text = {"usb": board.usb, "csi": board.csi}[kind]
    return None if text is None else text.replace(DEVICE, device)


def pipelines(settings: Settings, root: Path) -> dict[str, str]:
    """By camera id, for those on a cable. The site has no faults (see `faults`)."""
    named = {name: table for name, table in settings.site.cameras.items() if plugged(table)}
    if not named:
        return {}
    board = load(root, settings.site.vision.board or "")
    found = ((name, pipeline(board, table.url)) for name, table in named.items())
    return {name: text for name, text in found if text is not None}


def decoders(settings: Settings, root: Path) -> dict[str, str]:
    """The board's decoders by codec, where the site wants them. The site has no faults (see `faults`)."""
    vision = settings.site.vision
    if vision.decoding == "processor" or vision.board is None:
        return {}
    return {str(codec): text for codec, text in load(root, vision.board).decoders.items()}


def plugged(table: CameraTable) -> bool:
    """Whether the camera hangs on a cable of this box."""
    return table.url.partition("://")[0] in PLUGGED


def faults(settings: Settings, root: Path) -> Iterator[Fault]:
    """What the site wants of its board and cannot have: a way to a camera, a decoder, GStreamer itself."""
    named, by_board = settings.site.vision.board, settings.site.vision.decoding == "board"
    cabled = {name: table.url for name, table in settings.site.cameras.items() if plugged(table)}
    if not cabled and not by_board:
        return
    if named is None:
        yield _unnamed(Files(root).name(settings.folder / "site.toml"), root, cabled=bool(cabled))
        return
    try:
        board = load(root, named)
    except BadSettings as bad:
        yield from bad.faults
        return
    file = str(BOARD_FOLDER / f"{named}.toml")
    for name, url in cabled.items():
        if pipeline(board, url) is None:
            yield _no_way(file, name, url.partition("://")[0])
    if by_board and not board.decoders:
        yield _no_decoder(file)
    if shutil.which(LAUNCH) is None:
        yield _not_installed(file, board)


def _unnamed(file: str, root: Path, *, cabled: bool) -> Fault:
    boards = ", ".join(sorted(path.stem for path in (root / BOARD_FOLDER).glob("*.toml")))
    problem = (
        Words("有直连摄像机但未指定主板", "a camera is plugged in here, and the board is not named")
        if cabled
        else Words("要用主板解码但未指定主板", "the board shall decode, and it is not named")
    )
    remedy = Words(f"请填写 board，可选：{boards}", f"name the board, one of: {boards}")
    return Fault(file=file, key="vision.board", problem=problem, remedy=remedy)


def _no_decoder(file: str) -> Fault:
    problem = Words("该主板没有解码器", "this board has no decoder")
    remedy = Words(
        '请补上 decoders，或设 vision.decoding = "processor"', 'add decoders, or set vision.decoding = "processor"'
    )
    return Fault(file=file, key="decoders", problem=problem, remedy=remedy)


def _no_way(file: str, name: str, kind: str) -> Fault:
    problem = Words(f"该主板没有 {kind} 摄像机的取流方式", f"this board has no way to a {kind} camera")
    camera = dotted("cameras", name)
    remedy = Words(
        f"请补上 {kind}，或为 {camera} 换一种接法", f"add {kind} to it, or connect {camera} another way"
    )
    return Fault(file=file, key=kind, problem=problem, remedy=remedy)


def _not_installed(file: str, board: Board) -> Fault:
    packages = " ".join(board.packages)
    problem = Words("本机未安装 GStreamer", "GStreamer is not installed on this box")
    remedy = Words(f"请用 apt 安装 {packages}", f"install it: apt install {packages}")
    return Fault(file=file, key="packages", problem=problem, remedy=remedy)
