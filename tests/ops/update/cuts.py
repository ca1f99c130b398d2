"""Power cuts during an update, replayed: every call to the disk is recorded, then the power goes at any of them.

What was synced is on the disk: of a folder the names in it, and no more. Of what was not, each change of a name
is there or not by itself, in any mixture, as a file system may leave it that keeps no order; files of a version
that was being laid down may be whole, empty, or not there. A control that syncs less must lose something, else
the replay would prove nothing.
"""

import random
import shutil
from pathlib import Path

from msgspec import Struct

from edge_agent.ops.update.disk import Disk
from edge_agent.ops.update.versions import Versions, version_of
from tests.ops.release.package import LIB
from tests.ops.update.small import laid, settle_as_at_boot, whole


class Call(Struct, frozen=True):
    """One call; paths from the folder of versions."""

    do: str
    path: str
    other: str = ""


class Recording(Disk):
    """The machine's disk, every call noted."""

    def __init__(self, base: Path, *, careless: bool = False) -> None:
        self.base, self.careless, self.calls = base, careless, list[Call]()

    def _noted(self, do: str, path: Path, other: str = "") -> None:
        self.calls.append(Call(do, str(path.relative_to(self.base)), other))

    def make_folder(self, path: Path) -> None:
        super().make_folder(path)
        self._noted("make", path)

    def link(self, target: str, path: Path) -> None:
        super().link(target, path)
        self._noted("link", path, target)

    def rename(self, old: Path, new: Path) -> None:
        super().rename(old, new)
        self._noted("rename", old, str(new.relative_to(self.base)))

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self._noted("unlink", path)

    def remove(self, path: Path) -> None:
        if path.exists():
            super().remove(path)
            self._noted("remove", path)

    def sync(self, folder: Path) -> None:
        super().sync(folder)
        if not self.careless:
            self._noted("sync", folder)

    def sync_all(self) -> None:
        super().sync_all()
        if not self.careless:
            self._noted("sync_all", self.base)


def recorded(folder: Path, *, careless: bool = False) -> tuple[list[Call], Path]:
    """Two updates that pass and one that is gone back from, on a box of its own; also the versions' files."""
    base, source = folder / "opt", folder / "source"
    disk = Recording(base, careless=careless)
    versions = Versions(base=base, built_in=_built_in(folder), disk=disk)
    for version in ("0.2.0", "0.3.0", "0.4.0"):
        lib = laid(source / f"tree-{version}", version, "good") / LIB
        lib.rename(source / version)

        def unpack(into: Path, lib: Path = source / version) -> None:
            shutil.copytree(lib, into, dirs_exist_ok=True)
            disk.calls.append(Call("fill", str(into.relative_to(base)), lib.name))

        versions.stage(version, unpack)
        versions.begin(version)
        if version == "0.4.0":
            versions.settle()
        else:
            versions.passed()
        disk.calls.append(Call("reached", "", version_of(versions.chosen())))
    return disk.calls, source


def _built_in(folder: Path) -> Path:
    built_in = folder / "usr"
    (laid(folder / "tree", "0.1.0", "good") / LIB).rename(built_in)
    return built_in


class Left(Struct, frozen=True):
    """What one power cut left: the version that boots, those it might be, and what is wrong with it."""

    at: int
    boots: str
    wanted: tuple[str, ...]
    broken: str

    @property
    def good(self) -> bool:
        """One whole version, the one before or the one that passed."""
        return not self.broken and self.boots in self.wanted


def cut(calls: list[Call], source: Path, at: int, rng: random.Random, folder: Path) -> Left:
    """The power goes before call number `at`; the box boots."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    base = folder / "opt"
    base.mkdir()
    waiting: list[Call] = []
    for call in calls[:at]:
        if call.do in {"sync", "sync_all"}:
            now = [one for one in waiting if call.do == "sync_all" or _in(one, call.path)]
            for one in now:
                _apply(one, base, source, rng, whole_files=True)
            waiting = [one for one in waiting if one not in now]
        elif call.do != "reached":
            waiting.append(call)
    way = rng.choice(("none", "all", "beginning", "any"))
    upto = {"none": 0, "all": len(waiting)}.get(way, rng.randint(0, len(waiting)))
    for number, one in enumerate(waiting):
        if rng.random() < 0.5 if way == "any" else number < upto:
            _apply(one, base, source, rng, whole_files=False)
    reached = [call.other for call in calls[:at] if call.do == "reached"]
    coming = next((call.other for call in calls[at:] if call.do == "reached"), "")
    return _booted(at, base, folder.parent / "usr", (*(reached[-1:] or ["0.1.0"]), coming))


def _in(one: Call, folder: str) -> bool:
    """Whether a change of names is one of this folder's; what is in files is not."""
    return one.do != "fill" and str(Path(one.path).parent) == folder


def _booted(at: int, base: Path, built_in: Path, wanted: tuple[str, ...]) -> Left:
    versions = Versions(base=base, built_in=built_in)
    settle_as_at_boot(versions)
    boots = version_of(versions.chosen())
    broken = "" if whole(versions.chosen()) else f"{versions.chosen()} is not whole"
    if versions.on_trial():
        broken = "still on trial after the boot"
    return Left(at, boots, wanted, broken)


def _apply(one: Call, base: Path, source: Path, rng: random.Random, *, whole_files: bool) -> None:
    """One change of names, if it can be made: what it rests on may not have reached the disk."""
    path, other = base / one.path, base / one.other
    try:
        match one.do:
            case "make":
                path.mkdir(parents=True, exist_ok=True)
            case "link":
                path.symlink_to(one.other)
            case "unlink":
                path.unlink(missing_ok=True)
            case "remove":
                shutil.rmtree(path, ignore_errors=True)
            case "rename":
                path.replace(other)
            case "fill":
                shutil.copytree(source / one.other, path, dirs_exist_ok=True)
                if not whole_files:
                    _spoil(path, rng)
    except OSError:
        return


def _spoil(folder: Path, rng: random.Random) -> None:
    """Of files that were not synced: whole, empty, or not there."""
    for path in folder.rglob("*.py"):
        way = rng.choice(("whole", "empty", "gone"))
        if way == "empty":
            path.write_bytes(b"")
        elif way == "gone":
            path.unlink()


def cuts(folder: Path, times: int, seed: str, *, careless: bool = False) -> list[Left]:
    """So many power cuts of one recorded run, each at a call of its own choice."""
    calls, source = recorded(folder, careless=careless)
    rng = random.Random(seed)  # noqa: S311 (a test's dice)
    return [cut(calls, source, rng.randint(0, len(calls)), rng, folder / "again") for _ in range(times)]
