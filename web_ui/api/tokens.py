"""Tokens of programs that read: listed, made and shown once, ended; each on record with a signature."""

import msgspec
from flask import Flask, Response
from msgspec import Struct

from edge_agent.domain.request import Ask
from edge_agent.domain.token import TokenWish
from web_ui.api.ask import passed_on
from web_ui.api.speak import body, said
from web_ui.desk import Desk
from web_ui.errors import fail
from web_ui.guard import person
from web_ui.sessions import Sessions
from web_ui.shapes_asking import Signed
from web_ui.shapes_log_ins import MadeToken
from web_ui.shapes_log_ins import Tokens as Shown
from web_ui.tokens import MOST, Tokens


class _Wish(Struct, frozen=True):
    """Of a signed form, what is wanted; the agent reads it whole."""

    ask: str
    token: TokenWish | None = None
    about: tuple[str, ...] = ()


def install(app: Flask, tokens: Tokens, desk: Desk, sessions: Sessions) -> None:
    """GET and POST /tokens, POST /tokens/{id}/end."""

    @app.get("/api/v1/tokens")
    def tokens_now() -> Response:
        """Those that stand."""
        return said(Shown(tokens=tuple(tokens.all())))

    @app.post("/api/v1/tokens")
    def make_token() -> Response:
        """A new one, once it is on record, and the only time that its secret is told."""
        form = body(Signed)
        signed = _read(form)
        wish = signed.token
        if signed.ask != Ask.LET_READ or wish is None or tokens.taken(wish.id):
            fail("E-FORM", detail="token")
        if len(tokens.all()) >= MOST:
            fail("E-TOKENS", limit=MOST)
        answer = passed_on(desk, sessions, form)
        if not answer.accepted:
            return said(answer)
        secret, token = tokens.make(wish, person().id)
        return said(MadeToken(**msgspec.structs.asdict(answer), token=token, secret=secret))

    @app.post("/api/v1/tokens/<id>/end")
    def end_token(id: str) -> Response:  # noqa: A002 (the route's own word)
        """It opens nothing from now on; then that goes on record. Until it is there, the list still shows it."""
        form = body(Signed)
        signed = _read(form)
        found = next((one for one in tokens.all() if one.id == id), None)
        if found is None:
            fail("E-NO-LOG-IN")
        if signed.ask != Ask.END_READING or signed.about != (found.id, found.name):
            fail("E-FORM", detail="about")
        tokens.end(found.id, person().id)
        answer = passed_on(desk, sessions, form)
        if answer.accepted:
            tokens.forget(found.id)
        return said(answer)


def _read(form: Signed) -> _Wish:
    try:
        return msgspec.json.decode(form.form, type=_Wish)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as fault:
        fail("E-FORM", detail=str(fault))
