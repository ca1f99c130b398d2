"""The few things that an update does to the disk, each by itself: a test cuts the power between any two."""

import os
import shutil
from pathlib import Path

from edge_agent.store.folder import sync_folder, write


class Disk:
    """The machine's."""

    def make_folder(self, path: Path) -> None:
        """One that may be there."""
        path.mkdir(mode=0o755, parents=True, exist_ok=True)

    def link(self, target: str, path: Path) -> None:
        """A new symbolic link."""
        path.symlink_to(target)

    def rename(self, old: Path, new: Path) -> None:
        """At once: `new` is the one or the other, never neither."""
        old.replace(new)

    def unlink(self, path: Path) -> None:
        """A file or link that may be gone already."""
        path.unlink(missing_ok=True)

    def remove(self, path: Path) -> None:
        """A folder with all in it, if it is there."""
        shutil.rmtree(path, ignore_errors=True)

    def write(self, path: Path, content: bytes) -> None:
        """A small file, on the disk when this returns."""
        write(path, content)

    def sync(self, folder: Path) -> None:
        """Which names a folder holds is on the disk when this returns."""
        sync_folder(folder)

    def sync_all(self) -> None:
        """All that was written, thousands of files at once."""
        os.sync()
