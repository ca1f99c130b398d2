"""GStreamer as a child of a capture program: started, ended, and what it says of its own failure."""

import os
import re
import shlex
import subprocess
from typing import IO

from msgspec import Struct

from edge_agent.domain.words import Words

LAUNCH = "gst-launch-1.0"
END_S = 1.0
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


class Running(Struct, frozen=True):
    """One that runs, and where what it makes can be read."""

    process: "subprocess.Popen[bytes]"
    fd: int

    def stop(self) -> None:
        """Let it end; what it made and said can still be read. May be called again."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()  # a driver that hangs in the kernel: nobody waits for it

    def end(self) -> None:
        """Stop it and give its pipes back."""
        self.stop()
        os.close(self.fd)
        if self.process.stdin is not None:
            self.process.stdin.close()


def launch(pipeline: str, words: IO[bytes], stdin: int = subprocess.DEVNULL) -> Running:
    """Run `pipeline` as a child that dies with us, also when we are killed. Raises OSError.

    What it makes comes through a pipe of its own: NVIDIA's elements talk on stdout.
    """
    ours, its = os.pipe()
    command = ["setpriv", "--pdeathsig", "KILL", LAUNCH, "-q", *shlex.split(pipeline), "!", "fdsink", f"fd={its}"]
    try:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=stdin, stdout=words, stderr=words, pass_fds=(its,), bufsize=0
        )
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(its)
    return Running(process, ours)


def said(words: IO[bytes], otherwise: str) -> Words:
    """What it has written into `words` about an error; `otherwise`, in English, where it said nothing."""
    words.seek(0)
    text = words.read(65_536)
    found = _ERROR.search(text) or _NO_PIPELINE.search(text)
    en = found[1].decode(errors="replace") if found else otherwise
    return Words(next((zh for part, zh in _SAID if part in en), "GStreamer 报错"), en)
