"""Who is logged in where, ended one by one or all together; and phones that are shown the way."""

from flask import Flask, Response, request

from web_ui.access import ADMIN
from web_ui.api.qr import drawn, enrol_url
from web_ui.api.session import forget
from web_ui.api.speak import body, said
from web_ui.desk import Desk
from web_ui.enrolments import Enrolments
from web_ui.errors import fail
from web_ui.guard import caller, person
from web_ui.parts import Parts
from web_ui.people import People
from web_ui.sessions import Listed, Sessions
from web_ui.shapes_log_ins import Enrolled, LogInListed, LogIns, NewEnrolment, ShownTheWay

EVERYBODY = "everybody"


def install(app: Flask, sessions: Sessions, desk: Desk, people: People) -> None:
    """GET /log-ins, DELETE /log-ins and DELETE /log-ins/{id}."""

    @app.get("/api/v1/log-ins")
    def log_ins_now() -> Response:
        """One's own; to an administrator everybody's, and the box's own screens."""
        return said(LogIns(log_ins=tuple(_shown(one) for one in _within_reach())))

    @app.delete("/api/v1/log-ins")
    def end_log_ins() -> Response:
        """All but the one that asks: one's own, or with `of=everybody` all (for an administrator)."""
        everybody = request.args.get("of") == EVERYBODY
        if everybody and ADMIN not in person().roles:
            fail("E-NOT-ALLOWED")
        mine = caller().session
        reach = _within_reach() if everybody else sessions.listed(person().id)
        _end(frozenset(one.id for one in reach if one.id != mine.name and not one.panel))
        return Response(status=204)

    @app.delete("/api/v1/log-ins/<id>")
    def end_log_in(id: str) -> Response:  # noqa: A002 (the route's own word)
        """One of them; E-NO-LOG-IN for one that is over, or another person's."""
        if id not in {one.id for one in _within_reach()}:
            fail("E-NO-LOG-IN")
        _end(frozenset({id}))
        return Response(status=204)

    def _within_reach() -> list[Listed]:
        mine = person()
        return sessions.listed(None if ADMIN in mine.roles else mine.id)

    def _end(names: frozenset[str]) -> None:
        for key in sessions.end_named(names):
            forget(desk, key)

    def _shown(one: Listed) -> LogInListed:
        known = people.all().get(one.person)
        told = {name: getattr(one, name) for name in Listed.__struct_fields__}
        return LogInListed(**told, name=known.name if known else one.person, mine=one.id == caller().session.name)


def install_phones(app: Flask, parts: Parts, enrolments: Enrolments, people: People) -> None:
    """POST /enrolments and GET /enrolments/{code}."""

    @app.post("/api/v1/enrolments")
    def show_the_way() -> Response:
        """A QR code for one's own further phone; an administrator shows it to anybody's."""
        wanted, mine = body(NewEnrolment).person, person()
        if wanted != mine.id and ADMIN not in mine.roles:
            fail("E-NOT-ALLOWED")
        known = people.get(wanted)
        if known is None:
            fail("E-NO-ENROLMENT")
        code, made = enrolments.begin(wanted, mine.id)
        address = enrol_url(parts, code)
        return said(Enrolled(person=wanted, address=address, svg=drawn(address), until_utc=made.until_utc))

    @app.get("/api/v1/enrolments/<code>")
    def whose_phone(code: str) -> Response:
        """Whose phone comes by this code; E-NO-ENROLMENT once it is used or over."""
        found = enrolments.find(code)
        known = None if found is None else people.get(found.person)
        if found is None or known is None:
            fail("E-NO-ENROLMENT")
        return said(ShownTheWay(person=known.id, name=known.name, until_utc=found.until_utc))
