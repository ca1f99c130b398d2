"""The board as it was before the front end: drawn here, live by the stream alone. It stays until the port."""

from pathlib import Path

from flask import Flask, Response, make_response, render_template, request, send_from_directory

from web_ui.picture import STALE_S, Reader
from web_ui.words import DEFAULT, LANGUAGES, TABLES, other

STATIC = Path(__file__).parent / "static"
COOKIE = "lang"
COOKIE_AGE_S = 365 * 24 * 3600


def install(app: Flask, reader: Reader) -> None:
    """The page and its files."""

    @app.get("/static/<filename>", endpoint="static")
    def file(filename: str) -> Response:
        """Its scripts and its look."""
        return send_from_directory(STATIC, filename)

    @app.get("/board")
    def board() -> Response:
        """The page itself; it starts as not live and becomes live by the stream alone."""
        language = _language()
        live = reader.look().live
        page = render_template(
            "board.html",
            t=TABLES[language],
            lang=language,
            other=other(language),
            demo=bool(live and live.demo),
            stale_s=STALE_S,
        )
        response = make_response(page)
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie(COOKIE, language, max_age=COOKIE_AGE_S, secure=True, httponly=True, samesite="Lax")
        return response


def _language() -> str:
    """The viewer's language: ?lang= first, then the cookie, then Chinese."""
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return DEFAULT
