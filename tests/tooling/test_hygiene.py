"""Nothing here belongs to one machine (no path of it, no package registry), is huge, or has another's name."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.lanes import RECKONING, WAITING

ROOT = Path(__file__).parents[2]
MADE_HERE = re.compile(
    r"(^|/)(\.git|\.venv|\..*_cache|\.hypothesis|\.coverage.*|__pycache__|build|dist|.*\.egg-info"
    r"|node_modules|web_ui/built)(/|$)"
)
OF_ONE_MACHINE = re.compile(
    r"(?<![\w.])/wor[k]/\w|\.\./share[d]"
    r"|pypi\.or[g]|registry\.npmj[s]|files\.pythonhoste[d]"
    r"|(index|find)-(url|links)[= ]+\S*[:/]"
)


def kept() -> Iterator[Path]:
    for path in ROOT.rglob("*"):
        if path.is_file() and not MADE_HERE.search(str(path.relative_to(ROOT))):
            yield path


def test_no_file_names_a_path_or_a_registry_of_one_machine() -> None:
    found = []
    for path in kept():
        if path == ROOT / ".ci" / "run" or path.suffix in {".onnx", ".png", ".webp", ".jpg"}:
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in OF_ONE_MACHINE.finditer(text)]
    assert found == []


def test_no_two_test_files_have_one_name() -> None:
    """Outside packages pytest knows a file by its name alone, and then runs neither."""
    files = [path for path in (ROOT / "tests").rglob("test_*.py") if not (path.parent / "__init__.py").exists()]
    names = Counter(path.name for path in files)
    assert [name for name, count in names.items() if count > 1] == []


def test_no_file_is_huge() -> None:
    assert [path.name for path in kept() if path.stat().st_size > 20_000_000] == []


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ([], "edge-agent demo zones/demo-tank"),
        (["ONCE=1"], "edge-agent demo zones/demo-tank --once"),
        (["SITE=zones/mine", "CAMERA=a.mp4"], "edge-agent demo zones/mine --camera a.mp4"),
    ],
)
def test_make_demo_hands_its_words_on(words: list[str], command: str) -> None:
    assert [" ".join(line.split()) for line in would("demo", *words).splitlines()][-1] == f".venv/bin/{command}"


def test_what_make_test_leaves_out_is_run_by_make_screens_or_by_its_own_check() -> None:
    """What is left out is run by no other word of the same command."""
    test, screens = would("test"), would("screens")
    (names,) = set(re.findall(r"LEFT_OUT='([^']+)'", test))  # the same where they are compiled and where they run
    left_out = names.split()
    books = re.findall(r"tests/tooling/test_\w+\.py", would("check"))
    assert left_out == re.findall(r"\S+/test_\S+\.py", screens) + books
    assert f"pytest -q {' '.join(books)}\n" in test
    assert [name for name in left_out if not (ROOT / name).exists() or f"{name}::" in test] == []


def test_every_folder_of_a_lane_is_there() -> None:
    assert [name for name in (*WAITING, *RECKONING) if not (ROOT / "tests" / name).is_dir()] == []
    assert not set(WAITING) & set(RECKONING)


def would(*words: str) -> str:
    """What make would do."""
    done = subprocess.run(
        ["make", "-n", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    return done.stdout
