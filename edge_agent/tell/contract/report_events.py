"""What events about reports, rectifications, drills and the figures of a day carry."""

from typing import Annotated, Any

from msgspec import Meta

from edge_agent.domain.drill import DrillStep
from edge_agent.domain.rectification import Photo
from edge_agent.domain.words import Words
from edge_agent.tell.contract.permit_events import Code, Data, Notify, Said, Seconds, Utc
from edge_agent.tell.contract.values import Person


class HazardReported(Data, frozen=True, kw_only=True):
    """Somebody on site reports what he sees (ledger 1-19, 4-12)."""

    origin: Annotated[str, Meta(description="manual")]
    kind: str
    code: Code
    title: Words
    action: Annotated[Words, Meta(description="the first thing to do")]
    words: Said
    note: str
    by: Person
    proof: str
    permit: Annotated[str, Meta(description="id of the permit concerned, or empty")]
    place: Annotated[dict[str, Any], Meta(description="area, by, x_m, y_m, age_s: where, and how that is known")]
    notify: Notify
    cameras: tuple[str, ...]
    devices: tuple[str, ...]
    gas: Annotated[
        tuple[dict[str, Any], ...], Meta(description="channel, gas, level, unit, quality, age_s: as it was then")
    ]
    wind: Annotated[tuple[dict[str, Any], ...], Meta(description="station, mps, quality, age_s")]
    shift_words: Words | None = None


class Rectified(Data, frozen=True, kw_only=True):
    """Where putting right stands of what an event has shown (its `context.ticket_hint`), on the box itself."""

    rectification: Annotated[str, Meta(description="its id here: R- and the number of the event")]
    event: Annotated[int, Meta(description="seq of the event that it was born of")]
    ticket: Annotated[str, Meta(description="id of the centre's ticket (dn/ticket) about it, or empty")]
    permit: str
    area: str
    role: Annotated[str, Meta(description="who answers for it now")]
    status: Annotated[str, Meta(description="open, accepted, done, verified or rejected")]
    born_utc: Utc
    deadline_utc: Utc
    before: Annotated[Photo | None, Meta(description="picture taken with a phone; its bytes stay on the box")]
    after: Photo | None
    reason: Annotated[str, Meta(description="why there is no picture, or why it was sent back")]
    by: Annotated[str, Meta(description="person; empty: time did it")]
    words: Said


class PauseJudged(Data, frozen=True, kw_only=True):
    """Whether a pause was right, for counting false ones; the last word on one counts."""

    pause: Annotated[int, Meta(description="seq of permit.paused")]
    verdict: Annotated[str, Meta(description="right, false or unsure")]
    by: Person
    reason: str
    words: Said


class DrillBegan(Data, frozen=True, kw_only=True):
    """A drill is played from now on."""

    name: str
    person: Person
    longest_s: Seconds
    seed: int | None
    steps: tuple[DrillStep, ...]


class DrillOver(Data, frozen=True, kw_only=True):
    """A drill ended, or something real overtook it."""

    name: str
    why: str
    words: Said


class DrillReport(Data, frozen=True, kw_only=True):
    """What the box noticed in a drill, and who acted after how long."""

    name: str
    by: Person
    why: str
    began_utc: Utc
    lasted_s: float | None
    seed: int | None
    steps: tuple[DrillStep, ...]
    alarms: tuple[dict[str, Any], ...]
    acts: tuple[dict[str, Any], ...]
    evacuation: dict[str, Any] | None
    paused_after_s: float | None
    relay_open_after_s: float | None
    score: Annotated[int | None, Meta(description="per cent of alarms acknowledged in time")]
    words: Said


class Day(Data, frozen=True, kw_only=True):
    """The figures of one local day (up/kpi carries the same)."""

    date: Annotated[str, Meta(description="local date, YYYY-MM-DD")]
    since: Annotated[str, Meta(description="local time from which it was counted")]
    since_utc: float
    restarts: int
    down_s: Annotated[float, Meta(description="seconds that were not counted, at least")]
    ppe: Annotated[
        tuple[dict[str, Any], ...],
        Meta(description="per camera and shift: compliant, should_check, not_assessable, compliant_pct"),
    ]
    starts: int
    starts_on_time: int
    near_miss_candidates: dict[str, int]
    stops_by_blame: dict[str, int]
    stops_by_rule: dict[str, int]
    acknowledged: dict[str, Any]
    first_sample_to_decision: dict[str, Any]
    drills: int
    ways: Annotated[tuple[dict[str, Any], ...], Meta(description="how people showed themselves (ledger 4-28)")]
    words: Said
