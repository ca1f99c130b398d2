"""What stands in a file of `edge-agent site export`, read within bounds, whatever it says of itself.

A few members, each of at most 1 MiB as it really unpacks, with names inside the folder, regular files, and the
hash that the manifest has of each. Nothing is written here.
"""

import hashlib
import io
import json
import stat
import zipfile
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from edge_agent.domain.words import Words, WordsError, same

SCHEMA = 1
MANIFEST, SECRETS = "manifest.json", "secrets.sealed"
LARGEST = 1 << 20  # bytes of one member, unpacked
LARGEST_ALL = 8 << 20  # bytes of all, unpacked
MOST_MEMBERS = 100
ENTRY = b"PK\x01\x02"  # begins each entry of a zip's directory
ENCRYPTED = 0x1


class NotOneError(WordsError):
    """It is no such file, of a newer program, or not whole."""


class Members(Struct, frozen=True, kw_only=True):
    """The texts that the manifest names, and which secret files the site had."""

    texts: dict[str, bytes]
    secret_files: tuple[str, ...]


def members(raw: bytes) -> Members:
    """Every text, each as it was exported. Raises NotOneError."""
    if raw.count(ENTRY) > MOST_MEMBERS:  # before a directory of thousands is read
        raise NotOneError(Words(f"文件超过 {MOST_MEMBERS} 个", f"more than {MOST_MEMBERS} files in it"))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as file:
            return _read(file)
    except (zipfile.BadZipFile, KeyError, TypeError, AttributeError, ValueError, EOFError, OSError) as fault:
        raise _no(fault) from fault
    except (NotImplementedError, RuntimeError, RecursionError) as fault:  # another way of packing
        raise _no(fault) from fault
    except zipfile.zlib.error as fault:  # type: ignore[attr-defined]  # cut or another's bytes
        raise _no(fault) from fault


def _no(fault: Exception) -> NotOneError:
    return NotOneError(Words(f"不是站点文件（{fault}）", f"this is no file of a site ({fault})"))


def _read(file: zipfile.ZipFile) -> Members:
    names = [one.filename for one in file.infolist()]
    if len(names) != len(set(names)):
        raise ValueError("a name stands twice in it")
    for one in file.infolist():
        _ordinary(one)
    manifest = json.loads(_member(file, MANIFEST))
    if manifest["schema"] != SCHEMA:
        raise NotOneError(
            Words(
                f"格式版本 {manifest['schema']}，本程序只认 {SCHEMA}：请先升级本程序",
                f"schema {manifest['schema']}; this program knows {SCHEMA}: bring the program up to date first",
            )
        )
    texts, left = {}, LARGEST_ALL
    for name, digest in manifest["files"].items():
        texts[name] = text = _member(file, name)
        left -= len(text)
        if left < 0:
            raise NotOneError(same(f"> {LARGEST_ALL >> 20} MiB"))
        if hashlib.sha256(text).hexdigest() != digest:
            raise NotOneError(Words(f"{name} 已损坏", f"{name} is not as it was exported"))
    return Members(texts=texts, secret_files=tuple(map(str, manifest["secret_files"])))


def _ordinary(one: zipfile.ZipInfo) -> None:
    """Nothing but a regular file whose name stays inside the folder. Raises NotOneError."""
    path = PurePosixPath(one.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in one.filename or ":" in one.filename:
        raise NotOneError(
            Words(f"{one.filename}：文件名不在站点文件夹内", f"{one.filename}: not a name within the folder")
        )
    kind = stat.S_IFMT(one.external_attr >> 16)
    if one.is_dir() or kind not in {0, stat.S_IFREG} or one.flag_bits & ENCRYPTED:
        raise NotOneError(
            Words(f"{one.filename}：不是普通文件（链接、设备或加密）", f"{one.filename}: no ordinary file")
        )


def _member(file: zipfile.ZipFile, name: str) -> bytes:
    """As far as it may go, whatever its header says of its size. Raises NotOneError."""
    with file.open(name) as packed:
        text: Any = packed.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise NotOneError(Words(f"{name}：超过 1 MiB", f"{name}: larger than 1 MiB"))
    return bytes(text)
