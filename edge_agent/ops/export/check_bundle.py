"""Checks a bundle of `edge-agent export`: python check_bundle.py FILE.zip [--key PUBLIC].

Stands alone: Python 3.11 and `cryptography`, nothing of edge_agent. Copy it, read it, run it on another machine.

The bundle's `manifest.jws` (Ed25519) names every file with its SHA-256; nothing more or less may be there.
In `records.jsonl` each row that has a body gives its own hash (SHA-256 over {"body":BODY,"prev":HASH OF THE ROW
BEFORE}), and each points back to the row before. Rows without a body were not asked for: of those the bundle
proves nothing, and what stands between them is proved by the unit's signature alone; `verify.py` with the unit's
database proves the whole chain. Give --key as it was noted when the unit was installed: without it the bundle
proves only that it holds together.

Exit: 0 everything holds, 1 something does not, 65 the file is no bundle.
"""

import argparse
import base64
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SEAL, RECORDS = "manifest.jws", "records.jsonl"
EX_DATAERR = 65  # sysexits.h
LARGEST_SEAL = 64 * 1024 * 1024


def main(argv: list[str] | None = None) -> int:
    """Check one bundle."""
    parser = argparse.ArgumentParser(description="Checks a bundle of edge-agent export.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", metavar="PUBLIC", help="the unit's public key, as it was noted")
    args = parser.parse_args(glued(sys.argv[1:] if argv is None else argv))
    try:
        with zipfile.ZipFile(args.bundle) as file:
            manifest = opened(file, args.key)
            faults = [*files(file, manifest), *rows(file)]
    except InvalidSignature:
        faults, manifest = [("签名不符", "the signature does not hold")], {}
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, RuntimeError) as fault:
        sys.stderr.write(f"{args.bundle} 不是完整的导出包\n{args.bundle} is no whole bundle: {fault!r}\n")
        return EX_DATAERR
    for zh, en in faults:
        sys.stdout.write(f"{zh}\n  {en}\n")
    if faults:
        return 1
    told = manifest["records"]
    sys.stdout.write(f"{manifest['source']}：{told['asked']} 条记录和 {len(manifest['files'])} 个文件与签名相符\n")
    sys.stdout.write(f"  {told['asked']} records and {len(manifest['files'])} files are as the unit signed them\n")
    if args.key is None:
        sys.stdout.write(f"未给出公钥：只证明自身一致。包内公钥 {manifest['key']}\n")
        sys.stdout.write("  no --key: it holds together, but anybody may have made it; compare the key above\n")
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


def opened(file: zipfile.ZipFile, key: str | None) -> dict[str, Any]:
    """What was signed. Raises InvalidSignature; ValueError or KeyError where it is no manifest."""
    if file.getinfo(SEAL).file_size > LARGEST_SEAL:
        raise ValueError(f"{SEAL} is too large")
    header, payload, signature = file.read(SEAL).decode("ascii").split(".")
    manifest = json.loads(_bytes(payload))
    public = manifest["key"] if key is None else key
    if json.loads(_bytes(header)).get("alg") != "EdDSA":
        raise InvalidSignature
    Ed25519PublicKey.from_public_bytes(_bytes(public)).verify(_bytes(signature), f"{header}.{payload}".encode())
    return dict(manifest)


def files(file: zipfile.ZipFile, manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Files that are changed, missing or more than were signed."""
    named = {one["name"]: one["sha256"] for one in manifest["files"]}
    there = [name for name in file.namelist() if name != SEAL]
    for name in sorted({*named, *there}):
        if name not in named:
            yield f"{name}：不在清单中", f"{name}: was not signed"
        elif there.count(name) != 1:
            yield f"{name}：缺失或重复", f"{name}: is missing, or there twice"
        elif _digest(file, name) != named[name]:
            yield f"{name}：内容被改动", f"{name}: was altered"


def _digest(file: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with file.open(name) as content:
            while piece := content.read(1 << 20):
                digest.update(piece)
    except zipfile.BadZipFile:  # its own checksum already does not fit
        return ""
    return digest.hexdigest()


def rows(file: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The first row that does not fit."""
    before: dict[str, Any] | None = None
    for line in file.read(RECORDS).splitlines():
        row = json.loads(line)
        n, prev = row["n"], row["prev_hash"]
        if before is not None and (n != before["n"] + 1 or prev != before["hash"]):
            yield f"第 {n} 条：与上一条不相接", f"row {n}: does not follow the row before it"
            return
        linked = b'{"body":' + row.get("body", "").encode() + b',"prev":"' + str(prev).encode() + b'"}'
        if "body" in row and hashlib.sha256(linked).hexdigest() != row["hash"]:
            yield f"第 {n} 条：内容被改动", f"row {n}: was altered, its bytes do not give its hash"
            return
        before = row


def _bytes(text: str) -> bytes:
    """Base64url without its padding, as JOSE writes it."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


if __name__ == "__main__":
    sys.exit(main())
