"""One backup, from the box's own files into the folder that it goes to: whole under its name, or not there.

That folder may be a share that hangs: only store/far_folder.py touches it.
"""

import time
from pathlib import Path

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Struct

from edge_agent.domain.words import Words, WordsError
from edge_agent.ops.backup import contents, sealed, signed
from edge_agent.ops.folders import DATABASE, RETIRED
from edge_agent.ops.unit_key import NAME, read_key
from edge_agent.settings.site import Settings
from edge_agent.settings.site_backup import SUFFIX, BackupTable, named_like
from edge_agent.store.far_folder import FarFolder, HangsError
from edge_agent.store.folder import put
from edge_agent.tell.signing import public_text

LOOK_S = 30.0  # for a first look into the folder; whoever waits before a screen need not wait for a slow disk


class NotWrittenError(WordsError):
    """There is no backup, and somebody has to mend something first."""


class Made(Struct, frozen=True, kw_only=True):
    """One backup that is on its disk (`disk`: st_dev)."""

    path: Path
    size: int
    disk: int
    made_utc: float
    head: contents.Head
    left_out: list[str]


class Retired(Struct, frozen=True, kw_only=True):
    """That this box gave its identity away: when, in which file, and its last number."""

    utc: float
    file: str
    seq: int


def written(settings: Settings, wish: BackupTable, patience_s: float, *, final: bool) -> Made:
    """Whole under its name, or not there. Raises StoreError, NotWrittenError, OSError (HangsError: no answer)."""
    now_utc, site = time.time(), settings.site.site
    key = _unit_key(settings.state_folder / NAME)
    with FarFolder(Path(wish.into), min(patience_s, LOOK_S)) as into:
        _there(into)
    with FarFolder(Path(wish.into), patience_s) as into, contents.scratch_beside(settings.state_folder) as scratch:
        contents.copied(settings.state_folder / DATABASE, Path(scratch) / DATABASE)
        signer = public_text(key)
        head = contents.head_of(settings, Path(scratch) / DATABASE, now_utc, signer, final=final)
        listed = list(contents.files(settings, Path(scratch)))
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now_utc))
        name = f"{site.id}-{site.unit}-{stamp}{SUFFIX}"
        into.begin(half_of(name))
        left_out = _sealed(into, listed, head, wish.recipient, key)
        into.whole()
        if final:
            _given_away(settings, Retired(utc=now_utc, file=name, seq=head.seq))
        size, disk = _named(settings, into, name, final=final)
        _make_room(settings, into, wish.keep)
    path = Path(wish.into) / name
    return Made(path=path, size=size, disk=disk, made_utc=now_utc, head=head, left_out=left_out)


def _there(into: FarFolder) -> None:
    """A disk that is not mounted is no folder to fill."""
    try:
        into.names("none")
    except (FileNotFoundError, NotADirectoryError):
        raise NotWrittenError(
            Words(
                f"{into.folder}：没有这个文件夹，磁盘或共享是否已挂载？",
                f"{into.folder}: no such folder: is the disk or share mounted?",
            )
        ) from None


def _unit_key(path: Path) -> OKPKey:
    """The one key that may sign it: none is made in passing. Raises NotWrittenError, OSError."""
    try:
        return read_key(path)
    except (ValueError, JoseError) as fault:
        raise NotWrittenError(
            Words(f"{path}：主机密钥不可用（{fault}）", f"{path}: the unit's key cannot be used: {fault}")
        ) from fault


def _sealed(
    into: FarFolder, listed: list[tuple[str, Path]], head: contents.Head, recipient: str, key: OKPKey
) -> list[str]:
    signing = signed.Signing(into)
    sealer = sealed.Sealer(signing, msgspec.json.encode(head), recipient)
    left_out = contents.pack(sealer, listed, head)
    sealer.end()
    signing.sign(key)
    return left_out


def _given_away(settings: Settings, gone: Retired) -> None:
    """On the disk before the backup has its name: a box that still guards must not lie there as retired."""
    put(settings.state_folder / RETIRED, msgspec.json.encode(gone))


def _named(settings: Settings, into: FarFolder, name: str, *, final: bool) -> tuple[int, int]:
    try:
        return into.name(name)
    except HangsError:
        raise  # it may have its name all the same: a retired box stays retired, and says how to undo that
    except OSError:
        if final:  # there is no backup: the box keeps its identity
            (settings.state_folder / RETIRED).unlink()
        raise


def _make_room(settings: Settings, into: FarFolder, keep: int) -> None:
    """The newest of this unit stay; what one left that hung or was killed goes."""
    whole = named_like(settings.site.site.id, settings.site.site.unit)
    for old in [*into.names(whole)[:-keep], *into.names(half_of(whole))]:
        into.remove(old)


def half_of(name: str) -> str:
    """What it is called until it is whole."""
    return f".{name}.part"


def same_disk(made: Made, state_folder: Path) -> bool:
    """Whether it lies on the disk of the records themselves."""
    return made.disk == state_folder.stat().st_dev
