"""`edge-agent backup`: beside the running agent, or, with --retire, the last word of a box that guards no more."""

import argparse
import fcntl
import os
import sys
import time
from errno import EINVAL
from pathlib import Path
from typing import BinaryIO

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Struct

from edge_agent.domain.words import Words, WordsError, same
from edge_agent.ops.backup import contents, sealed, signed
from edge_agent.ops.folders import DATABASE, RETIRED
from edge_agent.ops.unit_key import NAME, read_key
from edge_agent.settings.site import Settings
from edge_agent.settings.site_backup import SUFFIX, BackupTable, backups_in
from edge_agent.store.connect import take_lock
from edge_agent.store.errors import StoreError
from edge_agent.store.folder import put, sync_folder
from edge_agent.tell.signing import public_text

EX_USAGE, EX_UNAVAILABLE, EX_CANTCREAT = 64, 69, 73  # sysexits.h


NO_RECORDS = Words(
    "还没有记录：程序尚未在此站点运行过", "there are no records: the agent has not run on this site yet"
)


class Retired(Struct, frozen=True, kw_only=True):
    """That this box gave its identity away: when, in which file, and its last number."""

    utc: float
    file: str
    seq: int


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


def backup(settings: Settings, args: argparse.Namespace) -> int:
    """Write one backup; with `--retire` while nobody else holds the records, and never again after it."""
    if not (settings.state_folder / DATABASE).is_file():
        return _said(EX_UNAVAILABLE, NO_RECORDS)
    try:
        wish = _wish(settings, args)
        if args.retire:
            return _retire(settings, wish)
        made = _written(settings, wish, final=False)
    except AskedWronglyError as fault:
        return _said(EX_USAGE, fault.words)
    except StoreError as fault:
        return _said(EX_UNAVAILABLE, fault.words)
    except OSError as fault:
        return _said(EX_CANTCREAT, same(f"{fault.filename or ''}: {fault.strerror}"))
    return _done(settings, made)


def _wish(settings: Settings, args: argparse.Namespace) -> BackupTable:
    table = settings.site.backup
    into = str(args.into.resolve()) if args.into else None if table is None else table.into
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


class Made(Struct, frozen=True, kw_only=True):
    """One backup that is on the disk."""

    path: Path
    head: contents.Head
    left_out: list[str]


def _written(settings: Settings, wish: BackupTable, *, final: bool) -> Made:
    """Whole under its name, or not there. Raises StoreError, OSError."""
    into, now_utc = Path(wish.into), time.time()
    if not into.is_dir():  # a disk that is not mounted is no folder to fill
        raise FileNotFoundError(2, "no such folder: is the disk or share mounted?", str(into))
    key = _unit_key(settings.state_folder / NAME)
    with contents.scratch_beside(settings.state_folder) as scratch:
        contents.copied(settings.state_folder / DATABASE, Path(scratch) / DATABASE)
        signer = public_text(key)
        head = contents.head_of(settings, Path(scratch) / DATABASE, now_utc, signer, final=final)
        listed = list(contents.files(settings, Path(scratch)))
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now_utc))
        path = into / f"{_name(settings)}-{stamp}{SUFFIX}"
        half = path.with_name(f".{path.name}.part")
        try:
            with half.open("w+b") as file:
                os.fchmod(file.fileno(), 0o600)
                left_out = _sealed(file, listed, head, wish.recipient)
                signed.put(file, key)
                file.flush()
                os.fsync(file.fileno())
            if final:
                _given_away(settings, Retired(utc=now_utc, file=path.name, seq=head.seq))
            _named(settings, half, path, final=final)
        finally:
            half.unlink(missing_ok=True)
    sync_folder(into)
    _make_room(settings, into, wish.keep)
    return Made(path=path, head=head, left_out=left_out)


def _unit_key(path: Path) -> OKPKey:
    """Raises OSError: a backup that nobody signed is worth little, and a key is not replaced in passing."""
    try:
        return read_key(path)
    except (ValueError, JoseError) as fault:
        raise OSError(EINVAL, f"the unit's key cannot be used: {fault}", str(path)) from fault


def _given_away(settings: Settings, gone: Retired) -> None:
    """On the disk before the backup has its name: a box that still guards must not lie there as retired."""
    put(settings.state_folder / RETIRED, msgspec.json.encode(gone))


def _named(settings: Settings, half: Path, path: Path, *, final: bool) -> None:
    try:
        half.replace(path)
    except OSError:
        if final:  # there is no backup: the box keeps its identity
            (settings.state_folder / RETIRED).unlink()
        raise


def _sealed(file: BinaryIO, listed: list[tuple[str, Path]], head: contents.Head, recipient: str) -> list[str]:
    sealer = sealed.Sealer(file, msgspec.json.encode(head), recipient)
    left_out = contents.pack(sealer, listed, head)
    sealer.end()
    return left_out


def _name(settings: Settings) -> str:
    return f"{settings.site.site.id}-{settings.site.site.unit}"


def backups(settings: Settings, into: Path) -> list[Path]:
    """Those of this unit, oldest first; those of others are nobody's business here."""
    return backups_in(into, settings.site.site.id, settings.site.site.unit)


def _make_room(settings: Settings, into: Path, keep: int) -> None:
    """The newest of this unit stay."""
    for old in backups(settings, into)[:-keep]:
        old.unlink()


def _retire(settings: Settings, wish: BackupTable) -> int:
    lock = take_lock(settings.state_folder / DATABASE)  # LOCKED: the agent still runs
    try:
        made = _written(settings, wish, final=True)
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)
        os.close(lock)
    return _done(settings, made)


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
    size, head = made.path.stat().st_size / 1e6, made.head
    sys.stdout.write(f"{made.path}：{size:.1f} MB，至第 {head.seq} 号事件\n")
    sys.stdout.write(f"  {size:.1f} MB, up to event {head.seq}\n")
    if made.left_out:
        names = ", ".join(made.left_out)
        sys.stdout.write(f"  无权读取，未包含 may not be read, not in it: {names}\n")
    if made.path.stat().st_dev == settings.state_folder.stat().st_dev:
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
