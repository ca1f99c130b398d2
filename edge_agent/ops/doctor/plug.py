"""A device file of this box: there, a device, ours to use, and not in another program's hands."""

import os
import stat
from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.ops.doctor.finding import Finding, Layer, fault

PROCESSES = Path("/proc")
PSEUDO_TERMINALS = range(136, 144)  # Documentation/admin-guide/devices.txt of Linux: Unix98 PTY slaves

PLUG_IN = Words(
    "请检查插头和数据线，再看 dmesg；可用 /dev/serial/by-id 中的固定名称",
    "check its plug and cable, then dmesg; /dev/serial/by-id has names that stay",
)
NO_FILE = Words("请改为设备的路径", "enter the path of the device")
END_OTHER = Words("请结束该程序，或为它另接一个接口", "end that program, or give it an interface of its own")


def plugged(part: str, path: Path, group: str) -> Finding | None:
    """None if the device file is there and free for us, else what stands in the way. `group` may use it."""
    try:
        mode = path.stat().st_mode
    except OSError:
        says = Words(f"没有设备 {path}", f"there is no device {path}")
        return fault(part, Layer.PLUG, "no_device", says, PLUG_IN)
    if not stat.S_ISCHR(mode):
        says = Words(f"{path} 不是设备", f"{path} is no device")
        return fault(part, Layer.PLUG, "not_a_device", says, NO_FILE)
    if not os.access(path, os.R_OK | os.W_OK):
        says = Words(f"无权使用 {path}", f"{path} may not be used by us")
        remedy = Words(f"请将本程序的用户加入 {group} 组", f"put the agent's user into the group {group}")
        return fault(part, Layer.PLUG, "no_permission", says, remedy)
    holder = held_by(path)
    if holder is not None:
        says = Words(f"{path} 已被程序 {holder} 打开", f"{path} is in the hands of {holder}")
        return fault(part, Layer.PLUG, "held", says, END_OTHER)
    return None


def held_by(path: Path) -> str | None:
    """Name and number of another process that has the device open, as far as this user may see."""
    wanted = _identity(path.stat())
    for process in PROCESSES.iterdir():
        if process.name.isdecimal() and int(process.name) != os.getpid() and _holds(process, wanted):
            return f"{_name(process)} ({process.name})"
    return None


def _holds(process: Path, wanted: tuple[int, int]) -> bool:
    try:
        opened = list((process / "fd").iterdir())
    except OSError:
        return False
    return any(_device(one) == wanted for one in opened)


def _device(opened: Path) -> tuple[int, int] | None:
    try:
        status = opened.stat()
    except OSError:
        return None
    return _identity(status) if stat.S_ISCHR(status.st_mode) else None


def _identity(status: os.stat_result) -> tuple[int, int]:
    """Which device it is, by number; of a pseudo-terminal, of which file system too.

    A serial port has its number under every name and in every container. Pseudo-terminals are numbered anew by
    each devpts: the 0 of a container is another one than ours.
    """
    pseudo = os.major(status.st_rdev) in PSEUDO_TERMINALS
    return status.st_rdev, status.st_dev if pseudo else 0


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text("utf-8", "replace").strip()
    except OSError:
        return "?"
