"""A camera on a cable of this box: GStreamer runs beside the capture program and hands it a stream over a pipe."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import av
from av.container import InputContainer
from av.error import FFmpegError

from edge_agent.domain.words import Words
from edge_agent.field.ready import readable
from edge_agent.sense.camera import gstreamer
from edge_agent.sense.camera.limits import VisionLimits
from edge_agent.sense.camera.stream_faults import CANNOT_OPEN, STOPPED, StreamError

SEE_TO_IT = Words("请检查摄像机的连接线和地址", "check the camera's cable and its address")


class _Pipe:
    """What PyAV reads from: never waits longer than it may for the next piece."""

    def __init__(self, fd: int, limits: VisionLimits) -> None:
        self._fd = fd
        self._read_timeout_s = limits.read_timeout_s
        self._until_s = time.monotonic() + limits.open_timeout_s  # the first piece: a sensor needs to wake up
        self.ended = False
        self.late = False  # ended, because nothing came in time

    def read(self, size: int) -> bytes:
        """The next bytes; nothing at the end, and when none came in time."""
        ready = readable(self._fd, self._until_s - time.monotonic())
        self.late = not ready
        piece = os.read(self._fd, size) if ready else b""
        self._until_s = time.monotonic() + self._read_timeout_s
        self.ended = not piece
        return piece


@contextmanager
def piped(url: str, pipeline: str, limits: VisionLimits) -> Iterator[InputContainer]:
    """The stream that `pipeline` makes of the camera at `url`. Raises StreamError; GStreamer ends with it."""
    with tempfile.TemporaryFile() as words:
        running = _launch(url, pipeline, words)
        try:
            pipe = _Pipe(running.fd, limits)
            try:
                container = av.open(pipe, "r", format="mpegts", options={"analyzeduration": "1000000"})
            except (FFmpegError, OSError):
                raise StreamError(_why(url, pipe, running, words)) from None
            with container:
                if not container.streams.video:
                    raise StreamError(_why(url, pipe, running, words))
                container.streams.video[0].codec_context.thread_count = 1
                yield container
            if pipe.ended:
                raise StreamError(_why(url, pipe, running, words, STOPPED))
        finally:
            running.end()


def _launch(url: str, pipeline: str, words: IO[bytes]) -> gstreamer.Running:
    try:
        return gstreamer.launch(pipeline, words)
    except OSError as fault:
        why = Words("未能启动 GStreamer", f"GStreamer does not start: {fault.strerror}")
        raise StreamError(Words(f"{url}：{why.zh}", f"{url}: {why.en}")) from None


def _why(url: str, pipe: _Pipe, running: gstreamer.Running, words: IO[bytes], what: Words = CANNOT_OPEN) -> Words:
    """What GStreamer said of it, or that nothing came."""
    if pipe.late:
        why = Words("未及时送出画面", "no picture in time")
    else:
        running.stop()
        why = gstreamer.said(words, "no video in what it sends")
    return Words(f"{url}：{what.zh}（{why.zh}），{SEE_TO_IT.zh}", f"{url}: {what.en} ({why.en}): {SEE_TO_IT.en}")
