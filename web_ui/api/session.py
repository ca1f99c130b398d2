"""Logging in and out, and the box's own screen."""

from flask import Flask, Response, g, request
from msgspec import Struct

from edge_agent.domain.words import Words, joined
from web_ui.api.speak import body, said
from web_ui.desk import Desk
from web_ui.errors import Trouble, fail
from web_ui.guard import caller
from web_ui.sessions import COOKIE, Session, Sessions
from web_ui.shapes import Known, LoggedIn, LogIn, Who
from web_ui.throttle import LogInThrottle


class _Entry(Struct, frozen=True, kw_only=True):
    """What the agent says to a log-in."""

    accepted: bool = False
    who: Who | None = None
    key: str = ""
    until_utc: float = 0.0
    reasons: tuple[Words, ...] = ()
    wait_s: float | None = None


class _Done(Struct, frozen=True, kw_only=True):
    """What the agent says to a log-out."""

    accepted: bool = False


def install(app: Flask, sessions: Sessions, desk: Desk, throttle: LogInThrottle) -> None:
    """POST, GET and DELETE /session; POST /panel."""

    @app.post("/api/v1/session")
    def log_in() -> Response:
        """The agent checks the proof; the session is new whatever cookie came along, and the old one ends."""
        form, address = body(LogIn), request.remote_addr or ""
        if bool(form.person and form.pin) == bool(form.badge):
            fail("E-FORM", detail=Words("请给出编号和 PIN 码，或工牌", "give an id and a PIN, or a badge"))
        wait_s = throttle.wait_s(address)
        if wait_s > 0:
            fail("E-WAIT", wait_s=wait_s)
        proof = {name: getattr(form, name) for name in ("person", "pin", "badge") if getattr(form, name)}
        answer = desk.say({"do": "log_in", "key": form.key, "panel": False, **proof}, _Entry)
        if not answer.accepted or answer.who is None:
            throttle.wrong(address)
            fail("E-PROOF", detail=joined(answer.reasons), wait_s=answer.wait_s)
        throttle.right(address)
        if g.caller is not None:
            sessions.end(g.caller.session)
        secret, session = sessions.begin(answer.who.id, answer.key, answer.until_utc)
        return _with_cookie(said(_told(session, answer.who)), secret, session, sessions)

    @app.get("/api/v1/session")
    def session() -> Response:
        """Who is logged in here, with the roles of this moment."""
        mine = caller()
        return said(_told(mine.session, mine.known))

    @app.delete("/api/v1/session")
    def log_out() -> Response:
        """Gone here at once, and the agent forgets the key; its silence keeps nobody logged in."""
        mine = caller().session
        sessions.end(mine)
        if mine.key:
            _forget(desk, mine.key)
        response = Response(status=204)
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict")
        return response

    @app.post("/api/v1/panel")
    def panel() -> Response:
        """This screen becomes the box's own: the admin's session ends, a panel's begins."""
        mine = caller().session
        sessions.end(mine)
        _forget(desk, mine.key)
        secret, session = sessions.begin_panel()
        return _with_cookie(said(_told(session, None)), secret, session, sessions)


def _told(session: Session, who: Who | Known | None) -> LoggedIn:
    return LoggedIn(
        who=_plain(who),
        key=session.key or None,
        csrf=session.csrf,
        until_utc=session.until_utc,
        panel=session.panel,
    )


def _plain(who: Who | None) -> Who | None:
    return who and Who(**{name: getattr(who, name) for name in Who.__struct_fields__})


def _with_cookie(response: Response, secret: str, session: Session, sessions: Sessions) -> Response:
    response.set_cookie(
        COOKIE, secret, max_age=sessions.left_s(session), secure=True, httponly=True, samesite="Strict", path="/"
    )
    return response


def _forget(desk: Desk, key: str) -> None:
    try:
        desk.say({"do": "log_out", "key": key}, _Done)
    except Trouble:
        return  # the agent is not there: it forgets every key when it starts
