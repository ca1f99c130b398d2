"""The inference program: one for all cameras; judges the newest unseen picture of each in turn.

Started by the agent as `python -m edge_agent.sense.camera.inference`. Verdicts go to stdout, one JSON
line per judged picture. It keeps nothing that must survive it: killing it is always allowed.
"""

import os
import sys
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from msgspec.structs import replace

from edge_agent.clock import Clock, SystemClock
from edge_agent.domain.words import Words, joined
from edge_agent.field.ready import readable
from edge_agent.sense.camera.child import begin, say
from edge_agent.sense.camera.judging import CameraJudge
from edge_agent.sense.camera.lines import Failed, InferenceOrder, Ready
from edge_agent.sense.camera.manifest import Model, ModelError
from edge_agent.sense.camera.onlookers.teller import Teller
from edge_agent.sense.camera.proof import offered
from edge_agent.sense.camera.proof.canary import Canary
from edge_agent.sense.camera.proof.swap import Loaders, Outcome, Seeing, Swap, named
from edge_agent.sense.camera.runtimes import Runtime, choose, engine

RECHECK_S = 1.0  # a picture is looked for this often even if no bell rang


def stamp(clock: Clock) -> str:
    """The time for a still, in UTC, saying so when it is not to be trusted."""
    instant = clock.instant()
    text = str(np.datetime64(round(instant.utc), "s")).replace("T", " ")
    return f"{text} UTC" if instant.trusted else f"{text} UTC (clock not trusted)"


def load(order: InferenceOrder) -> Outcome:
    """Which model judges which camera, each having looked at pictures already. Raises ModelError."""
    folder = Path(order.models_folder)

    def session(weights: bytes, entry: Model, name: str, runtime: str) -> Runtime:
        wanted = replace(order.wanted, runtime=runtime)
        made = choose.begin(weights, wanted, entry.input, partial(engine.build, folder, name, wanted))
        what = made.describe()
        print(f"vision: {name} runs on {what.runtime}, {what.device}", file=sys.stderr, flush=True)  # noqa: T201
        return made

    def judge(weights: bytes, runtime: str) -> Runtime:
        return choose.load(weights, choose.beside(replace(order.wanted, runtime=runtime)))

    store = Path(order.accepted_folder) if order.accepted_folder else None
    swap = Swap(store, order.wanted.runtime, Loaders(session, judge))
    by_site = {camera.id: camera.model for camera in order.cameras}
    models = {name: named(folder, name) for name in set(by_site.values())}
    instead = offered.wanted(Path(order.offered_folder) if order.offered_folder else None, store, by_site)
    outcome = swap.settle({id_: models[name] for id_, name in by_site.items()} | instead)
    if outcome.refused:
        print(f"vision: {outcome.refused.en}", file=sys.stderr, flush=True)  # noqa: T201
    swap.keep(outcome)
    return outcome


class Round:
    """One turn after the other through the cameras: each gets one picture judged per turn."""

    def __init__(self, order: InferenceOrder, seeing: dict[str, Seeing], clock: Clock) -> None:
        """Loads nothing; what each camera (by id) is judged with is ready."""
        folder = self._folder = Path(order.runtime_folder)
        self._judges = [
            CameraJudge(
                c,
                one.detector,
                order.limits,
                order.first_track,
                folder,
                wearer=one.wearer,
                guard_colour=order.guard_colour,
            )
            for c in order.cameras
            for one in (seeing[c.id],)
        ]
        models = {id(one.detector): one for one in seeing.values()}.values()
        self._telling = {
            c.id: Teller(c.seen_fd, seeing[c.id].accepted.name) for c in order.cameras if c.seen_fd is not None
        }
        self._canaries = [
            Canary(one.detector, one.wearer, one.accepted.expected, order.canary_s) for one in models
        ]
        self._clock = clock

    def turn(self) -> int:
        """Judge the newest unseen picture of every camera that has one; returns how many were judged."""
        for canary in self._canaries:
            canary.look_if_due(self._clock.monotonic)
        return sum(self._one(judge) for judge in self._judges)

    @property
    def broken(self) -> Words:
        """Why a new session is to be tried; nothing while there is no need."""
        return joined(canary.doubt for canary in self._canaries if canary.broken)

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
        if judge.camera.id in self._telling:
            self._telling[judge.camera.id].tell(look, self._clock.monotonic())
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
        outcome = load(order)
    except ModelError as fault:
        say(Failed(detail=fault.words))
        return 1
    judging = outcome.by_camera
    say(Ready(models=tuple(sorted({one.accepted.name for one in judging.values()})), refused=outcome.refused))
    turns = Round(order, judging, SystemClock(declared=order.clock_declared))
    while not turns.broken:
        if not turns.turn():
            wait_for_bell(order.bell_fd)
    say(Failed(detail=turns.broken))
    return 1


def wait_for_bell(bell_fd: int) -> None:
    """Wait until some capture program has written a picture, or RECHECK_S."""
    if readable(bell_fd, RECHECK_S):
        try:
            os.eventfd_read(bell_fd)
        except BlockingIOError:  # rung once for two pictures and already answered
            return


if __name__ == "__main__":
    sys.exit(main())
