"""The messages that leave the box, as plain dictionaries. Pure: the same event gives the same bytes.

Events are CloudEvents 1.0 in structured JSON. The receiver keeps (source, seq) apart: the same pair
again is the same event delivered twice, a missing seq is a gap, `prevhash` ties each to the audit chain.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from edge_agent.domain.outcome import Event
from edge_agent.domain.permit import Cause, Permit, Signature
from edge_agent.domain.ticket import Approval
from edge_agent.tell.contract.context import ApprovalTold
from edge_agent.tell.contract.event_types import wire_type
from edge_agent.tell.contract.health import NOTHING_TOLD, Facts
from edge_agent.tell.contract.messages import (
    CauseTold,
    Health,
    MeasureTold,
    PermitState,
    SignatureTold,
)

TOPIC_ROOT = "edge"
# What may stand in a topic: MQTT gives "/", "+", "#" and NUL a meaning, and brokers limit length.
LEVEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


def up_topic(site: str, unit: str, leaf: str) -> str:
    """Where this unit speaks: `edge/<site>/<unit>/up/<leaf>`."""
    return f"{TOPIC_ROOT}/{site}/{unit}/up/{leaf}"


def down_topic(site: str, unit: str, leaf: str) -> str:
    """Where this unit listens: `edge/<site>/<unit>/dn/<leaf>`."""
    return f"{TOPIC_ROOT}/{site}/{unit}/dn/{leaf}"


def source(site: str, unit: str) -> str:
    """Who speaks, as CloudEvents names it."""
    return f"{TOPIC_ROOT}/{site}/{unit}"


def encode(message: Mapping[str, Any]) -> bytes:
    """The bytes on the wire: UTF-8 JSON in the order in which the message was built."""
    return msgspec.json.encode(message)


def utc_text(at_utc: float) -> str:
    """UTC seconds as RFC 3339 with milliseconds: 2027-01-15T08:00:00.250Z."""
    return datetime.fromtimestamp(round(at_utc, 3), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cloud_event(  # noqa: PLR0913 (all by name)
    event: Event, *, site: str, unit: str, boot: str, trusted: bool, demo: bool, prev_hash: str
) -> dict[str, Any]:
    """One event (up/event). `prev_hash` is the head of the audit chain before the event's own row."""
    return {
        "specversion": "1.0",
        "id": f"{unit}-{event.seq:012d}",
        "source": source(site, unit),
        "type": wire_type(event.type),
        "subject": event.subject,
        "time": utc_text(event.at_utc),
        "datacontenttype": "application/json",
        "seq": event.seq,
        "bootid": boot,
        "clocktrust": "trusted" if trusted else "untrusted",
        "prevhash": prev_hash,
        "priority": int(event.priority),
        "demo": demo,
        "data": event.data,
    }


def permit_state(permit: Permit, *, site: str, unit: str, demo: bool) -> dict[str, Any]:
    """Where one permit stands (up/permit/<id>, retained). Only UTC: monotonic seconds mean nothing elsewhere."""
    ticket, pending = permit.ticket, permit.pending
    told = PermitState(
        schema="edge_agent.permit_state.v1",
        source=source(site, unit),
        demo=demo,
        id=ticket.id,
        version=ticket.version,
        pending_version=None if pending is None else pending.version,
        made_by=ticket.made_by,
        extends=ticket.extends,
        type=ticket.type,
        level=ticket.level,
        area=ticket.area,
        state=permit.state,
        authorised=permit.authorised,
        shadow=permit.shadow,
        since=utc_text(permit.since_utc),
        valid_from=utc_text(ticket.valid_from_utc),
        valid_to=utc_text(ticket.valid_to_utc),
        started=None if permit.started_utc is None else utc_text(permit.started_utc),
        content=ticket.content,
        jsa=ticket.jsa,
        holder=ticket.holder,
        guards=ticket.guards,
        guard=permit.guard,
        workers=ticket.workers,
        inside=tuple(one.person for one in permit.inside),
        contractor=ticket.contractor,
        team=ticket.team,
        risk=ticket.risk,
        template_version=ticket.template_version,
        risk_version=ticket.risk_version,
        gas_interval_s=ticket.gas_interval_s,
        linked=ticket.linked,
        measures=tuple(_measures(permit)),
        approvals=tuple(approval_told(one) for one in ticket.approvals),
        causes=tuple(_cause(cause) for cause in permit.causes),
        signatures=tuple(_signature(one) for one in permit.signatures),
        void=permit.void,
    )
    return dict(msgspec.to_builtins(told))


def health(  # noqa: PLR0913 (all by name)
    *, site: str, unit: str, boot: str, online: bool, demo: bool, facts: Facts = NOTHING_TOLD
) -> dict[str, Any]:
    """Whether the unit is in touch (up/health, retained); the offline one is the last will.

    `facts` is what else is known of the unit (tell/health.py).
    """
    told = Health(
        schema="edge_agent.health.v1",
        source=source(site, unit),
        bootid=boot,
        demo=demo,
        online=online,
        facts=facts,
    )
    return dict(msgspec.to_builtins(told))


def _cause(cause: Cause) -> CauseTold:
    """One cause of a stop."""
    return CauseTold(
        rule=cause.rule,
        code=cause.code,
        subject=cause.subject,
        pause_class=cause.pause_class,
        blame=cause.blame,
        at=utc_text(cause.at_utc),
        title=cause.title,
        detail=cause.detail,
        retest=cause.retest,
        evacuate=cause.evacuate,
        drill=cause.drill,
    )


def _signature(one: Signature) -> SignatureTold:
    return SignatureTold(
        person=one.person, capacity=one.capacity, agrees_to=one.agrees_to, at=utc_text(one.at_utc)
    )


def _measures(permit: Permit) -> Iterator[MeasureTold]:
    seen = {one.measure: one for one in permit.confirmed}
    for measure in permit.ticket.measures:
        by = seen.get(measure.id)
        yield MeasureTold(
            id=measure.id,
            kind=measure.kind,
            words=measure.words,
            source=measure.source,
            confirmed_by="" if by is None else by.person,
            confirmed=None if by is None else utc_text(by.at_utc),
        )


def approval_told(one: Approval) -> ApprovalTold:
    """One signature under the ticket, for a centre."""
    return ApprovalTold(
        role=one.role,
        person=one.person,
        at=utc_text(one.at_utc),
        on_site=one.on_site,
        substitute=one.substitute,
    )
