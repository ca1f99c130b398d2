"""Faces: everybody is shown masked pictures; whom the site names sees without it, each look put on record."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.test import TestResponse

from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.ops.folders import EVIDENCE
from tests.support.board_world import Folder, live
from tests.support.desk_peer import ROLES, DeskPeer, public, signed
from tests.support.pages import cookie, make_client, panel_cookie


def jpeg(grey: int) -> bytes:
    return cv2.imencode(".jpg", np.full((48, 64, 3), grey, np.uint8))[1].tobytes()


BARE, MASKED = jpeg(200), jpeg(10)
SHOWN = ("/api/v1/stills/cam-1.jpg", "/api/v1/events/7/stills/cam-1.jpg")
RAW = {"/api/v1/stills/cam-1/raw": "cam-1.jpg", "/api/v1/events/7/stills/cam-1/raw": "7-cam-1.jpg"}


@pytest.fixture(autouse=True)
def pictures(site: Path, folder: Folder) -> Path:
    """Both copies of one camera, live and of event 7."""
    folder.put(live())
    (site / "state" / EVIDENCE).mkdir()
    for picture, ending in ((BARE, ".jpg"), (MASKED, ".masked.jpg")):
        (folder.path / f"cam-1{ending}").write_bytes(picture)
        (site / "state" / EVIDENCE / f"7-cam-1{ending}").write_bytes(picture)
    return site


class Device:
    """Somebody's own device, logged in at the agent's desk."""

    def __init__(self, site: Path, person: str) -> None:
        self.person, self._key, self._count = person, ec.generate_private_key(ec.SECP256R1()), 0
        self._client = make_client(site)
        body = {"person": person, "pin": person[::-1], "key": public(self._key)}
        said = self._client.post("/api/v1/session", json=body, headers={"X-Edge": "1"}).json
        assert said is not None
        self._kid, self._csrf = said["key"], said["csrf"]

    def look(self, path: str, **changed: Any) -> TestResponse:
        self._count += 1
        form = {
            "ask": "film", "person": self.person, "pin": self.person[::-1], "about": [RAW[path], "look"],
            "reason": "who fell", "key": self._kid, "count": self._count, **changed,
        }  # fmt: skip
        text = json.dumps(form)
        body = {"form": text, "key": self._kid, "signature": signed(self._key, text)}
        return self._client.post(path, json=body, headers={"X-Edge": "1", "X-CSRF": self._csrf})


def code(answer: TestResponse) -> str:
    return str((answer.json or {})["error"]["code"])


@pytest.mark.parametrize("path", SHOWN)
@pytest.mark.parametrize("who", ["panel", *(one for one in ROLES if one not in {"fang-out", "he-yard"})])
def test_everybody_is_shown_the_masked_picture(site: Path, path: str, who: str) -> None:
    """Whatever his role: there is no way to the other one but to ask for it."""
    answer = make_client(site, panel_cookie(site) if who == "panel" else cookie(site, who)).get(path)
    assert answer.data == MASKED


@pytest.mark.parametrize("path", SHOWN)
def test_without_a_masked_copy_there_is_no_picture(site: Path, folder: Folder, path: str) -> None:
    for place in (folder.path, site / "state" / EVIDENCE):
        for masked in place.glob("*.masked.jpg"):
            masked.unlink()
    assert code(make_client(site, cookie(site, "zhao-min")).get(path)) == "E-NO-STILL"


@pytest.mark.parametrize("path", RAW)
@pytest.mark.parametrize("person", [one for one in ROLES if one != "fang-out"])
def test_without_the_mask_it_is_shown_to_the_roles_that_the_site_names(
    site: Path, peer: DeskPeer, path: str, person: str
) -> None:
    answer = Device(site, person).look(path)
    if person in {"zhao-min", "chen-admin"}:
        assert answer.data == BARE
        assert answer.headers["Cache-Control"] == "no-store"
        (asked,) = peer.requests
        assert (asked.ask, asked.person, asked.about, asked.reason) == (
            Ask.FILM, person, (RAW[path], "look"), "who fell"
        )  # fmt: skip
    else:
        assert (answer.status_code, code(answer)) == (403, "E-NOT-ALLOWED")
        assert peer.requests == []


@pytest.mark.parametrize("named", [(), ("viewer",)])
def test_the_site_may_name_others_or_nobody(site: Path, peer: DeskPeer, named: tuple[str, ...]) -> None:
    with (site / "site.toml").open("a", encoding="utf-8") as file:
        file.write(f"[privacy]\nraw_for = {json.dumps(named)}\n")
    path = next(iter(RAW))
    assert Device(site, "zhao-min").look(path).status_code == 403
    assert (Device(site, "sun-viewer").look(path).data == BARE) is bool(named)
    assert len(peer.requests) == len(named)


@pytest.mark.parametrize("path", RAW)
def test_what_the_agent_refuses_or_cannot_put_on_record_is_not_shown(
    site: Path, peer: DeskPeer, path: str
) -> None:
    device = Device(site, "zhao-min")
    peer.refuses = (Words("不可", "no"),)
    answer = device.look(path)
    assert answer.json is not None
    assert answer.json["accepted"] is False
    peer.__exit__()
    assert code(device.look(path)) == "E-NO-AGENT"


@pytest.mark.parametrize("path", RAW)
@pytest.mark.parametrize(
    "changed",
    [
        {"about": ["8-cam-1.jpg", "look"]},
        {"about": ["cam-2.jpg", "look"]},
        {"about": ["7-cam-1.jpg", "keep"]},
        {"about": []},
        {"ask": "here"},
    ],
    ids=str,
)
def test_a_form_about_something_else_opens_nothing(
    site: Path, peer: DeskPeer, path: str, changed: dict[str, Any]
) -> None:
    assert code(Device(site, "zhao-min").look(path, **changed)) == "E-FORM"
    assert peer.requests == []


def test_nothing_is_on_record_that_nobody_saw(site: Path, folder: Folder, peer: DeskPeer) -> None:
    (folder.path / "cam-1.jpg").unlink()
    (site / "state" / EVIDENCE / "7-cam-1.jpg").unlink()
    for path in RAW:
        assert code(Device(site, "zhao-min").look(path)) == "E-NO-STILL"
    assert peer.requests == []
