"""Messages from the centre: signed envelopes (JWS compact, EdDSA), opened only if everything holds.

Payload: `{"id", "version", "type", "issued_at", "expires_at", "site", "unit", "body"}`, the type one of PARSERS,
times in UTC seconds. `version` counts per subject (one permit, person or device, all orders together) and must
rise, so neither a replay nor an older word is obeyed. Pure: time and what was obeyed before are passed in.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.domain.centre_record import Advice, Body
from edge_agent.domain.delivery import CentreAck, CentreOrder
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.person import Person
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words, joined
from edge_agent.settings.site_brokers import DownlinkTable
from edge_agent.store.batch import Seen
from edge_agent.tell import downlink_records
from edge_agent.tell.contract.downward import Payload
from edge_agent.tell.downlink_body import parse_ack, parse_device, parse_order, parse_person, parse_ticket
from edge_agent.tell.downlink_records import parse_drill
from edge_agent.tell.signing import ALGORITHM, REGISTRY
from edge_agent.tell.wire import LARGEST_DOWN

# The centre's clock may run ahead of ours by this much; an expiry gets no such grace.
AHEAD_S = 30.0

# Header, content and signature in base64url; a header of ours is about 40 bytes.
COMPACT = re.compile(rb"[A-Za-z0-9_-]{1,512}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{0,128}")

Keys = Mapping[str, OKPKey]  # by kid
Code = Literal[
    "too_large",
    "unsigned",
    "unknown_key",
    "bad_signature",
    "malformed",
    "not_for_us",
    "time",
    "order",
    "content",
    "ack",
]


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    """The protected header: nothing in it may change how the rest is read (no crit, b64, jwk, jku)."""

    alg: str
    kid: str | None = None
    typ: str | None = None


Carried = Ticket | Person | DeviceRecord | CentreOrder | CentreAck | Body
PARSERS: Mapping[str, Callable[[bytes, int], Carried | Words]] = {
    "permit": parse_ticket,
    "person": parse_person,
    "device": parse_device,
    "cmd": parse_order,
    "ack": parse_ack,
    "drill": parse_drill,
    **downlink_records.PARSERS,
}


class Envelope(Struct, frozen=True, kw_only=True):
    """A message that may be obeyed. Commit `seen` in the batch that carries what it led to."""

    id: str
    kid: str
    body: Carried
    seen: Seen


class Refused(Struct, frozen=True, kw_only=True):
    """A message that is not obeyed, and every reason; `id` is its own name if the signature held.

    `code` says for programs what kind of reason it was (the first, where there are several).
    """

    reason: Words
    code: Code
    id: str = ""


class Addressee(Struct, frozen=True, kw_only=True):
    """Who we are: an envelope for another site or unit is not for us."""

    site: str
    unit: str


def load_keys(table: DownlinkTable) -> Keys:
    """The public keys whose messages are obeyed. Raises ValueError naming the kid that is no Ed25519 key."""
    keys: dict[str, OKPKey] = {}
    for entry in table.keys:
        try:
            public: dict[str, str | list[str]] = {"kty": "OKP", "crv": "Ed25519", "x": entry.ed25519.rstrip("=")}
            keys[entry.kid] = OKPKey.import_key(public)
        except (JoseError, ValueError) as fault:
            raise ValueError(f"downlink key {entry.kid}: not an Ed25519 public key: {fault}") from fault
    return keys


def open_envelope(
    message: bytes, keys: Keys, us: Addressee, instant: Instant, seen: Mapping[str, Seen]
) -> Envelope | Refused:
    """Check everything about one message: signature first, then address, times, order, content.

    `seen` is the newest message obeyed about each subject (store: Saved.seen, then each Envelope.seen).
    """
    signed = _verified(message.strip(), keys)  # a line of a file ends with a newline
    if isinstance(signed, Refused):
        return signed
    kid, content = signed
    try:
        payload = msgspec.json.decode(content, type=Payload)
    except (msgspec.DecodeError, RecursionError) as fault:  # a ValidationError, which names the field, too
        return Refused(reason=Words(f"信封内容有误：{fault}", f"malformed envelope: {fault}"), code="malformed")
    body = PARSERS[payload.type](bytes(payload.body), payload.version)
    stops = isinstance(body, CentreOrder) and body.do == "stop"
    found: dict[Code, list[Words]] = {
        "not_for_us": list(_not_for_us(payload, us)),
        "time": list(_times(payload, instant, stops=stops)),
    }
    if isinstance(body, Words):
        return _refused({**found, "content": [body]}, payload.id)
    subject = _subject(payload.type, body)
    found["order"] = list(_order(payload, subject, seen))
    if any(found.values()):
        return _refused(found, payload.id)
    newest = Seen(subject=subject, version=payload.version, message=payload.id)
    return Envelope(id=payload.id, kid=kid, body=body, seen=newest)


def _refused(found: Mapping[Code, list[Words]], id_: str) -> Refused:
    first = next(code for code, reasons in found.items() if reasons)
    return Refused(reason=joined([one for reasons in found.values() for one in reasons]), code=first, id=id_)


def _subject(type_: str, body: Carried) -> str:
    """What `version` counts of. Orders count together: one subject each would be remembered for ever.

    The stops of a permit count by themselves: no later order of another kind may make a stop an old one.
    """
    if isinstance(body, CentreAck | Advice):
        return type_
    if not isinstance(body, CentreOrder):
        return f"{type_}/{body.id}"
    return f"{type_}/stop/{body.permit}" if body.do == "stop" else type_


def _verified(message: bytes, keys: Keys) -> tuple[str, bytes] | Refused:
    """The kid and the signed bytes; or why the signature does not count."""
    if len(message) > LARGEST_DOWN:
        most = f"{LARGEST_DOWN // 1024} kB"
        words = Words(f"消息过大（上限 {most}）", f"too large: at most {most} are accepted")
        return Refused(reason=words, code="too_large")
    if not COMPACT.fullmatch(message):
        words = Words("消息没有签名（不是 JWS 紧凑格式）", "unsigned: not a JWS in compact form")
        return Refused(reason=words, code="unsigned")
    signer = _signer(message.partition(b".")[0], keys)
    if isinstance(signer, Words):
        return Refused(reason=signer, code="unknown_key")
    kid, key = signer
    try:
        return kid, jws.deserialize_compact(message, key, registry=REGISTRY).payload
    except (JoseError, ValueError):
        words = Words("签名不符：内容被改动或密钥不对", "the signature does not hold: altered, or another key's")
        return Refused(reason=words, code="bad_signature")


def _signer(encoded: bytes, keys: Keys) -> tuple[str, OKPKey] | Words:
    """Whose signature the header claims; only Ed25519 keys that site.toml lists, by EdDSA alone."""
    try:
        header = msgspec.json.decode(urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4)), type=_Header)
    except ValueError as fault:  # bad base64, bad JSON, unknown fields
        return Words(f"签名头有误：{fault}", f"malformed signature header: {fault}")
    if header.alg != ALGORITHM:
        return Words(
            f"签名算法 {header.alg} 不允许", f"algorithm {header.alg} is not allowed, only {ALGORITHM} is"
        )
    key = keys.get(header.kid or "")
    if key is None:
        return Words(f"签名密钥 {header.kid} 未登记", f"this site does not know the signing key {header.kid}")
    return header.kid or "", key


def _not_for_us(payload: Payload, us: Addressee) -> Iterator[Words]:
    if (payload.site, payload.unit) != (us.site, us.unit):
        theirs = f"{payload.site}/{payload.unit}"
        yield Words(f"消息发给 {theirs}，不是本机", f"addressed to {theirs}, not to {us.site}/{us.unit}")


def _times(payload: Payload, instant: Instant, *, stops: bool) -> Iterator[Words]:
    """Without a trusted clock nobody can say whether a message is still valid: then it is not, unless it stops.

    A stop that may be old is the safe one of two mistakes, and it is obeyed once.
    """
    if payload.expires_at <= payload.issued_at:
        yield Words("失效时间不晚于签发时间", "it expires before it was issued")
    if not instant.trusted and stops:
        return
    if not instant.trusted:
        yield Words(
            "本机时钟未校准，无法判断时效",
            "this unit's clock is not trusted: it may have expired",
        )
        return
    if instant.utc >= payload.expires_at:
        late_s = instant.utc - payload.expires_at
        yield Words(f"消息已过期 {late_s:.0f} 秒", f"expired {late_s:.0f} s ago")
    if payload.issued_at - instant.utc > AHEAD_S:
        early_s = payload.issued_at - instant.utc
        yield Words(f"签发时间在 {early_s:.0f} 秒之后", f"not valid yet: issued {early_s:.0f} s in the future")


def _order(payload: Payload, subject: str, seen: Mapping[str, Seen]) -> Iterator[Words]:
    """A message is obeyed once, and never after a newer one about the same subject."""
    if any(before.message == payload.id for before in seen.values()):
        yield Words(f"消息 {payload.id} 已经收到过", f"replayed: message {payload.id} was obeyed before")
        return
    before = seen.get(subject)
    if before is not None and payload.version <= before.version:
        yield Words(
            f"{subject} 的版本 {payload.version} 不新于 {before.version}",
            f"version {payload.version} of {subject} is not newer than {before.version}, which was obeyed",
        )
