"""One Debian 12 that really boots, in a namespace of its own without a network."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

# What a plain Debian server has, and what the package depends on: it is installed without a network.
PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "libpam-systemd", "iproute2", "curl", "procps", "python3", "tzdata"),
    *("fonts-wqy-microhei", "alsa-utils"),
)
SUITE = "bookworm"
KEPT = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "edge-agent" / f"{SUITE}.tar"
PATIENCE_S = 60.0


class BootError(Exception):
    """The system did not boot, or a command in it failed."""


def image(kept: Path = KEPT) -> Path:
    """The system's archive, made from Debian's own packages if it is not there yet (a minute)."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = kept.with_suffix(".new.tar")
        command = ["mmdebstrap", "--variant=apt", f"--include={','.join(PACKAGES)}", SUITE, str(made)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        made.replace(kept)
    return kept


class Machine:
    """`with Machine() as box: box.does("systemctl is-system-running")`. Root is needed."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="edge-boot-"))
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._init = 0

    def __enter__(self) -> Self:
        subprocess.run(["tar", "-xf", str(image()), "-C", str(self.root)], check=True)
        command = ["systemd-nspawn", "--register=no", "--keep-unit", "--private-network", "--quiet", "-b"]
        self._nspawn = subprocess.Popen(
            [*command, "-D", str(self.root)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._wait_for_boot()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def does(self, script: str, *, check: bool = True) -> str:
        """What a shell in there prints; BootError with all it said if it fails."""
        within = ["nsenter", "-t", str(self._init), "-m", "-u", "-i", "-n", "-p", "-C"]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        done = subprocess.run(
            [*within, "bash", "-ec", script],
            check=False,
            start_new_session=True,
            capture_output=True,
            text=True,
            env=environment,
            cwd="/",
        )
        if check and done.returncode:
            raise BootError(f"{script}\n-> {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def until(self, script: str, wanted: str, patience_s: float = PATIENCE_S) -> float:
        """Seconds until the script prints `wanted`; BootError if it does not."""
        began_s = time.monotonic()
        while (said := self.does(script, check=False)) != wanted:
            if time.monotonic() - began_s > patience_s:
                raise BootError(f"{script}\nsaid {said!r} for {patience_s:.0f} s, not {wanted!r}")
            time.sleep(0.2)
        return time.monotonic() - began_s

    def _wait_for_boot(self) -> None:
        end_s = time.monotonic() + PATIENCE_S
        while not self._init:
            self._init = self._child()
            if time.monotonic() > end_s:
                raise BootError("systemd-nspawn started nothing: are you root?")
            time.sleep(0.2)
        self.until("systemctl is-system-running || true", "running")

    def _child(self) -> int:
        assert self._nspawn is not None
        found = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children")
        children = found.read_text("ascii").split() if found.exists() else []
        return int(children[0]) if children else 0

    def _end(self) -> None:
        if self._nspawn is not None:
            self._nspawn.send_signal(signal.SIGTERM)  # an orderly shutdown
            try:
                self._nspawn.wait(30)
            except subprocess.TimeoutExpired:
                self._nspawn.kill()
                self._nspawn.wait()
        shutil.rmtree(self.root, ignore_errors=True)
