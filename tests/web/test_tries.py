"""Looks at devices before they are entered: real programs at simulated devices; what hangs or breaks is told."""

import subprocess
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask.testing import FlaskClient

from edge_agent.simulate.handle import Simulator
from tests.pages.test_devices import tank
from tests.support.desk_peer import DeskPeer
from tests.support.pages import cookie, make_client
from web_ui.sessions import COOKIE
from web_ui.tries import Run, run

SECRET = {"user": "admin", "password": "s3cret/@"}


class Fitter:
    """A technician's page."""

    def __init__(self, site: Path, ran: Run = run, who: str = "gu-tech") -> None:
        self.client: FlaskClient = make_client(site, cookie(site, who), try_out=ran)
        token = (self.client.get("/api/v1/session").json or {})["csrf"]
        self.headers = {"X-Edge": "1", "X-CSRF": token}

    def begin(self, kind: str, **form: Any) -> Any:
        return self.client.post(f"/api/v1/tries/{kind}", json=form, headers=self.headers).json

    def look(self, kind: str, **form: Any) -> Any:
        told = self.begin(kind, **form)
        while told["running"]:
            told = self.client.get(f"/api/v1/tries/{told['id']}").json
        return told


def test_a_detector_is_shown_raw_and_decoded_and_its_profile_is_found(site: Path) -> None:
    with Simulator("gas-gateway", "--warmup", "0") as gateway:
        told = Fitter(tank(site.with_name("tank"))).look("detector", where=f"127.0.0.1:{gateway.port}", unit=3)[
            "probed"
        ]
    assert (told["profile"], told["gas"], told["quality"]) == ("cn10_single_gas", "h2s", "good")
    assert told["registers"][8]["word"] == 13312
    assert "h2s" in told["registers"][8]["means"]["en"]
    assert next(one["profile"] for one in told["fits"] if one["fits"]) == "cn10_single_gas"


def test_nobody_at_the_address_is_told_in_words(site: Path) -> None:
    told = Fitter(tank(site.with_name("tank"))).look("detector", where="127.0.0.1:1", unit=3)["probed"]
    assert "Connection refused" in told["failed"]["en"]
    assert told["registers"] == []


def test_what_a_running_agent_holds_is_left_alone(site: Path) -> None:
    """It is not even connected to: the gateway would drop the agent."""
    yard = tank(site.with_name("tank"))
    with Simulator("gas-gateway", "--warmup", "0") as gateway, DeskPeer(yard / "run"):
        text = (yard / "site.toml").read_text("utf-8")
        (yard / "site.toml").write_text(text.replace("port = 3\n", f"port = {gateway.port}\n"), "utf-8")
        told = Fitter(yard).look("detector", where=f"localhost:{gateway.port}", unit=3)["probed"]
        beside = Fitter(yard).look("detector", where="127.0.0.1:1", unit=3)["probed"]
    assert "buses.gateway-1" in told["failed"]["en"]
    assert "Connection refused" in beside["failed"]["en"]


def test_beside_settings_that_cannot_be_read_nothing_is_asked(site: Path) -> None:
    told = Fitter(site).look("detector", where="127.0.0.1:1", unit=3)["probed"]
    assert "edge-agent check" in told["failed"]["en"]


def test_a_stream_that_is_none_says_so_without_its_password(site: Path) -> None:
    told = Fitter(site).look("stream", url="rtsp://127.0.0.1:1/x", **SECRET)
    assert told["stream"]["failed"]["en"]
    assert "s3cret" not in str(told)


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("detector", {"where": "/dev/ttyUSB0", "unit": 1}),
        ("detector", {"where": "--device", "unit": 1}),
        ("detector", {"where": "../site", "unit": 1}),
        ("detector", {"where": "10.0.0.1", "unit": 248}),
        ("detector", {"where": "10.0.0.1", "unit": 1, "profile": "../../etc/passwd"}),
        ("detector", {"where": "10.0.0.1", "unit": 1, "gas": "--json"}),
        ("cameras", {"user": "--group"}),
        ("cameras", {"user": "a\nb"}),
        ("stream", {"url": "file:///etc/passwd"}),
        ("stream", {"url": "rtsp://admin:secret@10.0.0.1/1"}),
        ("stream", {"url": "rtsp://10.0.0.1/1\nfile:///etc/passwd"}),
    ],
)
def test_nothing_but_an_address_reaches_a_command(site: Path, kind: str, form: dict[str, Any]) -> None:
    def never(_command: tuple[str, ...], _given: bytes) -> bytes:
        raise AssertionError

    assert Fitter(site, never).begin(kind, **form)["error"]["code"] == "E-FORM"


def test_a_password_stands_in_no_command(site: Path) -> None:
    seen: list[tuple[tuple[str, ...], bytes]] = []

    def ran(command: tuple[str, ...], given: bytes) -> bytes:
        seen.append((command, given))
        return b"{}"

    fitter = Fitter(site, ran)
    fitter.look("cameras", **SECRET)
    fitter.look("stream", url="rtsp://10.0.0.1:554/1", **SECRET)
    assert [given for _, given in seen] == [b"s3cret/@\n", b"rtsp://admin:s3cret%2F%40@10.0.0.1:554/1\n"]
    assert "s3cret" not in str([command for command, _ in seen])


@pytest.mark.parametrize("said", [b"", b"Traceback", b'{"registers": 3}', b"[" * 100_000])
def test_what_gives_nothing_is_told(site: Path, said: bytes) -> None:
    told = Fitter(site, lambda _command, _given: said).look("detector", where="10.0.0.1", unit=1)
    assert told["probed"] is None
    assert told["failed"]["zh"]


def test_what_hangs_is_ended_and_told(site: Path) -> None:
    def hangs(_command: tuple[str, ...], _given: bytes) -> bytes:
        raise subprocess.TimeoutExpired("probe", 60.0)

    assert "ended" in Fitter(site, hangs).look("cameras")["failed"]["en"]


def test_one_look_at_a_time_and_nobody_sees_anothers(site: Path) -> None:
    go_on = Event()

    def slow(_command: tuple[str, ...], _given: bytes) -> bytes:
        assert go_on.wait(10)
        return b"{}"

    fitter = Fitter(site, slow)
    told = fitter.begin("cameras")
    assert fitter.begin("cameras")["error"]["code"] == "E-BUSY"
    fitter.client.set_cookie(COOKIE, cookie(site, "chen-admin"), secure=True)
    answer: Any = fitter.client.get(f"/api/v1/tries/{told['id']}").json
    assert answer["error"]["code"] == "E-NO-TRY"
    go_on.set()
