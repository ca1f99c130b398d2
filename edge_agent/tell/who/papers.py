"""What the pages read of people: `people.json` (no secrets) and `presence.json` (the screen's code)."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from edge_agent.clock import Clock
from edge_agent.domain.person import Person
from edge_agent.store.folder import put_unsynced
from edge_agent.tell.desk import Desk
from edge_agent.tell.who.who import Qualification, Who, qualification, who

PEOPLE = "people.json"
PRESENCE = "presence.json"
LOOK_S = 0.2
MODE = 0o640  # names and the code are for the pages' group, not for everybody on the box


class Listed(Who, frozen=True, kw_only=True):
    """One line of `people.json`."""

    denied: bool
    until_utc: float | None  # an inspector's last second
    qualification: Qualification


class Presence(Struct, frozen=True, kw_only=True):
    """`presence.json`. After `until_utc` it is an old one, and the pages show none."""

    code: str
    until_utc: float


class Papers:
    """Keeps both files; `run` belongs to a supervised thread."""

    def __init__(
        self,
        runtime: Path,
        clock: Clock,
        persons: Callable[[], Mapping[str, Person]],
        desk: Desk,
    ) -> None:
        """Nothing is written before `run`."""
        self._runtime, self._clock, self._persons = runtime, clock, persons
        self._desk = desk
        self._listing = threading.Lock()
        self._people: Mapping[str, Person] | None = None
        self._code = ""

    def run(self, stop: threading.Event) -> None:
        """Write what changed until `stop`. Raises OSError where a file cannot be written."""
        self._people, self._code = None, ""
        while True:
            self.look()
            if stop.wait(LOOK_S):
                return

    def look(self) -> None:
        """Each file, if it says something else now. Tries are told."""
        self.list_people()
        code, left_s = self._desk.screen.now()
        if code != self._code:
            until_utc = self._clock.instant().utc + left_s
            _replace(self._runtime / PRESENCE, Presence(code=code, until_utc=until_utc))
            self._code = code
        self._desk.filing.tell()

    def list_people(self) -> None:
        """Who is known now, if that has changed: log-ins of people who changed may be over. Raises OSError.

        For any thread: whoever changed somebody is answered when the pages can know it.
        """
        with self._listing:
            persons = self._persons()
            if persons is not self._people:
                self._desk.keys.sweep()
                _replace(self._runtime / PEOPLE, [listed(person) for person in persons.values()])
                self._people = persons


def listed(person: Person) -> Listed:
    """This person's line."""
    return Listed(
        **msgspec.structs.asdict(who(person)),
        denied=person.denied is not None,
        until_utc=person.valid_until_utc if person.reads_only else None,
        qualification=qualification(person),
    )


def _replace(path: Path, content: Any) -> None:
    """The file as a whole or not at all, from its first moment for owner and group only."""
    put_unsynced(path, msgspec.json.encode(content), MODE)
