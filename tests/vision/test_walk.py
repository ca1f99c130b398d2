"""The walk test: what is counted where, and a drawn worker who walks before the real programs."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.__main__ import main
from edge_agent.domain.zone import PictureArea
from edge_agent.ops import camera_walk
from edge_agent.ops.checking import notes
from edge_agent.sense.camera import walk
from edge_agent.sense.camera.proof.drawn import Scene, Worker, drawn
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from tests.support.languages import faults
from tests.vision.conftest import film

ROOT = Path(__file__).resolve().parents[2]
LEFT = PictureArea(id="l", area="left", corners=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
RIGHT = PictureArea(id="r", area="right", corners=((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))


def looks(xs: list[float | None], age_s: float = 0.1) -> tuple[walk.Look, ...]:
    """Five pictures a second; None is a picture that showed nobody."""
    return tuple(
        walk.Look(at / 5, 0 if x is None else 1, None if x is None else (x, 0.9), age_s) for at, x in enumerate(xs)
    )


def judged(seen: tuple[walk.Look, ...], *areas: PictureArea) -> walk.Certificate:
    return walk.certificate(seen, "cam-1", areas or (LEFT, RIGHT), by="li", utc=0.0, clock_trusted=True, of="k")


def test_a_blind_spot_is_counted_where_it_lies() -> None:
    """He walks from left to right; for a tenth of the way, in the right half, nobody is seen."""
    way: list[float | None] = [at / 100 for at in range(100)]
    way[80:90] = [None] * 10
    made = judged(looks(way))
    left, right = made.areas
    assert (left.looks, left.seen) == (51, 51), "the edge belongs to both"
    assert (right.looks, right.seen) == (50, 40)
    assert made.faults == ("right",)
    assert made.blind_s == pytest.approx(11 / 5)
    dark = [cell.name for cell in made.cells if cell.seen < cell.looks]
    assert dark == ["6,5", "7,5"]


def test_what_was_hardly_walked_is_not_passed() -> None:
    made = judged(looks([0.25] * 40 + [0.75] * 5))
    assert made.faults == ("right",)
    assert "walked too little" in " ".join(words.en for words in camera_walk.described(made))
    assert judged(looks([0.25] * 40), LEFT).passed


def test_before_the_first_sight_and_after_the_last_nothing_is_counted() -> None:
    made = judged(looks([None] * 30 + [0.25] * 30 + [None] * 30), LEFT)
    assert (made.looks, made.seen) == (30, 30)


def test_pictures_with_several_people_are_told_and_not_counted() -> None:
    crowd = walk.Look(100.0, 3, None, 0.1)
    made = judged((*looks([0.25] * 30), crowd), LEFT)
    assert (made.looks, made.crowded) == (30, 1)


def test_words_that_come_late_fail_it() -> None:
    assert judged(looks([0.25] * 30, age_s=1.2), LEFT).faults == ("age",)


def test_nobody_ever_seen_is_no_pass() -> None:
    made = judged(looks([None] * 100))
    assert not made.passed
    assert made.looks == 0


@given(st.lists(st.none() | st.floats(0, 1), max_size=80))
def test_what_is_seen_is_never_more_than_what_was_looked_at(way: list[float | None]) -> None:
    made = judged(looks(way))
    known = [at for at, x in enumerate(way) if x is not None]
    assert made.looks == (known[-1] - known[0] + 1 if known else 0)
    assert made.seen == len(known)
    assert sum(cell.looks for cell in made.cells) == made.looks
    for part in (*made.areas, *made.cells):
        assert 0 <= part.seen <= part.looks


@given(st.lists(st.none() | st.floats(0, 1), max_size=40))
def test_all_that_is_said_is_in_both_languages(way: list[float | None]) -> None:
    for words in camera_walk.described(judged(looks(way))):
        assert words.en == words.zh or not faults(words)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of the plant whose camera shows a drawn worker walking from one side to the other."""
    way = [drawn(Scene(workers=(Worker(60 + 4 * at, 430, 220),))) for at in range(130)]
    clip = film(tmp_path / "walk.mp4", way)
    folder = tmp_path / "site"
    shutil.copytree(ROOT / "zones" / "demo-tank", folder, ignore=shutil.ignore_patterns("state", "runtime"))
    text = (folder / "site.toml").read_text(encoding="utf-8")
    text = text.replace("rtsp://127.0.0.1:8554/cam-1", f"file://{clip}")
    mouth = "[[0.30, 0.35], [0.75, 0.35], [0.80, 0.95], [0.25, 0.95]]"
    assert mouth in text
    text = text.replace(mouth, "[[0.2, 0], [0.8, 0], [0.8, 1], [0.2, 1]]")
    (folder / "site.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_walk_before_the_real_programs_is_kept_and_void_when_the_camera_is_turned(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["camera", "walk", str(site), "cam-1", "--by", "li", "--seconds", "20"])
    out = capsys.readouterr().out
    settings = load(site, ROOT)
    made = camera_walk.kept(settings.state_folder, "cam-1")
    assert made is not None, out
    assert code == (0 if made.passed else 65)
    (mouth,) = made.areas
    assert mouth.looks >= walk.LOOKS_LEAST, out
    assert mouth.rate >= walk.SEEN_LEAST, out
    assert made.by == "li"
    assert main(["camera", "accept", str(site), "cam-1"]) == 0
    assert "walk it again" in capsys.readouterr().out
    assert camera_walk.kept(settings.state_folder, "cam-1") is None


def test_a_camera_that_is_not_there_is_told_with_those_that_are(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["camera", "walk", str(site), "cam-9", "--by", "li"]) == 64
    assert "it has: cam-1" in capsys.readouterr().out


def test_a_real_site_is_told_which_cameras_are_to_be_walked(tmp_path: Path) -> None:
    settings = load(ROOT / "zones" / "demo-tank", ROOT)
    assert not [words for words in notes(ROOT / "zones" / "demo-tank", ROOT) if "walk test" in words.en]
    real = _real(settings, tmp_path)
    (none,) = camera_walk.due(real, ROOT)
    assert "no walk test" in none.en
    table = real.site.cameras["cam-1"]
    right = walk.key(camera_walk.manifest.model(ROOT / "models", table.model).sha256, table.fps, table.areas)
    camera_walk.keep(real.state_folder, _of(right, ()))
    assert not list(camera_walk.due(real, ROOT))
    camera_walk.keep(real.state_folder, _of(right, ("mouth",)))
    assert "failed (mouth)" in next(camera_walk.due(real, ROOT)).en
    camera_walk.keep(real.state_folder, _of("another model", ()))
    assert "is void" in next(camera_walk.due(real, ROOT)).en


def _of(key: str, wrong: tuple[str, ...]) -> walk.Certificate:
    return walk.Certificate(
        camera="cam-1", by="li", utc=0.0, clock_trusted=True, key=key, areas=(), cells=(), looks=0, seen=0,
        crowded=0, blind_s=0.0, age_p95_s=0.1, faults=wrong,
    )  # fmt: skip


def _real(settings: Settings, folder: Path) -> Settings:
    """The same site, if it were none of a demo."""
    return replace(settings, folder=folder, rulebook=replace(settings.rulebook, demo=False))
