"""The versions on this box: `versions/X`, the link `current`, and the link `before` while one is on trial.

`current` missing: the package's own folder counts. `before` there: the version that `current` names has not
passed; whoever finds it so (the next boot, the end of a judge who was killed) goes back to the one in `before`.
`systemd/package/edge-agent-settle` does the same in a shell, for a version whose Python does not even start.
"""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from edge_agent.ops.update.disk import Disk

BASE = Path("/opt/edge-agent")
BUILT_IN = Path("/usr/lib/edge-agent")
CURRENT, BEFORE, VERSIONS = "current", "before", "versions"
INFO = "site-packages/edge_agent-*.dist-info"


class Versions(Struct, frozen=True):
    """A folder of them. Whoever changes anything holds its lock (updater.py)."""

    base: Path = BASE
    built_in: Path = BUILT_IN
    disk: Disk = Disk()

    def chosen(self) -> Path:
        """The folder of the version that counts, as the start scripts find it."""
        current = (self.base / CURRENT).resolve()
        return current if (self.base / CURRENT).is_symlink() and current.is_dir() else self.built_in

    def on_trial(self) -> bool:
        """Whether the version that counts has not passed yet."""
        return (self.base / BEFORE).is_symlink()

    def kept(self) -> list[str]:
        """The versions beside the package's own."""
        folder = self.base / VERSIONS
        return sorted(path.name for path in folder.glob("[0-9]*")) if folder.is_dir() else []

    def stage(self, version: str, unpack: Callable[[Path], None]) -> Path:
        """Lay a version down, whole; nothing runs it yet. Raises what `unpack` raises, and OSError."""
        folder = self.base / VERSIONS
        new, whole = folder / f".{version}.new", folder / version
        self.disk.make_folder(folder)
        for half in folder.glob(".*.new"):
            self.disk.remove(half)
        self.disk.make_folder(new)
        try:
            unpack(new)
        except BaseException:
            self.disk.remove(new)
            raise
        self.disk.sync_all()
        self.disk.remove(whole)
        self.disk.rename(new, whole)
        self.disk.sync(folder)
        return whole

    def begin(self, version: str) -> None:
        """Put a staged version on trial: first what to go back to, then the version."""
        self._point(BEFORE, self._name(self.chosen()))
        self._point(CURRENT, f"{VERSIONS}/{version}")

    def passed(self) -> None:
        """The version on trial counts from here on; older ones go, but for the one to go back to by hand."""
        spared = {self.chosen().name, (self.base / BEFORE).resolve().name}
        self.disk.unlink(self.base / BEFORE)
        self.disk.sync(self.base)
        for name in set(self.kept()) - spared:
            self.disk.remove(self.base / VERSIONS / name)

    def settle(self) -> bool:
        """Go back from a version that has not passed; False if none is on trial."""
        if not self.on_trial():
            return False
        before = (self.base / BEFORE).readlink()
        if before == self.built_in:
            self.disk.unlink(self.base / CURRENT)
            self.disk.sync(self.base)
        else:
            self._point(CURRENT, str(before))
        self.disk.unlink(self.base / BEFORE)
        self.disk.sync(self.base)
        return True

    def _name(self, folder: Path) -> str:
        return str(folder) if folder == self.built_in else f"{VERSIONS}/{folder.name}"

    def _point(self, link: str, target: str) -> None:
        half = self.base / f".{link}.new"
        self.disk.unlink(half)
        self.disk.link(target, half)
        self.disk.rename(half, self.base / link)
        self.disk.sync(self.base)


def version_of(lib: Path) -> str:
    """The version in a folder; 0.0.0 where it does not say."""
    found = sorted(lib.glob(INFO))
    return found[-1].name.removeprefix("edge_agent-").removesuffix(".dist-info") if found else "0.0.0"
