"""What a package puts outside its own folder: units, start scripts. One hash tells whether a version needs others.

An update replaces the folder of the release alone. A version that needs other units comes as a Debian package.
"""

import hashlib
import sys
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
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        whole.update(f"{mode} {hashlib.sha256(content).hexdigest()} {name}\n".encode())
    return whole.hexdigest()


def outside(tree: Path) -> Iterator[Path]:
    """Their names, in order; documents are not among them."""
    for path in sorted(tree.rglob("*")):
        name = path.relative_to(tree)
        if path.is_file() and not any(name.is_relative_to(one) for one in (LIB, DOC, "DEBIAN")):
            yield name


if __name__ == "__main__":
    sys.stdout.write(system_of(Path(sys.argv[1])) + "\n")
