"""What events about alarms, people, drills, evidence and the unit itself carry."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from edge_agent.domain.commissioning import Certificate, Trial
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.drill import DrillStep
from edge_agent.domain.outcome import Shelf
from edge_agent.domain.rectification import Photo
from edge_agent.domain.request import KeptFile, SentFile
from edge_agent.domain.words import Words
from edge_agent.tell.contract.permit_events import (
    Area,
    Code,
    Data,
    Notify,
    Reasons,
    Rule,
    Said,
    Seconds,
    Utc,
)
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


class RequestRefused(Data, frozen=True, kw_only=True):
    """A request that concerns no single permit was refused."""

    ask: str
    person: Person
    proof: str
    reasons: Reasons


class Rejected(Data, frozen=True, kw_only=True):
    """A message or request that could not even be read as one: unsigned, replayed, stale, malformed."""

    origin: Annotated[str, Meta(description="where it came from")]
    words: Said
    code: Annotated[str, Meta(description="of a message: the kind of the first reason")] = ""
    message: Annotated[str, Meta(description="its own id, if the signature held")] = ""
    sha256: Annotated[str, Meta(description="of its bytes as they came: find it by this")] = ""


class LoggedIn(Data, frozen=True, kw_only=True):
    """Somebody logged in."""

    proof: str
    panel: Annotated[bool, Meta(description="at the box's own screen")]


class PersonUpdated(Data, frozen=True, kw_only=True):
    """A person's record came from the centre."""

    denied: Annotated[str | None, Meta(description="why he may do nothing any more; null: he may")]
    kept_here: Annotated[tuple[str, ...], Meta(description="what was given on the box and stays")]


class PersonRefused(Data, frozen=True, kw_only=True):
    """A person's record that gives nobody anything."""

    reasons: Reasons


class PersonChanged(Data, frozen=True, kw_only=True):
    """An administrator of the box changed a person's record."""

    by: Person
    new: bool
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    denied: str | None
    changed: Annotated[tuple[str, ...], Meta(description="fields; PIN and badge themselves are never told")]
    new_pin: bool
    new_badge: bool


class SettingsFile(Data, frozen=True, kw_only=True):
    """A file of the settings that was taken together with another."""

    file: str
    sha256: str
    before: str


class CommissioningBy(Data, frozen=True, kw_only=True):
    """A commissioning begins, or is given up."""

    by: Person


class CommissioningTried(Data, frozen=True, kw_only=True):
    """One item was tried, or it is said why not."""

    trial: Trial


class Commissioned(Data, frozen=True, kw_only=True):
    """The certificate, as the unit signs it when it is written out."""

    by: Person
    begun_utc: Utc
    certificate: Certificate


class SettingsChanged(Data, frozen=True, kw_only=True):
    """A file of the settings has another text, and the box starts anew with it."""

    by: Person
    file: str
    sha256: str
    before: Annotated[str, Meta(description="SHA-256 of the text that was replaced")]
    also: Annotated[tuple[SettingsFile, ...], Meta(description="other files that were taken with it")] = ()
    changes: tuple[Words, ...]
    areas: Annotated[tuple[str, ...], Meta(description="areas that are new, another, or no more")]
    permits: Annotated[
        tuple[str, ...], Meta(description="open tickets in those areas; at none is anybody at work")
    ]
    effects: Annotated[tuple[Words, ...], Meta(description="what becomes of each open ticket")] = ()
    interlocks_off: Annotated[
        tuple[str, ...], Meta(description="outputs that held and fall with the start, as agreed")
    ] = ()
    reason: str
    words: Words


class Claimed(Data, frozen=True, kw_only=True):
    """A new box was claimed."""

    by: Person
    name: str


class DeviceSwapped(Data, frozen=True, kw_only=True):
    """Another device hangs under the same id; what was vouched for of the old one is closed."""

    by: Person
    was: Annotated[DeviceRecord | None, Meta(description="the old device's record; null: nobody vouched for it")]
    record: Annotated[DeviceRecord, Meta(description="the new device's record; nulls: nobody has said so")]
    reason: str
    words: Words


class DeviceUpdated(Data, frozen=True, kw_only=True):
    """A device's record came from the centre."""

    record: DeviceRecord


class RecordUpdated(Data, frozen=True, kw_only=True):
    """A copy of something of the centre's is kept: contacts, codes, a card, the map, a ticket, advice."""

    kind: Annotated[str, Meta(description="contacts, taxonomy, guide, site, ticket, advice, rule or model")]
    version: Annotated[int, Meta(description="of the envelope")]
    valid_until_utc: Annotated[
        Utc | None, Meta(description="from then on it counts for nothing; null: no deadline")
    ]
    words: Said
    event: Annotated[int | None, Meta(description="seq of the event that the ticket is about")] = None
    status: Annotated[str, Meta(description="of the ticket")] = ""
    deadline_utc: Annotated[Utc | None, Meta(description="of the ticket")] = None
    permits: Annotated[tuple[str, ...], Meta(description="under way while limits were moved (rule)")] = ()


class RecordRefused(Data, frozen=True, kw_only=True):
    """A copy that had run out before it came, or limits that are looser than the rulebook's."""

    kind: str
    reasons: Reasons


class NoticeTold(Data, frozen=True, kw_only=True):
    """What became of a short message to one telephone, while the centre could not be reached."""

    about: Annotated[int, Meta(description="seq of the event that it tells of")]
    name: Annotated[str, Meta(description="of the contact (dn/contacts)")]
    number: Annotated[str, Meta(description="its last digits")]
    verified: Annotated[bool, Meta(description="whether somebody had reached him by it lately")]
    state: Annotated[
        str,
        Meta(
            description="sent, arrived (receipt), failed, unanswered (no receipt in time) or needless (not sent)"
        ),
    ]
    words: Said


class ModelSettled(Data, frozen=True, kw_only=True):
    """A model that the centre offered has been through the unit's gate."""

    version: Annotated[int, Meta(description="of the offer's envelope")]
    name: str
    sha256: Annotated[str, Meta(description="of its file")]
    live: Annotated[bool, Meta(description="whether it judges now; false: what was live goes on")]
    reasons: Reasons
    words: Said


class UpdateSettled(Data, frozen=True, kw_only=True):
    """A version that the centre ordered was tried out."""

    version: Annotated[int, Meta(description="of the order's envelope")]
    release: str
    sha256: Annotated[str, Meta(description="of its bundle")]
    wave: int
    passed: Annotated[bool, Meta(description="whether it runs now; false: the one before goes on")]
    reasons: Reasons
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


class EvidenceKept(Data, frozen=True, kw_only=True):
    """Pictures or a film were kept; their SHA-256 stand in the audit chain with this event."""

    kind: Annotated[str, Meta(description="still, clip or permit (a whole job)")]
    files: tuple[KeptFile, ...]
    began_utc: Utc
    ended_utc: Utc
    clock_trusted: bool
    whole: Annotated[bool, Meta(description="false: the film was cut off")] = True
    camera: str = ""
    permit: str = ""
    events: Annotated[tuple[int, ...], Meta(description="seq of the events that it is about")] = ()


class EvidenceSent(Data, frozen=True, kw_only=True):
    """Copies of kept evidence left the unit by HTTP; the bytes have the SHA-256 that evidence.kept told."""

    of: Annotated[int, Meta(description="seq of the event evidence.kept")]
    permit: str = ""
    files: tuple[SentFile, ...]


class EvidenceHandled(Data, frozen=True, kw_only=True):
    """A film or a bundle was taken off the box, seen, marked to stay or let go.

    evidence.exported, .looked, .marked, .unmarked.
    """

    by: Person
    name: str
    file: str
    how: Annotated[str, Meta(description="masked, raw, bundle, look, play, keep, let_go")]
    reason: str


class PictureAsked(Data, frozen=True, kw_only=True):
    """Somebody asked for a picture of what a camera shows now."""

    by: Person
    source: Annotated[str, Meta(description="camera")]
    reason: str
    after: Annotated[int | None, Meta(description="seq of the event that it is the picture after")] = None


class OrderAnswered(Data, frozen=True, kw_only=True):
    """An order of the centre was carried out, or refused with every reason."""

    order: Annotated[str, Meta(description="the order's own id")]
    do: str
    accepted: bool
    reasons: Reasons
    by: Person
    role: str


class CameraAimed(Data, frozen=True, kw_only=True):
    """A camera that can turn has arrived, and said so itself (camera.aimed, camera.home; ledger 4-21)."""

    source: Annotated[str, Meta(description="the camera")]
    preset: Annotated[str, Meta(description="as the camera calls it")]
    area: Annotated[str, Meta(description="that it shows; empty: home")]
    why: Annotated[str, Meta(description="key of the alarm, or id of the order; empty: neither")]
    pan: Annotated[float | None, Meta(description="as the camera says it, ONVIF's normalised values")]
    tilt: float | None
    zoom: float | None


class SirenTried(Struct, frozen=True, kw_only=True):
    """One siren of a test."""

    siren: Annotated[str, Meta(description="module and output")]
    name: Words
    heard: Annotated[bool | None, Meta(description="null: it has no feedback contact, or it could not be read")]
    line: Annotated[str, Meta(description="what watches its line says: whole, broken, unread; or unwatched")]


class SirensTried(Data, frozen=True, kw_only=True):
    """A test of sirens, or of other outputs: planned for when, by whom, with which result (ledger 0-32, 2-41)."""

    planned: Annotated[str, Meta(description="time of the site, HH:MM, of its settings")]
    by: Annotated[str, Meta(description="schedule: it stands in the settings; else who asked for it")]
    reason: str = ""
    began_utc: Utc
    ended_utc: Utc
    result: Annotated[str, Meta(description="passed, failed, unproven (not of all is it known)")]
    sirens: tuple[SirenTried, ...]
    words: Words


class TrialOrdered(Data, frozen=True, kw_only=True):
    """Somebody lets sirens or lamps go on for a moment, to see that they do."""

    by: Person
    outputs: Annotated[tuple[str, ...], Meta(description="module/output")]
    in_s: Annotated[float, Meta(description="seconds until then: people are told that it is a test")]
    reason: str
    words: Words


class CameraWalk(Data, frozen=True, kw_only=True):
    """A walk test begins, or is given up."""

    by: Person
    camera: Annotated[str, Meta(description="id of the camera")]


class StillKept(Struct, frozen=True, kw_only=True):
    """One picture of a walk test, heads hidden."""

    name: str
    sha256: str
    size: int


class CameraWalked(Data, frozen=True, kw_only=True):
    """What the box's own judgement saw of somebody who walked before a camera."""

    by: Person
    camera: Annotated[str, Meta(description="id of the camera")]
    begun_utc: Utc
    outcome: Annotated[str, Meta(description="passed, failed, dropped (not finished: shows nothing)")]
    points: Annotated[int, Meta(description="that were to be seen: posts, edges, with and without helmet")]
    seen_points: Annotated[int, Meta(description="of them that were seen")]
    looks: Annotated[int, Meta(description="judged pictures with the walker in them or lost between two sights")]
    seen_pct: Annotated[float | None, Meta(description="of the area that was seen worst; null: nobody walked")]
    blind_s: Annotated[float, Meta(description="longest time unseen, seconds")]
    age_p95_s: Annotated[float | None, Meta(description="95 % of the words came within so many seconds")]
    files: Annotated[tuple[StillKept, ...], Meta(description="a still for each point, by its hash")]
    reasons: tuple[Words, ...]
    words: Words


class DeviceLooked(Data, frozen=True, kw_only=True):
    """Somebody has a device looked at before it is entered: nothing is decided by what it says."""

    by: Person
    what: Annotated[str, Meta(description="detector, cameras, stream")]
    where: Annotated[str, Meta(description="address or serial port; never a user or a password")]


class Started(Data, frozen=True, kw_only=True):
    """The agent started; running permits come up paused."""

    rulebook: str
    settings: Annotated[str, Meta(description="digest of the settings that decide")]


class MessagesDropped(Data, frozen=True, kw_only=True):
    """Messages to the centre gave way unsent, because there was no room; the unit's records keep the events."""

    kind: Annotated[str, Meta(description="telemetry, again (events told again) or event")]
    count: int
    first_seq: Annotated[int | None, Meta(description="lowest number of an event among them; null: none is")]
    last_seq: Annotated[int | None, Meta(description="highest number of an event among them")]
    words: Said


class RecordsLost(Data, frozen=True, kw_only=True):
    """The records do not go on where they were last told; the first event of what follows."""

    why: Annotated[
        str,
        Meta(
            description="damaged: not readable; older: they end before what the unit's journal knows; "
            "restored: from a backup"
        ),
    ]
    aside: Annotated[str, Meta(description="where damaged ones are kept on the unit")] = ""
    rows: Annotated[int, Meta(description="of the chain before, as far as it could be read")] = 0
    head: Annotated[str, Meta(description="hash of the last of them; empty: not readable")] = ""
    again_upto: Annotated[
        int,
        Meta(
            description="the unit can still tell again up to this number; what you lack between it and this event "
            "never comes"
        ),
    ] = 0
    jumped: Annotated[
        bool, Meta(description="nobody knew the newest number that was told: seq leaps, and none is used twice")
    ] = False
    words: Said
