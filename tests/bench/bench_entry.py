"""How long from the picture in which somebody steps into a stop zone until the relay has let the contactor fall.

The real box runs (guarded.py) with a camera over RTSP; its picture has a zone with `stop_on_entry` (PPL-25). The
simulated camera, a process of its own, stamps the picture in which the feet are first in the zone as it is sent
(entry_film.py: drawn, so it is known exactly); the relay simulator, another one, stamps the fall of the coil. One
picture of 15 a second comes every 67 ms; the box judges `fps` of them, at a random phase. Where the model's box is
ahead of the feet the coil falls before that picture is sent: then it counts as 0, and how many is said.
The floor is one coil written by pymodbus after each sample. Wanted: every time within 600 ms.
`python -m tests.bench entry`
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from pymodbus.client import ModbusTcpClient

from edge_agent.domain.observation import Observation, Sighting, View
from edge_agent.domain.outcome import Action
from edge_agent.domain.permit import State
from tests.bench import entry_film
from tests.bench.guarded import CAMERA, PATIENCE_S, PERMIT, Guarded, NotReady
from tests.bench.table import SPREAD, show, spread

PERMISSIVE, SPARE = 0, 7  # coils
GOAL_MS = 600
RULE = "stop_zone_entered"


def with_stop_zone(site: Path) -> None:
    """The demo site's only picture area becomes a zone in which nobody may be seen."""
    file = site / "site.toml"
    text = file.read_text(encoding="utf-8")
    if text.count('area = "tank-mouth"') != 1:
        raise NotReady(f"{file}: not one picture area to make a stop zone of")
    text = text.replace('area = "tank-mouth"', 'area = "tank-mouth"\nstop_on_entry = true')
    file.write_text(text, encoding="utf-8")


class Entries:
    """Lets somebody walk in again and again, and keeps what it measured, in seconds."""

    def __init__(self, job: Guarded, scene: Path) -> None:
        self.job, self._scene = job, scene
        self.whole: list[float] = []
        self.picture: list[float] = []  # sent -> the picture that stopped the work arrived at the box
        self.judged: list[float] = []  # that -> its verdict is with the brain
        self.brain: list[float] = []  # that -> the brain trips the relay's lease
        self.relay: list[float] = []  # that -> the coil fell
        self.floor: list[float] = []
        self.early = 0
        self.interrupted: list[str] = []  # stopped by something else, which a busy machine can bring about
        camera = job.settings.site.cameras[CAMERA]
        (area,) = camera.areas
        self._area, self._entered = area.area, entry_film.entered(area.corners)
        self._period_s = 1 / camera.fps
        self._seen_s = self._heard_s = self._tripped_s = 0.0
        self._client = ModbusTcpClient("127.0.0.1", port=job.ports.relays["relay-1"], timeout=5, retries=0)
        self._listen()

    def _listen(self) -> None:
        """Stamp the first verdict that shows somebody in the zone, and the trip, on their own ways."""
        (hand,) = self.job.box._hands
        trip = hand.trip

        def heard(seen: Observation) -> None:
            if isinstance(seen, Sighting) and not self._heard_s and self._in_zone(seen):
                self._seen_s, self._heard_s = seen.at_s - seen.age_s, time.monotonic()

        def stamped(actions: tuple[Action, ...]) -> None:
            if actions and not self._tripped_s:
                self._tripped_s = time.monotonic()
            trip(actions)

        self.job.heard = heard
        hand.trip = stamped  # type: ignore[method-assign]

    def _in_zone(self, seen: Sighting) -> bool:
        return any(self._area in person.zones for person in seen.persons)

    def sample(self) -> None:
        """Somebody walks in and out once, if the job is under way; then it goes on as it was before."""
        job = self.job
        self._until(self._running, "the work does not go on")
        time.sleep(random.uniform(self._period_s, 2 * self._period_s))  # noqa: S311 (a phase, not a secret)
        before, relay, camera = job.brain.state, job.relay.mark(), job.camera.mark()
        if before.permits[PERMIT].state is not State.ACTIVE:
            return
        self._seen_s = self._heard_s = self._tripped_s = 0.0
        job.camera.command("scene", clip=str(self._scene))
        sent = job.camera.wait_for(lambda line: line.get("scene") == self._entered, PATIENCE_S, after=camera)
        fell = job.relay.wait_for(lambda line: line.get("coil") == PERMISSIVE, PATIENCE_S, after=relay)
        gone = job.camera.wait_for(lambda line: line.get("scene") == entry_film.last(), PATIENCE_S, after=camera)
        causes = [one.rule for one in job.brain.state.permits[PERMIT].causes]
        if fell["on"] is False and fell["why"] == "write" and RULE in causes and self._heard_s and self._tripped_s:
            self._note(float(sent["t"]), float(fell["t"]))
            self._write_once()
        else:
            self.interrupted.append(f"{fell}, {', '.join(causes)}, seen {bool(self._heard_s)}")
        self._until(lambda: self._empty_since(gone["t"]), "he does not leave the picture")
        job.put_back(replace(before, memory=job.brain.state.memory))

    def _note(self, sent_s: float, fell_s: float) -> None:
        self.early += fell_s < sent_s
        self.whole.append(max(0.0, fell_s - sent_s))
        self.picture.append(max(0.0, self._seen_s - sent_s))
        self.judged.append(self._heard_s - self._seen_s)
        self.brain.append(self._tripped_s - self._heard_s)
        self.relay.append(fell_s - self._tripped_s)

    def _running(self) -> bool:
        status = self.job.relay.command("status")
        on: bool = status["coils"][PERMISSIVE] and status["contacts"][PERMISSIVE]
        return on and self.job.permit_state() is State.ACTIVE

    def _empty_since(self, gone_s: float) -> bool:
        """Whether a picture that was taken after he left shows nobody there."""
        seen = self.job.brain.state.memory.sightings[CAMERA]
        return seen.view is View.CLEAR and not self._in_zone(seen) and seen.at_s - seen.age_s > gone_s

    def _until(self, holds: Callable[[], bool], fault: str) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > deadline_s:
                raise NotReady(f"{fault}: {self.job.permit_state()}, {self.job._standing()}")
            time.sleep(0.02)

    def _write_once(self) -> None:
        self._client.connect()
        began_s = time.monotonic()
        self._client.write_coil(SPARE, len(self.floor) % 2 == 0)
        self.floor.append(time.monotonic() - began_s)

    def close(self) -> None:
        self._client.close()

    def rows(self) -> list[tuple[str, ...]]:
        over = sum(one * 1000 > GOAL_MS for one in self.whole)
        goal = f"wanted: at most {GOAL_MS}; {over} of {len(self.whole)} over it"
        if self.early:
            goal += f"; {self.early} stopped before the feet were in"
        if self.interrupted:
            goal += f"; {len(self.interrupted)} stopped by something else, not counted"
        return [
            spread("picture sent -> coil fallen", self.whole, note=goal),
            spread("  of it: sent -> the judged picture is here", self.picture, note="one in so many is judged"),
            spread("  of it: that -> its verdict is with the brain", self.judged),
            spread("  of it: that -> the brain trips", self.brain),
            spread("  of it: that -> coil fallen", self.relay),
            spread("  floor: one coil written, pymodbus", self.floor),
        ]


def measure(count: int) -> tuple[Entries, float]:
    """`count` entries that stopped the work, and how many pictures a second the box judges."""
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        empty = entry_film.write_empty(folder / "empty.mp4")
        scene = entry_film.write_entry(folder / "entry.mp4")
        with Guarded(folder, film=empty, edit=with_stop_zone) as job:
            job.guard()
            job.activate()
            entries = Entries(job, scene)
            while len(entries.whole) < count:
                if len(entries.interrupted) > count:
                    raise NotReady(f"something else stops the work: {entries.interrupted[-1]}")
                entries.sample()
            entries.close()
            return entries, job.settings.site.cameras[CAMERA].fps


def main() -> int:
    """Measure, print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="how often somebody walks in")
    options = parser.parse_args()
    entries, fps = measure(options.count)
    title = f"Zone entry: picture -> coil, in ms (RTSP {entry_film.FILM_HZ} pictures a second, {fps:g} judged)"
    show(title, SPREAD, entries.rows(), "onnxruntime", "av", "pymodbus")
    return 0


if __name__ == "__main__":
    sys.exit(main())
