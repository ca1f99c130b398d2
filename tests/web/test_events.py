"""Events from the agent's own records beside their writer, what was kept with them, and guide cards."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from edge_agent.decide.guides import guides, kinds
from edge_agent.domain.outcome import Event
from edge_agent.ops.folders import DATABASE, EVIDENCE
from edge_agent.store.batch import Batch
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from edge_agent.tell.live_curves import Curve, Evidence
from edge_agent.tell.live_file import write_guides
from tests.support.board_world import TREE, Folder, live
from tests.support.pages import cookie, make_client, panel_cookie
from tests.support.store_values import entries, event

WORDS = {"zh": "气体超限", "en": "gas over limit"}


def alarm(seq: int, code: str, title: str) -> Event:
    said = {"zh": title, "en": title}
    parts = dict.fromkeys(("title", "cause", "consequence", "action", "detail"), said)
    return replace(event(seq, code=code, act_within_s=10, **parts), type="alarm.raised")


EVENTS = [
    replace(event(1), type="unit.started", subject="unit"),
    event(2, words=WORDS),
    alarm(3, "GAS-01", "old"),
    replace(event(4, words=WORDS), subject="P-2"),
    alarm(5, "GAS-01", "new"),
    replace(event(6), type="person.updated", subject="li-na"),
    replace(event(7, denied="drunk at work"), type="person.changed", subject="wang-wei"),
    replace(event(8, proof="badge", panel=True), type="person.logged_in", subject="li-na"),
    *(event(seq) for seq in range(9, 70)),
]


@pytest.fixture
def state(site: Path, folder: Folder) -> Iterator[Path]:
    """The agent's records, with the agent's connection still open."""
    folder.put(live())
    with Store.open(site / "state" / DATABASE) as store:
        store.commit(Batch(audit=entries(EVENTS, GENESIS)))
        yield site / "state"


def got(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json


def seqs(client: FlaskClient, query: str) -> list[int]:
    return [one["seq"] for one in got(client, f"/api/v1/events?{query}")["events"]]


def test_all_events_can_be_read_page_by_page(client: FlaskClient, state: Path) -> None:
    assert state
    found: list[int] = []
    before: int | None = 10**6
    while before is not None:
        page = got(client, f"/api/v1/events?limit=20&before={before}")
        found += [one["seq"] for one in page["events"]]
        before = page["before"]
    assert found == [one.seq for one in reversed(EVENTS)]


def test_events_are_found_by_permit_and_by_type(client: FlaskClient, state: Path) -> None:
    assert state
    assert seqs(client, "permit=P-2") == [4]
    assert seqs(client, "type=alarm.raised") == [5, 3]
    assert seqs(client, "type=alarm.raised&before=5") == [3]
    assert seqs(client, "permit=nobody") == []
    assert seqs(client, "permit=%27%20OR%201%3D1%20--") == []


def test_an_event_says_which_permit_it_is_about(client: FlaskClient, state: Path) -> None:
    assert state
    about = {one["seq"]: one["permit"] for one in got(client, "/api/v1/events?limit=200")["events"]}
    assert (about[1], about[2], about[3], about[4]) == ("", "P-1", "P-1", "P-2")
    assert {about[seq] for seq in (6, 7, 8)} == {""}, "what is about a person is about no permit"


def test_why_somebody_is_barred_is_told_to_administrators_alone(site: Path, state: Path) -> None:
    assert state
    for person in ("li-na", "zhao-min", "sun-viewer"):
        page = got(make_client(site, cookie(site, person)), "/api/v1/events/7")
        assert (page["event"]["type"], page["data"]) == ("person.changed", {})
    assert got(make_client(site, panel_cookie(site)), "/api/v1/events/7")["data"] == {}
    assert (
        got(make_client(site, cookie(site, "chen-admin")), "/api/v1/events/7")["data"]["denied"] == "drunk at work"
    )
    assert got(make_client(site, cookie(site, "li-na")), "/api/v1/events/8")["data"]["proof"] == "badge"


def test_one_event_with_what_led_to_it(client: FlaskClient, state: Path) -> None:
    curve = Curve(from_utc=1.0, step_s=2.0, levels=(0.5, None), quality=("g", "m"))
    kept = Evidence(seq=2, type="permit.paused", permit="P-1", at_utc=1.8e9, curves={"gas-h2s": curve}, ways={})
    (state / EVIDENCE).mkdir()
    (state / EVIDENCE / "2.json").write_bytes(msgspec.json.encode(kept))
    page = got(client, "/api/v1/events/2")
    assert page["event"]["words"] == WORDS
    assert page["evidence"]["curves"]["gas-h2s"]["levels"] == [0.5, None]
    assert got(client, "/api/v1/events/4")["evidence"] is None
    (state / EVIDENCE / "4.json").write_bytes(b'{"seq": 4')
    answer = client.get("/api/v1/events/4")
    assert answer.json is not None
    assert answer.json["error"]["code"] == "E-NO-EVIDENCE"


def test_an_event_names_what_the_records_say_was_kept_of_it(
    client: FlaskClient, site: Path, folder: Folder
) -> None:
    folder.put(live())
    file = {"name": "P-1/cam-1/20261126T120000.000Z-clip.film", "sha256": "ab" * 32, "size": 7}
    data = {
        "kind": "clip", "camera": "cam-1", "permit": "P-1", "events": [2, 3], "files": [file], "began_utc": 1.8e9,
        "ended_utc": 1.8e9 + 30, "clock_trusted": True, "whole": True,
    }  # fmt: skip
    last = EVENTS[-1]
    kept = replace(last, seq=last.seq + 1, type="evidence.kept", subject="P-1", data=data)
    other = replace(kept, seq=last.seq + 2, data=data | {"events": [4]})
    with Store.open(site / "state" / DATABASE) as store:
        store.commit(Batch(audit=entries([*EVENTS, kept, other], GENESIS)))
    (found,) = got(client, "/api/v1/events/2")["kept"]
    assert (found["name"], found["sha256"], found["whole"]) == (file["name"], file["sha256"], True)
    assert (found["camera"], found["ended_utc"] - found["began_utc"]) == ("cam-1", 30.0)
    assert got(client, "/api/v1/events/1")["kept"] == []


def test_an_event_shows_where_its_rectification_stands(client: FlaskClient, site: Path, folder: Folder) -> None:
    folder.put(live())
    last = EVENTS[-1]

    def said(after: int, status: str, ticket: str = "R-7", about: int = 2) -> Event:
        words = {"zh": f"工单 {ticket}", "en": f"ticket {ticket}: {status}"}
        data = {"kind": "ticket", "event": about, "status": status, "deadline_utc": 1.8e9, "words": words}
        return replace(last, seq=last.seq + after, type="record.updated", subject=f"ticket/{ticket}", data=data)

    told = [said(1, "accepted"), said(2, "open", "R-8"), said(3, "verified"), said(4, "open", "R-9", about=3)]
    with Store.open(site / "state" / DATABASE) as store:
        store.commit(Batch(audit=entries([*EVENTS, *told], GENESIS)))
    found = got(client, "/api/v1/events/2")["tickets"]
    assert [(one["id"], one["words"]["en"], one["over"]) for one in found] == [
        ("R-7", "ticket R-7: verified", True),
        ("R-8", "ticket R-8: open", False),
    ]
    assert found[0]["deadline_utc"] == 1.8e9
    assert got(client, "/api/v1/events/1")["tickets"] == []


@pytest.mark.parametrize("seq", ["0", "70", "99999999999999999999"])
def test_an_event_that_never_was_is_told(client: FlaskClient, state: Path, seq: str) -> None:
    assert state
    answer = client.get(f"/api/v1/events/{seq}")
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["error"]["code"] == "E-NO-EVENT"


def test_a_still_of_an_event_is_for_whom_its_camera_concerns(site: Path, state: Path, folder: Folder) -> None:
    folder.put_still()
    (state / EVIDENCE).mkdir()
    shutil.copy(folder.path / "cam-1.jpg", state / EVIDENCE / "2-cam-1.masked.jpg")
    path = "/api/v1/events/2/stills/cam-1.jpg"
    assert make_client(site, cookie(site, "li-na")).get(path).mimetype == "image/jpeg"
    assert make_client(site, cookie(site, "he-yard")).get(path).status_code == 404
    for other in ("/api/v1/events/3/stills/cam-1.jpg", "/api/v1/events/2/stills/..%2F2.json.jpg"):
        assert make_client(site, cookie(site, "li-na")).get(other).status_code == 404


def test_whoever_is_named_on_a_permit_sees_its_cameras(site: Path, folder: Folder) -> None:
    folder.put_still()
    client = make_client(site, cookie(site, "he-yard"))
    permit = replace(live().permits[0], cameras=("cam-1",), guard_id="he-yard")
    folder.put(live(permits=(permit,)))
    assert client.get("/api/v1/stills/cam-1.jpg").status_code == 200
    folder.put(live(permits=(replace(permit, guard_id="li-na"),)))
    assert client.get("/api/v1/stills/cam-1.jpg").status_code == 404


def test_guide_cards_and_hazards_are_the_agents_own(site: Path, client: FlaskClient) -> None:
    for path, code in (("cards/RPT-01", "E-NO-GUIDES"), ("hazards", "E-NO-GUIDES")):
        answer = client.get(f"/api/v1/{path}")
        assert answer.json is not None
        assert answer.json["error"]["code"] == code
    write_guides(site / "run", guides(), kinds())
    assert got(client, "/api/v1/cards/RPT-01")["title"]["en"] == "Fire or smoke"
    assert [one["kind"] for one in got(client, "/api/v1/hazards")["hazards"]][:2] == ["fire", "leak"]
    answer = client.get("/api/v1/cards/NONE-01")
    assert answer.json is not None
    assert answer.json["error"]["code"] == "E-NO-CARD"


def test_the_plan_is_the_sites_own(site: Path, client: FlaskClient) -> None:
    shutil.copy(TREE / "zones" / "demo-tank" / "areas.toml", site / "areas.toml")
    areas = got(client, "/api/v1/plan")["areas"]
    assert [one["id"] for one in areas] == ["tank-mouth", "tank-inside", "yard"]
    assert areas[0]["corners"][0] == [4.5, -2.0]


@pytest.mark.parametrize("content", [None, "[[areas]]\nid = 3", "[[areas", '[[areas]]\nid = "a"'])
def test_a_plan_that_cannot_be_read_is_told(site: Path, client: FlaskClient, content: str | None) -> None:
    if content is not None:
        (site / "areas.toml").write_text(content, encoding="utf-8")
    answer = client.get("/api/v1/plan")
    assert answer.json is not None
    assert answer.json["error"]["code"] == "E-NO-PLAN"
    assert "areas.toml" in answer.json["error"]["cause"]["en"]
