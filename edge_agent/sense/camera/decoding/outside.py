"""A decoder outside this process: GStreamer is given packets and gives pictures; nobody waits for it for long."""

import contextlib
import fcntl
import os
import subprocess
import tempfile
import time

from edge_agent.domain.words import Words, WordsError
from edge_agent.field.ready import ready
from edge_agent.sense.camera import gstreamer
from edge_agent.sense.camera.decoding import gdp
from edge_agent.sense.camera.decoding.gdp import NotGdp, Raw, Reader

PIPE_BYTES = (
    1024 * 1024
)  # the most that anybody may ask for (pipe(7)): a picture in two or three pieces, not in dozens
MOST_WAITING_BYTES = 16 * 1024 * 1024  # of packets that the decoder does not take

DIED = Words("解码进程已退出", "its program ended")
GARBAGE = Words("输出数据无效", "what it sends are no pictures")
CLOGGED = Words("不再接收数据", "it takes nothing more")


class DecoderError(WordsError):
    """The board's decoder cannot be used (any more): what is wrong, for people."""


class Outside:
    """One decoder, from its start to its end."""

    def __init__(self, codec: str, pipeline: str) -> None:
        """Start it. Raises DecoderError.

        `pipeline` is what GStreamer runs between coded packets in Annex B and bare pictures.
        """
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        whole = f"fdsrc fd=0 ! gdpdepay ! {pipeline} ! gdppay crc-header=false"
        try:
            self._running = gstreamer.launch(whole, self._words, subprocess.PIPE)
        except OSError as fault:
            self._words.close()
            why = Words("未能启动 GStreamer", f"GStreamer does not start: {fault.strerror}")
            raise DecoderError(why) from None
        stdin = self._running.process.stdin
        assert stdin is not None  # noqa: S101 - asked for above
        self._in = stdin.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._running.fd, False)
        with contextlib.suppress(OSError):  # smaller pipes only cost more
            fcntl.fcntl(self._running.fd, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._waiting = bytearray(gdp.opening(codec))
        self._reader = Reader()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._running.process.pid

    def give(self, piece: bytes, wait_s: float) -> list[Raw]:
        """Hand a piece over, and take what has become of it and of earlier ones, within about `wait_s`.

        What lies there already is taken first, so that one late answer does not make all later ones late too; then
        one picture is waited for. Raises DecoderError.
        """
        self._waiting += piece
        if len(self._waiting) > MOST_WAITING_BYTES:
            raise DecoderError(CLOGGED)
        earlier = self._exchange(time.monotonic(), until_empty=False)
        return earlier + self._exchange(time.monotonic() + wait_s, until_empty=True)

    def _exchange(self, until_s: float, *, until_empty: bool) -> list[Raw]:
        """Write and read until a picture has come (and all is written, if so wanted), or until then."""
        found: list[Raw] = []
        while not found or (until_empty and self._waiting):
            into = [self._in] if until_empty and self._waiting else []
            left_s = max(0.0, until_s - time.monotonic())
            readable, writable = ready([self._running.fd], into, left_s)
            if not readable and not writable:
                break
            if writable:
                self._write()
            if readable:
                found += self._read()
        return found

    def _write(self) -> None:
        try:
            del self._waiting[: os.write(self._in, self._waiting)]
        except BrokenPipeError:
            raise self._died() from None

    def _read(self) -> list[Raw]:
        found = []
        try:
            while count := os.readv(self._running.fd, [self._reader.room()]):
                picture = self._reader.filled(count)
                if picture is not None:
                    found.append(picture)
        except BlockingIOError:  # that was all for now
            return found
        except NotGdp as fault:
            raise DecoderError(Words(GARBAGE.zh, f"{GARBAGE.en}: {fault}")) from None
        raise self._died()

    def _died(self) -> DecoderError:
        self._running.stop()
        code = self._running.process.returncode
        said = gstreamer.said(self._words, f"exit code {code}")
        return DecoderError(DIED.then(said))

    def end(self) -> None:
        """End it, whatever it does."""
        self._running.process.kill()  # it may hang, and has nothing to bring to an end
        self._running.end()
        self._words.close()
