"""Plays a play for real: simulators over their protocols, people at the socket, a witness at the centre."""

import math
import time
from typing import Any

from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words
from edge_agent.ops.demo import telling
from edge_agent.ops.demo.cast import Seen
from edge_agent.ops.demo.stage import Stage
from edge_agent.ops.demo.ticket import envelope
from edge_agent.ops.demo.timeline import Timeline
from edge_agent.ops.demo.witness import Event, NotSeen
from edge_agent.settings.site import Settings
from edge_agent.tell.desk_client import ask as file_request
from edge_agent.tell.live_permit import LivePermit

# The demo people's PINs stand in the persons.toml of the demo sites: they are a demo's.
PINS = {
    "zhao-min": "1101",
    "wang-lei": "2202",
    "xu-hui": "2303",
    "li-na": "3303",
    "chen-jie": "3404",
    "ma-chao": "3505",
    "sun-yan": "4405",
    "qian-wei": "5505",
    "zhou-qiang": "6606",
    "lin-fei": "6608",
    "feng-tao": "7708",
}
PERMISSIVE = 0  # coil
PATIENCE_S = 30.0  # how long somebody goes on asking
SIGNATURES = "Still to sign"
WALK_MPS = 6.0
NEAR_M = 2.5  # he strolls about where he was sent
PRESENT = frozenset({"unack_active", "ack_active", "shelved"})


class LiveCast:
    """A Cast (cast.py) over a Stage."""

    def __init__(self, stage: Stage, settings: Settings, timeline: Timeline) -> None:
        """The stage is set; nothing has happened yet."""
        self._stage, self._settings, self._say = stage, settings, timeline
        self._units = {name: table.unit_id for name, table in settings.site.gas.items()}
        self._sent: dict[str, tuple[float, float]] = {}  # where each wearer was last sent

    @property
    def now_utc(self) -> float:
        """This machine's clock."""
        return time.time()

    def say(self, zh: str, en: str) -> None:
        """One line of the timeline."""
        self._say.say(zh, en)

    def bring(self, ticket: Ticket) -> None:
        """In a signed envelope over the central broker."""
        self._until("no link to the centre", lambda: self._stage.live().uplink_ok is True, 20)
        site = self._settings.site.site
        payload = envelope(self._stage.site, ticket, site.id, site.unit)
        self._stage.subscriber.send(f"edge/{site.id}/{site.unit}/dn/permit", payload)

    def do(self, ask: Ask, person: str, permit: str, **more: Any) -> None:
        """At the request socket, with the person's PIN."""
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            answer = self._ask(ask, person, permit, **more)
            if answer["accepted"]:
                return
            if time.monotonic() > deadline_s:
                raise NotSeen(f"{ask.value} by {person} is still refused: {_reasons(answer)}")
            time.sleep(1.0)

    def refused(self, ask: Ask, person: str, permit: str, because: str, **more: Any) -> None:
        """Once; an answer that does not name the reason is a failure too."""
        answer = self._ask(ask, person, permit, **more)
        if answer["accepted"] or because.lower() not in _reasons(answer).lower():
            raise NotSeen(f"{ask.value} by {person} was not refused because of {because!r}: {answer}")
        why = telling.reasons(answer)
        self._say.saw(Words(f"拒绝：{why.zh}", f"refused: {why.en}"))

    def gas(self, device: str, level: float) -> None:
        """In front of the simulated detector."""
        self._stage.gateway.command("set", unit=self._units[device], level=level)

    def wind(self, speed_mps: float) -> None:
        """Around the simulated weather station."""
        self._stage.gateway.command("set", gas="wind", level=speed_mps)

    def walk(self, tag: str, x_m: float, y_m: float) -> None:
        """At a runner's pace, to keep the play short."""
        self._sent[tag] = (x_m, y_m)
        self._stage.wearables.command("move", tag=tag, x=x_m, y=y_m, speed=WALK_MPS)

    def there(self, tag: str, within_s: float) -> None:
        """On the live picture."""
        self._until(f"{tag} is not seen at {self._sent[tag]}", lambda: self._is_there(tag), within_s)

    def sits(self, tag: str) -> None:
        """The simulated wearable feels no motion."""
        self._stage.wearables.command("still", tag=tag)

    def press_here(self, tag: str) -> None:
        """The simulated wearable's side button."""
        self._stage.wearables.command("press", tag=tag)

    def falls(self, tag: str) -> None:
        """The simulated wearable feels a fall."""
        self._stage.wearables.command("fall", tag=tag)

    def gets_up(self, tag: str) -> None:
        """The simulated wearable feels motion again."""
        self._stage.wearables.command("fall", tag=tag, on=False)

    def stop_button(self, relay: str, *, pressed: bool) -> None:
        """At the simulated module."""
        self._stage.relays[relay].command("press_stop" if pressed else "release_stop")

    def centre(self, *, up: bool) -> None:
        """Stop or start the central broker."""
        if up:
            self._stage.central.start()
        else:
            self._stage.central.stop()

    def sees(self, type_: str, permit: str, within_s: float, rule: str = "") -> Seen:
        """At the independent subscriber."""

        def meant(event: Event) -> bool:
            about = event["subject"] in {permit, "unit"}
            return about and (not rule or event["data"].get("rule") == rule)

        event = self._stage.subscriber.expect(type_, within_s, meant)
        self._say.saw(telling.happened(event))
        return event

    def stands(self, permit: str, state: State, within_s: float) -> None:
        """On the live picture."""
        self._until(f"{permit} is not {state}", lambda: self._permit(permit).state == state.value, within_s)

    def over(self, permit: str, rule: str, within_s: float) -> None:
        """On the live picture."""
        self._until(f"{rule} still stands", lambda: not self._stands(permit, rule), within_s)

    def settles(self, permit: str, within_s: float) -> None:
        """On the live picture: what still stands against working is signatures."""
        self._until(
            f"{permit}: something still stands",
            lambda: all(reason.title.en == SIGNATURES for reason in self._permit(permit).standing),
            within_s,
        )

    def power(self, relay: str, within_s: float, *, on: bool) -> None:
        """At the simulated module's own coil."""
        module = self._stage.relays[relay]
        self._until(
            f"{relay} is not {'on' if on else 'off'}",
            lambda: bool(module.command("status")["coils"][PERMISSIVE]) is on,
            within_s,
        )
        name = self._settings.site.relays[relay].name
        now = Words("已通电", "has power") if on else Words("已断电", "is without power")
        self._say.saw(Words(f"{name.zh}：作业电源{now.zh}", f"{name.en}: the work {now.en}"))

    def wait(self, seconds: float) -> None:
        """Real seconds."""
        time.sleep(seconds)

    def _ask(self, ask: Ask, person: str, permit: str, **more: Any) -> dict[str, Any]:
        request = {"ask": ask.value, "person": person, "pin": PINS[person], "permit": permit, **more}
        return file_request(self._stage.socket, request)

    def _is_there(self, tag: str) -> bool:
        to_x_m, to_y_m = self._sent[tag]
        seen = [one for one in self._stage.live().people if one.tag == tag and one.fresh]
        return any(
            one.x_m is not None
            and one.y_m is not None
            and math.dist((one.x_m, one.y_m), (to_x_m, to_y_m)) <= NEAR_M
            for one in seen
        )

    def _stands(self, permit: str, rule: str) -> bool:
        return any(
            one.permit == permit and one.key.startswith(f"{rule}|") and one.state in PRESENT
            for one in self._stage.live().alarms
        )

    def _permit(self, id_: str) -> LivePermit:
        self._stage.agent.check()
        return next(permit for permit in self._stage.live().permits if permit.id == id_)

    def _until(self, otherwise: str, holds: Any, within_s: float) -> None:
        deadline_s = time.monotonic() + within_s
        while not holds():
            self._stage.agent.check()
            if time.monotonic() > deadline_s:
                raise NotSeen(f"{otherwise} after {within_s:.0f} s: {self._stage.live().permits}")
            time.sleep(0.2)


def _reasons(answer: dict[str, Any]) -> str:
    return "; ".join(reason["en"] for reason in answer["reasons"])
