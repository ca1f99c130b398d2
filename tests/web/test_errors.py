"""Every error has a code, a cause and a next step in both languages; what is sent in comes out as nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import web_ui
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Browser, cookie, make_client
from web_ui.errors import STATUS, describe
from web_ui.guard import LARGEST_BODY
from web_ui.words import TABLES

SOURCES = [path.read_text(encoding="utf-8") for path in Path(web_ui.__file__).parent.rglob("*.py")]
CODE = re.compile(r'"(E-[A-Z-]+)"')


def test_the_table_the_words_and_the_code_name_the_same_errors() -> None:
    named = {code for text in SOURCES for code in CODE.findall(text)}
    assert named == STATUS.keys()
    for language in TABLES:
        assert {key for key in TABLES[language] if key.startswith("E-")} == STATUS.keys()


@pytest.mark.parametrize("code", STATUS)
def test_each_says_why_and_what_next_in_both_languages(code: str) -> None:
    values = ("host", "limit", "limit_s", "detail", "id", "card")
    error = describe(code, wait_s=3.0, **dict.fromkeys(values, "x"))
    for words in (error.cause, error.next):
        assert words.zh
        assert words.en
        assert "{" not in words.zh + words.en


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/no/where", 404, "E-NO-ROUTE"),
        ("PUT", "/api/v1/live", 405, "E-METHOD"),
        ("GET", "/api/v1/events?limit=0", 400, "E-FORM"),
        ("GET", "/api/v1/events?limit=99999999999999999999999", 400, "E-FORM"),
        ("GET", "/api/v1/events?before=٣", 400, "E-FORM"),
        ("GET", f"/api/v1/events?type={'x' * 300}", 400, "E-FORM"),
        ("GET", "/api/v1/events", 503, "E-NO-STORE"),
        ("GET", "/api/v1/curves", 503, "E-NO-CURVES"),
        ("GET", "/api/v1/live", 503, "E-NO-PICTURE"),
        ("GET", "/api/v1/qr/permit/none.svg", 404, "E-NO-QR"),
    ],
)
def test_each_way_to_fail_is_told(client: FlaskClient, method: str, path: str, status: int, code: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["error"]["code"] == code


def test_an_agent_that_is_not_there_is_told(site: Path) -> None:
    client = make_client(site)
    answer = client.post("/api/v1/stop", json={"permit": "T-1"}, headers={"X-Edge": "1"})
    assert answer.json is not None
    assert answer.json["error"]["code"] == "E-NO-AGENT"
    assert "stop button on site" in answer.json["error"]["next"]["en"]
    box = client.get("/api/v1/box").json
    assert box is not None
    assert box["claimed"] is None


def test_a_crash_has_a_number_that_the_log_holds_too(site: Path, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> float:
        raise ZeroDivisionError("inside")

    client = make_client(site, utc=broken)
    answer = client.get("/api/v1/box")
    assert answer.status_code == 500
    assert answer.json is not None
    number = re.findall(r"[0-9a-f]{8}", answer.json["error"]["cause"]["en"])[0]
    assert number in caplog.text
    assert "inside" in caplog.text
    assert "inside" not in answer.text.replace("failed inside", "")


BAD_BODIES: list[Any] = [b"", b"{", b"[]", b"null", b'{"permit": 3}', b'{"permit": ""}',
                         b'{"permit": "x", "more": 1}',
                         b"\xff\xfe", b"[" * 50_000, b'{"permit": "' + b"x" * 65 + b'"}']  # fmt: skip


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_body_of_another_shape_is_refused_and_not_repeated(client: FlaskClient, body: bytes) -> None:
    headers = {"X-Edge": "1", "Content-Type": "application/json"}
    answer = client.post("/api/v1/stop", data=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]["code"] == "E-FORM"


def test_a_body_that_is_too_large_never_reaches_a_thread(browser: Browser, peer: DeskPeer) -> None:
    reply = browser.ask("POST", "/api/v1/stop", {"permit": "T-1", "reason": "x" * LARGEST_BODY})
    assert reply.code == "E-TOO-LARGE"
    assert peer.asked == []


def test_nothing_that_is_sent_breaks_out_of_a_header_or_the_log(
    browser: Browser, site: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    browser.cookie = cookie(site, "li-na")
    evil = "x%0d%0aSet-Cookie:%20a=b%0aweb_ui:%20ERROR%20forged"
    for path in (f"/{evil}", f"/api/v1/cards/{evil}", f"/api/v1/events?type={evil}", f"/board?lang={evil}"):
        reply = browser.ask("GET", path, X_Forwarded_Host="evil.example")
        assert reply.headers["Set-Cookie"] is None
        assert b"evil.example" not in reply.body
    assert "forged" not in capfd.readouterr().err
