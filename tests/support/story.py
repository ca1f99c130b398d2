"""Writes a scenario's inputs: a field that behaves until the story says otherwise, one step a second.

The field is described in the site's own nouns, so that a story reads as what happened on site.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.state import Inputs, Kept, Start
from edge_agent.decide.step import begin, step
from edge_agent.domain.asked import Asked
from edge_agent.domain.claim import Claim, Standing
from edge_agent.domain.delivery import DeviceDelivery, PersonDelivery, TicketDelivery
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.observation import (
    Aimed,
    Claims,
    Contact,
    DeviceHealth,
    Filming,
    Observation,
    Position,
    Quality,
    Reading,
    SeenPerson,
    Sighting,
    View,
    Weather,
)
from edge_agent.domain.outcome import Output
from edge_agent.domain.permit import Sample, State
from edge_agent.domain.person import Person, Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import Approval, Point, Ticket, WorkType
from edge_agent.domain.words import Words
from edge_agent.fuse.gas_average import Exposure
from edge_agent.settings.devices import derived
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings

ROOT = Path(__file__).resolve().parents[2]
T0_S = 1000.0
T0_UTC = 1_795_000_000.0  # 2026-11-18
CLEAN_AIR = {"gas-ch4": 0.0, "gas-o2": 20.9, "gas-h2s": 0.0, "gas-co": 0.0}
UNITS = {"gas-ch4": "%LEL", "gas-o2": "%vol", "gas-h2s": "ppm", "gas-co": "ppm"}
GOOD_AIR = tuple(
    Sample(gas=gas, level=level, unit=unit, place=place)
    for place in ("upper", "middle", "lower")
    for gas, level, unit in (("ch4", 0.0, "%LEL"), ("o2", 20.8, "%vol"), ("h2s", 0.0, "ppm"), ("co", 1.0, "ppm"))
)
SIGNS_ALSO = {"shift_lead": "qian-wei"}  # who verifies hot work at the demo tank
DEVICES = ("gas-ch4", "gas-o2", "gas-h2s", "gas-co", "relay-1", "cam-1")


def ticket(**changes: Any) -> Ticket:
    """A confined-space ticket of the demo tank, valid for four hours around the story's beginning."""
    base = Ticket(
        id="P-1",
        version=1,
        type=WorkType.CONFINED_SPACE,
        level="",
        area="tank-inside",
        point=Point(6.5, 0.0),
        valid_from_utc=T0_UTC - 3600,
        valid_to_utc=T0_UTC + 3 * 3600,
        holder="wang-lei",
        guards=("li-na",),
        workers=("zhou-qiang", "wu-gang"),
        approvals=(Approval(role="area_owner", person="feng-tao", at_utc=T0_UTC - 3600),),
        devices=DEVICES,
        video_required=True,
    )
    return replace(base, **changes)


# The demo tank's ticket as level-1 hot work: two signatures, an analysis, and a worker who may weld.
HOT: dict[str, Any] = {
    "type": WorkType.HOT,
    "level": "1",
    "workers": ("wu-gang",),
    "approvals": (
        Approval(role="workshop_manager", person="qian-wei", at_utc=T0_UTC - 3600),
        Approval(role="safety_director", person="zhao-min", at_utc=T0_UTC - 3600),
    ),
    "jsa": "JSA-2026-100",
}


@functools.cache
def scenario_site(folder: Path = ROOT / "zones" / "demo-tank") -> Settings:
    """A site's settings, read once; without their digest, so that a comment in its files changes no scenario."""
    return replace(load(folder, ROOT), digest="")


def with_rulebook(site: Settings, name: str) -> Settings:
    """The same site under another book of zones/rulebooks."""
    book = msgspec.toml.decode((ROOT / "zones" / "rulebooks" / f"{name}.toml").read_bytes(), type=Rulebook)
    return replace(site, rulebook=book, devices=derived(site.site, book))


STIRS_S = 20


def _arm_down(x1: float, y1: float, x2: float, y2: float) -> tuple[float, float, float, float]:
    return x1, y1, round(x2 - 0.1 * (x2 - x1), 6), y2


@dataclass
class Field:
    """What the field would say now; a source that is silent says nothing."""

    gas: dict[str, dict[str, Any]] = field(default_factory=lambda: {k: {"level": v} for k, v in CLEAN_AIR.items()})
    guard: dict[str, Any] = field(default_factory=lambda: {"x_m": 6.5, "y_m": 0.5, "moving": True})
    worker: dict[str, Any] = field(default_factory=lambda: {"x_m": 5.0, "y_m": -1.0, "moving": True})
    view: View = View.CLEAR
    filming: Filming | None = None  # None: hot work is filmed, other work is not
    wind_mps: float | None = None  # None: the weather station is silent
    wind_quality: Quality = Quality.GOOD
    seen: tuple[SeenPerson, ...] = ()
    stone: bool = False  # what is seen never moves
    stuck: bool | None = None  # what the contactor's mirror contact says, whatever the coil says
    stop_closed: bool | None = True
    contacts: dict[str, bool | None] = field(default_factory=dict)  # further ones of relay-1
    silent: set[str] = field(default_factory=set)
    unwell: dict[str, Words] = field(default_factory=dict)
    also: dict[str, dict[str, Any]] = field(default_factory=dict)  # further wearables
    aims: dict[str, dict[str, Any]] = field(default_factory=dict)  # where cameras that can turn say that they look
    peers: dict[str, tuple[Claim, ...]] = field(default_factory=dict)  # what other boxes say that they guard
    peer_alarms: dict[str, tuple[Standing, ...]] = field(default_factory=dict)  # ... and which alarms sound there


class Story:
    """Collects the lines of inputs.jsonl."""

    def __init__(
        self, settings: Settings, *, kept: Kept | None = None, trusted: bool = True, utc: float = T0_UTC
    ) -> None:
        self.settings = settings
        self.now_s = T0_S
        self.utc = utc
        self.trusted = trusted
        self.field = Field()
        self.also: tuple[Observation, ...] = ()  # what else is heard in the next steps
        self.wires: dict[str, Callable[[Instant], Iterable[Observation]]] = {}  # devices that speak on the wire
        self.samples = GOOD_AIR  # what the tester finds before the start
        self._asked: list[Asked] = []
        self._count = 0
        start = Start(boot="scenario", head="0" * 64, settings="", instant=self.instant, kept=kept or Kept())
        self.lines = [msgspec.json.encode(start)]
        self.decisions = [begin(settings, self.instant, start.kept)]

    @property
    def instant(self) -> Instant:
        return Instant(now_s=self.now_s, utc=self.utc, trusted=self.trusted)

    def ask(self, ask: Ask, person: str, **more: Any) -> None:
        """File a request that the next step answers; with a PIN unless said otherwise."""
        self._count += 1
        asked = {"proof": Proof.PIN, "permit": "P-1", **more}
        self._asked.append(Request(id=f"r{self._count}", at_s=self.now_s, ask=ask, person=person, **asked))

    def bring(self, item: Ticket | Person | DeviceRecord) -> None:
        """A ticket, or the record of a person or a device, arrives from the centre."""
        self._count += 1
        if isinstance(item, Ticket):
            if item.type is WorkType.HOT and self.field.filming is None:
                self.field.filming = Filming.RUNNING
            self._asked.append(TicketDelivery(id=f"r{self._count}", at_s=self.now_s, ticket=item))
        elif isinstance(item, DeviceRecord):
            self._asked.append(DeviceDelivery(id=f"r{self._count}", at_s=self.now_s, record=item))
        else:
            self._asked.append(PersonDelivery(id=f"r{self._count}", at_s=self.now_s, person=item))

    def known(self, id_: str, **changes: Any) -> Person:
        """One of the site's people, with `changes` to his record."""
        return replace(next(person for person in self.settings.persons if person.id == id_), **changes)

    def file(self, item: Asked) -> None:
        """Anything else that can be asked."""
        self._asked.append(item)

    def run(self, seconds: float, *, every_s: float = 1.0) -> None:
        """Let time pass: one step every `every_s`, with what the field says."""
        left = seconds
        while left > 0:
            self.now_s += every_s
            self.utc += every_s
            left -= every_s
            inputs = self.inputs()
            self.lines.append(msgspec.json.encode(inputs))
            self.decisions.append(step(self.settings, self.decisions[-1].state, inputs))
            self._asked.clear()

    def inputs(self) -> Inputs:
        """What a step at this moment would consume."""
        says = (said for said in self._says() if said.source not in self.wires)
        wired = (
            said
            for device, wire in self.wires.items()
            if device not in self.field.silent
            for said in wire(self.instant)
        )
        return Inputs(instant=self.instant, observations=(*says, *wired, *self.also), asked=tuple(self._asked))

    def step(self, *, every_s: float = 1.0) -> None:
        """One step."""
        self.run(every_s, every_s=every_s)

    def begin_work(self, *, goes_in: tuple[str, ...] = ("zhou-qiang", "wu-gang"), **changes: Any) -> None:
        """The ordinary beginning: ticket, check-in, air sampled, everybody starts whom it takes, people go in."""
        self.bring(ticket(**changes))
        self.run(2)
        self.ready()
        work = self.settings.rulebook.works[ticket(**changes).kind]
        for person in (*(SIGNS_ALSO[role] for role in work.start_also), "wang-lei", "li-na"):
            self.ask(Ask.START, person)
            self.step()
        begun = self.decisions[-1].state.permits.get("P-1")
        if goes_in and work.confined and begun is not None and begun.state is State.ACTIVE:
            self.goes_in(*goes_in)

    def goes_in(self, *people: str) -> None:
        """The guard counts people in, and the one with a wearable goes inside."""
        self.ask(Ask.ENTER, "li-na", about=people)
        self.step()
        self.field.worker |= {"x_m": 0.0, "y_m": 0.0}

    def comes_out(self, *people: str) -> None:
        """The other way round."""
        self.field.worker |= {"x_m": 5.0, "y_m": -1.0}
        self.ask(Ask.LEAVE, "li-na", about=people or ("zhou-qiang", "wu-gang"))
        self.step()

    def again(self, down_s: float, **changes: Any) -> "Story":
        """The box came up again after so long, from what its store had kept; the field is as it was."""
        state = self.decisions[-1].state
        kept = Kept(
            permits=tuple(state.permits.values()),
            alarms=tuple(state.alarms.values()),
            persons=tuple(state.persons.values()),
            records=tuple(state.records.values()),
            centre=tuple(state.centre.values()),
            rectifications=tuple(state.rectifications.values()),
            commissioning=state.commissioning,
            seq=state.seq,
            exposure=self.exposure,
        )
        woken = Story(self.settings, kept=kept, utc=self.utc + down_s, **changes)
        woken.field, woken.samples = self.field, self.samples
        return woken

    @property
    def exposure(self) -> Exposure | None:
        """What its journal would say had been averaged."""
        tracks = self.decisions[-1].state.memory.gas.items()
        minutes = {id_: track.minutes for id_, track in tracks if track.minutes.of}
        return Exposure(at=self.instant, minutes=minutes) if minutes else None

    def ready(self) -> None:
        """What people do before a start: the guard checks in, the tester samples the air."""
        self.ask(Ask.CHECK_IN, "li-na")
        self.ask(Ask.RETEST, "sun-yan", samples=self.samples)
        self.run(2)

    def resume(self, *people: str) -> None:
        """The guard checks in again, then everybody signs."""
        self.ask(Ask.CHECK_IN, "li-na")
        self.step()
        for person in people or ("wang-lei", "li-na"):
            self.ask(Ask.RESUME, person)
            self.step()

    @property
    def powered(self) -> bool:
        """Whether relay-1 gives power: its contactor follows the box's own decision, unless it is stuck."""
        if self.field.stuck is not None:
            return self.field.stuck
        own = (action for action in self.decisions[-1].actions if action.device == "relay-1")
        return any(action.on for action in own if action.output is Output.PERMISSIVE)

    @property
    def state(self) -> State:
        """Where the permit P-1 stands now."""
        return self.decisions[-1].state.permits["P-1"].state

    def _says(self) -> Iterator[Observation]:
        for source, said in self.field.gas.items():
            if source not in self.field.silent:
                words = {"quality": Quality.GOOD, "unit": UNITS.get(source, "ppm"), **said}
                yield Reading(source=source, at_s=self.now_s, channel=source.removeprefix("gas-"), **words)
        worn = {"tag-guard": self.field.guard, "tag-worker-1": self.field.worker, **self.field.also}
        for source, where in worn.items():
            if source not in self.field.silent:
                said = {"accuracy_m": 0.5, "worn": True, **where}
                yield Position(source=source, at_s=self.now_s, **said)
        for camera, where in self.field.aims.items():
            yield Aimed(source=camera, at_s=self.now_s, **where)
        if "cam-1" not in self.field.silent:
            yield Sighting(
                source="cam-1",
                at_s=self.now_s,
                view=self.field.view,
                persons=self._people(),
                filming=self.field.filming or Filming.OFF,
            )
        if "relay-1" not in self.field.silent:
            for channel, closed in (
                ("permissive-feedback", self.powered),
                ("stop-button", self.field.stop_closed),
                *self.field.contacts.items(),
            ):
                yield Contact(source="relay-1", at_s=self.now_s, channel=channel, closed=closed)
        yield from self._around()
        for source, detail in self.field.unwell.items():
            yield DeviceHealth(source=source, at_s=self.now_s, ok=not detail, detail=detail)

    def _people(self) -> tuple[SeenPerson, ...]:
        """Whoever lives moves now and then: here an arm comes down every twenty seconds."""
        if self.field.stone or self.now_s // STIRS_S % 2:
            return self.field.seen
        return tuple(replace(one, box=_arm_down(*one.box)) for one in self.field.seen)

    def _around(self) -> Iterator[Observation]:
        """The wind, and what other boxes say."""
        if self.field.wind_mps is not None:
            yield Weather(
                source="weather-1", at_s=self.now_s, quality=self.field.wind_quality, wind_mps=self.field.wind_mps
            )
        for unit, claims in self.field.peers.items():
            yield Claims(source=unit, at_s=self.now_s, claims=claims, alarms=self.field.peer_alarms.get(unit, ()))
