"""Every dependency is pinned with hashes, and no pin says where this machine gets its packages."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINS = sorted((ROOT / "requirements").glob("*.txt"))
PINS = [path for path in PINS if not path.name.startswith("apt-")]


def pinned(path: Path) -> dict[str, int]:
    """Package name -> how many hashes."""
    blocks = re.split(r"\n(?=\S)", re.sub(r"^ *#.*\n?", "", path.read_text("utf-8"), flags=re.MULTILINE))
    found = {}
    for block in filter(None, blocks):
        name = re.match(r"([a-z0-9-]+)(?:\[[a-z,]+\])?==[0-9][\w.]*(?: ; .*?)? \\\n", block)
        assert name, f"{path.name}: not a pin: {block[:60]!r}"
        found[name[1]] = len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block))
    return found


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
class TestEveryFileOfPins:
    def test_everything_is_pinned_with_hashes(self, path: Path) -> None:
        hashes = pinned(path)
        assert hashes
        assert [name for name, number in hashes.items() if number == 0] == []

    def test_it_names_no_place(self, path: Path) -> None:
        text = path.read_text("utf-8")
        assert re.findall(r"https?:|file:|--(?:index|extra-index|find-links|trusted)\S*|(?:^|\s)/\S+", text) == []


def test_the_runtime_pins_hold_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.match(r"[a-zA-Z0-9_-]+", line)[0].lower() for line in project["dependencies"]}
    assert wanted <= set(pinned(ROOT / "requirements" / "runtime.txt"))


def test_the_optional_agpl_extra_is_never_pinned_into_an_installation() -> None:
    assert not {"ultralytics", "torch"} & {name for path in PINS for name in pinned(path)}
