"""Everybody who is known here: names and roles, for whoever must choose a relief or a guard."""

from flask import Flask, Response
from msgspec.structs import replace

from web_ui.access import ADMIN
from web_ui.api.speak import said
from web_ui.guard import person
from web_ui.people import People
from web_ui.shapes_people import People as Shown

ANSWER_FOR_WORK = frozenset({ADMIN, "shift_lead", "safety_officer", "auditor"})


def install(app: Flask, people: People) -> None:
    """GET /people."""

    @app.get("/api/v1/people")
    def everybody() -> Response:
        """Those who are not denied; to an administrator also the others, whom he may let in again.

        What somebody is qualified for is told to those who administer the box or answer for the work.
        """
        roles = frozenset(person().roles)
        known = sorted(people.all().values(), key=lambda one: one.id)
        if ADMIN not in roles:
            known = [one for one in known if not one.denied]
        if not roles & ANSWER_FOR_WORK:
            known = [replace(one, qualification=None) for one in known]
        return said(Shown(people=tuple(known)))
