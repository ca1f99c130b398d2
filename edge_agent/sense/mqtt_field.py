"""The field broker: one worker that hears every wearable of the site. A source of domain/ports.py."""

import logging
from collections.abc import Callable, Iterable, Iterator
from threading import Event as StopFlag

import paho.mqtt.client as mqtt

from edge_agent.clock import Clock
from edge_agent.domain.observation import DeviceHealth, Observation
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import Words
from edge_agent.field.mqtt_listener import ENDED, Listener
from edge_agent.sense.wearables.family import Family, Told
from edge_agent.sense.wearables.memory import TagBook
from edge_agent.settings.site_brokers import BrokerTable

log = logging.getLogger(__name__)

BROKER = "field_broker"  # under this name the worker speaks about the broker itself
FIRST_RETRY_S = 0.25
LONGEST_RETRY_S = 4.0

RETAINED = Words(
    "保留消息不是实时数据，未采用；发布位置时请勿使用 retain",
    "a retained message is not live and was not used; publish positions without retain",
)


class FieldBroker:
    """One MQTT broker on site and the tags that are heard over it."""

    kind = "mqtt_field"

    def __init__(self, table: BrokerTable, families: Iterable[Family], clock: Clock, client_id: str) -> None:
        """Nothing is connected until `run`."""
        self._families = tuple(families)
        self._clock = clock
        self._listener = Listener(table, client_id, tuple(one.topics for one in self._families))
        self._book = TagBook()

    @property
    def name(self) -> str:
        """For people."""
        return f"field broker {self._listener.where}"

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Hear the tags until `stop`; a broker that is gone is reported and tried again, ever more rarely."""
        retry_s = FIRST_RETRY_S

        def granted() -> None:
            deliver(DeviceHealth(source=BROKER, at_s=self._clock.monotonic(), ok=True))

        while not stop.is_set():
            if self._listener.listen(stop, self._on_message(deliver), granted):
                retry_s = FIRST_RETRY_S
            if not stop.is_set():
                self._wait(deliver, stop, retry_s)
                retry_s = min(retry_s * 2, LONGEST_RETRY_S)

    def _on_message(self, deliver: Deliver) -> Callable[[mqtt.MQTTMessage], None]:
        def on_message(message: mqtt.MQTTMessage) -> None:
            try:
                heard = list(self._heard(message))
            except Exception as error:
                # A message that breaks the reader becomes a verdict; the worker must hear the next one.
                log.exception("a message broke the reader")
                kind = type(error).__name__
                detail = Words(f"有报文无法读取（{kind}）", f"a message could not be read: {kind}: {error}")
                heard = self._book.say(BROKER, detail, self._clock.monotonic(), ok=True)
            for observation in heard:
                deliver(observation)

        return on_message

    def _heard(self, message: mqtt.MQTTMessage) -> Iterator[Observation]:
        received = self._clock.instant()
        for family in self._families:
            if mqtt.topic_matches_sub(family.topics, message.topic):
                for told in family.heard(message.topic, bytes(message.payload), received):
                    yield from self._taken(told, received.now_s, retained=message.retain)

    def _taken(self, told: Told, now_s: float, *, retained: bool) -> list[Observation]:
        """What to deliver of one word about a tag; of another site's tags the families say nothing."""
        if retained and told.device is not None:
            return self._book.say(told.device, RETAINED, now_s, ok=False)
        return self._book.taken(told, BROKER, now_s)

    def _wait(self, deliver: Deliver, stop: StopFlag, retry_s: float) -> None:
        """Say that the broker is gone (once per attempt: every few seconds), and wait for the next."""
        where, why = self._listener.where, self._listener.why or ENDED
        detail = Words(f"{where}：{why.zh}", f"{where}: {why.en}")
        deliver(DeviceHealth(source=BROKER, at_s=self._clock.monotonic(), ok=False, detail=detail))
        stop.wait(retry_s)
