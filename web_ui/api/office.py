"""The day's table, also on paper and for a spreadsheet; and what is stored about whoever asks."""

import re

import msgspec
from flask import Flask, Response

from edge_agent.tell.live_office import About
from web_ui.api.speak import number, said
from web_ui.errors import fail
from web_ui.guard import JSON, person
from web_ui.office import Office
from web_ui.shapes_people import Mine

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
REVIEWS = frozenset({"pauses", "shadow", "coverage", "overrides", "drills"})
TYPES = {"csv": "text/csv", "pdf": "application/pdf"}


def install(app: Flask, office: Office) -> None:
    """GET /days/{date} and /reviews/{kind}, each also as a table, and GET /me."""

    @app.get("/api/v1/days/<date>")
    def day(date: str) -> Response:
        """The six indicators of one day."""
        return Response(office.ask("day", f"--date={_date(date)}", "--as=json"), mimetype=JSON)

    @app.get("/api/v1/days/<date>/table.<kind>")
    def table(date: str, kind: str) -> Response:
        """The same as a file: csv or pdf."""
        if kind not in TYPES:
            fail("E-NO-ROUTE")
        made = office.ask("day", f"--date={_date(date)}", f"--as={kind}")
        named = {"Content-Disposition": f'attachment; filename="day-{date}.{kind}"'}
        return Response(made, mimetype=TYPES[kind], headers=named)

    @app.get("/api/v1/reviews/<kind>")
    def review(kind: str) -> Response:
        """The last days looked at anew."""
        return Response(office.ask(*_review(kind), "--as=json"), mimetype=JSON)

    @app.get("/api/v1/reviews/<kind>/table.<form>")
    def review_table(kind: str, form: str) -> Response:
        """The same as a file: csv or pdf."""
        if form not in TYPES:
            fail("E-NO-ROUTE")
        made = office.ask(*_review(kind), f"--as={form}")
        named = {"Content-Disposition": f'attachment; filename="{kind}.{form}"'}
        return Response(made, mimetype=TYPES[form], headers=named)

    @app.get("/api/v1/me")
    def mine() -> Response:
        """Only of whoever is logged in."""
        known = person()
        found = office.ask("about", f"--person={known.id}")
        return said(Mine(known=known, about=msgspec.json.decode(found, type=About)))


def _review(kind: str) -> tuple[str, ...]:
    if kind not in REVIEWS:
        fail("E-NO-ROUTE")
    return "review", f"--kind={kind}", f"--days={number('days', 1, 366, 30)}"


def _date(text: str) -> str:
    if not DATE.fullmatch(text):
        fail("E-FORM", detail="date: YYYY-MM-DD")
    return text
