"""The shapes of the API: what comes in, what goes out. One source for decoding, encoding and openapi.json."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from edge_agent.domain.guide import HazardKind
from edge_agent.domain.rectification import Rectification
from edge_agent.domain.words import NOTHING, Words
from edge_agent.domain.zone import Area
from edge_agent.tell.live import LiveEvent
from edge_agent.tell.live_curves import Evidence
from edge_agent.tell.live_incident import Incident, WhatIf
from edge_agent.tell.live_office import About
from edge_agent.tell.who.who import Qualification, Who

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Secret = Annotated[str, Meta(min_length=1, max_length=256)]
KeyText = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{87}$", description="base64url of the raw P-256 public key")]
KeyId = Annotated[str, Meta(min_length=1, max_length=128)]
Signature = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{86}$", description="base64url of r||s, 64 bytes")]
FormText = Annotated[str, Meta(min_length=2, max_length=176 * 1024, description="the form as signed: JSON text")]


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent to the box: a field that is not known is refused."""


class Known(Who, frozen=True, kw_only=True):
    """One line of the agent's people.json."""

    denied: bool = False
    until_utc: float | None = None  # an outside inspector's last second; without one he is nobody
    qualification: Qualification | None = None  # told to those who administer or answer for the work alone


def plain(known: Who | None) -> Who | None:
    """Somebody as pages are told of him."""
    return known and Who(**{name: getattr(known, name) for name in Who.__struct_fields__})


class Box(Struct, frozen=True, kw_only=True):
    """What everybody may know of this box. `claimed` null: the agent does not answer."""

    claimed: bool | None
    name: Words
    unit: str
    demo: bool
    languages: tuple[str, ...]
    time_utc: float
    timezone: str
    ca_fingerprint: str | None
    enrol_url: str  # where a phone learns to trust this box; in the clear


class LogIn(Form, frozen=True, kw_only=True):
    """A log-in: id and PIN, or a badge."""

    key: KeyText
    person: Name | None = None
    pin: Secret | None = None
    badge: Secret | None = None
    enrolment: Annotated[str, Meta(max_length=64)] = ""  # the code by which this phone was shown the way


class LoggedIn(Struct, frozen=True, kw_only=True):
    """Who is logged in here; on the box's own screen (`panel`) mostly nobody, and then there is no key."""

    who: Who | None
    key: str | None
    csrf: str
    until_utc: float
    panel: bool = False


class NewAdmin(Form, frozen=True, kw_only=True):
    """The first person of a box."""

    id: Name
    name: Annotated[str, Meta(min_length=1, max_length=100)]


class Claim(Form, frozen=True, kw_only=True):
    """Taking a new box into use, with the code that it shows on itself."""

    code: Annotated[str, Meta(min_length=4, max_length=32)]
    person: NewAdmin
    pin: Secret
    language: Annotated[str, Meta(pattern="^(zh|en)$")]


class Claimed(Struct, frozen=True, kw_only=True):
    """The box's first admin."""

    who: Who


class Stop(Form, frozen=True, kw_only=True):
    """Stop this work. Nobody need say who he is."""

    permit: Name
    reason: Annotated[str, Meta(max_length=500)] = ""


class Signed(Form, frozen=True, kw_only=True):
    """A form that somebody's key has signed; the box passes it to the agent as it is."""

    form: FormText
    key: KeyId
    signature: Signature


class Answer(Struct, frozen=True, kw_only=True):
    """What the agent says to a request; `reasons` say why not, `wait_s` when to try again.

    `log_in`: the agent does not know this device's key any more (it has started anew): log in again.
    """

    request: str = ""
    accepted: bool
    reasons: tuple[Words, ...] = ()
    wait_s: float | None = None
    log_in: bool = False


class Events(Struct, frozen=True, kw_only=True):
    """A page of events, newest first; `before` asks for the next page, null at the end."""

    events: tuple[LiveEvent, ...]
    before: int | None


class Mark(Struct, frozen=True, kw_only=True):
    """What was decided about a channel, or about work that is bound to it."""

    seq: int
    type: str
    subject: str
    at_utc: float
    words: Words


class History(Struct, frozen=True, kw_only=True):
    """One channel over a while, in parts of `step_s` from `from_utc` on; a part without a number has None.

    `quality`: the worst in each part, by the letters of edge_agent/tell/live_curves.py; "-" where the box has not
    recorded the whole of it. `more`: there are older marks than these.
    """

    channel: str
    from_utc: float
    step_s: float
    low: tuple[float | None, ...]
    mean: tuple[float | None, ...]
    high: tuple[float | None, ...]
    quality: tuple[str, ...]
    marks: tuple[Mark, ...]
    more: bool


class Histories(Struct, frozen=True, kw_only=True):
    """Several channels over the same while, in the order in which they were asked for."""

    channels: tuple[History, ...]


class FilmKept(Struct, frozen=True, kw_only=True):
    """A film or a picture of an event as the records know it; `name` is what `edge-agent recording` calls it."""

    name: str
    kind: str
    camera: str
    sha256: str
    size: int
    began_utc: float
    ended_utc: float
    clock_trusted: bool
    whole: bool


class Rectified(Struct, frozen=True, kw_only=True):
    """Where the centre says that the rectification of an event stands (dn/ticket), and since when it is known."""

    id: str
    at_utc: float
    words: Words
    deadline_utc: float | None
    over: bool  # nothing is left to be done


class EventPage(Struct, frozen=True, kw_only=True):
    """One event with what was measured and seen before it (null: nothing was kept)."""

    event: LiveEvent
    data: dict[str, Any]
    evidence: Evidence | None
    kept: tuple[FilmKept, ...] = ()  # what the records say was kept of it
    tickets: tuple[Rectified, ...] = ()
    faces: bool = False  # whether this reader may ask for its pictures without the mask


class Hazards(Struct, frozen=True, kw_only=True):
    """Everything that anybody can pick to report."""

    hazards: tuple[HazardKind, ...]


class People(Struct, frozen=True, kw_only=True):
    """Everybody known; who is denied is told to administrators alone."""

    people: tuple[Known, ...]


class PlanArea(Struct, frozen=True, kw_only=True):
    """One area: its corners in metres from the site's origin, x east, y north."""

    id: str
    name: Words
    corners: tuple[tuple[float, float], ...]


class PlanCamera(Struct, frozen=True, kw_only=True):
    """One camera, and the areas that it looks into."""

    id: str
    areas: tuple[str, ...]


class Plan(Struct, frozen=True, kw_only=True):
    """The site's areas, the smallest first, and what its cameras look into."""

    areas: tuple[PlanArea, ...]
    cameras: tuple[PlanCamera, ...] = ()


class Areas(Struct, frozen=True, kw_only=True):
    """The areas as the settings have them, in the order in which they count; `sha256` of the file."""

    sha256: str
    areas: tuple[Area, ...]


class GeoShape(Struct, frozen=True, kw_only=True):
    """A polygon without holes: longitude and latitude, WGS-84 (RFC 7946); its last corner is its first."""

    type: Literal["Polygon"] = "Polygon"
    coordinates: tuple[tuple[tuple[float, ...], ...], ...]


class GeoArea(Struct, frozen=True, kw_only=True):
    """One area; what we know of it stands in its properties, and other programs' properties are passed over."""

    type: Literal["Feature"] = "Feature"
    geometry: GeoShape
    properties: dict[str, Any] = {}


class GeoAreas(Struct, frozen=True, kw_only=True):
    """Areas as geographic programs read and write them."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: tuple[GeoArea, ...]


class Presence(Struct, frozen=True, kw_only=True):
    """The rotating code that shows that somebody stands before the box."""

    code: str
    until_utc: float


class Finding(Struct, frozen=True, kw_only=True):
    """One finding of `edge-agent doctor`; the layer counts from settings (0) and plug (1) up to the value (7)."""

    part: str
    layer: int
    standing: Literal["fine", "fault", "unseen"]
    code: str
    says: Words
    remedy: Words = NOTHING


class Looked(Struct, frozen=True, kw_only=True):
    """One look at the field, the lowest fault first; `failed` says why there is none."""

    at_utc: float
    findings: tuple[Finding, ...] = ()
    failed: Words = NOTHING


class Look(Struct, frozen=True, kw_only=True):
    """The last look (null: nobody has looked since the service started), and whether another one is under way."""

    running: bool
    last: Looked | None


Utc = Annotated[float, Meta(ge=0, le=4_102_444_800, description="seconds since 1970; 2100 at the latest")]
LimitKey = Annotated[str, Meta(pattern=r"^[a-z][A-Za-z0-9_.\"-]{0,99}$")]
RuleName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class Minutes(Form, frozen=True, kw_only=True):
    """From when to when; how long it may be, the answer says."""

    from_utc: Utc
    to_utc: Utc


class Otherwise(Minutes, frozen=True, kw_only=True):
    """What to try: limits with other values, rules to leave out."""

    limits: Annotated[dict[LimitKey, float], Meta(max_length=10)] = {}
    without: Annotated[tuple[RuleName, ...], Meta(max_length=10)] = ()


class Verified(Struct, frozen=True, kw_only=True):
    """What a check of the records' chain found."""

    holds: bool
    said: tuple[Words, ...]


class Rectifications(Struct, frozen=True, kw_only=True):
    """What is to be put right, the newest first; and what lately was."""

    rectifications: tuple[Rectification, ...]


class Mine(Struct, frozen=True, kw_only=True):
    """What this box knows and keeps of whoever asks."""

    known: Known
    about: About


class Calculation(Struct, frozen=True, kw_only=True):
    """The past looked at anew; `incident`, `what_if`, `verified` or `failed` says what came of it."""

    id: str
    running: bool
    incident: Incident | None = None
    what_if: WhatIf | None = None
    verified: Verified | None = None
    failed: Words = NOTHING


class Health(Struct, frozen=True, kw_only=True):
    """Whether the agent's picture is live."""

    ok: bool
    age_s: float | None
