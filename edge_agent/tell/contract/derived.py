"""What is told once more in a shape of its own, for receivers that want just that; the event is what counts."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from edge_agent.domain.noted import KeptFile
from edge_agent.domain.words import Words
from edge_agent.tell.contract.messages import Demo, Source
from edge_agent.tell.contract.values import Time

Seq = Annotated[int, Meta(description="number of the event that says the same; drop a second one", ge=1)]


class Derived(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each of them carries."""

    source: Source
    demo: Demo
    seq: Seq
    time: Time


class Kpi(Derived, frozen=True, kw_only=True):
    """The figures of one local day (retained); told in the first step after midnight, long before 00:10."""

    schema: Literal["edge_agent.kpi.v1"]
    figures: Annotated[dict[str, Any], Meta(description="as in the event figures.day")]


class Change(Derived, frozen=True, kw_only=True):
    """Something changed that a risk assessment may rest on: a device, a person, a ticket, settings, the rules."""

    schema: Literal["edge_agent.change.v1"]
    kind: Annotated[str, Meta(description="device, person, permit, shift, override, settings, record")]
    type: Annotated[str, Meta(description="of the event, without what stands around it")]
    subject: Annotated[str, Meta(description="id of what changed, or unit")]
    what: Annotated[Words | None, Meta(description="in words, where the event has them")]
    now: Annotated[dict[str, Any], Meta(description="what counts from now on, as the event tells it")]


class CmdAck(Derived, frozen=True, kw_only=True):
    """An order of dn/cmd was carried out, or refused with every reason."""

    schema: Literal["edge_agent.cmd_ack.v1"]
    order: Annotated[str, Meta(description="the order's own id")]
    do: str
    accepted: bool
    reasons: tuple[Words, ...]
    by: str
    role: str


class EvidenceManifest(Derived, frozen=True, kw_only=True):
    """Files that the unit keeps of an event: names and hashes. The bytes follow by HTTP, or stay there."""

    schema: Literal["edge_agent.evidence.v1"]
    kind: Annotated[str, Meta(description="still, clip or permit (a whole job)")]
    camera: str
    gb28181: Annotated[str, Meta(description="the camera's code on the park's video platform, or empty")]
    permit: str
    events: Annotated[tuple[int, ...], Meta(description="seq of the events that they are about")]
    files: tuple[KeptFile, ...]
    began: Time
    ended: Time
    clock_trusted: bool
    whole: bool


class Moment(Struct, frozen=True, kw_only=True):
    """One event of a time line."""

    seq: int
    at: Time
    type: Annotated[str, Meta(description="without what stands around it: permit.paused")]
    priority: int
    who: Annotated[str, Meta(description="person who did it, or empty")]
    what: Annotated[str, Meta(description="rule, or what was asked, or empty")]
    drill: bool


class Timeline(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that happened under one permit, in order, to the millisecond: when it ends, or a drill does."""

    schema: Literal["edge_agent.timeline.v1"]
    source: Source
    demo: Demo
    permit: str
    whole: Annotated[bool, Meta(description="false: its beginning is left out, it is too long")]
    moments: tuple[Moment, ...]
