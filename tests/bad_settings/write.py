"""What `check` prints for each case; run as a module it writes every expected.txt anew."""

import shutil
import tempfile
import tomllib
from pathlib import Path

from edge_agent.settings.load import check
from tests.support.demo_root import SITE, copy_root

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/edits.toml"))
OURS = {"edits.toml", "expected.txt"}


def printed(case: Path, scratch: Path) -> str:
    """Every fault of one case, one per line, English then Chinese."""
    root = copy_root(scratch)
    for file in (path for path in case.rglob("*") if path.is_file() and path.name not in OURS):
        shutil.copy(file, root / file.relative_to(case))
    edits = tomllib.loads((case / "edits.toml").read_text(encoding="utf-8"))
    for name in edits.get("delete", ()):
        (root / name).unlink()
    for edit in edits.get("edit", ()):
        file = root / edit["file"]
        text = file.read_text(encoding="utf-8")
        assert edit["find"] in text, f"{case.name}: {edit['find']!r} is not in {edit['file']}"
        file.write_text(text.replace(edit["find"], edit["replace"], 1), encoding="utf-8")
    faults = check(root / SITE, root)
    return "".join(f"{fault.line('en')}\n{fault.line('zh')}\n" for fault in faults)


if __name__ == "__main__":
    for one in CASES:
        with tempfile.TemporaryDirectory() as folder:
            (one / "expected.txt").write_text(printed(one, Path(folder)), encoding="utf-8")
