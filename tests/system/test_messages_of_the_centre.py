"""What comes down from the broker: only a signed, fresh, new word is obeyed; everything else is recorded."""

import time
import uuid
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from edge_agent.tell import signing
from tests.system.site import DOWN, Site, centre_key, job_ticket, payload, until, words_of

Make = Callable[[Path], bytes]
FORGED = "T-forged"


def unsigned(_: Path) -> bytes:
    return msgspec.json.encode(payload(job_ticket(FORGED)))


def of_another_key(_: Path) -> bytes:
    return signing.sign(payload(job_ticket(FORGED)), signing.new_key(), "demo-centre")


def of_an_unknown_key(_: Path) -> bytes:
    return signing.sign(payload(job_ticket(FORGED)), signing.new_key(), "somebody")


def altered(site: Path) -> bytes:
    good = signing.sign(payload(job_ticket(FORGED)), centre_key(site), "demo-centre")
    head, _, signature = good.split(b".")
    other = signing.sign(payload(job_ticket("T-other")), signing.new_key(), "demo-centre").split(b".")[1]
    return b".".join((head, other, signature))


def expired(site: Path) -> bytes:
    now_utc = time.time()
    old = payload(job_ticket(FORGED), issued_at=now_utc - 120, expires_at=now_utc - 60)
    return signing.sign(old, centre_key(site), "demo-centre")


def for_another_unit(site: Path) -> bytes:
    return signing.sign(payload(job_ticket(FORGED), unit="edge-2"), centre_key(site), "demo-centre")


def garbage(_: Path) -> bytes:
    return b"\x00\xff{" * 50


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (unsigned, "unsigned"),
        (of_another_key, "the signature does not hold"),
        (of_an_unknown_key, "does not know the signing key somebody"),
        (altered, "the signature does not hold"),
        (expired, "expired"),
        (for_another_unit, "addressed to demo-tank/edge-2"),
        (garbage, "unsigned"),
    ],
)
def test_what_is_not_the_centres_fresh_word_is_refused_and_recorded(site: Site, make: Make, why: str) -> None:
    before = site.last_seq()
    site.seen.send(DOWN, make(site.stage.site))
    refused = site.event("request.rejected", before, origin=DOWN)
    assert why in words_of(refused)
    assert FORGED not in {permit.id for permit in site.stage.live().permits}


def test_a_good_ticket_is_taken_once(site: Site) -> None:
    site.permit = f"T-{uuid.uuid4().hex[:8]}"
    message = signing.sign(payload(job_ticket(site.permit)), centre_key(site.stage.site), "demo-centre")
    site.seen.send(DOWN, message)
    until(site.live, "the ticket is on the board")
    before = site.last_seq()
    site.seen.send(DOWN, message)
    assert "replayed" in words_of(site.event("request.rejected", before, origin=DOWN))
    assert [e.type for e in site.kept() if e.subject == site.permit].count("permit.received") == 1
