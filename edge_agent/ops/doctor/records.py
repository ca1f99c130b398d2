"""The box's records: the file is whole and ours, its newest rows hang together, what waits has room."""

import time
from collections.abc import Iterator
from pathlib import Path

import apsw

from edge_agent.domain.words import Words
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine, unseen
from edge_agent.ops.folders import DATABASE
from edge_agent.settings.site import Settings
from edge_agent.store import chain
from edge_agent.store.chain import AuditRow
from edge_agent.store.connect import Database, open_reader
from edge_agent.store.errors import DATABASE_ERRORS, StoreError, StoreFault, from_database
from edge_agent.store.room import CLASSES, TELEMETRY

PART = "records"
NEWEST = 2000  # rows whose chain is computed anew; all of them: edge-agent verify
CHECK_S = 6.0
FULL_SHARE = 0.9
OPCODES = 100_000  # of SQLite between two looks at the time

VERIFY = Words(
    "请勿再写入，保留此文件作为证据，用 edge-agent verify 查看全部记录",
    "keep the file as evidence, write nothing more to it, and look at all of it with edge-agent verify",
)
SEE_UPLINK = Words("请恢复到中心的线路", "see to the line to the centre")
ASK_OWNER = Words("请以程序的用户或 root 运行 doctor", "run the doctor as the agent's own user, or as root")
_LAST = "SELECT n, kind, body, prev_hash, hash FROM audit WHERE n > ? ORDER BY n"
_LAST_N = "SELECT coalesce(max(n), 0) FROM audit"
_HEAD = "SELECT hash FROM audit WHERE n = ?"
_WAIT = "SELECT count(*) FROM outbox WHERE priority < ?"


def look(settings: Settings) -> Iterator[Finding]:
    """The database of the state folder, read beside its writer."""
    path = settings.state_folder / DATABASE
    try:
        there = path.exists()
    except PermissionError:
        there = True
    if not there:
        yield fine(PART, Words("尚无记录：程序还没有运行过", "there are none yet: the agent has not run here"))
        return
    try:
        database = open_reader(path)
    except StoreError as wrong:
        yield _closed(wrong)
        return
    try:
        yield from _judged(database, path)
    except DATABASE_ERRORS as wrong:
        yield _closed(from_database(wrong, path))
    finally:
        database.close()


def _closed(wrong: StoreError) -> Finding:
    match wrong.fault:
        case StoreFault.CORRUPT:
            says = Words(
                f"{wrong.path.name} 已损坏（{wrong.detail}）", f"{wrong.path.name} is damaged: {wrong.detail}"
            )
            return fault(PART, Layer.ANSWER, "records_damaged", says, VERIFY)
        case StoreFault.READ_ONLY:
            return unseen(PART, "no_permission", wrong.words, ASK_OWNER)
        case StoreFault.VERSION:
            says = Words(
                f"{wrong.path.name} 不是本版本的记录（{wrong.detail}）",
                f"{wrong.path.name} is not of this version: {wrong.detail}",
            )
            remedy = Words("请安装写下它的版本", "install the version that wrote it")
            return fault(PART, Layer.PROFILE, "records_of_another", says, remedy)
        case _:
            return fault(PART, Layer.ANSWER, "records_unreadable", wrong.words, VERIFY)


def _judged(database: Database, path: Path) -> Iterator[Finding]:
    until_s = time.monotonic() + CHECK_S
    database.connection().set_progress_handler(lambda: time.monotonic() > until_s, OPCODES)
    try:
        told = next(iter(database.execute_sql("PRAGMA quick_check(1)")))[0]
    except apsw.InterruptError:
        says = Words("记录太多，未能按时查完", "there are too many records to look at all of them in time")
        yield unseen(PART, "late", says, Words("请运行 edge-agent verify", "run edge-agent verify"))
        return
    finally:
        database.connection().set_progress_handler(None)
    if told != "ok":
        raise apsw.CorruptError(str(told))
    last = int(database.execute_sql(_LAST_N).fetchone()[0])
    after = max(last - NEWEST, 0)
    head = database.execute_sql(_HEAD, (after,)).fetchone()[0] if after else chain.GENESIS
    rows = (
        AuditRow(n=n, kind=k, body=b, prev_hash=p, hash=h)
        for n, k, b, p, h in database.execute_sql(_LAST, (after,))
    )
    broken = chain.verify(rows, head=head, after=after)
    if broken is not None:
        says = Words(
            f"记录链在第 {broken.n} 条断开", f"the chain of records breaks at row {broken.n}: {broken.why}"
        )
        yield fault(PART, Layer.PROFILE, "chain_broken", says, VERIFY)
        return
    waiting = int(database.execute_sql(_WAIT, (TELEMETRY,)).fetchone()[0])
    most = CLASSES[-1].most_rows
    if waiting > FULL_SHARE * most:
        says = Words(
            f"有 {waiting} 条消息等待上传，最多 {most} 条",
            f"{waiting} messages wait for the centre, of {most} at most",
        )
        yield fault(PART, Layer.VALUE, "outbox_full", says, SEE_UPLINK)
        return
    size = path.stat().st_size / 1e6
    yield fine(
        PART,
        Words(
            f"{last} 条记录相接（{size:.0f} MB），{waiting} 条待上传",
            f"{last} records hang together ({size:.0f} MB), {waiting} wait for the centre",
        ),
    )
