"""Plays a play on paper: the same function as the live demo's, over the pure step, a second at a time."""

from collections.abc import Iterator
from typing import Any

import msgspec

from edge_agent.clock import Instant
from edge_agent.decide import consent
from edge_agent.decide.alarms import ACTIVE
from edge_agent.decide.state import Decision, Inputs, Start
from edge_agent.decide.step import begin, step
from edge_agent.domain.asked import Asked
from edge_agent.domain.delivery import TicketDelivery
from edge_agent.domain.observation import (
    Contact,
    DeviceHealth,
    Observation,
    Position,
    Quality,
    Reading,
    Sighting,
    View,
    Weather,
)
from edge_agent.domain.outcome import Event, Output
from edge_agent.domain.permit import Sample, State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.ticket import Ticket
from edge_agent.fuse import world as fuse
from edge_agent.ops.demo.cast import Seen
from edge_agent.settings.site import Settings
from tests.support.story import T0_S, T0_UTC

UNITS = {"ch4": "%LEL", "o2": "%vol"}
CLEAN = {"o2": 20.9}
WALK_MPS = 6.0  # as the live cast's people walk
PATIENCE_S = 30


class PaperCast:
    """A Cast over the step; collects the lines of inputs.jsonl."""

    def __init__(self, settings: Settings, tags: dict[str, tuple[float, float]]) -> None:
        self.settings = settings
        self.now_s, self.utc = T0_S, T0_UTC
        self._air = {name: CLEAN.get(table.gas, 0.0) for name, table in settings.site.gas.items()}
        self._wind = 2.0
        self._at, self._goal = dict(tags), dict(tags)
        self._pressed: set[str] = set()
        self._still: set[str] = set()
        self._fallen: set[str] = set()
        self._pressing: set[str] = set()  # for one message
        self._centre = True
        self._asked: list[Asked] = []
        self._count = 0
        self._read = 0  # events already seen
        start = Start(boot="scenario", head="0" * 64, settings="", instant=self._instant)
        self.lines = [msgspec.json.encode(start)]
        self.decisions: list[Decision] = [begin(settings, self._instant)]

    @property
    def now_utc(self) -> float:
        return self.utc

    @property
    def _instant(self) -> Instant:
        return Instant(now_s=self.now_s, utc=self.utc, trusted=True)

    def say(self, zh: str, en: str) -> None:
        """The story is told by the play's own lines."""

    def bring(self, ticket: Ticket) -> None:
        self._count += 1
        self._asked.append(TicketDelivery(id=f"r{self._count}", at_s=self.now_s, ticket=ticket))
        self._step()

    def do(self, ask: Ask, person: str, permit: str, **more: Any) -> None:
        reasons: list[str] = []
        for _ in range(PATIENCE_S):
            reasons = self._ask(ask, person, permit, **more)
            if not reasons:
                return
        raise AssertionError(f"{ask} by {person} is still refused: {reasons}")

    def refused(self, ask: Ask, person: str, permit: str, because: str, **more: Any) -> None:
        reasons = self._ask(ask, person, permit, **more)
        assert any(because.lower() in reason.lower() for reason in reasons), reasons

    def gas(self, device: str, level: float) -> None:
        self._air[device] = level

    def wind(self, speed_mps: float) -> None:
        self._wind = speed_mps

    def walk(self, tag: str, x_m: float, y_m: float) -> None:
        self._goal[tag] = (x_m, y_m)
        self._still.discard(tag)

    def there(self, tag: str, within_s: float) -> None:
        self._until(f"{tag} does not arrive", lambda: self._at[tag] == self._goal[tag], within_s)
        self._step()  # the box, too, has seen it by now

    def sits(self, tag: str) -> None:
        self._still.add(tag)

    def press_here(self, tag: str) -> None:
        self._pressing.add(tag)

    def falls(self, tag: str) -> None:
        self._fallen.add(tag)
        self._still.add(tag)

    def gets_up(self, tag: str) -> None:
        self._fallen.discard(tag)
        self._still.discard(tag)

    def stop_button(self, relay: str, *, pressed: bool) -> None:
        (self._pressed.add if pressed else self._pressed.discard)(relay)

    def centre(self, *, up: bool) -> None:
        self._centre = up

    def sees(self, type_: str, permit: str, within_s: float, rule: str = "") -> Seen:
        for _ in range(int(within_s) + 1):
            for number, event in enumerate(self._events()[self._read :], start=self._read + 1):
                about = event.subject in {permit, "unit"} and (not rule or event.data.get("rule") == rule)
                if event.type == type_ and about:
                    self._read = number
                    return {"type": event.type, "subject": event.subject, "data": event.data}
            self._step()
        since = [(event.type, event.data.get("rule")) for event in self._events()[self._read :]]
        raise AssertionError(f"{type_} {rule} about {permit} was not seen within {within_s} s; since then {since}")

    def stands(self, permit: str, state: State, within_s: float) -> None:
        self._until(f"{permit} is not {state}", lambda: self._state.permits[permit].state is state, within_s)

    def over(self, permit: str, rule: str, within_s: float) -> None:
        def gone() -> bool:
            about = [alarm for alarm in self._state.alarms.values() if alarm.verdict.finding.permit == permit]
            return not any(alarm.verdict.rule == rule and alarm.state in ACTIVE for alarm in about)

        self._until(f"{rule} still stands", gone, within_s)

    def settles(self, permit: str, within_s: float) -> None:
        self._until(f"{permit} does not settle", lambda: not self._against(permit), within_s)

    def power(self, relay: str, within_s: float, *, on: bool) -> None:
        self._until(f"{relay} is not {on}", lambda: self._powered(relay) is on, within_s)

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds)):
            self._step()

    @property
    def _state(self) -> Any:
        return self.decisions[-1].state

    def _events(self) -> list[Event]:
        return [event for decision in self.decisions for event in decision.events]

    def _until(self, otherwise: str, holds: Any, within_s: float) -> None:
        for _ in range(int(within_s) + 1):
            if holds():
                return
            self._step()
        raise AssertionError(otherwise)

    def _against(self, permit: str) -> tuple[Any, ...]:
        known = fuse.Known(permits=self._state.permits, persons=self._state.persons, outputs=self._state.outputs)
        world = fuse.build(self.settings, self._state.memory, known, self._instant)
        return tuple(consent.against_resume(self._state.permits[permit], self._state.alarms.values(), world))

    def _powered(self, relay: str) -> bool:
        actions = self.decisions[-1].actions
        return any(a.on for a in actions if a.device == relay and a.output is Output.PERMISSIVE)

    def _ask(self, ask: Ask, person: str, permit: str, **more: Any) -> list[str]:
        self._count += 1
        if "samples" in more:
            more["samples"] = tuple(Sample(**sample) for sample in more["samples"])
        request = Request(
            id=f"r{self._count}", at_s=self.now_s, ask=ask, person=person, proof=Proof.PIN, permit=permit, **more
        )
        self._asked.append(request)
        self._step()
        answer = next(answer for answer in self.decisions[-1].answers if answer.request == request.id)
        return [] if answer.accepted else [reason.en for reason in answer.reasons]

    def _step(self) -> None:
        self.now_s += 1.0
        self.utc += 1.0
        inputs = Inputs(instant=self._instant, observations=tuple(self._says()), asked=tuple(self._asked))
        self._asked.clear()
        self.lines.append(msgspec.json.encode(inputs))
        self.decisions.append(step(self.settings, self._state, inputs))

    def _says(self) -> Iterator[Observation]:
        site = self.settings.site
        for name, table in site.gas.items():
            unit = UNITS.get(table.gas, "ppm")
            yield Reading(
                source=name,
                at_s=self.now_s,
                channel=table.gas,
                level=self._air[name],
                unit=unit,
                quality=Quality.GOOD,
            )
        for station in site.weather:
            yield Weather(source=station, at_s=self.now_s, quality=Quality.GOOD, wind_mps=self._wind)
        for tag in self._at:
            self._walk_on(tag)
            x_m, y_m = self._at[tag]
            yield Position(
                source=tag,
                at_s=self.now_s,
                x_m=x_m,
                y_m=y_m,
                accuracy_m=0.3,
                worn=True,
                moving=tag not in self._still,
                fall=tag in self._fallen,
                here=tag in self._pressing,
            )
        self._pressing.clear()
        for camera in site.cameras:
            yield Sighting(source=camera, at_s=self.now_s, view=View.CLEAR)
        for relay in site.relays:
            contacts = (("permissive-feedback", self._powered(relay)), ("stop-button", relay not in self._pressed))
            for channel, closed in contacts:
                yield Contact(source=relay, at_s=self.now_s, channel=channel, closed=closed)
        yield DeviceHealth(source="uplink", at_s=self.now_s, ok=self._centre)

    def _walk_on(self, tag: str) -> None:
        """One second's walk towards the goal; at the goal a person still moves a little."""
        (x_m, y_m), (to_x_m, to_y_m) = self._at[tag], self._goal[tag]
        far_m = ((to_x_m - x_m) ** 2 + (to_y_m - y_m) ** 2) ** 0.5
        share = min(1.0, WALK_MPS / far_m) if far_m else 1.0
        self._at[tag] = (round(x_m + (to_x_m - x_m) * share, 3), round(y_m + (to_y_m - y_m) * share, 3))
