"""The inference program: one for all cameras; judges the newest unseen picture of each in turn.

Started by the agent as `python -m edge_agent.sense.camera.inference`. Verdicts go to stdout, one JSON
line per judged picture. It keeps nothing that must survive it: killing it is always allowed.
"""

import os
import select
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from edge_agent.clock import Clock, SystemClock
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.child import begin, say
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.judging import CameraJudge
from edge_agent.sense.camera.lines import Failed, InferenceOrder, Ready
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.persons import wearer
from edge_agent.sense.camera.persons.wearer import Wearer
from edge_agent.sense.camera.runtimes import choose, engine

RECHECK_S = 1.0  # a picture is looked for this often even if no bell rang


def stamp(clock: Clock) -> str:
    """The time for a still, in UTC, saying so when it is not to be trusted."""
    instant = clock.instant()
    text = str(np.datetime64(round(instant.utc), "s")).replace("T", " ")
    return f"{text} UTC" if instant.trusted else f"{text} UTC (clock not trusted)"


def load(order: InferenceOrder) -> dict[str, Detector]:
    """One detector per model that some camera names, each having looked at a blank picture once."""
    folder = Path(order.models_folder)
    detectors = {}
    for name in sorted({camera.model for camera in order.cameras}):
        entry = manifest.model(folder, name)
        build = partial(engine.build, folder, name, order.wanted)
        runtime = choose.begin(manifest.weights(folder, name), order.wanted, entry.input, build)
        what = runtime.describe()
        print(f"vision: {name} runs on {what.runtime}, {what.device}", file=sys.stderr, flush=True)  # noqa: T201
        detectors[name] = Detector(runtime, entry)
        detectors[name].fit(np.zeros((72, 128, 3), np.uint8))
        detectors[name].look()
    return detectors


def load_wearers(order: InferenceOrder, detectors: dict[str, Detector]) -> dict[str, Wearer | None]:
    """What tells what people wear, by model. Raises ModelError."""
    folder = Path(order.models_folder)
    return {name: wearer.load(folder, name, one.labels, order.wanted) for name, one in detectors.items()}


class Round:
    """One turn after the other through the cameras: each gets one picture judged per turn."""

    def __init__(
        self,
        order: InferenceOrder,
        detectors: dict[str, Detector],
        clock: Clock,
        wearers: Mapping[str, Wearer | None] = MappingProxyType({}),
    ) -> None:
        """Loads nothing; `detectors` are ready, and so is what tells what people wear; both by model."""
        folder = self._folder = Path(order.runtime_folder)
        self._judges = [
            CameraJudge(
                c, detectors[c.model], order.limits, order.first_track, folder, wearer=wearers.get(c.model)
            )
            for c in order.cameras
        ]
        self._clock = clock

    def turn(self) -> int:
        """Judge the newest unseen picture of every camera that has one; returns how many were judged."""
        return sum(self._one(judge) for judge in self._judges)

    def _one(self, judge: CameraJudge) -> bool:
        """Judge one picture of one camera, say so, and only then draw it."""
        frame = judge.unseen()
        if frame is None:
            return False
        try:
            look = judge.judge(frame)
        except Exception as fault:  # noqa: BLE001 - becomes a verdict: one camera must not blind the others
            look = judge.unjudged(frame, fault)
        if look is None:
            return False
        say(look.judged)
        try:
            judge.picture_if_due(frame, look, self._folder, stamp(self._clock))
        except OSError as fault:
            print(f"still of camera {judge.camera.id} not written: {fault}", file=sys.stderr)  # noqa: T201
        return True


def main() -> int:
    """Read the order, load, judge until stdin ends or the agent dies."""
    order = begin(InferenceOrder)
    cv2.setNumThreads(1)
    try:
        detectors = load(order)
        wearers = load_wearers(order, detectors)
    except ModelError as fault:
        say(Failed(detail=fault.words))
        return 1
    say(Ready(models=tuple(detectors)))
    turns = Round(order, detectors, SystemClock(declared=order.clock_declared), wearers)
    while True:
        if not turns.turn():
            wait_for_bell(order.bell_fd)


def wait_for_bell(bell_fd: int) -> None:
    """Wait until some capture program has written a picture, or RECHECK_S."""
    if select.select([bell_fd], [], [], RECHECK_S)[0]:
        try:
            os.eventfd_read(bell_fd)
        except BlockingIOError:  # rung once for two pictures and already answered
            return


if __name__ == "__main__":
    sys.exit(main())
