"""How often the box says that nobody is at the guard's post while somebody is, and how often it says so too late.

A film is shown again and again, spoilt differently each time (spoilt.py, by a seed). Each picture goes through the
real detector, tracker and post; the real rules run over it in the film's own clock, which is passed in. What is
true was seen by hand (truth/*.toml): from when to when somebody's feet are inside the drawn post. The guard's
wearable does not say whether it is worn, so video stands alone.

False: an alarm that nobody is there (GRD-14, 15, 25), raised although somebody was within the time that its limit
asks for. Late: somebody has left, nobody is there for 15 s, and no such alarm stands by then; where the camera
showed nothing meanwhile it is "blind" instead. A second at either end of each stay is unsure, and nobody's
fault.

HOURS SHOWN ARE NOT INDEPENDENT HOURS: they are the same minute or two, over and over, with the same people in the
same places. What a film never shows, no number of them can.
`python -m tests.bench off_post [--hours 0.5] [--data FOLDER]`
"""

import argparse
import os
import random
import secrets
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import av
import msgspec
import numpy as np
from msgspec import Struct

from edge_agent.domain.observation import View
from edge_agent.domain.outcome import AlarmState
from edge_agent.domain.permit import State
from edge_agent.domain.zone import Corner, PictureArea
from edge_agent.ops.demo_clip import cached_clip
from edge_agent.sense.camera import frames, manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.frames import FrameWriter, Picture
from edge_agent.sense.camera.judging import CameraJudge
from edge_agent.sense.camera.limits import STANDARD
from edge_agent.sense.camera.lines import Judged, WatchedCamera
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from edge_agent.settings.site import Settings
from tests.bench.bench_vision import MODELS
from tests.bench.spoilt import drawn_from
from tests.bench.table import show
from tests.scenarios.stories.network import real_limits
from tests.scenarios.stories.openings import with_camera
from tests.scenarios.stories.telling import working
from tests.support.story import HOT, Story

TRUTH = Path(__file__).parent / "truth"
CAMERA = "cam-1"
ABSENT = {  # and the limit of the rulebook that each asks for
    "guard_left_post": "video_left_s",
    "guard_post_empty_a_while": "video_warn_s",
    "guard_post_empty": "video_pause_s",
}
STANDS = frozenset({AlarmState.UNACK_ACTIVE, AlarmState.ACK_ACTIVE})
SOON_S = 15.0
STEP_M, STEPS_S = 4.0, 60.0
SESSION_S = 1800.0  # a job that long, then the next one: no change of shift, no ticket that runs out
HEAD = ("", "hours shown", "false", "per hour", "leaves", "late", "blind", "latest s", "share not judged", "")


class Truth(Struct, frozen=True, kw_only=True):
    """What was seen by hand: the film, the post in its picture, and when somebody stands there."""

    film: str
    post: tuple[Corner, ...]
    there: tuple[tuple[float, float], ...]
    unsure_s: float

    def anybody(self, from_s: float, to_s: float, length_s: float) -> bool:
        """Whether somebody was surely there at any moment between these seconds of all the showings."""
        from_s = max(0.0, from_s)  # before the first showing nobody was shown
        if to_s <= from_s:
            return False
        rounds = range(int(from_s // length_s), int(to_s // length_s) + 1)
        stays = ((n * length_s + begins, n * length_s + ends) for n in rounds for begins, ends in self.there)
        unsure_s = self.unsure_s
        return any(begins + unsure_s < to_s and ends - unsure_s > from_s for begins, ends in stays)


class Found(Struct, kw_only=True):
    """What came of one film, in seconds and events."""

    shown_s: float = 0.0
    blind_s: float = 0.0
    false: list[str] = []
    leaves: int = 0
    late: list[str] = []
    blind: list[str] = []
    soon_s: list[float] = []


class Shown(Struct, frozen=True):
    """One picture of a showing; None where none came."""

    at_s: float
    picture: Picture | None


def truths(data: Path | None) -> Iterator[tuple[Path, Truth]]:
    """Every film that is here, and what is true of it."""
    folders = [cached_clip().parent, *(() if data is None else (data, data / "clips"))]
    for file in sorted(TRUTH.glob("*.toml")):
        truth = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Truth)
        found = [folder / truth.film for folder in folders if (folder / truth.film).is_file()]
        if found:
            yield found[0], truth


def pictures(film: Path, hz: float) -> tuple[list[Picture], float]:
    """So many pictures a second, and how long the film lasts."""
    with av.open(str(film)) as container:
        rate = float(container.streams.video[0].average_rate or hz)
        every, found, count = max(1, round(rate / hz)), [], 0
        for number, frame in enumerate(container.decode(video=0)):
            count = number + 1
            if number % every == 0:
                found.append(frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False))
    return found, count / rate


class Session:
    """One job with one camera, from the first picture on."""

    def __init__(self, truth: Truth, model: str, hz: float, length_s: float, folder: Path) -> None:
        """The guard's wearable is heard, near the post, and does not say whether it is worn."""
        area = PictureArea(id="post", area="tank-mouth", corners=truth.post, post=True)
        self._truth, self._hz, self._length_s = truth, hz, length_s
        self._fd = frames.create(CAMERA)
        detector = Detector(OnnxRuntime(manifest.weights(MODELS, model)), manifest.model(MODELS, model))
        watched = WatchedCamera(id=CAMERA, frames_fd=self._fd, model=model, areas=(area,))
        self._judge = CameraJudge(watched, detector, STANDARD, 1, folder)
        self._story = _at_work(with_camera(real_limits(), areas=(area,)))
        self._standing: set[str] = set()
        self._told: set[float] = set()  # leaves that an alarm has told of
        self._unjudged_s: list[float] = []

    def close(self) -> None:
        """Give the pictures' memory back."""
        os.close(self._fd)

    def look(self, one: Shown, found: Found) -> None:
        """One picture through everything; what the rules say of it."""
        told, field = self._story, self._story.field
        judged = None if one.picture is None else self._judged(one)
        clear = judged is not None and judged.view is View.CLEAR
        # Near his post, and he lives: a wearable that does not say whether it is worn speaks for nobody's post.
        field.guard["x_m"] = 6.5 + STEP_M * (one.at_s // STEPS_S % 2)
        field.view = View.GONE if judged is None else judged.view
        field.seen = judged.persons if judged is not None and clear else ()
        told.run(1 / self._hz, every_s=1 / self._hz)
        found.shown_s += 1 / self._hz
        if not clear:
            found.blind_s += 1 / self._hz
            self._unjudged_s.append(one.at_s)
        if told.state is not State.ACTIVE:
            causes = told.decisions[-1].state.permits["P-1"].causes
            if not all(cause.rule in ABSENT for cause in causes):
                raise SystemExit(f"bench off_post: something else stopped the work: {causes}")
        self._note(one.at_s, found)
        del told.lines[1:], told.decisions[:-1]  # an hour of them is no use here

    def _judged(self, one: Shown) -> Judged | None:
        assert one.picture is not None
        FrameWriter(self._fd).write(one.picture.reshape(one.picture.shape[0], -1), one.at_s, one.at_s)
        frame = self._judge.unseen()
        looked = None if frame is None else self._judge.judge(frame)
        return None if looked is None else looked.judged

    def _note(self, at_s: float, found: Found) -> None:
        """False alarms among those raised just now; and whether whoever left 15 s ago has been missed."""
        state, book = self._story.decisions[-1].state, self._story.settings.rulebook.guard
        alarms = (one for one in state.alarms.values() if one.state in STANDS)
        standing = {one.verdict.rule for one in alarms if one.verdict.rule in ABSENT}
        for rule in standing - self._standing:
            limit_s = getattr(book, ABSENT[rule]).value
            if self._truth.anybody(at_s - limit_s, at_s, self._length_s):
                found.false.append(f"{rule} at {at_s % self._length_s:.1f} s of the film")
        left_s = self._left(at_s)
        if left_s is not None:
            found.leaves += 1
            if not standing:
                seeing = not any(left_s <= one <= at_s for one in self._unjudged_s)
                (found.late if seeing else found.blind).append(f"{left_s % self._length_s:.1f} s of the film")
        if standing and not self._standing:  # again after a drop-out, it tells of nobody new
            told = [one for one in self._lefts(at_s) if one not in self._told]
            found.soon_s += [at_s - one for one in told if not self._truth.anybody(one, at_s, self._length_s)]
            self._told.update(told)
        self._standing = standing

    def _left(self, at_s: float) -> float | None:
        """When somebody left, if it is just now that nobody has been there for 15 s."""
        for left_s in self._lefts(at_s):
            due_s = left_s + SOON_S
            if at_s - 1 / self._hz < due_s <= at_s and not self._truth.anybody(left_s, due_s, self._length_s):
                return left_s
        return None

    def _lefts(self, at_s: float) -> Iterator[float]:
        """The moments of this showing and the one before it at which a stay ended."""
        now = int(at_s // self._length_s)
        for n in {now, max(0, now - 1)}:
            yield from (
                n * self._length_s + ends for _, ends in self._truth.there if n * self._length_s + ends <= at_s
            )


def _at_work(site: Settings) -> Story:
    told = working(site, goes_in=(), area="yard", video_required=False, **HOT)
    told.field.guard["worn"] = None
    told.field.view = View.GONE  # until nothing is remembered of the pictures before the first one of the film
    told.run(35)
    told.field.stone = True  # boxes are the detector's, not the story's
    return told


def measure(film: Path, truth: Truth, model: str, *, hours: float, hz: float, seed: str) -> Found:
    """Show the film for so many hours."""
    shown, length_s = pictures(film, hz)
    found, dice, chance = Found(), random.Random(seed), np.random.default_rng(len(seed))  # noqa: S311
    while found.shown_s < hours * 3600:
        with tempfile.TemporaryDirectory(prefix="edge-bench-") as folder:
            session = Session(truth, model, hz, length_s, Path(folder))
            for n in range(max(1, int(min(SESSION_S, hours * 3600) // length_s))):
                spoil = drawn_from(dice, length_s)
                for at, picture in enumerate(shown):
                    gone = spoil.gone(at / hz)
                    one = Shown(n * length_s + at / hz, None if gone else spoil.done(picture, chance))
                    session.look(one, found)
            session.close()
    return found


def row(film: Path, found: Found) -> tuple[str, ...]:
    """One line of the table."""
    hours = found.shown_s / 3600
    latest = f"{max(found.soon_s):.1f}" if found.soon_s else "-"
    share = found.blind_s / found.shown_s
    note = "; ".join([*found.false[:3], *(f"late: left at {one}" for one in found.late[:3])])
    return (
        film.stem, f"{hours:.2f}", str(len(found.false)), f"{len(found.false) / hours:.2f}", str(found.leaves),
        str(len(found.late)), str(len(found.blind)), latest, f"{share:.3f}", note,
    )  # fmt: skip


def main() -> int:
    """Print the table. Exit 2 if there is no film to show."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=0.5, help="of each film, shown")
    parser.add_argument("--hz", type=float, default=2.0, help="pictures a second that are judged")
    parser.add_argument("--data", type=Path, help="a folder with more films, or with clips/ in it")
    parser.add_argument("--model", default="ppe-nano-third")
    parser.add_argument("--seed", default=secrets.token_hex(4))
    told = parser.parse_args()
    films = list(truths(told.data))
    if not films:
        sys.stderr.write(
            "bench off_post: no film of tests/bench/truth is here: run the demo once, or name --data\n"
        )
        return 2
    how = {"hours": told.hours, "hz": told.hz, "seed": told.seed}
    rows = [row(film, measure(film, truth, told.model, **how)) for film, truth in films]
    title = f"Off post by video alone, {told.model}, {told.hz:g} pictures a second, seed {told.seed}"
    note = "the same minutes over and over, spoilt: no independent hours"
    show(f"{title}\n  {note}", HEAD, rows, "onnxruntime", "opencv-python-headless")
    return 0


if __name__ == "__main__":
    sys.exit(main())
