"""The live picture: once, as a stream, and the files beside it."""

from flask import Flask, Response, request

from edge_agent.domain.words import Words
from edge_agent.tell.live_curves import Curves
from web_ui import stills
from web_ui.api.concern import concerns
from web_ui.api.files import whole
from web_ui.api.speak import said
from web_ui.errors import fail
from web_ui.guard import JSON, caller
from web_ui.parts import Parts
from web_ui.picture import Reader
from web_ui.shapes_people import Presence, plain
from web_ui.viewers import Viewers

EVENT_STREAM = "text/event-stream"
AGE = "X-Picture-Age-S"
CURVES = "curves.json"
PRESENCE = "presence.json"


def install(app: Flask, reader: Reader, viewers: Viewers) -> None:
    """GET /live and /stream."""

    @app.get("/api/v1/live")
    def live() -> Response:
        """The live picture with its age in a header, or why there is none."""
        picture = reader.look()
        if picture.live is None:
            fail("E-NO-PICTURE", detail=picture.fault or Words("", ""))
        response = Response(picture.text, mimetype=JSON)
        response.headers[AGE] = f"{reader.age_s(picture.live, picture.seen_s):.3f}"
        return response

    @app.get("/api/v1/stream")
    def stream() -> Response:
        """Server-sent events, to whoever stands as he did; E-FULL when all places are taken."""
        if request.method == "HEAD":
            return Response(mimetype=EVENT_STREAM)
        if not viewers.admit():
            fail("E-FULL", limit=viewers.bounds.viewers)
        mine = caller()
        stands = viewers.standings.of(mine.session, mine.known)
        response = Response(viewers.stream(plain(mine.known), stands), mimetype=EVENT_STREAM)
        response.call_on_close(viewers.leave)
        return response


def install_files(app: Flask, parts: Parts, reader: Reader) -> None:
    """GET /stills, /curves and /presence."""
    runtime = parts.folders.runtime

    @app.get("/api/v1/stills/<camera>.jpg")
    def still(camera: str) -> Response:
        """One camera's current picture with its people masked, for whom it concerns."""
        live = reader.look().live
        if not stills.known(live, camera) or not concerns(parts, live, camera, caller().known):
            fail("E-NO-CAMERA")
        jpeg = stills.current(runtime, stills.masked_name(camera), parts.utc)
        if jpeg is None:
            fail("E-NO-STILL")
        return Response(jpeg, mimetype="image/jpeg")

    @app.get("/api/v1/curves")
    def curves() -> Response:
        """The last quarter of an hour of every gas channel, as the agent wrote it."""
        return said(whole(runtime / CURVES, "E-NO-CURVES", Curves))

    @app.get("/api/v1/presence")
    def presence() -> Response:
        """The code of this half minute; only the box's own screen may show it."""
        code = whole(runtime / PRESENCE, "E-NO-CODE", Presence)
        if code.until_utc <= parts.utc():
            fail("E-NO-CODE")
        return said(code)
