"""Turns one camera to where it is wanted, and says where it looks: beside the brain, which never waits for it.

Before it turns it says so, so that nobody is judged in a picture of elsewhere. Nothing is believed but what the
camera itself reads back: the preset's own place, at rest.
"""

import threading
from collections.abc import Callable, Mapping
from functools import partial

from msgspec.structs import replace

from edge_agent.clock import Clock
from edge_agent.decide.aiming import Wish
from edge_agent.domain.observation import Aim, Aimed, Observation
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.camera.onvif.ptz import Spot, Turner, turner
from edge_agent.sense.camera.onvif.soap import Login, SoapError
from edge_agent.settings import camera_logins
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import CameraTable, PtzTable

TICK_S = 0.5  # between two looks at what is wanted, and at the camera while it turns
ARRIVES_S = 20.0  # a slow camera needs 10 s for half a turn
CHECK_S = 5.0  # between two looks at a camera at rest
AGAIN_S = 30.0  # a camera that did not arrive is told again
NO_PRESET = Words("没有预置位 {preset}", "has no preset {preset}")
NO_SPOT = Words("预置位 {preset} 没有报告位置，无法核对", "preset {preset} has no place: nobody can check it")
LATE = Words("{s} 秒内未到预置位 {preset}", "did not come to preset {preset} within {s} s")
STEERED = Words("云台被他人转动", "was turned by somebody else")


def login_of(settings: Settings, table: CameraTable) -> Login | None:
    """The camera's own login, None where it has none. Raises SoapError, in words, where it cannot be read."""
    if table.login is None:
        return None
    try:
        known = camera_logins.read(settings.folder / settings.site.vision.logins_file)
        found = known[table.login]
    except camera_logins.LoginsError as fault:
        raise SoapError(fault.words) from None
    except KeyError:
        raise SoapError(Words(f"没有登录 {table.login}", f"there is no login {table.login}")) from None
    return Login(user=found.user, password=found.password)


def aimers(
    settings: Settings,
    clock: Clock,
    wanted: Callable[[], Mapping[str, Wish]],
    deliver: Callable[[Observation], None],
) -> dict[str, "Aimer"]:
    """One for each camera that can turn."""
    return {
        id_: Aimer(
            id_, table.ptz, clock=clock, wanted=wanted, deliver=deliver, login=partial(login_of, settings, table)
        )
        for id_, table in settings.site.cameras.items()
        if table.ptz is not None
    }


class Aimer:
    """A worker of the supervisor, for one camera."""

    def __init__(  # noqa: PLR0913 (all by name)
        self,
        camera: str,
        table: PtzTable,
        *,
        clock: Clock,
        wanted: Callable[[], Mapping[str, Wish]],
        deliver: Callable[[Observation], None],
        login: Callable[[], Login | None],
    ) -> None:
        """`wanted` says where each camera is to look; `login` is the camera's own, read when it is needed."""
        self._camera, self._table, self._clock = camera, table, clock
        self._wanted, self._deliver, self._login = wanted, deliver, login
        self._turner: Turner | None = None
        self._at = ""  # the preset at which it was last seen at rest
        self._next_s = float("-inf")  # when something is to be done without a new wish
        self._tried = ""  # the preset that it was last told

    def run(self, stop: threading.Event) -> None:
        """Follow what is wanted until `stop`."""
        while not stop.is_set():
            self.look(stop)
            stop.wait(TICK_S)

    def look(self, stop: threading.Event) -> None:
        """Turn where something else is wanted; else see now and then that it still looks there."""
        preset = self._preset()
        due = self._clock.monotonic() >= self._next_s
        if preset != self._at and (due or preset != self._tried):
            self._turn(preset, stop)
        elif due:
            self._check(preset)

    def _preset(self) -> str:
        wish = self._wanted().get(self._camera)
        return self._table.home if wish is None else wish.preset

    def _turn(self, preset: str, stop: threading.Event) -> None:
        """One attempt, which ends when it is there, when something else is wanted, or when it takes too long."""
        self._tried, self._at = preset, ""
        self._say(Aim.MOVING, preset)
        try:
            turns = self._connected()
            spot = self._spot(turns, preset)
            turns.goto(preset)
            if not self._arrives(turns, preset, spot, stop):
                return
        except SoapError as fault:
            self._turner = None  # its address or its login may have changed
            self._lost(preset, fault.words)

    def _arrives(self, turns: Turner, preset: str, spot: Spot, stop: threading.Event) -> bool:
        began_s = self._clock.monotonic()
        rest_s: float | None = None
        while not stop.is_set() and self._preset() == preset:
            status, now_s = turns.status(), self._clock.monotonic()
            at_rest = status.spot.near(spot) and not status.moves
            rest_s = (now_s if rest_s is None else rest_s) if at_rest else None
            if rest_s is not None and now_s - rest_s >= self._table.settle_s:
                self._at, self._next_s = preset, now_s + CHECK_S
                self._say(self._aim(preset), preset, spot=status.spot)
                return True
            if now_s - began_s >= ARRIVES_S:
                self._lost(preset, LATE.filled(s=f"{ARRIVES_S:.0f}", preset=preset), status.spot)
                return False
            stop.wait(TICK_S)
        return False

    def _check(self, preset: str) -> None:
        """At rest: one that does not answer has not moved for all we know, one that has is told again."""
        self._next_s = self._clock.monotonic() + CHECK_S
        try:
            turns = self._connected()
            spot, status = self._spot(turns, preset), turns.status()
        except SoapError as fault:
            self._turner = None
            self._say(self._aim(preset), preset, wrong=fault.words)
            return
        if status.spot.near(spot) and not status.moves:
            self._say(self._aim(preset), preset, spot=status.spot)
        else:
            self._at = ""
            self._lost(preset, STEERED, status.spot)

    def _lost(self, preset: str, why: Words, spot: Spot | None = None) -> None:
        self._next_s = self._clock.monotonic() + AGAIN_S
        self._say(Aim.UNKNOWN, preset, wrong=why, spot=spot)

    def _connected(self) -> Turner:
        if self._turner is None:
            self._turner = turner(self._table.service, self._login())
        return self._turner

    @staticmethod
    def _spot(turns: Turner, preset: str) -> Spot:
        """Where the preset looks. Raises SoapError where it is not there, or nobody could check it."""
        presets = turns.presets()
        if preset not in presets:
            raise SoapError(NO_PRESET.filled(preset=preset))
        spot = presets[preset]
        if spot is None:
            raise SoapError(NO_SPOT.filled(preset=preset))
        return spot

    def _aim(self, preset: str) -> Aim:
        return Aim.HOME if preset == self._table.home else Aim.AWAY

    def _say(self, aim: Aim, preset: str, *, wrong: Words = NOTHING, spot: Spot | None = None) -> None:
        pan, tilt, zoom = (None, None, None) if spot is None else (spot.pan, spot.tilt, spot.zoom)
        now_s, ok = self._clock.monotonic(), not wrong
        aimed = Aimed(source=self._camera, at_s=now_s, aim=aim, preset=preset, ok=ok, detail=wrong)
        self._deliver(replace(aimed, pan=pan, tilt=tilt, zoom=zoom))
