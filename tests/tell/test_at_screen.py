"""Presence that a photograph cannot show: the code on the box's own screen, and a badge held to it."""

import json
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.request import Presence
from edge_agent.tell.who.at_screen import JUST_NOW_S
from edge_agent.tell.who.papers import Papers
from edge_agent.tell.who.screen import SLOT_S, ScreenCode
from edge_agent.tell.who.throttle import FREE_TRIES
from tests.support.broker import WITHIN_S
from tests.support.desk_site import BADGE, Browser, Site


@given(st.floats(min_value=0, max_value=1e7), st.floats(min_value=0, max_value=120))
def test_a_code_is_good_while_it_is_shown_and_one_slot_longer(read_s: float, later_s: float) -> None:
    now_s = [read_s]
    screen = ScreenCode(lambda: now_s[0], b"a fixed secret, so that no two codes of a test are equal by chance")
    code, left_s = screen.now()
    assert len(code) == 6
    assert code.isdigit()
    assert 0 < left_s <= SLOT_S
    now_s[0] = read_s + later_s
    slots = int(now_s[0] // SLOT_S) - int(read_s // SLOT_S)
    assert screen.slot_of(code) is not None or slots > 1
    if slots > 1 and code not in {screen._code(int(now_s[0] // SLOT_S) - back) for back in (0, 1)}:
        assert screen.slot_of(code) is None


def test_the_code_of_another_start_is_worth_nothing() -> None:
    first, second = ScreenCode(lambda: 900.0), ScreenCode(lambda: 900.0)
    assert first.slot_of(first.now()[0]) == 30
    codes = {ScreenCode(lambda: 900.0).now()[0] for _ in range(20)}
    assert len(codes) > 15
    assert second.slot_of("") is None
    assert second.slot_of("\uff10" * 6) is None


def checks_in(site: Site, browser: Browser, **fields: object) -> tuple[bool, str]:
    answer = browser.ask(site, **{"ask": "check_in", **fields})
    return answer["accepted"], "; ".join(one["en"] for one in answer["reasons"])


def phone(site: Site, **fields: object) -> Browser:
    browser = Browser()
    assert browser.log_in(site, **({"person": "li", "pin": "2468"} | fields))["accepted"]
    return browser


def test_who_reads_the_screen_stands_there(site: Site) -> None:
    browser = phone(site)
    code, _ = site.desk.screen.now()
    assert checks_in(site, browser, presence_code=code) == (True, "")
    site.clock.now_s += SLOT_S
    assert checks_in(site, browser, presence_code=code)[0]  # he walked from the screen to the point
    site.clock.now_s += SLOT_S
    assert "read it there again" in checks_in(site, browser, presence_code=code)[1]
    assert checks_in(site, browser)[0]
    assert [request.presence for request in site.requests] == [Presence.CODE, Presence.CODE, None]
    assert code not in repr(site.requests)


def is_here(site: Site, browser: Browser, **fields: object) -> tuple[bool, str]:
    return checks_in(site, browser, ask="here", **fields)


def test_a_guard_is_here_by_a_code_that_has_not_shown_him_yet(site: Site) -> None:
    """Who leaves with the code that he checked in by, or a picture of it, is not there by it from afar."""
    guard, other = phone(site), Browser()
    site.persons["li2"] = replace(site.persons["li"], id="li2")
    assert other.log_in(site, person="li2", pin="2468")["accepted"]
    first, _ = site.desk.screen.now()
    assert checks_in(site, guard, presence_code=first)[0]
    assert "has shown you already" in is_here(site, guard, presence_code=first)[1]
    assert is_here(site, other, person="li2", presence_code=first) == (True, "")
    site.clock.now_s += SLOT_S
    second, _ = site.desk.screen.now()
    assert is_here(site, guard, presence_code=second) == (True, "")
    assert "has shown you already" in is_here(site, guard, presence_code=second)[1]
    assert "has shown you already" in is_here(site, guard, presence_code=first)[1], "older than what showed him"
    assert checks_in(site, guard, presence_code=second)[0], "two permits may be taken with one code"
    site.clock.now_s += 2 * SLOT_S
    assert "read it there again" in is_here(site, guard, presence_code=second)[1]
    assert is_here(site, guard)[0]
    shown = [request.presence for request in site.requests]
    assert shown == [Presence.CODE, Presence.CODE, Presence.CODE, Presence.CODE, None]


def test_a_badge_held_to_the_screen_shows_that_he_is_still_here(site: Site) -> None:
    panel = phone(site, person="", pin=None, badge=BADGE, panel=True)
    assert is_here(site, panel)[0]
    site.clock.now_s += JUST_NOW_S + 1
    assert is_here(site, panel)[0]
    elsewhere = phone(site, person="", pin=None, badge=BADGE)
    assert is_here(site, elsewhere, badge=BADGE)[0]
    assert [request.presence for request in site.requests] == [Presence.BADGE, None, None]


def test_a_code_says_nothing_of_anything_else(site: Site) -> None:
    code, _ = site.desk.screen.now()
    assert phone(site).ask(site, ask="confirm", about=["m"], presence_code=code)["accepted"]
    assert site.requests[-1].presence is None


def test_a_code_is_not_found_by_trying(site: Site) -> None:
    browser = phone(site)
    code, _ = site.desk.screen.now()
    wrong = f"{(int(code) + 500_000) % 1_000_000:06}"
    for _ in range(FREE_TRIES):
        assert "read it there again" in checks_in(site, browser, presence_code=wrong)[1]
    assert "wait 5 s" in checks_in(site, browser, presence_code=code)[1]
    assert site.requests == []
    assert phone(site)  # only the code has to wait, not the log-in


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", ""])
def test_a_code_that_is_none_is_malformed(site: Site, code: str) -> None:
    assert "malformed" in checks_in(site, phone(site), presence_code=code)[1]


def test_a_badge_held_to_the_screen_shows_presence_for_a_minute(site: Site) -> None:
    panel = phone(site, person="", pin=None, badge=BADGE, panel=True)
    assert checks_in(site, panel)[0]
    site.clock.now_s += JUST_NOW_S + 1
    assert checks_in(site, panel)[0]
    assert checks_in(site, panel, badge=BADGE)[0]
    assert [request.presence for request in site.requests] == [Presence.BADGE, None, Presence.BADGE]


def test_a_badge_read_anywhere_else_shows_none(site: Site) -> None:
    own = phone(site, person="", pin=None, badge=BADGE)
    assert checks_in(site, own, badge=BADGE)[0]
    by_pin = phone(site, panel=True)
    assert checks_in(site, by_pin)[0]
    assert [request.presence for request in site.requests] == [None, None]


def test_the_pages_read_who_is_known_and_the_code_and_nothing_that_proves_anybody(
    site: Site, tmp_path: Path
) -> None:
    papers = Papers(tmp_path, site.clock, lambda: site.persons, site.desk)
    papers.look()
    listed = json.loads((tmp_path / "people.json").read_bytes())
    assert [one["id"] for one in listed] == ["li", "wang"]
    assert set(listed[0]) == {"id", "name", "roles", "areas", "language", "denied", "qualification", "until_utc"}
    shown = json.loads((tmp_path / "presence.json").read_bytes())
    assert shown["code"] == site.desk.screen.now()[0]
    assert 0 < shown["until_utc"] - 1.8e9 <= SLOT_S
    for name in ("people.json", "presence.json"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o640


def test_a_change_of_anybody_is_on_paper_and_ends_what_it_must(site: Site, tmp_path: Path) -> None:
    papers = Papers(tmp_path, site.clock, lambda: site.persons, site.desk)
    stop = threading.Event()
    writer = threading.Thread(target=papers.run, args=(stop,))
    writer.start()
    try:
        browser = phone(site)
        before = site.persons
        site.persons = {**before, "li": replace(before["li"], denied="medical")}
        waited = threading.Event()
        while not barred(tmp_path / "people.json", "li"):
            assert writer.is_alive()
            waited.wait(0.02)
        site.persons = before
        assert browser.ask(site)["log_in"] is True
    finally:
        stop.set()
        writer.join(WITHIN_S)
    assert not writer.is_alive()


def barred(people: Path, id_: str) -> bool:
    listed = json.loads(people.read_bytes()) if people.exists() else []
    return any(one["id"] == id_ and one["denied"] for one in listed)


def test_how_well_each_way_works_is_counted_and_told_once_a_second(site: Site, tmp_path: Path) -> None:
    papers = Papers(tmp_path, site.clock, lambda: site.persons, site.desk)
    browser = phone(site)
    Browser().log_in(site, person="li", pin="0000")
    Browser().log_in(site, badge="unknown")
    phone(site, person="", pin=None, badge=BADGE, panel=True)
    checks_in(site, browser, presence_code="000000")
    Browser().log_in(site, person="li")  # nothing was tried
    papers.look()
    assert {way: (one.tried, one.held) for way, one in site.tallies[0].ways.items()} == {
        "log_in/pin": (2, 1),
        "log_in/badge": (2, 1),
        "check_in/code": (1, 0),
    }
    assert [(one.person, one.proof.value, one.panel) for one in site.logged_in] == [
        ("li", "pin", False),
        ("li", "badge", True),
    ]
    Browser().log_in(site, person="li", pin="0000")
    papers.look()
    assert len(site.tallies) == 1
    site.clock.now_s += 1.0
    papers.look()
    papers.look()
    assert len(site.tallies) == 2
