"""A sound device through `aplay` of alsa-utils: a process of its own, so that a driver that hangs hangs nobody."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable

from edge_agent.act.voice.recorded import RATE_HZ
from edge_agent.domain.words import Words, WordsError
from edge_agent.field.ready import writable

BYTES_PER_S = 2 * RATE_HZ
LATE_S = 3.0  # a device that is so far behind the samples hangs
LOOK_S = 0.05


class SpeakerError(WordsError):
    """Nothing can be heard."""


class Aplay:
    """One ALSA device by its name in `aplay -L`."""

    def __init__(self, device: str) -> None:
        """Nothing is opened until something is played."""
        self._command = [
            *("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(RATE_HZ), "-D", device, "-"),
        ]
        self._device = device

    def play(self, samples: bytes, interrupted: Callable[[], bool]) -> None:
        """Play to the end, or until `interrupted`. Raises SpeakerError."""
        try:
            program = subprocess.Popen(  # noqa: S603 (a fixed command; the device is the settings')
                self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
        except OSError as missing:
            zh, en = "没有 aplay：请安装 alsa-utils", "there is no aplay: install alsa-utils"
            raise SpeakerError(Words(zh, en)) from missing
        with program:
            try:
                self._feed(program, samples, interrupted)
            finally:
                program.kill()

    def _feed(self, program: "subprocess.Popen[bytes]", samples: bytes, interrupted: Callable[[], bool]) -> None:
        until_s = time.monotonic() + len(samples) / BYTES_PER_S + LATE_S
        if program.stdin is None or program.stderr is None:
            return  # both are pipes: asked for above
        pipe = program.stdin.fileno()
        os.set_blocking(pipe, False)
        left = memoryview(samples)
        while left or program.poll() is None:
            if interrupted():
                return
            if time.monotonic() > until_s:
                raise SpeakerError(self._words(Words("声卡没有响应", "the sound device hangs")))
            if left:
                left = _written(pipe, left)
                if not left:
                    program.stdin.close()
            else:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    program.wait(LOOK_S)
        if program.returncode != 0:
            said = program.stderr.read().decode(errors="replace").strip().rpartition("\n")[2][:120]
            raise SpeakerError(
                self._words(Words(f"声卡打不开（{said}）", f"the sound device does not open ({said})"))
            )

    def _words(self, what: Words) -> Words:
        zh = f"{self._device}：{what.zh}；请插好声卡，用 aplay -L 查看名称，并把运行用户加入 audio 组"
        en = f"{self._device}: {what.en}; plug it in, see its name in aplay -L, add the user to the group audio"
        return Words(zh, en)


def _written(pipe: int, left: memoryview) -> memoryview:
    """What is left after as much was written as the program takes now; a program that has gone takes all."""
    if not writable(pipe, LOOK_S):
        return left
    try:
        return left[os.write(pipe, left[:BYTES_PER_S]) :]
    except BlockingIOError:
        return left
    except BrokenPipeError:
        return left[len(left) :]
