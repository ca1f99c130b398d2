"""The pages' own small database, `web.sqlite`: sessions, tokens and wrong log-ins. Nobody else opens it.

One connection behind one lock. A session's id is kept as its SHA-256 alone: whoever reads the file can log in
nowhere. Losing the file costs everybody a log-in and nothing else, so a damaged one is put aside and begun anew.
"""

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from peewee import SQL, BooleanField, FloatField, IntegerField, PeeweeException, SchemaManager, TextField

from edge_agent.store.connect import Database
from edge_agent.store.errors import DATABASE_ERRORS
from edge_agent.store.tables import Table

FILE = "web.sqlite"
SCHEMA = 3  # PRAGMA user_version
BUSY_S = 2.0

log = logging.getLogger(__name__)


class SessionRow(Table):
    """One session; `person` is empty only on the box's own screen (`panel`)."""

    hash = TextField(primary_key=True)
    person = TextField()
    key = TextField()
    csrf = TextField()
    created_utc = FloatField()
    used_utc = FloatField()
    until_utc = FloatField(index=True)
    panel = BooleanField()
    device = TextField(constraints=[SQL("DEFAULT ''")])  # what the browser says that it is
    enrolled_by = TextField(constraints=[SQL("DEFAULT ''")])  # who showed the QR code that this phone came by


class TokenRow(Table):
    """One token of a program that reads; its secret is kept as its hash alone, `id` opens nothing."""

    hash = TextField(primary_key=True)
    id = TextField(constraints=[SQL("DEFAULT ''")])
    name = TextField()
    kind = TextField()
    made_by = TextField()
    made_utc = FloatField()
    used_utc = FloatField()
    until_utc = FloatField()
    ended_by = TextField(constraints=[SQL("DEFAULT ''")])  # who shut it; its end is not on record yet


class WrongRow(Table):
    """Wrong log-ins in a row from one address."""

    address = TextField(primary_key=True)
    count = IntegerField()
    last_utc = FloatField()


TABLES = (SessionRow, TokenRow, WrongRow)
# Columns that files of earlier versions lack.
SINCE = {"sessionrow": ("device", "enrolled_by"), "tokenrow": ("id", "ended_by")}


def digest(secret: str) -> str:
    """What is kept of a session's id."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Records:
    """The open database. Safe for many threads."""

    def __init__(self, folder: Path) -> None:
        """Open or make `folder/web.sqlite`, for this user alone."""
        self._path = folder / FILE
        self._lock = Lock()
        self._database = self._open()

    @contextmanager
    def use(self) -> Iterator[Database]:
        """The connection, for one thread at a time, in one transaction."""
        with self._lock, self._database.atomic():
            yield self._database

    def version(self) -> int:
        """Differs from the last one when somebody else has written into the file (PRAGMA data_version)."""
        with self._lock:
            return int(self._database.connection().pragma("data_version"))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    def _open(self) -> Database:
        try:
            return self._opened()
        except DATABASE_ERRORS:
            log.exception("%s cannot be used: it is put aside, everybody logs in anew", self._path)
            for suffix in ("", "-wal", "-shm"):
                old = self._path.with_name(self._path.name + suffix)
                if old.exists():
                    old.replace(self._path.with_name(f"damaged-{self._path.name}{suffix}"))
            return self._opened()

    def _opened(self) -> Database:
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._path.chmod(0o600)
        database = Database(str(self._path), timeout=BUSY_S, thread_safe=False)
        database.connect()
        connection = database.connection()
        connection.pragma("journal_mode", "wal")
        if connection.pragma("quick_check") != "ok":
            database.close()
            raise PeeweeException(f"{self._path}: its pages do not hang together")
        with database.atomic():
            for table in TABLES:
                SchemaManager(table, database=database).create_all(safe=True)
            _bring_up(database)
            connection.pragma("user_version", SCHEMA)
        return database


def _bring_up(database: Database) -> None:
    """A file of an earlier version gets the columns that it lacks: nobody has to log in anew for them."""
    for table, names in SINCE.items():
        there = {row[1] for row in database.execute_sql(f"PRAGMA table_info({table})")}
        for name in names:
            if name not in there:
                database.execute_sql(f"ALTER TABLE {table} ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
    database.execute_sql("UPDATE tokenrow SET id = substr(hash, 1, 16) WHERE id = ''")
