"""The field broker and the tags that speak over it: let in, allowed to hear, and each tag heard live.

It listens beside a running agent under a name of its own: a broker tells everybody who may hear.
"""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import paho.mqtt.client as mqtt

from edge_agent.clock import Clock
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.field.mqtt_listener import End, Listener
from edge_agent.ops.doctor import intervals
from edge_agent.ops.doctor.broker import closed, listened
from edge_agent.ops.doctor.finding import Finding, Layer, behind, fault, fine, unseen
from edge_agent.ops.doctor.port import reached
from edge_agent.sense.build import families
from edge_agent.sense.mqtt_field import RETAINED
from edge_agent.sense.wearables import omlox
from edge_agent.sense.wearables.family import Family, Told
from edge_agent.settings.site import Settings

PART = "field_broker"
# A tag is given two of its periods, and a little: longer ones than this are not waited for.
LONGEST_S = 6.0
SHORTEST_S = 3.0
PERIODS = 2.0
NAMED = 5  # so many unknown tags are named

NO_RETAIN = Words("请在定位平台关闭 retain", "switch retain off at the positioning platform")
TAG_OFF = Words(
    "请检查手环电量、是否开机，以及定位基站", "check that the wearable is charged and on, and that anchors hear it"
)
MEND_MESSAGE = Words("请核对定位平台的报文格式和 profile", "compare the platform's messages with the profile")


class Ears:
    """What was heard of each wearable of the site, and which names spoke that nobody has entered."""

    def __init__(self, devices: Iterable[str], spoken: Iterable[Family], clock: Clock) -> None:
        """Nothing heard yet."""
        self.live: dict[str, Words] = {}  # device -> a note on its fix
        self.unreadable: dict[str, Words] = {}
        self.retained: set[str] = set()
        self.others: set[str] = set()
        self.all_heard = threading.Event()
        self._devices, self._families, self._clock = set(devices), tuple(spoken), clock

    def hear(self, message: mqtt.MQTTMessage) -> None:
        """Take one message."""
        received = self._clock.instant()
        for family in self._families:
            if mqtt.topic_matches_sub(family.topics, message.topic):
                told = list(family.heard(message.topic, bytes(message.payload), received))
                for one in told:
                    self._take(one, message)
                if not told and not message.retain:
                    self.others.add(omlox.provider_of(message.topic) or message.topic)
        if self._devices <= self.live.keys():
            self.all_heard.set()

    def _take(self, told: Told, message: mqtt.MQTTMessage) -> None:
        if told.device is None:
            self.others.add(message.topic)
        elif message.retain:
            self.retained.add(told.device)
        elif told.fix is None:
            self.unreadable[told.device] = told.wrong
        else:
            self.live[told.device] = told.fix.note


def look(settings: Settings, root: Path, clock: Clock) -> Iterator[Finding]:
    """The broker, then each wearable."""
    site = settings.site
    down = reached(PART, site.field_broker.host, site.field_broker.port)
    if down is not None:
        yield from (down, *(behind(f"wearables.{device}", PART) for device in site.wearables))
        return
    spoken = families(settings, root)
    topics = tuple(one.topics for one in spoken)
    listener = Listener(site.field_broker, f"{site.site.id}-{site.site.unit}-doctor", topics)
    here = {device for one in spoken for device in one.devices}
    ears = Ears(here, spoken, clock)
    longest = max((table.period_s for device, table in site.wearables.items() if device in here), default=0.0)
    listened(listener, ears.hear, ears.all_heard, min(max(PERIODS * longest, SHORTEST_S), LONGEST_S))
    if listener.end is not End.TOLD:
        yield from (closed(PART, listener), *(behind(f"wearables.{device}", PART) for device in site.wearables))
        return
    yield fine(PART, Words("已登录并获准订阅", "lets us in and lets us hear"))
    known = intervals.known(settings, clock.instant().utc)
    for device, table in site.wearables.items():
        if device in here:
            yield _of_tag(device, table.provider_id, ears, known.get(device, NOTHING))
        else:
            yield _by_http(device, known.get(device, NOTHING))


def _by_http(device: str, known: Words) -> Finding:
    if known:
        return fine(f"wearables.{device}", known)
    says = Words("经 HTTP 送来，此处听不到", "comes by HTTP, which cannot be overheard here")
    remedy = Words("请在看板上查看该手环的位置", "see on the board whether its place is shown")
    return unseen(f"wearables.{device}", "by_http", says, remedy)


def _of_tag(device: str, provider: str, ears: Ears, known: Words) -> Finding:
    part = f"wearables.{device}"
    if device in ears.live:
        return fine(part, joined((Words("已收到实时定位", "heard live"), ears.live[device], known)))
    if device in ears.unreadable:
        return fault(part, Layer.PROFILE, "unreadable", ears.unreadable[device], MEND_MESSAGE)
    if device in ears.retained:
        return fault(part, Layer.VALUE, "only_retained", RETAINED, NO_RETAIN)
    if ears.others:
        heard = ", ".join(sorted(ears.others)[:NAMED])
        says = Words(
            f"未收到 {provider}；收到未登记的 {heard}",
            f"nothing of {provider}; heard instead, and entered by nobody: {heard}",
        )
        remedy = Words("请核对 provider_id；否则检查手环", "compare provider_id; else see to the wearable")
        return fault(part, Layer.UNIT, "other_tag", says, remedy)
    says = Words(f"消息服务器正常，但未收到 {provider}", f"the broker is well, but nothing is heard of {provider}")
    return fault(part, Layer.UNIT, "tag_silent", says, TAG_OFF)
