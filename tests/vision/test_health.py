"""A picture that cannot be trusted is never CLEAR; one that can is not called frozen for being still."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from edge_agent.domain.observation import View
from edge_agent.sense.camera import health
from edge_agent.sense.camera.limits import STANDARD as L
from tests.support.languages import faults
from tests.vision.conftest import film, moving

Pictures = list[NDArray[np.uint8]]


def room(seed: int = 5) -> NDArray[np.uint8]:
    """A textured, empty room."""
    rough = np.random.default_rng(seed).integers(40, 200, (12, 16, 3), dtype=np.uint8)
    return cv2.resize(rough, (320, 240), interpolation=cv2.INTER_CUBIC)


def with_noise(picture: NDArray[np.uint8], level: float, seed: int) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).normal(0, level, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def through_a_coder(folder: Path, pictures: Pictures, **options: str) -> Pictures:
    with av.open(str(film(folder / "coded.mp4", pictures, **options))) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def views(
    pictures: Pictures, *, period_s: float = 0.1, pts: bool = True, standing_pts: bool = False
) -> list[View]:
    seen, told = health.Seen(), []
    for n, picture in enumerate(pictures):
        pts_s = (0.0 if standing_pts else n * period_s) if pts else None
        seen, view, detail = health.judge(seen, health.thumbnail(picture), n * period_s, pts_s, L)
        assert bool(detail) == (view is not View.CLEAR)
        assert faults(detail) == []
        told.append(view)
    return told


@given(st.integers(0, 2**32 - 1), st.integers(0, 6), st.floats(0, 2))
def test_the_same_is_by_the_largest_difference_of_a_cell_and_the_mean_of_all(
    seed: int, noise: int, mean: float
) -> None:
    chance = np.random.default_rng(seed)
    one = chance.integers(0, 256, (72, 96)).astype(np.int16)
    two = (one + chance.integers(-noise, noise + 1, (72, 96)) * (chance.random((72, 96)) < 0.3)).astype(np.int16)
    apart = np.abs(one.astype(float) - two)
    for cell in (2.0, 3.0, 4.0):
        assert health.within(one, two, cell, mean) is bool(apart.max() <= cell and apart.mean() <= mean)


def test_a_first_picture_alone_proves_nothing() -> None:
    assert views([room()]) == [View.STARTING]


def test_a_live_picture_is_clear_from_its_second_on() -> None:
    assert views(moving(5)) == [View.STARTING] + [View.CLEAR] * 4


def test_the_same_picture_for_too_long_is_frozen() -> None:
    told = views(moving(5) + [room()] * 100)
    assert told[5 + 79] is View.CLEAR
    assert told[5 + 80 :] == [View.FROZEN] * 20


def test_a_camera_that_starts_frozen_is_never_clear() -> None:
    told = views([room()] * 100)
    assert View.CLEAR not in told
    assert told[-1] is View.FROZEN


def test_it_is_clear_again_with_the_first_new_picture() -> None:
    assert views([room()] * 100 + moving(2))[-2:] == [View.CLEAR] * 2


def test_a_stream_whose_own_clock_stands_is_frozen_even_if_its_pictures_change() -> None:
    told = views(moving(100), standing_pts=True)
    assert told[-1] is View.FROZEN
    assert views(moving(100), pts=False)[-1] is View.CLEAR  # a stream without a clock is judged by its pictures


CODERS = [
    {"crf": "23", "g": "20"},
    {"crf": "28", "g": "20", "tune": "zerolatency"},
    {"crf": "35", "g": "20"},  # its full pictures stand out, and their quality wanders for ten seconds
    {"b": "300k", "crf": "-1", "g": "40"},
]


@pytest.mark.parametrize("options", CODERS, ids=str)
def test_a_frozen_source_behind_a_working_coder_is_frozen_and_stays_so(
    tmp_path: Path, options: dict[str, str]
) -> None:
    told = views(through_a_coder(tmp_path, [*moving(5), *[room()] * 290], **options))
    assert set(told[230:]) == {View.FROZEN}, told


def test_the_round_of_a_coder_fed_one_picture_is_frozen() -> None:
    """Every two seconds another of three faint shades, as full pictures are: none of them is news."""
    shades = [room() for _ in range(3)]
    for n, shade in enumerate(shades):
        shade[100:160, 100:160] += 6 * n
    told = views([*moving(5), *[shades[n // 20 % 3] for n in range(240)]])
    assert set(told[5 + 60 + 80 :]) == {View.FROZEN}


def test_once_frozen_only_movement_counts() -> None:
    faint = room()
    faint[100:160, 100:160] += 6  # as the next full picture of a coder
    told = views([*moving(5), *[room()] * 100, faint, *[room()] * 5, *moving(1)])
    assert set(told[100:111]) == {View.FROZEN}
    assert told[111] is View.CLEAR


@pytest.mark.parametrize("crf", ["23", "28"])
def test_an_empty_room_where_nothing_moves_is_not_frozen(tmp_path: Path, crf: str) -> None:
    pictures = [with_noise(room(), 2.0, n) for n in range(200)]
    told = views(through_a_coder(tmp_path, pictures, crf=crf, g="20"))
    assert View.FROZEN not in told
    assert told[-1] is View.CLEAR


def test_a_short_film_in_a_loop_is_not_frozen() -> None:
    assert set(views(moving(20) * 10)[1:]) == {View.CLEAR}


def dim(mean: float, spread: float, seed: int) -> NDArray[np.uint8]:
    """A picture of large dim patches, with noise, so that it is alive."""
    rough = np.random.default_rng(1).normal(mean, spread, (6, 8))
    picture = cv2.resize(rough, (320, 240), interpolation=cv2.INTER_NEAREST)
    return with_noise(np.repeat(np.clip(picture, 0, 255)[:, :, None], 3, 2).astype(np.uint8), 2.0, seed)


@pytest.mark.parametrize(
    ("mean", "spread", "expected"),
    [
        (3, 2, View.DARK),
        (16, 4, View.DARK),
        (20, 40, View.CLEAR),  # a dark place with lamps
        (60, 20, View.CLEAR),
        (128, 0.5, View.COVERED),
        (250, 0.5, View.COVERED),  # blinded
    ],
)
def test_dark_and_covered_pictures_show_nobody(mean: float, spread: float, expected: View) -> None:
    assert views([dim(mean, spread, n) for n in range(10)])[-1] is expected


def test_dusk_does_not_flicker() -> None:
    swinging = [dim(22.5 + (3 if n % 2 else 0), 4, n) for n in range(40)]  # around the limit of 24
    told = views(swinging)[5:]
    assert set(told) == {View.DARK}


def test_a_frozen_dark_picture_is_not_clear() -> None:
    assert views([np.zeros((240, 320, 3), np.uint8)] * 100)[-1] is View.DARK
