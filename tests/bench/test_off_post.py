"""The bench of false and late absences: what is true of a film, and that it counts what the box gets wrong."""

import random
from pathlib import Path

import numpy as np
import pytest

from edge_agent.sense.camera.boxes import Boxes
from edge_agent.sense.camera.detector import Detector
from tests.bench import bench_off_post as bench
from tests.bench import entry_film
from tests.bench.spoilt import Spoil, drawn_from

TRUTH = bench.Truth(film="", post=((0, 0), (1, 0), (1, 1)), there=((10.0, 30.0),), unsure_s=1.0)


@pytest.mark.parametrize(
    ("from_s", "to_s", "somebody"),
    [(-50, 5, False), (0, 11, False), (0, 11.5, True), (29.5, 60, False), (28.5, 60, True), (60, 111.5, True)],
)
def test_somebody_was_there_in_every_showing_of_the_film(from_s: float, to_s: float, *, somebody: bool) -> None:
    assert TRUTH.anybody(from_s, to_s, 100.0) is somebody


def test_the_same_seed_spoils_the_same_and_another_does_not() -> None:
    picture = np.full((48, 64, 3), 100, np.uint8)
    chances = [random.Random(seed) for seed in ("one", "one", "two")]  # noqa: S311
    made = [drawn_from(chance, 60.0).done(picture, np.random.default_rng(1)) for chance in chances]
    assert np.array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])
    assert np.array_equal(Spoil().done(picture, np.random.default_rng(1)), picture)
    assert Spoil(lost=((3.0, 4.0),)).gone(3.5)


class Blind(Detector):
    """Sees nobody, whoever is there."""

    def look(self, least_score: float) -> Boxes:
        return super().look(2.0 + least_score)


def _shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detector: type[Detector], comes_s: int = 5
) -> bench.Found:
    """Somebody drawn stands in the post from some second to the eighteenth, out of thirty-six."""
    monkeypatch.setattr(bench, "Detector", detector)
    post = ((0.3, 0.5), (0.8, 0.5), (0.8, 1), (0.3, 1))
    there = bench.Truth(film="", post=post, there=((comes_s, 18.0),), unsure_s=1.0)
    worker, found = (entry_film.Worker(340, 440, 230),), bench.Found()
    session = bench.Session(there, "ppe-nano-third", 1.0, 60.0, tmp_path)
    for second in range(36):
        rgb = entry_film.picture(second * 7, worker if comes_s <= second < 18 else ())
        session.look(bench.Shown(float(second), np.ascontiguousarray(rgb[:, :, ::-1])), found)
    session.close()
    return found


def test_one_that_sees_him_is_neither_false_nor_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _shown(tmp_path, monkeypatch, Detector)
    assert (found.false, found.late, found.blind, found.leaves) == ([], [], [], 1)
    assert found.soon_s
    assert found.soon_s[0] <= bench.SOON_S


def test_one_that_sees_nobody_gives_a_false_alarm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _shown(tmp_path, monkeypatch, Blind, comes_s=0)
    assert len(found.false) == 1


def test_one_that_sees_somebody_for_ever_is_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Sticky(Detector):
        """Sees him where he was."""

        def look(self, least_score: float) -> Boxes:
            seen = super().look(least_score)
            self.last = seen if (seen.corners[:, 3] > 0.9).any() else getattr(self, "last", seen)
            return self.last

    found = _shown(tmp_path, monkeypatch, Sticky)
    assert len(found.late) == found.leaves == 1
