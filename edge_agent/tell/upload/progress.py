"""What is under way, on the disk: after a kill a file goes on with the part that was due. Owned by one process."""

import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.noted import Fate
from edge_agent.store.folder import put

log = logging.getLogger(__name__)
STRIDE = 500  # events that are looked at anew rather than written about one by one: a card wears


class Mark(Struct, frozen=True, kw_only=True):
    """How far one file has come: what the store calls the upload, and each part that it has."""

    upload: str = ""
    etags: tuple[str, ...] = ()
    fate: Fate | None = None  # once there is one


class Progress(Struct, frozen=True, kw_only=True):
    """By `seq/name`; events up to `settled` need no look any more.

    `since`: each word of the site's `what`, and the newest event when the site first had it.
    """

    settled: int = 0
    since: dict[str, int] = {}
    files: dict[str, Mark] = {}


class Kept:
    """The file of it. Raises OSError where the disk refuses."""

    def __init__(self, path: Path) -> None:
        """What cannot be read is begun anew: then something is sent twice, and nothing is lost."""
        self._path = path
        try:
            self.now = msgspec.json.decode(path.read_bytes(), type=Progress)
        except FileNotFoundError:
            self.now = Progress()
        except msgspec.DecodeError as fault:
            log.warning("%s: what was under way is sent anew: %s", path, fault)
            self.now = Progress()

    def of(self, key: str) -> Mark:
        """Nothing yet of what is new."""
        return self.now.files.get(key, Mark())

    def mark(self, key: str, mark: Mark) -> None:
        """One file has come further."""
        self._write(replace(self.now, files={**self.now.files, key: mark}))

    def lets_out(self, what: Iterable[str], newest: int) -> None:
        """The site's `what` of now; with a new word in it everything that is kept is looked at once more."""
        since = {word: self.now.since.get(word, newest) for word in what}
        if since != self.now.since:
            wider = since.keys() - self.now.since.keys()
            self._write(replace(self.now, settled=0 if wider else self.now.settled, since=since))

    def settle(self, upto: int, waiting: frozenset[int]) -> None:
        """Nothing up to `upto` waits; of files only those of the events that do are remembered."""
        files = {key: mark for key, mark in self.now.files.items() if int(key.partition("/")[0]) in waiting}
        far = not self.now.settled <= upto < self.now.settled + STRIDE
        if far or files != self.now.files:
            self._write(replace(self.now, settled=upto, files=files))

    def _write(self, now: Progress) -> None:
        put(self._path, msgspec.json.encode(now))
        self.now = now
