"""The file of short messages: each one a row, so that a restart neither sends twice nor forgets.

A file of its own, with one connection: the agent's records have one writer, which must not wait for a modem.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import msgspec

from edge_agent.tell.short.courier import KEPT_S, Row

TABLES = (
    "CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, made_utc REAL NOT NULL, body BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS seen (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL)",
)
_decoder = msgspec.json.Decoder(Row)


class Rows:
    """Belongs to one thread. Every method may raise sqlite3.Error; what a method has written is on the disk."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it."""
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("PRAGMA synchronous = FULL")
        for table in TABLES:
            self._file.execute(table)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def seen(self) -> int | None:
        """The newest event that was looked at; None: none yet."""
        row = self._file.execute("SELECT seq FROM seen").fetchone()
        return None if row is None else int(row[0])

    def all(self) -> list[Row]:
        """Every row that is kept, the oldest first."""
        found = self._file.execute("SELECT body FROM message ORDER BY made_utc, id")
        return [_decoder.decode(body) for (body,) in found]

    def look(self, seq: int, rows: Iterable[Row]) -> None:
        """Events up to `seq` were looked at, and these are the messages about them: both or neither."""
        with self._transaction():
            for row in rows:
                self._file.execute(
                    "INSERT OR IGNORE INTO message VALUES (?, ?, ?)",
                    (row.id, row.made_utc, msgspec.json.encode(row)),
                )
            self._file.execute("INSERT OR REPLACE INTO seen VALUES (1, ?)", (seq,))

    def put(self, *rows: Row) -> None:
        """These rows as they stand now; a new one only where its message is not there yet."""
        with self._transaction():
            for row in rows:
                verb = "IGNORE" if row.state == "new" and row.tries == 0 and not row.handle else "REPLACE"
                self._file.execute(
                    f"INSERT OR {verb} INTO message VALUES (?, ?, ?)",  # noqa: S608 (one of two words)
                    (row.id, row.made_utc, msgspec.json.encode(row)),
                )

    def forget(self, now_utc: float) -> None:
        """What is older than the record goes back."""
        self._file.execute("DELETE FROM message WHERE made_utc < ?", (now_utc - KEPT_S,))

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._file)


class _Transaction:
    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file

    def __enter__(self) -> None:
        self._file.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self._file.execute("COMMIT" if kind is None else "ROLLBACK")
