"""From an event to what is told of it once more: figures, changes, answered orders, evidence, time lines. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from edge_agent.domain.noted import KeptFile
from edge_agent.domain.outcome import Event, Priority
from edge_agent.domain.words import Words
from edge_agent.store.batch import Outgoing
from edge_agent.tell import messages
from edge_agent.tell.contract.derived import Change, CmdAck, Derived, EvidenceManifest, Kpi, Moment, Timeline

# What a risk assessment may rest on (ledger 2-48), by type of event.
CHANGES: Mapping[str, str] = {
    "device.updated": "device",
    "device.bump_tested": "device",
    "device.vouched": "device",
    "device.swapped": "device",
    "person.updated": "person",
    "person.changed": "person",
    "person.wears": "person",
    "permit.changed": "permit",
    "permit.handed_over": "shift",
    "permit.override_given": "override",
    "permit.override_ended": "override",
    "record.updated": "record",
    "unit.started": "settings",
    "settings.changed": "settings",
}
NOT_NOW = frozenset({"shift", "drill", "context", "words"})
MOST_MOMENTS = 500  # some 100 kB


class Speaker(Struct, frozen=True, kw_only=True):
    """Who tells, and the codes of its cameras on the park's video platform."""

    site: str
    unit: str
    demo: bool
    cameras: Mapping[str, str] = {}


def derived(event: Event, who: Speaker) -> Iterator[Outgoing]:
    """The messages beside this event; none of most."""
    head: dict[str, Any] = {
        "source": messages.source(who.site, who.unit),
        "demo": who.demo,
        "seq": event.seq,
        "time": messages.utc_text(event.at_utc),
    }
    data = event.data
    if event.type == "figures.day":
        figures = {key: said for key, said in data.items() if key not in NOT_NOW - {"words"}}
        yield _row(who, "kpi", Kpi(schema="edge_agent.kpi.v1", figures=figures, **head), retain=True)
    if event.type in CHANGES:
        now = {key: said for key, said in data.items() if key not in NOT_NOW}
        told = Change(
            schema="edge_agent.change.v1",
            kind=CHANGES[event.type],
            type=event.type,
            subject=event.subject,
            what=None if data.get("words") is None else msgspec.convert(data["words"], Words),
            now=now,
            **head,
        )
        yield _row(who, "change", told)
    if event.type == "order.answered":
        said = {key: data[key] for key in ("order", "do", "accepted", "by", "role")}
        reasons = msgspec.convert(data["reasons"], tuple[Words, ...])
        yield _row(who, "cmd_ack", CmdAck(schema="edge_agent.cmd_ack.v1", reasons=reasons, **said, **head))
    if event.type == "evidence.kept":
        yield _row(who, "evidence", _manifest(data, who, head))


def _manifest(data: Mapping[str, Any], who: Speaker, head: Mapping[str, Any]) -> EvidenceManifest:
    camera = data.get("camera", "")
    return EvidenceManifest(
        schema="edge_agent.evidence.v1",
        kind=data["kind"],
        camera=camera,
        gb28181=who.cameras.get(camera, ""),
        permit=data.get("permit", ""),
        events=tuple(data.get("events", ())),
        files=msgspec.convert(data["files"], tuple[KeptFile, ...]),
        began=messages.utc_text(data["began_utc"]),
        ended=messages.utc_text(data["ended_utc"]),
        clock_trusted=data["clock_trusted"],
        whole=data.get("whole", True),
        **head,
    )


def timeline(permit: str, events: Iterable[Event], who: Speaker) -> Outgoing:
    """Everything that happened under one permit, of `events` in any order."""
    ordered = sorted(events, key=lambda event: event.seq)
    told = Timeline(
        schema="edge_agent.timeline.v1",
        source=messages.source(who.site, who.unit),
        demo=who.demo,
        permit=permit,
        whole=len(ordered) <= MOST_MOMENTS,
        moments=tuple(_moment(event) for event in ordered[-MOST_MOMENTS:]),
    )
    return _row(who, f"timeline/{permit}", told, retain=True)


def _moment(event: Event) -> Moment:
    data = event.data
    who = data.get("person") or data.get("by") or ""
    return Moment(
        seq=event.seq,
        at=messages.utc_text(event.at_utc),
        type=event.type,
        priority=int(event.priority),
        who=who if isinstance(who, str) else "",
        what=str(data.get("rule") or data.get("name") or ""),
        drill=bool(data.get("drill", False)),
    )


def _row(who: Speaker, leaf: str, told: Derived | Timeline, *, retain: bool = False) -> Outgoing:
    return Outgoing(
        topic=messages.up_topic(who.site, who.unit, leaf),
        payload=msgspec.json.encode(told),
        priority=Priority.LOW,
        retain=retain,
    )
