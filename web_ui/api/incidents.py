"""Incidents to look at again, and what another limit would have done: begun by somebody, asked for until done."""

from datetime import UTC, datetime

from flask import Flask, Response

from web_ui.api.speak import body, said
from web_ui.calculations import Calculations
from web_ui.errors import fail
from web_ui.shapes_past import Minutes, Otherwise


def install(app: Flask, calculations: Calculations) -> None:
    """POST /incidents, /what-ifs and /verifications; GET /calculations/{id}."""

    @app.post("/api/v1/incidents")
    def incident() -> Response:
        """Decide these minutes again. The answer comes at once: ask for its id until `running` is false."""
        return said(calculations.begin(("incident", *_span(body(Minutes)))))

    @app.post("/api/v1/what-ifs")
    def what_if() -> Response:
        """The same with another limit or without a rule. Nothing is changed by it."""
        form = body(Otherwise)
        limits = [f"--limit={key}={value!r}" for key, value in form.limits.items()]
        without = [f"--without={name}" for name in form.without]
        return said(calculations.begin(("what-if", *_span(form), "--json", *limits, *without)))

    @app.post("/api/v1/verifications")
    def verification() -> Response:
        """Check the chain of all records, from the first to the newest."""
        return said(calculations.begin(("verify",)))

    @app.get("/api/v1/calculations/<id>")
    def calculation(id: str) -> Response:  # noqa: A002 (the route's own name)
        """How far it is, and what it found."""
        found = calculations.find(id)
        if found is None:
            fail("E-NO-CALCULATION")
        return said(found)


def _span(form: Minutes) -> tuple[str, str]:
    return f"--from={_iso(form.from_utc)}", f"--to={_iso(form.to_utc)}"


def _iso(utc: float) -> str:
    return datetime.fromtimestamp(utc, UTC).isoformat()
