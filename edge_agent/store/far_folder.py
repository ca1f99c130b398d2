"""A folder that may hang, such as a network share whose server is gone: nobody here waits for it for ever.

Whoever calls into such a share can stand in the kernel for ever, beyond any signal (state D). So each call is
made by a process of its own (far_hand.py) and waited for so long and no longer; one that does not come back is
killed, if that still reaches it, and left behind: nobody waits for it, and while it stands there nobody else is
sent after it.
"""

import errno
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from select import POLLIN, POLLOUT, poll
from typing import Any, Self

from edge_agent.domain.words import Words
from edge_agent.store.far_hand import HERE, SIZES
from edge_agent.store.left_behind import stands

PATIENCE_S = 30.0  # for one call; a sync of a slow disk is one, and far_hand.py makes it often
STARTED_S = 60.0  # for the process to begin, which touches nothing there
FAREWELL_S = 1.0
CHUNK = 1 << 16
# Those that did not come back to this process, by folder: killed, and looked at before another is sent.
_LEFT_BEHIND: dict[Path, "subprocess.Popen[bytes]"] = {}


class HangsError(OSError):
    """The folder does not answer. Whether what was asked of it last still happens, nobody knows."""

    def __init__(self, folder: Path) -> None:
        """An OSError like any other (ETIMEDOUT), with words for people."""
        super().__init__(errno.ETIMEDOUT, "does not answer", str(folder))
        self.remedy = Words(
            "多半是网络共享的服务器关机或断网：请恢复服务器，或强制卸载后重新挂载（umount -f -l）",
            "most likely the server of a network share is off or cut off: bring it back, or take the share off "
            "(umount -f -l) and mount it again",
        )
        self.words = Words(f"{folder} 无响应", f"{folder} does not answer").then(self.remedy)


class FarFolder:
    """For one thread; a context that ends its process. Every call raises OSError, HangsError if none came back."""

    def __init__(self, folder: Path, patience_s: float = PATIENCE_S) -> None:
        """Nothing is touched and nothing started yet."""
        self.folder, self._patience_s = folder, patience_s
        self._hand: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """As `close`."""
        self.close()

    def names(self, pattern: str) -> list[str]:
        """What lies there under such a name (glob), in order."""
        return list(self._asked("names", pattern))

    def begin(self, name: str) -> None:
        """A new file for its owner alone; without a lasting name it goes when this ends."""
        self._asked("begin", name)

    def write(self, data: bytes) -> int:
        """Behind what the file holds so far."""
        for at in range(0, len(data), 1 << 20):
            self._asked("write", body=data[at : at + (1 << 20)])
        return len(data)

    def whole(self) -> None:
        """What was written is on the disk there when this returns."""
        self._asked("whole")

    def name(self, name: str) -> tuple[int, int]:
        """The file gets its lasting name, surely: its size in bytes, and the disk (st_dev) that it lies on."""
        now = self._asked("name", name)
        return now["size"], now["disk"]

    def remove(self, name: str) -> None:
        """It is gone, if it was there."""
        self._asked("remove", name)

    def opened(self, name: str) -> io.BufferedReader:
        """One file to be read, and never a link; only the last that was opened can be."""
        return io.BufferedReader(_FarFile(self, self._asked("open", name)), CHUNK)

    def read(self, offset: int, size: int) -> bytes:
        """At most so many bytes of the file that was opened last."""
        return bytes(self._asked("read", offset, min(size, 1 << 20)))

    def close(self) -> None:
        """End the process; what had no lasting name is removed by it. One that hangs is left behind."""
        hand, self._hand = self._hand, None
        if hand is None:
            return
        _shut(hand)
        try:
            hand.wait(FAREWELL_S)
        except subprocess.TimeoutExpired:
            self._leave(hand)

    def _asked(self, call: str, *with_: object, body: bytes = b"") -> Any:
        order = json.dumps({"call": call, "with": with_}).encode()
        said, data = self._exchanged(SIZES.pack(len(order), len(body)) + order + body)
        if "errno" in said:
            raise OSError(said["errno"], said["strerror"], said["filename"])
        return said.get("value", data)

    def _exchanged(self, order: bytes) -> tuple[dict[str, Any], bytes]:
        """The answer to one order. Raises HangsError, and OSError where the process cannot be had."""
        hand = self._hand or self._sent_out()
        assert hand.stdin is not None  # noqa: S101 (both were asked for)
        assert hand.stdout is not None  # noqa: S101
        until_s = time.monotonic() + self._patience_s
        try:
            self._write(hand.stdin.fileno(), order, until_s)
            of_head, of_data = SIZES.unpack(self._read(hand.stdout.fileno(), SIZES.size, until_s))
            head = self._read(hand.stdout.fileno(), of_head, until_s)
            return json.loads(head), self._read(hand.stdout.fileno(), of_data, until_s)
        except TimeoutError:
            self._hand = None
            _shut(hand)
            self._leave(hand)
            raise HangsError(self.folder) from None
        except (EOFError, BrokenPipeError):
            self.close()
            raise self._ended() from None

    def _sent_out(self) -> "subprocess.Popen[bytes]":
        """A new process, unless the one before still stands where it stood."""
        left = _LEFT_BEHIND.pop(self.folder, None)
        if left is not None and left.poll() is None:
            _LEFT_BEHIND[self.folder] = left
        if self.folder in _LEFT_BEHIND or stands(self.folder):
            raise HangsError(self.folder)
        # Of nothing that somebody waits for does it hold an end: who reads our stderr must see it end with us.
        self._hand = subprocess.Popen(  # noqa: S603 (our own program)
            (sys.executable, "-m", "edge_agent.store.far_hand", str(self.folder)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            start_new_session=True,
        )
        assert self._hand.stdin is not None  # noqa: S101
        assert self._hand.stdout is not None  # noqa: S101
        os.set_blocking(self._hand.stdin.fileno(), False)
        try:
            self._read(self._hand.stdout.fileno(), len(HERE), time.monotonic() + STARTED_S)
        except (TimeoutError, EOFError):
            self.close()
            raise self._ended() from None
        return self._hand

    def _ended(self) -> OSError:
        return OSError(errno.EIO, "the process that reads and writes there has ended", str(self.folder))

    def _leave(self, hand: "subprocess.Popen[bytes]") -> None:
        """Killed: should the share come back, the process does nothing more there."""
        hand.kill()
        _LEFT_BEHIND[self.folder] = hand

    @staticmethod
    def _write(pipe: int, data: bytes, until_s: float) -> None:
        left = memoryview(data)
        while left:
            _waits((pipe, POLLOUT), until_s)
            left = left[os.write(pipe, left[:CHUNK]) :]

    @staticmethod
    def _read(pipe: int, size: int, until_s: float) -> bytes:
        found = bytearray()
        while len(found) < size:
            _waits((pipe, POLLIN), until_s)
            piece = os.read(pipe, min(CHUNK, size - len(found)))
            if not piece:
                raise EOFError
            found += piece
        return bytes(found)


class _FarFile(io.RawIOBase):
    """The file that its folder has open, as anybody reads one."""

    def __init__(self, folder: FarFolder, size: int) -> None:
        super().__init__()
        self._folder, self._size, self._at = folder, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begins = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = begins + offset
        return self._at

    def readinto(self, into: Any) -> int:
        data = self._folder.read(self._at, len(into))
        into[: len(data)] = data
        self._at += len(data)
        return len(data)


def _shut(hand: "subprocess.Popen[bytes]") -> None:
    for pipe in (hand.stdin, hand.stdout):
        if pipe is not None:
            pipe.close()


def _waits(one: tuple[int, int], until_s: float) -> None:
    """Until the pipe is ready. Raises TimeoutError."""
    asked = poll()
    asked.register(*one)
    if not asked.poll(max(until_s - time.monotonic(), 0.0) * 1000):
        raise TimeoutError
