"""Live pictures to show, the agent's side of the runtime folder, and the board's own process."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import cv2
import msgspec
import numpy as np

from edge_agent.decide.cards import card
from edge_agent.decide.glance import LEAVE
from edge_agent.domain.outcome import Effect
from edge_agent.domain.words import NOTHING, Words
from edge_agent.tell.live import Live, LiveAlarm, LiveEvent, LiveOutput
from edge_agent.tell.live_camera import LiveCamera, LiveCount
from edge_agent.tell.live_measured import LiveAverage, LiveGas, LiveWind
from edge_agent.tell.live_people import LivePerson
from edge_agent.tell.live_permit import (
    LiveCoverage,
    LiveHead,
    LiveHeadCount,
    LiveHole,
    LiveOverride,
    LivePermit,
    LiveReason,
)

TREE = Path(__file__).resolve().parents[2]
TANK = Words(zh="3 号储罐", en="Tank 3")
RELAY = Words(zh="现场继电器", en="Field relay")
STOP_WORK = Words(zh="停止作业，离开作业点", en="stop work and step away from the point")
TODAY = {
    "date": "2026-11-26",
    "since_utc": 0.0,
    "ppe": [
        {
            "camera": "cam-1",
            "shift": "day",
            "compliant": 38,
            "should_check": 40,
            "not_assessable": 12,
            "compliant_pct": 95.0,
        }
    ],
    "starts": 3,
    "starts_on_time": 2,
    "near_miss_candidates": {"gas_approached_its_limit": 2, "guard_came_back_in_time": 1},
    "stops_by_blame": {"person": 1, "device": 2},
    "stops_by_rule": {"guard_too_far": 1, "gas_missing": 2},
    "acknowledged": {"count": 3, "sum_s": 36.0, "longest_s": 21.0},
    "first_sample_to_decision": {"count": 2, "sum_s": 0.6, "longest_s": 0.4},
    "drills": 1,
    "words": {"zh": "", "en": ""},
}


def permit(**changes: Any) -> LivePermit:
    now = time.time()
    base = LivePermit(
        id="T-2042",
        type="confined_space",
        level="",
        area=TANK,
        state="active",
        since_utc=now - 754,
        ends_utc=now + 5400,
        near_end=False,
        holder="wang-wei",
        guard="li-na",
        word="may_work",
        coverage=LiveCoverage(guarded_pct=100.0, holes=()),
    )
    return msgspec.structs.replace(base, **changes)


def gas_cause() -> LiveReason:
    return LiveReason(
        title=Words(zh="气体超限", en="Gas over its limit"),
        detail=Words(
            zh="硫化氢检测仪：硫化氢 14.2 ppm（允许：不超过 7.2 ppm）",
            en="H2S detector: hydrogen sulphide 14.2 ppm (allowed: at most 7.2 ppm)",
        ),
        since_utc=time.time() - 61,
        pause_class="A",
    )


def stopped(**changes: Any) -> LivePermit:
    guard_gone = LiveReason(
        title=Words(zh="监护人离岗", en="Guard off post"),
        detail=Words(zh="李娜 距作业点 62 米,上限 50 米", en="Li Na is 62 m from the work point, limit 50 m"),
        since_utc=time.time() - 20,
        pause_class="B",
    )
    retest = LiveReason(
        title=Words(zh="尚无合格复测", en="No passed re-test"),
        detail=Words(zh="须由分析人录入复测", en="A named tester must enter a re-test"),
    )
    still = {"state": "paused", "causes": (gas_cause(), guard_gone), "standing": (retest, guard_gone)}
    told = {"word": "stopped", "instruction": STOP_WORK, "cards": card(Effect.PAUSE), "coverage": holed()}
    return permit(**(still | told | {"signatures": ("guard: 李娜",)} | changes))


def warned(**changes: Any) -> LivePermit:
    near = LiveReason(
        title=Words(zh="气体接近限值", en="Gas near its limit"),
        detail=Words(zh="硫化氢 5.9 ppm，预警 5.0 ppm", en="H2S 5.9 ppm, warning at 5.0 ppm"),
    )
    look = Words(zh="查看并通风，准备停止", en="look, ventilate, be ready to stop")
    return permit(
        **({"word": "warning", "instruction": look, "cards": card(Effect.WARN), "standing": (near,)} | changes)
    )


def leaving(**changes: Any) -> LivePermit:
    """People are called out: two still inside, one unknown, two out."""
    told = {"evacuate": True, "word": "evacuate", "instruction": LEAVE, "cards": card(Effect.EVACUATE)}
    return stopped(**(told | {"headcount": heads(), "since_utc": time.time() - 61} | changes))


def heads() -> LiveHeadCount:
    def head(id_: str, name: str, where: Any, age_s: float | None, area: Words | None = TANK) -> LiveHead:
        return LiveHead(id=id_, name=name, where=where, area=area, age_s=age_s)

    post = Words(zh="人孔监护点", en="Manhole post")
    return LiveHeadCount(
        area=TANK,
        x_m=6.5,
        y_m=0.0,
        counted=2,
        seen=1,
        people=(
            head("zhou-qiang", "周强 Zhou Qiang", "inside", 4.0),
            head("wu-gang", "吴刚 Wu Gang", "inside", 48.0),
            head("zhao", "Zhao Min", "unknown", None, None),
            head("li-na", "李娜 Li Na", "out", 2.0, post),
            head("wang-wei", "王伟 Wang Wei", "out", 3.0, post),
        ),
    )


def holed() -> LiveCoverage:
    now = time.time()
    camera, methane = Words(zh="人孔摄像机", en="Manhole camera"), Words(zh="甲烷检测仪", en="Methane detector")
    return LiveCoverage(
        guarded_pct=97.4,
        holes=(
            LiveHole(feed=methane, from_utc=now - 40, until_utc=None),
            LiveHole(feed=camera, from_utc=now - 700, until_utc=now - 520),
        ),
        more=2,
    )


def override() -> LiveOverride:
    return LiveOverride(
        rule="guard_tag_off",
        title=Words(zh="监护人手环未佩戴", en="Guard's wearable is off"),
        who="赵敏 Zhao Min",
        reason="手环充电，安全员在场 / charging, officer on site",
        until_utc=time.time() + 840,
    )


def channel(**changes: Any) -> LiveGas:
    base = LiveGas(
        id="gas-h2s",
        name=Words(zh="硫化氢", en="Hydrogen sulphide"),
        gas="h2s",
        level=0.4,
        unit="ppm",
        quality="good",
        age_s=0.8,
        danger=False,
        device_alarm=False,
    )
    return msgspec.structs.replace(base, **changes)


def wind(**changes: Any) -> LiveWind:
    base = LiveWind(
        id="weather-1", name=Words(zh="气象站", en="Weather station"), mps=3.2, quality="good", age_s=0.6
    )
    return msgspec.structs.replace(base, **changes)


def person(**changes: Any) -> LivePerson:
    base = LivePerson(
        id="li-na",
        name="李娜",
        tag="tag-1",
        roles=("guard",),
        x_m=4.0,
        y_m=2.5,
        area=Words(zh="人孔监护点", en="Manhole post"),
        age_s=4.0,
        fresh=True,
    )
    return msgspec.structs.replace(base, **changes)


def live(**changes: Any) -> Live:
    """A calm job: one permit under way, four gases, three people, one camera."""
    now = time.time()
    oxygen = channel(id="gas-o2", name=Words(zh="氧气", en="Oxygen"), gas="o2", level=20.9, unit="%vol")
    methane = channel(id="gas-ch4", name=Words(zh="甲烷", en="Methane"), gas="ch4", level=1.0, unit="%LEL")
    monoxide = channel(
        id="gas-co",
        name=Words(zh="一氧化碳", en="Carbon monoxide"),
        gas="co",
        level=3.0,
        stel=LiveAverage(value=2.4, missing_min=0),
        twa=LiveAverage(value=1.9, missing_min=431),
    )
    camera = LiveCamera(
        id="cam-1",
        name=Words(zh="人孔摄像机", en="Manhole camera"),
        view="clear",
        age_s=0.3,
        persons=2,
        persons_in=(LiveCount(area=Words("3 号罐", "Tank 3"), persons=2),),
        still="cam-1.jpg",
    )
    people = (
        person(),
        person(id="wang-wei", name="王伟", tag="tag-2", roles=("holder", "worker"), area=TANK, age_s=11.0),
        person(
            id="zhao", name="Zhao Min", tag="tag-3", roles=("worker",), area=None, x_m=None, y_m=None, age_s=2.0
        ),
    )
    outputs = (
        LiveOutput(
            device="relay-1", name=RELAY, channel="work", does="permissive", wanted_on=True, feedback_closed=True
        ),
        LiveOutput(
            device="relay-1", name=RELAY, channel="siren", does="siren", wanted_on=False, feedback_closed=None
        ),
    )
    events = tuple(
        LiveEvent(seq=40 - n, type=kind, subject="T-2042", at_utc=now - 30 * n - 1, words=Words(zh=zh, en=en))
        for n, (kind, zh, en) in enumerate(
            [
                ("permit.started", "T-2042 开始作业", "T-2042 under way"),
                ("permit.signed", "李娜(监护人)签字开工", "Li Na (guard) signed to start"),
                ("permit.ready", "T-2042 具备开工条件", "T-2042 ready"),
                ("permit.received", "收到作业票 T-2042", "Permit T-2042 received"),
            ],
        )
    )
    base = Live(
        at_utc=now,
        site="demo-tank",
        unit="box-1",
        name=Words(zh="演示储罐区", en="Demo tank farm"),
        demo=False,
        rulebook="gb-default 1.0",
        clock_trusted=True,
        uplink_ok=True,
        uplink_detail=NOTHING,
        waiting=0,
        permits=(permit(),),
        gas=(methane, oxygen, channel(), monoxide),
        wind=(wind(),),
        people=people,
        cameras=(camera,),
        outputs=outputs,
        alarms=(),
        events=events,
        today=TODAY,
        shift=Words(zh="白班", en="day shift"),
    )
    return msgspec.structs.replace(base, **changes)


def drilling() -> Live:
    """A gas drill: people are called out, and everything says that it is played."""
    played = msgspec.structs.replace(evacuating().alarms[1], drill=True)
    return live(permits=(leaving(drill="气体演练 gas drill"),), alarms=(played,))


def in_shadow() -> Live:
    words = Words(
        "影子模式，不提供保护：作业 confined_space，至 2026-12-31 00:00（赵敏：试运行）",
        "Shadow mode, no protection: work confined_space until 2026-12-31 00:00 (Zhao Min: trial)",
    )
    return live(shadow=(words,), permits=(permit(shadow=True, word="warning"),))


def evacuating() -> Live:
    """Gas over its limit: people leave, the camera is gone, a relay disagrees, nothing reaches the centre."""
    calm = live()
    alarm = LiveAlarm(
        key="gas_dangerous|T-2042|gas-h2s",
        permit="T-2042",
        title=Words(zh="气体超限", en="Gas over its limit"),
        detail=Words(
            zh="硫化氢检测仪：硫化氢 14.2 ppm（允许：不超过 7.2 ppm）",
            en="H2S detector: hydrogen sulphide 14.2 ppm (allowed: at most 7.2 ppm)",
        ),
        action=Words(zh="立即撤离,清点人数", en="Leave at once, count heads"),
        priority=1,
        state="unack_active",
        since_utc=time.time() - 61,
    )
    later = msgspec.structs.replace(
        alarm, key="camera|T-2042|cam-1", priority=2, title=Words(zh="未监控", en="Not monitored")
    )
    return msgspec.structs.replace(
        calm,
        demo=True,
        clock_trusted=False,
        uplink_ok=False,
        uplink_detail=Words("127.0.0.1:1883 拒绝连接", "127.0.0.1:1883 refused"),
        waiting=17,
        permits=(
            leaving(),
            permit(id="T-2051", type="hot", level="1", near_end=True, ends_utc=time.time() + 600, word="warning"),
            permit(id="T-2052", state="ready", type="height", guard=None),
            permit(id="T-2001", state="closed"),
        ),
        gas=(
            channel(level=14.2, danger=True),
            msgspec.structs.replace(calm.gas[0], level=None, quality="warmup"),
            msgspec.structs.replace(calm.gas[1], level=None, quality="comm_fail", age_s=None),
            msgspec.structs.replace(calm.gas[3], level=None, quality="overrange", danger=True, device_alarm=True),
        ),
        people=(*calm.people[:2], msgspec.structs.replace(calm.people[2], age_s=95.0, fresh=False)),
        cameras=(msgspec.structs.replace(calm.cameras[0], view="gone", age_s=12.0, persons=None, persons_in=()),),
        outputs=(msgspec.structs.replace(calm.outputs[0], wanted_on=False), *calm.outputs[1:]),
        alarms=(later, alarm),
    )


class Shown:
    """What a living agent shows, and something else when the test says so: at once, as an agent does."""

    def __init__(self, make: Callable[[], Live]) -> None:
        self.make, self.over = make, False
        self.changed = Event()

    def show(self, make: Callable[[], Live]) -> None:
        self.make = make
        self.changed.set()


class Folder:
    """The agent's side of the runtime folder: pictures and stills put in place in one move."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, picture: Live) -> None:
        self.put_bytes(msgspec.json.encode(picture))

    def put_bytes(self, content: bytes) -> None:
        part = self.path / "live.json.part"
        part.write_bytes(content)
        part.replace(self.path / "live.json")

    @contextmanager
    def kept(self, make: Callable[[], Live] = live) -> Iterator["Shown"]:
        """An agent that lives: a picture of now, twice a second, until the block ends."""
        shown = Shown(make)

        def write() -> None:
            while not shown.over:
                self.put(msgspec.structs.replace(shown.make(), at_utc=time.time()))
                shown.changed.wait(0.4)
                shown.changed.clear()

        writer = Thread(target=write)
        writer.start()
        try:
            yield shown
        finally:
            shown.over = True
            shown.changed.set()
            writer.join()

    def put_still(self, camera: str = "cam-1") -> None:
        frame = np.full((360, 640, 3), 90, np.uint8)
        cv2.rectangle(frame, (200, 80), (300, 330), (0, 200, 255), 3)
        _, jpeg = cv2.imencode(".jpg", frame)
        part = self.path / "still.part"
        for name in (f"{camera}.masked.jpg", f"{camera}.jpg"):
            part.write_bytes(jpeg.tobytes())
            part.replace(self.path / name)
