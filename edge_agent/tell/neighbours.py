"""Tells the other boxes of the site what this one guards and which alarms sound, and hears the same of them.

Over the field broker, which stands on the site's own network: the way to the centre is not needed. One message
per box, `edge/<site>/<unit>/peer/claims`, signed with the box's own key: three times within the rulebook's
patience, and at once when something changes. Nothing is retained: an old word of a box that is gone must not look
like a live one. What does not count (peer_proof.py) is left out and logged; who sent it then counts as silent.
"""

import logging
import secrets
from collections.abc import Callable, Hashable
from threading import Event as StopFlag

import msgspec
import paho.mqtt.client as mqtt
from joserfc.jwk import OKPKey
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.clock import Clock
from edge_agent.decide.beside import Ours
from edge_agent.domain.observation import Claims
from edge_agent.domain.ports import Deliver
from edge_agent.field.mqtt_login import identify
from edge_agent.settings.site import Settings
from edge_agent.settings.site_brokers import BrokerTable
from edge_agent.tell import signing
from edge_agent.tell.contract.peer import PeerWord
from edge_agent.tell.peer_proof import LARGEST, Proof

log = logging.getLogger(__name__)

LOOK_S = 0.2
CONNECT_S = 0.8  # cannot be interrupted, and `stop` must be obeyed within a second
RETRY_S = 2.0
SAID_AGAIN_S = 60.0  # what does not count is logged once in so long for each box


def topic(site: str, unit: str) -> str:
    """Where a box tells its claims."""
    return f"edge/{site}/{unit}/peer/claims"


class Neighbours:
    """A worker of the supervisor. `ours` gives what this box tells of itself whenever asked."""

    def __init__(self, settings: Settings, clock: Clock, ours: Callable[[], Ours], key: OKPKey) -> None:
        """Nothing is connected until `run`. `key` is this box's own, and private."""
        self._site, self._unit = settings.site.site.id, settings.site.site.unit
        self._units = {peer.unit for peer in settings.site.peers}
        self._table: BrokerTable = settings.site.field_broker
        self._clock, self._ours, self._key = clock, ours, key
        patience_s = settings.rulebook.simops.peer_stale_s.value
        self._proof = Proof(self._site, self._unit, settings.site.peers, patience_s)
        self._every_s = patience_s / 3
        self._session, self._n, self._challenge = secrets.token_hex(8), 0, ""
        self._told: Hashable = None  # what was said last, but for words that change with every reading
        self._told_s = 0.0
        self._logged_s: dict[str, float] = {}

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Tell and hear until `stop`; a broker that is gone is tried again, and every peer falls silent."""
        while not stop.is_set():
            self._told = None
            try:
                client = self._client(deliver)
                client.connect(self._table.host, self._table.port, self._table.keepalive_s)
            except (OSError, ValueError) as fault:
                log.warning("the field broker is not reached for the other boxes: %s", fault)
            else:
                self._talk(client, stop)
            stop.wait(RETRY_S)

    def _talk(self, client: mqtt.Client, stop: StopFlag) -> None:
        try:
            while not stop.is_set() and client.loop(timeout=LOOK_S) == MQTTErrorCode.MQTT_ERR_SUCCESS:
                if client.is_connected():
                    self._tell(client)
        finally:
            client.disconnect()
            client.loop(timeout=0.01)  # the DISCONNECT leaves with this

    def _tell(self, client: mqtt.Client) -> None:
        now_s, ours = self._clock.monotonic(), self._ours()
        sounding = tuple((one.code, one.area, one.permit, one.leave) for one in ours.alarms)
        news = (ours.claims, sounding, frozenset(self._proof.sessions.items()))  # who has just come up is answered
        due = now_s - self._told_s >= self._every_s
        if news == self._told and not due:
            return
        if due or not self._challenge:
            self._challenge = self._proof.challenge(now_s)
        self._n += 1
        word = PeerWord(
            site=self._site,
            unit=self._unit,
            session=self._session,
            n=self._n,
            challenge=self._challenge,
            heard=self._proof.heard,
            claims=ours.claims,
            alarms=ours.alarms,
        )
        signed = signing.sign(msgspec.json.encode(word), self._key, self._unit)
        client.publish(topic(self._site, self._unit), signed, qos=1)
        self._told, self._told_s = news, now_s

    def _client(self, deliver: Deliver) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"{self._site}-{self._unit}-peers")
        client.connect_timeout = CONNECT_S
        identify(client, self._table)
        client.on_connect = self._on_connect
        client.on_message = lambda _client, _data, message: self._heard(message, deliver)
        return client

    def _on_connect(
        self, client: mqtt.Client, _data: object, _flags: mqtt.ConnectFlags, code: ReasonCode, _props: object
    ) -> None:
        if code.is_failure:
            log.warning("the field broker refuses us: %s", code)
            return
        client.subscribe(topic(self._site, "+"), qos=1)

    def _heard(self, message: mqtt.MQTTMessage, deliver: Deliver) -> None:
        unit, now_s = message.topic.split("/")[2], self._clock.monotonic()
        if unit not in self._units or message.retain:
            return
        found = self._proof.taken(unit, bytes(message.payload[: LARGEST + 1]), now_s)
        if isinstance(found, str):
            self._left_out(unit, found, now_s)
            return
        word = found.word
        deliver(Claims(source=unit, at_s=now_s, claims=word.claims, alarms=word.alarms, age_s=found.age_s))

    def _left_out(self, unit: str, why: str, now_s: float) -> None:
        if now_s - self._logged_s.get(unit, -SAID_AGAIN_S) >= SAID_AGAIN_S:
            self._logged_s[unit] = now_s
            log.warning("what %s says does not count: %s", unit, why)
