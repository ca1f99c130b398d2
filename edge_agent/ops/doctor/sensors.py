"""Sensors that speak in named values: over MQTT on the field broker, or from the nodes of an OPC UA server."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt

from edge_agent.clock import Clock
from edge_agent.domain.observation import Observation, Quality, Reading, Weather
from edge_agent.domain.words import Words
from edge_agent.field.mqtt_listener import End, Listener
from edge_agent.ops.doctor.broker import closed, listened
from edge_agent.ops.doctor.finding import Finding, Layer, behind, fault, fine, unseen
from edge_agent.ops.doctor.port import reached
from edge_agent.ops.doctor.readings import judged
from edge_agent.sense.build import mqtt_sensors, opcua_sensors
from edge_agent.sense.mqtt_sensors import RETAINED, topic_of
from edge_agent.sense.opcua.server import sampled_of
from edge_agent.sense.sampled import message
from edge_agent.sense.sampled.sensor import Sensor
from edge_agent.sense.sampled.values import Unreadable
from edge_agent.settings.site import Settings
from edge_agent.settings.site_lines import FIELD_BROKER

LONGEST_S = 6.0
SHORTEST_S = 3.0
PERIODS = 3.0  # two messages at least: the second one proves what bears no time

NOT_HEARD = Words(
    "请检查传感器是否在线、发布间隔，以及 at 是否与主题一致",
    "check that it is on, how often it publishes, and that at is its name within the topic",
)
NO_RETAIN = Words("请在传感器或网关关闭 retain", "switch retain off at the sensor or its gateway")
MEND_MESSAGE = Words("请核对报文和 profile", "compare the message with the profile")
SEE_SERVER = Words("请查看服务器日志和端点设置", "see the server's log and its endpoints")
KINDS = {
    "security": (Layer.ANSWER, "certificate_refused"),
    "login": (Layer.ANSWER, "login_refused"),
    "file": (Layer.PLUG, "file_unusable"),
    "silent": (Layer.ANSWER, "server_silent"),
    "not_running": (Layer.ANSWER, "server_not_running"),
}


def over_mqtt(settings: Settings, root: Path, clock: Clock) -> Iterator[Finding]:
    """Each sensor of the field broker: heard live, readable, good."""
    site = settings.site
    sensors = mqtt_sensors(settings, root)
    parts = {one.device: _part(settings, one.device) for one in sensors}
    down = reached(FIELD_BROKER, site.field_broker.host, site.field_broker.port)
    listener = Listener(
        site.field_broker, f"{site.site.id}-{site.site.unit}-doctor-s", tuple(topic_of(one) for one in sensors)
    )
    ears = Ears(sensors, clock)
    if down is None:
        longest = max(one.period_s for one in sensors)
        listened(listener, ears.hear, ears.all_heard, min(max(PERIODS * longest, SHORTEST_S), LONGEST_S))
        down = None if listener.end is End.TOLD else closed(FIELD_BROKER, listener)
    if down is not None:
        yield from (down, *(behind(part, FIELD_BROKER) for part in parts.values()))
        return
    for sensor in sensors:
        yield ears.finding(parts[sensor.device], sensor)


class Ears:
    """The newest word about each sensor."""

    def __init__(self, sensors: list[Sensor], clock: Clock) -> None:
        """Nothing heard yet."""
        self.all_heard = threading.Event()
        self._sensors = {topic_of(one): one for one in sensors}
        self._clock = clock
        self._said: dict[str, Observation] = {}
        self._retained: set[str] = set()
        self._unreadable: dict[str, Words] = {}

    def hear(self, said: mqtt.MQTTMessage) -> None:
        """Take one message."""
        sensor = self._sensors.get(said.topic)
        if sensor is None:
            return
        if said.retain:
            self._retained.add(sensor.device)
            return
        try:
            seen = sensor.heard(message.read(bytes(said.payload), sensor.profile), self._clock.instant())
        except Unreadable as wrong:
            self._unreadable[sensor.device] = wrong.words
            return
        if seen is not None:
            self._said[sensor.device] = seen
        if all(_is_good(self._said.get(one.device)) for one in self._sensors.values()):
            self.all_heard.set()

    def finding(self, part: str, sensor: Sensor) -> Finding:
        """What there is to say of one sensor."""
        seen = self._said.get(sensor.device)
        if seen is not None:
            return _judged(part, seen)
        if sensor.device in self._unreadable:
            return fault(part, Layer.PROFILE, "unreadable", self._unreadable[sensor.device], MEND_MESSAGE)
        if sensor.device in self._retained:
            return fault(part, Layer.VALUE, "only_retained", RETAINED, NO_RETAIN)
        topic = topic_of(sensor)
        says = Words(f"主题 {topic} 上没有消息", f"nothing is published on {topic}")
        return fault(part, Layer.UNIT, "sensor_silent", says, NOT_HEARD)


def on_server(settings: Settings, server: str, root: Path, clock: Clock) -> Iterator[Finding]:
    """One OPC UA server: the way to it, its security and log-in, its state, then each channel."""
    part, table = f"opcua.{server}", settings.site.opcua[server]
    sensors = opcua_sensors(settings, server, root)
    parts = {one.device: _part(settings, one.device) for one in sensors}
    down = reached(part, table.host, table.port)
    said: dict[str, Observation] = {}
    if down is None:
        down = asyncio.run(_asked(settings, server, sensors, clock, said))
    if down is not None:
        yield from (down, *(behind(one, part) for one in parts.values()))
        return
    yield fine(part, Words("已登录，正在运行", "lets us in, and runs"))
    for device, where in parts.items():
        seen = said.get(device)
        yield _judged(where, seen) if seen is not None else unseen(where, "late", Words("未读到", "not read"))


async def _asked(
    settings: Settings, server: str, sensors: list[Sensor], clock: Clock, said: dict[str, Observation]
) -> Finding | None:
    """Read every channel until each is good, or the time is over; what stands in the way of the server itself."""
    from edge_agent.sense.opcua import connection  # noqa: PLC0415 (the extra [opcua])

    part, table = f"opcua.{server}", settings.site.opcua[server]
    nodes = [(one, name, at.replace("{at}", one.at)) for one in sensors for name, at in one.profile.places.items()]
    until_s = time.monotonic() + SHORTEST_S
    try:
        line = await connection.opened(table)
        try:
            while time.monotonic() < until_s and not all(_is_good(said.get(one.device)) for one in sensors):
                told = await line.read([node for _, _, node in nodes])
                for sensor in sensors:
                    mine = {
                        name: one for (whose, name, _), one in zip(nodes, told, strict=True) if whose is sensor
                    }
                    seen = sensor.heard(sampled_of(mine), clock.instant())
                    if seen is not None:
                        said[sensor.device] = seen
                await asyncio.sleep(0.2)
        finally:
            with contextlib.suppress(Exception):  # it is gone: nothing is left to be told to it
                await asyncio.wait_for(line.close(), 1.0)
    except Exception as error:  # noqa: BLE001 (whatever a server or asyncua answers becomes a finding)
        why = connection.in_words(table, error)
        layer, code = KINDS.get(why.kind, (Layer.ANSWER, "not_opcua"))
        return fault(part, layer, code, why.words, SEE_SERVER)
    return None


def _part(settings: Settings, device: str) -> str:
    site = settings.site
    kind = "gas" if device in site.gas else "gauges" if device in site.gauges else "weather"
    return f"{kind}.{device}"


def _is_good(seen: Observation | None) -> bool:
    return isinstance(seen, Reading | Weather) and seen.quality is Quality.GOOD


def _judged(part: str, seen: Observation) -> Finding:
    match seen:
        case Reading():
            level = "" if seen.level is None else f"{seen.level:g} {seen.unit}"
        case Weather():
            level = "" if seen.wind_mps is None else f"{seen.wind_mps:g} m/s"
        case _:
            raise TypeError(type(seen).__name__)
    return judged(part, seen.quality, level, seen.detail)
