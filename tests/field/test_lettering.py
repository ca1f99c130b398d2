"""What stands on a picture: read on snow and at night, never beyond its edge, and nothing of the scene lost."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.field.lettering import DARK, ELLIPSIS, WHITE, banded, lettered
from edge_agent.field.lettering import _cut as cut
from edge_agent.field.lettering import _wide as wide

FIELDS = ("2026-11-27 17:00:03 +08:00 时钟可信", "站点 demo-tank/edge-1 演示罐区", "区域 tank-inside 3号罐内",
          "作业票 P-2026-1127-0001", "摄像机 cam-1 罐口", "作业点 6.5, 0.0 m = 31.230400, 121.473700")  # fmt: skip
LONG = "区域 tank-inside " + "检修平台下方人孔与搅拌器支架之间的通道" * 9
SHAPES = [(1280, 720), (1920, 1080), (320, 240), (360, 640), (720, 1280)]


def scene(shape: tuple[int, int], grey: int) -> np.ndarray:
    return np.full((shape[1], shape[0], 3), grey, np.uint8)


def band_of(before: np.ndarray, after: np.ndarray) -> int:
    """The first row that is not as it was."""
    return int(np.flatnonzero((before != after).any(axis=(1, 2)))[0])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("grey", [0, 128, 255])
def test_letters_are_white_on_dark_whatever_the_scene(shape: tuple[int, int], grey: int) -> None:
    before = scene(shape, grey)
    after = banded(before, FIELDS)
    top = band_of(before, after) if grey else shape[1] // 2
    band = after[top:]
    assert band.max() == WHITE[0]
    assert np.median(band) <= 255 * (1 - DARK) + 1
    assert (shape[1] - top) <= 0.5 * shape[1]


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_runs_off_the_picture_and_a_long_name_ends_in_an_ellipsis(shape: tuple[int, int]) -> None:
    after = banded(scene(shape, 0), (*FIELDS[:2], LONG, *FIELDS[3:]))
    lit = (after > 60).any(axis=2)
    assert lit.any()
    assert not lit[:, -2:].any()
    assert not lit[-1:].any()
    assert not lit[:, :2].any()
    assert np.array_equal(after, banded(scene(shape, 0), (*FIELDS[:2], LONG + "再加", *FIELDS[3:])))  # cut before


def test_what_comes_after_a_long_name_is_still_there() -> None:
    """The permit's number is never pushed off by somebody's long name for a place."""
    one, other = (
        banded(scene((1280, 720), 0), (*FIELDS[:2], LONG, permit)) for permit in ("作业票 P-1", "作业票 P-2")
    )
    assert not np.array_equal(one, other)


def test_every_character_has_its_own_shape() -> None:
    """A font without Chinese draws the same empty box for each of them."""
    drawn = [banded(scene((640, 360), 0), (character,)) for character in "罐区票时钟未校准α鑢"]
    for at, one in enumerate(drawn):
        assert (one > 60).any()
        assert not any(np.array_equal(one, other) for other in drawn[:at])


@given(st.text(max_size=80), st.integers(40, 600), st.integers(10, 40))
def test_what_is_cut_fits_and_begins_as_it_was(text: str, room: int, size: int) -> None:
    shown = cut(text, room, size)
    assert wide(shown, size) <= room or shown == ELLIPSIS
    assert shown == text or text.startswith(shown[: -len(ELLIPSIS)])


@given(st.lists(st.text(max_size=60), max_size=8), st.integers(1, 400), st.integers(1, 400))
def test_no_picture_and_no_words_are_too_odd(fields: list[str], width: int, height: int) -> None:
    before = scene((width, height), 100)
    after = banded(before, fields)
    assert after.shape == before.shape
    assert (before == 100).all()


def test_the_scene_shows_through_the_band() -> None:
    before = scene((1280, 720), 10)
    before[700:, 600:700] = 250
    after = banded(before, FIELDS[:1])
    assert np.median(after[705:, 610:690]) > 3 * np.median(after[705:, 100:500]) + 20


def test_what_is_no_picture_stays_what_it_is() -> None:
    assert lettered(b"no picture", FIELDS) == b"no picture"
    assert lettered(b"", FIELDS) == b""
    _, jpeg = cv2.imencode(".jpg", scene((320, 240), 90))
    assert lettered(jpeg.tobytes(), FIELDS) != jpeg.tobytes()
