"""At the door of every request: whose name was called, whose page it comes from, and whether this one may.

Default deny: what access.py does not name is closed. What changes something comes from the box's own page (a
header that no form and no foreign page can send, the browser's own word about the origin) and, with a session,
carries the token that was given at the log-in.
"""

import hmac
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from msgspec import Struct

from edge_agent.domain.token import Reads
from web_ui.access import (
    ACCESS,
    ADMIN,
    EXAMINERS,
    FILMED,
    FITTERS,
    INSPECTOR,
    KEEPERS,
    OPEN_TO_TOKENS,
    REVIEWERS,
    RIGHTERS,
    Who,
    reads_only,
)
from web_ui.errors import fail
from web_ui.parts import Parts
from web_ui.people import People
from web_ui.sessions import COOKIE, Session, Sessions
from web_ui.shapes_people import Known
from web_ui.tokens import Tokens

LARGEST_BODY = 192 * 1024  # a form with a phone's picture is 165 kB
JSON = "application/json"
HOLDERS = {
    Who.KEEPER: KEEPERS,
    Who.FITTER: FITTERS,
    Who.REVIEWER: REVIEWERS,
    Who.EXAMINER: EXAMINERS,
    Who.RIGHTER: RIGHTERS,
    Who.FILMED: FILMED,
    Who.ADMIN: frozenset({ADMIN}),
}
MARK = "X-Edge"  # cannot be sent across origins without a preflight, which is never answered
TOKEN = "X-CSRF"  # noqa: S105 (a header's name)
READING = frozenset({"GET", "HEAD"})
SAME = frozenset({"same-origin", "none"})
LOOPBACK = frozenset({"127.0.0.1", "::1"})

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "font-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
# Only with the site's own certificate: a browser that has once been told must never meet the box's own CA
# without knowing it, or nobody could pass its warning to reach STOP.
HSTS = "max-age=31536000"


class Caller(Struct, frozen=True, kw_only=True):
    """Whose request this is; `known` is None on the box's own screen."""

    session: Session
    known: Known | None


class Guard:
    """Stands before every route of the app."""

    def __init__(
        self, parts: Parts, sessions: Sessions, people: People, tokens: Tokens, counter_token: str
    ) -> None:
        """`counter_token` opens the figures to whoever is not this machine, as do tokens for them."""
        self._tokens = tokens
        self._parts = parts
        self._sessions = sessions
        self._people = people
        self._counter_token = counter_token

    def install(self, app: Flask) -> None:
        """Before and after each request."""
        app.before_request(self._admit)
        app.after_request(self._lock_down)

    def _admit(self) -> None:
        g.caller = None
        self._own_name()
        if request.url_rule is None:
            return  # 404 or 405, raised by Flask
        method = "GET" if request.method == "HEAD" else request.method
        who = ACCESS.get((method, request.url_rule.rule))
        if who is None:
            fail("E-NOT-ALLOWED")
        if method not in READING:
            self._own_page()
        g.caller = self._caller()
        self._may(who)

    def _own_name(self) -> None:
        """A page elsewhere that points its own name at this box (DNS rebinding) is not served."""
        host = urlsplit(f"//{request.host}").hostname or ""
        if host.lower() not in self._parts.own_names():
            fail("E-HOST", host=host[:100])

    @staticmethod
    def _own_page() -> None:
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        if request.headers.get(MARK) != "1":
            fail("E-CSRF")
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            fail("E-CSRF")
        if site is not None and site not in SAME:
            fail("E-CSRF")
        if request.content_length and request.mimetype != JSON:
            fail("E-TYPE")

    def _caller(self) -> Caller | None:
        """Who has this cookie, as the agent knows him now."""
        secret = request.cookies.get(COOKIE)
        session = self._sessions.find(secret) if secret else None
        if session is None:
            return None
        if not session.person:
            return Caller(session=session, known=None)
        known = self._people.get(session.person)
        return None if known is None else Caller(session=session, known=known)

    def _may(self, who: Who) -> None:
        caller: Caller | None = g.caller
        if who is Who.ANYBODY:
            return
        if who is Who.COUNTER:
            self._may_count()
            return
        if caller is None and request.url_rule is not None and request.url_rule.rule in OPEN_TO_TOKENS:
            found = self._tokens.find(_bearer()) if _bearer() else None
            if found is not None and found.kind is Reads.READ and request.method in READING:
                return
        if caller is None:
            fail("E-NO-SESSION")
        if not self._allowed(who, caller):
            fail("E-NOT-ALLOWED")
        if request.method not in READING and not caller.session.owns(request.headers.get(TOKEN, "")):
            fail("E-CSRF")

    def _allowed(self, who: Who, caller: Caller) -> bool:
        match who:
            case Who.READER:
                return True
            case Who.PERSON:
                return caller.known is not None
            case Who.ACTOR:
                return caller.known is not None and not reads_only(caller.known)
            case Who.PANEL:
                return caller.session.panel
            case Who.FACES:
                return _may_see_faces(self._parts, caller)
            case _:
                return caller.known is not None and not HOLDERS[who].isdisjoint(caller.known.roles)

    def _may_count(self) -> None:
        if request.remote_addr in LOOPBACK or _same(_bearer(), self._counter_token):
            return
        found = self._tokens.find(_bearer()) if _bearer() else None
        if found is None or found.kind is not Reads.FIGURES:
            fail("E-NOT-ALLOWED")

    def _lock_down(self, response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers.setdefault("Cache-Control", "no-store")
        if self._parts.site.board.cert and request.is_secure:
            response.headers["Strict-Transport-Security"] = HSTS
        return response


def _bearer() -> str:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret if kind == "Bearer" else ""


def _same(one: str, two: str) -> bool:
    return bool(two) and hmac.compare_digest(one.encode(), two.encode())


def _may_see_faces(parts: Parts, caller: Caller) -> bool:
    """Whether the site names one of his roles."""
    raw_for = {role.value for role in parts.site.privacy.raw_for} - {INSPECTOR}
    return caller.known is not None and not raw_for.isdisjoint(caller.known.roles)


def sees_faces(parts: Parts) -> bool:
    """Whether who asks may ask for pictures without their mask; only behind a route that asks for a session."""
    return _may_see_faces(parts, caller())


def caller() -> Caller:
    """Whose request this is; only behind a route that asks for a session."""
    found: Caller = g.caller
    return found


def person() -> Known:
    """The person of this request; only behind a route for persons."""
    known = caller().known
    if known is None:
        fail("E-NOT-ALLOWED")
    return known
