"""The file of an offered model, fetched by the worker: when, from whom alone, and when it is given up."""

import hashlib
import threading
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_record import CentreRecord, record_of
from edge_agent.domain.request import Asked, ModelSettled
from edge_agent.ops.fetching import MOST_WRONG, Fetching
from edge_agent.ops.folders import OFFERED
from edge_agent.settings.site import FoldersTable
from edge_agent.settings.site_upload import FetchTable
from tests.support.model_server import ModelServer
from tests.support.story import scenario_site

CONTENT = b"a model" * 50_000


class Site:
    def __init__(self, folder: Path, server: ModelServer) -> None:
        site = scenario_site()
        table = replace(site.site, folders=FoldersTable(state=".", runtime="."))
        self.folder, self.server = folder / OFFERED, server
        self.copies: dict[str, CentreRecord] = {}
        self.asked: list[Asked] = []
        fetch = FetchTable(hosts=(server.host,), plain=True, most_kbit_s=1_000_000)
        settings = replace(site, folder=folder, site=table)
        self.worker = Fetching(settings, fetch, SystemClock(declared=True), lambda: self.copies, self.asked.append)

    def offer(self, version: int = 1, content: bytes = CONTENT, url: str | None = "") -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        url = self.server.url if url == "" else url
        body = ModelOffer(id="model", name="third", sha256=sha256, size=len(content), cameras=("cam-1",), url=url)
        self.copies = {"model": record_of(body, version, 0.0)}
        return f"{sha256}.zip"

    def look(self, times: int = 1) -> None:
        """So many tries that are due."""
        for _ in range(times):
            time.sleep(max(0.0, self.worker._retry.at_s - time.monotonic()))
            self.worker.look(threading.Event())


@pytest.fixture
def server() -> ModelServer:
    return ModelServer(CONTENT)


def test_it_is_fetched_once_over_a_break_and_what_was_begun_of_others_goes(
    server: ModelServer, tmp_path: Path
) -> None:
    with server:
        site = Site(tmp_path, server)
        site.folder.mkdir()
        (site.folder / "older.part").write_bytes(b"x")
        (site.folder / "judged.zip").write_bytes(b"x")
        (site.folder / "judged").mkdir()
        (site.folder / "by-hand.zip").write_bytes(b"x")
        name = site.offer()
        server.cuts = [1000]
        site.look(3)
        assert (site.folder / name).read_bytes() == CONTENT
        assert server.asked == ["", "bytes=1000-"]
    assert sorted(path.name for path in site.folder.iterdir()) == sorted([name, "by-hand.zip", "judged"])
    assert site.asked == []


def test_an_offer_without_an_address_or_that_was_judged_asks_nobody(server: ModelServer, tmp_path: Path) -> None:
    with server:
        site = Site(tmp_path, server)
        site.look()
        site.offer(url=None)
        site.look()
        site.offer()
        site.copies = {"model": replace(site.copies["model"], live=False)}
        site.look()
        assert server.asked == []


def test_other_bytes_than_were_signed_for_are_refused_with_the_reason(server: ModelServer, tmp_path: Path) -> None:
    with server:
        site = Site(tmp_path, server)
        site.offer(content=CONTENT[::-1])
        site.look(MOST_WRONG + 1)
        assert len(server.asked) == MOST_WRONG
        (said,) = (one for one in site.asked if isinstance(one, ModelSettled))
        assert "not the file that was signed for" in said.reasons[0].en
        site.offer(version=2)
        site.look()
        assert len(server.asked) == MOST_WRONG + 1, "a newer offer is another matter"
