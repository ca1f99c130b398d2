"""Opening the database: the one writer, and readers that can never write or checkpoint.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when two connections write or checkpoint, so there is one
writing connection (held by a lock file), and it does every checkpoint; everybody else opens read-only.
synchronous=FULL because NORMAL lost acknowledged rows in simulated power cuts (design: trust, facts 2, 3).
"""

import ctypes
import fcntl
import os
from pathlib import Path

import apsw
from peewee import SchemaManager
from playhouse.apsw_ext import APSWDatabase  # type: ignore[import-untyped]

from edge_agent.store.errors import DATABASE_ERRORS, StoreError, StoreFault, from_database, from_os
from edge_agent.store.folder import sync_folder
from edge_agent.store.tables import AGENT, Layout


class Database(APSWDatabase):  # type: ignore[misc]
    """peewee on apsw: brings a fixed SQLite of its own, whatever the system's library is."""


OLDEST_SQLITE = (3, 51, 3)  # the first without the two-writers defect
BUSY_S = 2.0  # readers hold no lock that a writer waits for; this covers recovery after a crash
WAL_PAGES = 1000  # checkpoint after about 4 MB of WAL
WAL_BYTES = 16 * 2**20  # what the WAL file is cut back to


def sqlite_fault(version: str = apsw.sqlite_lib_version()) -> str | None:
    """What is wrong with the SQLite in use (start-up self-test); None if it is sound."""
    if tuple(int(part) for part in version.split(".")) >= OLDEST_SQLITE:
        return None
    return f"SQLite {version} can corrupt a WAL database; needs {'.'.join(map(str, OLDEST_SQLITE))} or newer"


def take_lock(path: Path) -> int:
    """Become the one writer of `path`: a lock file beside it, freed by the kernel when the process ends."""
    lock = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as trouble:
        raise from_os(trouble, lock) from trouble
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as trouble:
        os.close(descriptor)
        raise from_os(trouble, path) from trouble
    return descriptor


def open_writer(path: Path, vfs: str | None = None, layout: Layout = AGENT) -> Database:
    """The one connection that writes: checked, in WAL mode, tables in place. Raises StoreError."""
    fault = sqlite_fault()
    if fault:
        raise StoreError(StoreFault.VERSION, path, fault)
    options = {"vfs": vfs} if vfs else {}
    database = Database(str(path), timeout=BUSY_S, thread_safe=False, **options)
    try:
        database.connect()
        _check_owner(database, path, layout)
        _check_pages(database, path)
        _prepare(database, layout)
        # The rollback journal of a new database is deleted without that (only synchronous=EXTRA syncs the folder):
        # on a file system without a journal it could come back after a power cut, and undo everything since.
        sync_folder(path.parent)
    except DATABASE_ERRORS as trouble:
        _abandon(database)
        raise from_database(trouble, path) from trouble
    except OSError as trouble:
        _abandon(database)
        raise from_os(trouble, path) from trouble
    except StoreError:
        _abandon(database)
        raise
    return database


def open_reader(path: Path, layout: Layout = AGENT) -> Database:
    """A connection that reads what is committed, from any process. Raises StoreError."""
    database = Database(str(path), timeout=BUSY_S, thread_safe=False, flags=apsw.SQLITE_OPEN_READONLY)
    try:
        database.connect()
        _check_owner(database, path, layout)
    except DATABASE_ERRORS as trouble:
        _abandon(database)
        raise from_database(trouble, path) from trouble
    except StoreError:
        _abandon(database)
        raise
    return database


def _check_owner(database: Database, path: Path, layout: Layout) -> None:
    """Refuse another program's file, and a newer schema than this program knows."""
    application, schema = _pragma(database, "application_id"), _pragma(database, "user_version")
    empty = not list(database.execute_sql("SELECT 1 FROM sqlite_schema LIMIT 1"))
    if empty and (application, schema) == (0, 0):
        return
    if application != layout.application_id:
        raise StoreError(StoreFault.VERSION, path, f"application_id is {application}, not the agent's")
    if schema != layout.schema:
        raise StoreError(StoreFault.VERSION, path, f"schema {schema}; this program knows schema {layout.schema}")


def _check_pages(database: Database, path: Path) -> None:
    """Refuse a file whose pages do not hang together."""
    answer = next(iter(database.execute_sql("PRAGMA quick_check(1)")))[0]
    if answer != "ok":
        raise StoreError(StoreFault.CORRUPT, path, str(answer))


def _prepare(database: Database, layout: Layout) -> None:
    """Set the modes and make what tables are missing."""
    connection = database.connection()
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.pragma("wal_autocheckpoint", WAL_PAGES)
    connection.pragma("journal_size_limit", WAL_BYTES)
    _keep_wal(connection)
    with database.atomic():
        for table in layout.tables:
            SchemaManager(table, database=database).create_all(safe=True)
        connection.pragma("application_id", layout.application_id)
        connection.pragma("user_version", layout.schema)


def _keep_wal(connection: apsw.Connection) -> None:
    """Leave the -wal and -shm files in place on close.

    Without them a reader under another user, who may not write to the folder, could not open the
    database until the agent is back.
    """
    on = ctypes.c_int(1)
    connection.file_control("main", apsw.SQLITE_FCNTL_PERSIST_WAL, ctypes.addressof(on))


def _pragma(database: Database, name: str) -> int:
    """One number that a PRAGMA tells."""
    return int(next(iter(database.execute_sql(f"PRAGMA {name}")))[0])


def _abandon(database: Database) -> None:
    """Close what could not be opened properly."""
    if not database.is_closed():
        database.close()
