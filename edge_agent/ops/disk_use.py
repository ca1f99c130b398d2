"""What lies on the disk, by class: how much, how much it may be, how much more each day. `edge-agent disk`."""

import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from edge_agent.domain.words import Words
from edge_agent.ops import folders
from edge_agent.ops.disk_kept import NAME, Disk, Kept, Sample, Use, kept
from edge_agent.settings.site import Settings
from edge_agent.store.folder import put
from edge_agent.store.history import MOST_BYTES as HISTORY_BYTES
from edge_agent.store.journal import QUOTA_BYTES as JOURNAL_BYTES
from edge_agent.tell.evidence import MOST_BYTES as EVIDENCE_BYTES
from edge_agent.tell.patrol import MOST_BYTES as PATROL_BYTES

HOUR_S, DAY_S = 3600.0, 86_400.0
KEPT = 7 * 24 + 1  # samples, one an hour
LEAST_S = 6 * HOUR_S  # over less nobody can say what a day brings
LOGS = Path("/var/log/journal")
MOUNTS = Path("/proc/thread-self/mounts")
OCTAL = re.compile(r"\\([0-7]{3})")  # how a space in a name is written there (proc(5))
LOGS_BYTES = 200_000_000  # systemd/journald.conf
CLASSES: Mapping[str, Words] = {
    "database": Words("记录数据库", "records"),
    "aside": Words("已损坏另存的记录", "damaged records, kept aside"),
    "journal": Words("运行日志（回放用）", "journal for replay"),
    "films": Words("录像", "films"),
    "stills": Words("证据曲线和图片", "evidence: curves and stills"),
    "history": Words("气体历史", "gas history"),
    "patrols": Words("巡查轨迹", "patrol records"),
    "bundles": Words("导出包", "bundles handed over"),
    "logs": Words("系统日志", "logs of the programs"),
    "other": Words("其他", "the rest"),
}


def sample(settings: Settings, utc: float, boot: str) -> Sample:
    """What lies there now."""
    found = dict.fromkeys(CLASSES, 0)
    for path, size in _files(settings.state_folder, _elsewhere(settings)):
        found[_class(path)] += size
    if os.access(LOGS, os.R_OK | os.X_OK):
        found["logs"] = sum(size for _, size in _files(LOGS))
    else:  # not known, which is not nothing
        del found["logs"]
    return Sample(utc=utc, boot=boot, bytes=found, written=_written(settings.state_folder))


def _class(path: Path) -> str:
    first = path.parts[0]
    if first.startswith(folders.DATABASE):
        return "aside" if ".corrupt-" in first else "database"
    if first.startswith(folders.HISTORY):
        return "history"
    parts = {
        folders.JOURNAL: "journal",
        folders.FILMS: "films",
        folders.EVIDENCE: "stills",
        folders.PATROLS: "patrols",
        folders.BUNDLES: "bundles",
    }
    return parts.get(first, "other")


def _elsewhere(settings: Settings, mounts: Path = MOUNTS) -> frozenset[str]:
    """Where a share or disk for backups is mounted: it is not this disk, and a share may hang whoever looks there.

    Told by the kernel's list, which asks nobody.
    """
    table = settings.site.backup
    if table is None:
        return frozenset()
    points = (line.split()[1] for line in mounts.read_text("utf-8", errors="replace").splitlines())
    named = frozenset(OCTAL.sub(lambda one: chr(int(one[1], 8)), point) for point in points)
    into = os.path.normpath(table.into)
    return frozenset(one for one in named if into == one or into.startswith(one + "/"))


def _files(folder: Path, elsewhere: frozenset[str] = frozenset()) -> Iterator[tuple[Path, int]]:
    """Every file with the bytes that it takes on the disk; one that goes meanwhile takes none."""
    for root, below, names in os.walk(folder):
        below[:] = [name for name in below if str(Path(root, name)) not in elsewhere]
        for name in names:
            path = Path(root, name)
            try:
                yield path.relative_to(folder), path.lstat().st_blocks * 512
            except OSError:
                continue


def _written(folder: Path, sys_dev: Path = Path("/sys/dev/block")) -> int | None:
    """Bytes that the disk of a folder has taken since the boot (kernel: Documentation/block/stat.rst, field 7)."""
    device = folder.stat().st_dev
    try:
        fields = (sys_dev / f"{os.major(device)}:{os.minor(device)}" / "stat").read_text("ascii").split()
        return int(fields[6]) * 512
    except (OSError, IndexError, ValueError):
        return None


def quotas(settings: Settings) -> Mapping[str, int]:
    """Bytes at most, by class; the records' own share is counted in rows (store/room.py)."""
    films = settings.site.recording
    most = {
        "journal": JOURNAL_BYTES,
        "history": HISTORY_BYTES,
        "stills": EVIDENCE_BYTES,
        "patrols": PATROL_BYTES,
        "logs": LOGS_BYTES,
    }
    return most if films is None else most | {"films": round((films.quota_gb + films.clips_gb) * 1e9)}


def reckoned(settings: Settings, samples: tuple[Sample, ...]) -> Disk:
    """What the samples say together; the newest is the last."""
    now, room, most = samples[-1], os.statvfs(settings.state_folder), quotas(settings)
    free, size = room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize
    first = next((one for one in samples if now.utc - one.utc >= LEAST_S), None)
    days = 0.0 if first is None else (now.utc - first.utc) / DAY_S
    grows = {
        name: (size - first.bytes[name]) / days if first is not None and name in first.bytes else None
        for name, size in now.bytes.items()
    }
    daily = sum(
        rate for name, rate in grows.items() if rate and rate > 0 and now.bytes[name] < most.get(name, 1 << 62)
    )
    return Disk(
        utc=now.utc,
        free=free,
        size=size,
        classes={name: Use(bytes=now.bytes[name], most=most.get(name), per_day=grows[name]) for name in now.bytes},
        written_per_day=_worn(samples),
        days_left=None if first is None or daily <= 0 else free / daily,
    )


def _worn(samples: tuple[Sample, ...]) -> float | None:
    """Bytes written a day, over the samples of this boot."""
    now = samples[-1]
    first = next((one for one in samples if one.boot == now.boot and one.written is not None), now)
    if first.written is None or now.written is None or now.utc - first.utc < LEAST_S:
        return None
    return (now.written - first.written) / (now.utc - first.utc) * DAY_S


def measured(settings: Settings, utc: float, boot: str) -> Kept:
    """One more sample, and what all of them say. A clock that was set back forgets what was of later."""
    before = kept(settings.state_folder)
    old = () if before is None else tuple(one for one in before.samples if one.utc < utc)
    samples = (*old, sample(settings, utc, boot))[-KEPT:]
    return Kept(now=reckoned(settings, samples), samples=samples)


def keep(settings: Settings, now: Kept) -> None:
    """Write it down. Raises OSError."""
    put(settings.state_folder / NAME, msgspec.json.encode(now))


def told(disk: Disk) -> Iterator[str]:
    """The table for people."""
    for name, use in disk.classes.items():
        most = "" if use.most is None else f" / {_mb(use.most)}"
        daily = "" if use.per_day is None else f"  {use.per_day / 1e6:+.1f} MB/d"
        words = CLASSES[name]
        yield f"{name:9} {_mb(use.bytes):>10}{most:14}{daily:16}  {words.zh} {words.en}"
    yield f"{'disk':9} {_mb(disk.free):>10} / {_mb(disk.size)}  剩余 free"
    if disk.written_per_day is not None:
        yield f"{'written':9} {disk.written_per_day / 1e6:>7.0f} MB/d  写入量（磨损）what the disk takes"
    if disk.days_left is None:
        yield "运行 6 小时后才能估算每日增量 what a day brings is known after six hours, or nothing grows"
    else:
        yield f"按此速度还可用 {disk.days_left:.0f} 天 at this rate there is room for {disk.days_left:.0f} days"


def _mb(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


def run(settings: Settings, boot: str, *, as_json: bool) -> int:
    """`edge-agent disk`: look now; the rates are those of the running agent's samples. Writes nothing."""
    if not settings.state_folder.is_dir():
        sys.stderr.write("程序尚未在此站点运行过\nthe agent has not run on this site yet\n")
        return 69  # sysexits.h EX_UNAVAILABLE
    try:
        now = measured(settings, time.time(), boot).now
    except OSError as fault:
        sys.stderr.write(f"{fault.filename}: {fault.strerror}\n")
        return 69  # sysexits.h EX_UNAVAILABLE
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(now), indent=1).decode() + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in told(now))
    return 0
