"""Everybody who is known here: names and roles, for whoever must choose a relief or a guard."""

from flask import Flask, Response

from web_ui.access import ADMIN
from web_ui.api.speak import said
from web_ui.guard import person
from web_ui.people import People
from web_ui.shapes import People as Shown


def install(app: Flask, people: People) -> None:
    """GET /people."""

    @app.get("/api/v1/people")
    def everybody() -> Response:
        """Those who are not denied; to an administrator also the others, whom he may let in again."""
        all_of_them = ADMIN in person().roles
        known = (one for one in people.all().values() if all_of_them or not one.denied)
        return said(Shown(people=tuple(sorted(known, key=lambda one: one.id))))
