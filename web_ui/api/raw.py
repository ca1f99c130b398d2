"""Pictures without their mask: for the roles that the site names, each with PIN or badge and a reason, on record.

The agent is asked with a form that the person has signed; what it refuses, or cannot put on record, is not shown.
"""

from collections.abc import Callable

import msgspec
from flask import Flask, Response
from msgspec import Struct

from edge_agent.ops.folders import EVIDENCE
from web_ui import stills
from web_ui.api.ask import passed_on
from web_ui.api.concern import concerns
from web_ui.api.speak import body, said
from web_ui.desk import Desk
from web_ui.errors import fail
from web_ui.guard import caller
from web_ui.parts import Parts
from web_ui.picture import Reader
from web_ui.sessions import Sessions
from web_ui.shapes_asking import Signed

LOOK = "look"


class _About(Struct, frozen=True):
    """Of a signed form, what it asks about; the agent reads it whole."""

    ask: str = ""
    about: tuple[str, ...] = ()


def install(app: Flask, parts: Parts, reader: Reader, desk: Desk, sessions: Sessions) -> None:
    """POST /stills/<camera>/raw and POST /events/<seq>/stills/<camera>/raw."""

    @app.post("/api/v1/stills/<camera>/raw")
    def raw_still(camera: str) -> Response:
        """One camera's current picture with faces, once the look is on record."""
        name = stills.raw_name(camera)
        return looked(camera, name, lambda: stills.current(parts.folders.runtime, name, parts.utc))

    @app.post("/api/v1/events/<int:seq>/stills/<camera>/raw")
    def raw_of_event(seq: int, camera: str) -> Response:
        """What a camera saw when it happened, with faces, once the look is on record."""
        name = stills.raw_name(camera, seq)
        return looked(camera, name, lambda: stills.of_event(parts.folders.state / EVIDENCE, name))

    def looked(camera: str, name: str, read: Callable[[], bytes | None]) -> Response:
        form, live = body(Signed), reader.look().live
        if not stills.plain(camera) or not concerns(parts, live, camera, caller().known):
            fail("E-NO-CAMERA")
        if not _asks(form.form, name):
            fail("E-FORM", detail=f"film, {name}, {LOOK}")
        if read() is None:
            fail("E-NO-STILL")  # nothing is put on record that nobody saw
        answer = passed_on(desk, sessions, form)
        if not answer.accepted:
            return said(answer)
        jpeg = read()
        if jpeg is None:
            fail("E-NO-STILL")
        return Response(jpeg, mimetype="image/jpeg")


def _asks(form: str, name: str) -> bool:
    """Whether the form that was signed asks for a look at this very picture."""
    try:
        about = msgspec.json.decode(form, type=_About)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return False
    return about.ask == "film" and about.about == (name, LOOK)
