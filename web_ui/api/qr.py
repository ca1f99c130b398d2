"""QR codes that lead to a page of this box. They prove nothing: a printed one can be photographed."""

import io
from urllib.parse import quote

import segno
from flask import Flask, Response

from web_ui.api.speak import said
from web_ui.errors import fail
from web_ui.labels import PATHS as LABELLED
from web_ui.labels import NoSettings, address, labels
from web_ui.parts import Parts
from web_ui.picture import Reader
from web_ui.shapes_places import Labels

PATHS = {"permit": "p", "point": "at", "event": "events"}
QUIET_MODULES = 4  # the margin that readers need (ISO/IEC 18004)
SCALE = 6
LAST_DIGITS = 16
REPORT = "report"


def install(app: Flask, parts: Parts, reader: Reader) -> None:
    """GET /qr/{kind}/{id}.svg and GET /labels."""

    @app.get("/api/v1/qr/<kind>/<id>.svg")
    def qr(kind: str, id: str) -> Response:  # noqa: A002 (the route's own word)
        """The page of a permit, of the place of its work, of an event, the report; or how to trust the box."""
        if kind == "box":
            return picture(
                f"https://{_host(parts)}:{parts.site.board.port}/report" if id == REPORT else trust_url(parts)
            )
        if kind in LABELLED and _labelled(parts, kind, id):
            return picture(f"https://{_host(parts)}:{parts.site.board.port}{address(kind, id)}")
        if not _exists(reader, kind, id):
            fail("E-NO-QR")
        return picture(f"https://{_host(parts)}:{parts.site.board.port}/{PATHS[kind]}/{quote(id, safe='')}")

    @app.get("/api/v1/labels")
    def all_labels() -> Response:
        """Every place and device that bears one, for the sheet that is printed."""
        try:
            found = labels(parts.folders.site)
        except NoSettings as fault:
            fail("E-NO-PLAN", detail=str(fault))
        site = parts.site.site
        return said(Labels(site=site.id, unit=site.unit, name=site.name, labels=found))


def _labelled(parts: Parts, kind: str, id_: str) -> bool:
    try:
        return any((one.kind, one.id) == (kind, id_) for one in labels(parts.folders.site))
    except NoSettings:
        return False


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
