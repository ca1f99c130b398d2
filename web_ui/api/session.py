"""Logging in and out, and the box's own screen."""

from flask import Flask, Response, g, request
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.words import Words, joined
from edge_agent.tell.who.who import Who
from web_ui.api.speak import body, said
from web_ui.desk import Desk
from web_ui.device import device_of
from web_ui.enrolments import Enrolments
from web_ui.errors import Trouble, fail
from web_ui.guard import caller
from web_ui.sessions import COOKIE, Came, Session, Sessions
from web_ui.shapes_people import Known, LoggedIn, LogIn, plain
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


def install(app: Flask, sessions: Sessions, desk: Desk, throttle: LogInThrottle, enrolments: Enrolments) -> None:
    """POST, GET and DELETE /session; POST /panel."""

    @app.post("/api/v1/session")
    def log_in() -> Response:
        """The agent checks the proof; the session is new whatever cookie came along, and the old one ends."""
        form, at_panel = body(LogIn), _at_panel()
        who, entry = _let_in(form, desk, throttle, panel=at_panel)
        if g.caller is not None:
            sessions.end(g.caller.session)
        came = replace(_came(), enrolled_by=enrolments.use(form.enrolment, who.id))
        secret, session = sessions.begin(who.id, entry.key, entry.until_utc, panel=at_panel, came=came)
        return _with_cookie(said(_told(session, who)), secret, session, sessions)

    @app.get("/api/v1/session")
    def session() -> Response:
        """Who is logged in here, with the roles of this moment."""
        mine = caller()
        return said(_told(mine.session, mine.known))

    @app.delete("/api/v1/session")
    def log_out() -> Response:
        """Gone here at once, and the agent forgets the key; its silence keeps nobody logged in.

        Somebody who did one thing at the box's own screen leaves it as the box's own.
        """
        mine = caller().session
        sessions.end(mine)
        if mine.key:
            forget(desk, mine.key)
        if mine.panel and mine.person:
            return _panel(sessions)
        response = Response(status=204)
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict")
        return response

    @app.post("/api/v1/panel")
    def panel() -> Response:
        """This screen becomes the box's own: the admin's session ends, a panel's begins."""
        mine = caller().session
        sessions.end(mine)
        forget(desk, mine.key)
        return _panel(sessions)


def _let_in(form: LogIn, desk: Desk, throttle: LogInThrottle, *, panel: bool) -> tuple[Who, _Entry]:
    """Whom the agent knows by this proof. Raises Trouble."""
    address = request.remote_addr or ""
    if bool(form.person and form.pin) == bool(form.badge):
        fail("E-FORM", detail=Words("请给出编号和 PIN 码，或工牌", "give an id and a PIN, or a badge"))
    wait_s = throttle.wait_s(address)
    if wait_s > 0:
        fail("E-WAIT", wait_s=wait_s)
    proof = {name: getattr(form, name) for name in ("person", "pin", "badge") if getattr(form, name)}
    answer = desk.say({"do": "log_in", "key": form.key, "panel": panel, **proof}, _Entry)
    if not answer.accepted or answer.who is None:
        throttle.wrong(address)
        fail("E-PROOF", detail=joined(answer.reasons), wait_s=answer.wait_s)
    throttle.right(address)
    return answer.who, answer


def _came() -> Came:
    return Came(device=device_of(request.headers.get("User-Agent", "")))


def _at_panel() -> bool:
    return g.caller is not None and bool(g.caller.session.panel)


def _panel(sessions: Sessions) -> Response:
    """The box's own screen, with nobody logged in."""
    secret, session = sessions.begin_panel(_came())
    return _with_cookie(said(_told(session, None)), secret, session, sessions)


def _told(session: Session, who: Who | Known | None) -> LoggedIn:
    return LoggedIn(
        who=plain(who),
        key=session.key or None,
        csrf=session.csrf,
        until_utc=session.until_utc,
        panel=session.panel,
    )


def _with_cookie(response: Response, secret: str, session: Session, sessions: Sessions) -> Response:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(sessions.left_s(session)),
        secure=True,
        httponly=True,
        samesite="Strict",
        path="/",
    )
    return response


def forget(desk: Desk, key: str) -> None:
    """The agent takes nothing more that this key signs."""
    try:
        desk.say({"do": "log_out", "key": key}, _Done)
    except Trouble:
        return  # the agent is not there: it forgets every key when it starts
