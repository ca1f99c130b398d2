"""The canary through real sessions: one that fails without a word is caught, and its cameras are unjudged."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from edge_agent.domain.observation import View
from edge_agent.domain.words import NOTHING
from edge_agent.sense.camera import frames, manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.inference import Round
from edge_agent.sense.camera.lines import InferenceLine, InferenceOrder, Judged, WatchedCamera
from edge_agent.sense.camera.persons.entry import Band, Wearing
from edge_agent.sense.camera.persons.wearer import Wearer
from edge_agent.sense.camera.proof import canary
from edge_agent.sense.camera.proof.accepted import Accepted
from edge_agent.sense.camera.proof.canary import RETRY_S, Canary
from edge_agent.sense.camera.proof.swap import Seeing
from edge_agent.sense.camera.runtimes import Description, Tensor
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from edge_agent.sense.camera.runtimes.wanted import PLAIN
from tests.support.languages import faults
from tests.vision.conftest import MODELS, QUICK, moving

EVERY_MODEL = ("ppe-nano-first", "ppe-nano-second", "ppe-nano-third")
EVERY_S = 60.0


class Session:
    """A real session that begins to fail in a given way, and stops failing."""

    def __init__(self, model: str) -> None:
        self._sound = OnnxRuntime(manifest.weights(MODELS, model))
        self._last: Tensor | None = None
        self.fails = ""

    def run(self, pictures: Tensor) -> Tensor:
        match self.fails:
            case "crash":
                raise RuntimeError("device lost")
            case "stuck" if self._last is not None:
                return self._last
            case "colours":
                pictures = np.ascontiguousarray(pictures[:, ::-1])
        raw = self._sound.run(pictures)
        self._last = raw
        match self.fails:
            case "nan":
                raw = np.full_like(raw, np.nan)
            case "nothing":
                raw = np.zeros_like(raw)
            case "faint":
                raw = raw * np.array([1, 1, 1, 1, 0.5, *[1] * (raw.shape[2] - 5)], np.float32)
            case "shifted":
                raw = np.roll(raw, 40, axis=1)
            case "label":
                raw = np.concatenate((raw[..., :5], raw[..., :4:-1]), axis=2)
            case "shape":
                raw = raw[:, :-1]
        return raw

    def describe(self) -> Description:
        return self._sound.describe()


FAILURES = ("crash", "stuck", "nan", "nothing", "faint", "shifted", "label", "shape")


def detector(session: Session, model: str = EVERY_MODEL[0]) -> Detector:
    return Detector(session, manifest.model(MODELS, model))


# Every way with one model, and with each of the others the hardest to tell: it still sees somebody.
@pytest.mark.parametrize(
    ("model", "fails"),
    [(EVERY_MODEL[0], fails) for fails in FAILURES] + [(other, "shifted") for other in EVERY_MODEL[1:]],
)
def test_a_session_that_fails_is_doubted_until_it_is_right_again(model: str, fails: str) -> None:
    session = Session(model)
    seeing, now_s = detector(session), 0.0
    asked = Canary(seeing, None, canary.answer(seeing, None), EVERY_S)
    asked.look_if_due(lambda: now_s)
    assert seeing.doubt == NOTHING
    session.fails = fails
    now_s = EVERY_S - 0.1
    asked.look_if_due(lambda: now_s)
    assert seeing.doubt == NOTHING, "not its time"
    now_s = EVERY_S
    asked.look_if_due(lambda: now_s)
    assert "built-in picture" in seeing.doubt.en
    assert faults(seeing.doubt) == []
    session.fails = ""
    now_s += RETRY_S
    asked.look_if_due(lambda: now_s)
    assert seeing.doubt == NOTHING


def test_what_was_stuck_on_the_canary_itself_is_caught() -> None:
    session = Session(EVERY_MODEL[1])
    seeing = detector(session)
    expected = canary.answer(seeing, None)
    assert canary.wrong(seeing, None, expected) == NOTHING
    session.fails = "stuck"
    assert canary.wrong(seeing, None, expected)


@pytest.mark.parametrize("fails", ["stuck", "nothing"])
@pytest.mark.parametrize("model", EVERY_MODEL)
def test_a_model_that_failed_when_it_was_accepted_proves_nothing(model: str, fails: str) -> None:
    """Its answer is the same as then, and shows nobody where somebody is drawn."""
    session = Session(model)
    seeing = detector(session)
    session.run(np.zeros((1, 3, 416, 416), np.float32))
    session.fails = fails
    expected = canary.answer(seeing, None)
    assert "does not see the people" in canary.wrong(seeing, None, expected).en


def test_one_that_never_was_right_is_not_started_anew_for_ever() -> None:
    session = Session(EVERY_MODEL[0])
    seeing = detector(session)
    expected = canary.answer(seeing, None)
    session.fails = "nothing"
    never = Canary(seeing, None, expected, EVERY_S)
    for n in range(9):
        never.look_if_due(lambda n=n: n * RETRY_S)
        assert never.doubt
        assert not never.broken


class Persons:
    """The shipped judge of persons, which begins to fail in a given way."""

    def __init__(self) -> None:
        self._sound = OnnxRuntime((MODELS / "ppe_nano_second_persons.onnx").read_bytes())
        self._last: Tensor | None = None
        self.fails = ""

    def run(self, pictures: Tensor) -> Tensor:
        match self.fails:
            case "crash":
                raise RuntimeError("device lost")
            case "nan":
                return np.full((1, 2), np.nan, np.float32)
            case "unsure":
                return np.full((1, 2), 0.5, np.float32)
            case "stuck" if self._last is not None:
                return self._last
        self._last = self._sound.run(pictures)
        return self._last

    def describe(self) -> Description:
        return self._sound.describe()


@pytest.mark.parametrize("fails", ["crash", "nan", "unsure", "stuck"])
def test_a_judge_of_persons_that_fails_is_doubted(fails: str) -> None:
    persons, seeing = Persons(), detector(Session(EVERY_MODEL[1]), EVERY_MODEL[1])
    lines = Wearing(least_px=48, helmet=Band(0.4, 0.75), vest=Band(0.3, 0.6))
    wearer = Wearer(seeing.labels, lines, persons)
    expected = canary.answer(seeing, wearer)
    assert canary.wrong(seeing, wearer, expected) == NOTHING
    persons.fails = fails
    doubt = canary.wrong(seeing, wearer, expected)
    assert "built-in picture" in doubt.en
    assert faults(doubt) == []
    if fails in ("stuck", "unsure"):  # it was accepted so
        assert "cannot tell who wears" in canary.wrong(seeing, wearer, canary.answer(seeing, wearer)).en


class Standing:
    """A clock that stands where the test puts it."""

    now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s

    def instant(self) -> object:
        raise OSError("no stills here")


@pytest.fixture
def fds() -> Iterator[tuple[int, int]]:
    made = (frames.create("cam-1"), frames.create("cam-2"))
    yield made
    for fd in made:
        os.close(fd)


def test_all_its_cameras_are_unjudged_and_those_of_another_model_are_not(
    fds: tuple[int, int], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    sessions = [Session(name) for name in EVERY_MODEL]
    seeing = {
        f"cam-{n + 1}": accepted(one, name)
        for n, (one, name) in enumerate(zip(sessions, EVERY_MODEL, strict=True))
    }
    cameras = tuple(
        WatchedCamera(id=f"cam-{n + 1}", frames_fd=fd, model=EVERY_MODEL[n], areas=()) for n, fd in enumerate(fds)
    )
    order = InferenceOrder(
        cameras=cameras, bell_fd=-1, models_folder="", runtime_folder=str(tmp_path), parent=0, limits=QUICK,
        canary_s=EVERY_S,
    )  # fmt: skip
    clock = Standing()
    turns = Round(order, seeing, clock)
    writers = [frames.FrameWriter(fd) for fd in fds]
    told = []
    for n, picture in enumerate(moving(8, 416, 416)):
        sessions[0].fails = "nothing" if n in (3, 4, 5, 6) else ""
        clock.now_s = {0: 0.0, 1: 1.0, 2: 2.0}.get(n, EVERY_S + RETRY_S * n)
        for writer in writers:
            writer.write(picture.reshape(416, -1), n * 0.1, n * 0.1)
        assert turns.turn() == 2
        told.append(views(capfdbinary))
        assert bool(turns.broken) is (n in (5, 6))
    assert [view["cam-1"] for view in told[2:]] == [View.CLEAR, *[View.UNJUDGED] * 4, View.CLEAR]
    assert {view["cam-2"] for view in told[2:]} == {View.CLEAR}


def accepted(session: Session, model: str) -> Seeing:
    seeing, entry = detector(session, model), manifest.model(MODELS, model)
    known = Accepted(name=model, entry=entry, wearing=None, runtime=PLAIN, expected=canary.answer(seeing, None))
    return Seeing(seeing, None, known)


def views(said: pytest.CaptureFixture[bytes]) -> dict[str, View]:
    lines = [msgspec.json.decode(line, type=InferenceLine) for line in said.readouterr().out.splitlines()]
    judged = [line for line in lines if isinstance(line, Judged)]
    assert all("built-in picture" in line.detail.en for line in judged if line.view is View.UNJUDGED)
    return {line.camera: line.view for line in judged}
