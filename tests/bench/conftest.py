"""A job that the real box guards, for all measurements of a file."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.bench.guarded import Guarded


@pytest.fixture(scope="module")
def job() -> Iterator[Guarded]:
    with TemporaryDirectory(prefix="edge-bench-") as folder:
        Path(folder).chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        with Guarded(Path(folder)) as guarded:
            guarded.guard()
            guarded.activate()
            yield guarded
