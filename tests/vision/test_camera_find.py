"""`edge-agent camera find`: against cameras that speak ONVIF over real multicast and real HTTP."""

import io
import itertools
import os
from collections.abc import Callable, Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.ops.camera_find import NO_STREAM, NOBODY, as_json, found
from edge_agent.sense.camera.onvif.discovery import Answered, at_host, look_around, understood
from edge_agent.sense.camera.onvif.media import Offered, asked_about, for_judging
from edge_agent.sense.camera.onvif.soap import LATIN as LATIN_ONLY
from edge_agent.sense.camera.onvif.soap import NO_ONVIF, REFUSED, RefusedError, SoapError, read
from edge_agent.simulate.handle import Simulator
from edge_agent.tell.live_setup import CamerasFound
from tests.support.languages import faults

LATIN = 'p@ss <&>:"w'
PASSWORD = LATIN + "字"
WAIT_S = 0.6
_ports = itertools.count(20_000 + os.getpid() % 20_000)  # a group of its own for each test, beside other runs
Camera = Callable[..., tuple[Simulator, tuple[str, int]]]


@pytest.fixture
def camera() -> Iterator[Camera]:
    running: list[Simulator] = []

    def start(*options: str, port: int | None = None) -> tuple[Simulator, tuple[str, int]]:
        group = ("239.255.255.250", port or next(_ports))
        told = ("--host", "0.0.0.0", "--group", f"{group[0]}:{group[1]}", *options)  # noqa: S104 - as cameras do
        running.append(Simulator("onvif", "--login", f"admin:{PASSWORD}", *told))
        return running[-1], group

    yield start
    for one in running:
        one.stop()


def typed(
    user: str,
    group: tuple[str, int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pin: str,
) -> tuple[int, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(pin + "\n"))
    code = found(user, WAIT_S, group)
    out = capsys.readouterr().out
    assert not pin or pin not in out
    return code, out


@pytest.mark.parametrize(
    ("way", "password"),
    [((), PASSWORD), (("--http-digest", "--login", f"admin:{LATIN}"), LATIN)],
    ids=["token", "http-digest"],
)
def test_a_camera_is_found_and_its_sub_stream_is_offered(
    way: tuple[str, ...],
    password: str,
    camera: Camera,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, group = camera("--name", "Hall 3", "--rtsp", "rtsp://127.0.0.1:8554/live", *way)
    code, out = typed("admin", group, monkeypatch, capsys, password)
    assert code == 0, out
    assert "Hall 3, SIM-1" in out
    host = out.partition("：")[0]
    assert f"rtsp://{host}:8554/live  mainStream: H264, 1920 x 1080, 25 Hz\n" in out
    assert f"rtsp://{host}:8554/live/sub  subStream: H264, 704 x 576, 12 Hz <- for judging" in out
    assert "audio" not in out, "a profile without video is no stream"
    assert "NTP" not in out


def test_without_a_user_only_who_is_there_is_told(
    camera: Camera, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, group = camera("--name", "A")
    code, out = typed("", group, monkeypatch, capsys, "")
    assert code == 0
    assert "A, SIM-1" in out
    assert "--user" in out
    assert {line["asked"] for line in one.lines if "asked" in line} == {"Probe"}, "nothing else is asked"


def test_a_wrong_password_is_named_with_its_remedy(
    camera: Camera, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for options in ((), ("--http-digest",)):
        _, group = camera(*options)
        code, out = typed("admin", group, monkeypatch, capsys, "guess")
        assert code == 69
        assert "keep users of their own for ONVIF" in out


def test_a_password_that_http_digest_cannot_say_is_named(
    camera: Camera, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, group = camera("--http-digest")
    code, out = typed("admin", group, monkeypatch, capsys, PASSWORD)
    assert code == 69
    assert "Latin letters and digits" in out


def test_a_clock_that_is_off_is_reckoned_with_and_told(
    camera: Camera, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, group = camera("--clock", "-86400")
    code, out = typed("admin", group, monkeypatch, capsys, PASSWORD)
    assert code == 0, out
    assert "its clock is -86400 s off" in out or "its clock is -86401 s off" in out


def test_nobody_there_is_said_with_what_to_look_at(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = typed("", ("239.255.255.250", next(_ports)), monkeypatch, capsys, "")
    assert code == 69
    assert "no camera answered" in out


def test_what_points_elsewhere_is_put_back_on_who_answered(camera: Camera) -> None:
    """A camera with a wrong idea of itself, or somebody who wants our login sent to another host."""
    one, group = camera()
    one.command("ailment", **{"is": "elsewhere"})
    (answered,) = look_around(WAIT_S, group)
    assert answered.service == f"http://{answered.host}:{one.port}/onvif/device_service"
    seen = asked_about(answered, "admin", PASSWORD)
    assert {stream.url for stream in seen.streams} == {
        f"rtsp://{answered.host}:554/live",
        f"rtsp://{answered.host}:554/live/sub",
    }


@pytest.mark.parametrize("ailment", ["mute", "noise", "doctype"])
def test_what_is_no_answer_is_nobody(ailment: str, camera: Camera) -> None:
    one, group = camera()
    answered = look_around(WAIT_S, group)
    one.command("ailment", **{"is": ailment})
    assert look_around(WAIT_S, group) == ()
    if ailment != "mute":
        with pytest.raises(SoapError, match="does not answer as ONVIF does"):
            asked_about(answered[0], "admin", PASSWORD)


def test_two_cameras_on_one_host_are_told_by_their_services(camera: Camera) -> None:
    _, group = camera("--name", "A")
    camera("--name", "B", port=group[1])
    assert sorted(answered.name for answered in look_around(WAIT_S, group)) == ["A", "B"]


def test_a_camera_that_went_away_is_named(camera: Camera) -> None:
    one, group = camera()
    (answered,) = look_around(WAIT_S, group)
    one.stop()
    with pytest.raises(SoapError) as fault:
        asked_about(answered, "admin", PASSWORD)
    assert not faults(fault.value.words)
    assert "check its power and network" in str(fault.value)


def test_the_largest_stream_that_is_judged_as_it_comes_is_the_one() -> None:
    def of(width: int, codec: str = "H264") -> Offered:
        return Offered(url="rtsp://a/", name="", codec=codec, width=width, height=width // 2, most_hz=None)

    assert for_judging((of(1920), of(1280), of(640))) == of(1280)
    assert for_judging((of(2560), of(1920))) == of(1920)
    assert for_judging((of(640, "JPEG"), of(1920))) == of(1920)
    assert for_judging((of(640, "JPEG"),)) is None


@given(said=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_datagram_is_an_answer_or_nothing(said: bytes) -> None:
    assert understood(said, "192.0.2.1", "urn:uuid:1") is None


@given(port=st.text(max_size=8))
def test_an_address_that_is_none_is_nothing(port: str) -> None:
    xml = (
        "<a><RelatesTo>urn:uuid:1</RelatesTo><XAddrs>{}</XAddrs></a>".format(
            f"http://h:{port}/x".replace("&", "").replace("<", "").replace("\x00", "")
        )
    ).encode(errors="replace")
    answer = understood(xml, "192.0.2.1", "urn:uuid:1")
    assert answer is None or answer.service.startswith("http://192.0.2.1")


def test_a_login_in_an_address_is_dropped() -> None:
    assert at_host("rtsp://root:pass@10.0.0.9:554/a?b=1", "192.0.2.1") == "rtsp://192.0.2.1:554/a?b=1"
    assert Answered(host="a", service="http://a/").name == ""


def test_what_declares_entities_is_not_read() -> None:
    with pytest.raises(SoapError):
        read(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')


def test_what_is_said_is_in_both_languages() -> None:
    assert not faults(NO_ONVIF) + faults(LATIN_ONLY) + faults(REFUSED) + faults(NOBODY) + faults(NO_STREAM)
    assert issubclass(RefusedError, SoapError)


def test_pages_are_told_the_same_as_json(
    camera: Camera, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, group = camera("--rtsp", "rtsp://127.0.0.1:554/main")
    told = []
    for user, password in (("admin", PASSWORD), ("admin", "wrong"), ("", "")):
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        assert as_json(user, WAIT_S, group) == 0
        out = capsys.readouterr().out
        assert PASSWORD not in out
        told.append(msgspec.json.decode(out, type=CamerasFound).cameras[0])
    known, refused, unasked = told
    assert [one.best for one in known.streams].count(True) == 1
    assert known.streams[0].url.startswith("rtsp://")
    assert (refused.streams, bool(refused.failed)) == ((), True)
    assert (unasked.streams, bool(unasked.failed)) == ((), False)


def test_pages_are_told_in_words_that_nobody_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json("", WAIT_S, ("239.255.255.250", next(_ports))) != 0
    assert msgspec.json.decode(capsys.readouterr().out, type=CamerasFound).failed == NOBODY
