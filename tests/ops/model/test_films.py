"""`edge-agent model evaluate --films`: a drawn film of people, told along their tracks as a camera's would be."""

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from edge_agent.domain.observation import Worn
from edge_agent.ops.model import film_report, films
from edge_agent.ops.model.films import Part, Seen, Truth, Window
from edge_agent.sense.camera.proof.drawn import Scene, Worker, drawn
from tests.ops.model.test_predict import ended

SECONDS, HZ = 8, 10
TRUTH = """
["yard.mp4"]
helmet = "worn"
vest = "worn"
people = [{ between = [0.55, 1.0], helmet = "missing", vest = "missing" }]
"""


def film(folder: Path) -> Path:
    """Two people walk to and fro in a yard, on the left with helmet and vest, on the right without."""
    with av.open(str(folder / "yard.mp4"), "w") as target:
        stream = target.add_stream("libx264", rate=HZ, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for number in range(SECONDS * HZ):
            x = 4 * (number % 20 if number % 40 < 20 else 20 - number % 20)
            scene = Scene(workers=(Worker(120 + x, 440, 230), Worker(470 + x, 440, 230, None, None)), seed=number)
            frame = av.VideoFrame.from_ndarray(drawn(scene), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, HZ)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    (folder / films.TRUTH).write_text(TRUTH, "utf-8")
    return folder


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("films"))


def test_everybody_is_told_along_his_track(
    shown: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = tmp_path / "figures.json"
    assert ended(["model", "evaluate", "--films", str(shown), "--json", str(figures)]) == 0
    got = json.loads(figures.read_text("utf-8"))["films"]
    assert (got["window_s"], got["pictures_hz"]) == (3.0, 5.0)
    yard = got["films"]["yard.mp4"]
    assert yard["pictures"] == SECONDS * 5
    assert yard["tracks"] == 2, "two people, two tracks"
    wearing, bare = yard["items"]["helmet"]["worn"], yard["items"]["helmet"]["missing"]
    assert wearing == {"worn": 2, "missing": 0, "unsure": 0, "windows": 2}, "a window every three of eight seconds"
    assert bare["missing"] == bare["windows"] == 2
    assert got["missing"]["helmet"]["all"]["precision"] == got["missing"]["helmet"]["all"]["recall"] == 1.0
    assert got["missing"]["helmet"]["<64 px"]["known"] == 0
    assert "helmet truly missing: told worn 0, missing 2, unsure 0 of 2 windows" in capsys.readouterr().out


def test_a_shorter_window_gives_more_of_them(shown: Path, tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    words = ["--films", str(shown), "--window", "1.5", "--json", str(figures)]
    assert ended(["model", "evaluate", *words]) == 0
    items = json.loads(figures.read_text("utf-8"))["films"]["films"]["yard.mp4"]["items"]
    assert items["vest"]["missing"]["windows"] > 2


def window(told: Worn, across: float, height_px: float) -> Window:
    return Window(
        track=1, at_s=3.0, across=across, height_px=height_px, told={"helmet": told, "vest": Worn.UNSURE}
    )


def test_the_figures_count_what_was_told_of_whom() -> None:
    truth = Truth(helmet=Worn.MISSING, people=(Part(between=(0.5, 1.0), helmet=Worn.WORN),))
    windows = (
        window(Worn.MISSING, 0.2, 50), window(Worn.WORN, 0.2, 100), window(Worn.UNSURE, 0.2, 100),
        window(Worn.MISSING, 0.7, 100), window(Worn.WORN, 0.7, 200),
    )  # fmt: skip
    got = film_report.figures({"a.mp4": (truth, Seen(pictures=9, unclear=1, tracks=1, windows=windows))})
    everybody = got["missing"]["helmet"]["all"]
    assert (everybody["precision"], everybody["recall"], everybody["unsure"]) == (0.5, 0.333, 0.2)
    assert (everybody["told_worn"], everybody["missing"], everybody["known"]) == (1, 3, 5)
    assert got["missing"]["helmet"]["64-160 px"]["precision"] == 0.0
    assert got["missing"]["vest"]["all"]["known"] == 0, "of the vest nothing is known"
    assert "1 of them no proof" in "\n".join(film_report.table(got, 3.0))


def test_a_film_in_the_dark_proves_nothing(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "night.mp4"), "w") as target:
        stream = target.add_stream("libx264", rate=5)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(20):
            target.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.zeros((240, 320, 3), np.uint8), format="bgr24"))
            )
        target.mux(stream.encode(None))
    (tmp_path / "own.toml").write_text('["night.mp4"]\nhelmet = "worn"\n', "utf-8")
    figures = tmp_path / "figures.json"
    words = ["--films", str(tmp_path), "--truth", str(tmp_path / "own.toml"), "--json", str(figures)]
    assert ended(["model", "evaluate", *words]) == 0
    night = json.loads(figures.read_text("utf-8"))["films"]["films"]["night.mp4"]
    assert (night["pictures"], night["unclear"], night["tracks"]) == (20, 20, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('["none.mp4"]\nhelmet = "worn"\n', "none.mp4"),
        ('["yard.mp4"]\nhelmet = "unsure"\n', "leave out what nobody knows"),
        ('["yard.mp4"]\n', "leave out what nobody knows"),
        ('["yard.mp4"]\nhat = "worn"\n', "hat"),
        ("", "no film"),
        ("[", "truth.toml"),
    ],
)
def test_a_truth_that_cannot_be_used_is_said_in_words(
    shown: Path, tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "truth.toml").write_text(text, "utf-8")
    assert ended(["model", "evaluate", "--films", str(shown), "--truth", str(tmp_path / "truth.toml")]) == 64
    assert said in capsys.readouterr().err


def test_a_file_that_is_no_film_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "yard.mp4").write_bytes(b"no film")
    (tmp_path / films.TRUTH).write_text(TRUTH, "utf-8")
    assert ended(["model", "evaluate", "--films", str(tmp_path)]) == 64
    assert "yard.mp4" in capsys.readouterr().err
    assert ended(["model", "evaluate"]) == 64
    assert "--films" in capsys.readouterr().err
