"""Hostile words that come in by every door of the real box (MQTT, a nameless stop, a report) are only words."""

import json
from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.person import Person
from edge_agent.domain.words import Words
from edge_agent.settings.load import load
from edge_agent.tell import signing
from edge_agent.tell.who.papers import PEOPLE
from tests.pages.phone import Phone
from tests.support.story import ROOT
from tests.system.site import DOWN, Site, centre_key, job_ticket, payload, until

EVIL = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>\'"{{7*7}}\u202e'
ADMIN, ADMIN_PIN = "he-xin", "9019"


def sends(site: Site, version: int, *persons: Person) -> None:
    """The centre's own signed word: it is right in form, whatever stands in it."""
    for person in persons:
        site.seen.send(
            DOWN, signing.sign(payload(person, version=version), centre_key(site.stage.site), "demo-centre")
        )
        until(lambda one=person: one.name in names(site), f"{person.id} has this name")


def names(site: Site) -> set[str]:
    """What the pages are told."""
    return {one["name"] for one in json.loads((site.stage.site / "runtime" / PEOPLE).read_bytes())}


@pytest.fixture
def poisoned(site: Site) -> Iterator[Site]:
    """The guard, a worker, the ticket, a stop and a report have hostile words for names and reasons."""
    known = {one.id: one for one in load(site.stage.site, ROOT).persons}
    named = [replace(known[who], name=f"{who} {EVIL}") for who in ("li-na", "wang-lei")]
    sends(site, 1, *named)
    site.permit = "T-hostile"
    words = Words(f"作业 {EVIL}", f"work {EVIL}")
    ticket = replace(
        job_ticket(site.permit), content=words, contractor=EVIL, team=EVIL, risk=EVIL, pipe=EVIL, coordinator=EVIL
    )
    site.seen.send(DOWN, signing.sign(payload(ticket), centre_key(site.stage.site), "demo-centre"))
    until(lambda: site.live() is not None, "the ticket is on the board")
    before = site.last_seq()
    site.must("report", "li-na", report={"kind": "fire", "note": EVIL})
    site.say(do="stop", permit=site.permit, reason=EVIL)
    site.event("hazard.reported", before)
    yield site
    sends(site, 2, *(known[one.id] for one in named))


def test_hostile_words_are_only_words_on_every_page(poisoned: Site, phones: Callable[..., Phone]) -> None:
    seq = poisoned.event("hazard.reported", 0).seq
    permit = poisoned.permit
    pages = ["/", f"/p/{permit}", "/board", "/alarms", f"/events/{seq}", f"/print/{permit}", "/report", "/people"]
    pages += [f"/events/{number}" for number in range(seq - 2, poisoned.last_seq() + 1) if number != seq]
    device = phones(f"https://127.0.0.1:{poisoned.stage.ports.board}", "en")
    device.go("/login")
    device.log_in(ADMIN, ADMIN_PIN)
    told = ""
    for page in pages:
        device.go(page)
        expect(device("main")).not_to_be_empty()
        expect(device(".waiting")).to_have_count(0)
        told += device("body").inner_text()
        assert device.page.evaluate("window.hit") is None, page
        assert device("img[src='x'], main script").count() == 0, page
    assert told.count("onerror") > len(pages), "the control: the words are shown, as words"
