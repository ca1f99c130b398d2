"""A guarded job for tests: what people, the centre and the field do, and what witnesses outside saw of it."""

import time
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from joserfc.jwk import OKPKey
from msgspec.structs import replace

from edge_agent.domain.outcome import Event
from edge_agent.domain.permit import State
from edge_agent.domain.person import Person
from edge_agent.domain.ticket import Approval, Ticket, WorkType
from edge_agent.ops.demo.job import AIR, PERMISSIVE, PINS
from edge_agent.ops.demo.stage import Stage
from edge_agent.ops.demo.ticket import envelope, ticket
from edge_agent.simulate.handle import Line
from edge_agent.store.chain import EVENT_KIND, event_of
from edge_agent.store.reader import Reader
from edge_agent.tell import signing
from edge_agent.tell.desk_client import ask
from edge_agent.tell.live_people import LivePerson
from edge_agent.tell.live_permit import LivePermit

DOWN = "edge/demo-tank/edge-1/dn/permit"
STARTS = ("qian-wei", "wang-lei", "li-na")  # hot work: the shift lead verifies its ticket, then both start it
WITHIN_S = 30.0  # generous: the machine may be busy
LOOK_S = 0.05


def until(what: Callable[[], Any], words: str, within_s: float = WITHIN_S) -> Any:
    """Look again and again until `what` is true; its value. Fails with `words`."""
    deadline_s = time.monotonic() + within_s
    while not (found := what()):
        assert time.monotonic() < deadline_s, f"not within {within_s:.0f} s: {words}"
        time.sleep(LOOK_S)
    return found


def job_ticket(id_: str) -> Ticket:
    """The demo's ticket as hot work, which needs neither a camera nor the oxygen detector.

    That detector's number counts as warm-up for 30 s after every start of the agent: too long for a test.
    """
    devices = tuple(device for device in ticket(id_).devices if device not in {"cam-1", "gas-o2"})
    base = ticket(id_)
    signed = (("workshop_manager", "qian-wei"), ("safety_director", "zhao-min"))
    return replace(
        base,
        type=WorkType.HOT,
        level="1",
        workers=("wu-gang",),
        approvals=tuple(Approval(role=role, person=who, at_utc=base.valid_from_utc) for role, who in signed),
        jsa="JSA-2026-100",
        video_required=False,
        devices=devices,
    )


def centre_key(site: Path) -> OKPKey:
    """The private key of the demo's centre."""
    return signing.private_key((site / "demo-centre.key").read_text(encoding="utf-8"))


def payload(what: Ticket | Person, **changes: Any) -> dict[str, Any]:
    """An envelope before it is signed, with `changes` to its fields."""
    now_utc = time.time()
    made = signing.envelope(
        what,
        message=str(uuid.uuid4()),
        version=what.version if isinstance(what, Ticket) else 1,
        issued_at=now_utc,
        expires_at=now_utc + 600,
        site="demo-tank",
        unit="edge-1",
    )
    return {**made, **changes}


class Site:
    """The stage with its witnesses, and a job on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.seen = stage, stage.subscriber
        self.permit = ""
        self.begun = 0  # the last event before this test

    def begin_work(self) -> None:
        """A fresh ticket arrives, the guard checks in, the air is sampled, people start: there is power."""
        self.receive()
        self.until_accepted("check_in", "li-na")
        self.must("retest", "sun-yan", samples=AIR)
        self.until_state(State.READY)
        mark = self.stage.relay.mark()
        for person in STARTS:
            self.must("start", person)
        self.coil(mark, on=True)
        self.until_state(State.ACTIVE)

    def receive(self) -> None:
        """A fresh ticket arrives."""
        self.permit = f"T-{uuid.uuid4().hex[:8]}"
        self.seen.send(DOWN, envelope(self.stage.site, job_ticket(self.permit), "demo-tank", "edge-1"))
        until(lambda: self.live() is not None, "the ticket is on the board")

    def end_work(self) -> None:
        """Whatever became of the job: the safety officer withdraws the permit."""
        permit = self.live() if self.permit else None
        if permit is not None and permit.state not in {"closed", "revoked", "expired"}:
            begun = permit.state not in {"received", "ready"}
            before = self.last_seq()
            self.must("revoke", "zhao-min", reason="end of the test")
            if begun:
                self.until_accepted("close", "zhao-min", people_inside=0)  # everybody is out
                self.event("permit.fire_watch_owed", before)
                until(
                    lambda: self._is_kept(before),
                    "li-na keeps it beside the next job, which may begin; or it is over",
                )

    def _is_kept(self, before: int) -> bool:
        """Her tag may be heard again so late that it is over before she can check in; the records say so first."""
        over = any(event.type == "permit.fire_watch_over" and event.seq > before for event in self.kept())
        return over or bool(self.ask("check_in", "li-na")["accepted"])

    def resume(self, *people: str) -> None:
        """Re-test, check-in, and everybody signs as soon as all is well: the tools have power again."""
        self.until_accepted("retest", "sun-yan", samples=AIR)
        self.until_accepted("check_in", "li-na")
        mark = self.stage.relay.mark()
        for person in people:
            self.until_accepted("resume", person)
        self.coil(mark, on=True)
        self.until_state(State.ACTIVE)

    def ask(self, what: str, person: str, **more: Any) -> dict[str, Any]:
        """One request over the real socket, with the person's own PIN unless `more` says otherwise."""
        request = {"ask": what, "person": person, "pin": PINS.get(person), "permit": self.permit, **more}
        return ask(self.stage.socket, {key: value for key, value in request.items() if value is not None})

    def say(self, **line: Any) -> dict[str, Any]:
        """One line to the desk, as it is."""
        return ask(self.stage.socket, line)

    def must(self, what: str, person: str, **more: Any) -> None:
        answer = self.ask(what, person, **more)
        assert answer["accepted"], f"{what} by {person}: {answer['reasons']}"

    def refused(self, what: str, person: str, **more: Any) -> str:
        """The reasons of a refusal, in English."""
        answer = self.ask(what, person, **more)
        assert not answer["accepted"], f"{what} by {person} was accepted"
        return "; ".join(reason["en"] for reason in answer["reasons"])

    def until_accepted(self, what: str, person: str, **more: Any) -> None:
        last: list[Any] = []

        def accepted() -> bool:
            answer = self.ask(what, person, **more)
            last[:] = answer["reasons"]
            return bool(answer["accepted"])

        deadline_s = time.monotonic() + WITHIN_S
        while not accepted():
            assert time.monotonic() < deadline_s, f"{what} by {person} is still refused: {last}"
            time.sleep(0.3)

    def live(self) -> LivePermit | None:
        """The permit on the board."""
        found = [permit for permit in self.stage.live().permits if permit.id == self.permit]
        return found[0] if found else None

    def person(self, id_: str) -> LivePerson:
        """A wearer on the board."""
        return next(person for person in self.stage.live().people if person.id == id_)

    def until_state(self, state: State) -> LivePermit:
        def stands() -> LivePermit | None:
            self.stage.agent.check()
            permit = self.live()
            return permit if permit is not None and permit.state == state.value else None

        found: LivePermit = until(stands, f"the permit is {state.value}; it is {self.live()}")
        return found

    def coil(self, mark: int, *, on: bool) -> Line:
        """What the relay module saw of the permissive after `mark`."""
        return self.stage.relay.wait_for(
            lambda line: line.get("coil") == PERMISSIVE and line.get("on") is on, WITHIN_S, after=mark
        )

    def energised_since(self, mark: int) -> list[Line]:
        """Every time the permissive came on after `mark`."""
        lines = self.stage.relay.lines[mark:]
        return [line for line in lines if line.get("coil") == PERMISSIVE and line.get("on") is True]

    def coil_is_on(self) -> bool:
        """The permissive now, as the module has it."""
        return bool(self.stage.relay.command("status")["coils"][PERMISSIVE])

    def kept(self) -> list[Event]:
        """Every committed event, from the agent's own records."""
        with closing(Reader.open(self.stage.state_folder / "agent.sqlite")) as reader:
            return [event_of(row.body) for row in reader.audit() if row.kind == EVENT_KIND]

    def event(self, type_: str, after: int = 0, **data: Any) -> Event:
        """The first committed event of this test, and behind number `after`, whose data hold `data`."""

        def find() -> Event | None:
            for event in self.kept():
                holds = all(event.data.get(key) == value for key, value in data.items())
                if event.seq > max(after, self.begun) and event.type == type_ and holds:
                    return event
            return None

        found: Event = until(find, f"an event {type_} {data}; kept: {[e.type for e in self.kept()][-12:]}")
        return found

    def last_seq(self) -> int:
        return self.kept()[-1].seq

    def log(self) -> str:
        return self.stage.agent.log.read_text(encoding="utf-8", errors="replace")


def words_of(event: Event) -> str:
    """Everything that an event says in English."""
    return msgspec.json.encode(event.data).decode()
