"""The capture program of one camera: stream in, newest picture into shared memory, state on stdout.

Started by the agent as `python -m edge_agent.sense.camera.capture`, so that a hanging decoder can be
killed without touching anything else. It does one connection and ends; trying again is the agent's.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from av.container import InputContainer
from av.video.reformatter import VideoReformatter
from msgspec.structs import replace

from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.camera.child import begin, masked, say
from edge_agent.sense.camera.decoding import board
from edge_agent.sense.camera.decoding.pictures import Decoded, Decoder
from edge_agent.sense.camera.filming.orders import Wanted
from edge_agent.sense.camera.flow import Flow
from edge_agent.sense.camera.frames import FrameWriter, reduced
from edge_agent.sense.camera.lines import CaptureLine, CaptureOrder
from edge_agent.sense.camera.piped import piped
from edge_agent.sense.camera.stream import Pictures, Tap, open_stream, promised_hz
from edge_agent.sense.camera.stream_faults import StreamError

if TYPE_CHECKING:
    from edge_agent.sense.camera.filming.filmer import Filmer

STATE_EVERY_S = 1.0


class Pace:
    """Chooses which pictures are passed on, so that `fps` of them a second are."""

    EARLY = 0.25  # of a period: a picture this early is still the one that was due (network jitter)

    def __init__(self, fps: float) -> None:
        """`fps` pictures a second are wanted at most."""
        self._period_s = 1 / fps
        self._due_s = float("-inf")

    def wants(self, arrived_s: float) -> bool:
        """Whether the picture that arrived then is passed on."""
        if arrived_s < self._due_s - self.EARLY * self._period_s:
            return False
        late = arrived_s - self._due_s > self._period_s
        self._due_s = (arrived_s if late else self._due_s) + self._period_s
        return True


class Capture:
    """The way of one picture: chosen, reduced, turned into BGR, written, bell rung."""

    def __init__(self, order: CaptureOrder) -> None:
        """Everything comes from the order."""
        self._pace = Pace(order.fps)
        self._writer = FrameWriter(order.frames_fd)
        self._bell_fd = order.bell_fd
        self._reformatter = VideoReformatter()  # keeps its tables between pictures: a third of the cost
        self.size = (0, 0)
        self.seq = 0

    def take(self, arrived: Decoded) -> bool:
        """Pass the picture on if one is due. Returns whether its size is a new one."""
        if not self._pace.wants(arrived.arrived_s):
            return False
        frame = arrived.frame
        width, height = reduced(frame.width, frame.height)
        picture = self._reformatter.reformat(frame, width, height, "bgr24", interpolation="BILINEAR", threads=1)
        plane = picture.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:height, : width * 3]
        self.seq = self._writer.write(rows, arrived.arrived_s, arrived.pts_s)
        os.eventfd_write(self._bell_fd, 1)
        changed = self.size != (frame.width, frame.height)
        self.size = (frame.width, frame.height)
        return changed

    def line(self, state: str, damaged: int = 0, detail: Words = NOTHING) -> CaptureLine:
        """What to say now."""
        width, height = self.size
        return CaptureLine(
            state=state,  # type: ignore[arg-type]
            detail=detail, width=width, height=height, seq=self.seq, damaged=damaged,
        )  # fmt: skip


class Films:
    """What the agent wants filmed, before, while and after the stream is open."""

    def __init__(self) -> None:
        self._wanted = Wanted()
        self._filmer: Filmer | None = None

    def hear(self, line: bytes) -> None:
        """A further line of the agent's."""
        self._wanted = msgspec.json.decode(line, type=Wanted)
        if self._filmer is not None:
            self._filmer.want(self._wanted)

    @contextmanager
    def of(self, container: InputContainer, order: CaptureOrder) -> Iterator[Tap]:
        """Film this stream, if anything is ever to be kept; ended in good order however the stream ends."""
        if order.films is None:
            yield lambda _packet, _arrived_s: None
            return
        # What seals costs memory: only where something is ever to be kept.
        from edge_agent.sense.camera.filming.filmer import Filmer  # noqa: PLC0415
        from edge_agent.sense.camera.filming.plain import Plain  # noqa: PLC0415

        plain = Plain(container)
        filmer = self._filmer = Filmer(order.films, plain.codec, say)
        filmer.want(self._wanted)
        try:
            yield lambda packet, arrived_s: plain.put(packet, arrived_s, filmer.ring)
        finally:
            filmer.end()

    def end(self) -> None:
        """Bring the films to their end."""
        if self._filmer is not None:
            self._filmer.end()


def pass_on(
    container: InputContainer, order: CaptureOrder, asked_s: float, tap: Tap, decoder: Decoder
) -> CaptureLine:
    """Pass pictures on until the stream ends; returns the last word."""
    capture = Capture(order)
    pictures = Pictures(container, order.url, asked_s, tap, decoder)
    flow = Flow(order.fps, promised_hz(container), order.limits)
    said_s, damaged = time.monotonic(), 0
    for arrived in pictures:
        flow.took(arrived.arrived_s if arrived.pts_s is None else arrived.pts_s)
        flow.lost(pictures.damaged - damaged)
        damaged = pictures.damaged
        if capture.take(arrived):
            say(capture.line("size"))
        if arrived.arrived_s - said_s >= STATE_EVERY_S:
            said_s = arrived.arrived_s
            line = capture.line("running", damaged)
            missing, queued_s = round(flow.missing, 2), round(pictures.queued_s, 1)
            say(replace(line, missing=missing, queued_s=queued_s, decoder=decoder.fault))
    where = masked(order.url)
    return capture.line("ended", pictures.damaged, Words(f"{where}：视频流已结束", f"{where}: the stream ended"))


def main() -> int:
    """Read the order, do it, say how it ended. Exit 0: the stream ended by itself; 1: it failed."""
    films = Films()
    order = begin(CaptureOrder, films.hear, films.end)
    say(CaptureLine(state="opening"))
    asked_s = time.monotonic()
    try:
        with (
            _opened(order) as container,
            closing(board.decoder(container, order.decoders, order.limits)) as decoder,
            films.of(container, order) as tap,
        ):
            say(CaptureLine(state="open"))
            say(pass_on(container, order, asked_s, tap, decoder))
    except StreamError as fault:
        say(CaptureLine(state="failed", detail=fault.words))
        return 1
    except Exception as fault:  # noqa: BLE001 - becomes a restart; a traceback could show the password
        say(CaptureLine(state="failed", detail=_crashed(order.url, fault)))
        return 1
    return 0


def _opened(order: CaptureOrder) -> AbstractContextManager[InputContainer]:
    """The camera's stream, from wherever it comes."""
    if order.pipeline:
        return piped(order.url, order.pipeline, order.limits)
    return open_stream(order.url, order.limits)


def _crashed(url: str, fault: Exception) -> Words:
    where, kind = masked(url), type(fault).__name__
    return Words(f"{where}：取流程序出错（{kind}）", f"{where}: {masked(f'{kind}: {fault}')}")


if __name__ == "__main__":
    sys.exit(main())
