"""Writes golden.npz anew where the extra [ultralytics] is: `python -m tests.vision.parity.write`."""

import tempfile
from pathlib import Path

import numpy as np

from edge_agent.sense.camera.fitting import Fitting
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from tests.vision.parity import reference
from tests.vision.parity.cases import CASES, EVERY, GOLDEN, entry, picture


def main() -> None:
    """Raw output and their boxes of every case, and some pixels of their input."""
    kept = {}
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            file = reference.exported(case, Path(folder))
            fitting = Fitting(entry(case))
            fitting.fit(picture())
            kept[f"{case.name}_raw"] = OnnxRuntime(file.read_bytes()).run(fitting.tensor())
            kept[f"{case.name}_boxes"] = reference.seen(file)
            kept["input"] = reference.taken(file)[..., ::EVERY, ::EVERY]
    np.savez_compressed(GOLDEN, **kept)


if __name__ == "__main__":
    main()
