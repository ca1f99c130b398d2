"""What asks the advisories asks about everything that is pinned, and takes no answer for a bad one."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASK = ROOT / "requirements" / "ask-advisories"


def test_every_file_of_pins_is_asked_about() -> None:
    asked = re.search(r"for pins in ([a-z ]+);", ASK.read_text("utf-8"))
    assert asked
    pins = {path.stem for path in (ROOT / "requirements").glob("*.txt") if not path.stem.startswith("apt-")}
    assert set(asked[1].split()) == pins


def answered(tmp_path: Path, audit: str, npm: str) -> subprocess.CompletedProcess[str]:
    """With a pip_audit and an npm of the test's own, each a line of code."""
    (tmp_path / "pip_audit.py").write_text(audit, "utf-8")
    command = [ASK, sys.executable, str(tmp_path), "pypi", sys.executable, "-c", npm]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_clean_only_when_both_say_so(tmp_path: Path) -> None:
    fine, bad = "", "raise SystemExit(1)"
    assert answered(tmp_path, fine, fine).returncode == 0
    for audit, npm, named in ((bad, fine, "runtime.txt"), (fine, bad, "package-lock.json")):
        done = answered(tmp_path, audit, npm)
        assert done.returncode == 1
        assert named in done.stderr
        assert "make lock UPGRADE=1" in done.stderr


def test_what_cannot_be_asked_about_is_not_skipped(tmp_path: Path) -> None:
    """pip-audit skips in silence what its service does not know, unless it is told to be strict."""
    strict = "import sys; raise SystemExit('--strict' not in sys.argv or '--require-hashes' not in sys.argv)"
    assert answered(tmp_path, strict, "").returncode == 0
