"""`edge-agent init`: what it writes is good as it stands, and it never touches what is there."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from edge_agent.__main__ import main
from edge_agent.ops import new_site
from edge_agent.ops.checking import faults, notes
from edge_agent.settings.load import load
from tests.support.languages import faults as unspoken

ROOT = Path(__file__).parents[2]
GOOD = {
    "--id": "plant-7", "--unit": "edge-3", "--zh": "七号装置", "--en": "Plant 7, it's \u00e9", "--lat": "30.8",
    "--lon": "121.3", "--centre": "centre.example",
}  # fmt: skip


class Done(NamedTuple):
    """How the command ended, and what it said."""

    code: int
    out: str
    err: str


Begun = Callable[..., Done]


@pytest.fixture
def begun(capsys: pytest.CaptureFixture[str]) -> Begun:
    def run(folder: Path, **other: str) -> Done:
        answers = GOOD | {f"--{key}": value for key, value in other.items()}
        code = main(["init", str(folder), *(word for pair in answers.items() for word in pair)])
        return Done(code, *capsys.readouterr())

    return run


def test_what_is_written_is_good_says_what_comes_next_and_is_open_to_the_service_alone(
    begun: Begun, tmp_path: Path
) -> None:
    done = begun(tmp_path / "site")
    assert done.code == 0, done.err
    assert f"edge-agent check {tmp_path / 'site'}" in done.out
    site = load(tmp_path / "site", ROOT).site
    assert (site.site.id, site.site.unit, site.site.name.en) == ("plant-7", "edge-3", GOOD["--en"])
    assert (site.site.origin_lat, site.site.origin_lon, site.uplink.host) == (30.8, 121.3, "centre.example")
    assert {stat.S_IMODE((tmp_path / "site" / name).stat().st_mode) for name in new_site.FILES} == {0o640}
    assert not any("@" in (tmp_path / "site" / name).read_text("utf-8") for name in new_site.FILES)


@pytest.mark.parametrize(
    "book", [path.stem for path in (ROOT / "zones" / "rulebooks").glob("*.toml") if "demo" not in path.stem]
)
def test_every_rulebook_may_be_chosen(begun: Begun, tmp_path: Path, book: str) -> None:
    assert begun(tmp_path, rulebook=book, timezone="America/Chicago").code == 0
    assert faults(tmp_path, ROOT) == []


def test_a_site_without_a_centre_is_told_what_that_means(begun: Begun, tmp_path: Path) -> None:
    begun(tmp_path)
    said = list(notes(tmp_path, ROOT))
    assert "draw up the tickets" in said[0].en
    assert [fault for one in said for fault in unspoken(one)] == []


def test_what_is_there_is_not_touched(begun: Begun, tmp_path: Path) -> None:
    (tmp_path / "areas.toml").write_text("mine", encoding="utf-8")
    done = begun(tmp_path)
    assert done.code == 64
    assert "areas.toml" in done.err
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [("areas.toml", "mine")]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(
            ("id", "Plant 7"),
            ("id", "../x"),
            ("unit", ""),
            ("zh", ' " '),
            ("en", "a\nb"),
            ("en", "\\"),
            ("lat", "91"),
        ),
        *(("lon", "nan"), ("rulebook", "my-own"), ("timezone", "Mars/Olympus"), ("timezone", "../../etc/passwd")),
        ("centre", 'a"\nport = 1'),
    ],
)
def test_an_answer_that_fits_nowhere_is_named_and_nothing_is_written(
    begun: Begun, tmp_path: Path, key: str, value: str
) -> None:
    done = begun(tmp_path / "site", **{key: value})
    assert done.code == 64, done.err
    assert f"--{key}" in done.err
    assert not (tmp_path / "site").exists()


def test_a_folder_that_cannot_be_written_is_named(begun: Begun, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = begun(tmp_path / "file" / "site")
    assert done.code == 64
    assert "file" in done.err
