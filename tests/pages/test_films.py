"""Films on the page: listed by permit, looked at with heads hidden, kept, taken away; and who may."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.field.film import names
from edge_agent.field.film.rules import FILE, Kind, Rules
from edge_agent.ops.folders import FILMS
from edge_agent.ops.recordings.shown import Shown
from edge_agent.sense.camera.proof.drawn import Scene, Worker, drawn
from edge_agent.settings.load import load
from edge_agent.settings.site_cameras import RecordingTable
from edge_agent.settings.site_itself import FoldersTable
from tests.ops.test_recording_command import sealed
from tests.ops.test_recordings import KEY
from tests.pages.phone import Phone
from tests.support.board_world import TREE, Folder, live
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served
from tests.vision.conftest import film

TYPES = {"play": "evidence.looked", "masked": "evidence.exported", "keep": "evidence.marked"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenes = (Scene(workers=(Worker(100 + 3 * at, 440, 230),), seed=at) for at in range(60))
    return film(tmp_path_factory.mktemp("source") / "walkers.h264", [drawn(one) for one in scenes])


@pytest.fixture
def kept(served: Served, peer: DeskPeer, source: Path, tmp_path: Path) -> Iterator[Path]:
    """One film of a job; what the desk accepts, the agent's own worker does."""
    state = served.site / "state"
    path = names.path_of(state / FILMS, "T-2042", "cam-1", "permit", time.time() - 600)
    sealed(source, path, permit="T-2042")
    path = path.rename(path.with_suffix(names.KNOWN))
    key = tmp_path / "films.key"
    key.write_text(KEY.hex())
    key.chmod(0o600)
    settings = load(TREE / "zones" / "demo-tank", TREE)
    folders = FoldersTable(state=str(state), runtime=str(served.site / "run"))
    site = replace(settings.site, folders=folders, recording=RecordingTable(key_file=str(key)))
    worker, over = Shown(replace(settings, site=site), TREE), Event()
    threads: list[Thread] = []

    def heard(form: dict[str, Any]) -> None:
        name, how = form["about"]
        data = {"file": name, "how": how, "by": form["person"], "reason": form["reason"]}
        threads.append(Thread(target=worker.take, args=(TYPES[how], data, over)))
        threads[-1].start()

    peer.heard = heard
    kinds = (Kind(kind="permit", most_bytes=32e9, bytes=1.5e9, marked_bytes=0.0),)
    (served.site / "run" / FILE).write_bytes(msgspec.json.encode(Rules(days=90, kinds=kinds)))
    yield path
    over.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(("language", "size"), [("zh", "phone"), ("en", "panel"), ("en", "tablet")])
def test_a_film_is_looked_at_kept_and_taken_away(  # noqa: PLR0917 (who looks, where, and what lies there)
    served: Served,
    folder: Folder,
    peer: DeskPeer,
    kept: Path,
    phones: Callable[..., Phone],
    language: str,
    size: str,
) -> None:
    zh = language == "zh"
    with folder.kept(live):
        phone = phones(served.url, language, size)
        phone.enter("zhao-min", "/films")
        expect(phone(".film-rules")).to_contain_text("90")
        row = phone(".films li")
        expect(row).to_contain_text("人孔摄像机" if language == "zh" else "Manhole camera")
        phone.look("77-films")
        row.get_by_role("button", name="播放" if zh else "Play", exact=True).click()
        phone("input[type=text]").fill("who was there")
        phone.badge("badge-zhao-min")
        expect(phone("video")).to_be_visible()
        phone.page.wait_for_function("() => document.querySelector('video').readyState >= 2")
        seconds = phone.page.evaluate("() => document.querySelector('video').duration")
        assert 5 < seconds < 7
        phone.look("78-film-played")
        if size == "tablet":
            return
        row.get_by_role("button", name="保留" if zh else "Keep", exact=True).click()
        phone("input[type=text]").fill("an inspection")
        phone.badge("badge-zhao-min")
        expect(row.get_by_role("button", name="取消保留" if zh else "Let go", exact=True)).to_be_visible()
        assert names.keep_file(kept).exists()
        row.get_by_role("button", name="导出" if zh else "Take away", exact=True).click()
        phone("input[type=text]").fill("for the inspector")
        phone.badge("badge-zhao-min")
        with phone.page.expect_download() as taken:
            phone("a[download]").click()
        assert taken.value.path().stat().st_size > 1000
    asked = [(one.about[1], one.reason) for one in peer.requests]
    assert asked == [("play", "who was there"), ("keep", "an inspection"), ("masked", "for the inspector")]


def test_whoever_answers_for_nothing_that_happened_is_shown_no_films(
    served: Served, folder: Folder, kept: Path, phones: Callable[..., Phone]
) -> None:
    assert kept.exists()
    with folder.kept(live):
        phone = phones(served.url, "zh", "phone")
        phone.enter("li-na", "/films")
        expect(phone(".fault")).to_be_visible()
        expect(phone(".films")).to_have_count(0)
