"""Fetches one file by HTTP: from where it broke off, never more bytes than were signed for, and only those."""

import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import BinaryIO

from edge_agent.domain.words import NOTHING, Words
from edge_agent.field import system_words
from edge_agent.tell.fetch.wire import HERE, LATER, WRONG, FetchConfig, Fetched
from edge_agent.tell.upload.answers import Anew, Refused, judged
from edge_agent.tell.upload.door import Door, Later, Reply

RESERVE_BYTES = 512 * 1024 * 1024  # of the disk are never filled by it: the records come first
PARTIAL, NOTHING_THERE = 206, 416  # RFC 9110 15.3.7, 15.5.17
PART = ".part"
NOT_SIGNED_FOR = Words("取到的文件与签名清单不符", "what was fetched is not the file that was signed for")
FULL = Words("磁盘剩余空间不足，无法取文件", "the disk has no room for it")


def get(config: FetchConfig, door: Door) -> Fetched:
    """One try; what came of it stays for the next one."""
    target = Path(config.target)
    part = target.with_suffix(PART)
    try:
        missing = config.size - _length(part)
        if shutil.disk_usage(target.parent).free < missing + RESERVE_BYTES:
            return Fetched(how=LATER, words=FULL)
        with part.open("ab") as file:
            if missing > 0:
                _more(config, door, file)
            file.flush()
            os.fsync(file.fileno())
        return _judged(config, part, target)
    except (Later, Refused) as fault:
        return Fetched(how=LATER, words=fault.words)
    except Anew:
        return Fetched(how=LATER, words=Words("服务器上没有此文件", "there is no such file at its server"))
    except OSError as fault:
        return Fetched(how=LATER, words=system_words.of(fault))


def _more(config: FetchConfig, door: Door, file: BinaryIO) -> None:
    """What is missing. A server that knows no ranges sends all of it: then it begins anew."""
    have = file.tell()

    def into(reply: Reply) -> BinaryIO:
        if not (reply.status == PARTIAL and _begins(reply) == have):
            file.truncate(0)
        return file

    reply = door.fetch(config.url, {"range": f"bytes={have}-"} if have else {}, config.size + 1, into)
    if reply.status == NOTHING_THERE:  # the file there is shorter than what we have: another one
        file.truncate(0)
    judged(reply, begun=True)


def _begins(reply: Reply) -> int | None:
    found = re.match(r"bytes (\d+)-", reply.headers.get("content-range", ""))
    return None if found is None else int(found[1])


def _judged(config: FetchConfig, part: Path, target: Path) -> Fetched:
    length = _length(part)
    if length < config.size:
        words = Words(f"只取到 {length}/{config.size} 字节", f"broke off after {length} of {config.size} bytes")
        return Fetched(how=LATER, words=words)
    with part.open("rb") as file:
        same = length == config.size and hashlib.file_digest(file, "sha256").hexdigest() == config.sha256
    if not same:
        part.unlink()
        return Fetched(how=WRONG, words=NOT_SIGNED_FOR)
    part.replace(target)
    return Fetched(how=HERE, words=NOTHING)


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
