"""`edge-agent model predict`, as it is typed: one line a picture, and words for everything that is wrong."""

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edge_agent.__main__ import main
from edge_agent.domain.observation import Worn
from edge_agent.ops.model import eyes
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.persons.entry import Band, Wearing
from edge_agent.sense.camera.persons.told import Shares, verdicts
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from edge_agent.sense.camera.runtimes.wanted import Wanted
from tests.support.command_line import ROOT, typed

GOOD, USAGE, BAD_DATA, UNAVAILABLE = 0, 64, 65, 69
MODELS, MODEL = ROOT / "models", "ppe-nano-first"


def figure() -> np.ndarray:
    """Something like a person in a vest: the model sees somebody, though not surely."""
    rng = np.random.default_rng(3)
    picture = rng.integers(0, 255, (240, 320, 3), dtype=np.uint8)
    cv2.ellipse(picture, (160, 60), (14, 18), 0, 0, 360, (150, 170, 210), -1)
    cv2.rectangle(picture, (138, 78), (182, 160), (0, 200, 255), -1)
    cv2.rectangle(picture, (142, 160), (178, 232), (90, 40, 20), -1)
    return picture


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("images")
    cv2.imwrite(str(folder / "b figure.png"), figure())
    cv2.imwrite(str(folder / "a.JPG"), np.full((50, 700, 3), 90, np.uint8))
    cv2.imwrite(str(folder / "grey.webp"), np.full((33, 20), 200, np.uint8))
    (folder / "notes.txt").write_text("no picture", "utf-8")
    return folder


def ended(words: list[str]) -> int:
    """The exit code of a command that was typed in this process."""
    try:
        return main(words)
    except SystemExit as refused:  # argparse's own
        return int(refused.code or 0)


def lines(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


def test_one_line_a_picture_in_the_pictures_own_pixels(images: Path) -> None:
    done = typed("model", "predict", "--images", images, "--json", "--score", "0.02")
    assert (done.returncode, done.stderr) == (GOOD, "")
    first, second, third = lines(done.stdout)
    assert [line["image"] for line in (first, second, third)] == ["a", "b figure", "grey"]
    assert (first["width"], first["height"], first["boxes"]) == (700, 50, [])
    assert set(second) == {"image", "width", "height", "boxes"}
    assert second["boxes"]
    for box in second["boxes"]:
        assert set(box) == {"label", "score", "xyxy"}
        assert box["label"] in {"person", "hardhat", "vest", "no_hardhat"}
        x1, y1, x2, y2 = box["xyxy"]
        assert 0 <= x1 < x2 <= 320
        assert 0 <= y1 < y2 <= 240
        assert 0.02 <= box["score"] <= 1


def test_json_holds_weak_boxes_too_and_text_only_those_that_count(
    images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["model", "predict", "--images", str(images), "--model", MODEL]
    assert main([*words, "--json", "--persons"]) == GOOD
    weak = lines(capsys.readouterr().out)[1]
    assert 0.01 <= min(box["score"] for box in weak["boxes"]) < 0.35
    assert weak["persons"] == [], "a person whose box does not count is nobody"
    assert main(words) == GOOD
    assert capsys.readouterr().out.splitlines()[1] == "b figure (320 x 240): nothing"


def test_it_sees_what_the_box_sees_on_site() -> None:
    detector = Detector(OnnxRuntime(manifest.weights(MODELS, MODEL)), manifest.model(MODELS, MODEL))
    detector.fit(figure())
    on_site = detector.look()
    here = eyes.named(MODELS, MODEL, Wanted()).look(figure(), 0.1)
    assert len(here.scores) > 0
    np.testing.assert_allclose(here.corners, on_site.corners * (320, 240, 320, 240), rtol=1e-4, atol=1e-2)
    np.testing.assert_allclose(here.scores, on_site.scores, rtol=1e-5)


def test_persons_are_told_one_by_one(images: Path, tmp_path: Path) -> None:
    """With a threshold that lets the drawn figure count."""
    text = (
        (MODELS / "manifest.toml").read_text("utf-8").replace("score_threshold = 0.35", "score_threshold = 0.02")
    )
    (tmp_path / "manifest.toml").write_text(text, "utf-8")
    for path in MODELS.glob("*.onnx"):
        shutil.copy(path, tmp_path)
    done = typed(
        "model", "predict", "--images", images, "--json", "--persons", "--models", tmp_path, "--model", MODEL
    )
    assert (done.returncode, done.stderr) == (GOOD, "")
    empty, seen, _ = lines(done.stdout)
    assert empty["persons"] == []
    people = [box for box in seen["boxes"] if box["label"] == "person" and box["score"] >= 0.02]
    assert people
    assert [person["xyxy"] for person in seen["persons"]] == [box["xyxy"] for box in people]
    for person in seen["persons"]:
        assert set(person) == {"xyxy", "helmet", "vest", "score"}
        assert {person["helmet"], person["vest"]} <= {"worn", "missing", "unsure"}


def test_words_for_people_without_json(images: Path) -> None:
    done = typed("model", "predict", "--images", images)
    assert done.returncode == GOOD
    assert done.stdout.splitlines()[0] == "a (700 x 50): nothing"


def test_a_broken_picture_is_named_and_the_others_are_done(images: Path, tmp_path: Path) -> None:
    folder = tmp_path / "some"
    shutil.copytree(images, folder)
    (folder / "broken.jpg").write_bytes((folder / "a.JPG").read_bytes()[:40])
    (folder / "empty.png").write_bytes(b"")
    done = typed("model", "predict", "--images", folder, "--json")
    assert done.returncode == BAD_DATA
    assert [line["image"] for line in lines(done.stdout)] == ["a", "b figure", "grey"]
    assert [name for name in ("broken.jpg", "empty.png") if name in done.stderr] == ["broken.jpg", "empty.png"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--images", "nowhere"], "cannot be opened"),
        (["--images", "README.md"], "cannot be opened"),
        (["--images", "web_ui/words"], "no pictures"),
        (["--images", "web_ui/words", "--model", "other"], "other"),
        (["--images", "web_ui/words", "--models", "web_ui/words"], "manifest.toml"),
        (["--images", "web_ui/words", "--score", "nan"], "between 0 and 1"),
        (["--images", "web_ui/words", "--score", "2"], "between 0 and 1"),
        (["--images", "web_ui/words", "--threads", "0"], "1 or more"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert ended(["model", "predict", "--json", *words]) in {USAGE, 2}
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


def test_a_judge_of_persons_that_is_not_the_named_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text(
        (MODELS / "manifest.toml").read_text("utf-8")
        + f"""
[{MODEL}.wearing]
judge = "judge.onnx"
judge_sha256 = "{"0" * 64}"
least_px = 48
helmet = {{ missing_below = 0.2, worn_from = 0.8 }}
vest = {{ missing_below = 0.2, worn_from = 0.8 }}
""",
        "utf-8",
    )
    shutil.copy(MODELS / "ppe_nano_first.onnx", tmp_path)
    with pytest.raises(manifest.ModelError, match=r"judge\.onnx: cannot be read"):
        eyes.named(tmp_path, MODEL, Wanted())
    (tmp_path / "judge.onnx").write_bytes(b"another file")
    with pytest.raises(manifest.ModelError, match=r"judge\.onnx: not the file"):
        eyes.named(tmp_path, MODEL, Wanted())


LINES = Wearing(least_px=48, helmet=Band(0.3, 0.7), vest=Band(0.2, 0.6))


def told(top: float, height: float, share: float, judge: float) -> tuple[Worn, Worn]:
    """The verdicts about helmet and vest of one person, of whom both witnesses say the same of both."""
    corners = np.array([[10, top, 60, top + height]], np.float32)
    found = Shares(np.full((1, 2), share, np.float32), np.full((1, 2), judge, np.float32))
    return verdicts(LINES, corners, found)[0]


def test_what_cannot_be_told_is_unsure() -> None:
    worn, missing, unsure = Worn.WORN, Worn.MISSING, Worn.UNSURE
    assert told(20, 200, 0.25, np.nan) == (missing, unsure), "each thing has its own lines"
    assert told(20, 200, 0.65, np.nan) == (unsure, worn)
    assert told(20, 200, 0.3, np.nan) == (unsure, unsure)
    assert told(20, 200, 0.7, np.nan) == (worn, worn)
    assert told(20, 40, 0.0, np.nan) == told(20, 40, 1.0, np.nan) == (unsure, unsure), "too small to be told"
    assert told(20, 200, 0.0, 1.0) == (unsure, unsure), "the witnesses contradict each other"
    assert told(20, 200, 0.3, 0.05) == (missing, missing), "their mean is told"
    assert told(20, 200, 0.5, 0.0) == (missing, unsure)
    assert told(1, 200, 0.5, 0.0) == (unsure, unsure), "the head may be outside, and no box speaks of it"
    assert told(1, 200, 0.4, 0.0)[0] is missing, "a box speaks of it"


def test_a_model_without_lines_tells_only_what_is_all_but_certain() -> None:
    assert eyes.named(MODELS, MODEL, Wanted()).wearing == eyes.UNTUNED
