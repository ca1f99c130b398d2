"""Values to keep: permits, alarms, people, events as hypothesis strategies and as plain examples."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.store.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "edge.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened
