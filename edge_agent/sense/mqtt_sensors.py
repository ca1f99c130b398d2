"""Sensors that publish JSON on the field broker: one worker that hears them all. A source of domain/ports.py.

A retained message is what somebody said at some time: it is never taken for a value, however good it looks.
"""

import logging
from collections.abc import Iterable
from threading import Event as StopFlag

import paho.mqtt.client as mqtt

from edge_agent.clock import Clock, Instant
from edge_agent.domain.observation import Observation, Quality
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import NOTHING, Words
from edge_agent.field.mqtt_listener import ENDED, Listener
from edge_agent.sense.sampled import message
from edge_agent.sense.sampled.sensor import Sensor
from edge_agent.sense.sampled.values import Unreadable
from edge_agent.settings.site_brokers import BrokerTable

log = logging.getLogger(__name__)

FIRST_RETRY_S = 0.25
LONGEST_RETRY_S = 4.0

RETAINED = Words(
    "保留消息不是实时数据，未采用；请在传感器或网关关闭 retain",
    "a retained message is not live and was not used; switch retain off at the sensor or its gateway",
)


class MqttSensors:
    """One MQTT broker on site and the sensors that are heard over it."""

    kind = "mqtt_sensors"

    def __init__(self, table: BrokerTable, sensors: Iterable[Sensor], clock: Clock, client_id: str) -> None:
        """Nothing is connected until `run`."""
        self._sensors: dict[str, list[Sensor]] = {}  # by topic: one message may speak of several contacts
        for one in sensors:
            self._sensors.setdefault(topic_of(one), []).append(one)
        self._clock = clock
        self._listener = Listener(table, client_id, tuple(self._sensors))
        self._down = NOTHING

    @property
    def name(self) -> str:
        """For people."""
        return f"sensors of {self._listener.where}"

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Hear the sensors until `stop`; a broker that is gone makes every one of them unknown."""
        retry_s = FIRST_RETRY_S

        def heard(said: mqtt.MQTTMessage) -> None:
            self._heard(said, deliver)

        def granted() -> None:
            self._down = NOTHING

        def tick() -> None:
            self._silence(deliver)

        while not stop.is_set():
            if self._listener.listen(stop, heard, granted, tick):
                retry_s = FIRST_RETRY_S
            why = self._listener.why or ENDED
            self._down = Words(f"{self._listener.where}：{why.zh}", f"{self._listener.where}: {why.en}")
            until_s = self._clock.monotonic() + retry_s
            while not stop.is_set() and self._clock.monotonic() < until_s:
                self._silence(deliver)
                stop.wait(min(retry_s, 0.1))
            retry_s = min(retry_s * 2, LONGEST_RETRY_S)

    def _silence(self, deliver: Deliver) -> None:
        now_s = self._clock.monotonic()
        for sensors in self._sensors.values():
            for sensor in sensors:
                told = sensor.silent(now_s, self._down)
                if told is not None:
                    deliver(told)

    def _heard(self, said: mqtt.MQTTMessage, deliver: Deliver) -> None:
        received = self._clock.instant()
        for sensor in self._sensors.get(said.topic, ()):
            told = _told(sensor, said, received)
            if told is not None:
                deliver(told)


def _told(sensor: Sensor, said: mqtt.MQTTMessage, received: Instant) -> Observation | None:
    """What one message amounts to for one sensor."""
    try:
        if said.retain:
            return sensor.refused(Quality.STALE, RETAINED, received.now_s)
        return sensor.heard(message.read(bytes(said.payload), sensor.profile), received)
    except Unreadable as wrong:
        return sensor.refused(Quality.FAULT, wrong.words, received.now_s)
    except Exception as error:
        # A message that breaks the reader becomes a verdict; the worker must hear the next one.
        log.exception("a message broke the reader")
        kind = type(error).__name__
        words = Words(f"有报文无法读取（{kind}）", f"a message could not be read: {kind}: {error}")
        return sensor.refused(Quality.FAULT, words, received.now_s)


def topic_of(sensor: Sensor) -> str:
    """Where this sensor publishes."""
    return (sensor.profile.topic or "{at}").replace("{at}", sensor.at)
