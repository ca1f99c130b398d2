"""Logging in over the real socket, and what a signed form is worth: nothing that is forged, old or repeated."""

import json
import threading
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask
from edge_agent.tell.who.keys import LASTS_S, MOST_PER_PERSON
from edge_agent.tell.who.throttle import FREE_TRIES
from tests.support.broker import WITHIN_S
from tests.support.desk_site import BADGE, CHEAP, Browser, Site
from tests.support.store_values import person


def logged_in(site: Site) -> Browser:
    browser = Browser()
    answer = browser.log_in(site, person="li", pin="2468")
    assert answer["accepted"], answer
    return browser


def words(answer: dict[str, Any]) -> str:
    assert answer["accepted"] is False
    assert all(reason["zh"] for reason in answer["reasons"])
    return "; ".join(reason["en"] for reason in answer["reasons"])


def test_logging_in_tells_who_it_is_and_until_when(site: Site) -> None:
    answer = Browser().log_in(site, person="li", pin="2468")
    assert answer["who"] == {"id": "li", "name": "Li", "roles": ["guard"], "areas": [], "language": "zh"} | {
        key: answer["who"][key] for key in ("name", "roles")
    }
    assert answer["until_utc"] == 1.8e9 + LASTS_S
    assert site.say(do="box") == {"claimed": False, "boot": "0123456789"}


def test_a_badge_alone_finds_its_person(site: Site) -> None:
    site.persons["wu"] = person("wu", badge_hash=CHEAP.hash("other"), badge_hint=site.persons["li"].badge_hint)
    browser = Browser()
    assert browser.log_in(site, badge=BADGE)["who"]["id"] == "li"
    assert site.remembered == []  # that it might have been Wu's counts against nobody
    assert browser.ask(site)["accepted"]


def test_a_badge_that_nobody_has_is_refused_and_counts_only_against_those_whose_it_might_be(site: Site) -> None:
    assert "not known here" in words(Browser().log_in(site, badge="unknown"))
    assert site.remembered == []
    site.persons["li"] = replace(site.persons["li"], badge_hash=CHEAP.hash("another"))
    for _ in range(FREE_TRIES):
        assert "not known here" in words(Browser().log_in(site, badge=BADGE))
    refused = Browser().log_in(site, badge=BADGE)
    assert "wait 5 s" in words(refused)
    assert refused["wait_s"] == 5.0
    assert site.remembered == [("li", count + 1) for count in range(FREE_TRIES)]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"person": "li", "pin": "0000"}, "wrong id, PIN or badge"),
        ({"person": "nobody", "pin": "2468"}, "wrong id, PIN or badge"),
        ({"person": "nobody", "badge": BADGE}, "wrong id, PIN or badge"),
        ({"pin": "2468"}, "needs its id"),
        ({"person": "li"}, "a PIN or a badge is needed"),
        ({}, "a PIN or a badge is needed"),
        ({"person": "barred", "pin": "2468"}, "may not act here: medical"),
    ],
)
def test_who_is_not_let_in_is_told_why(site: Site, fields: dict[str, Any], says: str) -> None:
    site.persons["barred"] = replace(site.persons["li"], id="barred", denied="medical")
    assert says in words(Browser().log_in(site, **fields))


def test_ids_that_nobody_has_are_throttled_together_and_nobody_elses_log_in_suffers(site: Site) -> None:
    for number in range(FREE_TRIES):
        assert "wrong id" in words(Browser().log_in(site, person=f"x{number}", pin="1"))
    assert "wait" in words(Browser().log_in(site, person="y", pin="1"))
    logged_in(site)


@pytest.mark.parametrize("key", ["", "AAAA", "BA" + "A" * 85, "*" * 87, "BA" + "_" * 85])
def test_a_key_that_is_none_is_refused(site: Site, key: str) -> None:
    answer = site.say(do="log_in", person="li", pin="2468", key=key)
    assert answer["accepted"] is False
    assert "curve P-256" in words(answer) or "$.key" in words(answer)


def test_a_signed_form_reaches_the_brain_with_the_proof_that_it_is(site: Site) -> None:
    browser = logged_in(site)
    assert browser.ask(site, ask="here")["accepted"]
    assert browser.ask(site, ask="start", pin="2468")["accepted"]
    assert browser.ask(site, ask="close", badge=BADGE, people_inside=0)["accepted"]
    assert [request.proof for request in site.requests] == [Proof.KEY, Proof.PIN, Proof.BADGE]
    assert {request.person for request in site.requests} == {"li"}
    assert "2468" not in repr(site.requests)


def test_a_wrong_pin_in_a_signed_form_is_refused(site: Site) -> None:
    browser = logged_in(site)
    assert "wrong PIN" in words(browser.ask(site, ask="start", pin="9999"))
    assert site.requests == []


def changed(line: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The form says something else than what was signed."""
    return {**line, "form": json.dumps({**json.loads(line["form"]), **fields})}


def test_a_forged_form_is_refused(site: Site) -> None:
    browser, other = logged_in(site), logged_in(site)
    line = browser.line()
    stranger = Browser()
    stranger.key = browser.key
    forged = [
        changed(line, permit="P-2"),
        changed(line, ask="enter"),
        {**line, "form": line["form"] + " "},
        {**line, "signature": other.sign(line["form"])},
        {**line, "signature": ""} | {"signature": "AA"},
        {**line, "signature": "A" * 86},
        stranger.line(),
        {**line, "key": other.key, "signature": other.sign(line["form"])},  # signed for another log-in
    ]
    for one in forged:
        assert "the signature does not fit" in words(site.say(**one)), one
    assert site.requests == []
    assert site.say(**line)["accepted"]


def test_nobody_signs_for_somebody_else(site: Site) -> None:
    assert "somebody else is logged in" in words(logged_in(site).ask(site, person="wang"))
    assert site.requests == []


def test_what_was_sent_before_is_not_done_again(site: Site) -> None:
    browser = logged_in(site)
    first, second = browser.line(), browser.line()
    assert site.say(**second)["accepted"]
    for old in (second, first):
        assert "sent before" in words(site.say(**old))
    assert len(site.requests) == 1


def test_one_of_many_copies_sent_at_once_is_done(site: Site) -> None:
    line = logged_in(site).line()
    answers: list[dict[str, Any]] = []
    senders = [threading.Thread(target=lambda: answers.append(site.say(**line))) for _ in range(10)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(WITHIN_S)
    assert sorted(answer["accepted"] for answer in answers) == [False] * 9 + [True]
    assert len(site.requests) == 1


def test_what_was_signed_for_an_earlier_log_in_is_worth_nothing_after_the_next(site: Site) -> None:
    browser = logged_in(site)
    old = browser.line()
    site.say(do="log_out", key=browser.key)
    browser.log_in(site, person="li", pin="2468")
    assert site.say(**old)["log_in"] is True
    assert "the signature does not fit" in words(site.say(**{**old, "key": browser.key}))
    assert site.requests == []


def over(site: Site, browser: Browser) -> None:
    answer = browser.ask(site)
    assert "log in again" in words(answer)
    assert answer["log_in"] is True
    assert site.requests == []


def test_a_log_in_ends_by_logging_out(site: Site) -> None:
    browser = logged_in(site)
    assert site.say(do="log_out", key=browser.key) == {"accepted": True}
    assert site.say(do="log_out", key=browser.key) == {"accepted": True}
    over(site, browser)


def test_a_log_in_ends_with_its_time(site: Site) -> None:
    browser = logged_in(site)
    site.clock.now_s += LASTS_S
    over(site, browser)


@pytest.mark.parametrize(
    "changes",
    [{"denied": "medical"}, {"pin_hash": "$new"}, {"badge_hash": None}],
    ids=["barred", "new_pin", "badge_taken_away"],
)
def test_a_log_in_ends_when_the_person_is_barred_or_proved_otherwise(site: Site, changes: dict[str, Any]) -> None:
    browser, before = logged_in(site), site.persons["li"]
    site.persons["li"] = replace(before, **changes)
    over(site, browser)
    site.persons["li"] = before
    over(site, browser)  # it stays over


def test_a_log_in_ends_when_the_person_is_removed(site: Site) -> None:
    browser = logged_in(site)
    del site.persons["li"]
    over(site, browser)


def test_a_log_in_that_nobody_used_while_its_person_was_barred_is_over_too(site: Site) -> None:
    browser, before = logged_in(site), site.persons["li"]
    site.persons["li"] = replace(before, denied="medical")
    site.desk.keys.sweep()
    site.persons["li"] = before
    over(site, browser)


def test_the_oldest_of_too_many_log_ins_of_one_person_makes_room(site: Site) -> None:
    browsers = [logged_in(site) for _ in range(MOST_PER_PERSON + 1)]
    assert browsers[1].ask(site)["accepted"]
    assert browsers[-1].ask(site)["accepted"]
    assert browsers[0].ask(site)["log_in"] is True


def test_whatever_is_wrong_with_the_key_a_stop_is_a_stop(site: Site) -> None:
    browser = logged_in(site)
    line = browser.line(ask="stop", reason="smell")
    site.say(do="log_out", key=browser.key)
    assert site.say(**line)["accepted"]
    assert site.say(**{**line, "signature": "AA"})["accepted"]
    assert [(request.ask, request.proof) for request in site.requests] == [(Ask.STOP, Proof.NONE)] * 2


@pytest.mark.parametrize(
    "line",
    [
        {"do": "celebrate"},
        {"do": "log_in"},
        {"do": "signed", "form": "{}", "key": "k", "signature": "s"},
        {"do": "signed", "form": "[" * 5000, "key": "k", "signature": "s"},
        {"do": "stop"},
        {"do": "box", "also": 1},
        {"do": None},
    ],
)
def test_rubbish_gets_an_answer_in_words(site: Site, line: dict[str, Any]) -> None:
    assert words(site.say(**line))
    assert site.requests == []


def test_nothing_that_proves_anybody_is_told_or_recorded(site: Site) -> None:
    browser = logged_in(site)
    said = [
        Browser().log_in(site, person="li", pin="13579"),
        Browser().log_in(site, badge="SECRET-BADGE"),
        browser.ask(site, ask="start", pin="97531"),
        {"who": site.say(do="box")},
    ]
    while not site.rejected.empty():
        said.append({"rejected": repr(site.rejected.get())})
    everything = repr((said, site.requests))
    for secret in ("13579", "SECRET-BADGE", "97531", "2468", "argon2", BADGE):
        assert secret not in everything
