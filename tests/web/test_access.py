"""Every route as every role: the table of access.py decides, and what does not stand in it is closed."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from edge_agent.domain.person import Role
from tests.support.board_world import Folder, live
from tests.support.desk_peer import DeskPeer
from tests.support.pages import cookie, make_client
from web_ui.access import ACCESS, Who
from web_ui.records import Records
from web_ui.sessions import COOKIE, Session, Sessions

ROLES = [role.value for role in Role]
CALLERS = ["nobody", "forged", "denied", "stranger", "ended", "late", "endless", "panel", *ROLES]
BEGAN_UTC, HOUR_S = 1_795_000_000.0, 3600.0
ROWS = sorted(ACCESS.items(), key=str)
EXAMPLES = {
    "<camera>": "cam-1",
    "<channel>": "gas-co",
    "<int:seq>": "1",
    "<code>": "GAS-01",
    "<kind>": "permit",
    "<id>": "T-2042",
}


def path(rule: str) -> str:
    for variable, example in EXAMPLES.items():
        rule = rule.replace(variable, example)
    return rule.replace("<", "").replace(">", "")


@pytest.fixture
def world(site: Path, folder: Folder) -> Path:
    """Somebody for each role, and one who is denied."""
    rows = [{"id": role, "name": role, "roles": [role], "areas": [], "language": "zh"} for role in ROLES]
    for row in rows:
        row["until_utc"] = BEGAN_UTC + 4 * HOUR_S if row["id"] == "inspector" else None
    rows.append({**rows[0], "id": "late", "roles": ["inspector"], "until_utc": BEGAN_UTC + 0.5})
    rows.append({**rows[0], "id": "endless", "roles": ["inspector"]})
    rows.append({**rows[0], "id": "denied", "roles": [one for one in ROLES if one != "inspector"], "denied": True})
    (site / "run" / "people.json").write_text(json.dumps(rows), encoding="utf-8")
    folder.put(live())
    return site


def let_in(site: Path, who: str) -> tuple[FlaskClient, str]:
    """The app as this caller, and his token."""
    now_utc = BEGAN_UTC + (2 * HOUR_S if who == "ended" else 1.0)
    client = make_client(site, utc=lambda: now_utc)
    return client, with_session(site, client, who)


def with_session(site: Path, client: FlaskClient, who: str) -> str:
    """A session anew (a log-out ended the last), and its token."""
    if who in {"nobody", "forged"}:
        if who == "forged":
            client.set_cookie(COOKIE, "forged", secure=True)
        return ""
    records = Records(site / "web")
    sessions = Sessions(records, lambda: BEGAN_UTC)
    secret, session = sessions.begin_panel() if who == "panel" else sessions.begin(who, "kid", BEGAN_UTC + HOUR_S)
    records.close()
    client.set_cookie(COOKIE, secret, secure=True)
    return session.csrf


def expected(who: Who, caller: str) -> int | None:
    """401, 403, or None: let through."""
    logged_in = caller == "panel" or caller in ROLES
    if who in {Who.ANYBODY, Who.COUNTER}:  # the test client is this machine
        return None
    if not logged_in:
        return 401
    allowed = {
        Who.READER: True,
        Who.PERSON: caller != "panel",
        Who.ACTOR: caller not in {"panel", "inspector"},
        Who.EXAMINER: caller in {"safety_officer", "shift_lead", "auditor", "admin", "inspector"},
        Who.PANEL: caller == "panel",
        Who.KEEPER: caller in {"technician", "safety_officer", "shift_lead", "admin"},
        Who.FITTER: caller in {"technician", "admin"},
        Who.REVIEWER: caller in {"safety_officer", "shift_lead", "auditor", "admin"},
        Who.RIGHTER: caller in {"technician", "shift_lead", "area_owner", "safety_officer", "auditor", "admin"},
        Who.FILMED: caller in {"shift_lead", "area_owner", "safety_officer", "auditor", "admin"},
        Who.ADMIN: caller == "admin",
        Who.FACES: caller in {"safety_officer", "admin"},
    }
    return None if allowed[who] else 403


def called(client: FlaskClient, method: str, rule: str, csrf: str) -> TestResponse:
    return client.open(path(rule), method=method, headers={"X-Edge": "1", "X-CSRF": csrf})


@pytest.mark.parametrize("caller", CALLERS)
def test_every_route_as_every_role(world: Path, peer: DeskPeer, caller: str) -> None:
    wrong = []
    client, _ = let_in(world, caller)
    for (method, rule), who in ROWS:
        csrf = with_session(world, client, caller)
        with called(client, method, rule, csrf) as answer:
            code = (answer.json or {}).get("error", {}).get("code") if answer.is_json else ""
            refused = answer.status_code if code in {"E-NO-SESSION", "E-NOT-ALLOWED"} else None
            if refused != expected(who, caller) or answer.status_code == 500:
                wrong.append((method, rule, answer.status_code, code))
    assert wrong == []
    assert {one["do"] for one in peer.asked} <= {"box", "log_out"}


def test_every_route_has_a_row_and_every_row_a_route(world: Path) -> None:
    app = make_client(world).application
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or ())
        if method != "HEAD"
    }
    assert routes == ACCESS.keys()


def test_an_inspector_changes_nothing_and_sees_no_face_no_film_and_no_setting() -> None:
    """What he may ask for with POST is calculated and thrown away; a stop is anybody's."""
    may = {key for key, who in ACCESS.items() if expected(who, "inspector") is None}
    changing = {f"{method} {rule}" for method, rule in may if method != "GET"}
    anybodys = {"POST /api/v1/claim", "POST /api/v1/session", "POST /api/v1/stop", "DELETE /api/v1/session"}
    assert changing - anybodys == {"POST /api/v1/incidents", "POST /api/v1/verifications"}
    kept_back = ("raw", "films", "bundles", "settings", "areas", "rectifications/", "doctor", "setup", "tries")
    assert not [rule for _, rule in may if "/api/" in rule and any(f"/{one}" in rule for one in kept_back)]


def test_a_route_that_nobody_entered_is_closed_to_everybody(world: Path) -> None:
    for caller in CALLERS:
        client, csrf = let_in(world, caller)
        app: Flask = client.application
        app.add_url_rule("/api/v1/new", "new", lambda: "secret")
        answer = client.get("/api/v1/new", headers={"X-CSRF": csrf})
        assert answer.status_code == 403
        assert "secret" not in answer.text


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(world: Path) -> None:
    client, csrf = let_in(world, "admin")
    rows = json.loads((world / "run" / "people.json").read_text(encoding="utf-8"))
    for row in rows:
        row["roles"] = ["viewer"] if row["id"] == "admin" else row["roles"]
    (world / "run" / "people.json").write_text(json.dumps(rows), encoding="utf-8")
    assert client.post("/api/v1/panel", headers={"X-Edge": "1", "X-CSRF": csrf}).status_code == 403


@pytest.mark.parametrize("content", ["", "[]", "{", '[{"id": 3}]', "null", "[" * 100_000])
def test_a_list_of_people_that_cannot_be_read_knows_nobody(world: Path, content: str) -> None:
    (world / "run" / "people.json").write_text(content, encoding="utf-8")
    client, _ = let_in(world, "guard")
    assert client.get("/api/v1/live").status_code == 401


def test_figures_are_for_this_machine_or_for_whoever_has_the_token(world: Path) -> None:
    (world / "web" / "metrics-token").write_text("figures\n", encoding="utf-8")
    client = make_client(world)
    there = {"REMOTE_ADDR": "192.0.2.9"}
    assert client.get("/metrics", environ_base=there).status_code == 403
    assert client.get("/metrics", environ_base=there, headers={"Authorization": "Bearer "}).status_code == 403
    assert (
        client.get("/metrics", environ_base=there, headers={"Authorization": "Bearer figures"}).status_code == 200
    )
    assert "edge_permits_active 1" in client.get("/metrics").text


def test_without_a_token_no_empty_one_opens_the_figures(world: Path) -> None:
    client, there = make_client(world), {"REMOTE_ADDR": "192.0.2.9"}
    for said in ("", "Bearer", "Bearer "):
        assert client.get("/metrics", environ_base=there, headers={"Authorization": said}).status_code == 403


def test_a_camera_of_other_areas_is_not_shown(site: Path, folder: Folder) -> None:
    """he-yard is of the yard alone; the camera looks into the tank."""
    folder.put(live())
    folder.put_still()
    assert make_client(site, cookie(site, "li-na")).get("/api/v1/stills/cam-1.jpg").status_code == 200
    refused = make_client(site, cookie(site, "he-yard")).get("/api/v1/stills/cam-1.jpg")
    assert refused.status_code == 404
    assert refused.json is not None
    assert refused.json["error"]["code"] == "E-NO-CAMERA"
    text = (site / "site.toml").read_text(encoding="utf-8")
    (site / "site.toml").write_text(text.replace('area = "tank"', 'area = "yard"'), encoding="utf-8")
    assert make_client(site, cookie(site, "he-yard")).get("/api/v1/stills/cam-1.jpg").status_code == 200


def test_a_session_is_kept_as_a_hash_alone(world: Path) -> None:
    client, _ = let_in(world, "guard")
    held = client.get_cookie(COOKIE)
    assert held is not None
    files = b"".join(file.read_bytes() for file in (world / "web").iterdir())
    assert held.value.encode() not in files
    assert Session.__struct_fields__ == ("hash", "person", "key", "csrf", "until_utc", "panel")


def test_a_camera_that_was_entered_since_the_pages_began_concerns_its_areas(site: Path, folder: Folder) -> None:
    folder.put(live())
    folder.put_still()
    client = make_client(site, cookie(site, "he-yard"))
    assert client.get("/api/v1/stills/cam-1.jpg").status_code == 404
    text = (site / "site.toml").read_text(encoding="utf-8")
    (site / "site.toml").write_text(text.replace('area = "tank"', 'area = "yard"'), encoding="utf-8")
    assert client.get("/api/v1/stills/cam-1.jpg").status_code == 200
