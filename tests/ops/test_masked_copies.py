"""Masked copies of films of events: of what the records know, by a process that gives way, and once each."""

import os
import threading
from concurrent.futures import Future
from pathlib import Path

import av
import pytest
from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.domain.noted import EvidenceKept
from edge_agent.domain.request import Answer
from edge_agent.field.film import names
from edge_agent.ops.recordings.copies import MOST_TRIES, Copies
from edge_agent.settings.site_itself import FoldersTable
from tests.ops.test_recording_command import sealed
from tests.ops.test_recordings import KEY, Site
from tests.support.story import ROOT, T0_UTC
from tests.vision.conftest import film, moving

PICTURES = 40


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("source") / "moving.h264", moving(PICTURES))


class Copying:
    """A box with one clip in its records; nobody works unless `busy` says so."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.site = Site(folder)
        box = self.site.box
        folders = FoldersTable(state=str(folder), runtime=str(folder))
        self.settings = replace(box.settings, site=replace(box.settings.site, folders=folders))
        self.key = folder / "films.key"
        self.key.write_text(KEY.hex())
        self.key.chmod(0o600)
        self.busy = lambda: False
        for kind in ("clip", "permit"):
            self.film = names.path_of(self.site.folder, "P-1", "cam-1", kind, T0_UTC)
            sealed(source, self.film)
            os.utime(self.film, (T0_UTC - 1, T0_UTC - 1))  # by a program of an earlier start
        self.film = names.path_of(self.site.folder, "P-1", "cam-1", "clip", T0_UTC).with_suffix(names.KNOWN)
        box.story.run(1)
        self.site.play()
        self.site.run(1)
        self.site.run(1)  # it was left lying: it is told as it is, and has its lasting name
        assert self.film.exists()
        self.copies = Copies(self.settings, self.key, ROOT, SystemClock(declared=True), self._is_busy, self._tell)

    def _tell(self, kept: EvidenceKept) -> Future[Answer]:
        answer = self.site.box.brain.ask(kept)
        self.site.run(1)
        return answer

    def _is_busy(self) -> bool:
        return self.busy()

    def look(self) -> bool:
        return self.copies.look(threading.Event())

    @property
    def told(self) -> list[dict[str, object]]:
        """The names of the copies in the records, newest first."""
        kept = [event.data for event in self.site.told("clip")]
        return [data for data in kept if data["files"][0]["name"].endswith(names.COPY)]


@pytest.fixture
def copying(tmp_path: Path, source: Path) -> Copying:
    return Copying(tmp_path, source)


def test_a_film_of_an_event_has_one_masked_copy_and_a_whole_job_none(copying: Copying) -> None:
    assert copying.look()
    copy = names.copy_file(copying.film)
    with av.open(str(copy)) as container:
        assert sum(1 for _ in container.decode(video=0)) == PICTURES
    assert copy.stat().st_mode & 0o777 == 0o600
    (told,) = copying.told
    assert (told["camera"], told["permit"], told["whole"]) == ("cam-1", "P-1", False), "the film was cut off"
    assert not copying.look(), "once each"
    copy.unlink()
    assert not copying.look(), "the records know of it, whatever became of it"
    assert len(list(copying.site.folder.rglob("*.mp4"))) == 0


def test_it_gives_way_to_whoever_begins_to_work(copying: Copying) -> None:
    copying.busy = lambda: copying.film.with_suffix(names.HALF).exists()
    assert not copying.look()
    assert [path.suffix for path in copying.film.parent.iterdir() if "clip" in path.name] == [".film"]
    assert copying.told == []
    copying.busy = lambda: False
    assert copying.look(), "it was not its fault: tried again"


def test_a_film_of_which_no_copy_can_be_made_is_not_tried_for_ever(
    copying: Copying, capfd: pytest.CaptureFixture[str]
) -> None:
    copying.key.write_text(bytes(reversed(KEY)).hex())
    for _ in range(MOST_TRIES + 1):
        assert not copying.look()
    assert capfd.readouterr().err.count("another key") == MOST_TRIES
    assert copying.told == []
    assert not copying.film.with_suffix(names.HALF).exists()


def test_what_gives_way_takes_its_copy_with_it(copying: Copying) -> None:
    copying.look()
    (clip,) = (one for one in names.films(copying.site.folder) if one.kind == "clip")
    assert clip.size == copying.film.stat().st_size + names.copy_file(copying.film).stat().st_size
    names.remove(clip)
    assert [path.name for path in copying.film.parent.iterdir() if "clip" in path.name] == []
