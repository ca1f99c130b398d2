"""Builds a model's engine into the device's cache: `python -m edge_agent.sense.camera.runtimes.engine`.

A program of its own, because building takes minutes, much memory, and may crash: what judges pictures goes on.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

import msgspec
import numpy as np
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.child import begin
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.runtimes.choose import load
from edge_agent.sense.camera.runtimes.wanted import Wanted

MODULE = "edge_agent.sense.camera.runtimes.engine"
LONGEST_S = 3600.0  # a Jetson takes minutes; what takes longer hangs


class EngineOrder(Struct, frozen=True, kw_only=True):
    """Which model for which runtime."""

    models_folder: str
    model: str
    wanted: Wanted
    parent: int


def build(models_folder: Path, model: str, wanted: Wanted) -> None:
    """Have it built, and wait for that. Raises ModelError if the program fails or crashes."""
    order = EngineOrder(models_folder=str(models_folder), model=model, wanted=wanted, parent=os.getpid())
    command = [sys.executable, "-m", MODULE]
    with TemporaryFile() as words, subprocess.Popen(command, stdin=subprocess.PIPE, stderr=words) as program:  # noqa: S603
        assert program.stdin is not None  # noqa: S101 - asked for above
        program.stdin.write(msgspec.json.encode(order) + b"\n")
        program.stdin.flush()  # left open: its end would end the program
        try:
            program.wait(LONGEST_S)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
        words.seek(0)
        said = words.read().decode("utf-8", "replace").strip().splitlines()
    if program.returncode:
        en = f"building the engine of {model} for {wanted.runtime} ended with {program.returncode}"
        zh = f"{model} 的 {wanted.runtime} 引擎构建失败（{program.returncode}）"
        raise ModelError(Words(zh, f"{en}: {said[-1]}" if said else en))


def main() -> int:
    """Read the order, load the model, run it once: then the engine is in the cache."""
    order = begin(EngineOrder)
    folder = Path(order.models_folder)
    try:
        runtime = load(manifest.weights(folder, order.model), order.wanted)
    except ModelError as fault:
        print(fault, file=sys.stderr)  # noqa: T201
        return 1
    width, height = manifest.model(folder, order.model).input
    runtime.run(np.zeros((1, 3, height, width), np.float32))
    return 0


if __name__ == "__main__":
    sys.exit(main())
