"""Masked copies of films for the pages: made of what is wished for, and of nothing else; marks as people set."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import av
import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.decide.state import Decision
from edge_agent.domain.outcome import Event, Priority
from edge_agent.field.film import names
from edge_agent.field.film.rules import FILE, Rules
from edge_agent.ops.folders import SHOWN
from edge_agent.ops.recordings import shown
from edge_agent.ops.recordings.keeper import Recordings
from edge_agent.ops.recordings.shown import Shown
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import RecordingTable
from edge_agent.settings.site_itself import FoldersTable
from edge_agent.store.batch import Batch
from tests.ops.test_recording_command import sealed
from tests.ops.test_recordings import KEY, Site
from tests.support.store_values import entries, event
from tests.support.story import ROOT, T0_UTC
from tests.vision.conftest import film, moving

ABC = names.shown_name("abc123", "zhao")
BY = {"by": "zhao", "name": "Zhao", "reason": "who was there"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("source") / "moving.h264", moving(60))


class Kept:
    """A box with one film of six seconds, ten pictures each."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.site = Site(folder)
        box = self.site.box
        table = RecordingTable(key_file=str(folder / "films.key"))
        folders = FoldersTable(state=str(folder), runtime=str(folder))
        self.settings: Settings = replace(
            box.settings, site=replace(box.settings.site, folders=folders, recording=table)
        )
        (folder / "films.key").write_text(KEY.hex())
        (folder / "films.key").chmod(0o600)
        path = names.path_of(self.site.folder, "P-1", "cam-1", "permit", T0_UTC)
        sealed(source, path)
        self.path = path.rename(path.with_suffix(names.KNOWN))
        self.film = "/".join(self.path.parts[-3:])
        self.made = folder / SHOWN
        self.worker = Shown(self.settings, ROOT)

    def wish(self, wanted: str, how: str = "play", type_: str = "evidence.looked") -> None:
        data: dict[str, Any] = {**BY, "file": wanted, "how": how}
        self.worker.take(type_, data, threading.Event())


@pytest.fixture
def kept(tmp_path: Path, source: Path) -> Kept:
    return Kept(tmp_path, source)


def test_some_seconds_of_a_film_are_copied_and_begin_at_nought(kept: Kept) -> None:
    kept.wish(f"{kept.film}#2-4-abc123")
    with av.open(str(kept.made / f"{ABC}.mp4")) as copy:
        pictures = [frame.time for frame in copy.decode(video=0)]
    assert 18 <= len(pictures) <= 22
    assert pictures[0] == pytest.approx(0.0, abs=0.11)
    assert pictures[-1] == pytest.approx(2.0, abs=0.11)
    assert (kept.made / f"{ABC}.mp4").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("P-1/cam-1/none.film#0-5-abc123", "no such film"),
        ("../../films.key#0-5-abc123", "no such film"),
        ("{film}#5-5-abc123", "at most"),
        ("{film}#0-9999-abc123", "at most"),
    ],
)
def test_what_cannot_be_copied_says_why(kept: Kept, wanted: str, why: str) -> None:
    kept.wish(wanted.format(film=kept.film))
    assert why in (kept.made / f"{ABC}.failed").read_text("utf-8")
    assert not list(kept.made.glob("*.mp4"))


def test_a_film_that_was_tampered_with_is_no_copy(kept: Kept) -> None:
    raw = bytearray(kept.path.read_bytes())
    raw[len(raw) // 20] ^= 1
    kept.path.write_bytes(raw)
    kept.wish(f"{kept.film}#0-6-abc123")
    assert (kept.made / f"{ABC}.failed").exists()


def test_what_the_console_copies_is_not_made_twice(kept: Kept) -> None:
    kept.wish(kept.film, "masked", "evidence.exported")
    assert not kept.made.exists()


def test_a_mark_is_set_and_taken_away(kept: Kept) -> None:
    kept.wish(kept.film, "keep", "evidence.marked")
    assert msgspec.json.decode(names.keep_file(kept.path).read_bytes())["by"] == "zhao"
    kept.wish(kept.film, "let_go", "evidence.unmarked")
    assert not names.keep_file(kept.path).exists()
    kept.wish("412", "keep", "evidence.marked")  # an event's stills: the console's own


def test_a_mark_that_is_on_record_is_set_by_the_start_after(kept: Kept) -> None:
    """The agent ended between the two; and no mark of long ago comes back."""
    records = kept.site.box

    def on_record(type_: str) -> None:
        saved = records.store.load()
        data = {**BY, "file": kept.film, "how": "keep"}
        said = replace(event(saved.seq + 1, **data), type=type_)
        records.store.commit(Batch(audit=entries([said], saved.head_hash)))

    on_record("evidence.marked")
    kept.worker._catch_up()
    assert not names.keep_file(kept.path).exists(), "of a version before this one: it was set, or taken away since"
    on_record("evidence.unmarked")
    on_record("evidence.marked")
    Shown(kept.settings, ROOT)._catch_up()
    assert names.keep_file(kept.path).exists()
    names.keep_file(kept.path).unlink()
    Shown(kept.settings, ROOT)._catch_up()
    assert not names.keep_file(kept.path).exists(), "set once"


def told(type_: str, wanted: str, how: str) -> Decision:
    data = {**BY, "file": wanted, "how": how}
    event = Event(
        seq=1, type=type_, subject="P-1", priority=Priority.MEDIUM, at_s=0.0, at_utc=T0_UTC, data=data,
    )  # fmt: skip
    return cast("Decision", SimpleNamespace(events=(event,)))  # all that it looks at


def test_a_mark_is_set_and_a_wish_too_many_is_told_so_however_many_wait(kept: Kept) -> None:
    """A mark that were dropped would cost a film of which people were told that it stays."""
    kept.worker.beside(told("evidence.marked", kept.film, "keep"))
    for number in range(shown.MOST_WAITING + 2):
        kept.worker.beside(told("evidence.looked", f"P-9/cam-1/none.film#0-5-token{number}", "play"))
    stop = threading.Event()
    running = threading.Thread(target=kept.worker.run, args=(stop,))
    running.start()
    while len(list(kept.made.glob("*.failed"))) < shown.MOST_WAITING + 2:
        assert running.is_alive()
        running.join(0.05)
    stop.set()
    running.join()
    assert names.keep_file(kept.path).exists()
    failed = kept.made.glob("*.failed")
    busy = [one.name.partition(".")[0] for one in failed if "too many" in one.read_text("utf-8")]
    assert sorted(busy) == [f"token{shown.MOST_WAITING}", f"token{shown.MOST_WAITING + 1}"]


def test_the_oldest_copies_go(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "MOST_KEPT", 2)
    for token in ("first1", "second", "third3"):
        kept.wish(f"P-9/cam-1/none.film#0-5-{token}")
    assert len(list(kept.made.iterdir())) == 2


def test_the_pages_are_told_how_long_films_stay(kept: Kept) -> None:
    box = kept.site.box
    brain, desk = box.brain, kept.site.desk
    Recordings(kept.settings, box.clock, lambda: brain.state, brain.ask, brain.deliver, desk).look()
    told = msgspec.json.decode((kept.settings.runtime_folder / FILE).read_bytes(), type=Rules)
    assert told.days > 0
    assert {one.kind for one in told.kinds} == {"permit", "clip"}
