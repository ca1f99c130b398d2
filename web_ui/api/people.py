"""Everybody who is known here: names and roles, for whoever must choose a relief or a guard."""

from flask import Flask, Response

from edge_agent.tell.who.who import Who
from web_ui.api.speak import said
from web_ui.people import People
from web_ui.shapes import People as Shown


def install(app: Flask, people: People) -> None:
    """GET /people."""

    @app.get("/api/v1/people")
    def everybody() -> Response:
        """Those who are not denied."""
        known = (one for one in people.all().values() if not one.denied)
        rows = (Who(**{name: getattr(one, name) for name in Who.__struct_fields__}) for one in known)
        return said(Shown(people=tuple(sorted(rows, key=lambda one: one.id))))
