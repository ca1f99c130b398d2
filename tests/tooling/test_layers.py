"""The drawing of the layers is enforced: an import against it, or a stray module, fails the check."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in ("edge_agent", "web_ui"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_the_tree_keeps_to_the_drawing(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("edge_agent/utils.py", ""),
        ("edge_agent/domain/clever.py", "import edge_agent.clock"),
        ("edge_agent/domain/clever.py", "import time"),
        ("edge_agent/fuse/clever.py", "import socket"),
        ("edge_agent/decide/clever.py", "import edge_agent.store"),
        ("edge_agent/fuse/clever.py", "import edge_agent.decide.step"),
        ("edge_agent/simulate/clever.py", "import edge_agent.sense.profile"),
        ("edge_agent/sense/clever.py", "import edge_agent.tell.live"),
        ("edge_agent/decide/clever.py", "from pathlib import Path"),
        ("edge_agent/decide/clever.py", "import logging"),
        ("edge_agent/clock.py", "import edge_agent.fuse"),
        ("edge_agent/tell/clever.py", "import web_ui"),
        ("edge_agent/sense/camera/clever.py", "import edge_agent.sense.gas_decode, edge_agent.sense.modbus"),
        ("edge_agent/simulate/clever.py", "import edge_agent.field.toml_file"),
        ("edge_agent/decide/clever.py", "import edge_agent.field.modbus"),
        ("web_ui/clever.py", "import edge_agent.decide.step"),
    ],
)
def test_what_is_against_the_drawing_fails(copy: Path, module: str, line: str) -> None:
    path = copy / module
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{line}\n", "utf-8")
    done = lint(copy)
    assert done.returncode == 1
    assert "Broken contracts" in done.stdout, done.stdout
