"""The box itself: its disk, how warm it is, its supply. What the kernel says, in words; nothing is written.

What a board does not have is not told: a PC has no eMMC that wears, no supply that it measures.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine
from edge_agent.settings.site import Settings

SYS, MOUNTS = Path("/sys"), Path("/proc/self/mounts")
# Films and curves stop where the disk is short (store/room.py keeps its own share); this tells it before.
LEAST_FREE_SHARE, LEAST_FREE_BYTES = 0.05, 500_000_000
FORGETFUL = frozenset({"tmpfs", "ramfs", "overlay"})  # gone with the next start
# eMMC 5.0 (JEDEC JESD84-B50), DEVICE_LIFE_TIME_EST_TYP: 0x01 = up to 10 % used ... 0x0A = to 100 %, 0x0B = over.
WORN = 0x09
# Raspberry Pi: the processor is slowed down from 80 degrees on (raspberrypi.com, "Frequency management and thermal
# control"). Other boards name their own point (trip_point_N_type "passive").
HOT_C = 80.0
# Raspberry Pi: vcgencmd get_throttled, bits of "now" and of "since the start" (raspberrypi.com, "vcgencmd").
THROTTLED = "devices/platform/soc/soc:firmware/get_throttled"
WEAK_NOW, SLOW_NOW, WEAK_SINCE = 1 << 0, 1 << 2, 1 << 16
SUPPLY = Words(
    "请换用额定电源和更短、更粗的线", "use the supply that the board's maker names, and a shorter, thicker cable"
)


def disk_look(settings: Settings, mounts: Path = MOUNTS) -> Iterator[Finding]:
    """Whether the disk of the folder that must survive a reboot can be written, is one, and has room."""
    folder = _nearest(settings.state_folder)
    room = os.statvfs(folder)
    kind = _filesystem(folder, mounts)
    if room.f_flag & os.ST_RDONLY:
        says = Words(
            f"{folder} 所在磁盘为只读，记录无法保存", f"the disk of {folder} is read-only: nothing can be recorded"
        )
        remedy = Words("多为存储卡损坏：备份后更换", "mostly a card that is failing: back it up and replace it")
        yield fault("disk", Layer.ANSWER, "read_only", says, remedy)
    elif kind in FORGETFUL and Path(settings.site.folders.state).is_absolute():
        says = Words(
            f"{folder} 在 {kind} 中，断电即失", f"{folder} lies in a {kind}: it is gone with the next power cut"
        )
        remedy = Words("请在 [folders] state 中填写磁盘上的路径", "name a folder on a disk in [folders] state")
        yield fault("disk", Layer.PROFILE, "not_kept", says, remedy)
    else:
        yield _space(folder, room)


def _nearest(folder: Path) -> Path:
    """The folder; before the agent has ever run, the one in which it will make it."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _space(folder: Path, room: os.statvfs_result) -> Finding:
    free, whole = room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize
    told = f"{free / 1e9:.1f} GB / {whole / 1e9:.1f} GB"
    if free < min(LEAST_FREE_BYTES, LEAST_FREE_SHARE * whole):
        says = Words(
            f"{folder} 剩余空间 {told}，录像和曲线将停止", f"{folder} has {told} free: films and curves will stop"
        )
        remedy = Words(
            "删除他人文件，或缩短录像保存天数、换更大的盘",
            "remove what is not the box's, keep films shorter, or take a larger disk",
        )
        return fault("disk", Layer.VALUE, "disk_full", says, remedy)
    return fine("disk", Words(f"剩余 {told}", f"{told} free"))


def _filesystem(folder: Path, mounts: Path) -> str:
    """The kind of filesystem on which `folder` lies (proc(5), mounts); the last mount over it counts."""
    whole, found, deepest = folder.resolve(), "", -1
    for line in mounts.read_text("utf-8", errors="replace").splitlines():
        _, place, kind, *_ = line.split(" ")
        at = Path(place.encode("utf-8").decode("unicode_escape"))
        if whole.is_relative_to(at) and len(at.parts) >= deepest:
            found, deepest = kind, len(at.parts)
    return found


def wear_look(sys: Path = SYS) -> Iterator[Finding]:
    """How much of its life each eMMC says that it has used."""
    for file in sorted(sys.glob("block/mmcblk*/device/life_time")):
        levels = [int(one, 16) for one in file.read_text("ascii").split()]
        disk = file.parent.parent.name
        used = f"{10 * max(levels)} %"
        if max(levels) >= WORN:
            says = Words(f"{disk} 的寿命已用约 {used}", f"{disk} has used about {used} of its life")
            remedy = Words("请备份并安排更换", "back it up and plan to replace it")
            yield fault("disk", Layer.VALUE, "worn", says, remedy)
        else:
            yield fine(
                "disk", Words(f"{disk} 寿命已用不超过 {used}", f"{disk} has used at most {used} of its life")
            )


def heat_look(sys: Path = SYS) -> Iterator[Finding]:
    """How warm the warmest part is beside the point from which the board slows down."""
    zones = [one for one in map(_zone, sorted(sys.glob("class/thermal/thermal_zone*"))) if one is not None]
    if not zones:
        return
    degrees, slows = max(zones, key=lambda zone: zone[0] - zone[1])
    if degrees >= slows:
        says = Words(
            f"{degrees:.0f} °C，达到降频点 {slows:.0f} °C，画面判断会变慢",
            f"{degrees:.0f} degrees C: from {slows:.0f} on the board slows down, and pictures are judged late",
        )
        remedy = Words("检查散热片、风扇和机箱日晒", "see to heat sink and fan, and keep the sun off the box")
        yield fault("heat", Layer.VALUE, "hot", says, remedy)
        return
    yield fine(
        "heat", Words(f"温度 {degrees:.0f} °C", f"{degrees:.0f} degrees C, it slows down from {slows:.0f} on")
    )


def _zone(folder: Path) -> tuple[float, float] | None:
    """Temperature, and where it begins to slow down; None if it does not answer (kernel's sysfs ABI)."""
    try:
        degrees = int((folder / "temp").read_text("ascii")) / 1000
    except (OSError, ValueError):
        return None
    points = [
        int(kind.with_name(kind.name.replace("_type", "_temp")).read_text("ascii")) / 1000
        for kind in folder.glob("trip_point_*_type")
        if kind.read_text("ascii").strip() == "passive"
    ]
    return degrees, min((one for one in points if one > 0), default=HOT_C)


def _throttled(sys: Path) -> int | None:
    """The firmware's word: by its file, else by its own program (both are there on Raspberry Pi OS)."""
    try:
        return int((sys / THROTTLED).read_text("ascii"), 16)
    except (OSError, ValueError):
        program = shutil.which("vcgencmd")
    if program is None or sys != SYS:
        return None
    try:
        said = subprocess.run(  # noqa: S603 (the firmware's own program, no argument of ours)
            [program, "get_throttled"], capture_output=True, text=True, timeout=2, check=True
        ).stdout
        return int(said.strip().removeprefix("throttled="), 16)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _lowest(sys: Path) -> Iterator[Finding]:
    """Where the firmware says nothing: the alarm of its voltage in the kernel's own words (hwmon rpi_volt)."""
    for alarm in sorted(sys.glob("class/hwmon/hwmon*/in0_lcrit_alarm")):
        if alarm.read_text("ascii").strip() == "1":
            says = Words("供电电压过低", "its supply is too weak: the board may stop at any time")
            yield fault("power", Layer.PLUG, "weak_supply", says, SUPPLY)
        else:
            yield fine("power", Words("供电正常", "its supply is strong enough"))


def power_look(sys: Path = SYS) -> Iterator[Finding]:
    """Whether a Raspberry Pi has had too little voltage."""
    bits = _throttled(sys)
    if bits is None:
        yield from _lowest(sys)
        return
    if bits & WEAK_NOW:
        says = Words("供电电压过低", "its supply is too weak now: the board may stop at any time")
        yield fault("power", Layer.PLUG, "weak_supply", says, SUPPLY)
    elif bits & WEAK_SINCE:
        says = Words("启动以来曾供电电压过低", "its supply has been too weak since it was started")
        yield fault("power", Layer.PLUG, "weak_supply", says, SUPPLY)
    elif bits & SLOW_NOW:
        says = Words("主板正在降频", "the board is slowed down")
        remedy = Words("检查供电和散热", "see to its supply and its cooling")
        yield fault("power", Layer.PLUG, "slowed_down", says, remedy)
    else:
        yield fine("power", Words("供电正常", "its supply is strong enough"))
