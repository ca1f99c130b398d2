"""One Debian 12 that really boots, in a network of its own without a way out, whose power can be cut."""

import ctypes
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tests.system.test_work_is_filmed import FilmedSite

# What a plain Debian server has, and what the package depends on: it is installed without a network.
PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "libpam-systemd", "iproute2", "curl", "procps", "python3", "tzdata"),
    *("fonts-wqy-microhei", "alsa-utils"),
)
SUITE = "bookworm"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "edge-agent"
PATIENCE_S = 60.0
CLONE_NEWNET = 0x40000000  # unshare(2)


class BootError(Exception):
    """The system did not boot, or a command in it failed."""


def image() -> Path:
    """The system's archive, made from Debian's own packages if it is not there yet (a minute)."""
    kept = CACHE / f"{SUITE}-{hashlib.sha256(repr(PACKAGES).encode()).hexdigest()[:8]}.tar"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = kept.with_suffix(".new.tar")
        command = ["mmdebstrap", "--variant=apt", f"--include={','.join(PACKAGES)}", SUITE, str(made)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        made.replace(kept)
    return kept


def leave_the_network(addresses: Sequence[str] = ()) -> None:
    """This process and all it starts have loopback alone, with these addresses: the field's, and the boxes'."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise BootError(f"no network of its own ({os.strerror(ctypes.get_errno())}): are you root?")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for one in addresses:
        subprocess.run(["ip", "address", "add", f"{one}/32", "dev", "lo"], check=True)


class Machine:
    """`with Machine() as box: box.does("systemctl is-system-running")`. Root is needed."""

    work: "FilmedSite"  # who works there, once somebody does

    def __init__(self, *options: str) -> None:
        """Nothing boots yet; `options` are systemd-nspawn's."""
        self.root = Path(tempfile.mkdtemp(prefix="edge-boot-"))
        self.var = self.root / "var"  # where it lies: SQLite follows no /proc/PID/root
        self._options = options
        self._nspawn: subprocess.Popen[bytes] | None = None
        self.init = 0  # the process that is number 1 in there

    def __enter__(self) -> Self:
        subprocess.run(["tar", "-xf", str(image()), "-C", str(self.root)], check=True)
        # dpkg waits for the disk after each file, which on a busy one takes longer than all the rest.
        (self.root / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n", "ascii")
        try:
            self.boot()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def boot(self, *options: str) -> None:
        """Give it power; returns once it has booted."""
        command = ["systemd-nspawn", "--register=no", "--keep-unit", "--quiet", "-b", "-D", str(self.root)]
        self._nspawn = subprocess.Popen(
            [*command, "--network-namespace-path=/proc/self/ns/net", *self._options, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.init = 0
        end_s = time.monotonic() + PATIENCE_S
        while not self.init:
            self.init = self._child()
            if self._nspawn.poll() is not None or time.monotonic() > end_s:
                raise BootError("systemd-nspawn started nothing: are you root?")
            time.sleep(0.05)
        self.until("systemctl is-system-running || true", "running")

    def cut_power(self) -> None:
        """Every program ends at once, and nobody is asked."""
        assert self._nspawn is not None
        os.kill(self.init, signal.SIGKILL)  # the kernel ends all that is below it
        self._nspawn.wait(30)

    def power_off(self) -> None:
        """An orderly shutdown."""
        assert self._nspawn is not None
        self._nspawn.send_signal(signal.SIGTERM)
        try:
            self._nspawn.wait(60)
        except subprocess.TimeoutExpired:
            self._nspawn.kill()
            self._nspawn.wait()

    @property
    def inside(self) -> Path:
        """The root that its programs see, with what lies in memory alone."""
        return Path(f"/proc/{self.init}/root")

    def does(self, script: str, *, check: bool = True, exits: bool = True) -> str:
        """What a shell in there prints; BootError with all it said if it fails.

        Without `exits` a line that fails does not end it, as in front of a person; complaints are said too.
        """
        within = ["nsenter", "-t", str(self.init), "-m", "-u", "-i", "-p", "-C"]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root"}
        done = subprocess.run(
            [*within, "bash", "-ec" if exits else "-c", script],
            check=False,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if exits else subprocess.STDOUT,
            text=True,
            env=environment,
            cwd="/",
        )
        if check and done.returncode:
            raise BootError(f"{script}\n-> {done.returncode}\n{done.stdout}{done.stderr or ''}")
        return done.stdout.strip()

    def until(self, script: str, wanted: str, patience_s: float = PATIENCE_S) -> float:
        """Seconds until the script prints `wanted`; BootError if it does not."""
        began_s = time.monotonic()
        while (said := self.does(script, check=False)) != wanted:
            if time.monotonic() - began_s > patience_s:
                raise BootError(f"{script}\nsaid {said!r} for {patience_s:.0f} s, not {wanted!r}")
            time.sleep(0.2)
        return time.monotonic() - began_s

    def _child(self) -> int:
        """The child that is number 1 of a space of its own; before it there are others, for a moment."""
        assert self._nspawn is not None
        with suppress(OSError):
            found = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text("ascii")
            for child in found.split():
                if re.search(r"(?m)^NSpid:\s+\d+\s+1$", Path(f"/proc/{child}/status").read_text("ascii")):
                    return int(child)
        return 0

    def _end(self) -> None:
        if self._nspawn is not None and self._nspawn.poll() is None:
            self.power_off()
        shutil.rmtree(self.root, ignore_errors=True)
