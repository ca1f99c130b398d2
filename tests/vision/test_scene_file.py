"""A camera that was turned is told of by a restarted program too, until turned back or accepted."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from edge_agent.__main__ import main
from edge_agent.domain.observation import View
from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera import scene_file
from edge_agent.sense.camera.judging import CameraJudge
from tests.vision.test_judging import LEFT, fd, judge, look, show
from tests.vision.test_scene import FPS, Picture, of, people, turned, yard

__all__ = ["fd"]  # the fixture
DEMO = Path(__file__).resolve().parents[2] / "zones" / "demo-tank"


def shown(one: CameraJudge, descriptor: int, pictures: Iterable[Picture], from_s: float) -> list[View]:
    told = []
    for n, picture in enumerate(pictures):
        show(descriptor, picture, from_s + n / FPS)
        told.append(look(one).judged.view)
    return told


def test_a_restarted_program_knows_that_the_camera_was_turned(fd: int, tmp_path: Path) -> None:
    day = list(people(14))
    assert set(shown(judge(fd, folder=tmp_path), fd, day, 0.0)[1:]) == {View.CLEAR}
    askew = [turned(picture, n) for n, picture in enumerate(day)]
    again = judge(fd, folder=tmp_path)
    assert shown(again, fd, askew, 100.0)[-4 * FPS :] == [View.MOVED] * 4 * FPS
    scene_file.accept(tmp_path, "cam-1")
    assert set(shown(again, fd, askew, 120.0)) == {View.CLEAR}
    assert set(shown(judge(fd, folder=tmp_path), fd, askew, 200.0)[1:]) == {View.CLEAR}


def test_what_is_kept_comes_back_for_the_same_areas_only(tmp_path: Path) -> None:
    reference = of(yard()[:, :416])
    scene_file.keep(tmp_path, "cam-1", (LEFT,), reference)
    back = scene_file.kept(tmp_path, "cam-1", (LEFT,))
    assert back is not None
    assert back.sharp == reference.sharp
    assert np.array_equal(back.edges, reference.edges)
    assert np.array_equal(back.texture, reference.texture)
    other = PictureArea(id="left", area="tank", corners=((0.0, 0.0), (0.6, 0.0), (0.6, 1.0), (0.0, 1.0)))
    assert scene_file.kept(tmp_path, "cam-1", (other,)) is None
    assert scene_file.kept(tmp_path, "cam-2", (LEFT,)) is None


@pytest.mark.parametrize("size", [0, 10, 3000])
def test_a_damaged_file_is_told_and_learnt_anew(
    tmp_path: Path, size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    scene_file.keep(tmp_path, "cam-1", (), of(yard()[:, :416]))
    path = tmp_path / "scene-cam-1.npz"
    path.write_bytes(path.read_bytes()[:size])
    assert scene_file.kept(tmp_path, "cam-1", ()) is None
    assert "learnt anew" in capsys.readouterr().err


def test_a_disk_that_refuses_costs_no_judgement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene_file.keep(tmp_path / "none", "cam-1", (), of(yard()[:, :416]))
    assert "not kept" in capsys.readouterr().err


def test_a_camera_that_the_site_does_not_have_is_not_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["camera", "accept", str(DEMO), "cam-99"]) == 64
    assert "this site has no camera cam-99" in capsys.readouterr().out
