"""The guards' colour on somebody's upper body: a vest or a band on the arm, nothing where light does not allow."""

import os
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.observation import GUARD_MARK, Worn
from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera import frames, manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.judging import CameraJudge
from edge_agent.sense.camera.lines import WatchedCamera
from edge_agent.sense.camera.persons.colour import grey, told, torso
from edge_agent.settings.site_cameras import GuardColour
from tests.vision.conftest import MODEL, MODELS, QUICK, moving
from tests.vision.test_judging import NOWHERE, OnePerson, look, show

YELLOW = GuardColour(hue_deg=(45.0, 70.0))
RED = GuardColour(hue_deg=(340.0, 20.0))  # over the top of the circle
VEST, SHIRT, ARM_BAND = (20, 230, 240), (120, 60, 40), (30, 30, 220)  # blue, green, red
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
BOX = np.array((100, 40, 180, 280), np.float32)


def somebody(vest: tuple[int, int, int], *, band: tuple[int, int, int] | None = None) -> np.ndarray:
    """A picture of somebody in a vest, with a band on the arm if asked."""
    picture = np.full((300, 300, 3), (90, 110, 100), np.uint8)
    picture[76:172, 104:176] = vest
    if band is not None:
        picture[100:140, 104:124] = band
    return picture


def says(picture: np.ndarray, colour: GuardColour) -> Worn:
    return told(torso(picture, BOX), colour)


def test_a_vest_and_a_band_on_the_arm_are_seen() -> None:
    assert says(somebody(VEST), YELLOW) is Worn.WORN
    assert says(somebody(SHIRT), YELLOW) is Worn.MISSING
    assert says(somebody(SHIRT, band=ARM_BAND), RED) is Worn.UNSURE, "a little of it: nobody can tell"
    band = GuardColour(hue_deg=RED.hue_deg, worn_from_pct=8.0, missing_below_pct=2.0)
    assert says(somebody(SHIRT, band=ARM_BAND), band) is Worn.WORN
    assert says(somebody(SHIRT), band) is Worn.MISSING


def test_where_light_does_not_allow_it_cannot_be_told() -> None:
    assert says((somebody(VEST) * 0.1).astype(np.uint8), YELLOW) is Worn.UNSURE, "too dark"
    assert says(np.full((300, 300, 3), 255, np.uint8), YELLOW) is Worn.UNSURE, "glaring"
    night = cv2.cvtColor(cv2.cvtColor(somebody(VEST), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert grey(night)
    assert not grey(somebody(VEST))
    assert told(torso(somebody(VEST), BOX / 10), YELLOW) is Worn.UNSURE, "too small"
    assert told(torso(somebody(VEST), BOX + 400), YELLOW) is Worn.UNSURE, "outside the picture"


@given(st.floats(0.3, 1.0), st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_dusk_and_noise_turn_nobody_into_a_guard(light: float, noise: int, seed: int) -> None:
    rng = np.random.default_rng(seed)

    def seen(picture: np.ndarray) -> Worn:
        dim = picture * light + rng.normal(0, noise, picture.shape)
        return says(np.clip(dim, 0, 255).astype(np.uint8), YELLOW)

    assert seen(somebody(SHIRT)) is not Worn.WORN
    assert seen(somebody(VEST)) is not Worn.MISSING


@pytest.fixture
def fd() -> Iterator[int]:
    descriptor = frames.create("cam-1")
    yield descriptor
    os.close(descriptor)


@pytest.mark.parametrize(("post", "wanted"), [(True, {GUARD_MARK: Worn.WORN}), (False, {})])
def test_who_stands_at_the_post_is_looked_at_for_it_and_nobody_else(
    fd: int, *, post: bool, wanted: dict[str, Worn]
) -> None:
    here = PictureArea(id="here", area="mouth", corners=WHOLE, post=post)
    detector = Detector(OnePerson(), manifest.model(MODELS, MODEL))
    watched = WatchedCamera(id="cam-1", frames_fd=fd, model=MODEL, areas=(here,))
    one = CameraJudge(watched, detector, QUICK, 1, NOWHERE, guard_colour=YELLOW)
    for n, picture in enumerate(moving(3, 416, 416)):
        picture[40:120, 74:134] = VEST  # upon the person whom the detector sees
        show(fd, picture, n * 0.1)
        (found,) = look(one).judged.persons or (None,)
    assert found is not None
    assert found.ppe == wanted


def test_a_picture_without_colours_tells_of_nobody(fd: int) -> None:
    here = PictureArea(id="here", area="mouth", corners=WHOLE, post=True)
    watched = WatchedCamera(id="cam-1", frames_fd=fd, model=MODEL, areas=(here,))
    detector = Detector(OnePerson(), manifest.model(MODELS, MODEL))
    one = CameraJudge(watched, detector, QUICK, 1, NOWHERE, guard_colour=YELLOW)
    for n, picture in enumerate(moving(3, 416, 416)):
        show(fd, cv2.cvtColor(picture[..., 0], cv2.COLOR_GRAY2BGR), n * 0.1)
        (found,) = look(one).judged.persons or (None,)
    assert found is not None
    assert found.ppe == {GUARD_MARK: Worn.UNSURE}
