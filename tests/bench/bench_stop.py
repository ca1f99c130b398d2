"""How long from a dangerous value's arrival until the relay module has let the contactor fall.

The real box runs (guarded.py); a methane reading of 15 %LEL arrives at a random phase of the brain's
tick; the relay simulator, a process of its own, stamps the moment at which the coil fell. Once with
nothing else to do, once while a 1280 x 720 camera is watched and a backlog of events drains to a broker.
The floor is one pymodbus write of one coil (function 5) to the same module, after each sample; the
same write before the box runs, and how late a sleep ends then, show what the bare machine adds.
Wanted (p99): 20 ms with nothing else to do, 50 ms under load. `python -m tests.bench stop`
From the detector's own register on, poll and all: bench_gas.
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

from edge_agent.domain.observation import Quality, Reading
from edge_agent.domain.outcome import Action, Event, Priority
from edge_agent.domain.permit import State
from edge_agent.ops.folders import DATABASE
from edge_agent.simulate.clip import write_clip
from edge_agent.simulate.handle import Simulator
from edge_agent.store.batch import Batch, Outgoing
from edge_agent.store.reader import Reader
from edge_agent.tell import messages
from tests.bench.guarded import CAMERA, PATIENCE_S, PERMIT, Guarded, NotReady
from tests.bench.table import SPREAD, show, spread

PERMISSIVE, SPARE = 0, 7  # coils
BACKLOG = 20_000
REFILL = 1_000  # at a time, and only while the coil is off: one transaction of these takes a fifth of a second
FILM_HZ = 15
TICK_S = 0.2
AGAIN_S = 5.0
SOURCES_S = 2.5  # every source has spoken anew
GOALS_MS = {"idle": 20, "under load": 50}


class Stops:
    """Stops the job again and again, and keeps what it measured, in seconds."""

    def __init__(self, job: Guarded) -> None:
        self.job = job
        self.whole: list[float] = []
        self.brain: list[float] = []  # arrival -> the brain trips the relay's lease
        self.relay: list[float] = []  # that -> the coil fell
        self.floor: list[float] = []
        self.interrupted = 0  # how often the work stopped by itself, which a busy machine can bring about
        self._before = job.brain.state
        self._tripped_s = 0.0
        self._coil = True
        self._client = ModbusTcpClient("127.0.0.1", port=job.ports.relays["relay-1"], timeout=5, retries=0)
        (hand,) = job.box._hands
        trip = hand.trip

        def stamped(actions: tuple[Action, ...]) -> None:
            if actions and not self._tripped_s:
                self._tripped_s = time.monotonic()
            trip(actions)

        hand.trip = stamped  # type: ignore[method-assign]

    def sample(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """One stop, if the job has not stopped by itself; `meanwhile` is done while it is stopped."""
        job = self.job
        self._until_active()
        time.sleep(random.uniform(TICK_S, 2 * TICK_S))  # noqa: S311 (a phase, not a secret)
        before, mark = job.brain.state, job.relay.mark()
        if before.permits[PERMIT].state is not State.ACTIVE or not self._on_at(mark):
            return  # it stopped by itself: the next sample begins it anew
        self._before = before
        self._tripped_s = 0.0
        reading = dangerous()
        job.brain.deliver(reading)
        fell = job.relay.wait_for(lambda line: line.get("coil") == PERMISSIVE, PATIENCE_S, after=mark)
        if fell["on"] is not False or fell["why"] != "write":
            raise NotReady(f"not the fall that was meant: {fell}")
        if not self._tripped_s:
            return  # the lease ran out in this very moment: as above
        self.whole.append(fell["t"] - reading.at_s)
        self.brain.append(self._tripped_s - reading.at_s)
        self.relay.append(fell["t"] - self._tripped_s)
        self._write_once()
        meanwhile()
        job.put_back(before)

    def _on_at(self, mark: int) -> bool:
        """Whether the coil was on at this line of the relay's."""
        said = (line for line in reversed(self.job.relay.lines[:mark]) if line.get("coil") == PERMISSIVE)
        return bool(next(said)["on"])

    def _until_active(self) -> None:
        """Until the coil is on again and the contactor has followed it; whatever else stopped is begun anew."""
        deadline_s = time.monotonic() + PATIENCE_S
        again_s = time.monotonic() + AGAIN_S
        while not self._running():
            if time.monotonic() > deadline_s:
                raise NotReady(
                    f"the coil does not come on again: {self.job.permit_state()}, {self.job._standing()}"
                )
            if time.monotonic() > again_s:
                self._begin_anew()
                again_s = time.monotonic() + AGAIN_S
            time.sleep(0.02)

    def _running(self) -> bool:
        status = self.job.relay.command("status")
        coil_on: bool = status["coils"][PERMISSIVE] and status["contacts"][PERMISSIVE]
        return coil_on and self.job.permit_state() is State.ACTIVE

    def _begin_anew(self) -> None:
        """Stop properly, let every source speak, go on: a lapsed lease stays off until the brain wants it off."""
        self.interrupted += 1
        self.job.brain.deliver(dangerous())
        time.sleep(SOURCES_S)
        self.job.put_back(replace(self._before, memory=self.job.brain.state.memory))

    def _write_once(self) -> None:
        self._client.connect()
        self._coil = not self._coil
        began_s = time.monotonic()
        answer = self._client.write_coil(SPARE, self._coil)
        self.floor.append(time.monotonic() - began_s)
        if answer.isError():
            raise NotReady(f"the floor's write was refused: {answer}")

    def close(self) -> None:
        self._client.close()

    def rows(self, name: str) -> list[tuple[str, ...]]:
        goal = f"wanted: p99 <= {GOALS_MS[name]}"
        if self.interrupted:
            goal += f"; stopped by itself {self.interrupted} times, not counted"
        return [
            spread(f"{name}: arrival -> coil fallen", self.whole, note=goal),
            spread("  of it: arrival -> brain trips", self.brain),
            spread("  of it: brain trips -> coil fallen", self.relay),
            spread("  floor: one coil written, pymodbus", self.floor),
            spread("  the brain's steps apart (tick 200)", self.job.apart_s),
        ]


def bare(count: int) -> list[tuple[str, ...]]:
    """What the machine adds without the box: one coil written, and how much too long a sleep is."""
    writes, late = [], []
    with Simulator("relay") as relay:
        client = ModbusTcpClient("127.0.0.1", port=relay.port, timeout=5, retries=0)
        client.connect()
        for number in range(count):
            began_s = time.monotonic()
            time.sleep(TICK_S)
            woke_s = time.monotonic()
            client.write_coil(SPARE, number % 2 == 0)
            writes.append(time.monotonic() - woke_s)
            late.append(woke_s - began_s - TICK_S)
        client.close()
    return [spread("no box: one coil written, pymodbus", writes), spread("no box: a sleep ends too late by", late)]


def dangerous() -> Reading:
    """Methane far above its limit, arriving now."""
    return Reading(
        source="gas-ch4", at_s=time.monotonic(), channel="ch4", level=15.0, unit="%LEL", quality=Quality.GOOD
    )


def backlog(job: Guarded, count: int) -> Batch:
    """Outbox rows as an outage would leave them: whole events, in the form in which they are sent."""
    site = job.settings.site.site
    data = {"rule": "guard_off_post", "source": "tag-guard", "detail": {"zh": "监护人离开岗位", "en": "x" * 200}}
    event = Event(
        seq=1, type="alarm.raised", subject="P-1", at_s=1.0, at_utc=1.8e9, priority=Priority.MEDIUM, data=data
    )
    body = messages.cloud_event(
        event, site=site.id, unit=site.unit, boot="bench", trusted=True, demo=True, prev_hash="0" * 64
    )
    row = Outgoing(topic=messages.up_topic(site.id, site.unit, "event"), payload=messages.encode(body), priority=3)
    return Batch(outbox=(row,) * count)


def idle(count: int) -> Stops:
    """Nothing but the job itself: four detectors, three wearables, the relay, the desk, the live picture."""
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        with Guarded(folder) as job:
            job.guard()
            job.activate()
            return _stops(job, count, 0)[0]


def loaded(count: int) -> tuple[Stops, str]:
    """With a 720p camera and a draining backlog; says how much drained."""
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        film = write_clip(folder / "film.mp4", seconds=20, size_px=(1280, 720), rate_hz=FILM_HZ)
        with Guarded(folder, film=film) as job:
            job.central.stop()
            job.store.commit(backlog(job, BACKLOG))
            job.guard()
            job.activate()
            job.central.start()
            began_s = time.monotonic()
            stops, added, left = _stops(job, count, BACKLOG)
            took_s = time.monotonic() - began_s
            fps = job.settings.site.cameras[CAMERA].fps
        drained = BACKLOG + added - left
        note = (
            f"load: RTSP camera 1280x720, {FILM_HZ} fps decoded, {fps:g} fps inferred; "
            f"{drained} events drained, {drained / took_s:.0f}/s, {left} left at the end"
        )
        return stops, note


def _stops(job: Guarded, count: int, keep_waiting: int) -> tuple[Stops, int, int]:
    """`count` stops; an outbox that runs low is filled up to `keep_waiting`. How much was added, and is left."""
    stops, added = Stops(job), 0
    with Reader.open(job.settings.state_folder / DATABASE) as reader:

        def refill() -> None:
            nonlocal added
            if reader.waiting() < keep_waiting:
                job.between_steps(lambda: job.store.commit(backlog(job, REFILL)))
                added += REFILL

        while len(stops.whole) < count:
            if keep_waiting:
                _until_link_is_up(job)
            stops.sample(refill)
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{len(stops.whole)}/{count} ")
        left = reader.waiting()
    stops.close()
    return stops, added, left


def _until_link_is_up(job: Guarded) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not job.box._centre.link(0).ok:
        if time.monotonic() > deadline_s:
            raise NotReady("the forwarder does not reach the broker")
        time.sleep(0.05)


def main() -> int:
    """Measure both, print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--idle", type=int, default=300, help="stops with nothing else to do")
    parser.add_argument("--loaded", type=int, default=200, help="stops under load")
    options = parser.parse_args()
    rows, note = bare(max(options.idle, options.loaded)), ""
    if options.idle:
        rows += idle(options.idle).rows("idle")
    if options.loaded:
        stops, note = loaded(options.loaded)
        rows += stops.rows("under load")
    title = "\n  ".join(filter(None, ["Stop: dangerous value -> coil, in ms", note]))
    show(title, SPREAD, rows, "pymodbus", "msgspec", "onnxruntime", "paho-mqtt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
