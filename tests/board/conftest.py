"""An empty runtime folder and a board that serves it, in a process of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from board_world import Folder, Served


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    runtime = tmp_path / "run"
    runtime.mkdir()
    return Folder(runtime)


@pytest.fixture
def serve(folder: Folder) -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def start(port: int = 0) -> Served:
        started.append(Served(folder.path, port))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end()
