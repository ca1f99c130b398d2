"""The field's HTTP receiver on a real socket: phones and Traccar are heard, hostile callers change nothing."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_agent.domain.observation import DeviceHealth, Observation, Position
from edge_agent.ops.demo.ports import picked_port
from edge_agent.sense import http_field
from edge_agent.sense.http_field import FIELD, HttpField
from edge_agent.sense.wearables import profile
from edge_agent.sense.wearables.family import Tag
from edge_agent.sense.wearables.mapped import Mapped
from edge_agent.settings.site_told import HttpTable
from tests.sense.field_fakes import CLOCK, FRAME, ROOT, Heard, running

TOKEN = "a-token-of-this-test"  # noqa: S105 (worthless)
NAMES = ("traccar_forward", "traccar_client", "osmand")
PHONE = {"id": "phone-1", "lat": "31.0005", "lon": "121.0002", "accuracy": "4"}
FORWARDED = {
    "position": {
        "fixTime": "",
        "valid": True,
        "outdated": False,
        "latitude": 31.0005,
        "longitude": 121.0002,
        "accuracy": 0.0,
        "attributes": {"motion": True, "batteryLevel": 77, "alarm": "lowBattery,sos"},
    },
    "device": {"uniqueId": "phone-1", "status": "online"},
}


def forwarded(**position: object) -> bytes:
    return json.dumps(FORWARDED | {"position": {**FORWARDED["position"], **position}}).encode()


def phone(**changed: object) -> str:
    now = int(CLOCK.instant().utc)
    return f"/osmand/{TOKEN}?{urlencode({**PHONE, 'timestamp': now, **changed})}"


def worker(port: int, folder: Path, token: str = TOKEN, quiet_s: float = 60.0) -> HttpField:
    secret = folder / "token"
    secret.write_text(token + "\n", encoding="utf-8")
    families = {}
    for name in NAMES:
        spoken = profile.load(ROOT, name)
        assert isinstance(spoken, profile.MappedProfile)
        tag = Tag(device=f"{name}-1", provider_id="phone-1", profile=spoken)
        families[name] = Mapped(spoken, (tag,), FRAME, spoken.crs)
    table = HttpTable(host="127.0.0.1", port=port, token_file="token")  # noqa: S106 (a file's name)
    return HttpField(table, families, CLOCK, secret, quiet_s)


@contextmanager
def receiver(folder: Path, heard: Heard) -> Iterator[int]:
    with ExitStack() as held:
        port = picked_port(held)
        with running(worker(port, folder), heard):
            deadline = time.monotonic() + 20
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                except OSError:
                    assert time.monotonic() < deadline
                    time.sleep(0.01)
                else:
                    break
            yield port


def said(port: int, *parts: bytes) -> bytes:
    """What is answered to these bytes, until the receiver hangs up."""
    with socket.create_connection(("127.0.0.1", port), 20) as caller:
        answer = b""
        try:
            for part in parts:
                caller.sendall(part)
            while more := caller.recv(4096):
                answer += more
        except ConnectionError:  # it may hang up while we still talk
            pass
        return answer


def post(port: int, path: str, body: bytes, head: str = "") -> int:
    lines = f"POST {path} HTTP/1.1\r\nHost: box\r\n{head}Content-Length: {len(body)}\r\n\r\n"
    return int(said(port, lines.encode(), body).split()[1])


def get(port: int, path: str) -> int:
    return int(said(port, f"GET {path} HTTP/1.1\r\nHost: box\r\n\r\n".encode()).split()[1])


def fix_of(device: str) -> object:
    return lambda seen: isinstance(seen, Position) and seen.source == device


def test_each_kind_of_sender_is_heard(tmp_path: Path) -> None:
    heard = Heard()
    bearer = f"Authorization: Bearer {TOKEN}\r\n"
    with receiver(tmp_path, heard) as port:
        now = CLOCK.instant().utc
        assert get(port, phone()) == 200
        assert post(port, "/traccar_forward", forwarded(fixTime=int(now * 1000)), bearer) == 200
        location = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
            "coords": {"latitude": 31.0005, "longitude": 121.0002, "accuracy": 5},
            "battery": {"level": 0.5},
        }
        body = json.dumps({"location": location, "device_id": "phone-1"}).encode()
        assert post(port, f"/traccar_client/{TOKEN}", body) == 200
        walker = heard.wait(fix_of("osmand-1"))
        server = heard.wait(fix_of("traccar_forward-1"))
        app = heard.wait(fix_of("traccar_client-1"))
        heard.wait(lambda seen: isinstance(seen, DeviceHealth) and seen.source == FIELD and seen.ok)
    for seen in (walker, server, app):
        assert isinstance(seen, Position)
        assert seen.x_m == pytest.approx(19.1, abs=0.1)
        assert (seen.moving, seen.worn) == (None, None)
    assert isinstance(server, Position)
    assert (server.sos, server.fall, server.battery_pct, server.accuracy_m) == (True, False, 77.0, None)
    assert isinstance(app, Position)
    assert app.battery_pct == 50.0


def test_a_fix_that_its_platform_calls_none_is_no_place(tmp_path: Path) -> None:
    heard = Heard()
    with receiver(tmp_path, heard) as port:
        now_ms = CLOCK.instant().utc * 1000
        for wrong in ({"valid": False}, {"outdated": True}, {"valid": None}, {"fixTime": None}):
            after = heard.mark()
            assert post(port, f"/traccar_forward/{TOKEN}", forwarded(**({"fixTime": now_ms} | wrong))) == 200
            seen = heard.wait(fix_of("traccar_forward-1"), after)
            assert isinstance(seen, Position)
            assert (seen.x_m, seen.zone) == (None, None)
        after = heard.mark()
        assert get(
            port, f"/osmand/{TOKEN}?{urlencode(PHONE | {'timestamp': int(now_ms / 1000), 'valid': 'false'})}"
        )
        seen = heard.wait(fix_of("osmand-1"), after)
        assert isinstance(seen, Position)
        assert seen.x_m is None


def test_without_the_token_nothing_is_told_and_nothing_changes(tmp_path: Path) -> None:
    heard = Heard()
    with receiver(tmp_path, heard) as port:
        query = urlencode(PHONE)
        for path in ("/osmand", "/osmand/", "/osmand/wrong", f"/osmand/{TOKEN}x", "/nobody/wrong", "/", "*", "//"):
            assert get(port, f"{path}?{query}") == 401
        assert get(port, f"/osmand/wrong/{TOKEN}?{query}") == 401
        assert post(port, "/traccar_forward", b"{}", "Authorization: Bearer wrong\r\n") == 401
        assert get(port, f"/nobody/{TOKEN}?{query}") == 404
        assert get(port, f"/traccar_forward/{TOKEN}") == 405
        assert get(port, f"/osmand/{TOKEN}") == 400
        assert post(port, f"/traccar_forward/{TOKEN}", b"[") == 400
        assert get(port, f"/osmand/{TOKEN}?{urlencode(PHONE | {'id': 'another'})}") == 200  # nobody's here
    assert not [seen for seen in heard.all if isinstance(seen, Position)]


def test_an_empty_token_opens_nothing_and_is_told(tmp_path: Path) -> None:
    heard = Heard()
    with ExitStack() as held:
        port = picked_port(held)
        with running(worker(port, tmp_path, token=""), heard):
            heard.wait(lambda seen: isinstance(seen, DeviceHealth) and "token file is empty" in seen.detail.en)
            with pytest.raises(OSError, match="refused"):
                get(port, f"/osmand/?{urlencode(PHONE)}")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"\x00\xff\xfe\r\n\r\n", b"400"),
        (b"GET /osmand HTTP/1.1\r\n\r\n", b"400"),
        (b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", b"431"),
        (
            b"POST /traccar_forward HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 200_000,
            b"413",
        ),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
    ],
    ids=["binary", "no host", "no url", "long header", "long body", "bad length", "bad chunk"],
)
def test_hostile_requests_are_refused_and_the_next_one_is_heard(
    tmp_path: Path, request_: bytes, status: bytes
) -> None:
    heard = Heard()
    with receiver(tmp_path, heard) as port:
        answer = said(port, request_)
        assert answer == b"" or status in answer.split(b"\r\n")[0]
        assert get(port, phone()) == 200
        heard.wait(fix_of("osmand-1"))


def test_callers_who_say_nothing_hold_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that has been open longest gives way: it need not be waited for."""
    monkeypatch.setattr(http_field, "REQUEST_S", 600.0)
    heard = Heard()
    with receiver(tmp_path, heard) as port, ExitStack() as idle:
        slow = [
            idle.enter_context(socket.create_connection(("127.0.0.1", port), 20))
            for _ in range(http_field.MOST_OPEN + 8)
        ]
        for caller in slow:
            with suppress(ConnectionError):
                caller.sendall(b"GET /osmand HTT")
        assert get(port, phone()) == 200
        heard.wait(fix_of("osmand-1"))
        with suppress(ConnectionError):
            assert slow[0].recv(1) == b""


def test_who_never_ends_his_request_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_field, "REQUEST_S", 0.2)
    with receiver(tmp_path, Heard()) as port:
        assert said(port, b"GET /osmand HTT") == b""


def test_an_address_that_is_taken_and_a_token_that_is_missing_are_told(tmp_path: Path) -> None:
    heard = Heard()

    def told(words: str) -> object:
        return lambda seen: isinstance(seen, DeviceHealth) and seen.source == FIELD and words in seen.detail.en

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(worker(port, tmp_path, quiet_s=0.1), heard):
            heard.wait(told(str(port)))
    lost = worker(port, tmp_path, quiet_s=0.1)
    (tmp_path / "token").unlink()
    with running(lost, heard):
        heard.wait(told("token"))


def test_a_forwarder_that_sends_nothing_is_told_again_and_again(tmp_path: Path) -> None:
    heard = Heard()

    def quiet(seen: Observation) -> bool:
        return (
            isinstance(seen, DeviceHealth) and seen.source == FIELD and "nothing has been sent" in seen.detail.en
        )

    with ExitStack() as held, running(worker(picked_port(held), tmp_path, quiet_s=0.1), heard):
        heard.wait(quiet)
        heard.wait(quiet, heard.mark())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_no_place(tmp_path: Path, noise: bytes) -> None:
    """Noise instead of a request, and as the body of one that may speak."""
    heard = Heard()
    with receiver(tmp_path, heard) as port:
        with socket.create_connection(("127.0.0.1", port), 20) as caller:
            caller.sendall(noise)
        post(port, f"/traccar_forward/{TOKEN}", noise)
        assert get(port, "/") == 401
    assert not [seen for seen in heard.all if isinstance(seen, Position)]
