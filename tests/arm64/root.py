"""One Debian 12 of the other kind of board in a folder, whose programs run through QEMU (root is needed).

Made of Debian's own packages by mmdebstrap and kept as an archive in build/, so that a second run unpacks it. The
kernel is told of the emulator where it is not yet (binfmt_misc, the interpreter held open: F), while this lasts.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Self

SUITE = "bookworm"
# What the package depends on: it is installed without a network.
PACKAGES = ("systemd", "python3", "tzdata", "fonts-wqy-microhei", "alsa-utils")
QEMU = Path("/usr/bin/qemu-aarch64-static")
FORMATS = Path("/proc/sys/fs/binfmt_misc")
NAME = "edge-agent-aarch64"
# ELF, 64 bits, little-endian, executable or shared, machine 183 (qemu's scripts/qemu-binfmt-conf.sh).
MAGIC = r"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
MASK = r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"


# A Raspberry Pi 5's. QEMU's own default also has what no board here has, and ONNX Runtime ends with a fault on it.
CPU = "cortex-a76"
# QEMU 7.2 shows programs this machine's own /proc/cpuinfo, of another kind of processor.
CORE = """processor\t: {number}
BogoMIPS\t: 108.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x4
CPU part\t: 0xd0b
CPU revision\t: 1

"""


class RootError(Exception):
    """A command in there failed, or the emulator cannot be had."""


@contextlib.contextmanager
def emulated() -> Iterator[None]:
    """The kernel runs programs for aarch64. Raises RootError."""
    if not (FORMATS / "register").exists():
        subprocess.run(
            ["mount", "-t", "binfmt_misc", "binfmt_misc", str(FORMATS)], check=False, capture_output=True
        )
    if not (FORMATS / "register").exists():
        raise RootError("this kernel has no binfmt_misc (CONFIG_BINFMT_MISC), or you are not root")
    ours = not any(str(QEMU) in one.read_text("ascii") for one in FORMATS.iterdir() if one.name != "register")
    if ours:
        (FORMATS / "register").write_text(f":{NAME}:M::{MAGIC}:{MASK}:{QEMU}:F", "ascii")
    try:
        yield
    finally:
        if ours:
            (FORMATS / NAME).write_text("-1", "ascii")


def archive(kept: Path) -> Path:
    """The system's archive, made from Debian's own packages if it is not there yet (minutes)."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = kept.with_suffix(".new.tar")
        command = [
            "mmdebstrap",
            "--arch=arm64",
            "--variant=apt",
            f"--include={','.join(PACKAGES)}",
            SUITE,
            str(made),
        ]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RootError(f"{' '.join(command)}\n{done.stderr}")
        made.replace(kept)
    return kept


class Root:
    """`with Root(archive(kept)) as box: box.does("uname -m")`."""

    def __init__(self, kept: Path) -> None:
        """Unpacks it into a folder of its own."""
        self.folder = Path(tempfile.mkdtemp(prefix="edge-arm64-"))
        subprocess.run(["tar", "-xf", str(kept), "-C", str(self.folder)], check=True)
        cores = (CORE.format(number=number) for number in range(os.cpu_count() or 1))
        (self.folder / "root" / "cpuinfo").write_text("".join(cores), "ascii")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, path: Path, into: str) -> None:
        """A file of this machine."""
        target = self.folder / into.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)

    def start(self, script: str) -> "subprocess.Popen[str]":
        """A shell in there, without a network; what is mounted for it goes with it."""
        mounts = (
            'for one in proc dev sys; do mount --rbind "/$one" "$1/$one"; done; '
            'mount --bind "$1/root/cpuinfo" "$1/proc/cpuinfo"; exec chroot "$1" bash -ec "$2"'
        )
        command = ["unshare", "--mount", "--net", "bash", "-ec", mounts, "bash", str(self.folder), script]
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": "/root",
            "QEMU_CPU": CPU,
        }
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/"
        )

    def does(self, script: str, *codes: int) -> str:
        """What it prints; RootError with all it said if it ends with another code than 0 or one of `codes`."""
        return ended(self.start(script), script, *codes)


def ended(shell: "subprocess.Popen[str]", script: str, *codes: int) -> str:
    """What it has printed once it is over. Raises RootError."""
    out, err = shell.communicate()
    if shell.returncode not in {0, *codes}:
        raise RootError(f"{script}\n-> {shell.returncode}\n{out}{err}")
    return out.strip()
