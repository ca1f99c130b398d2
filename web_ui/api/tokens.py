"""Tokens of programs that read: listed, made and shown once, ended."""

from flask import Flask, Response

from web_ui.api.speak import body, said
from web_ui.errors import fail
from web_ui.guard import person
from web_ui.shapes_log_ins import MadeToken, NewToken
from web_ui.shapes_log_ins import Tokens as Shown
from web_ui.tokens import MOST, Tokens


def install(app: Flask, tokens: Tokens) -> None:
    """GET and POST /tokens, DELETE /tokens/{id}."""

    @app.get("/api/v1/tokens")
    def tokens_now() -> Response:
        """Those that stand."""
        return said(Shown(tokens=tuple(tokens.all())))

    @app.post("/api/v1/tokens")
    def make_token() -> Response:
        """A new one, and the only time that its secret is told."""
        wanted = body(NewToken)
        made = tokens.make(wanted.name, wanted.kind, wanted.days, person().id)
        if made is None:
            fail("E-TOKENS", limit=MOST)
        secret, token = made
        return said(MadeToken(token=token, secret=secret))

    @app.delete("/api/v1/tokens/<id>")
    def end_token(id: str) -> Response:  # noqa: A002 (the route's own word)
        """It opens nothing from now on."""
        if not tokens.end(id):
            fail("E-NO-LOG-IN")
        return Response(status=204)
