"""`edge-agent sign`: a message to a unit, signed as a centre signs it; and a key to sign with.

What the unit would refuse for its content is not signed: the same check speaks here, before anything is sent.
"""

import argparse
import os
import sys
import uuid
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from edge_agent.domain.words import Words, WordsError
from edge_agent.tell.downlink import PARSERS
from edge_agent.tell.signing import private_key, public_text, sign
from edge_agent.tell.wire import LARGEST_DOWN

EX_DATAERR = 65  # sysexits.h
HOUR_S = 3600.0


class CannotSign(WordsError):  # noqa: N818 (it says what is wrong with what was given)
    """Nothing was signed; the words say why and how to mend it."""


def run(args: argparse.Namespace, now_utc: float) -> int:
    """Do what was asked; the exit code is sysexits'."""
    try:
        sys.stdout.write(_new_key(args) if args.new_key else _signed(args, now_utc))
    except CannotSign as fault:
        sys.stderr.write(f"{fault.words.zh}\n{fault.words.en}\n")
        return EX_DATAERR
    return 0


def _new_key(args: argparse.Namespace) -> str:
    """Write a private key that only its owner can read, never over another; say what the site enters."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        made = os.open(args.new_key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        why = fault.strerror
        raise CannotSign(
            Words(f"不能新建 {args.new_key}：{why}", f"{args.new_key} cannot be made: {why}; name a new file")
        ) from fault
    with os.fdopen(made, "wb") as file:
        file.write(pem)
    public = public_text(OKPKey.import_key(pem))
    return f'# site.toml\n[[downlink.keys]]\nkid = "{args.kid}"\ned25519 = "{public}"\n'


def _signed(args: argparse.Namespace, now_utc: float) -> str:
    missing = [f"--{name}" for name in ("key", "site", "unit") if getattr(args, name) is None]
    missing += [] if args.body else ["BODY.json"]
    if missing:
        raise CannotSign(Words(f"缺少参数 {' '.join(missing)}", f"missing: {' '.join(missing)}"))
    key, raw = _key(args.key), _body(args.body)
    version = _version(args, raw, now_utc)
    body = PARSERS[args.type](raw, version)
    if isinstance(body, Words):
        raise CannotSign(body)
    payload = {
        "id": args.id or str(uuid.uuid4()),
        "version": version,
        "type": args.type,
        "issued_at": now_utc,
        "expires_at": now_utc + args.hours * HOUR_S,
        "site": args.site,
        "unit": args.unit,
        "body": msgspec.Raw(raw),
    }
    message = sign(payload, key, args.kid)
    if len(message) > LARGEST_DOWN:
        most = f"{LARGEST_DOWN // 1024} kB"
        raise CannotSign(Words(f"消息过大（上限 {most}）", f"too large: a unit takes {most} at most"))
    return message.decode() + "\n"


def _key(path: Path) -> OKPKey:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise CannotSign(
            Words(f"读不到私钥 {path}：{fault}", f"the key {path} cannot be read: {fault}")
        ) from fault
    try:
        key = private_key(text)
    except (JoseError, ValueError) as fault:
        raise CannotSign(_no_key(path)) from fault
    if not key.is_private or key.curve_name != "Ed25519":
        raise CannotSign(_no_key(path))
    return key


def _no_key(path: Path) -> Words:
    return Words(
        f"{path} 不是 Ed25519 私钥（PEM）：可用 --new-key 新建",
        f"{path} is no private Ed25519 key in PEM: make one with --new-key",
    )


def _body(path: Path) -> bytes:
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        msgspec.json.decode(raw)
    except OSError as fault:
        raise CannotSign(Words(f"读不到 {path}：{fault}", f"{path} cannot be read: {fault}")) from fault
    except msgspec.DecodeError as fault:
        raise CannotSign(Words(f"{path} 不是 JSON：{fault}", f"{path} is not JSON: {fault}")) from fault
    return raw


def _version(args: argparse.Namespace, raw: bytes, now_utc: float) -> int:
    """As asked for; a ticket's own; else the time in ms, which rises by itself."""
    if args.version is not None:
        return int(args.version)
    said = msgspec.json.decode(raw)
    own = said.get("version") if isinstance(said, dict) and args.type == "permit" else None
    return own if isinstance(own, int) else int(now_utc * 1000)
