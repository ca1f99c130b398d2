"""How a board reaches the cameras that are plugged into it: `firmware_configs/boards/<board>.toml`.

A camera on a cable is made a stream like any other: GStreamer fetches, encodes and hands over MPEG-TS with H.264,
so that judging, films and clips know one kind of source alone.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.field import toml_file
from edge_agent.settings.fault import BadSettings, Fault, dotted
from edge_agent.settings.site import Settings
from edge_agent.settings.site_devices import PLUGGED, CameraTable
from edge_agent.settings.toml_files import Files

BOARD_FOLDER = Path("firmware_configs") / "boards"
LAUNCH = "gst-launch-1.0"
DEVICE = "{device}"


class Board(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One board: for each kind of camera on a cable, what GStreamer runs up to an `mpegtsmux`.

    `{device}` stands for what the camera's address names: the device file of `usb://`, the number of `csi://`.
    """

    schema: Annotated[int, Meta(ge=1, le=1)]
    title: Words
    source: Annotated[str, Meta(min_length=1)]
    tried: Words  # on which board, or that it was not
    packages: Annotated[tuple[str, ...], Meta(min_length=1)]  # Debian's, for the remedy
    usb: str | None = None
    csi: str | None = None


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


def plugged(table: CameraTable) -> bool:
    """Whether the camera hangs on a cable of this box."""
    return table.url.partition("://")[0] in PLUGGED


def faults(settings: Settings, root: Path) -> Iterator[Fault]:
    """Cameras on a cable without a board that can reach them, or without GStreamer."""
    named = settings.site.vision.board
    cabled = {name: table.url for name, table in settings.site.cameras.items() if plugged(table)}
    if not cabled:
        return
    if named is None:
        yield _unnamed(Files(root).name(settings.folder / "site.toml"), root)
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
    if shutil.which(LAUNCH) is None:
        yield _not_installed(file, board)


def _unnamed(file: str, root: Path) -> Fault:
    boards = ", ".join(sorted(path.stem for path in (root / BOARD_FOLDER).glob("*.toml")))
    problem = Words("有直连摄像机但未指定主板", "a camera is plugged in here, and the board is not named")
    remedy = Words(f"请填写 board，可选：{boards}", f"name the board, one of: {boards}")
    return Fault(file=file, key="vision.board", problem=problem, remedy=remedy)


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
