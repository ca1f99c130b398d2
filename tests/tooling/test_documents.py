"""What the documents tell people to do can be done: commands exist, settings are good, links lead on."""

import re
import shutil
from pathlib import Path

import pytest

from edge_agent.__main__ import _parser
from edge_agent.ops import checking
from edge_agent.settings.load import load
from tests.ops.update.small import new_site

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "technician.md"
PAGES = (
    *(ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "systemd/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
)
BLOCKS = re.compile(r"```sh\n(.*?)```", re.DOTALL)
SETTINGS = re.compile(r"site\.toml <<'END'\n(.*?)\nEND\n", re.DOTALL)

CAMERA = """
[vision]
board = "my-board"
[cameras.c]
name = { zh = "一", en = "one" }
url = "usb:///dev/video0"
model = "ppe-nano-third"
"""


@pytest.fixture
def root(tmp_path) -> Path:
    """A release of which a test may change the profiles."""
    for name in ("firmware_configs", "zones"):
        shutil.copytree(ROOT / name, tmp_path / "release" / name, ignore=shutil.ignore_patterns("voices"))
    (tmp_path / "release" / "models").symlink_to(ROOT / "models")
    return tmp_path / "release"


def site(folder: Path, more: str) -> Path:
    new_site(folder)
    with (folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write(more)
    return folder


def told(path: Path) -> str:
    return path.read_text("utf-8")


def test_the_technicians_settings_are_good_as_they_stand(tmp_path) -> None:
    (settings,) = SETTINGS.findall(told(GUIDE))
    folder = site(tmp_path / "site", settings)
    assert checking.faults(folder, ROOT) == []
    assert {"ch4-1", "o2-1", "h2s-1", "co-1"} == load(folder, ROOT).site.gas.keys()


def test_the_technicians_devices_are_vouched_for_where_the_guide_says() -> None:
    """What a permit asks for before it starts is entered on a page: its buttons are called as he reads them."""
    page = told(GUIDE)
    words = {language: told(ROOT / "web_ui" / "words" / language / "testing.toml") for language in ("zh", "en")}
    for name in ("Certificate and self-test 检定与自检", "Bump test** 冲击测试", "Check and enter** 检查并登记"):
        assert name.replace("** ", " ") in page.replace("** ", " "), name
        english, chinese = name.replace("** ", " ").rsplit(" ", 1)
        assert (f'"{english}"' in words["en"], f'"{chinese}"' in words["zh"]) == (True, True), name


def test_a_detector_is_one_file(tmp_path, root) -> None:
    """As docs/extending.md says: no Python, and it is there once the file is."""
    (settings,) = SETTINGS.findall(told(GUIDE))
    folder = site(tmp_path / "site", settings.replace('"cn10_single_gas"', '"some_new_one"'))
    assert checking.faults(folder, root), "the profile is not there yet"
    gas = root / "firmware_configs" / "gas"
    shutil.copy(gas / "cn10_single_gas.toml", gas / "some_new_one.toml")
    assert checking.faults(folder, root) == []


def test_a_board_is_one_file(tmp_path, root) -> None:
    folder = site(tmp_path / "site", CAMERA)
    assert "my-board" in " ".join(map(str, checking.faults(folder, root)))
    boards = root / "firmware_configs" / "boards"
    shutil.copy(boards / "generic-x86.toml", boards / "my-board.toml")
    assert "my-board" not in " ".join(map(str, checking.faults(folder, root)))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(page) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", told(page))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_of_the_guides_exists() -> None:
    known = next(one.choices for one in _parser()._actions if one.choices)
    for page in PAGES:
        if page.name == "requirements.md":
            continue
        named = set(re.findall(r"(?m)`?\bedge-agent ([a-z][a-z-]+)(?= (?:/etc|SITE|[A-Z]{2}|--)|`)", told(page)))
        assert named <= {*known, "sh"}, page.name


def test_every_command_stands_on_their_page() -> None:
    known = next(one.choices for one in _parser()._actions if one.choices)
    page = told(ROOT / "docs" / "commands.md")
    assert [name for name in known if f"`edge-agent {name} " not in page] == []


def test_extending_names_tests_that_exist() -> None:
    for path, _, name in re.findall(r"`(tests/[\w/]+(?:\.py)?)(::)?(\w*)`", told(ROOT / "docs" / "extending.md")):
        assert (ROOT / path).exists(), path
        assert f"def {name}(" in told(ROOT / path) if name else True, name
