"""Signing as the centre does it, and the one algorithm that both sides use. Pure.

The box never signs downlinks; the demo's centre and the tests do.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from joserfc import jws
from joserfc.jwa import EdDSAAlgorithm
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from edge_agent.domain.centre_record import KINDS, Body
from edge_agent.domain.delivery import CentreAck, CentreOrder, DrillOrder
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.person import Person
from edge_agent.domain.ticket import Ticket

ALGORITHM = "EdDSA"
TYPES: Mapping[type, str] = {
    Ticket: "permit",
    Person: "person",
    DeviceRecord: "device",
    CentreOrder: "cmd",
    CentreAck: "ack",
    DrillOrder: "drill",
    **KINDS,
}


class _EdDSA(EdDSAAlgorithm):
    """EdDSA under its name of RFC 8037, which every JOSE library knows.

    RFC 9864 prefers "Ed25519", because "EdDSA" leaves the curve open; here the key fixes the curve.
    """

    security_warning = ""  # joserfc warns if there is a text


class _OnlyEdDSA(JWSRegistry):
    """A registry that has never heard of any other algorithm, least of all "none"."""

    algorithms = {ALGORITHM: _EdDSA()}  # noqa: RUF012 (joserfc's own attribute)
    max_payload_length = 2**20  # base64; the size of the whole message is limited before


REGISTRY = _OnlyEdDSA(algorithms=[ALGORITHM])


def new_key() -> OKPKey:
    """A fresh private Ed25519 key."""
    return OKPKey.generate_key("Ed25519")


def private_key(text: str) -> OKPKey:
    """A private key in PEM, which words may precede as in openssl's files. Raises JoseError or ValueError."""
    _, begin, pem = text.partition("-----BEGIN")
    return OKPKey.import_key(begin + pem)


def public_text(key: OKPKey) -> str:
    """The public half as site.toml's [[downlink.keys]] ed25519 takes it."""
    return str(key.as_dict(private=False)["x"])


def envelope(  # noqa: PLR0913 (all by name)
    body: Ticket | Person | DeviceRecord | CentreOrder | CentreAck | DrillOrder | Body,
    *,
    message: str,
    version: int,
    issued_at: float,
    expires_at: float,
    site: str,
    unit: str,
) -> dict[str, Any]:
    """What the centre signs. A ticket's own version is the message's."""
    return {
        "id": message,
        "version": version,
        "type": TYPES[type(body)],
        "issued_at": issued_at,
        "expires_at": expires_at,
        "site": site,
        "unit": unit,
        "body": msgspec.to_builtins(body),
    }


def sign(payload: Mapping[str, Any] | bytes, key: OKPKey, kid: str) -> bytes:
    """The message: JWS compact over the payload's JSON, with a private Ed25519 key."""
    content = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    return jws.serialize_compact({"alg": ALGORITHM, "kid": kid}, content, key, registry=REGISTRY).encode()
