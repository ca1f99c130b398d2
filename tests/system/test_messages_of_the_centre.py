"""What comes down from the broker: only a signed, fresh, new word is obeyed; everything else is recorded."""

import contextlib
import random
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.domain.delivery import CentreAck
from edge_agent.settings.load import load
from edge_agent.tell import signing
from tests.support.desk_site import Browser
from tests.support.story import ROOT
from tests.system.site import DOWN, WITHIN_S, Site, centre_key, job_ticket, payload, until, words_of

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


def a_megabyte(_: Path) -> bytes:
    return random.Random(0).randbytes(2**20)  # noqa: S311 (the same each time)


def that_resumes(site: Path) -> bytes:
    """The centre's own key, its fresh word; what nobody may say from afar."""
    order = {
        "id": "O-1",
        "do": "resume",
        "permit": FORGED,
        "by": "zhao-min",
        "role": "safety_officer",
        "reason": "x",
    }
    return signing.sign(payload(job_ticket(FORGED), type="cmd", body=order), centre_key(site), "demo-centre")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (a_megabyte, "too large"),
        (that_resumes, "resume"),
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


def test_a_ticket_that_cannot_be_meant_is_refused_with_every_reason(site: Site) -> None:
    """Signed and fresh, and everything in it is wrong: all of it is told, kept and published at once."""
    good = job_ticket(f"T-{uuid.uuid4().hex[:8]}")
    bad = replace(
        good,
        type="lifting",
        level="9",
        area="moon",
        guards=("li-na",),
        workers=("li-na",),
        valid_to_utc=good.valid_from_utc - 60,
    )
    before = site.last_seq()
    site.seen.send(DOWN, signing.sign(payload(bad), centre_key(site.stage.site), "demo-centre"))
    refused = site.event("permit.refused", before)
    said = "; ".join(reason["en"] for reason in refused.data["reasons"])
    for reason in ("no kind of work lifting.9", "not after its start", "no area moon", "guard and worker at once"):
        assert reason in said
    site.seen.expect("permit.refused", WITHIN_S, lambda event: event["subject"] == bad.id)
    assert bad.id not in {permit.id for permit in site.stage.live().permits}


def test_a_record_past_its_deadline_is_refused_and_published(site: Site) -> None:
    known = next(one for one in load(site.stage.site, ROOT).persons if one.id == "chen-jie")
    late = replace(known, id=f"late-{uuid.uuid4().hex[:8]}", valid_until_utc=time.time() - 3600)
    before = site.last_seq()
    site.seen.send(DOWN, signing.sign(payload(late), centre_key(site.stage.site), "demo-centre"))
    refused = site.event("person.refused", before)
    assert refused.subject == late.id
    assert "ran out" in refused.data["reasons"][0]["en"]
    site.seen.expect("person.refused", WITHIN_S, lambda event: event["subject"] == late.id)


def test_a_pin_set_on_the_box_outlives_the_centres_record(site: Site) -> None:
    """He logs in with it before and after; the centre's own PIN counts from its record on."""
    id_, admin = f"new-{uuid.uuid4().hex[:8]}", {"pin": "9019", "permit": ""}
    record = {"id": id_, "name": "New Man", "roles": ["worker"]}
    site.must("person", "he-xin", record=record, new_pin="24682468", **admin)
    assert Browser().log_in(site, person=id_, pin="24682468")["accepted"]
    known = next(one for one in load(site.stage.site, ROOT).persons if one.id == "zhou-qiang")
    sent = replace(known, id=id_, tag=None, pin_hash=None, badge_hash=None, badge_hint=None)
    before = site.last_seq()
    site.seen.send(DOWN, signing.sign(payload(sent), centre_key(site.stage.site), "demo-centre"))
    assert site.event("person.updated", before).data["kept_here"] == ["pin_hash"]
    assert Browser().log_in(site, person=id_, pin="24682468")["accepted"]
    newer = payload(replace(sent, pin_hash=known.pin_hash), version=2, issued_at=time.time())
    site.seen.send(DOWN, signing.sign(newer, centre_key(site.stage.site), "demo-centre"))
    until(lambda: Browser().log_in(site, person=id_, pin="6606")["accepted"], "the centre's PIN counts")
    assert not Browser().log_in(site, person=id_, pin="24682468")["accepted"]


def test_an_order_that_the_command_line_signed_is_obeyed_and_answered(site: Site, tmp_path: Path) -> None:
    site.permit = f"T-{uuid.uuid4().hex[:8]}"
    ticket = signing.sign(payload(job_ticket(site.permit)), centre_key(site.stage.site), "demo-centre")
    site.seen.send(DOWN, ticket)
    until(site.live, "the ticket is on the board")
    order = tmp_path / "order.json"
    for do, accepted in (("stop", False), ("withdraw", True)):
        before = site.last_seq()
        asked = {"id": f"o-{do}", "do": do, "permit": site.permit, "by": "zhao-min", "role": "safety_officer"}
        order.write_bytes(msgspec.json.encode(asked))
        key = str(site.stage.site / "demo-centre.key")
        who = ("--kid", "demo-centre", "--key", key, "--site", "demo-tank", "--unit", "edge-1")
        command = [sys.executable, "-m", "edge_agent", "sign", str(order), "--type", "cmd", *who]
        signed = subprocess.run(command, capture_output=True, check=True)
        site.seen.send(DOWN.replace("/permit", "/cmd"), signed.stdout.strip())
        answered = site.event("order.answered", before, order=f"o-{do}")
        assert answered.data["accepted"] is accepted, answered
    assert "permit.revoked" in [event.type for event in site.kept() if event.subject == site.permit]


def asked_of(file: Path, sql: str) -> list[tuple[object, ...]]:
    with contextlib.suppress(sqlite3.OperationalError), contextlib.closing(sqlite3.connect(file)) as opened:
        return opened.execute(sql).fetchall()
    return []


def test_a_centre_that_lost_its_disk_is_told_everything_again(site: Site, tmp_path: Path) -> None:
    """It had acknowledged all; a new consumer with an empty file acknowledges nothing, and gets all of it."""
    site.receive()
    key = site.stage.site / "demo-centre.key"
    ack = CentreAck(acked_seq=site.last_seq())
    now_utc = time.time()
    envelope = signing.envelope(
        ack,
        message=str(uuid.uuid4()),
        version=int(now_utc * 1000),
        issued_at=now_utc,
        expires_at=now_utc + 60,
        site="demo-tank",
        unit="edge-1",
    )
    site.seen.send(
        DOWN.replace("/permit", "/ack"), signing.sign(envelope, centre_key(site.stage.site), "demo-centre")
    )
    into, port = tmp_path / "kept.db", str(site.stage.ports.uplink)
    asked = ("--port", port, "--ack-key", str(key), "--kid", "demo-centre", "--quiet")
    command = [sys.executable, "-m", "edge_agent", "consume", "--into", str(into), *asked]
    consumer = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: "up/health" in str(asked_of(into, "SELECT topic FROM latest")), "it has subscribed")
        before = site.last_seq()
        site.seen.send(DOWN, garbage(site.stage.site))
        newest = site.event("request.rejected", before, origin=DOWN).seq
        wanted, has = [(seq,) for seq in range(1, newest + 1)], "SELECT seq FROM event ORDER BY seq"
        until(lambda: asked_of(into, has)[:newest] == wanted, "its count is the unit's", 2 * WITHIN_S)
        consumer.terminate()
        assert consumer.wait(WITHIN_S) == 0, "nothing is missing"
    finally:
        consumer.kill()
        consumer.wait()


def test_a_centre_that_has_more_than_the_unit_is_an_alarm_for_whoever_reads_the_record(site: Site) -> None:
    """The unit's records are an older copy, or somebody forges: said once, not after each such word."""
    before = site.last_seq()
    topic = DOWN.replace("/permit", "/ack")
    for number in (1, 2):
        now_utc = time.time()
        told = signing.envelope(
            CentreAck(acked_seq=10**9),
            message=str(uuid.uuid4()),
            version=int(now_utc * 1000) + number,
            issued_at=now_utc,
            expires_at=now_utc + 60,
            site="demo-tank",
            unit="edge-1",
        )
        site.seen.send(topic, signing.sign(told, centre_key(site.stage.site), "demo-centre"))
    assert "older copy" in words_of(site.event("request.rejected", before, origin=topic))
    before = site.last_seq()
    site.seen.send(DOWN, garbage(site.stage.site))
    site.event("request.rejected", before, origin=DOWN)
    assert [e.type for e in site.kept() if e.seq > before and e.data.get("origin") == topic] == []


def test_a_ticket_of_the_centre_is_kept_and_told_to_people_and_an_unsigned_one_is_not(
    site: Site, tmp_path: Path
) -> None:
    topic, id_ = DOWN.replace("/permit", "/ticket"), f"R-{uuid.uuid4().hex[:8]}"
    body = tmp_path / "ticket.json"
    body.write_bytes(msgspec.json.encode({"id": id_, "event": site.last_seq(), "status": "overdue"}))
    before = site.last_seq()
    site.seen.send(topic, body.read_bytes())
    assert "unsigned" in words_of(site.event("request.rejected", before, origin=topic))
    key = str(site.stage.site / "demo-centre.key")
    who = ("--kid", "demo-centre", "--key", key, "--site", "demo-tank", "--unit", "edge-1")
    command = [sys.executable, "-m", "edge_agent", "sign", str(body), "--type", "ticket", *who]
    signed = subprocess.run(command, capture_output=True, check=True).stdout.strip()
    before = site.last_seq()
    site.seen.send(topic, signed)
    kept = site.event("record.updated", before, kind="ticket")
    assert kept.subject == f"ticket/{id_}"
    assert "overdue" in words_of(kept)
    site.seen.expect("record.updated", WITHIN_S, lambda event: event["subject"] == f"ticket/{id_}")
    before = site.last_seq()
    site.seen.send(topic, signed)
    assert "replayed" in words_of(site.event("request.rejected", before, origin=topic))
