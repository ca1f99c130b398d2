"""The command line as somebody types it: a process, what it prints, how it ends."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 120.0  # generous: the machine may be busy


def typed(*words: str | Path, pin: str | None = None) -> "subprocess.CompletedProcess[str]":
    """`edge-agent WORDS…` with no terminal; `pin` as EDGE_AGENT_PIN. A warning of Python's is an error."""
    env = {key: value for key, value in os.environ.items() if key != "EDGE_AGENT_PIN"}
    if pin is not None:
        env["EDGE_AGENT_PIN"] = pin
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "edge_agent", *map(str, words)],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
        start_new_session=True,  # no terminal to ask for a PIN at
    )
