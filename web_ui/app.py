"""The Flask app: one page, its stream, the live picture and the stills. Nothing here can change anything."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import msgspec
from flask import Flask, Response, make_response, render_template, request
from msgspec import Struct
from werkzeug.exceptions import HTTPException, MisdirectedRequest

from web_ui import stills
from web_ui.picture import STALE_S, Reader
from web_ui.viewers import Bounds, Viewers
from web_ui.words import DEFAULT, LANGUAGES, TABLES, other

EVENT_STREAM = "text/event-stream"
COOKIE = "lang"
COOKIE_AGE_S = 365 * 24 * 3600

# Only names of this machine: a page elsewhere that points its own name at 127.0.0.1 (DNS rebinding)
# must not be able to read who works where.
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Parts(Struct, frozen=True, kw_only=True):
    """What the app is made of: the agent's runtime folder, two clocks in seconds, the bounds."""

    runtime: Path
    monotonic: Callable[[], float]
    utc: Callable[[], float]
    closing: Event
    bounds: Bounds = Bounds()


def create_app(parts: Parts) -> Flask:
    """The board over one runtime folder."""
    app = Flask(__name__)
    reader = Reader(parts.runtime, monotonic=parts.monotonic, utc=parts.utc)
    app.before_request(_own_names_only)
    app.after_request(_with_headers)
    _add_page(app, reader)
    _add_picture(app, reader, parts)
    _add_stream(app, reader, Viewers(reader, parts.bounds, parts.closing))
    _add_errors(app, reader)
    return app


def _own_names_only() -> None:
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if host.lower() not in OWN_NAMES:
        raise MisdirectedRequest


def _with_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def _language() -> str:
    """The viewer's language: ?lang= first, then the cookie, then Chinese."""
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return DEFAULT


def _rendered(template: str, reader: Reader, **values: object) -> str:
    language = _language()
    live = reader.look().live
    return render_template(
        template, t=TABLES[language], lang=language, other=other(language), demo=bool(live and live.demo), **values
    )


def _sorry(reader: Reader, status: int, key: str, **values: object) -> Response:
    """A page that says in words what could not be had, and how to mend it."""
    words = TABLES[_language()]["error"][key].format(**values)
    return make_response(_rendered("error.html", reader, code=status, words=words), status)


def _add_page(app: Flask, reader: Reader) -> None:
    @app.get("/")
    def board() -> Response:
        """The page itself; it starts as not live and becomes live by the stream alone."""
        response = make_response(_rendered("board.html", reader, stale_s=STALE_S))
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie(COOKIE, _language(), max_age=COOKIE_AGE_S, httponly=True, samesite="Lax")
        return response


def _add_picture(app: Flask, reader: Reader, parts: Parts) -> None:
    @app.get("/live.json")
    def live_json() -> Response:
        """The live picture with its age in a header, or 503 with the fault in words."""
        picture = reader.look()
        if picture.live is None:
            return _json({"fault": picture.fault}, 503)
        response = _json(picture.live, 200)
        response.headers["X-Picture-Age-S"] = f"{reader.age_s(picture.live, picture.seen_s):.3f}"
        return response

    @app.get("/still/<camera>.jpg")
    def still(camera: str) -> Response:
        """One camera's current picture."""
        if not stills.known(reader.look().live, camera):
            return _sorry(reader, 404, "still_unknown")
        jpeg = stills.current(parts.runtime, camera, parts.utc)
        if jpeg is None:
            return _sorry(reader, 404, "still_none")
        return Response(jpeg, mimetype="image/jpeg")


def _add_stream(app: Flask, reader: Reader, viewers: Viewers) -> None:
    @app.get("/stream")
    def stream() -> Response:
        """Server-sent events, or 503 when all places are taken."""
        if request.method == "HEAD":
            return Response(mimetype=EVENT_STREAM)
        if not viewers.admit():
            return _sorry(reader, 503, "503", limit=viewers.bounds.viewers)
        response = Response(viewers.stream(), mimetype=EVENT_STREAM)
        response.call_on_close(viewers.leave)
        return response


def _add_errors(app: Flask, reader: Reader) -> None:
    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        """Every error as a page in words; also what Flask makes of an exception (500, logged)."""
        code = error.code or 500
        key = str(code) if str(code) in TABLES[DEFAULT]["error"] else "other"
        return _sorry(reader, code, key, code=code)


def _json(value: object, status: int) -> Response:
    return Response(msgspec.json.encode(value), status, mimetype="application/json")
