"""The pages over TLS: puts the routes together behind the guard. Nothing here can start or resume work."""

from pathlib import Path

from flask import Flask
from msgspec import Struct

from web_ui import errors, guard, static_pages
from web_ui.api import (
    areas,
    ask,
    box,
    bundles,
    cameras,
    commissioning,
    events,
    films,
    glossary,
    guides,
    history,
    incidents,
    log_ins,
    look,
    metrics,
    office,
    openapi,
    people,
    picture,
    plan,
    qr,
    raw,
    rectifying,
    rulebook,
    session,
    settings,
    setup,
    tokens,
    tries,
)
from web_ui.calculations import Calculations
from web_ui.desk import Desk
from web_ui.enrolments import Enrolments
from web_ui.look import Looks
from web_ui.office import Office
from web_ui.onlookers import Onlookers
from web_ui.parts import Parts
from web_ui.people import People
from web_ui.picture import Reader
from web_ui.records import Records
from web_ui.sessions import Sessions
from web_ui.standing import Standings
from web_ui.throttle import LogInThrottle, StopThrottle
from web_ui.tokens import Tokens
from web_ui.viewers import Viewers

TOKEN_FILE = "metrics-token"  # noqa: S105 (a file's name); in the web folder, made by whoever wants figures


class Pages(Struct, frozen=True, kw_only=True):
    """The app, and what runs beside it."""

    app: Flask
    viewers: Viewers


def create(parts: Parts, records: Records, built: Path = static_pages.BUILT) -> Pages:
    """The pages of one site."""
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = True
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False  # a preflight from elsewhere gets no answer
    app.config["MAX_CONTENT_LENGTH"] = guard.LARGEST_BODY
    reader = Reader(parts.folders.runtime, monotonic=parts.monotonic, utc=parts.utc)
    sessions, known = Sessions(records, parts.utc), People(parts.folders.runtime, parts.utc)
    standings = Standings(sessions, known)
    viewers = Viewers(reader, standings, parts.bounds, parts.closing, parts.monotonic)
    desk, throttle = Desk(parts.folders.runtime), LogInThrottle(records, parts.utc)
    errors.install(app, guard.LARGEST_BODY)
    tokens_, enrolments = Tokens(records, parts.utc, known.administers), Enrolments(parts.utc)
    guard.Guard(parts, sessions, known, tokens_, _token(parts.folders.web)).install(app)
    box.install(app, parts, reader, desk, throttle)
    session.install(app, sessions, desk, throttle, enrolments)
    log_ins.install(app, sessions, desk, known)
    log_ins.install_phones(app, parts, enrolments, known)
    tokens.install(app, tokens_, desk, sessions)
    ask.install(app, desk, sessions, StopThrottle(parts.monotonic))
    picture.install(app, reader, viewers)
    picture.install_files(app, parts, reader)
    cameras.install(app, parts, reader, Onlookers(parts.folders.runtime, parts.monotonic))
    events.install(app, parts, reader)
    history.install(app, parts, reader)
    raw.install(app, parts, reader, desk, sessions)
    rectifying.install(app, parts)
    guides.install(app, parts)
    commissioning.install(app, parts)
    plan.install(app, parts)
    areas.install(app, parts)
    glossary.install(app)
    settings.install(app, parts, desk, sessions)
    rulebook.install(app, parts)
    people.install(app, known)
    look.install(app, Looks(parts.look, parts.utc))
    bundles.install(app, parts)
    films.install(app, parts, reader)
    office.install(app, Office(parts.calculate))
    setup.install(app, parts, reader, known)
    tries.install(app, parts)
    incidents.install(app, Calculations(parts.calculate))
    qr.install(app, parts, reader)
    metrics.install(app, reader, viewers, parts.folders.state, parts.utc)
    openapi.install(app)
    static_pages.install(app, built)
    return Pages(app=app, viewers=viewers)


def _token(web: Path) -> str:
    """What opens the figures to another machine; without the file only this machine reads them."""
    try:
        return (web / TOKEN_FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
