"""An agent that runs holds the field: then its own word is read, and nothing is asked a second time.

A gateway may take one connection only, a relay module counts its watchdog by who writes: the doctor keeps away.
"""

import socket
import time
from collections.abc import Iterator, Mapping

from edge_agent.domain.device import DeviceKind
from edge_agent.domain.observation import Quality, View
from edge_agent.domain.words import Words, joined
from edge_agent.ops.doctor import modem
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine, unseen
from edge_agent.ops.doctor.readings import QUALITIES, REMEDIES
from edge_agent.ops.folders import REQUESTS
from edge_agent.settings.site import Settings
from edge_agent.tell.live import LIVE_S, Live, LiveAlarm
from edge_agent.tell.live_file import read_live

STALLED = Words(
    "请查看程序日志；它若不恢复，服务管理器会重新启动它",
    "see the agent's log; if it does not come back, the service manager starts it again",
)
STOP_IT = Words(
    "要由诊断直接检查，请先停工并停止程序", "to have it looked at directly, end the work and stop the agent first"
)
VIEWS = {
    View.STARTING: Words("正在启动", "starting"),
    View.FROZEN: Words("画面冻结", "frozen"),
    View.DARK: Words("画面过暗", "dark"),
    View.COVERED: Words("镜头被遮挡", "covered"),
    View.BLURRED: Words("画面模糊", "blurred"),
    View.MOVED: Words("镜头被移动", "moved"),
    View.DROPPING: Words("丢帧过多", "dropping pictures"),
    View.GONE: Words("没有画面", "no picture"),
    View.UNJUDGED: Words("画面未被分析", "not judged"),
}
TABLES = {
    DeviceKind.GAS: "gas",
    DeviceKind.WEATHER: "weather",
    DeviceKind.GAUGE: "gauges",
    DeviceKind.WEARABLE: "wearables",
    DeviceKind.CAMERA: "cameras",
    DeviceKind.RELAY: "relays",
}


def runs(settings: Settings) -> bool:
    """Whether an agent guards this site now. One that may not be asked is taken to run."""
    try:
        with socket.socket(socket.AF_UNIX) as visit:
            visit.settimeout(1.0)
            visit.connect(str(settings.runtime_folder / REQUESTS))
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def look(settings: Settings, utc: float | None = None) -> Iterator[Finding]:
    """What the running agent says of everything that it holds."""
    live = read_live(settings.runtime_folder)
    now = time.time() if utc is None else utc
    if live is None or now - live.at_utc > LIVE_S:
        says = Words(
            "程序正在运行，但没有写出实时状态（或无权读取）",
            "the agent runs, but writes no live picture (or it may not be read)",
        )
        yield fault("agent", Layer.ANSWER, "agent_silent", says, STALLED)
        yield from (unseen(part, "held", _held(part), STOP_IT) for part in _parts(settings).values())
        return
    yield fine("agent", Words("正在运行，以下由它报告", "runs; what follows is its own word"))
    for bus in settings.site.buses:
        yield unseen(f"buses.{bus}", "held", _held(f"buses.{bus}"), STOP_IT)
    if settings.site.short_messages is not None:
        yield modem.told_by_agent(live)
    qualities = {one.id: one.quality for one in live.gas} | {one.id: one.quality for one in live.wind}
    views = {one.id: one.view for one in live.cameras}
    for device, part in _parts(settings).items():
        yield _of(part, device, qualities, views, live)


def _held(part: str) -> Words:
    return Words(
        f"{part} 正由运行中的程序占用，未直接检查", f"{part} is held by the running agent: not asked again"
    )


def _parts(settings: Settings) -> dict[str, str]:
    """Every device of the site but the wearables, which can be heard beside the agent."""
    return {
        device.id: f"{TABLES[device.kind]}.{device.id}"
        for device in settings.devices
        if device.kind in TABLES and device.kind is not DeviceKind.WEARABLE
    }


def _of(part: str, device: str, qualities: Mapping[str, str], views: Mapping[str, str], live: Live) -> Finding:
    about = [alarm for alarm in live.alarms if _names(alarm, device)]
    told = joined(alarm.detail for alarm in about)
    if device in qualities:
        quality = Quality(qualities[device])
        if quality is not Quality.GOOD:
            return fault(part, Layer.VALUE, quality.value, joined((QUALITIES[quality], told)), REMEDIES[quality])
    if device in views and (view := View(views[device])) is not View.CLEAR:
        return fault(part, Layer.VALUE, view.value, joined((VIEWS[view], told)), _first_action(about))
    if about:
        return fault(part, Layer.VALUE, "alarm", told or about[0].title, _first_action(about))
    if device in qualities or device in views:
        return fine(part, Words("程序报告正常", "good, says the agent"))
    return unseen(part, "held", _held(part), STOP_IT)


def _first_action(about: list[LiveAlarm]) -> Words:
    return about[0].action if about else Words("请查看大屏上的说明", "see what the board says of it")


def _names(alarm: LiveAlarm, device: str) -> bool:
    """Whether an alarm speaks of this device: its key is rule, permit and source (docs of decide/alarms)."""
    return device in alarm.key.split("|")
