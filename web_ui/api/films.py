"""Films: which there are, how long they stay, and masked copies that the agent has made of them for people.

A copy is asked for with a signed form, as keeping and letting go are; the agent puts it on record and makes it.
"""

import msgspec
from flask import Flask, Response, request, send_from_directory

from edge_agent.field.film import names
from edge_agent.field.film.rules import FILE, Rules
from edge_agent.ops.folders import FILMS, SHOWN
from web_ui.api.bundles import failed, plain
from web_ui.api.concern import filmed_for
from web_ui.api.speak import said
from web_ui.errors import fail
from web_ui.guard import person
from web_ui.parts import Parts
from web_ui.picture import Reader
from web_ui.shapes_film import FilmListed, Films

MOST = 300
LONGEST = 64


def install(app: Flask, parts: Parts, reader: Reader) -> None:
    """GET /films and GET /films/copies/<name>."""
    state, runtime = parts.folders.state, parts.folders.runtime

    @app.get("/api/v1/films")
    def films() -> Response:
        """All that are there, or those of one permit; where somebody has some areas only, those of his areas."""
        permit, mine = request.args.get("permit", "")[:LONGEST], filmed_for(parts, reader.look().live, person())
        found = [one for one in reversed(names.films(state / FILMS)) if permit in {"", one.permit} and mine(one)]
        try:
            rules = msgspec.json.decode((runtime / FILE).read_bytes(), type=Rules)
        except (OSError, msgspec.MsgspecError):
            rules = None
        return said(Films(films=tuple(map(_listed, found[:MOST])), more=len(found) > MOST, rules=rules))

    @app.get("/api/v1/films/copies/<name>")
    def copy(name: str) -> Response:
        """The masked copy, for whoever asked for it alone; E-NO-BUNDLE until it is there."""
        folder = state / SHOWN
        if not plain(name):
            fail("E-NO-BUNDLE")
        mine = names.shown_name(name, person().id)
        why = failed(folder / f"{mine}.failed")
        if why is not None:
            fail("E-BUNDLE", detail=why)
        if not (folder / f"{mine}.mp4").is_file():
            fail("E-NO-BUNDLE")
        return send_from_directory(folder, f"{mine}.mp4", mimetype="video/mp4")


def _listed(film: names.FilmFile) -> FilmListed:
    return FilmListed(
        name="/".join(film.path.parts[-3:]),
        permit="" if film.permit == names.NOBODYS else film.permit,
        camera=film.camera,
        kind=film.kind,
        began_utc=film.began_utc,
        ended_utc=film.written_utc,
        size=film.size,
        marked=film.marked,
        open=not film.known,
    )
