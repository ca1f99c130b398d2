"""The box's services, as systemd runs them."""

import os
import subprocess
from pathlib import Path
from typing import Protocol

AGENT, PAGES, WHOLE = "edge-agent.service", "edge-agent-web.service", "edge-agent.target"
PATIENCE_S = 60.0


class Services(Protocol):
    """What an update needs of whoever runs the box."""

    def stop(self) -> None:
        """Both are down when this returns: outputs are off."""

    def start(self) -> None:
        """Begin; whether they run is asked later."""

    def agent(self) -> str:
        """The folder that the agent's process runs from; empty while it does not run."""

    def starts(self) -> int:
        """How often the agent was started again by itself since `start`."""

    def pages(self) -> bool:
        """Whether the pages run."""


class Systemd:
    """systemd. Needs root."""

    def stop(self) -> None:
        """Both are down when this returns."""
        _do("stop", AGENT, PAGES)

    def start(self) -> None:
        """Begin; what a version before it broke is forgotten."""
        _do("reset-failed", AGENT, PAGES, check=False)
        _do("start", "--no-block", WHOLE, AGENT, PAGES)

    def agent(self) -> str:
        """From the process's own environment: the start script names the folder first (PYTHONPATH)."""
        if _show(AGENT, "ActiveState") != "active":
            return ""
        try:
            told = Path(f"/proc/{_show(AGENT, 'MainPID')}/environ").read_bytes()
        except OSError:
            return ""
        named = dict(one.partition(b"=")[::2] for one in told.split(b"\0"))
        return os.fsdecode(named.get(b"PYTHONPATH", b"").partition(b":")[0])

    def starts(self) -> int:
        """As systemd counts, since the last start that was asked for."""
        told = _show(AGENT, "NRestarts")
        return int(told) if told.isdigit() else 0

    def pages(self) -> bool:
        """Whether the pages run."""
        return _show(PAGES, "ActiveState") == "active"


def _show(unit: str, name: str) -> str:
    return _do("show", "--value", "--property", name, unit, check=False).strip()


def _do(*words: str, check: bool = True) -> str:
    done = subprocess.run(  # noqa: S603 (our own words)
        ["/usr/bin/systemctl", *words], check=False, capture_output=True, text=True, timeout=PATIENCE_S
    )
    if check and done.returncode:
        raise OSError(done.returncode, done.stderr.strip() or "failed", f"systemctl {' '.join(words)}")
    return done.stdout
