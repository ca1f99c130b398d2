"""The messages themselves: the envelope of an event, where a permit stands, whether the unit is in touch."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from edge_agent.domain.permit import Blame, PauseClass, State
from edge_agent.domain.words import Words
from edge_agent.tell.contract.context import ApprovalTold
from edge_agent.tell.contract.health import Facts
from edge_agent.tell.contract.permit_events import Area, Code, Rule
from edge_agent.tell.contract.values import Person, Time

Source = Annotated[str, Meta(description="who speaks: edge/<site>/<unit>", pattern="^edge/[^/]+/[^/]+$")]
Demo = Annotated[bool, Meta(description="true: a demo's shortened limits decide; nothing of it protects anybody")]


class CloudEvent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that happened on the unit (CloudEvents 1.0, structured JSON).

    Keep (source, seq) apart: the same pair again is the same event delivered twice, a missing seq is a gap.
    """

    specversion: Literal["1.0"]
    id: Annotated[str, Meta(description="unit and seq: the same event has the same id, always")]
    source: Source
    type: Annotated[str, Meta(description="edge_agent.<type>.v1; receivers pass over types that they do not know")]
    subject: Annotated[str, Meta(description="id of the permit, person or device that it is about, or unit")]
    time: Time
    datacontenttype: Literal["application/json"]
    seq: Annotated[int, Meta(description="counts up by one per event of this unit, over restarts too", ge=1)]
    bootid: Annotated[
        str, Meta(description="of the computer: another one after each of its boots, within which at_s counts")
    ]
    clocktrust: Annotated[
        Literal["trusted", "untrusted"],
        Meta(description="untrusted: the unit does not vouch for `time`; its order is that of seq"),
    ]
    prevhash: Annotated[str, Meta(description="head of the unit's audit chain before this event, SHA-256 in hex")]
    priority: Annotated[int, Meta(description="1 critical, 2 high, 3 medium, 4 low", ge=1, le=4)]
    demo: Demo
    data: dict[str, Any]
    ishistorical: Annotated[
        bool,
        Meta(
            description="true: told more than a minute after it happened (the line was cut, or it is told "
            "again); absent or false: news. Named as CloudEvents allows; Sparkplug's is_historical"
        ),
    ] = False


class CauseTold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One cause of a stop."""

    rule: Rule
    code: Code
    subject: Annotated[str, Meta(description="device, person or permit that caused it")]
    pause_class: Annotated[PauseClass, Meta(description="what a resume needs (docs/domain.md 3)")]
    blame: Annotated[Blame, Meta(description="what it is put down to")]
    at: Time
    title: Words
    detail: Words
    retest: Annotated[bool, Meta(description="a gas test must pass before a resume")]
    evacuate: Annotated[bool, Meta(description="people must leave")]
    drill: Annotated[bool, Meta(description="only played")]


class SignatureTold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One named person's yes."""

    person: Person
    capacity: Annotated[str, Meta(description="in which he signed: holder, guard, safety_officer, ...")]
    agrees_to: Annotated[str, Meta(description="start, resume, resume_watch, close, or empty")]
    at: Time


class MeasureTold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One protective measure of the ticket, and who saw it in place."""

    id: str
    kind: Annotated[str, Meta(description="manual: somebody looks; iot, ai: a device or a camera shows it")]
    words: Words
    source: Annotated[str, Meta(description="device that shows it, or empty")]
    confirmed_by: Annotated[str, Meta(description="person who confirmed it, or empty")]
    confirmed: Annotated[Time | None, Meta(description="when; null: nobody yet")]


class PermitState(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one permit stands (retained): what the unit itself decides by at this moment."""

    schema: Literal["edge_agent.permit_state.v1"]
    source: Source
    demo: Demo
    id: Annotated[str, Meta(description="of the permit, as dn/permit gave it")]
    version: Annotated[int, Meta(description="of the ticket that counts")]
    pending_version: Annotated[
        int | None, Meta(description="of a newer ticket that the guard has not acknowledged yet")
    ]
    made_by: Annotated[str, Meta(description="person who drew it up on the box; empty: it came from the centre")]
    extends: Annotated[str, Meta(description="the ticket for whose work it gives more time, or empty")]
    type: Annotated[str, Meta(description="kind of work: hot, confined_space, height, ... (GB 30871-2022)")]
    level: Annotated[str, Meta(description="special, 1, 2, ... or empty where the kind has none")]
    area: Area
    state: State
    authorised: Annotated[bool, Meta(description="true only while the unit itself permits this work")]
    shadow: Annotated[bool, Meta(description="true: decided and written down only; the unit does not protect it")]
    since: Annotated[Time, Meta(description="since when it has been in this state")]
    valid_from: Time
    valid_to: Time
    started: Annotated[Time | None, Meta(description="when work was first permitted")]
    content: Annotated[Words | None, Meta(description="what is done; null: the ticket does not say")]
    jsa: Annotated[str, Meta(description="of the job safety analysis, or empty")]
    holder: Person
    guards: Annotated[tuple[str, ...], Meta(description="persons of the ticket who may guard it")]
    guard: Annotated[str | None, Meta(description="person checked in at the point now; null: nobody")]
    workers: Annotated[tuple[str, ...], Meta(description="persons of the ticket")]
    inside: Annotated[tuple[str, ...], Meta(description="persons who are counted inside now")]
    contractor: str
    team: str
    risk: Annotated[str, Meta(description="risks of the ticket, as the centre names them")]
    template_version: str
    risk_version: str
    gas_interval_s: Annotated[float | None, Meta(description="seconds; asked for by the ticket (ledger 2-29)")]
    linked: Annotated[tuple[str, ...], Meta(description="tickets of the same job")]
    measures: tuple[MeasureTold, ...]
    approvals: tuple[ApprovalTold, ...]
    causes: Annotated[tuple[CauseTold, ...], Meta(description="of the present stop, first-out first")]
    signatures: Annotated[tuple[SignatureTold, ...], Meta(description="that count for what is being agreed to")]
    void: Annotated[Words | None, Meta(description="why work is never resumed under it; null: it may be")]


class Health(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the unit is in touch (retained); the offline one is its last will."""

    schema: Literal["edge_agent.health.v1"]
    source: Source
    bootid: str
    demo: Demo
    online: bool
    facts: Annotated[Facts, Meta(description="what else is known of the unit; may be empty")]


class Checkpoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the unit's audit chain stands (retained), signed: each one proves what must still be there."""

    schema: Literal["edge_agent.checkpoint.v1"]
    source: Source
    bootid: str
    demo: Demo
    n: Annotated[int, Meta(description="rows of the audit chain", ge=1)]
    seq: Annotated[int, Meta(description="newest event among them")]
    head: Annotated[str, Meta(description="hash of row n, SHA-256 in hex")]
    time: Time
    clocktrust: Literal["trusted", "untrusted"]
    key: Annotated[str, Meta(description="the unit's public Ed25519 key, base64url; note it when you install it")]
    jws: Annotated[
        str, Meta(description="the members above but `key`, signed (JWS compact, EdDSA): trust only this")
    ]
