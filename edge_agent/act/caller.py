"""The worker that calls wearers: their devices vibrate or ring, where the platform can make them."""

import logging
from collections import deque
from collections.abc import Mapping
from threading import Event as StopFlag

import msgspec
import paho.mqtt.client as mqtt
from msgspec import Struct

from edge_agent.clock import Clock
from edge_agent.decide.calls import Call, calls
from edge_agent.decide.state import Decision
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.field.mqtt_listener import ENDED, Listener
from edge_agent.field.wearable_call import CallTable
from edge_agent.settings.site import Settings

log = logging.getLogger(__name__)

SOURCE = "calls"
REPEAT_S = 1.0
FIRST_RETRY_S, LONGEST_RETRY_S = 0.25, 4.0
RECEIPT_S = 30.0  # a device that hears at once has taken a call by then
ALL = "calls/none"  # a topic nobody speaks on: a broker lets us in only with one


class Made(Struct):
    """The calls that were made to one tag."""

    count: int = 0
    at_s: float = float("-inf")
    taken: bool = True  # the device has it, or no receipt is promised
    since_s: float = float("-inf")  # of the first one that was not taken


class Caller:
    """A worker of the supervisor. `tables` are the [call] tables by profile."""

    def __init__(self, settings: Settings, tables: Mapping[str, CallTable], clock: Clock, client_id: str) -> None:
        """Nothing is connected until `run`."""
        self._settings, self._tables, self._clock = settings, tables, clock
        receipts = {one.receipt.topic for one in tables.values() if one.receipt is not None}
        topics = tuple(sorted(receipts)) or (ALL,)
        self._listener = Listener(settings.site.field_broker, client_id, topics)
        self._made: dict[str, Made] = {}
        self._newest: deque[Decision] = deque(maxlen=1)
        self._calls: tuple[Call, ...] = ()
        self._told: tuple[Words, float] | None = None

    def beside(self, decision: Decision) -> None:
        """Told of each step, in the brain's thread: takes note and returns."""
        self._newest.append(decision)

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Call until `stop`; a broker that is gone is told, and tried again ever more rarely."""
        retry_s = FIRST_RETRY_S
        while not stop.is_set():
            greeted = self._listener.listen(stop, self._receipt, tick=lambda: self._tick(deliver))
            retry_s = FIRST_RETRY_S if greeted else min(retry_s * 2, LONGEST_RETRY_S)
            if not stop.is_set():
                self._say(self._listener.why or ENDED, deliver)
                stop.wait(retry_s)

    def _tick(self, deliver: Deliver) -> None:
        if self._newest:
            self._calls = calls(self._settings, self._newest.pop().state)
        now_s = self._clock.monotonic()
        for call in self._calls:
            self._call(call, now_s)
        self._say(joined(self._late(now_s)), deliver)

    def _call(self, call: Call, now_s: float) -> None:
        row = self._settings.site.wearables[call.tag]
        table, made = self._tables.get(row.profile), self._made.setdefault(call.tag, Made())
        if table is None or now_s - made.at_s < table.every_s:
            return
        site = self._settings.site.positioning.call_at.get(row.profile)
        if site is None and table.of_the_site:
            return  # `edge-agent check` says what is missing
        topic, body = table.message(row.provider_id, site or "", made.count + 1)
        if self._listener.publish(topic, body):
            made.since_s = now_s if made.taken else made.since_s
            made.count, made.at_s, made.taken = made.count + 1, now_s, table.receipt is None
            log.info("called %s (%s)", call.tag, call.urgency.name)

    def _receipt(self, message: mqtt.MQTTMessage) -> None:
        for profile, table in self._tables.items():
            receipt = table.receipt
            if receipt is None or not mqtt.topic_matches_sub(receipt.topic, message.topic):
                continue
            levels = message.topic.split("/")
            said = _read(message.payload)
            if len(levels) >= receipt.level and isinstance(said, dict) and said.get(receipt.key) is True:
                self._taken(profile, levels[receipt.level - 1])

    def _taken(self, profile: str, provider_id: str) -> None:
        for tag, row in self._settings.site.wearables.items():
            same = row.provider_id.replace(":", "").lower() == provider_id.replace(":", "").lower()
            if row.profile == profile and same and tag in self._made:
                self._made[tag].taken = True

    def _late(self, now_s: float) -> list[Words]:
        """Calls that no device has taken: those who are still to be called must be told by somebody."""
        late = []
        for call in self._calls:
            made, row = self._made.get(call.tag), self._settings.site.wearables[call.tag]
            table = self._tables.get(row.profile)
            wait_s = RECEIPT_S if table is None or not table.with_uplink else RECEIPT_S + row.period_s
            if made is not None and not made.taken and now_s - made.since_s > wait_s:
                zh, en = f"{row.name.zh}：未收到振动提醒的回执", f"{row.name.en}: no receipt of the call"
                late.append(Words(zh, en))
        return late

    def _say(self, detail: Words, deliver: Deliver) -> None:
        now_s = self._clock.monotonic()
        if self._told is None or self._told[0] != detail or now_s - self._told[1] >= REPEAT_S:
            self._told = (detail, now_s)
            deliver(DeviceHealth(source=SOURCE, at_s=now_s, ok=detail == NOTHING, detail=detail))


def _read(payload: bytes | bytearray) -> object:
    try:
        found: object = msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return None
    return found
