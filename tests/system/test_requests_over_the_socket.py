"""What people, and whoever else, say to the real socket."""

import os
import socket

import pytest

from edge_agent.domain.permit import State
from edge_agent.ops.demo.job import PINS
from edge_agent.tell.who.throttle import FREE_TRIES
from tests.support.desk_site import Browser
from tests.system.site import Site, until, words_of


def test_a_wrong_pin_changes_nothing_and_is_recorded(site: Site) -> None:
    site.begin_work()
    before = site.last_seq()
    assert site.refused("close", "wang-lei", pin="9999", people_inside=0) == "wrong PIN or badge"
    turned_away = site.event("request.rejected", before)
    assert turned_away.subject == "wang-lei"
    assert "9999" not in words_of(turned_away)
    assert site.until_state(State.ACTIVE).signatures == ()


def test_anybody_may_stop_without_a_pin(site: Site) -> None:
    site.begin_work()
    mark = site.stage.relay.mark()
    site.must("stop", "wu-gang", pin=None, reason="smells of eggs")
    site.coil(mark, on=False)
    stopped = site.until_state(State.SUSPENDED)
    assert "smells of eggs" in stopped.causes[0].detail.en
    assert "PIN" in site.refused("resume", "wang-lei", pin=None)


def test_a_request_about_a_permit_that_nobody_knows(site: Site) -> None:
    assert site.refused("stop", "wu-gang", permit="T-none") == "there is no open permit T-none"


def test_a_request_of_somebody_unknown(site: Site) -> None:
    assert "nobody here has the id nobody" in site.refused("start", "nobody", pin="1")


def test_somebody_logs_in_signs_and_is_believed_once(site: Site) -> None:
    site.receive()
    browser = Browser()
    answer = browser.log_in(site, person="li-na", pin=PINS["li-na"])
    assert answer["who"]["id"] == "li-na", answer
    form = {"ask": "check_in", "person": "li-na", "permit": site.permit}
    line = browser.line(**form)
    until(lambda: browser.ask(site, **form)["accepted"], "he is checked in")
    assert site.say(**line)["accepted"] is False  # older than what was sent since
    refused = browser.ask(site, ask="revoke", person="li-na", permit=site.permit)
    assert "once more" in refused["reasons"][0]["en"]


def test_a_kill_between_wrong_tries_forgives_none_and_ends_every_log_in(site: Site) -> None:
    site.receive()
    browser = Browser()
    assert browser.log_in(site, person="li-na", pin=PINS["li-na"])["accepted"]
    for _ in range(FREE_TRIES):
        assert site.refused("here", "wu-gang", pin="0000") == "wrong PIN or badge"
    site.stage.agent.kill()  # the moment after the last one was told
    site.stage.start_agent()
    assert "too many wrong tries" in site.refused("here", "wu-gang", pin="0000")
    assert browser.ask(site, person="li-na")["log_in"] is True


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"\x00\xff\xfe garbage\n", id="binary"),
        pytest.param(b"[]\n", id="array"),
        pytest.param(b'{"ask": "explode", "person": "wang-lei", "permit": "T"}\n', id="no_such_ask"),
        pytest.param(b'{"ask": "start", "person": "wang-lei", "permit": "T", "proof": "pin"}\n', id="own_proof"),
        pytest.param(b'{"ask":' * 3000 + b"\n", id="deep"),
        pytest.param(os.urandom(20) * 10_000, id="endless"),
    ],
)
def test_garbage_on_the_socket_is_answered_and_nothing_dies(site: Site, said: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(30)
        line.connect(str(site.stage.socket))
        try:
            line.sendall(said)
            answer = line.recv(65536)
        except (BrokenPipeError, ConnectionResetError):
            answer = b""  # hung up on an endless line
    assert b'"accepted":true' not in answer
    site.stage.agent.check()
    assert "no open permit" in site.refused("stop", "wu-gang", permit="T-none"), "the desk goes on"
