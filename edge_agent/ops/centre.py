"""The way to the centre and back: forwarded events are ticked off, signed messages become requests."""

import hashlib
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import assert_never

from edge_agent.agent.brain import UNKEPT, Brain
from edge_agent.clock import Clock, Instant, boot_id
from edge_agent.domain.asked import Asked
from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_record import (
    Advice,
    Contacts,
    GuideCard,
    SiteMap,
    Taxonomy,
    TicketStatus,
    record_of,
)
from edge_agent.domain.centre_rule import RuleTable
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.delivery import (
    CentreAck,
    CentreOrder,
    DeviceDelivery,
    OrderDelivery,
    PersonDelivery,
    RecordDelivery,
    TicketDelivery,
)
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.noted import Rejected
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.person import Person
from edge_agent.domain.request import Answer
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import NOTHING
from edge_agent.ops.acknowledged import Acknowledged
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Seen
from edge_agent.tell import downlink
from edge_agent.tell.downlink import Envelope, Refused
from edge_agent.tell.picture import Link as Shown
from edge_agent.tell.uplink import Acks, Told, Uplink, forwarder_config
from edge_agent.tell.wire import Down, Link

log = logging.getLogger(__name__)


class Centre:
    """A worker of the supervisor: one forwarder at a time, and what it says."""

    def __init__(
        self, settings: Settings, clock: Clock, brain: Brain, database: Path, seen: Mapping[str, Seen]
    ) -> None:
        """`seen` are the downlink messages obeyed so far, by subject."""
        site = settings.site.site
        self._clock, self._brain = clock, brain
        self._keys = downlink.load_keys(settings.site.downlink)
        self._us = downlink.Addressee(site=site.id, unit=site.unit)
        self._seen = dict(seen)
        self._link: Link | None = None
        self._two_ways, self._second = settings.site.second_uplink is not None, False
        self._acks = Acknowledged(clock, brain.keeper, database, site=site.id, unit=site.unit)
        self._uplink = Uplink(
            forwarder_config(
                database,
                site=site.id,
                unit=site.unit,
                boot=boot_id(),
                demo=settings.demo,
                broker=settings.site.uplink,
                second=settings.site.second_uplink,
            )
        )

    def run(self, stop: threading.Event) -> None:
        """Forward until `stop`; raises when the forwarder dies, and is started again by the supervisor."""
        self._uplink.run(self._told, stop)

    def wake(self) -> None:
        """Something was committed to the outbox."""
        self._uplink.wake()

    def link(self, waiting: int) -> Shown:
        """What the board shows of the way to the centre; `waiting` counts the outbox."""
        known = self._link
        if known is None:
            return Shown(ok=None, detail=NOTHING, waiting=waiting)
        return Shown(ok=known.up, detail=known.detail, waiting=waiting)

    def _told(self, told: Told) -> None:
        match told:
            case Acks():
                self._brain.keeper.acked(told.ids)
            case Link():
                self._way(told)
                self._link = told
                self._brain.deliver(
                    DeviceHealth(
                        source="uplink",
                        at_s=self._clock.monotonic(),
                        ok=told.up,
                        detail=told.detail,
                    )
                )
            case Down():
                self._down(told)

    def _way(self, told: Link) -> None:
        """Which line carries is for people; and another broker does not know where the permits stand."""
        if self._two_ways and told.up:
            health = DeviceHealth(
                source="uplink-way", at_s=self._clock.monotonic(), ok=not told.second, detail=told.detail
            )
            self._brain.deliver(health)
            if told.second is not self._second:
                self._brain.keeper.tell_states(self._brain.state.permits.values())
            self._second = told.second

    def _down(self, message: Down) -> None:
        """Check one message; what holds is asked of the brain and ticked off once it is recorded."""
        instant = self._clock.instant()
        opened = downlink.open_envelope(message.payload, self._keys, self._us, instant, self._seen)
        if isinstance(opened, Envelope):
            self._seen[opened.seen.subject] = opened.seen
        if isinstance(opened, Envelope) and isinstance(opened.body, CentreAck):
            fault = self._acks.fault(opened.body, self._brain.state.seq)
            if fault is None:
                self._acks.heard(opened.body, self._brain.state.seq)
                self._brain.keeper.outward.heard(opened.seen)
                self._uplink.took(message.n)  # one that a power cut swallows is said again by the next
                return
            opened = Refused(reason=fault, code="ack", id=opened.id)
        match opened:
            case Refused():
                if message.topic.endswith("/ack") and self._acks.is_noise():
                    self._uplink.took(message.n)
                    return
                asked: Asked = Rejected(
                    id=opened.id or f"down-{message.n}",
                    at_s=instant.now_s,
                    origin=message.topic,
                    reason=opened.reason,
                    code=opened.code,
                    message=opened.id,
                    sha256=hashlib.sha256(message.payload).hexdigest(),
                )
                answer = self._brain.ask(asked)
            case Envelope():
                answer = self._brain.ask(_delivery(opened, instant), opened.seen)
        answer.add_done_callback(lambda done: self._recorded(message.n, done))

    def _recorded(self, number: int, done: Future[Answer]) -> None:
        if UNKEPT not in done.result().reasons:
            self._uplink.took(number)


def _delivery(opened: Envelope, instant: Instant) -> Asked:
    id_, at_s, body = opened.id, instant.now_s, opened.body
    match body:
        case Ticket():
            return TicketDelivery(id=id_, at_s=at_s, ticket=body)
        case DeviceRecord():
            return DeviceDelivery(id=id_, at_s=at_s, record=body)
        case CentreOrder():
            return OrderDelivery(id=id_, at_s=at_s, order=body)
        case Person():
            return PersonDelivery(id=id_, at_s=at_s, person=body)
        case CentreAck():
            raise TypeError("an acknowledgement asks nothing of the brain")
        case (
            Contacts()
            | Taxonomy()
            | GuideCard()
            | SiteMap()
            | TicketStatus()
            | Advice()
            | RuleTable()
            | ModelOffer()
            | UpdateOrder()
        ):
            return RecordDelivery(id=id_, at_s=at_s, record=record_of(body, opened.seen.version, instant.utc))
        case _:
            assert_never(body)
