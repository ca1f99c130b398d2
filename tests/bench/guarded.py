"""The real box inside this process, guarding one job whose field is simulated by processes of their own.

Everything that `edge-agent run` starts runs here too, wired by the same class: the brain on a real
store and journal, the bus, the wearables' broker, the relay's thread, the desk, the forwarder, the live
picture and, if there is a film, the vision programs. Only the door is left open: a bench may put an
observation into the brain, and put the brain's state back to what it was a moment ago, because people
would take half a minute to resume after every stop.
"""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from edge_agent.decide.state import State as BrainState
from edge_agent.domain.asked import Asked
from edge_agent.domain.delivery import TicketDelivery
from edge_agent.domain.observation import Observation
from edge_agent.domain.permit import Sample, State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Answer, Ask, Request
from edge_agent.ops.box.box import Box
from edge_agent.ops.demo.job import AIR
from edge_agent.ops.demo.ports import copy_site
from edge_agent.ops.demo.stage import TAGS, Broker
from edge_agent.ops.demo.ticket import ticket
from edge_agent.ops.folders import DATABASE
from edge_agent.ops.run import SWITCH_S
from edge_agent.settings.load import load
from edge_agent.simulate.handle import Simulator
from edge_agent.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
CAMERA = "cam-1"
PERMIT = "BENCH-1"
PATIENCE_S = 120.0


class NotReady(Exception):  # noqa: N818 (it says what did not happen)
    """The job could not be brought to where the bench needs it."""


class Guarded:
    """A box that guards; `with` brings it up, `activate` makes its one permit ACTIVE."""

    central: Broker
    relay: Simulator
    camera: Simulator  # if there is a film
    store: Store
    box: Box
    under_way: BrainState  # as it was when the work began

    def __init__(
        self, folder: Path, *, film: Path | None = None, edit: Callable[[Path], None] = lambda _: None
    ) -> None:
        """`folder` is empty and lives as long as the box. Without `film` the site has no camera.

        `edit` may change the site's files before they are read.
        """
        self.folder, self._film, self._edit = folder, film, edit
        self._ends = ExitStack()
        self._errands: list[tuple[Callable[[], None], threading.Event]] = []
        self._asked = 0
        self._stepped_s = time.monotonic()
        self.heard: Callable[[Observation], None] = lambda _: None  # of every observation, before the brain has it
        self.apart_s: list[float] = []  # from the end of each step to the end of the next

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._ends.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    def _begin(self) -> None:
        logging.basicConfig(level=logging.ERROR)
        before_s = sys.getswitchinterval()
        self._ends.callback(sys.setswitchinterval, before_s)
        sys.setswitchinterval(SWITCH_S)
        site = self.folder / "site"
        self.ports = copy_site(ROOT / "zones" / "demo-tank", site, self._ends)
        if self._film is None:
            _without_cameras(site / "site.toml")
        self._edit(site)
        self.settings = load(site, ROOT)
        self._play_field()
        for folder in (self.settings.state_folder, self.settings.runtime_folder):
            folder.mkdir(exist_ok=True)
        self.store = self._ends.enter_context(Store.open(self.settings.state_folder / DATABASE))

    def _play_field(self) -> None:
        self.central = Broker("central-broker", self.ports.uplink, self.folder)
        self._ends.callback(self.central.stop)
        field = Broker("field-broker", self.ports.field_broker, self.folder)
        self._ends.callback(field.stop)
        self.gateway = self._play("gas-gateway", "--port", str(self.ports.gateway))
        self.relay = self._play("relay", "--port", str(self.ports.relays["relay-1"]))
        self._play("wearables", "--port", str(self.ports.field_broker), "--tags", json.dumps(TAGS))
        if self._film is not None:
            self.camera = self._play(
                "camera", "--port", str(self.ports.camera), "--path", CAMERA, "--clip", str(self._film)
            )

    def _play(self, kind: str, *options: str) -> Simulator:
        simulator = Simulator(kind, *options)
        self._ends.callback(simulator.stop)
        return simulator

    def guard(self) -> None:
        """Start the box; returns at once."""
        ended = threading.Event()
        self.box = Box(self.settings, ROOT, self.store, lost=None, ended=ended)
        self.brain = self.box._brain
        self._overhear()
        lives = self.box._supervisor.brain_lives

        def stepped() -> None:
            lives()
            now_s = time.monotonic()
            self.apart_s.append(now_s - self._stepped_s)
            while self._errands:
                errand, done = self._errands.pop(0)
                errand()
                done.set()
                now_s = time.monotonic()  # not the brain's own time
            self._stepped_s = now_s

        self.box._supervisor.brain_lives = stepped
        self._stepped_s = time.monotonic()
        thread = threading.Thread(target=self.box.guard, name="box")
        thread.start()
        self._ends.callback(thread.join)
        self._ends.callback(ended.set)

    def _overhear(self) -> None:
        deliver = self.brain.deliver

        def delivered(seen: Observation) -> None:
            self.heard(seen)
            deliver(seen)

        self.brain.deliver = delivered  # type: ignore[method-assign]

    def between_steps(self, errand: Callable[[], None]) -> None:
        """Run `errand` in the brain's own thread, between two steps; returns once it is done."""
        done = threading.Event()
        self._errands.append((errand, done))
        if not done.wait(PATIENCE_S):
            raise NotReady("the brain does not step")

    def put_back(self, state: BrainState) -> None:
        """Let the brain go on from `state`, of a moment ago; events keep their numbers.

        Outputs count as switched now: the contactor has fallen meanwhile and gets its time to follow again.
        """

        def errand() -> None:
            now_s = time.monotonic()
            outputs = {key: replace(wanted, since_s=now_s) for key, wanted in state.outputs.items()}
            self.brain.state = replace(state, outputs=outputs, seq=self.brain.state.seq)

        self.between_steps(errand)

    def activate(self) -> None:
        """Ticket, check-in, samples and start, as the downlink and the desk would file them after their checks."""
        video = self._film is not None
        issued = ticket(PERMIT)
        devices = tuple(one for one in issued.devices if video or one != CAMERA)
        bound = replace(issued, devices=devices, video_required=video)
        self._must(TicketDelivery(id="bench-ticket", at_s=time.monotonic(), ticket=bound))
        self._until(lambda: self.ask(Ask.CHECK_IN, "li-na").accepted, "the guard is not taken as present")
        self._must(replace(self._request(Ask.RETEST, "sun-yan"), samples=tuple(Sample(**air) for air in AIR)))
        self._until(lambda: self.permit_state() is State.READY, "the permit does not become ready")
        for person in ("wang-lei", "li-na"):
            self._must(self._request(Ask.START, person))
        self._until(lambda: self.permit_state() is State.ACTIVE, "the permit does not start")
        self.relay.wait_for(lambda line: line.get("coil") == 0 and line.get("on") is True, PATIENCE_S)
        self.between_steps(self.apart_s.clear)  # the beginning is not the work
        self.under_way = self.brain.state

    def permit_state(self) -> State:
        """Where the one permit stands."""
        return self.brain.state.permits[PERMIT].state

    def ask(self, what: Ask, person: str) -> Answer:
        """One request, as the desk files it once the PIN was right."""
        return self.brain.ask(self._request(what, person)).result(PATIENCE_S)

    def _request(self, what: Ask, person: str) -> Request:
        self._asked += 1
        return Request(
            id=f"bench-{self._asked}",
            at_s=time.monotonic(),
            ask=what,
            person=person,
            proof=Proof.PIN,
            permit=PERMIT,
        )

    def _must(self, asked: Asked) -> None:
        answer = self.brain.ask(asked).result(PATIENCE_S)
        if not answer.accepted:
            raise NotReady(f"{asked.id} was refused: {[reason.en for reason in answer.reasons]}")

    def _until(self, holds: Callable[[], bool], fault: str) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > deadline_s:
                raise NotReady(f"{fault} within {PATIENCE_S:.0f} s: {self._standing()}")
            time.sleep(0.2)

    def _standing(self) -> list[str]:
        return [alarm.verdict.finding.detail.en for alarm in self.brain.state.alarms.values()]


def _without_cameras(file: Path) -> None:
    """Cut the cameras off, which are the last tables of the demo site."""
    text, found, _ = file.read_text(encoding="utf-8").partition("[cameras.")
    if not found:
        raise NotReady(f"{file}: no camera to cut off")
    file.write_text(text, encoding="utf-8")
