"""How the disk of the records is mounted: what a power cut would take, and whether files can still be made."""

import os
from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.ops.doctor.finding import Finding, Layer, fault
from edge_agent.settings.site import Settings

MOUNTS = Path("/proc/self/mounts")
LEAST_FILES = 100
# ext4(5), xfs(5), btrfs(5): with these a write that was acknowledged may be gone after a power cut.
UNSAFE = frozenset({"nobarrier", "barrier=0", "data=writeback"})
REMOUNT = Words(
    "请在 /etc/fstab 中删去此选项并重新挂载",
    "take the option out of /etc/fstab and mount it again",
)
TIDY = Words("删除无用的小文件（日志、缓存）", "remove small files that nobody needs: logs, caches")


def look(settings: Settings, mounts: Path = MOUNTS) -> Iterator[Finding]:
    """Options that risk the records, and a disk that has room but no file numbers left."""
    folder = next(one for one in (settings.state_folder, *settings.state_folder.parents) if one.exists())
    risky = sorted(UNSAFE & set(options(folder, mounts)))
    if risky:
        listed = ", ".join(risky)
        says = Words(
            f"{folder} 所在磁盘的挂载选项 {listed} 不安全，断电会丢失或损坏记录",
            f"the disk of {folder} is mounted with {listed}: a power cut may lose or damage records",
        )
        yield fault("disk", Layer.PROFILE, "unsafe_mount", says, REMOUNT)
    room = os.statvfs(folder)
    if room.f_files and room.f_favail < LEAST_FILES:
        says = Words(
            f"{folder} 所在磁盘的文件数已用完（剩余 {room.f_favail}）",
            f"the disk of {folder} has room but no file numbers left ({room.f_favail})",
        )
        yield fault("disk", Layer.VALUE, "no_inodes", says, TIDY)


def options(folder: Path, mounts: Path) -> tuple[str, ...]:
    """The mount options of the filesystem on which `folder` lies (proc(5)); the last mount over it counts."""
    whole, deepest, found = folder.resolve(), -1, ""
    for line in mounts.read_text("utf-8", errors="replace").splitlines():
        _, place, _, told, *_ = line.split(" ")
        at = Path(place.encode("utf-8").decode("unicode_escape"))
        if whole.is_relative_to(at) and len(at.parts) >= deepest:
            found, deepest = told, len(at.parts)
    return tuple(found.split(","))
