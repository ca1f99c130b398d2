"""A site folder, the desk's peer, the pages' process, and the app alone for what needs no TLS."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.board_world import Folder
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Browser, Served, cookie, make_client, make_site


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site")


@pytest.fixture
def folder(site: Path) -> Folder:
    return Folder(site / "run")


@pytest.fixture
def peer(site: Path) -> Iterator[DeskPeer]:
    with DeskPeer(site / "run") as desk:
        yield desk


@pytest.fixture
def served(site: Path, peer: DeskPeer) -> Iterator[Served]:
    assert peer
    with Served(site) as pages:
        yield pages


@pytest.fixture
def browser(served: Served) -> Browser:
    return Browser(served)


@pytest.fixture
def client(site: Path) -> FlaskClient:
    """Logged in as the guard."""
    return make_client(site, cookie(site, "li-na"))
