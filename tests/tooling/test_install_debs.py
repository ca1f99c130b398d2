"""Set-up installs what is missing and nothing else, and says in one line what it cannot do."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "requirements" / "install-debs"


def run_with(tools: list[str], lists: list[Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script on a machine that has these tools only."""
    programs = folder / "bin"
    programs.mkdir()
    for tool in tools:
        (programs / tool).symlink_to(str(shutil.which(tool)))
    return subprocess.run(
        ["bash", SCRIPT, *lists], env={"PATH": str(programs)}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def wishes(tmp_path: Path) -> Path:
    path = tmp_path / "apt-wishes.txt"
    path.write_text("# a comment\n\nhere | true\nnot-here | test -e /nonexistent\nnor-here | false\n")
    return path


def test_what_is_there_is_left_alone_even_without_apt(tmp_path: Path) -> None:
    there = tmp_path / "apt-there.txt"
    there.write_text("# a comment\nhere | true\n")
    done = run_with(["bash", "grep"], [there], tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_apt_the_missing_packages_are_named(wishes: Path, tmp_path: Path) -> None:
    done = run_with(["bash", "grep"], [wishes], tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("set-up: missing: not-here nor-here. This is not Debian")
    assert len(done.stderr.splitlines()) == 1


def test_what_the_lists_name_is_a_package_and_a_proof() -> None:
    for path in (ROOT / "requirements").glob("apt-*.txt"):
        for line in path.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                package, proof = line.split("|", 1)
                assert re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", package.strip()), line  # Debian Policy 5.6.1
                assert subprocess.run(["bash", "-nc", proof], check=False).returncode == 0, line
