"""The agent's care for the program that shows live pictures: started, started again, ended. Nobody needs it."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import msgspec

from edge_agent.sense.camera.keeper import Keeper, Silence
from edge_agent.sense.camera.limits import VisionLimits
from edge_agent.sense.camera.lines import OnlookersLine, OnlookersOrder, ShownCamera
from edge_agent.sense.camera.onlookers import seen
from edge_agent.sense.camera.process import Hear, Program

PROGRAM = "edge_agent.sense.camera.onlookers.program"
SILENT_S = 20.0  # it is behind everything else: a busy box may let it wait


class Onlookers:
    """Of one run of vision. Called from its thread alone."""

    def __init__(self, stack: ExitStack, limits: VisionLimits, wake: Callable[[], None]) -> None:
        """Descriptors end with `stack`. Nothing is started before `begin`."""
        self._stack, self._limits, self._wake = stack, limits, wake
        self._keeper: Keeper[OnlookersLine] | None = None
        self._heard_s = float("-inf")

    @property
    def pid(self) -> int | None:
        """Of the running program."""
        return None if self._keeper is None else self._keeper.pid

    def begin(self, socket: Path | None, frames_fds: Mapping[str, int]) -> dict[str, int]:
        """Where the judging program says what it concluded, by camera; nothing where nobody looks on."""
        if socket is None:
            return {}
        fds: dict[str, int] = {}
        for camera in frames_fds:
            fds[camera] = seen.create(camera)
            self._stack.callback(os.close, fds[camera])
        cameras = tuple(ShownCamera(id=one, frames_fd=frames_fds[one], seen_fd=fds[one]) for one in fds)
        order = OnlookersOrder(cameras=cameras, socket=str(socket), parent=os.getpid())
        every_fd = (*frames_fds.values(), *fds.values())

        def start(hear: Hear) -> Program:
            return Program(PROGRAM, order, every_fd, hear)

        decoder = msgspec.json.Decoder(OnlookersLine)
        self._keeper = Keeper(start, decoder, self._wake, self._limits)
        return fds

    def care(self, now_s: float) -> None:
        """Keep it running; one that has not said for long that it lives is started anew."""
        if self._keeper is None:
            return
        if self._keeper.heard():
            self._heard_s = now_s
        self._keeper.care(now_s)
        silent_s = now_s - max(self._heard_s, self._keeper.started_s)
        if self._keeper.silent(silent_s, SILENT_S, now_s) is Silence.HANGS:
            self._keeper.restart(now_s)

    def end(self) -> None:
        """For good."""
        if self._keeper is not None:
            self._keeper.kill()
            self._keeper.reap()
