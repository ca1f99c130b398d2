"""The doctor's look as the API tells it: one at a time; one that gives nothing is told, never shown as fine."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask.testing import FlaskClient

from edge_agent.domain.words import Words
from edge_agent.ops.doctor.finding import Layer, fault, fine
from tests.support.pages import cookie, make_client
from web_ui.look import Looks

FOUND = [
    fault("buses.b", Layer.PORT, "refused", Words("端口被拒绝", "refused"), Words("查网关", "see to the gateway")),
    fine("clock", Words("时钟可信", "trusted")),
]


def written() -> bytes:
    import msgspec  # noqa: PLC0415

    return msgspec.json.encode({"exit": 69, "findings": FOUND})


def client(site: Path, look: Callable[[], bytes]) -> FlaskClient:
    return make_client(site, cookie(site, "chen-admin"), look=look)


def looked(look: Callable[[], bytes]) -> Any:
    """What is told of one whole look."""
    done = Event()

    def told() -> bytes:
        try:
            return look()
        finally:
            done.set()

    looks = Looks(told, lambda: 1000.0)
    assert looks.now.last is None
    looks.begin()
    assert done.wait(10)
    while looks.now.running:
        pass
    return looks.now.last


def test_the_findings_are_told_as_the_doctor_writes_them() -> None:
    last = looked(written)
    assert [(one.part, one.layer, one.standing, one.remedy.en) for one in last.findings] == [
        ("buses.b", 3, "fault", "see to the gateway"),
        ("clock", 7, "fine", ""),
    ]
    assert (last.at_utc, last.failed.en) == (1000.0, "")


@pytest.mark.parametrize("said", [b"", b"Traceback", b"{}", b'{"findings": [{"part": 3}]}', b"[" * 100_000])
def test_a_look_that_gives_nothing_says_so_and_shows_nothing_as_fine(said: bytes) -> None:
    last = looked(lambda: said)
    assert last.findings == ()
    assert last.failed.zh
    assert last.failed.en


def test_a_look_that_hangs_is_told() -> None:
    def hangs() -> bytes:
        raise subprocess.TimeoutExpired("doctor", 60.0)

    assert "ended" in looked(hangs).failed.en


def test_two_who_ask_at_once_share_one_look(site: Path) -> None:
    begun, go_on, count = Event(), Event(), []

    def slow() -> bytes:
        count.append(1)
        begun.set()
        assert go_on.wait(10)
        return written()

    asks = client(site, slow)
    before = asks.get("/api/v1/doctor").json
    assert before == {"running": False, "last": None}
    token = asks.get("/api/v1/session").json["csrf"]
    headers = {"X-Edge": "1", "X-CSRF": token}
    assert asks.post("/api/v1/doctor", headers=headers).json["running"]
    assert begun.wait(10)
    assert asks.post("/api/v1/doctor", headers=headers).json == {"running": True, "last": None}
    go_on.set()
    while (told := json.loads(asks.get("/api/v1/doctor").data))["running"]:
        pass
    assert [one["standing"] for one in told["last"]["findings"]] == ["fault", "fine"]
    assert count == [1]
