"""What people, and whoever else, say to the real socket."""

import os
import socket

import pytest

from edge_agent.domain.permit import State
from tests.system.site import Site, words_of


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
    assert "nobody here has the id nobody" in site.refused("stop", "nobody", pin="1")


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
