"""A camera is turned over real HTTP: it arrives, does not, refuses, is steered by others; and goes home."""

import threading
from collections.abc import Iterator

import pytest

from edge_agent.clock import SystemClock
from edge_agent.decide.aiming import Wish
from edge_agent.domain.observation import Aim, Aimed
from edge_agent.ops import aimer
from edge_agent.ops.aimer import Aimer
from edge_agent.sense.camera.onvif import ptz
from edge_agent.sense.camera.onvif.ptz import Spot, turner
from edge_agent.sense.camera.onvif.soap import Login, RefusedError, SoapError
from edge_agent.settings.site_cameras import PtzTable
from edge_agent.simulate.handle import Simulator

PASSWORD = "p@ss <&>"  # noqa: S105 (of the simulator)
LOGIN = Login(user="admin", password=PASSWORD)
NOWHERE = "239.255.255.250:19876"


@pytest.fixture(scope="module")
def turning() -> Iterator[Simulator]:
    """One camera for all: it turns in 0.3 s."""
    options = ("--host", "127.0.0.1", "--group", NOWHERE, "--login", f"admin:{PASSWORD}", "--ptz", "--slew", "0.3")
    one = Simulator("onvif", *options)
    yield one
    one.stop()


@pytest.fixture
def camera(turning: Simulator) -> Iterator[Simulator]:
    turning.command("turn", pan=0.9, tilt=0.9)
    yield turning
    turning.command("ailment", **{"is": "none"})


def service(camera: Simulator) -> str:
    return f"http://127.0.0.1:{camera.port}/onvif/device_service"


class Led:
    """The worker, led by hand: what is wanted, and all that it says."""

    def __init__(self, at: str, login: Login | None = LOGIN) -> None:
        self.wish, self.said, self.stop = "home", list[Aimed](), threading.Event()
        table = PtzTable(service=at, home="home", presets={"tank-inside": "tank"}, settle_s=0.1)
        self.aimer = Aimer(
            "cam-1", table, clock=SystemClock(declared=True),
            wanted=lambda: {"cam-1": Wish(preset=self.wish)}, deliver=self._hear, login=lambda: login,
        )  # fmt: skip

    def _hear(self, said: object) -> None:
        assert isinstance(said, Aimed)
        self.said.append(said)

    def look(self, wish: str | None = None) -> list[tuple[Aim, bool]]:
        """What it says of one look."""
        self.wish, before = wish or self.wish, len(self.said)
        self.aimer.look(self.stop)
        return [(one.aim, one.ok) for one in self.said[before:]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("TICK_S", 0.05), ("ARRIVES_S", 1.0), ("CHECK_S", 0.0), ("AGAIN_S", 0.0)):
        monkeypatch.setattr(aimer, name, seconds)


def test_it_says_that_it_turns_before_it_does_and_arrives_by_its_own_word(camera: Simulator) -> None:
    led = Led(service(camera))
    assert led.look() == [(Aim.MOVING, True), (Aim.HOME, True)]
    assert led.look("tank") == [(Aim.MOVING, True), (Aim.AWAY, True)]
    there = led.said[-1]
    assert (there.preset, there.pan, there.tilt, there.zoom) == ("tank", 0.5, -0.25, 0.4)
    assert led.look() == [(Aim.AWAY, True)]  # still there
    assert led.look("home") == [(Aim.MOVING, True), (Aim.HOME, True)]


@pytest.mark.parametrize(
    ("ailment", "why"), [("stuck", "未到预置位"), ("refuses", "拒绝"), ("unknown", "无法核对"), ("noise", "")]
)
def test_one_that_does_not_arrive_is_a_fault_and_its_place_unknown(
    camera: Simulator, ailment: str, why: str
) -> None:
    led = Led(service(camera))
    assert led.look()[-1] == (Aim.HOME, True)
    camera.command("ailment", **{"is": ailment})
    assert led.look("tank") == [(Aim.MOVING, True), (Aim.UNKNOWN, False)]
    assert why in led.said[-1].detail.zh
    assert led.said[-1].detail.en
    camera.command("ailment", **{"is": "none"})
    assert led.look("home")[-1] == (Aim.HOME, True)


def test_one_that_somebody_else_turns_is_unknown_until_it_is_home_again(camera: Simulator) -> None:
    led = Led(service(camera))
    led.look()
    camera.command("turn", pan=-0.5, tilt=0.0)
    assert led.look() == [(Aim.UNKNOWN, False)]
    assert led.look() == [(Aim.MOVING, True), (Aim.HOME, True)]


def test_one_that_answers_no_more_has_not_moved_for_all_we_know_but_is_a_fault(camera: Simulator) -> None:
    led = Led(service(camera))
    led.look()
    camera.command("ailment", **{"is": "noise"})
    assert led.look() == [(Aim.HOME, False)]
    camera.command("ailment", **{"is": "none"})
    assert led.look() == [(Aim.HOME, True)]


def test_what_is_wanted_meanwhile_ends_a_turn(camera: Simulator) -> None:
    led = Led(service(camera))
    led.look()
    camera.command("ailment", **{"is": "stuck"})
    changes = threading.Timer(0.2, lambda: setattr(led, "wish", "home"))
    changes.start()
    assert led.look("tank") == [(Aim.MOVING, True)]  # it was not waited for until the end
    camera.command("ailment", **{"is": "none"})
    assert led.look() == [(Aim.MOVING, True), (Aim.HOME, True)]


def test_nobody_there_a_wrong_login_and_no_such_preset_are_told(camera: Simulator) -> None:
    gone = Led("http://127.0.0.1:9/onvif/device_service")
    assert gone.look() == [(Aim.MOVING, True), (Aim.UNKNOWN, False)]
    with pytest.raises(RefusedError):
        turner(service(camera), Login(user="admin", password=PASSWORD[::-1]))
    led = Led(service(camera))
    assert led.look("roof") == [(Aim.MOVING, True), (Aim.UNKNOWN, False)]
    assert "roof" in led.said[-1].detail.zh


def test_a_camera_without_a_motor_is_told_so() -> None:
    with Simulator("onvif", "--host", "127.0.0.1", "--group", NOWHERE, "--login", f"admin:{PASSWORD}") as fixed:
        with pytest.raises(SoapError) as told:
            turner(service(fixed), LOGIN)
        assert told.value.words == ptz.NO_PTZ


@pytest.mark.parametrize("pan", ["nan", "inf", "-1.5", "", "x"])
def test_a_place_that_is_none_is_not_believed(pan: str) -> None:
    text = f'<P xmlns="t"><PanTilt x="{pan}" y="0.1"/></P>'.encode()
    assert ptz._spot(ptz_read(text)) is None
    good = b'<P xmlns="t"><PanTilt x="0.5" y="0.1"/></P>'
    assert ptz._spot(ptz_read(good)) == Spot(pan=0.5, tilt=0.1)


def ptz_read(text: bytes):  # noqa: ANN201
    from edge_agent.sense.camera.onvif.soap import read  # noqa: PLC0415

    return read(text)
