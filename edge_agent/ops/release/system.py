"""What a package puts outside its own folder: units, start scripts. One hash tells whether a version needs others.

An update replaces the folder of the release alone. A version that needs other units comes as a Debian package.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from edge_agent.ops.release.contents import LIB

DOC = Path("usr") / "share" / "doc"


def system_of(tree: Path) -> str:
    """The hash over these files of an unpacked package: their names, modes and bytes."""
    whole = hashlib.sha256()
    for name in outside(tree):
        path = tree / name
        mode = "x" if path.stat().st_mode & 0o100 else "-"
        whole.update(f"{mode} {hashlib.sha256(path.read_bytes()).hexdigest()} {name}\n".encode())
    return whole.hexdigest()


def outside(tree: Path) -> Iterator[Path]:
    """Their names, in order; documents are not among them."""
    for path in sorted(tree.rglob("*")):
        name = path.relative_to(tree)
        if path.is_file() and not name.is_relative_to(LIB) and not name.is_relative_to(DOC):
            yield name
