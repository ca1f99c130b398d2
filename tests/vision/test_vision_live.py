"""The whole of vision against real processes and a real RTSP stream: every way to fail, and back again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import View
from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera.still import still_name
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.simulate.handle import Simulator
from tests.vision.conftest import MODEL, MODELS, PATIENCE_S, QUICK, Start, Watched, camera, film, moving

CAMERA = "cam-1"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    path = film(tmp_path_factory.mktemp("clip") / "moving.mp4", moving(40))
    with Simulator("camera", "--clip", str(path)) as running:
        yield running


@pytest.fixture(scope="module")
def watched(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One Vision over the simulated camera; every test leaves it CLEAR."""
    url = f"rtsp://admin:s3cret@127.0.0.1:{simulator.port}/live"
    folders = Folders(MODELS, tmp_path_factory.mktemp("run"))
    running = Watched(Vision({CAMERA: camera(url)}, SystemClock(declared=True), folders, limits=QUICK))
    running.wait_for(lambda s: s.view is View.CLEAR)
    yield running
    running.end()


def view(wanted: View) -> Callable[..., bool]:
    return lambda sighting: sighting.view is wanted


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


FAULTS = [
    pytest.param({"cmd": "freeze"}, View.FROZEN, "walk past", id="freeze"),
    pytest.param({"cmd": "dark"}, View.DARK, "brightness", id="dark"),
    pytest.param({"cmd": "drop"}, View.DROPPING, "missing", id="drop"),
    pytest.param({"cmd": "stall"}, View.GONE, "no new picture", id="stall"),
    pytest.param({"cmd": "mute"}, View.GONE, "no new picture", id="mute"),
    pytest.param({"cmd": "gone"}, View.GONE, "no new picture", id="gone"),
    pytest.param({"cmd": "garbage", "kind": "pictures"}, View.GONE, "no new picture", id="garbage pictures"),
    pytest.param({"cmd": "garbage", "kind": "bytes"}, View.GONE, "no new picture", id="garbage bytes"),
]


@pytest.mark.parametrize(("command", "wanted", "word"), FAULTS)
def test_a_fault_is_named_and_its_end_is_noticed(
    simulator: Simulator, watched: Watched, command: dict[str, str], wanted: View, word: str
) -> None:
    after = watched.mark()
    simulator.command(**command)
    told = watched.wait_for(view(wanted), after)
    assert word in told.detail.en
    assert told.persons == ()
    after = watched.mark()
    simulator.command("back")
    watched.wait_for(view(View.CLEAR), after)
    assert all("s3cret" not in f"{sighting.detail.zh} {sighting.detail.en}" for sighting in watched.seen)


def test_a_dead_capture_program_is_replaced(watched: Watched) -> None:
    pid, after = watched.vision.pids[CAMERA], watched.mark()
    os.kill(pid, signal.SIGKILL)
    watched.wait_for(lambda s: s.view is View.CLEAR and watched.vision.pids.get(CAMERA) not in (pid, None), after)


def test_a_hanging_capture_program_is_replaced(watched: Watched) -> None:
    pid, after = watched.vision.pids[CAMERA], watched.mark()
    os.kill(pid, signal.SIGSTOP)
    watched.wait_for(view(View.GONE), after)
    after = watched.mark()
    watched.wait_for(view(View.CLEAR), after)
    assert watched.vision.pids[CAMERA] != pid


def test_a_dead_inference_program_is_replaced(watched: Watched) -> None:
    pid, after = watched.vision.pids["inference"], watched.mark()
    os.kill(pid, signal.SIGKILL)
    watched.wait_for(
        lambda s: s.view is View.CLEAR and watched.vision.pids.get("inference") not in (pid, None), after
    )


def test_the_models_are_loaded_anew_when_another_is_to_be_judged(watched: Watched) -> None:
    pid, begun = watched.vision.pids["inference"], watched.vision.begun
    watched.vision.reload()
    watched.wait_for(lambda s: s.view is View.CLEAR and watched.vision.begun == begun + 1, watched.mark())
    assert watched.vision.pids["inference"] != pid
    assert not watched.vision.refused


def test_a_hanging_inference_program_leaves_the_picture_unjudged_and_is_replaced(watched: Watched) -> None:
    pid, after = watched.vision.pids["inference"], watched.mark()
    os.kill(pid, signal.SIGSTOP)
    told = watched.wait_for(view(View.UNJUDGED), after)
    assert told.persons == ()
    after = watched.mark()
    watched.wait_for(view(View.CLEAR), after)
    assert watched.vision.pids["inference"] != pid


def test_every_sighting_tells_the_age_of_its_picture(watched: Watched) -> None:
    after = watched.mark()
    watched.wait_for(view(View.CLEAR), after)
    now_s = time.monotonic()
    for sighting in watched.seen:
        assert sighting.source == CAMERA
        assert sighting.at_s <= now_s
        assert sighting.age_s >= 0
        if sighting.view is View.CLEAR:
            assert sighting.age_s <= QUICK.gone_after_s(10)


def test_the_programs_know_no_password_that_others_can_read_and_are_modest(watched: Watched) -> None:
    for pid in watched.vision.pids.values():
        assert b"s3cret" not in Path(f"/proc/{pid}/cmdline").read_bytes()
        assert b"s3cret" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert os.getpriority(os.PRIO_PROCESS, pid) >= 5
        assert int(Path(f"/proc/{pid}/oom_score_adj").read_text("ascii")) > int(
            Path("/proc/self/oom_score_adj").read_text("ascii")
        )


def test_stop_is_obeyed_at_once_and_leaves_nothing(start: Start, tmp_path: Path) -> None:
    url = f"file://{film(tmp_path / 'film.mp4', moving(60))}"
    watched = start({CAMERA: camera(url), "cam-2": camera(url)})
    watched.wait_for(lambda s: s.view is View.CLEAR and s.source == "cam-2")
    pids = list(watched.vision.pids.values())
    descriptors = open_descriptors()
    os.kill(pids[0], signal.SIGSTOP)  # a program that hears nothing any more
    watched.end()
    assert len(pids) == 3
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert open_descriptors() < descriptors
    assert watched.vision.pids == {}


PROGRAM = """
import sys, threading
from pathlib import Path
from edge_agent.clock import SystemClock
from edge_agent.domain.observation import Sighting, View
from edge_agent.sense.camera.vision import Folders, Vision
from tests.vision.conftest import MODELS, camera

vision = Vision({"cam-1": camera(sys.argv[1])}, SystemClock(declared=True), Folders(MODELS, Path(sys.argv[2])))

def told(said):
    if isinstance(said, Sighting) and said.view is View.CLEAR:
        print(*vision.pids.values(), flush=True)

vision.run(told, threading.Event())
"""


def test_the_programs_die_with_a_killed_agent(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", moving(300))
    agent = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, f"file://{path}", str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert agent.stdout is not None
    pids = [int(pid) for pid in agent.stdout.readline().split()]
    agent.kill()
    agent.wait()
    agent.stdout.close()
    assert len(pids) == 2
    deadline = time.monotonic() + PATIENCE_S
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process that is not our child still runs (a zombie of init's does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_it_can_be_run_again_after_a_stop(start: Start, tmp_path: Path) -> None:
    first = start({CAMERA: camera(f"file://{film(tmp_path / 'film.mp4', moving(60))}")})
    first.wait_for(view(View.CLEAR))
    first.end()
    again = Watched(first.vision)
    again.wait_for(view(View.CLEAR))
    again.end()


def test_a_film_that_is_none_is_told_and_not_waited_for(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("these are my notes, not a film\n" * 100)
    watched = start({CAMERA: camera(f"file://{path}")})
    told = watched.wait_for(view(View.GONE))
    assert "not a video" in told.detail.en
    assert View.CLEAR not in {sighting.view for sighting in watched.seen}


def test_an_ended_film_is_gone_until_it_begins_again(start: Start, tmp_path: Path) -> None:
    slow = replace(QUICK, backoff_first_s=2.0, backoff_last_s=2.0)
    watched = start({CAMERA: camera(f"file://{film(tmp_path / 'film.mp4', moving(15))}")}, limits=slow)
    watched.wait_for(view(View.CLEAR))
    after = watched.mark()
    told = watched.wait_for(view(View.GONE), after)
    assert "ended" in told.detail.en
    after = watched.mark()
    watched.wait_for(view(View.CLEAR), after)


def test_a_picture_that_changes_its_size_stays_monitored(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "both.ts"
    parts = [film(tmp_path / "a.ts", moving(30)), film(tmp_path / "b.ts", moving(60, 480, 272))]
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    watched = start({CAMERA: camera(f"file://{path}")})
    watched.wait_for(view(View.CLEAR))
    still = tmp_path / "run" / still_name(CAMERA)
    watched.wait_for(lambda s: s.view is View.CLEAR and still.exists() and cv2.imread(str(still)).shape[1] == 480)


def test_another_model_under_the_name_of_ours_judges_nothing(start: Start, tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "manifest.toml").write_bytes((MODELS / "manifest.toml").read_bytes())
    (models / "ppe_nano_first.onnx").write_bytes(b"another model")
    watched = start({CAMERA: camera(f"file://{film(tmp_path / 'film.mp4', moving(100))}")}, models=models)
    told = watched.wait_for(view(View.UNJUDGED))
    assert "not the file that the manifest names" in told.detail.en
    assert View.CLEAR not in {sighting.view for sighting in watched.seen}


def test_pictures_are_judged_on_another_runtime(
    start: Start, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    url = f"file://{film(tmp_path / 'film.mp4', moving(100))}"
    watched = start({CAMERA: camera(url)}, runtime="openvino-cpu")
    watched.wait_for(view(View.CLEAR))
    watched.end()
    assert f"{MODEL} runs on OpenVINO" in capfd.readouterr().err


def test_a_runtime_that_this_box_does_not_have_is_told(start: Start, tmp_path: Path) -> None:
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this box has it")
    url = f"file://{film(tmp_path / 'film.mp4', moving(100))}"
    watched = start({CAMERA: camera(url)}, runtime="onnx-cuda")
    told = watched.wait_for(view(View.UNJUDGED))
    assert "onnxruntime-gpu" in told.detail.en
    assert View.CLEAR not in {sighting.view for sighting in watched.seen}


def test_people_in_an_area_are_told_and_drawn(start: Start, tmp_path: Path, data_folder: Path) -> None:
    """A real film of people who come and go."""
    floor = PictureArea(id="all", area="hall", corners=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
    watched = start({CAMERA: camera(f"file://{data_folder}/clips/workers-ppe-1.mp4", fps=5, areas=(floor,))})
    told = watched.wait_for(lambda s: s.view is View.CLEAR and bool(s.persons))
    person = told.persons[0]
    assert person.zones == ("hall",)
    assert person.score > 0.3
    assert 0 <= person.box[0] < person.box[2] <= 1
    after = watched.mark()
    track = watched.wait_for(lambda s: s.view is View.CLEAR and s.at_s > told.at_s + 1, after).persons[0].track
    assert track == person.track
    still = cv2.imread(str(tmp_path / "run" / still_name(CAMERA)))
    assert still.shape == (720, 1280, 3)
    assert np.median(still[0:20, 0:100]) < 60  # the caption, white on black
