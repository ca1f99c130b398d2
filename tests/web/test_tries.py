"""What came of a look at a device: for whoever asked alone, and never under way for ever."""

import os
from pathlib import Path
from typing import Any

import msgspec

from edge_agent.ops.folders import TRIES
from edge_agent.tell.live_setup import Probed, Try
from tests.support.pages import cookie, make_client
from web_ui.sessions import COOKIE

TOKEN = "a0b1c2d3e4f5a6b7"  # noqa: S105 (the name of a file)


def told(site: Path, who: str, token: str = TOKEN) -> Any:
    client = make_client(site, cookie(site, who))
    client.set_cookie(COOKIE, cookie(site, who), secure=True)
    return client.get(f"/api/v1/tries/{token}").json


def written(site: Path, *, running: bool) -> Path:
    folder = site / "run" / TRIES
    folder.mkdir(exist_ok=True)
    one = Try(id=TOKEN, person="gu-tech", running=running, probed=None if running else Probed(profile="x"))
    (folder / f"{TOKEN}.json").write_bytes(msgspec.json.encode(one))
    return folder / f"{TOKEN}.json"


def test_whoever_asked_is_told_and_nobody_else(site: Path) -> None:
    written(site, running=False)
    assert told(site, "gu-tech")["probed"]["profile"] == "x"
    assert told(site, "chen-admin")["error"]["code"] == "E-NO-TRY"
    for none in ("b" * 16, "short"):
        assert told(site, "gu-tech", none)["error"]["code"] == "E-NO-TRY"
    assert told(site, "gu-tech", "..%2Fpeople")["error"]["code"] == "E-NO-ROUTE"


def test_a_look_whose_agent_ended_is_told_as_ended(site: Path) -> None:
    file = written(site, running=True)
    assert told(site, "gu-tech")["running"] is True
    os.utime(file, (0, 0))
    ended = told(site, "gu-tech")
    assert ended["running"] is False
    assert ended["failed"]["en"]
