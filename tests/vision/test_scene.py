"""A camera that no longer shows its scene is told within ten seconds; dusk, rain and passers-by are not."""

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edge_agent.domain.observation import View
from edge_agent.domain.words import Words
from edge_agent.sense.camera import scene
from edge_agent.sense.camera.limits import STANDARD as L
from tests.support.languages import faults
from tests.vision.conftest import film

FPS = 5
GOOD_S = 12  # before the distortion begins
SIZE = (416, 312)
Picture = NDArray[np.uint8]
Distort = Callable[[Picture, int], Picture]


def yard(seed: int = 3) -> Picture:
    """Walls, pipes and doors, larger than the picture, so that the camera can turn."""
    chance = np.random.default_rng(seed)
    wall = np.full((SIZE[1], SIZE[0] * 2, 3), 120, np.uint8)
    for _ in range(140):
        x, y = int(chance.integers(0, SIZE[0] * 2)), int(chance.integers(0, SIZE[1]))
        w, h = (int(v) for v in chance.integers(8, 60, 2))
        cv2.rectangle(wall, (x, y), (x + w, y + h), [int(v) for v in chance.integers(30, 220, 3)], -1)
    return wall


def people(seconds: float) -> Iterator[Picture]:
    """The yard with two persons who walk."""
    wall = yard()
    for n in range(round(seconds * FPS)):
        picture = wall[:, : SIZE[0]].copy()
        for speed, y in ((9, 90), (-6, 150)):
            x = n * speed % SIZE[0]
            cv2.rectangle(picture, (x, y), (x + 26, y + 80), (40, 160, 230), -1)
        yield picture


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> list[Picture]:
    """Forty seconds of the yard as a camera's coder shows them."""
    path = film(tmp_path_factory.mktemp("yard") / "yard.mp4", list(people(40)), rate_hz=FPS)
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def plain(picture: Picture, _: int) -> Picture:
    return picture


NOISE = np.random.default_rng(1).normal(0, 1, (SIZE[1] * SIZE[0] * 6,)).astype(np.float32)


def noise(picture: Picture, level: float, n: int) -> NDArray[np.float32]:
    """Another piece of the same noise for every picture: made once, because making it takes long."""
    start = n * 7919 % (len(NOISE) - picture.size)
    return (level * NOISE[start : start + picture.size]).reshape(picture.shape)


def dusk(picture: Picture, n: int) -> Picture:
    share = np.float32(1 - 0.75 * n / (40 * FPS))
    return np.clip(picture * share + noise(picture, 4, n), 0, 255).astype(np.uint8)


def rain(picture: Picture, n: int) -> Picture:
    chance = np.random.default_rng(n)
    wet = picture.copy()
    for _ in range(100):
        x, y, length = (int(v) for v in chance.integers((0, 0, 8), (picture.shape[1], picture.shape[0], 25)))
        cv2.line(wet, (x, y), (x + 2, y + length), (200, 200, 200), 1)
    return np.clip(wet + noise(picture, 6, n), 0, 255).astype(np.uint8)


def shower(picture: Picture, n: int) -> Picture:
    return rain(picture, n) if GOOD_S * FPS <= n < 25 * FPS else picture


def passer_by(picture: Picture, n: int) -> Picture:
    """Every eight seconds somebody close by crosses half the picture within three seconds."""
    across = n % (8 * FPS) / (3 * FPS)
    near = picture.copy()
    if across < 1:
        width = picture.shape[1]
        x = round(across * width * 1.5 - width * 0.5)
        cv2.rectangle(near, (x, 20), (x + width // 2, picture.shape[0]), (60, 70, 90), -1)
    return near


def lamp(picture: Picture, n: int) -> Picture:
    """A lamp goes on over the right half."""
    lit = picture.astype(np.float32) * 0.5
    if n >= GOOD_S * FPS:
        lit[:, picture.shape[1] // 2 :] *= 1.9
    return np.clip(lit, 0, 255).astype(np.uint8)


def blurred(picture: Picture, _: int) -> Picture:
    return cv2.GaussianBlur(picture, (0, 0), 2).astype(np.uint8)


def hand(picture: Picture, _: int) -> Picture:
    height, width = picture.shape[:2]
    covered = picture.copy()
    cv2.ellipse(covered, (width // 2, round(height * 0.6)), (round(width * 0.36), round(height * 0.45)), 0, 0, 360,
                (90, 120, 160), -1)  # fmt: skip
    return cv2.GaussianBlur(covered, (0, 0), 0.8).astype(np.uint8)


def turned(picture: Picture, _: int) -> Picture:
    """By a tenth of the width; what comes into sight is mirrored."""
    by = picture.shape[1] // 10
    return cv2.copyMakeBorder(picture, 0, 0, by, 0, cv2.BORDER_REFLECT)[:, : picture.shape[1]].astype(np.uint8)


def elsewhere(picture: Picture, _: int) -> Picture:
    other: Picture = cv2.resize(yard(8)[:, : SIZE[0]], picture.shape[1::-1]).astype(np.uint8)
    return other


def told(pictures: list[Picture], distort: Distort, begins: int, ends: int) -> list[tuple[View | None, Words]]:
    """What is said after each picture, of which those from `begins` to before `ends` are distorted."""
    seen, said = scene.Seen(), []
    for n, picture in enumerate(pictures):
        shown = distort(picture, n) if begins <= n < ends else picture
        grey = cv2.cvtColor(shown, cv2.COLOR_BGR2GRAY).astype(np.uint8)
        seen, view, words = scene.judge(seen, scene.halved(grey), n / FPS, L)
        assert bool(words) == (view is not None)
        assert faults(words) == []
        said.append((view, words))
    return said


HARMLESS = [plain, dusk, rain, shower, passer_by, lamp]
HARMFUL = [(blurred, View.BLURRED), (hand, View.COVERED), (turned, View.MOVED), (elsewhere, View.MOVED)]


@pytest.mark.parametrize("distort", HARMLESS)
def test_an_ordinary_picture_is_not_suspected(coded: list[Picture], distort: Distort) -> None:
    assert {view for view, _ in told(coded, distort, 0, len(coded))} == {None}


@pytest.mark.parametrize(("distort", "view"), HARMFUL)
def test_what_is_wrong_is_said_within_ten_seconds_and_no_longer_than_it_lasts(
    coded: list[Picture], distort: Distort, view: View
) -> None:
    begins, ends = GOOD_S * FPS, 28 * FPS
    said = [seen for seen, _ in told(coded, distort, begins, ends)]
    assert set(said[:begins]) == {None}
    assert set(said[begins + 10 * FPS : ends]) == {view}
    assert set(said[begins:ends]) <= {None, view}
    assert set(said[ends + 10 * FPS :]) == {None}


@pytest.mark.parametrize("weather", [dusk, rain])
@pytest.mark.parametrize(("distort", "view"), HARMFUL[:3])
def test_it_is_said_in_bad_weather_too(
    coded: list[Picture], weather: Distort, distort: Distort, view: View
) -> None:
    begins = GOOD_S * FPS
    wet = [weather(distort(p, n) if n >= begins else p, n) for n, p in enumerate(coded)]
    if weather is rain and distort is blurred:  # the drops are before the lens
        wet = [distort(weather(p, n), n) if n >= begins else weather(p, n) for n, p in enumerate(coded)]
    said = [seen for seen, _ in told(wet, plain, 0, 0)]
    assert set(said[begins + 10 * FPS :]) == {view}


def test_a_scene_that_stays_wrong_is_never_learnt(coded: list[Picture]) -> None:
    day = [*coded[: GOOD_S * FPS], *(coded[GOOD_S * FPS :] * 4)]
    said = [seen for seen, _ in told(day, turned, GOOD_S * FPS, len(day))]
    assert set(said[(GOOD_S + 10) * FPS :]) == {View.MOVED}


def test_slow_pictures_are_judged_too(coded: list[Picture]) -> None:
    """One every five seconds, the slowest that settings allow: within two of them more."""
    seen, said = scene.Seen(), []
    for n in range(20):
        picture = coded[n] if n < 8 else hand(coded[n], n)
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.uint8)
        seen, view, _ = scene.judge(seen, scene.halved(grey), n * 5.0, L)
        said.append(view)
    assert set(said[:8]) == {None}
    assert set(said[10:]) == {View.COVERED}


def of(picture: Picture) -> scene.Measures:
    half = cv2.resize(picture, (SIZE[0] // 2, SIZE[1] // 2), interpolation=cv2.INTER_AREA)
    return scene.measured(cv2.cvtColor(half, cv2.COLOR_BGR2GRAY).astype(np.float32))


@settings(max_examples=30)
@given(st.floats(0.2, 1.3), st.floats(0, 40))
def test_light_alone_is_never_suspicious(gain: float, offset: float) -> None:
    before = yard()[:, : SIZE[0]]
    after = np.clip(before * gain + offset, 0, 255).astype(np.uint8)
    assert scene.suspicion(of(before), of(after), L, None)[0] is None


@settings(max_examples=30)
@given(st.integers(-60, 60))
def test_a_turn_is_measured_in_shares_of_the_width(by: int) -> None:
    wide = yard()
    share, _ = scene.shift(of(wide[:, 100 : 100 + SIZE[0]]), of(wide[:, 100 + by : 100 + by + SIZE[0]]))
    assert share == pytest.approx(abs(by) / SIZE[0], abs=0.02)


@settings(max_examples=30)
@given(st.floats(0, 1))
def test_the_covered_share_is_the_share_of_the_texture_that_is_hidden(share: float) -> None:
    before = yard()[:, : SIZE[0]]
    after = before.copy()
    after[:, : round(share * SIZE[0])] = 90
    lost, _ = scene.lost(of(before), of(after), L)
    if share <= 0.8:  # beyond, the light of the whole seems to have gone: the edges tell then
        assert lost == pytest.approx(share, abs=0.12)
    if share >= L.covered_share + 0.12:
        assert scene.suspicion(of(before), of(after), L, None)[0] is not None


REAL = ("one-by-one-person.mp4", "workers-ppe-1.mp4")  # fixed cameras; the others of the folder are held by hand


@pytest.fixture(scope="module", params=REAL)
def real(request: pytest.FixtureRequest, data_folder: Path) -> list[Picture]:
    """A film of people at work at five pictures a second, there and back again until it lasts forty seconds."""
    with av.open(str(data_folder / "clips" / request.param)) as container:
        stream = container.streams.video[0]
        step = round(float(stream.average_rate or 25) / FPS)
        pictures = []
        for n, frame in enumerate(container.decode(stream)):
            if n % step == 0:
                height = round(SIZE[0] * frame.height / frame.width)
                pictures.append(cv2.resize(frame.to_ndarray(format="bgr24"), (SIZE[0], height)).astype(np.uint8))
            if len(pictures) == 40 * FPS:
                break
    while len(pictures) < 40 * FPS:
        pictures += pictures[-2::-1]
    return pictures[: 40 * FPS]


@pytest.mark.parametrize("distort", HARMLESS)
def test_a_real_film_is_not_suspected(real: list[Picture], distort: Distort) -> None:
    assert {view for view, _ in told(real, distort, 0, len(real))} == {None}


@pytest.mark.parametrize(("distort", "view"), HARMFUL)
def test_a_distorted_real_film_is(real: list[Picture], distort: Distort, view: View) -> None:
    begins, ends = GOOD_S * FPS, 28 * FPS
    said = [seen for seen, _ in told(real, distort, begins, ends)]
    assert set(said[:begins]) == {None}
    assert set(said[begins + 10 * FPS : ends]) == {view}
    assert set(said[ends + 10 * FPS :]) == {None}
