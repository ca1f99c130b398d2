"""Checks the records of an edge_agent unit: python verify.py agent.sqlite [--checkpoint FILE ...] [--key PUBLIC].

Stands alone: Python 3.11 and `cryptography`, nothing of edge_agent. Copy it, read it, run it on another machine.

Every record is a row of the table `audit`; its hash is SHA-256 over {"body":BODY,"prev":HASH OF THE ROW BEFORE},
BODY the stored bytes. So an edited, dropped, added or swapped row no longer fits, and is named. Records cut off at
the end, or an older copy of the file put in place, fit in themselves: only a checkpoint that was kept elsewhere
shows them. The unit signs its checkpoints (JWS, Ed25519) and publishes them, retained, on edge/SITE/UNIT/up/audit.

Exit: 0 everything holds, 1 something does not (the first bad row is named), 65 a file is not what it should be.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

GENESIS = "0" * 64
EX_DATAERR = 65  # sysexits.h
SHOWN = 12  # hex digits of a hash that are shown


class Row(NamedTuple):
    """One record as it is stored."""

    n: int
    kind: str
    body: bytes
    prev_hash: str
    hash: str


class Checkpoint(NamedTuple):
    """What the unit signed: after row `n` the newest hash was `head`."""

    source: str
    n: int
    head: str
    time: str


class Unusable(Exception):  # noqa: N818 (about what was given, not about an error of ours)
    """A file is not what it should be; str() says which, and what to do."""


def main(argv: list[str] | None = None) -> int:
    """Check one file of records against itself and against checkpoints."""
    parser = argparse.ArgumentParser(description="Checks the records of an edge_agent unit.")
    parser.add_argument("records", type=Path, help="agent.sqlite, or a copy of it")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], metavar="FILE",
                        help="messages of up/audit, one per line; - reads them here")  # fmt: skip
    parser.add_argument(
        "--key", metavar="PUBLIC", help="the unit's public key, as it was noted when it was installed"
    )
    args = parser.parse_args(glued(sys.argv[1:] if argv is None else argv))
    try:
        checkpoints = [one for path in args.checkpoint for one in checkpoints_of(path, args.key)]
        faults, last = check(rows_of(args.records), checkpoints)
    except Unusable as fault:
        sys.stderr.write(f"{fault}\n")
        return EX_DATAERR
    for zh, en in faults:
        sys.stdout.write(f"{zh}\n  {en}\n")
    if faults:
        return 1
    newest = max((one.n for one in checkpoints), default=0)
    sys.stdout.write(f"{last} 条记录完整，{len(checkpoints)} 个检查点相符\n")
    sys.stdout.write(f"  {last} records hold, {len(checkpoints)} checkpoints agree\n")
    if newest < last:
        sys.stdout.write(f"第 {newest} 条之后没有检查点：截断无法发现\n")
        sys.stdout.write(
            f"  no checkpoint is newer than row {newest}: whether rows behind it were cut off, nobody can say\n"
        )
    return 0


def glued(words: Iterable[str]) -> list[str]:
    """A public key may begin with "-", which argparse takes for an option: `--key -a` becomes `--key=-a`."""
    found: list[str] = []
    for word in words:
        if found and found[-1] == "--key" and word.startswith("-"):
            found[-1] = f"--key={word}"
        else:
            found.append(word)
    return found


def check(rows: Iterable[Row], checkpoints: Iterable[Checkpoint]) -> tuple[list[tuple[str, str]], int]:
    """What does not hold, in zh and en: the first bad row, else each checkpoint that disagrees; and the last row.

    Behind a bad row nothing can be said of checkpoints, so none is judged then.
    """
    wanted: dict[int, list[Checkpoint]] = {}
    for one in checkpoints:
        wanted.setdefault(one.n, []).append(one)
    after, head = 0, GENESIS
    faults: list[tuple[str, str]] = []
    for row in rows:
        fault = fault_of(row, after, head)
        if fault:
            return [fault], after
        after, head = row.n, row.hash
        faults += [_another(one, head) for one in wanted.pop(row.n, ()) if one.head != head]
    faults += [_cut_off(one, after) for _, missed in sorted(wanted.items()) for one in missed]
    return faults, after


def fault_of(row: Row, after: int, head: str) -> tuple[str, str] | None:
    """What is wrong with a row that should follow row `after`, whose hash was `head`."""
    if row.n != after + 1:
        return f"第 {after + 1} 条：缺失", f"row {after + 1}: is missing"
    if row.prev_hash != head:
        return f"第 {row.n} 条：与上一条不相接", f"row {row.n}: does not point back to the row before it"
    linked = b'{"body":' + row.body + b',"prev":"' + row.prev_hash.encode() + b'"}'
    if hashlib.sha256(linked).hexdigest() != row.hash:
        return f"第 {row.n} 条：内容被改动", f"row {row.n}: was altered, its bytes do not give its hash"
    if _kind(row.body) != row.kind:
        return f"第 {row.n} 条：类型被改动", f"row {row.n}: its kind was altered to {row.kind!r}"
    return None


def _kind(body: bytes) -> Any:
    """The kind that the hashed bytes name; members are sorted, so that of an event stands last."""
    if body.endswith(b',"kind":"event"}'):
        return "event"
    try:
        record = json.loads(body)
    except ValueError:
        return None
    return record.get("kind") if isinstance(record, dict) else None


def _another(one: Checkpoint, head: str) -> tuple[str, str]:
    return (
        f"第 {one.n} 条：与 {one.time} 的检查点不符，记录被回滚后重写",
        f"row {one.n}: not the history of the checkpoint of {one.time}: {head[:SHOWN]}, not {one.head[:SHOWN]}",
    )


def _cut_off(one: Checkpoint, last: int) -> tuple[str, str]:
    return (
        f"第 {last + 1} 至 {one.n} 条：缺失；{one.time} 的检查点证明曾有 {one.n} 条（截断或换回旧库）",
        f"rows {last + 1} to {one.n}: are gone, as the checkpoint of {one.time} proves: cut off, or an older copy",
    )


def rows_of(path: Path) -> Iterator[Row]:
    """Every row in order. The file is only read; a copy on a read-only disk will do."""
    if not path.is_file():
        raise Unusable(f"没有文件 {path}\nthere is no file {path}")
    try:
        with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True) as file:
            for n, kind, body, prev_hash, hash_ in file.execute(
                "SELECT n, kind, body, prev_hash, hash FROM audit ORDER BY n"
            ):
                yield Row(n, str(kind), bytes(body), str(prev_hash), str(hash_))
    except (sqlite3.Error, TypeError) as fault:
        raise Unusable(f"{path} 读不出记录：{fault}\n{path}: no records can be read: {fault}") from fault


def checkpoints_of(path: Path, key: str | None) -> Iterator[Checkpoint]:
    """Every checkpoint of a file of messages, its signature checked. All must be of one key: `key`, if given."""
    try:
        lines = (sys.stdin if str(path) == "-" else path.open(encoding="utf-8")).read().splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise Unusable(f"读不到检查点 {path}：{fault}\nthe checkpoints {path} cannot be read: {fault}") from fault
    for number, line in enumerate((line for line in lines if line.strip()), start=1):
        try:
            message = json.loads(line)
            public = str(message["key"])
            if key not in {None, public}:
                where = f"{path} 第 {number} 行：公钥 {public} 不是 {key}"
                raise Unusable(f"{where}\n{path}, line {number}: the key {public} is not {key}")
            key = public
            yield _opened(str(message["jws"]), public)
        except (ValueError, KeyError, TypeError, InvalidSignature, binascii.Error) as fault:
            why = (
                "the signature does not hold"
                if isinstance(fault, InvalidSignature)
                else f"no checkpoint: {fault!r}"
            )
            raise Unusable(f"{path} 第 {number} 行：不是有效的检查点\n{path}, line {number}: {why}") from fault


def _opened(jws: str, public: str) -> Checkpoint:
    """What was signed; raises InvalidSignature or ValueError."""
    header, payload, signature = jws.split(".")
    if json.loads(_bytes(header)).get("alg") != "EdDSA":
        raise ValueError("not signed with EdDSA")
    Ed25519PublicKey.from_public_bytes(_bytes(public)).verify(_bytes(signature), f"{header}.{payload}".encode())
    told = json.loads(_bytes(payload))
    return Checkpoint(str(told["source"]), int(told["n"]), str(told["head"]), str(told["time"]))


def _bytes(text: str) -> bytes:
    """Base64url without its padding, as JOSE writes it."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


if __name__ == "__main__":
    sys.exit(main())
