"""Events from the agent's records, read beside their writer (`mode=ro`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from edge_agent.domain.outcome import Event
from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.folders import DATABASE, EVIDENCE
from edge_agent.store.errors import StoreError
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader as Store
from edge_agent.tell.live import LiveEvent
from edge_agent.tell.live_curves import Evidence
from web_ui import stills
from web_ui.access import ADMIN
from web_ui.api.concern import concerns
from web_ui.api.files import whole
from web_ui.api.speak import number, said
from web_ui.errors import fail
from web_ui.guard import caller, sees_faces
from web_ui.parts import Parts
from web_ui.picture import Reader
from web_ui.shapes_records import EventPage, Events, FilmKept, Rectified

UNIT = "unit"  # the subject of what is about the box itself
NO_PERMIT = frozenset({"unit", "device", "figures", "records", "request"})  # families of events
RECORDS = frozenset({"person.refused", "person.updated", "person.changed"})
ABOUT_A_PERSON = RECORDS | {"person.logged_in"}
PAGE = 50
MOST = 200
LAST_SEQ = 2**53
LONGEST = 200
NEWEST_KEPT = NEWEST_RECORDS = 300
RECTIFIED = frozenset({"done", "verified"})


def install(app: Flask, parts: Parts, reader: Reader) -> None:
    """GET /events and /events/{seq} with its stills."""
    state = parts.folders.state

    @app.get("/api/v1/events")
    def events() -> Response:
        """A page of events, newest first."""
        limit = number("limit", 1, MOST, PAGE)
        wanted = Wanted(
            before=number("before", 1, LAST_SEQ, 0) or None, subject=_text("permit"), type=_text("type")
        )
        found = _read(state, limit, wanted)
        before = found[-1].seq if len(found) == limit else None
        return said(Events(events=tuple(_shown(one) for one in found), before=before))

    @app.get("/api/v1/events/<int:seq>")
    def event(seq: int) -> Response:
        """One event, and what was kept of the minutes before it."""
        found = _read(state, 1, Wanted(seq=seq)) if seq <= LAST_SEQ else ()
        if not found:
            fail("E-NO-EVENT")
        evidence, kept = _evidence(state, seq), tuple(_kept(state, found[0]))
        page = EventPage(
            event=_shown(found[0]),
            data=_told(found[0]),
            evidence=evidence,
            kept=kept,
            tickets=tuple(_tickets(state, seq)),
            faces=sees_faces(parts),
        )
        return said(page)

    @app.get("/api/v1/events/<int:seq>/stills/<camera>.jpg")
    def still_of_event(seq: int, camera: str) -> Response:
        """What a camera saw when it happened, its people masked, for whom that camera concerns."""
        if not stills.plain(camera) or not concerns(parts, reader.look().live, camera, caller().known):
            fail("E-NO-CAMERA")
        jpeg = stills.of_event(state / EVIDENCE, stills.masked_name(camera, seq))
        if jpeg is None:
            fail("E-NO-STILL")
        return Response(jpeg, mimetype="image/jpeg")


def _text(name: str) -> str | None:
    value = request.args.get(name)
    if value is not None and len(value) > LONGEST:
        fail("E-FORM", detail=f"{name}: ≤ {LONGEST}")
    return value or None


def _read(state: Path, limit: int, wanted: Wanted) -> tuple[Event, ...]:
    with opened(state) as store:
        return store.recent(limit, wanted)


@contextmanager
def opened(state: Path) -> Iterator[Store]:
    """The agent's records, read beside their writer."""
    try:
        with Store.open(state / DATABASE) as store:
            yield store
    except StoreError as fault:
        fail("E-NO-STORE", detail=str(fault))


def _evidence(state: Path, seq: int) -> Evidence | None:
    """None when nothing was kept; a file that cannot be read is an error, not nothing."""
    file = state / EVIDENCE / f"{seq}.json"
    return whole(file, "E-NO-EVIDENCE", Evidence) if file.exists() else None


def _kept(state: Path, event: Event) -> Iterator[FilmKept]:
    """What stands in the records of an event's films and pictures; only those of the newest few hundred."""
    for told in _read(state, NEWEST_KEPT, Wanted(type="evidence.kept")):
        if told.seq > event.seq and event.seq in told.data.get("events", ()):
            same = {name: told.data[name] for name in ("kind", "camera", "began_utc", "ended_utc")}
            for file in told.data["files"]:
                yield FilmKept(
                    **same,
                    **file,
                    clock_trusted=told.data["clock_trusted"],
                    whole=told.data["whole"],
                )


def _tickets(state: Path, seq: int) -> Iterator[Rectified]:
    """The newest word of each rectification ticket about an event; only of the newest few hundred records."""
    seen: set[str] = set()
    for told in _read(state, NEWEST_RECORDS, Wanted(type="record.updated", after=seq)):
        data = told.data
        if data.get("event") == seq and told.subject not in seen:
            seen.add(told.subject)
            yield Rectified(
                id=told.subject.partition("/")[2],
                at_utc=told.at_utc,
                words=words_of(told),
                deadline_utc=data.get("deadline_utc"),
                over=data.get("status") in RECTIFIED,
            )


def _shown(event: Event) -> LiveEvent:
    return LiveEvent(
        seq=event.seq,
        type=event.type,
        subject=event.subject,
        at_utc=event.at_utc,
        words=words_of(event),
        permit=event.subject if _about_permit(event) else "",
        priority=int(event.priority),
    )


def _told(event: Event) -> dict[str, Any]:
    """What the event says of itself; why somebody is barred, and by whom, to administrators alone."""
    known = caller().known
    private = event.type in RECORDS and (known is None or ADMIN not in known.roles)
    return {} if private else event.data


def _about_permit(event: Event) -> bool:
    family = event.type.partition(".")[0]
    return event.subject != UNIT and family not in NO_PERMIT and event.type not in ABOUT_A_PERSON


def words_of(event: Event) -> Words:
    """What it says for people; NOTHING where it says nothing."""
    return _words(event.data, "words") or _words(event.data, "detail")


def _words(data: dict[str, Any], key: str) -> Words:
    said_of_it = data.get(key)
    if not isinstance(said_of_it, dict):
        return NOTHING
    return Words(str(said_of_it.get("zh", "")), str(said_of_it.get("en", "")))
