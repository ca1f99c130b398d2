"""Logging in and out over the real server: cookies, tokens, fixation, guessing, the box's own screen, claims."""

import json
import re
import sqlite3
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient

from edge_agent.domain.person import Proof
from tests.support.desk_peer import DeskPeer, public
from tests.support.pages import Browser, Served, cookie, make_client
from web_ui.records import FILE, Records
from web_ui.sessions import COOKIE, PERSON_S, Sessions
from web_ui.throttle import FREE, LONGEST_S, LogInThrottle, StopThrottle

SESSION = "/api/v1/session"


def test_somebody_logs_in_files_a_request_and_logs_out(browser: Browser, peer: DeskPeer) -> None:
    assert browser.ask("GET", SESSION).code == "E-NO-SESSION"
    reply = browser.log_in("li-na")
    assert reply.json["who"]["roles"] == ["guard"]
    assert browser.ask("GET", SESSION).json == reply.json
    assert browser.file(ask="here", person="li-na", permit="T-2042", count=7).json["accepted"]
    assert not browser.file(ask="here", person="li-na", permit="T-2042", count=7).json["accepted"], "a replay"
    assert not browser.file(ask="here", person="wang-wei", permit="T-2042", count=8).json["accepted"]
    signed = [one for one in peer.asked if one["do"] == "signed"]
    assert json.loads(signed[0]["form"])["permit"] == "T-2042"
    assert [(one.ask, one.person, one.proof) for one in peer.requests] == [("here", "li-na", Proof.KEY)]
    kept = browser.cookie
    assert browser.ask("DELETE", SESSION).status == 204
    assert peer.asked[-1]["do"] == "log_out"
    browser.cookie = kept
    assert browser.ask("GET", SESSION).code == "E-NO-SESSION", "the cookie of before opens nothing"
    assert browser.ask("GET", "/api/v1/live").code == "E-NO-SESSION"


def test_a_log_in_that_the_agent_has_forgotten_is_over_here_too(site: Path) -> None:
    """It started anew: the next request says so at once, and asks for a log-in."""
    with DeskPeer(site / "run"), Served(site) as served:
        browser = Browser(served)
        browser.log_in("li-na")
        with DeskPeer(site / "run"):
            assert browser.file(ask="here", person="li-na", permit="T-2042", count=1).code == "E-NO-SESSION"
            assert browser.ask("GET", SESSION).code == "E-NO-SESSION"


def test_a_badge_alone_logs_in(browser: Browser) -> None:
    reply = browser.ask("POST", SESSION, {"badge": "badge-zhao-min", "key": public(browser.key)})
    assert reply.json["who"]["id"] == "zhao-min"


def test_the_cookie_is_for_this_box_and_no_script(browser: Browser) -> None:
    line = browser.log_in("li-na").headers["Set-Cookie"]
    assert line.startswith("__Host-edge=")
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in line
    assert "Domain" not in line
    assert 0 < int(re.findall(r"Max-Age=(\d+)", line)[0]) <= PERSON_S


def test_a_log_in_never_takes_the_id_that_was_brought(browser: Browser) -> None:
    """Fixation: whoever planted a cookie knows nothing afterwards; a second log-in ends the first session."""
    browser.cookie = "planted-by-somebody-else"
    browser.log_in("li-na")
    first = browser.cookie
    assert first != "planted-by-somebody-else"
    browser.log_in("wang-wei")
    second, browser.cookie = browser.cookie, first
    assert browser.ask("GET", SESSION).code == "E-NO-SESSION"
    browser.cookie = second
    assert browser.ask("GET", SESSION).json["who"]["id"] == "wang-wei"


def test_nobody_signs_with_the_key_of_somebody_else(served: Served, browser: Browser) -> None:
    other = Browser(served)
    browser.log_in("li-na")
    other.log_in("wang-wei")
    browser.kid = other.kid
    assert browser.file(ask="here", person="wang-wei", count=1).code == "E-NOT-ALLOWED"


def test_a_signature_of_another_key_is_refused_by_the_desk(browser: Browser) -> None:
    browser.log_in("li-na")
    browser.key = ec.generate_private_key(ec.SECP256R1())
    assert browser.file(ask="here", person="li-na", count=1).json["accepted"] is False


FROM_ELSEWHERE = [
    {"X-Edge": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {"Content-Type": "multipart/form-data; boundary=x"},
]
FORGED_TOKENS = [{"X-CSRF": ""}, {"X-CSRF": "x" * 43}, {"X-CSRF": "é"}]
CHANGING = ["/api/v1/requests", SESSION, "/api/v1/stop", "/api/v1/claim", "/api/v1/panel"]


@pytest.fixture
def admin(site: Path) -> FlaskClient:
    return make_client(site, cookie(site, "chen-admin"))


def sent(client: FlaskClient, path: str, headers: dict[str, str]) -> str:
    """The code of the error that a browser gets for this."""
    head = {"X-Edge": "1", "Content-Type": "application/json", **headers}
    answer = client.post(path, data=b'{"permit": "T-1"}', headers=head)
    assert answer.json is not None
    return str(answer.json["error"]["code"])


@pytest.mark.parametrize("path", CHANGING)
def test_what_does_not_come_from_the_boxs_own_page_changes_nothing(
    admin: FlaskClient, path: str, peer: DeskPeer
) -> None:
    for headers in FROM_ELSEWHERE:
        assert sent(admin, path, headers) == ("E-TYPE" if "Content-Type" in headers else "E-CSRF"), headers
    assert peer.asked == []


@pytest.mark.parametrize("path", ["/api/v1/requests", "/api/v1/panel"])
def test_a_session_without_its_token_changes_nothing(admin: FlaskClient, path: str, peer: DeskPeer) -> None:
    for headers in FORGED_TOKENS:
        assert sent(admin, path, headers) == "E-CSRF", headers
    assert peer.asked == []


def test_another_site_gets_no_answer_to_its_preflight(site: Path) -> None:
    answer = make_client(site).options("/api/v1/requests", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 405
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "192.0.2.77:8443", "[::2]", "a/b", "x@y"]
)
def test_only_the_boxs_own_names_are_answered(site: Path, host: str) -> None:
    answer = make_client(site).get("/api/v1/box", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.json is not None
    assert answer.json["error"]["code"] == "E-HOST"


@pytest.mark.parametrize("host", ["127.0.0.1", "LOCALHOST:8443", "[::1]:8443"])
def test_its_own_names_are_answered(site: Path, host: str) -> None:
    assert make_client(site).get("/api/v1/health", headers={"Host": host}).status_code == 503


def test_guessing_is_slowed_down_over_a_restart(site: Path, peer: DeskPeer) -> None:
    wrong = {"person": "li-na", "pin": "0000"}
    with Served(site) as served:
        browser = Browser(served)
        wrong["key"] = public(browser.key)
        assert [browser.ask("POST", SESSION, wrong).code for _ in range(FREE)] == ["E-PROOF"] * FREE
        reply = browser.ask("POST", SESSION, wrong)
        assert reply.code == "E-WAIT"
        assert reply.headers["Retry-After"] == "1"
    tried = len(peer.asked)
    records = Records(site / "web")
    for _ in range(5):
        LogInThrottle(records, time.time).wrong("127.0.0.1")
    records.close()
    with Served(site) as served:
        reply = Browser(served).ask("POST", SESSION, wrong)
        assert reply.code == "E-WAIT"
        assert 1 < reply.json["error"]["wait_s"] <= LONGEST_S
        assert "PIN" not in str(reply.json)
    assert len(peer.asked) == tried, "the desk is not even asked"


def test_a_pause_ends_by_a_right_log_in_by_time_and_never_lasts_longer_than_it_may(tmp_path: Path) -> None:
    now = [1_795_000_000.0]
    throttle = LogInThrottle(Records(tmp_path), lambda: now[0])
    for _ in range(40):
        throttle.wrong("a")
    assert throttle.wait_s("a") == LONGEST_S
    assert throttle.wait_s("b") == 0
    now[0] -= 86400.0  # the clock is set back
    assert throttle.wait_s("a") == LONGEST_S
    now[0] += 86400.0 + LONGEST_S
    assert throttle.wait_s("a") == 0
    throttle.right("a")
    throttle.wrong("a")
    assert throttle.wait_s("a") == 0


def test_a_stop_passes_at_least_once_a_second_whatever_came_before() -> None:
    now = [0.0]
    throttle = StopThrottle(lambda: now[0])
    assert sum(throttle.take("a") for _ in range(100)) == 5
    for _ in range(50):
        now[0] += 1.0
        assert throttle.take("a")
    assert throttle.take("b")


def test_an_admin_makes_a_screen_the_boxs_own(site: Path, browser: Browser, peer: DeskPeer) -> None:
    browser.log_in("chen-admin")
    admins = browser.cookie
    reply = browser.ask("POST", "/api/v1/panel")
    assert reply.json["panel"] is True
    assert reply.json["who"] is None
    assert reply.json["until_utc"] > time.time() + 360 * 86400
    assert peer.asked[-1]["do"] == "log_out", "the panel has nobody's key"
    browser.csrf = reply.json["csrf"]
    (site / "run" / "presence.json").write_text(json.dumps({"code": "123456", "until_utc": time.time() + 30}))
    assert browser.ask("GET", "/api/v1/presence").json["code"] == "123456"
    (site / "run" / "presence.json").write_text(json.dumps({"code": "123456", "until_utc": time.time() - 1}))
    assert browser.ask("GET", "/api/v1/presence").code == "E-NO-CODE"
    assert browser.file(ask="here", person="chen-admin", count=1).code == "E-NOT-ALLOWED"
    browser.cookie = admins
    assert browser.ask("GET", SESSION).code == "E-NO-SESSION"


def test_a_panel_is_somebodys_for_one_thing_and_then_the_boxs_own_again(browser: Browser, peer: DeskPeer) -> None:
    browser.log_in("chen-admin")
    browser.csrf = browser.ask("POST", "/api/v1/panel").json["csrf"]
    mine = browser.log_in("li-na").json
    assert (mine["panel"], mine["who"]["id"]) == (True, "li-na")
    assert [said["panel"] for said in peer.asked if said["do"] == "log_in"] == [False, True]
    assert browser.file(ask="here", person="li-na", count=1).json["accepted"]
    persons = browser.cookie
    reply = browser.ask("DELETE", SESSION)
    assert (reply.json["panel"], reply.json["who"], reply.json["key"]) == (True, None, None)
    browser.csrf = reply.json["csrf"]
    assert peer.keys == {}
    assert browser.file(ask="here", person="li-na", count=2).code == "E-NOT-ALLOWED"
    browser.cookie = persons
    assert browser.ask("GET", SESSION).code == "E-NO-SESSION"


def test_a_phone_never_becomes_a_panel_by_logging_out(browser: Browser) -> None:
    browser.log_in("li-na")
    assert browser.ask("DELETE", SESSION).status == 204
    assert browser.ask("GET", SESSION).code == "E-NO-SESSION"


def test_a_box_is_claimed_once(browser: Browser, peer: DeskPeer, site: Path) -> None:
    del peer.persons["chen-admin"]
    peer.claim.make()
    code = (site / "state" / "claim-code").read_text(encoding="ascii").strip()
    claim = {"code": code, "person": {"id": "ma", "name": "Ma"}, "pin": "9137", "language": "zh"}
    assert browser.ask("GET", "/api/v1/box").json["claimed"] is False
    assert browser.ask("POST", "/api/v1/claim", {**claim, "code": "AAAA-AAAA"}).code == "E-PROOF"
    assert browser.ask("POST", "/api/v1/claim", claim).json["who"]["roles"] == ["admin"]
    assert browser.ask("GET", "/api/v1/box").json["claimed"] is True
    assert browser.ask("POST", "/api/v1/claim", claim).code == "E-PROOF"


def test_a_session_lives_no_longer_than_the_agent_says(tmp_path: Path) -> None:
    now = [1_795_000_000.0]
    sessions = Sessions(Records(tmp_path), lambda: now[0])
    short, _ = sessions.begin("li-na", "k", now[0] + 60)
    long, _ = sessions.begin("li-na", "k", now[0] + 1e9)
    now[0] += 61
    assert sessions.find(short) is None
    assert sessions.find(long) is not None
    now[0] += PERSON_S
    assert sessions.find(long) is None


@pytest.mark.parametrize("content", [b"", b"not a database, but long enough to be read as one" * 100])
def test_a_damaged_file_costs_a_log_in_and_nothing_else(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    records = Records(tmp_path)
    secret, _ = Sessions(records, time.time).begin("li-na", "k", time.time() + 60)
    assert Sessions(records, time.time).find(secret) is not None
    records.close()
    assert (tmp_path / f"damaged-{FILE}").exists() == bool(content)


def test_sessions_outlive_the_service(site: Path, peer: DeskPeer) -> None:
    assert peer
    with Served(site) as served:
        browser = Browser(served)
        browser.log_in("li-na")
    with Served(site) as served:
        again = Browser(served)
        again.cookie = browser.cookie
        assert again.ask("GET", SESSION).json["who"]["id"] == "li-na"
    with sqlite3.connect(site / "web" / FILE) as database:
        assert [row[0] for row in database.execute("SELECT person FROM sessionrow")] == ["li-na"]
    database.close()


def test_the_cookies_name_is_one_that_browsers_guard() -> None:
    assert COOKIE.startswith("__Host-")


def test_who_is_denied_is_told_to_administrators_alone(browser: Browser) -> None:
    def listed(person: str) -> set[str]:
        browser.log_in(person)
        return {one["id"] for one in browser.ask("GET", "/api/v1/people").json["people"]}

    assert "fang-out" not in listed("li-na")
    assert "fang-out" in listed("chen-admin")


@pytest.mark.parametrize("person", ["zhao-min", "chen-admin", "li-na", "wang-wei", "sun-viewer"])
def test_papers_are_told_to_those_who_answer_for_the_work(browser: Browser, person: str) -> None:
    browser.log_in(person)
    told = {one["qualification"] is not None for one in browser.ask("GET", "/api/v1/people").json["people"]}
    assert told == {person in {"zhao-min", "chen-admin"}}
