"""The file of an offered model, fetched by the worker: when, from whom alone, and when it is given up."""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.domain.asked import Asked
from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_record import CentreRecord, record_of
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.noted import ModelSettled, UpdateSettled
from edge_agent.ops.fetching import MOST_WRONG, UPDATE, Fetching
from edge_agent.ops.folders import OFFERED, UPDATES
from edge_agent.settings.site_itself import FoldersTable
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


def test_a_bundle_is_fetched_over_breaks_never_during_work_and_the_oldest_make_room(
    server: ModelServer, tmp_path: Path
) -> None:
    with server:
        site = Site(tmp_path, server)
        busy = [True]
        table, clock = site.worker._table, SystemClock(declared=True)
        settings = replace(scenario_site(), folder=tmp_path)
        settings = replace(settings, site=replace(settings.site, folders=FoldersTable(state=".", runtime=".")))
        worker = Fetching(
            settings, table, clock, lambda: site.copies, site.asked.append, UPDATE, busy=lambda: busy[0]
        )
        sha256 = hashlib.sha256(CONTENT).hexdigest()
        order = UpdateOrder(id="update", release="0.9.0", sha256=sha256, size=len(CONTENT), url=server.url)
        site.copies = {"update": record_of(order, 1, 0.0)}
        folder = tmp_path / UPDATES
        folder.mkdir()
        for number in range(3):
            (folder / f"{number}.tar").write_bytes(b"an older bundle")
            os.utime(folder / f"{number}.tar", (number, number))
        worker.look(threading.Event())
        assert server.asked == [], "somebody works"
        busy[0] = False
        server.cuts = [1000, 70_000]
        for _ in range(3):
            time.sleep(max(0.0, worker._retry.at_s - time.monotonic()))
            worker.look(threading.Event())
        assert server.asked == ["", "bytes=1000-", "bytes=71000-"]
        assert (folder / f"{sha256}.tar").read_bytes() == CONTENT
        assert sorted(path.name for path in folder.iterdir()) == sorted(["2.tar", f"{sha256}.tar"])
        site.copies = {"update": record_of(replace(order, sha256="0" * 64), 2, 0.0)}
        for _ in range(MOST_WRONG):
            time.sleep(max(0.0, worker._retry.at_s - time.monotonic()))
            worker.look(threading.Event())
        (said,) = (one for one in site.asked if isinstance(one, UpdateSettled))
        assert (said.passed, said.version) == (False, 2)
        assert "not the file that was signed for" in said.reasons[0].en


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
