"""`edge-agent restore`: a spare box becomes the unit whose backup it is, on purpose and once.

Two boxes with one identity would give one number to two events. So the old one must be retired: either it
was, with the backup itself, or somebody says that it is off for good and up to which number the centre has
heard it. The next event bears the number behind that one; it is `records.restored`, and work under way
comes up PAUSED.

Whose it is, the unit's signature says (signed.py). A box that has that unit's key already believes it; any other
is told the key by who restores, and whom it is to become.
"""

import argparse
import io
import os
import shutil
import sys
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from edge_agent.domain.words import Words, WordsError, same
from edge_agent.ops import checking
from edge_agent.ops.backup import contents, sealed, signed
from edge_agent.ops.backup.whose import RefusedError, identity, vouched
from edge_agent.ops.folders import DATABASE
from edge_agent.ops.restored import KEY, Restored
from edge_agent.ops.unit_key import NAME
from edge_agent.settings.fault import Fault
from edge_agent.store.batch import Batch
from edge_agent.store.errors import StoreError
from edge_agent.store.store import Store

EX_USAGE, EX_DATAERR, EX_CANTCREAT, EX_CONFIG = 64, 65, 73, 78  # sysexits.h
OWNERS = {contents.SITE: "edge-agent", contents.STATE: "edge-agent", contents.WEB: "edge-web"}
DEFAULTS = {"state": "/var/lib/edge-agent", "web": "/var/lib/edge-agent-web"}


class _Stream(io.RawIOBase):
    """The opened pieces as a file for tar."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def restore(args: argparse.Namespace, root: Path) -> int:
    """Unpack beside, check everything, then put it in place: a spare is whole or untouched."""
    try:
        if args.look or args.key is None:
            return _looked(args.file, asked=args.look)
        faults = _restored(args, root)
    except RefusedError as refused:
        return _said(EX_USAGE, refused.words)
    except (WordsError, StoreError) as fault:
        return _said(EX_DATAERR, fault.words)
    except (tarfile.TarError, EOFError, msgspec.MsgspecError, tomllib.TOMLDecodeError):
        return _said(EX_DATAERR, sealed.CUT)
    except OSError as fault:
        return _said(EX_CANTCREAT, same(f"{fault.filename or ''}: {fault.strerror}"))
    for one in faults:
        sys.stdout.write(f"{one.line('zh')}\n{one}\n")
    return EX_CONFIG if faults else 0


def _looked(file: Path, *, asked: bool) -> int:
    with file.open("rb") as backup:
        head = msgspec.json.decode(sealed.head_of(backup), type=contents.Head)
        if head.signed_by:
            signed.checked(backup, head.signed_by)
    made = time.strftime("%Y-%m-%d %H:%MZ", time.gmtime(head.made_utc))
    last = (
        "本机随之停用 the unit was retired with it"
        if head.final
        else "此后可能还有事件 more may have come after it"
    )
    by = f"签名 signed by {head.signed_by}" if head.signed_by else "未签名 not signed"
    sys.stdout.write(f"{head.source}  {made}  seq {head.seq}  {last}\n  {by}\n")
    return 0 if asked else _said(EX_USAGE, Words("打开它需要 --key", "to open it, give --key"))


def _restored(args: argparse.Namespace, root: Path) -> list[Fault]:
    key = sealed.private_key(args.key.read_text(encoding="ascii", errors="replace"))
    site: Path = args.site
    site.parent.mkdir(parents=True, exist_ok=True)
    said = vouched(args.file, args)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=site.parent) as scratch:
        head = _opened(args.file, key, Path(scratch))
        if head != said:
            raise WordsError(sealed.ANOTHER)
        places = _places(Path(scratch), site)
        identity(Path(scratch) / contents.STATE / NAME, places[contents.STATE] / NAME, head, args)
        seq = _number(head, args)
        _records(Path(scratch) / contents.STATE / DATABASE, head, seq)
        for part, place in places.items():
            _put(Path(scratch) / part, place, OWNERS[part])
    faults = checking.faults(site, root)
    sys.stdout.write(
        f"{head.source} 已恢复，下一事件为第 {seq + 1} 号。旧机不得再运行。\n"
        f"{head.source} is restored; its next event is number {seq + 1}. The old box must never run again.\n"
        f"  edge-agent check {site}\n  edge-agent doctor {site}\n  systemctl start edge-agent.target\n"
    )
    return faults


def _opened(file: Path, key: X25519PrivateKey, into: Path) -> contents.Head:
    with file.open("rb") as backup:
        head = msgspec.json.decode(sealed.head_of(backup), type=contents.Head)
        backup.seek(0)
        whole = signed.Within(backup) if head.signed_by else backup
        return contents.unpacked(io.BufferedReader(_Stream(sealed.opened(whole, key))), into)[0]


def _number(head: contents.Head, args: argparse.Namespace) -> int:
    """Behind which number the spare goes on. Raises RefusedError where nobody can know."""
    if head.final and args.last_seq is None:
        return head.seq
    if args.last_seq is None or not args.old_unit_is_off:
        raise RefusedError(
            Words(
                f"此备份之后（第 {head.seq} 号）旧机可能又发出事件。先确认旧机永远不再运行，"
                "在中心查出它的最大 seq，再加上 --last-seq N --old-unit-is-off",
                f"after this backup (number {head.seq}) the old box may have told more. See to it that it never "
                "runs again, look up its highest seq at the centre, then give --last-seq N --old-unit-is-off",
            )
        )
    return max(head.seq, int(args.last_seq))


def _places(scratch: Path, site: Path) -> dict[str, Path]:
    """Where each part goes. Raises RefusedError where something lies there: nothing is ever overwritten."""
    said = tomllib.loads((scratch / contents.SITE / "site.toml").read_text("utf-8")).get("folders", {})
    places = {contents.SITE: site}
    for part, default in DEFAULTS.items():
        if (scratch / part).is_dir():
            places[part] = site / said.get(part, default)
    for taken in (site / "site.toml", places[contents.STATE] / DATABASE):
        if taken.exists():
            raise RefusedError(
                Words(
                    f"{taken} 已存在：只恢复到空的备用机，不覆盖任何东西",
                    f"{taken} is there: only an empty spare is restored to, nothing is overwritten",
                )
            )
    return places


def _records(path: Path, head: contents.Head, seq: int) -> None:
    """They must hold, and say for the next start where they come from."""
    with Store.open(path) as store:
        broken = store.verify_chain()
        if broken is not None:
            zh, en = (
                f"备份中的记录不完整：{broken.n} {broken.why}",
                f"its records do not hold: {broken.n} {broken.why}",
            )
            raise WordsError(Words(zh, en))
        note = Restored(made_utc=head.made_utc, rows=head.rows, head=head.head, seq=seq)
        store.commit(Batch(meta={KEY: msgspec.json.encode(note).decode()}))


def _put(part: Path, place: Path, owner: str) -> None:
    for path in sorted(part.rglob("*")):
        target = place / path.relative_to(part)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        if path.name.endswith((".lock", "-wal", "-shm")):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        target.chmod(path.stat().st_mode & 0o777)
        _owned(target, owner)
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _owned(path: Path, owner: str) -> None:
    if os.geteuid() == 0:
        try:
            shutil.chown(path, owner, owner)
        except LookupError:  # not installed as a service
            return


def _said(code: int, words: Words) -> int:
    sys.stderr.write(f"{words.zh}\n{words.en}\n")
    return code
