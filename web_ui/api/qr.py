"""QR codes that lead to a page of this box. They prove nothing: a printed one can be photographed."""

import io
from urllib.parse import quote

import segno
from flask import Flask, Response

from web_ui.errors import fail
from web_ui.parts import Parts
from web_ui.picture import Reader

PATHS = {"permit": "p", "point": "at", "event": "events"}
QUIET_MODULES = 4  # the margin that readers need (ISO/IEC 18004)
SCALE = 6
LAST_DIGITS = 16
REPORT = "report"


def install(app: Flask, parts: Parts, reader: Reader) -> None:
    """GET /qr/{kind}/{id}.svg."""

    @app.get("/api/v1/qr/<kind>/<id>.svg")
    def qr(kind: str, id: str) -> Response:  # noqa: A002 (the route's own word)
        """The page of a permit, of the place of its work, of an event, the report; or how to trust the box."""
        if kind == "box":
            return picture(
                f"https://{_host(parts)}:{parts.site.board.port}/report" if id == REPORT else trust_url(parts)
            )
        if not _exists(reader, kind, id):
            fail("E-NO-QR")
        return picture(f"https://{_host(parts)}:{parts.site.board.port}/{PATHS[kind]}/{quote(id, safe='')}")


def trust_url(parts: Parts) -> str:
    """Where a phone learns to trust this box."""
    return f"http://{_host(parts)}:{parts.site.board.enrol_port}/"


def enrol_url(parts: Parts, code: str) -> str:
    """The same, for a phone that is shown the way: whose it is to be comes after it trusts the box."""
    return f"{trust_url(parts)}?for={quote(code, safe='')}"


def _host(parts: Parts) -> str:
    """Never the name that this page was called by: the box's own screen calls itself localhost."""
    host = parts.reachable()
    return f"[{host}]" if ":" in host else host


def picture(text: str) -> Response:
    """The QR code as a drawing that prints sharp."""
    return Response(drawn(text), mimetype="image/svg+xml")


def drawn(text: str) -> str:
    """The drawing itself: SVG."""
    out = io.BytesIO()
    # Level Q bears a quarter of dirt and scratches (ledger 4-28: read 61 % in the field).
    segno.make(text, error="q", micro=False).save(
        out, kind="svg", scale=SCALE, border=QUIET_MODULES, xmldecl=False, svgns=True, nl=False
    )
    return out.getvalue().decode()


def _exists(reader: Reader, kind: str, wanted: str) -> bool:
    live = reader.look().live
    if kind == "event":
        return wanted.isascii() and wanted.isdecimal() and len(wanted) <= LAST_DIGITS
    return kind in PATHS and live is not None and any(one.id == wanted for one in live.permits)
