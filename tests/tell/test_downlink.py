"""Every way in which a message from the centre can be wrong, and that the right one is obeyed."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import argon2
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.delivery import CentreAck, CentreOrder, DrillOrder
from edge_agent.domain.device import DeviceStatus
from edge_agent.domain.drill import Drill, DrillStep
from edge_agent.domain.person import Role
from edge_agent.settings.site_brokers import DownlinkTable, KeyTable
from edge_agent.store.batch import Seen
from edge_agent.tell.downlink import AHEAD_S, Addressee, Envelope, Refused, load_keys, open_envelope
from edge_agent.tell.signing import envelope, new_key, public_text, sign
from edge_agent.tell.wire import LARGEST_DOWN
from tests.scenarios.stories.upstream import COPIES
from tests.support.store_values import person, record, ticket

KEY, STRANGER = new_key(), new_key()
KEYS = load_keys(DownlinkTable(keys=(KeyTable(kid="centre", ed25519=public_text(KEY)),)))
US = Addressee(site="s", unit="u")
NOW = 1_800_000_000.0
AT = Instant(now_s=50.0, utc=NOW, trusted=True)
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=7168, parallelism=1).hash("2468")


def payload(carried: Any = None, /, **changed: Any) -> dict[str, Any]:
    whole = envelope(
        carried or ticket(), message="m-1", version=1, issued_at=NOW - 5, expires_at=NOW + 600, site="s", unit="u"
    )
    return {**whole, **changed}


def body(**changed: Any) -> dict[str, Any]:
    return payload(body={**msgspec.to_builtins(ticket()), **changed})


def judge(message: bytes, *, instant: Instant = AT, **seen: Seen) -> Envelope | Refused:
    return open_envelope(message, KEYS, US, instant, {one.subject: one for one in seen.values()})


def refused(message: bytes | dict[str, Any], **how: Any) -> str:
    outcome = judge(message if isinstance(message, bytes) else sign(message, KEY, "centre"), **how)
    assert isinstance(outcome, Refused), outcome
    assert outcome.reason.zh
    return outcome.reason.en


def test_an_acknowledgement_is_taken_in_its_order_and_a_negative_one_is_not() -> None:
    outcome = judge(sign(payload(CentreAck(acked_seq=7)), KEY, "centre"))
    assert isinstance(outcome, Envelope)
    assert (outcome.body, outcome.seen.subject) == (CentreAck(acked_seq=7), "ack")
    assert "not newer" in refused(payload(CentreAck(acked_seq=8), id="m-2"), ack=outcome.seen)
    assert "acked_seq" in refused(payload(CentreAck(acked_seq=-1)))


@pytest.mark.parametrize("copy", COPIES, ids=lambda copy: type(copy).__name__)
def test_each_copy_is_taken_in_its_order_and_a_member_that_nobody_knows_is_not(copy: Any) -> None:
    outcome = judge(sign(payload(copy), KEY, "centre"))
    assert isinstance(outcome, Envelope)
    assert outcome.body == copy
    assert "not newer" in refused(payload(copy, id="m-2"), before=outcome.seen)
    whole = payload(copy)
    assert "unknown field" in refused({**whole, "body": {**whole["body"], "phon": "1"}})
    assert "expired" in refused(payload(copy, expires_at=NOW - 1))


@pytest.mark.parametrize(
    ("copy", "changes", "why"),
    [
        (COPIES[0], {"valid_until_utc": NOW * 1000}, "no plausible time"),
        (COPIES[0], {"people": [{"name": "", "role": "manager"}]}, "needs a name and a role"),
        (COPIES[0], {"people": [{"name": "a", "role": "manager", "second": "wecom:a"}]}, "no telephone number"),
        (COPIES[0], {"people": [{"name": "x", "role": "manager"}] * 501}, "at most 500"),
        (COPIES[0], {"id": "others"}, "Invalid enum value"),
        (COPIES[4], {"event": 0}, "the seq of an event"),
        (COPIES[4], {"id": "R/7"}, "letters, digits"),
        (COPIES[4], {"status": "lost"}, "Invalid enum value"),
        (COPIES[5], {"event": -1}, "the seq of an event"),
    ],
)
def test_a_copy_that_cannot_be_meant_is_refused(copy: Any, changes: dict[str, Any], why: str) -> None:
    whole = payload(copy)
    assert why in refused({**whole, "body": {**whole["body"], **changes}})


def test_a_drill_is_an_order_like_any_other() -> None:
    asked = DrillOrder(
        id="D-1",
        permit="P-1",
        by="zhao-min",
        role=Role.SAFETY_OFFICER,
        drill=Drill(name="gas", steps=(DrillStep(after_s=1.0, kind="guard_gone"),)),
    )
    outcome = judge(sign(payload(asked), KEY, "centre"))
    assert isinstance(outcome, Envelope)
    assert isinstance(outcome.body, CentreOrder)
    assert (outcome.body.do, outcome.body.drill) == ("drill", asked.drill)
    early = replace(asked, permit="", drill=replace(asked.drill, steps=(DrillStep(after_s=-1.0, kind="end"),)))
    why = refused(payload(early))
    assert "body.permit" in why
    assert "must not be negative" in why


def test_a_sound_ticket_is_taken() -> None:
    outcome = judge(sign(payload(), KEY, "centre"))
    assert outcome == Envelope(
        id="m-1", kid="centre", body=ticket(), seen=Seen(subject="permit/P-1", version=1, message="m-1")
    )


def test_a_sound_person_is_taken_with_hashes_and_the_version_is_the_messages() -> None:
    li = person("li", pin_hash=HASH, tag="tag-1")
    outcome = judge(sign(payload(li, version=7), KEY, "centre"))
    assert isinstance(outcome, Envelope)
    assert outcome.body == li
    assert outcome.seen == Seen(subject="person/li", version=7, message="m-1")


def test_a_sound_record_of_a_device_is_taken() -> None:
    told = record(status=DeviceStatus.SCRAPPED, calibration_due_utc=1.8e9)
    outcome = judge(sign(payload(told, version=3), KEY, "centre"))
    assert isinstance(outcome, Envelope)
    assert outcome.body == told
    assert outcome.seen == Seen(subject="device/gas-1", version=3, message="m-1")


def test_a_sound_order_is_taken_and_orders_count_together() -> None:
    asked = CentreOrder(id="o-1", do="capture", camera="cam-1", by="zhao-min", role=Role.SAFETY_OFFICER, after=7)
    outcome = judge(sign(payload(asked, version=3), KEY, "centre"))
    assert isinstance(outcome, Envelope)
    assert outcome.body == asked
    assert outcome.seen == Seen(subject="cmd", version=3, message="m-1")
    late = payload(replace(asked, id="o-2"), version=3, id="m-2")
    assert "not newer than 3" in refused(late, before=outcome.seen)
    whole = msgspec.to_builtins(asked)
    assert "body" in refused(payload(asked, body={**whole, "do": "resume"}))
    assert "unknown field" in refused(payload(asked, body={**whole, "permits": "P-1"}))


def test_a_stop_is_obeyed_also_without_a_trusted_clock_and_never_made_old_by_another_order() -> None:
    asked = CentreOrder(id="o-1", do="stop", permit="P-1", by="zhao-min", role=Role.SAFETY_OFFICER)
    untrusted = replace(AT, trusted=False)
    stop = sign(payload(asked, version=3), KEY, "centre")
    obeyed = open_envelope(stop, KEYS, US, untrusted, {"cmd": Seen(subject="cmd", version=900, message="m-0")})
    assert isinstance(obeyed, Envelope)
    assert obeyed.seen.subject == "cmd/stop/P-1"
    again = open_envelope(stop, KEYS, US, untrusted, {obeyed.seen.subject: obeyed.seen})
    assert isinstance(again, Refused)
    for do in ("withdraw", "capture"):
        other = replace(asked, do=do, camera="cam-1")
        outcome = open_envelope(sign(payload(other, version=3), KEY, "centre"), KEYS, US, untrusted, {})
        assert isinstance(outcome, Refused)
    assert isinstance(open_envelope(sign(payload(asked), STRANGER, "centre"), KEYS, US, untrusted, {}), Refused)
    assert "must be named" in refused(payload(replace(asked, permit="")))
    assert "must be named" in refused(payload(replace(asked, do="capture")))


def forged(header: dict[str, Any], content: dict[str, Any], signature: bytes = b"") -> bytes:
    parts = (json.dumps(header).encode(), json.dumps(content).encode(), signature)
    return b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b" "])
def test_the_end_of_a_files_line_is_no_part_of_the_message(end: bytes) -> None:
    assert isinstance(judge(sign(payload(), KEY, "centre") + end), Envelope)
    assert (
        refused(sign(payload(), KEY, "centre").replace(b".", end + b".", 1))
        == "unsigned: not a JWS in compact form"
    )


def test_a_program_is_told_what_kind_of_reason_it_was() -> None:
    def code(message: bytes, **how: Any) -> str:
        outcome = judge(message, **how)
        assert isinstance(outcome, Refused)
        return outcome.code

    def signed(told: dict[str, Any]) -> bytes:
        return sign(told, KEY, "centre")

    assert code(b"{}") == "unsigned"
    assert code(sign(payload(), KEY, "somebody")) == "unknown_key"
    assert code(sign(payload(), STRANGER, "centre")) == "bad_signature"
    assert code(b"x" * (LARGEST_DOWN + 1)) == "too_large"
    assert code(signed(payload(more=1))) == "malformed"
    assert code(signed(payload(unit="other", expires_at=NOW - 1))) == "not_for_us"
    assert code(signed(payload(expires_at=NOW - 1))) == "time"
    assert code(signed(body(colour=1))) == "content"
    assert code(signed(payload()), m=Seen(subject="permit/P-1", version=1, message="m-1")) == "order"


def test_what_is_not_signed_by_a_known_key_is_refused() -> None:
    whole = payload()
    assert "unsigned" in refused(json.dumps(whole).encode())
    assert "unsigned" in refused(b"")
    assert "none is not allowed" in refused(forged({"alg": "none", "kid": "centre"}, whole))
    assert "does not hold" in refused(forged({"alg": "EdDSA", "kid": "centre"}, whole))
    assert "does not hold" in refused(sign(whole, STRANGER, "centre"))
    assert "does not know the signing key other" in refused(sign(whole, KEY, "other"))
    assert "does not know the signing key None" in refused(forged({"alg": "EdDSA"}, whole, b"x" * 64))


def test_the_public_key_does_not_pass_as_a_shared_secret() -> None:
    """The classic confusion: HS256 with the public key's bytes as its secret."""
    secret = OctKey.import_key(public_text(KEY))
    message = jws.serialize_compact({"alg": "HS256", "kid": "centre"}, json.dumps(payload()), secret, ["HS256"])
    assert "HS256 is not allowed" in refused(message.encode())


@pytest.mark.parametrize("extra", [{"crit": ["b64"], "b64": False}, {"jwk": {"kty": "OKP"}}, {"jku": "http://x"}])
def test_a_header_that_changes_the_rules_is_refused(extra: dict[str, Any]) -> None:
    assert "malformed signature header" in refused(forged({"alg": "EdDSA", "kid": "centre", **extra}, payload()))


def test_a_changed_byte_anywhere_is_refused() -> None:
    message = sign(payload(), KEY, "centre")
    for at in range(0, len(message), 7):
        changed = bytearray(message)
        changed[at] = ord("A") if changed[at] != ord("A") else ord("B")
        assert isinstance(judge(bytes(changed)), Refused), at


def test_too_large_is_refused_before_anything_is_decoded() -> None:
    assert "too large" in refused(sign(payload(note="x" * LARGEST_DOWN), KEY, "centre"))
    assert "too large" in refused(b"x" * (LARGEST_DOWN + 1))


@pytest.mark.parametrize("other", [{"site": "elsewhere"}, {"unit": "u2"}])
def test_a_message_for_somebody_else_is_refused(other: dict[str, str]) -> None:
    assert "addressed to" in refused(payload(**other))


def test_times_decide_and_an_expiry_gets_no_grace() -> None:
    assert "expired 0 s ago" in refused(payload(expires_at=NOW))
    assert "expired 10 s ago" in refused(payload(expires_at=NOW - 10, issued_at=NOW - 20))
    assert "not valid yet" in refused(payload(issued_at=NOW + AHEAD_S + 1))
    assert isinstance(judge(sign(payload(issued_at=NOW + AHEAD_S - 1), KEY, "centre")), Envelope)
    assert "before it was issued" in refused(payload(issued_at=NOW + 20, expires_at=NOW + 10))
    assert "expires_at" in refused(payload(expires_at=(NOW + 600) * 1000))


def test_without_a_trusted_clock_nothing_is_taken() -> None:
    untrusted = msgspec.structs.replace(AT, trusted=False)
    assert "clock is not trusted" in refused(payload(), instant=untrusted)
    assert "clock is not trusted" in refused(payload(person()), instant=untrusted)


def test_replays_and_older_versions_are_refused_and_newer_ones_taken() -> None:
    obeyed = Seen(subject="permit/P-1", version=4, message="m-4")
    newer = envelope(
        ticket(version=5), message="m-5", version=5, issued_at=NOW, expires_at=NOW + 9, site="s", unit="u"
    )
    assert "replayed" in refused({**newer, "id": "m-4"}, last=obeyed)
    for version in (3, 4):
        older = {**newer, "version": version, "body": msgspec.to_builtins(ticket(version=version))}
        assert "not newer than 4" in refused(older, last=obeyed)
    assert isinstance(judge(sign(newer, KEY, "centre"), last=obeyed), Envelope)
    elsewhere = Seen(subject="permit/P-2", version=1, message="m-5")
    assert "replayed" in refused(newer, other=elsewhere)


MALFORMED: list[tuple[Callable[[], dict[str, Any]], str]] = [
    (lambda: payload(type="weather"), "$.type"),
    (lambda: payload(version="1"), "$.version"),
    (lambda: payload(version=0), "$.version"),
    (lambda: payload(id=""), "$.id"),
    (lambda: payload(surprise=1), "surprise"),
    (lambda: {k: v for k, v in payload().items() if k != "expires_at"}, "expires_at"),
    (lambda: payload(body=[]), "Expected `object`"),
    (lambda: body(type=8), "$.type"),
    (lambda: body(guards="li"), "$.guards"),
    (lambda: body(colour="red"), "body.colour: unknown field"),
    (lambda: body(point={"x_m": 1.0, "y_m": 2.0, "z": 3.0}), "body.point.z: unknown field"),
    (lambda: body(content={"zh": "清罐", "en": "clean", "de": "x"}), "body.content.de: unknown field"),
    (lambda: body(id="P/../1"), "body.id"),
    (lambda: body(id="P-1\n"), "body.id"),
    (lambda: body(id="#"), "body.id"),
    (lambda: body(version=2), "the envelope says 1"),
    (lambda: body(valid_from_utc=1.8e12), "valid_from_utc"),
    (lambda: payload(msgspec.structs.replace(person(), roles=())), "body.roles is empty"),
    (lambda: payload(record(calibration_due_utc=1.8e12)), "body.calibration_due_utc"),
    (lambda: payload(record("gas/1")), "body.id"),
    (lambda: payload(body={"id": "gas-1", "status": "broken"}, type="device"), "$.status"),
    (lambda: payload(body={"id": "gas-1"}, type="device"), "status"),
    (lambda: payload(person(pin_hash="2468")), "never send a PIN"),
    (lambda: payload(person(badge_hash=HASH, badge_hint="04:A2:19")), "body.badge_hint"),
    (lambda: payload(person(badge_hint="a1f")), "body.badge_hint"),
    (lambda: payload(person(badge_hash=HASH.replace("m=7168", "m=99999999"))), "body.badge_hash"),
    (lambda: payload(person(pin_hash=HASH.replace("argon2id", "argon2i"))), "body.pin_hash"),
    (lambda: payload(person(denied_here="medical")), "body.denied_here"),
    (lambda: payload(body={**msgspec.to_builtins(person()), "pin": "2468"}, type="person"), "body.pin: unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "says"), MALFORMED)
def test_malformed_content_is_refused_and_the_field_named(make: Callable[[], dict[str, Any]], says: str) -> None:
    assert says in refused(make())


def test_every_problem_is_named_at_once() -> None:
    said = refused(
        payload(body={**msgspec.to_builtins(ticket()), "id": "a b", "x": 1}, unit="u9", expires_at=NOW - 1)
    )
    for problem in ("addressed to", "expired", "body.id", "body.x"):
        assert problem in said


DEEP = json.dumps(payload(body="@")).replace('"@"', '{"x":' + "[" * 50_000 + "]" * 50_000 + "}").encode()


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"id":' + b"[" * 100_000, b"\xff", b"null", b"", DEEP])
def test_signed_rubbish_is_refused_not_fatal(content: bytes) -> None:
    assert refused(sign(content, KEY, "centre"))


@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_it_fail(message: bytes) -> None:
    assert isinstance(judge(message), Refused)


@given(
    st.dictionaries(
        st.sampled_from(sorted(payload())), st.none() | st.integers() | st.text() | st.lists(st.text())
    )
)
def test_no_signed_payload_makes_it_fail(changed: dict[str, Any]) -> None:
    judge(sign(payload(**changed), KEY, "centre"))


def test_a_key_of_another_curve_is_refused_when_the_keys_are_loaded() -> None:
    with pytest.raises(ValueError, match="downlink key bad"):
        load_keys(DownlinkTable(keys=(KeyTable(kid="bad", ed25519="A" * 20),)))


def test_the_centre_may_use_any_jose_library() -> None:
    """Signed by hand as RFC 7515 says, with `cryptography` alone."""
    private = Ed25519PrivateKey.generate()
    raw = urlsafe_b64encode(private.public_key().public_bytes_raw()).rstrip(b"=").decode()
    keys = load_keys(DownlinkTable(keys=(KeyTable(kid="k", ed25519=raw + "="),)))
    unsigned = forged({"alg": "EdDSA", "kid": "k", "typ": "JOSE"}, payload()).rstrip(b".")
    message = unsigned + b"." + urlsafe_b64encode(private.sign(unsigned)).rstrip(b"=")
    assert isinstance(open_envelope(message, keys, US, AT, {}), Envelope)
