"""Who may use which route: one table. A route that does not stand here is closed to everybody.

tests/web/test_access.py asks every route as every role; a route without a row here, or a row without a route,
fails there.
"""

from enum import Enum, auto

from web_ui.shapes_people import Known

ADMIN = "admin"
FITTERS = frozenset({ADMIN, "technician"})
KEEPERS = frozenset({ADMIN, "technician", "safety_officer", "shift_lead"})
REVIEWERS = frozenset({ADMIN, "safety_officer", "shift_lead", "auditor"})
RIGHTERS = REVIEWERS | {"technician", "area_owner"}
INSPECTOR = "inspector"  # of a third party: looks until a day, changes nothing, is shown no faces (4-05)
EXAMINERS = REVIEWERS | {INSPECTOR}
FILMED = REVIEWERS | {"area_owner"}


def reads_only(known: Known) -> bool:
    """Whether somebody is an outside inspector."""
    return INSPECTOR in known.roles


class Who(Enum):
    """Whom a route is for."""

    ANYBODY = auto()  # no log-in
    READER = auto()  # a person who is logged in, or the box's own screen
    PERSON = auto()  # a person who is logged in
    ACTOR = auto()  # a person who is logged in, and no inspector
    PANEL = auto()  # the box's own screen alone
    KEEPER = auto()  # a person who keeps the devices, or answers for the work (KEEPERS)
    FITTER = auto()  # a person who may change what hangs on the box (FITTERS)
    REVIEWER = auto()  # a person who answers for what happened, or examines it (REVIEWERS)
    EXAMINER = auto()  # the same, and an inspector: what is looked at and changes nothing (EXAMINERS)
    RIGHTER = auto()  # a person who puts right what was wrong, answers for it, or examines it (RIGHTERS)
    FILMED = auto()  # a person who may be shown films of where his roles hold, heads hidden (FILMED)
    ADMIN = auto()  # a person with the role admin
    FACES = auto()  # a person with a role of [privacy] raw_for in site.toml
    COUNTER = auto()  # this machine itself, or whoever has the token for figures


API = "/api/v1"
ACCESS: dict[tuple[str, str], Who] = {
    # What everybody needs before a log-in. STOP needs none, not even a name.
    ("GET", f"{API}/box"): Who.ANYBODY,
    ("POST", f"{API}/claim"): Who.ANYBODY,
    ("POST", f"{API}/session"): Who.ANYBODY,
    ("POST", f"{API}/stop"): Who.ANYBODY,
    ("GET", f"{API}/health"): Who.ANYBODY,
    ("GET", f"{API}/openapi.json"): Who.ANYBODY,
    # The session itself.
    ("GET", f"{API}/session"): Who.READER,
    ("DELETE", f"{API}/session"): Who.READER,
    ("POST", f"{API}/panel"): Who.ADMIN,
    ("GET", f"{API}/presence"): Who.PANEL,
    # Who is logged in where; programs that read; phones that are shown the way.
    ("GET", f"{API}/log-ins"): Who.PERSON,
    ("DELETE", f"{API}/log-ins"): Who.ACTOR,
    ("DELETE", f"{API}/log-ins/<id>"): Who.ACTOR,
    ("POST", f"{API}/enrolments"): Who.ACTOR,
    ("GET", f"{API}/enrolments/<code>"): Who.ANYBODY,
    ("GET", f"{API}/tokens"): Who.ADMIN,
    ("POST", f"{API}/tokens"): Who.ADMIN,
    ("POST", f"{API}/tokens/<id>/end"): Who.ADMIN,
    # What is read.
    ("GET", f"{API}/live"): Who.READER,
    ("GET", f"{API}/stream"): Who.READER,
    ("GET", f"{API}/stills/<camera>.jpg"): Who.READER,
    ("GET", f"{API}/cameras"): Who.READER,
    ("GET", f"{API}/cameras/<camera>/picture"): Who.READER,
    ("POST", f"{API}/cameras/fit"): Who.KEEPER,
    ("GET", f"{API}/walk"): Who.PERSON,
    ("GET", f"{API}/curves"): Who.READER,
    ("GET", f"{API}/history"): Who.READER,
    ("GET", f"{API}/history/<channel>"): Who.READER,
    ("GET", f"{API}/events"): Who.READER,
    ("GET", f"{API}/events/<int:seq>"): Who.READER,
    ("GET", f"{API}/events/<int:seq>/stills/<camera>.jpg"): Who.READER,
    ("GET", f"{API}/plan"): Who.READER,
    ("GET", f"{API}/cards/<code>"): Who.READER,
    ("GET", f"{API}/hazards"): Who.READER,
    ("GET", f"{API}/works"): Who.PERSON,
    ("GET", f"{API}/qr/<kind>/<id>.svg"): Who.READER,
    ("GET", f"{API}/people"): Who.PERSON,
    ("GET", f"{API}/areas"): Who.KEEPER,
    ("GET", f"{API}/areas.geojson"): Who.KEEPER,
    ("POST", f"{API}/areas.geojson"): Who.KEEPER,
    ("GET", f"{API}/glossary"): Who.PERSON,
    ("GET", f"{API}/settings"): Who.KEEPER,
    ("GET", f"{API}/settings/backup"): Who.KEEPER,
    ("GET", f"{API}/settings/limits"): Who.KEEPER,
    ("POST", f"{API}/settings/parts"): Who.KEEPER,
    ("POST", f"{API}/settings/changes"): Who.KEEPER,
    ("GET", f"{API}/me"): Who.PERSON,
    ("GET", f"{API}/days/<date>"): Who.PERSON,
    ("GET", f"{API}/days/<date>/table.<kind>"): Who.PERSON,
    ("GET", f"{API}/rectifications"): Who.PERSON,
    ("GET", f"{API}/rectifications/<id>/<when>.jpg"): Who.RIGHTER,
    ("GET", f"{API}/reviews/<kind>"): Who.EXAMINER,
    ("GET", f"{API}/reviews/<kind>/table.<form>"): Who.EXAMINER,
    ("GET", f"{API}/doctor"): Who.KEEPER,
    ("GET", f"{API}/commissioning"): Who.PERSON,
    ("POST", f"{API}/doctor"): Who.KEEPER,
    ("GET", f"{API}/labels"): Who.KEEPER,
    # A new box: what it still needs, and a device looked at before it is entered.
    ("GET", f"{API}/setup"): Who.KEEPER,
    ("GET", f"{API}/tries/<id>"): Who.FITTER,
    # The past, calculated anew: it shows where people were, and takes the machine's spare time.
    ("POST", f"{API}/incidents"): Who.EXAMINER,
    ("POST", f"{API}/what-ifs"): Who.REVIEWER,
    ("POST", f"{API}/verifications"): Who.EXAMINER,
    ("GET", f"{API}/calculations/<id>"): Who.EXAMINER,
    ("GET", f"{API}/bundles/<name>"): Who.REVIEWER,
    ("GET", f"{API}/films"): Who.FILMED,
    ("GET", f"{API}/films/copies/<name>"): Who.FILMED,
    # What is asked of the agent, signed by the person's own key.
    ("POST", f"{API}/requests"): Who.ACTOR,
    ("POST", f"{API}/stills/<camera>/raw"): Who.FACES,
    ("POST", f"{API}/events/<int:seq>/stills/<camera>/raw"): Who.FACES,
    ("GET", "/metrics"): Who.COUNTER,
    # The pages: the same for everybody, without a word about the site in them.
    ("GET", "/"): Who.ANYBODY,
    ("GET", "/login"): Who.ANYBODY,
    ("GET", "/claim"): Who.ANYBODY,
    ("GET", "/p/<permit>"): Who.ANYBODY,
    ("GET", "/at/<point>"): Who.ANYBODY,
    ("GET", "/board"): Who.ANYBODY,
    ("GET", "/panel"): Who.ANYBODY,
    ("GET", "/alarms"): Who.ANYBODY,
    ("GET", "/events/<int:seq>"): Who.ANYBODY,
    ("GET", "/play/<int:seq>"): Who.ANYBODY,
    ("GET", "/day"): Who.ANYBODY,
    ("GET", "/actions"): Who.ANYBODY,
    ("GET", "/actions/<id>"): Who.ANYBODY,
    ("GET", "/works"): Who.ANYBODY,
    ("GET", "/review"): Who.ANYBODY,
    ("GET", "/drills"): Who.ANYBODY,
    ("GET", "/audit"): Who.ANYBODY,
    ("GET", "/me"): Who.ANYBODY,
    ("GET", "/log-ins"): Who.ANYBODY,
    ("GET", "/labels"): Who.ANYBODY,
    ("GET", "/report"): Who.ANYBODY,
    ("GET", "/people"): Who.ANYBODY,
    ("GET", "/devices"): Who.ANYBODY,
    ("GET", "/commissioning"): Who.ANYBODY,
    ("GET", "/gas"): Who.ANYBODY,
    ("GET", "/map"): Who.ANYBODY,
    ("GET", "/zones"): Who.ANYBODY,
    ("GET", "/setup"): Who.ANYBODY,
    ("GET", "/setup/<step>"): Who.ANYBODY,
    ("GET", "/settings"): Who.ANYBODY,
    ("GET", "/settings/limits"): Who.ANYBODY,
    ("GET", "/detectors"): Who.ANYBODY,
    ("GET", "/glossary"): Who.ANYBODY,
    ("GET", "/cameras"): Who.ANYBODY,
    ("GET", "/films"): Who.ANYBODY,
    ("GET", "/cameras/<camera>"): Who.ANYBODY,
    ("GET", "/cameras/<camera>/walk"): Who.ANYBODY,
    ("GET", "/tickets/new"): Who.ANYBODY,
    ("GET", "/print/<permit>"): Who.ANYBODY,
    ("GET", "/assets/<name>"): Who.ANYBODY,
    ("GET", "/<name>"): Who.ANYBODY,
}
# What a program with a token of its own may read besides (web_ui/tokens.py): numbers and words, no picture.
OPEN_TO_TOKENS = frozenset(f"{API}/{one}" for one in ("live", "curves", "history", "history/<channel>", "events"))
