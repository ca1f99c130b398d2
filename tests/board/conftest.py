"""An empty runtime folder and the pages that serve it, in a process of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.board_world import Folder
from tests.support.pages import Served, make_site


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(make_site(tmp_path / "site") / "run")


@pytest.fixture
def serve(folder: Folder) -> Iterator[Callable[..., Served]]:
    with ExitStack() as started:

        def start(port: int = 0) -> Served:
            ports = ("--port", str(port), "--enrol-port", "0")
            return started.enter_context(Served(folder.path.parent, *ports))

        yield start
