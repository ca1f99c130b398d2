"""File systems of a test's own: one whose server is gone, and a small one that is soon full.

They are mounted for one thread and what that starts, so that nobody else on the machine can step into them.

The first is a file system in user space (FUSE) whose server answers its first message, reads every other one and
answers none, as a network share does once its server is switched off: each call into it waits in the kernel (state
D), beyond any signal. When the server is ended the kernel lets everybody go.
"""

import ctypes
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from edge_agent.store import far_folder

T = TypeVar("T")
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 1 << 18
HEADER = struct.Struct("<IIQQIIII")  # of each message: length, what, unique, ...
INIT, INIT_OUT = 26, struct.Struct("<IIIIHHIIHHI28x")


def beside_a_hung_share(folder: Path, body: Callable[[], T]) -> T:
    """What `body` returns, called in a thread for which no call into `folder` ever comes back."""
    if not Path("/dev/fuse").exists():
        pytest.skip("needs /dev/fuse")
    end = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
    server = subprocess.Popen([sys.executable, __file__, str(end)], pass_fds=[end])
    options = f"fd={end},rootmode=40000,user_id=0,group_id=0"

    def mounted() -> T:
        _mount("hung", folder, "fuse", options)
        os.close(end)  # the server's alone now
        return body()

    try:
        return _alone(mounted)
    finally:
        server.kill()
        server.wait()
        for one in far_folder._LEFT_BEHIND.values():
            one.wait(30)  # the kernel has let it go


def on_a_small_disk(folder: Path, size: str, body: Callable[[], T]) -> T:
    """What `body` returns, called in a thread for which `folder` is an empty disk of this size ("64k")."""

    def mounted() -> T:
        _mount("small", folder, "tmpfs", f"size={size}")
        return body()

    return _alone(mounted)


def _alone(body: Callable[[], T]) -> T:
    if os.geteuid() != 0:
        pytest.skip("needs root to mount")
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(body).result()


def _mount(source: str, folder: Path, kind: str, options: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for done in (
        lambda: libc.unshare(CLONE_NEWNS),
        lambda: libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None),
        lambda: libc.mount(source.encode(), bytes(folder), kind.encode(), 0, options.encode()),
    ):
        if done() != 0:
            pytest.skip(f"this system mounts nothing for us: {os.strerror(ctypes.get_errno())}")


def serve(end: int) -> None:
    """Answer the first message, so that it is a file system, and no other."""
    while True:
        message = os.read(end, 1 << 21)
        _, what, unique, *_ = HEADER.unpack_from(message)
        if what == INIT:
            major, minor = struct.unpack_from("<II", message, HEADER.size)
            body = INIT_OUT.pack(major, minor, 0, 0, 16, 12, 4096, 1, 0, 0, 0)
            os.write(end, struct.pack("<IiQ", 16 + len(body), 0, unique) + body)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
