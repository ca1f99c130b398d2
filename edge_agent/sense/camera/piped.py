"""A camera on a cable of this box: GStreamer runs beside the capture program and hands it a stream over a pipe."""

import os
import re
import select
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import av
from av.container import InputContainer
from av.error import FFmpegError

from edge_agent.domain.words import Words
from edge_agent.sense.camera.board import LAUNCH
from edge_agent.sense.camera.limits import VisionLimits
from edge_agent.sense.camera.stream import CANNOT_OPEN, STOPPED, StreamError

END_S = 1.0
SEE_TO_IT = Words("请检查摄像机的连接线和地址", "check the camera's cable and its address")
_ERROR = re.compile(rb"^ERROR: from element [^\n]*: ([^\n]+)$", re.MULTILINE)
_NO_PIPELINE = re.compile(rb"erroneous pipeline: ([^\n]+)")

_SAID = (
    ("no video", "没有视频数据"),
    ("Cannot identify device", "找不到设备"),
    ("Could not open device", "设备打不开"),
    ("busy", "设备被其他程序占用"),
    ("no element", "缺少 GStreamer 插件"),
    ("not-negotiated", "摄像机不支持所要的画面格式"),
    ("Could not read", "读取失败"),
)


class _Pipe:
    """What PyAV reads from: never waits longer than it may for the next piece."""

    def __init__(self, process: "subprocess.Popen[bytes]", limits: VisionLimits) -> None:
        self._fd = process.stdout.fileno() if process.stdout else -1
        self._read_timeout_s = limits.read_timeout_s
        self._until_s = time.monotonic() + limits.open_timeout_s  # the first piece: a sensor needs to wake up
        self.ended = False
        self.late = False  # ended, because nothing came in time

    def read(self, size: int) -> bytes:
        """The next bytes; nothing at the end, and when none came in time."""
        ready, _, _ = select.select([self._fd], [], [], max(0.0, self._until_s - time.monotonic()))
        self.late = not ready
        piece = os.read(self._fd, size) if ready else b""
        self._until_s = time.monotonic() + self._read_timeout_s
        self.ended = not piece
        return piece


@contextmanager
def piped(url: str, pipeline: str, limits: VisionLimits) -> Iterator[InputContainer]:
    """The stream that `pipeline` makes of the camera at `url`. Raises StreamError; GStreamer ends with it."""
    with tempfile.TemporaryFile() as words:
        process = _launch(url, pipeline, words)
        try:
            pipe = _Pipe(process, limits)
            try:
                container = av.open(pipe, "r", format="mpegts", options={"analyzeduration": "1000000"})
            except (FFmpegError, OSError):
                raise StreamError(_why(url, pipe, process, words)) from None
            with container:
                if not container.streams.video:
                    raise StreamError(_why(url, pipe, process, words))
                container.streams.video[0].codec_context.thread_count = 1
                yield container
            if pipe.ended:
                raise StreamError(_why(url, pipe, process, words, STOPPED))
        finally:
            _end(process)


def _launch(url: str, pipeline: str, words: IO[bytes]) -> "subprocess.Popen[bytes]":
    """GStreamer as a child that dies with us, also when we are killed."""
    command = ["setpriv", "--pdeathsig", "KILL", LAUNCH, "-q", *shlex.split(pipeline), "!", "fdsink", "fd=1"]
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=words)  # noqa: S603
    except OSError as fault:
        why = Words("未能启动 GStreamer", f"GStreamer does not start: {fault.strerror}")
        raise StreamError(Words(f"{url}：{why.zh}", f"{url}: {why.en}")) from None


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:  # a driver that hangs in the kernel
        process.kill()
    if process.stdout is not None:
        process.stdout.close()


def _why(
    url: str, pipe: _Pipe, process: "subprocess.Popen[bytes]", words: IO[bytes], what: Words = CANNOT_OPEN
) -> Words:
    """What GStreamer said of it, or that nothing came."""
    if pipe.late:
        zh, en = "未及时送出画面", "no picture in time"
    else:
        _end(process)
        words.seek(0)
        text = words.read(65_536)
        found = _ERROR.search(text) or _NO_PIPELINE.search(text)
        en = found[1].decode(errors="replace") if found else "no video in what it sends"
        zh = next((words for part, words in _SAID if part in en), "GStreamer 报错")
    return Words(f"{url}：{what.zh}（{zh}），{SEE_TO_IT.zh}", f"{url}: {what.en} ({en}): {SEE_TO_IT.en}")
