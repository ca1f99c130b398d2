"""Which files a folder holds, surely on the disk: what a rename or a new file needs beside its own sync."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """The names in the folder are on the disk when this returns. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
