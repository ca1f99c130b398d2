"""What events about alarms carry."""

from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.outcome import Shelf
from edge_agent.domain.words import Words
from edge_agent.tell.contract.permit_events import Area, Code, Data, Notify, Rule, Said, Seconds, Utc
from edge_agent.tell.contract.values import Person


class LimitTold(Struct, frozen=True, kw_only=True):
    """A limit of a response level, with where it stands in the rulebook."""

    value: float
    unit: str
    row: str
    clause: str


class Alarm(Data, frozen=True, kw_only=True):
    """An alarm as every event about it tells it (alarm.raised, .returned, .would_have_raised, ...)."""

    rule: Rule
    code: Code
    mapped_code: Annotated[str, Meta(description="the code in the form of Chinese parks: TT-SS-L (ledger 4-43)")]
    effect: Annotated[str, Meta(description="note, warn, block_start, pause or evacuate")]
    pause_class: Annotated[str, Meta(description="what a resume needs: A, B, C, D (docs/domain.md 3)")]
    blame: Annotated[str, Meta(description="what it is put down to: person, device, network, rule")]
    act_within_s: Annotated[float, Meta(description="seconds that a person has to act")]
    source: Annotated[str, Meta(description="device, person or permit that it is about")]
    priority: Annotated[int, Meta(description="ISA-18.2: 1 critical ... 4 low", ge=1, le=4)]
    title: Words
    detail: Annotated[Words, Meta(description="with the figures")]
    cause: Words
    consequence: Words
    action: Annotated[Words, Meta(description="what to do now")]
    latch: Annotated[bool, Meta(description="stays until somebody acknowledges it")]
    shadow: bool = False
    notify: Notify = ()
    signal: Annotated[tuple[str, ...], Meta(description="how the wearer himself is told: vibrate")] = ()
    chattering: bool = False
    flood: Annotated[bool, Meta(description="one of very many at once")] = False
    shelved: Annotated[bool, Meta(description="silenced for a while; what it does to a permit stays")] = False
    overridden: Annotated[bool, Meta(description="a safety officer lets its rule be")] = False
    first_sample_s: Annotated[float | None, Meta(description="seconds of this boot; see first_sample_utc")] = None
    first_sample_utc: Annotated[
        Utc | None, Meta(description="when the first sample beyond the limit was taken")
    ] = None
    decided_after_ms: Annotated[int | None, Meta(description="from that sample to the decision")] = None
    area: Annotated[str, Meta(description="id of the area, where the alarm is about one")] = ""
    gas: Annotated[str, Meta(description="gas id, where the alarm is about a gas")] = ""
    measures: Annotated[str, Meta(description="temperature, level, ... where it is about a gauge")] = ""
    limit: Annotated[LimitTold | None, Meta(description="of the gauge, that was crossed")] = None
    trips: Annotated[str, Meta(description="module/output of the interlock that falls with it")] = ""
    waits: Annotated[str, Meta(description="module/output that stays off until this is acknowledged")] = ""
    cameras: Annotated[tuple[str, ...], Meta(description="that see the place")] = ()
    guide: Annotated[bool, Meta(description="there is a guide card for it")] = False
    live_curve: Annotated[bool, Meta(description="the box shows a curve of it")] = False
    response_level: Annotated[int | None, Meta(description="1, 2, 3 (domain.md 2.5)")] = None
    response_limit: tuple[LimitTold, ...] = ()
    alarms_30_days: Annotated[int | None, Meta(description="of this gas in this area")] = None


class Escalated(Alarm, frozen=True, kw_only=True):
    """Nobody acknowledged it in time: the next rung of the ladder is called."""

    rung: str
    waited_s: Seconds


class Shelved(Alarm, frozen=True, kw_only=True):
    """Somebody silenced it for a while; it goes on acting."""

    shelf: Shelf


class Unshelved(Alarm, frozen=True, kw_only=True):
    """It calls again."""

    by: Annotated[str, Meta(description="person; absent: its time was over")] = ""


class Acknowledged(Data, frozen=True, kw_only=True):
    """Somebody acknowledged alarms."""

    alarm: Annotated[str, Meta(description="its key; empty: all of the permit")]
    person: Person
    waited_s: Annotated[dict[str, float], Meta(description="by the alarm's key: seconds that it had called")]


class FirstOut(Struct, frozen=True, kw_only=True):
    """What came first in a flood of alarms."""

    code: Code
    source: str
    title: Words


class Group(Struct, frozen=True, kw_only=True):
    """Alarms of one code in a flood."""

    code: Code
    count: int
    title: Words


class FloodTold(Data, frozen=True, kw_only=True):
    """Very many alarms at once, as one event."""

    first_out: FirstOut
    groups: tuple[Group, ...]
    effect: str
    words: Said


class Repeated(Data, frozen=True, kw_only=True):
    """The same alarm in the same area again and again (ledger 3-09)."""

    area: Area
    code: Code
    rule: Rule
    times: Annotated[int, Meta(description="in thirty days")]
    notify: Notify
    words: Said
