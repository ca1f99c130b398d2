"""The scripted job: a tank is cleaned, and everything that can go wrong does, one thing after the other.

Each chapter moves the simulated field from outside, then waits for what the independent subscriber
and the relay module saw. Nothing here looks into the agent; people act through its request socket.
"""

import time
from typing import Any

from msgspec import Struct

from edge_agent.domain.permit import State
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words
from edge_agent.ops.demo import telling
from edge_agent.ops.demo.stage import Stage
from edge_agent.ops.demo.ticket import envelope, ticket
from edge_agent.ops.demo.timeline import Timeline
from edge_agent.ops.demo.witness import Event, NotSeen
from edge_agent.tell.desk_client import ask

# The demo people's PINs stand in zones/demo-tank/persons.toml: they are a demo's.
PINS = {
    "zhao-min": "1101",
    "wang-lei": "2202",
    "li-na": "3303",
    "sun-yan": "4405",
    "qian-wei": "5505",
    "feng-tao": "7708",
}
# The rulebook's own delays plus one poll, with room for a busy machine. The measured time is printed.
GAS_LIMIT_S = 1.0 + 1.0  # one poll period, and a second
POLL_S = 1.0
PERMISSIVE = 0  # coil
OUTAGE_S = 20.0
REACTS_S = 3.0  # how long people take to turn round and go
INSIDE, OUTSIDE = "Inside the tank", "Manhole, guard's post"  # as zones/demo-tank/areas.toml names them
AIR = tuple(
    {"gas": gas, "level": level, "unit": unit, "place": place}
    for place in ("罐上部 upper", "罐中部 middle", "罐底部 lower")
    for gas, level, unit in (("ch4", 0.0, "%LEL"), ("o2", 20.8, "%vol"), ("h2s", 0.0, "ppm"), ("co", 0.0, "ppm"))
)


class Fell(Struct, frozen=True):
    """How long after its cause the permissive coil fell, and how long it may take."""

    what: Words
    took_s: float
    limit_s: float


class Job:
    """One job, chapter by chapter."""

    def __init__(self, stage: Stage, timeline: Timeline, number: int) -> None:
        """`number` makes the ticket's id; detectors warm up before the first one only."""
        self._stage, self._seen, self._say = stage, stage.subscriber, timeline
        self._ticket: Ticket = ticket(f"DEMO-{number:03d}")
        self._cold = number == 1
        self.falls: list[Fell] = []

    def play(self) -> None:
        """The whole job. Raises NotSeen when something expected does not happen."""
        self.arrives()
        self.checks_in()
        if self._cold:
            self.refused_while_warming_up()
        self.starts()
        self.gas()
        self.guard_leaves()
        self.camera_is_lost()
        self.centre_is_lost()
        self.closes()

    def arrives(self) -> None:
        """The centre sends a signed permit."""
        self._until_linked(20)
        self._say.say("中心平台下发已签名的作业票", "the centre sends a signed permit")
        payload = envelope(self._stage.site, self._ticket, "demo-tank", "edge-1")
        self._seen.send("edge/demo-tank/edge-1/dn/permit", payload)
        self._expect("permit.received", 10)

    def checks_in(self) -> None:
        """The guard is at the point."""
        self._say.say("监护人签到", "the guard checks in")
        self._until_accepted("check_in", "li-na", 20)

    def refused_while_warming_up(self) -> None:
        """A detector warms up: no start, and the reason in words."""
        self._say.say("负责人要求开工，检测仪还在预热", "the holder wants to start; detectors warm up")
        answer = self._ask("start", "wang-lei")
        reasons = "; ".join(reason["en"] for reason in answer["reasons"])
        if answer["accepted"] or "warming up" not in reasons:
            raise NotSeen(f"the start was not refused for the warm-up: {answer}")
        self._expect("permit.start_refused", 10)
        self._refusal(answer)

    def starts(self) -> None:
        """The tester samples the air, everything is good: holder and guard start."""
        self._say.say("分析人在罐上、中、下部取样", "the tester samples the tank: upper, middle, lower")
        self._must("retest", "sun-yan", samples=AIR)
        self._say.say("等待检测仪预热完成", "waiting for the detectors")
        self._expect("permit.ready", 60)
        self._say.say("负责人和监护人共同开工", "holder and guard start together")
        mark = self._stage.relay.mark()
        self._must("start", "wang-lei")
        self._must("start", "li-na")
        self._expect("permit.started", 10)
        self._coil(mark, 5, on=True)
        self._say.say("监护人登记两名作业人员进入", "the guard counts two workers in")
        self._must("enter", "li-na", about=["zhou-qiang", "wu-gang"], tools=3)
        for tag, x in (("tag-worker-1", 0.5), ("tag-worker-2", -0.5)):
            self._stage.wearables.command("move", tag=tag, x=x, y=x, speed=3.0)
        self._expect("person.entered", 10)
        self._until_placed(INSIDE, 30)

    def _comes_out(self) -> None:
        for tag, y in (("tag-worker-1", 1.0), ("tag-worker-2", -1.0)):
            self._stage.wearables.command("move", tag=tag, x=6.0, y=y, speed=6.0)
        self._until_placed(OUTSIDE, 30)
        self._say.say("监护人登记两人出罐", "the guard counts both out")
        self._must("leave", "li-na", about=["zhou-qiang", "wu-gang"], tools=3)

    def gas(self) -> None:
        """Methane: evacuate, pause, relay off; no resume while it is high; re-test; three people resume."""
        self._say.say("罐内甲烷升至 15 %LEL", "methane in the tank rises to 15 %LEL")
        self._falls(
            Words("气体超限", "the gas"),
            lambda: self._stage.gateway.command("set", gas="ch4", level=15.0),
            GAS_LIMIT_S,
        )
        self._expect("alarm.raised", 10, rule="gas_dangerous")
        paused = self._expect("permit.paused", 10)
        if not any(cause["evacuate"] for cause in paused["data"]["causes"]):
            raise NotSeen(f"the pause does not evacuate: {paused}")
        self._say.say(
            "听到警报，放下工具撤出；看板按姓名清点",
            "they hear the siren and leave; the board counts heads by name",
        )
        time.sleep(REACTS_S)
        self._comes_out()
        self._say.say("气体仍高，有人要求恢复：拒绝", "somebody asks to resume while gas is high: refused")
        self._refused("resume", "wang-lei")
        self._expect("permit.resume_refused", 10)
        self._say.say("通风后甲烷消散；分析人复测合格", "methane is gone; the tester's re-test passes")
        self._stage.gateway.command("set", gas="ch4", level=0.0)
        self._expect("alarm.returned", 30, rule="gas_dangerous")
        self._must("retest", "sun-yan", samples=AIR)
        self._expect("permit.retested", 10)
        self._resume("zhao-min", "wang-lei", "li-na")

    def guard_leaves(self) -> None:
        """The guard walks away: a warning before the pause; he comes back, two people resume."""
        self._say.say("监护人离开岗位", "the guard walks away")
        mark = self._stage.relay.mark()
        self._stage.wearables.command("move", tag="tag-guard", x=75.0, y=0.5, speed=6.0)
        self._expect("alarm.raised", 30, rule="guard_off_post")
        self._say.saw(Words("暂停之前先提醒", "warned before the pause"))
        self._expect("permit.paused", 60)
        self._coil(mark, 5, on=False)
        self._say.say("监护人返回", "the guard comes back")
        self._stage.wearables.command("move", tag="tag-guard", x=6.5, y=0.5, speed=12.0)
        self._resume("wang-lei", "li-na", settle_s=40)

    def camera_is_lost(self) -> None:
        """The camera's stream dies: not monitored, paused, because this permit requires video."""
        self._say.say("摄像机视频流中断", "the camera's stream dies")
        mark = self._stage.relay.mark()
        self._stage.camera.command("gone")
        self._expect("alarm.raised", 40, rule="camera_required_not_monitored")
        self._expect("permit.paused", 10)
        self._coil(mark, 5, on=False)
        self._say.say("摄像机恢复", "the camera is back")
        self._stage.camera.command("back")
        self._resume("wang-lei", "li-na", settle_s=60)

    def centre_is_lost(self) -> None:
        """The central broker is down for 20 s: guarding goes on, events arrive afterwards."""
        self._say.say(f"中心平台断网 {OUTAGE_S:.0f} 秒", f"the central broker is stopped for {OUTAGE_S:.0f} s")
        down_s = time.monotonic()
        self._stage.central.stop()
        self._say.say(
            "有人按下停止按钮：本地照常停工", "somebody presses the stop button: work stops all the same"
        )
        self._falls(Words("按下停止按钮", "the stop button"), lambda: self._stage.relay.command("press_stop"), 1.0)
        self._until_state(State.PAUSED, 10)
        self._stage.relay.command("release_stop")
        self._say.say("断网期间两人确认后恢复作业", "still without the centre, two people resume")
        self._resume("wang-lei", "li-na", told=False)
        time.sleep(max(0.0, OUTAGE_S - (time.monotonic() - down_s)))
        self._stage.central.start()
        self._say.say("中心平台恢复，补传事件", "the central broker is back: events arrive")
        self._expect("alarm.raised", 60, rule="stop_button")
        self._expect("permit.paused", 20)
        self._expect("permit.resumed", 20)

    def closes(self) -> None:
        """Nobody inside: holder and area owner close the permit."""
        self._say.say(
            "作业结束，人员撤出，负责人与属地关闭作业票", "the job is done: holder and area owner close the permit"
        )
        mark = self._stage.relay.mark()
        self._must("close", "wang-lei", people_inside=0)
        self._must("close", "feng-tao", people_inside=0)
        self._expect("permit.closed", 20)
        self._coil(mark, 5, on=False)

    def _expect(self, type_: str, within_s: float, rule: str | None = None) -> Event:
        def meant(event: Event) -> bool:
            data = event["data"]
            return event["subject"] in {self._ticket.id, "unit"} and (rule is None or data.get("rule") == rule)

        event = self._seen.expect(type_, within_s, meant)
        self._say.saw(telling.happened(event))
        return event

    def _ask(self, what: str, person: str, **more: Any) -> dict[str, Any]:
        request = {"ask": what, "person": person, "pin": PINS[person], "permit": self._ticket.id, **more}
        return ask(self._stage.socket, request)

    def _must(self, what: str, person: str, **more: Any) -> None:
        answer = self._ask(what, person, **more)
        if not answer["accepted"]:
            raise NotSeen(f"{what} by {person} was refused: {answer['reasons']}")

    def _refused(self, what: str, person: str) -> None:
        answer = self._ask(what, person)
        if answer["accepted"]:
            raise NotSeen(f"{what} by {person} was accepted and must not be")
        self._refusal(answer)

    def _refusal(self, answer: dict[str, Any]) -> None:
        why = telling.reasons(answer)
        self._say.saw(Words(f"拒绝：{why.zh}", f"refused: {why.en}"))

    def _until_accepted(self, what: str, person: str, within_s: float) -> None:
        deadline_s = time.monotonic() + within_s
        while True:
            answer = self._ask(what, person)
            if answer["accepted"]:
                return
            if time.monotonic() > deadline_s:
                raise NotSeen(f"{what} by {person} is still refused: {answer['reasons']}")
            time.sleep(1.0)

    def _resume(self, *people: str, settle_s: float = 30, told: bool = True) -> None:
        """The guard checks in again, everything is good for long enough, everybody signs."""
        self._until_accepted("check_in", "li-na", settle_s)
        self._until_clear(settle_s)
        mark = self._stage.relay.mark()
        for person in people:
            self._until_accepted("resume", person, settle_s)
        if told:
            self._expect("permit.resumed", 10)
        self._coil(mark, 5, on=True)

    def _until_clear(self, within_s: float) -> None:
        """Until the board shows that only signatures are missing."""
        deadline_s = time.monotonic() + within_s
        while True:
            standing = self._permit().standing
            if all(reason.title.en == "Still to sign" for reason in standing):
                return
            if time.monotonic() > deadline_s:
                raise NotSeen(f"still standing after {within_s:.0f} s: {[r.detail.en for r in standing]}")
            time.sleep(0.2)

    def _until_placed(self, area: str, within_s: float) -> None:
        """Until the board itself shows both workers there."""
        deadline_s = time.monotonic() + within_s
        while not all(self._is_in(tag, area) for tag in ("tag-worker-1", "tag-worker-2")):
            if time.monotonic() > deadline_s:
                raise NotSeen(f"the workers are not seen in {area}: {self._stage.live().people}")
            time.sleep(0.1)

    def _is_in(self, tag: str, area: str) -> bool:
        seen = [one for one in self._stage.live().people if one.tag == tag and one.fresh]
        return any(one.area is not None and one.area.en == area for one in seen)

    def _until_state(self, state: State, within_s: float) -> None:
        deadline_s = time.monotonic() + within_s
        while self._permit().state != state.value:
            if time.monotonic() > deadline_s:
                raise NotSeen(f"the permit is {self._permit().state}, not {state.value}")
            time.sleep(0.1)

    def _until_linked(self, within_s: float) -> None:
        """A broker keeps nothing for a unit that it has never met."""
        deadline_s = time.monotonic() + within_s
        while self._stage.live().uplink_ok is not True:
            if time.monotonic() > deadline_s:
                raise NotSeen(f"no link to the centre: {self._stage.live().uplink_detail.en}")
            time.sleep(0.1)

    def _permit(self) -> Any:
        self._stage.agent.check()
        return next(permit for permit in self._stage.live().permits if permit.id == self._ticket.id)

    def _falls(self, what: Words, cause: Any, limit_s: float) -> None:
        """Do something to the field, and measure when the relay module saw its coil fall."""
        mark = self._stage.relay.mark()
        began_s = time.monotonic()
        cause()
        line = self._coil(mark, 10, on=False)
        took_s = line["t"] - began_s
        self.falls.append(Fell(what, took_s, limit_s))
        if took_s > limit_s:
            raise NotSeen(f"{what.en}: the coil fell after {took_s:.2f} s; at most {limit_s:.2f} s are allowed")
        took = f"{took_s * 1000:.0f} ms ({limit_s * 1000:.0f} ms)"
        self._say.saw(Words(f"{what.zh}后断电用时（上限）{took}", f"power off after {what.en} (limit): {took}"))

    def _coil(self, mark: int, within_s: float, *, on: bool) -> dict[str, Any]:
        return self._stage.relay.wait_for(
            lambda line: line.get("coil") == PERMISSIVE and line.get("on") is on, within_s, after=mark
        )
