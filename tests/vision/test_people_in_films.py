"""People of a real film, judged picture by picture: counted through a line, and never taken for a coat."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from edge_agent.domain.observation import SeenPerson, Sighting, View
from edge_agent.domain.zone import Opening
from edge_agent.fuse.openings import after
from edge_agent.fuse.stands import stands
from edge_agent.sense.camera import frames, manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.judging import CameraJudge
from edge_agent.sense.camera.lines import WatchedCamera
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from tests.vision.conftest import MODELS, STANDARD
from tests.vision.test_judging import NOWHERE, look, show

MODEL = "ppe-nano-second"
HZ = 5
# People come to a table one by one, stand, read and leave to the right: three by then, of six (watched by hand).
ONE_BY_ONE = "one-by-one-person.mp4"
UNTIL_S = 72
TO_THE_RIGHT = Opening(id="right", area="hall", line=((0.7, 0.0), (0.7, 1.0)), inward=(0.99, 0.5))


@pytest.fixture
def one(data_folder: Path) -> Iterator[CameraJudge]:
    """A camera's judge with the shipped model."""
    assert data_folder.is_dir()
    fd = frames.create("cam-1")
    detector = Detector(OnnxRuntime(manifest.weights(MODELS, MODEL)), manifest.model(MODELS, MODEL))
    yield CameraJudge(
        WatchedCamera(id="cam-1", frames_fd=fd, model=MODEL, areas=()), detector, STANDARD, 1, NOWHERE
    )
    os.close(fd)


def pictures(film: Path) -> Iterator[NDArray[np.uint8]]:
    """Five pictures a second."""
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        every = round(float(stream.average_rate or HZ) / HZ)
        for number, frame in enumerate(container.decode(stream)):
            if number % every == 0:
                yield frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False)


def seen(judge: CameraJudge, shown: Iterator[NDArray[np.uint8]]) -> Iterator[tuple[float, tuple[SeenPerson, ...]]]:
    for number, picture in enumerate(shown):
        at_s = number / HZ
        show(judge.camera.frames_fd, picture, at_s)
        judged = look(judge).judged
        if judged.view is View.CLEAR:
            yield at_s, judged.persons


def test_everybody_who_leaves_is_counted_once_and_stirs_while_he_stands(
    one: CameraJudge, data_folder: Path
) -> None:
    passed, places, longest_s = {}, (), 0.0
    shown = islice(pictures(data_folder / "clips" / ONE_BY_ONE), UNTIL_S * HZ)
    for at_s, persons in seen(one, shown):
        picture = Sighting(source="cam-1", at_s=at_s, view=View.CLEAR, persons=persons)
        passed = after(passed, picture, (TO_THE_RIGHT,), 2.0)
        places = stands(places, persons, at_s)
        longest_s = max([longest_s, *(at_s - place.since_s for place in places[: len(persons)])])
    count = passed["right"].since(1.0)
    assert (count.ins, count.outs, count.sure) == (3, 0, True)
    assert 10.0 < longest_s < 30.0  # one stands and reads for so long


def test_a_picture_of_people_never_stirs(one: CameraJudge, data_folder: Path) -> None:
    """As if a poster hung there: the same picture with a camera's noise."""
    still = next(islice(pictures(data_folder / "clips" / "workers-ppe-2.mp4"), 20, None))
    noise = np.random.default_rng(1).normal(0, 4, still.shape).astype(np.int16)  # drawn once, elsewhere each time
    noisy = (np.clip(still + np.roll(noise, 37 * n, (0, 1)), 0, 255).astype(np.uint8) for n in range(15 * HZ))
    places = ()
    for at_s, persons in seen(one, noisy):
        places = stands(places, persons, at_s)
    assert places
    assert all(place.since_s < 2.0 for place in places)
