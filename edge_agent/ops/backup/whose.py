"""Whose a backup is, and whom the box becomes that takes it: by its signature, and by what somebody says."""

import argparse
from pathlib import Path

import msgspec
from joserfc.errors import JoseError

from edge_agent.domain.words import Words, WordsError
from edge_agent.ops.backup import contents, sealed, signed
from edge_agent.ops.unit_key import read_key
from edge_agent.tell.signing import public_text


class RefusedError(WordsError):
    """What was asked would harm something, or something has to be said first."""


def vouched(file: Path, args: argparse.Namespace) -> contents.Head:
    """What it says of itself, once its signature holds. Raises RefusedError, ForgedError."""
    with file.open("rb") as backup:
        head = msgspec.json.decode(sealed.head_of(backup), type=contents.Head)
        if head.signed_by:
            signed.checked(backup, head.signed_by)
        elif not args.unsigned:
            raise RefusedError(
                Words(
                    "此备份没有签名，任何知道封存公钥的人都能伪造。若确知其来源（旧版本所做），再加上 --unsigned",
                    "nobody signed this backup, and whoever knows the public key that it is sealed for can make "
                    "one. If you know yourself where it comes from (an older version), give --unsigned",
                )
            )
    if args.signed_by is not None and args.signed_by != head.signed_by:
        raise signed.ForgedError(
            Words(
                f"签名者是 {head.signed_by or '（无）'}，不是 --signed-by 所说的",
                f"it is signed by {head.signed_by or 'nobody'}, which is not what --signed-by says",
            )
        )
    return head


def identity(theirs: Path, ours: Path, head: contents.Head, args: argparse.Namespace) -> None:
    """Its key is in the backup; and the box is that unit, or becomes it on purpose. Raises RefusedError."""
    try:
        inside, own = _public(theirs), _public(ours)
    except (ValueError, JoseError) as fault:
        raise WordsError(Words(f"主机密钥不可用：{fault}", f"a unit's key cannot be used: {fault}")) from fault
    if head.signed_by and inside != head.signed_by:
        raise signed.ForgedError(signed.FORGED)
    if own is not None and own == head.signed_by:
        return
    if head.signed_by and args.signed_by is None:
        raise RefusedError(
            Words(
                f"此备份自称属于 {head.source}，签名公钥 {head.signed_by}。请与中心收到的 up/audit 的 key "
                "或投运证书核对，一致后加上 --signed-by=KEY",
                f"it says that it is of {head.source}, signed by {head.signed_by}. Compare that with `key` of the "
                "unit's up/audit at the centre, or with its commissioning certificate; then give --signed-by=KEY",
            )
        )
    if args.identity != head.source:
        raise RefusedError(
            Words(
                f"本机将成为 {head.source}。确认后加上 --identity {head.source}",
                f"this box would become {head.source}. If that is what you want, give --identity {head.source}",
            )
        )
    if own is not None:
        ours.replace(ours.with_name("unit-key.replaced.pem"))


def _public(path: Path) -> str | None:
    return public_text(read_key(path)) if path.is_file() else None
