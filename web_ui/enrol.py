"""The only thing that is said in the clear: how a phone comes to trust this box.

One static page without script, the certificate to install, and nothing else: no picture, no log-in, no cookie.
Whoever changes this page on its way cannot change what the box's own screen shows beside the QR code; that is
what the fingerprint is compared with.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, MisdirectedRequest

from web_ui.guard import HEADERS
from web_ui.parts import Parts
from web_ui.tls.authority import fingerprint
from web_ui.words import LANGUAGES, TABLES

FILE_NAME = "edge-agent-ca.crt"
CERTIFICATE = "application/x-x509-ca-cert"  # what Android, iOS and Windows open as a certificate to install
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
CODE = re.compile(r"[A-Za-z0-9_-]{16,64}")
GROUP = 6  # pairs of digits in one line of the fingerprint
STYLE = "/enrol.css"


def create(parts: Parts) -> Flask:
    """The page, the certificate and the page's look."""
    app = Flask(__name__, static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.before_request(lambda: _own_name(parts))
    app.after_request(_lock_down)

    @app.errorhandler(HTTPException)
    def elsewhere(fault: HTTPException) -> Response:
        """Whatever else is asked for in the clear."""
        text = f"{fault.code}: http://{_host(parts)}:{parts.site.board.enrol_port}/\n"
        return Response(text, fault.code, mimetype="text/plain")

    @app.get("/")
    @app.get("/enrol")
    def enrol() -> Response:
        """How to trust this box, in Chinese and English on one page."""
        pem = parts.authority()
        page = render_template(
            "enrol.html",
            languages=[_said(language, parts) for language in LANGUAGES],
            groups=groups(pem) if pem else (),
            pages=f"https://{_host(parts)}:{parts.site.board.port}/{_way()}",
            style=STYLE,
        )
        return Response(page, mimetype="text/html")

    @app.get("/ca.crt")
    def certificate() -> Response:
        """The certificate of the box's own authority; 404 where the site brings its own."""
        pem = parts.authority()
        if pem is None:
            return Response(status=404)
        response = Response(pem, mimetype=CERTIFICATE)
        response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
        return response

    @app.get(STYLE)
    def style() -> Response:
        """The page's look."""
        with app.open_resource("static/enrol.css") as css:
            return Response(css.read(), mimetype="text/css")

    return app


def _way() -> str:
    """Where a phone goes on that was shown the way by a QR code (web_ui/enrolments.py)."""
    code = request.args.get("for", "")
    return f"login?phone={code}" if CODE.fullmatch(code) else ""


def _said(language: str, parts: Parts) -> tuple[str, Mapping[str, str], str]:
    words = TABLES[language]["enrol"]
    return language, words, words["lead"].format(unit=parts.site.site.unit)


def _own_name(parts: Parts) -> None:
    if _called() not in parts.own_names():
        raise MisdirectedRequest


def _called() -> str:
    return (urlsplit(f"//{request.host}").hostname or "").lower()


def _host(parts: Parts) -> str:
    """The name that was called, if it is one of the box's own."""
    called = _called() if _called() in parts.own_names() else "localhost"
    return f"[{called}]" if ":" in called else called


def _lock_down(response: Response) -> Response:
    response.headers.update({**HEADERS, "Content-Security-Policy": POLICY})
    response.headers["Cache-Control"] = "no-store"
    return response


def groups(pem: bytes) -> tuple[str, ...]:
    """The certificate's fingerprint in lines that an eye can compare."""
    pairs = fingerprint(pem).split(":")
    return tuple(" ".join(pairs[at : at + GROUP]) for at in range(0, len(pairs), GROUP))
