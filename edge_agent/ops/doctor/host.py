"""The system that the box runs on, and whether what judges pictures can run there as the site wants it.

The package is made for and tried on Debian 12 with its Python 3.11 (docs/decisions/0017). What runs elsewhere is
told as not tried: nobody may take "it started" for "it was tried".
"""

import platform
from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine, unseen
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.runtimes.choose import ON_A_GRAPHICS_CARD
from edge_agent.sense.camera.runtimes.onnx import is_there
from edge_agent.settings.site import Settings

PART = "system"
TRIED = ("debian", "12")  # ID and VERSION_ID of os-release(5); Raspberry Pi OS "bookworm" calls itself so, too
JETSON = "jetson"  # as its device tree's model says: "NVIDIA Jetson Orin Nano Developer Kit"
ON_PROCESSOR = Words(
    "请用 Debian 12（树莓派用 bookworm 版系统）",
    "use Debian 12 (on a Raspberry Pi the system named bookworm)",
)
ON_JETSON = Words(
    "JetPack 6 自带 Python 3.10，须另装 3.11.2 或更高的 Python 3.11；或用 Debian 12，vision.runtime 不填，"
    "由处理器判别。两者均未在真实主板上试过，使用前请完成全部调试试验",
    "JetPack 6 brings Python 3.10: a Python 3.11 from 3.11.2 on must stand beside it; or use Debian 12 without "
    "vision.runtime: the processor judges. Neither was tried on a board: commission all of it before it guards",
)


def look(settings: Settings, etc: Path = Path("/etc"), proc: Path = Path("/proc")) -> Iterator[Finding]:
    """The system in one line; where it is another than was tried, that; a missing graphics runtime."""
    told = _release(etc / "os-release")
    board = _board(proc / "device-tree" / "model")
    named = " / ".join(
        part
        for part in (
            told.get("PRETTY_NAME", "?"),
            board,
            platform.machine(),
            f"Python {platform.python_version()}",
        )
        if part
    )
    jetson = JETSON in board.lower()
    if (told.get("ID"), told.get("VERSION_ID")) == TRIED and not jetson:
        yield fine(PART, Words(f"已试过的系统：{named}", f"tried on this system: {named}"))
    else:
        says = Words(f"未在此系统上试过：{named}", f"not tried on this system: {named}")
        yield unseen(PART, "system_untried", says, ON_JETSON if jetson else ON_PROCESSOR)
    yield from _eyes(settings)


def _eyes(settings: Settings) -> Iterator[Finding]:
    """What is to judge pictures is known to the runtime that is installed."""
    device = ON_A_GRAPHICS_CARD.get(settings.site.vision.runtime) if settings.site.cameras else None
    if device is None:
        return
    try:
        is_there(device)
    except ModelError as wrong:
        remedy = Words(
            "在此之前请删去 vision.runtime：由处理器判别",
            "until then remove vision.runtime: the processor judges",
        )
        yield fault("vision.runtime", Layer.PROFILE, "runtime_missing", wrong.words, remedy)


def _release(path: Path) -> dict[str, str]:
    """os-release(5): NAME=value, quoted or not; nothing where it cannot be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def _board(path: Path) -> str:
    """What the device tree calls the board; a PC has none."""
    try:
        return path.read_bytes().rstrip(b"\0").decode("utf-8", "replace").strip()
    except OSError:
        return ""
