"""`edge-agent loosen`: a safety officer signs for one looser limit; prints the row for the site's rulebook.

What `edge-agent check` would refuse is not signed: nobody carries a row to a site that its box will not take.
"""

import argparse
import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec.structs import asdict, replace

from edge_agent.domain.rulebook import Loosened
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, Names
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.hole import HOLE
from edge_agent.settings.loosening import loosening, signed_bytes
from edge_agent.settings.site import Settings


class BadKey(Exception):  # noqa: N818 (it is about the key file, not about an error of ours)
    """The private key cannot be used."""


def row(settings: Settings, args: argparse.Namespace) -> str:
    """The signed [[loosened]] row as TOML. Raises BadKey, and BadSettings with every reason against the row."""
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
    private = _private(args.private_key)
    content = signed_bytes(unsigned, settings.site.site.id, settings.rulebook.name)
    signed = replace(unsigned, signature=_text(private.sign(content)))
    found = _against(settings, signed)
    if all(table.kid != signed.kid for table in settings.site.rulebook_keys):
        found = (_unknown_key(settings, signed, _text(private.public_key().public_bytes_raw())), *found)
    if found:
        raise BadSettings(found)
    return "[[loosened]]\n" + "".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in asdict(signed).items()
    )


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _against(settings: Settings, signed: Loosened) -> tuple[Fault, ...]:
    """What `edge-agent check` would say against this row, beside those that stand in the book."""
    rows = (*settings.rulebook.loosened, signed)
    file = f"rulebook {settings.rulebook.name}"
    bundle = Bundle(
        folder=settings.folder,
        root=settings.folder,
        names=Names(site="site.toml", areas="", persons="", rulebook=file),
        site=settings.site,
        areas=settings.areas,
        persons=settings.persons,
        rulebook=replace(settings.rulebook, loosened=rows),
        base=HOLE,  # what the row is not judged by
        gas_profiles=HOLE,
        relay_profiles=HOLE,
        weather_profiles=HOLE,
        mqtt_profiles=HOLE,
        opcua_profiles=HOLE,
        wearable_profiles=HOLE,
        models=HOLE,
    )
    ours = f"loosened[#{len(rows)}]"
    unknown = f"{ours}.kid"  # told with the row that site.toml needs
    return tuple(one for one in loosening(bundle) if one.key.startswith(ours) and one.key != unknown)


def _unknown_key(settings: Settings, signed: Loosened, public: str) -> Fault:
    """The site must know the public half first: it is printed, ready to be pasted."""
    pasted = f'[[rulebook_keys]] kid = "{signed.kid}", ed25519 = "{public}", person = "{signed.by}"'
    return Fault(
        file=f"{settings.folder}/site.toml",
        key="rulebook_keys",
        problem=Words(f"没有签字公钥 {signed.kid}", f"has no key {signed.kid}"),
        remedy=Words(f"请先添加：{pasted}", f"add it first: {pasted}"),
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
