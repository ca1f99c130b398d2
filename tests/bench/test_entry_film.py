"""The bench's film of an entry: the shipped model sees somebody step into the zone when it says that he does."""

import os
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from edge_agent.domain.observation import View
from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera import frames, manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.judging import CameraJudge
from edge_agent.sense.camera.lines import WatchedCamera
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from edge_agent.settings.load import load
from tests.bench import entry_film
from tests.bench.guarded import CAMERA, ROOT
from tests.vision.conftest import MODELS, STANDARD
from tests.vision.test_judging import look, show

LATE = 3  # pictures, a fifth of a second: a box is never exact


@pytest.fixture(scope="module")
def zone() -> PictureArea:
    (area,) = load(ROOT / "zones" / "demo-tank", ROOT).site.cameras[CAMERA].areas
    return area


@pytest.fixture
def judge(zone: PictureArea, tmp_path: Path) -> Iterator[CameraJudge]:
    model = load(ROOT / "zones" / "demo-tank", ROOT).site.cameras[CAMERA].model
    detector = Detector(OnnxRuntime(manifest.weights(MODELS, model)), manifest.model(MODELS, model))
    fd = frames.create(CAMERA)
    watched = WatchedCamera(id=CAMERA, frames_fd=fd, model=model, areas=(zone,))
    yield CameraJudge(watched, detector, STANDARD, 1, tmp_path)
    os.close(fd)


def seen_inside(judge: CameraJudge, film: Path, zone: PictureArea, first: int, last: int) -> list[bool]:
    """Whether each of these pictures shows somebody in the zone."""
    found = []
    with av.open(str(film)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number > last:
                break
            show(judge.camera.frames_fd, frame.to_ndarray(format="bgr24"), number / entry_film.FILM_HZ)
            judged = look(judge).judged
            if number >= first:
                assert judged.view is View.CLEAR, judged.detail
                found.append(any(zone.area in person.zones for person in judged.persons))
    return found


def test_he_is_seen_inside_from_the_picture_in_which_he_steps_in(
    judge: CameraJudge, zone: PictureArea, tmp_path: Path
) -> None:
    film, enters = entry_film.write_entry(tmp_path / "entry.mp4"), entry_film.entered(zone.corners)
    found = seen_inside(judge, film, zone, enters - 2 * LATE, enters + 2 * LATE)
    assert not any(found[:LATE])
    assert all(found[-LATE:])


def test_nobody_is_seen_inside_while_only_the_one_behind_walks(
    judge: CameraJudge, zone: PictureArea, tmp_path: Path
) -> None:
    assert not any(seen_inside(judge, entry_film.write_empty(tmp_path / "empty.mp4"), zone, 15, 45))
