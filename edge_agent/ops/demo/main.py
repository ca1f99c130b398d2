"""`edge-agent demo SITE`: sets the stage, plays the job, and judges what the witnesses saw."""

import itertools
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

from edge_agent.ops import demo_clip, replay
from edge_agent.ops.demo.job import Fell, Job
from edge_agent.ops.demo.live_cast import LiveCast
from edge_agent.ops.demo.plays import PLAYS, TITLES
from edge_agent.ops.demo.ports import NotADemo
from edge_agent.ops.demo.stage import WARMUP_S, Stage
from edge_agent.ops.demo.timeline import Timeline
from edge_agent.ops.demo.witness import NotSeen
from edge_agent.ops.folders import DATABASE, JOURNAL
from edge_agent.settings.load import load
from edge_agent.simulate.handle import SimulatorError
from edge_agent.store import journal
from edge_agent.store.chain import EVENT_KIND, event_of
from edge_agent.store.reader import Reader

PAUSE_BETWEEN_JOBS_S = 30.0
EX_UNAVAILABLE = 69  # sysexits.h
HOW_TO_LOOK = (
    "页面 pages: https://127.0.0.1:{pages}/",
    "  浏览器会警告（本机自签证书）：选择「高级」→「继续前往」；或先按此页安装证书 http://127.0.0.1:{trust}/",
    "  The browser warns, as the box vouches for itself: Advanced, Proceed; or trust it: http://127.0.0.1:{trust}/",
    "消息 MQTT: 127.0.0.1:{mqtt}, edge/demo-tank/edge-1/up/# (docs/upstream)",
    "  登录 log in: li-na 3303 (监护人 guard) · wang-lei 2202 (持票人 holder) · zhao-min 1101 (安全员 safety)",
)


def main(site: Path, root: Path, *, once: bool, camera: str | None, scenario: str | None = None) -> int:
    """Play the demo; with `once` a single job, judged: 0 only if everything expected was seen.

    With `scenario` one of the plays (plays/), judged, in place of the job.
    """
    timeline = Timeline()
    for number in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C: everything that was started is ended
        signal.signal(number, signal.default_int_handler)
    try:
        clip = camera or str(demo_clip.demo_clip())
    except demo_clip.ClipError as fault:
        timeline.plain(f"演示影片无法准备  the demo's film cannot be made: {fault}")
        return EX_UNAVAILABLE
    folder = Path(tempfile.mkdtemp(prefix="edge-demo-"))
    folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
    try:
        with Stage(site, folder, clip, warmup_s=0.0 if scenario else WARMUP_S) as stage:
            code = (
                _perform(stage, timeline, root, scenario) if scenario else _play(stage, timeline, root, once=once)
            )
    except (NotSeen, SimulatorError, NotADemo) as fault:
        timeline.plain(f"\nFAILED  演示未通过：{fault}\n日志 logs and records are kept in {folder}")
        return 1
    except KeyboardInterrupt:
        timeline.plain("\n已结束 ended.")
        code = 130 if once else 0
    shutil.rmtree(folder, ignore_errors=True)
    return code


def _play(stage: Stage, timeline: Timeline, root: Path, *, once: bool) -> int:
    _announce(stage, timeline)
    for number in itertools.count(1):
        job = Job(stage, timeline, number)
        job.play()
        _judge(stage, timeline, root, job.falls)
        if once:
            break
        wait = f"{PAUSE_BETWEEN_JOBS_S:.0f}"
        timeline.plain(f"\n{wait} 秒后开始下一个作业  the next job begins in {wait} s; Ctrl-C ends.\n")
        threading.Event().wait(PAUSE_BETWEEN_JOBS_S)
    return 0


def _announce(stage: Stage, timeline: Timeline) -> None:
    for line in HOW_TO_LOOK:
        timeline.plain(line.format(pages=stage.ports.board, trust=stage.ports.enrol, mqtt=stage.ports.uplink))
    timeline.plain("演示规则 DEMO rulebook: times are shortened, every address is on this machine.\n")


def _perform(stage: Stage, timeline: Timeline, root: Path, scenario: str) -> int:
    """One play, judged."""
    _announce(stage, timeline)
    play = PLAYS[scenario]
    timeline.plain(f"{TITLES[scenario].zh}\n{TITLES[scenario].en}\n")
    play(LiveCast(stage, load(stage.site, root), timeline))
    _judge(stage, timeline, root, ())
    return 0


def _judge(stage: Stage, timeline: Timeline, root: Path, falls: Iterable[Fell]) -> None:
    """What the witnesses say against what the box itself kept."""
    with Reader.open(stage.state_folder / DATABASE) as store:
        kept = [event_of(row.body) for row in store.audit() if row.kind == EVENT_KIND]
    subscriber = stage.subscriber
    subscriber.wait_for_seq(kept[-1].seq, 20)
    faults = subscriber.faults()
    if faults:
        raise NotSeen(f"the subscriber's events do not hold: {faults}")
    told = f"{subscriber.count()} of {kept[-1].seq} events in {subscriber.deliveries} deliveries"
    timeline.plain(f"\n订阅者 the subscriber has {told}: none missing, none twice in effect")
    for fell in falls:
        took = f"{fell.took_s * 1000:.0f} ms (limit {fell.limit_s * 1000:.0f} ms)"
        timeline.plain(f"{fell.what.zh}后断电  power off after {fell.what.en}: {took}")
    decided = [replay.line(event) for event in kept]
    if load(stage.site, root).digest != kept[0].data.get("settings"):
        raise NotSeen("the site's settings were changed while the box ran: a replay with others decides otherwise")
    if _replayed(stage, root)[: len(decided)] != decided:
        raise NotSeen("replaying the journal does not give the decisions that were made")
    timeline.plain(f"回放一致 replaying the journal gives the same {len(decided)} decisions, byte for byte")
    timeline.plain("PASSED  演示通过")


def _replayed(stage: Stage, root: Path) -> list[bytes]:
    settings = load(stage.site, root)
    return [
        replay.line(event)
        for segment in journal.segments(stage.state_folder / JOURNAL)
        for decision in replay.decisions(settings, journal.read(segment))
        for event in decision.events
    ]
