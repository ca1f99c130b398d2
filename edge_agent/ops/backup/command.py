"""`edge-agent backup`: beside the running agent, or, with --retire, the last word of a box that guards no more."""

import argparse
import fcntl
import os
import sys
import time
from pathlib import Path

import msgspec

from edge_agent.domain.words import Words, WordsError, same
from edge_agent.field import system_words
from edge_agent.ops.backup import sealed
from edge_agent.ops.backup.noted import LastFailed, LastMade, note_failed, note_made
from edge_agent.ops.backup.writing import Made, NotWrittenError, Retired, same_disk, written
from edge_agent.ops.folders import DATABASE, RETIRED
from edge_agent.settings.site import Settings
from edge_agent.settings.site_backup import BackupTable
from edge_agent.store.connect import take_lock
from edge_agent.store.errors import StoreError
from edge_agent.store.far_folder import HangsError

EX_USAGE, EX_UNAVAILABLE, EX_CANTCREAT = 64, 69, 73  # sysexits.h
PATIENCE_S = 300.0  # for one call into the folder: a slow disk that puts 16 MB down takes less

NO_RECORDS = Words(
    "还没有记录：程序尚未在此站点运行过", "there are no records: the agent has not run on this site yet"
)


class AskedWronglyError(WordsError):
    """Something that has to be said is missing."""


def new_key(path: Path) -> int:
    """Make a key and say where its halves belong."""
    private, public = sealed.new_key()
    try:
        sealed.write_private(path, private)
    except OSError as fault:
        return _said(EX_CANTCREAT, same(f"{path}: {fault.strerror}"))
    sys.stdout.write(
        f'recipient = "{public}"\n'
        f"写入 site.toml 的 [backup]；{path} 存入保险柜，不要留在主机上，丢失则备份打不开\n"
        f"into [backup] of site.toml; keep {path} in a safe and not on the box: without it no backup opens\n"
    )
    return 0


def backup(settings: Settings, args: argparse.Namespace, patience_s: float = PATIENCE_S) -> int:
    """Write one backup; with `--retire` while nobody else holds the records, and never again after it.

    `patience_s`: so long one call into the folder may take until it counts as one that hangs.
    """
    if not (settings.state_folder / DATABASE).is_file():
        return _said(EX_UNAVAILABLE, NO_RECORDS)
    try:
        wish = _wish(settings, args)
    except AskedWronglyError as fault:
        return _said(EX_USAGE, fault.words)
    asked = _as_the_site_asks(settings, wish)
    try:
        made = _written(settings, wish, patience_s, final=args.retire)
        if asked:
            note_made(settings.state_folder, LastMade(into=wish.into, name=made.path.name, utc=made.made_utc))
    except (StoreError, NotWrittenError, OSError) as fault:
        code, why = _why(settings, fault)
        if asked:
            note_failed(settings.state_folder, LastFailed(utc=time.time(), why=why))
        return _said(code, why)
    return _done(settings, made)


def _why(settings: Settings, fault: StoreError | NotWrittenError | OSError) -> tuple[int, Words]:
    if isinstance(fault, StoreError):
        return EX_UNAVAILABLE, fault.words
    if isinstance(fault, NotWrittenError):
        return EX_CANTCREAT, fault.words
    if isinstance(fault, HangsError):
        gone = retired(settings)  # it hung while the last backup got its name
        return EX_CANTCREAT, fault.words if gone is None else fault.words.then(gone)
    why, where = system_words.of(fault), fault.filename or ""
    return EX_CANTCREAT, Words(f"{where}：{why.zh}", f"{where}: {why.en}")


def _as_the_site_asks(settings: Settings, wish: BackupTable) -> bool:
    """Whether it goes where [backup] wants it, for whom: another one takes no duty off the box."""
    table = settings.site.backup
    return table is not None and (wish.into, wish.recipient) == (table.into, table.recipient)


def _wish(settings: Settings, args: argparse.Namespace) -> BackupTable:
    table = settings.site.backup
    into = str(args.into.absolute()) if args.into else None if table is None else table.into
    recipient = args.recipient or (None if table is None else table.recipient)
    if into is None or recipient is None:
        raise AskedWronglyError(
            Words(
                "site.toml 中没有 [backup]：请写明 into 和 recipient，或用 --into、--recipient",
                "site.toml has no [backup]: write into and recipient there, or give --into and --recipient",
            )
        )
    wish = BackupTable(into=into, recipient=recipient, keep=14 if table is None else table.keep)
    try:
        return msgspec.convert(msgspec.to_builtins(wish), BackupTable)
    except msgspec.ValidationError as fault:
        raise AskedWronglyError(
            Words(
                f"--recipient 或 --into 有误（{fault}）", f"--recipient or --into is not as it should be: {fault}"
            )
        ) from fault


def _written(settings: Settings, wish: BackupTable, patience_s: float, *, final: bool) -> Made:
    """Raises StoreError, NotWrittenError, OSError."""
    if not final:
        return written(settings, wish, patience_s, final=False)
    lock = take_lock(settings.state_folder / DATABASE)  # LOCKED: the agent still runs
    try:
        return written(settings, wish, patience_s, final=True)
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)
        os.close(lock)


def retired(settings: Settings) -> Words | None:
    """Why this box may not guard, if it gave its identity away."""
    path = settings.state_folder / RETIRED
    try:
        gone = msgspec.json.decode(path.read_bytes(), type=Retired)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError):
        gone = Retired(utc=0.0, file="?", seq=0)
    return Words(
        f"本机已停用，身份已随备份 {gone.file} 转到备用机，不得再运行；若从未恢复到备用机，可删除 {path}",
        f"its identity went with the backup {gone.file} to a spare and it must not run; "
        f"only if that was never restored anywhere, remove {path}",
    )


def _done(settings: Settings, made: Made) -> int:
    size, head = made.size / 1e6, made.head
    sys.stdout.write(f"{made.path}：{size:.1f} MB，至第 {head.seq} 号事件\n")
    sys.stdout.write(f"  {size:.1f} MB, up to event {head.seq}\n")
    if made.left_out:
        names = ", ".join(made.left_out)
        sys.stdout.write(f"  无权读取，未包含 may not be read, not in it: {names}\n")
    if same_disk(made, settings.state_folder):
        sys.stdout.write("  注意：备份与记录在同一磁盘\n  note: it lies on the disk of the records themselves\n")
    if head.final:
        sys.stdout.write(
            "  本机已停用，不再监护。下一步在备用机上：edge-agent restore\n"
            "  this box is retired and guards no more. Next, on the spare: edge-agent restore\n"
        )
    return 0


def _said(code: int, words: Words) -> int:
    sys.stderr.write(f"{words.zh}\n{words.en}\n")
    return code
