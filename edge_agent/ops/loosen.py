"""`edge-agent loosen`: a safety officer signs for one looser limit; prints the row for the site's rulebook."""

import argparse
import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec.structs import asdict, replace

from edge_agent.domain.rulebook import Loosened
from edge_agent.settings.loosening import signed_bytes
from edge_agent.settings.site import Settings


class BadKey(Exception):  # noqa: N818 (it is about the key file, not about an error of ours)
    """The private key cannot be used."""


def row(settings: Settings, args: argparse.Namespace) -> str:
    """The signed [[loosened]] row as TOML. Raises BadKey; `edge-agent check` judges the row itself."""
    unsigned = Loosened(
        key=args.key,
        value=args.value,
        reason=args.reason,
        by=args.by,
        begins=args.begins,
        until=args.until,
        kid=args.kid,
        signature="",
    )
    content = signed_bytes(unsigned, settings.site.site.id, settings.rulebook.name)
    signature = base64.urlsafe_b64encode(_private(args.private_key).sign(content)).decode().rstrip("=")
    signed = asdict(replace(unsigned, signature=signature))
    return "[[loosened]]\n" + "".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in signed.items()
    )


def _private(path: Path) -> Ed25519PrivateKey:
    """PEM, as `openssl genpkey -algorithm ed25519` writes it. Text before it (a remark) is passed over."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as wrong:
        raise BadKey(f"{path}: no private key that can be read: {wrong}") from wrong
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path}: is no Ed25519 key (openssl genpkey -algorithm ed25519)")
    return key
