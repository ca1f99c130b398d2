"""Every error that leaves this service: a stable code, its HTTP status, its cause and the next step in words."""

import logging
import secrets
from collections.abc import Mapping
from typing import NoReturn

import msgspec
from flask import Flask, Response
from msgspec import Struct
from werkzeug.exceptions import HTTPException

from edge_agent.domain.words import Words
from web_ui.words import TABLES

STATUS = {
    "E-NO-ROUTE": 404,
    "E-METHOD": 405,
    "E-NOT-ALLOWED": 403,
    "E-NO-SESSION": 401,
    "E-CSRF": 403,
    "E-HOST": 421,
    "E-TYPE": 415,
    "E-TOO-LARGE": 413,
    "E-SLOW": 408,
    "E-FORM": 400,
    "E-WAIT": 429,
    "E-WAIT-STOP": 429,
    "E-PROOF": 403,
    "E-NO-AGENT": 503,
    "E-NO-PICTURE": 503,
    "E-NO-CAMERA": 404,
    "E-NO-STILL": 404,
    "E-NO-CURVES": 503,
    "E-NO-HISTORY": 503,
    "E-NO-EVENT": 404,
    "E-NO-EVIDENCE": 503,
    "E-NO-STORE": 503,
    "E-NO-PLAN": 503,
    "E-GEO": 400,
    "E-NO-CARD": 404,
    "E-NO-CALCULATION": 404,
    "E-NO-TRY": 404,
    "E-NO-BUNDLE": 404,
    "E-OFFICE": 503,
    "E-BUNDLE": 503,
    "E-NO-GUIDES": 503,
    "E-NO-COMMISSIONING": 503,
    "E-NO-QR": 404,
    "E-NO-CODE": 503,
    "E-NO-LOG-IN": 404,
    "E-NO-ENROLMENT": 404,
    "E-TOKENS": 409,
    "E-FULL": 503,
    "E-ELSEWHERE": 409,
    "E-BUSY": 503,
    "E-INSIDE": 500,
}
# What Flask and Werkzeug raise by themselves.
BY_STATUS = {404: "E-NO-ROUTE", 405: "E-METHOD", 413: "E-TOO-LARGE", 415: "E-TYPE", 421: "E-HOST"}

log = logging.getLogger(__name__)


class Error(Struct, frozen=True, kw_only=True):
    """What went wrong, why, and what to do now."""

    code: str
    cause: Words
    next: Words
    wait_s: float | None = None  # how long to wait before the next attempt


class Failed(Struct, frozen=True, kw_only=True):
    """The body of every answer that is an error."""

    error: Error


class Trouble(Exception):  # noqa: N818 (it is shown to people, not a defect)
    """Ends a request with an error of the table."""

    def __init__(self, code: str, *, wait_s: float | None = None, **values: object) -> None:
        """`values` fill the placeholders; a value that is Words is put in by language."""
        super().__init__(code)
        self.code = code
        self.error = describe(code, wait_s=wait_s, **values)


def describe(code: str, *, wait_s: float | None = None, **values: object) -> Error:
    """The error in words."""
    if wait_s is not None:
        values["wait_s"] = f"{wait_s:.0f}"
    return Error(code=code, cause=_said(code, "cause", values), next=_said(code, "next", values), wait_s=wait_s)


def _said(code: str, key: str, values: Mapping[str, object]) -> Words:
    zh = {name: value.zh if isinstance(value, Words) else value for name, value in values.items()}
    en = {name: value.en if isinstance(value, Words) else value for name, value in values.items()}
    return Words(TABLES["zh"][code][key].format(**zh), TABLES["en"][code][key].format(**en))


def body(error: Error) -> bytes:
    """The answer's JSON."""
    return msgspec.json.encode(Failed(error=error))


def answer(error: Error) -> Response:
    """The answer."""
    response = Response(body(error), STATUS[error.code], mimetype="application/json")
    if error.wait_s is not None:
        response.headers["Retry-After"] = f"{error.wait_s:.0f}"
    return response


def fail(code: str, *, wait_s: float | None = None, **values: object) -> NoReturn:
    """Raise Trouble."""
    raise Trouble(code, wait_s=wait_s, **values)


def install(app: Flask, largest: int) -> None:
    """Whatever happens in a request ends in an answer of the table."""

    @app.errorhandler(Trouble)
    def troubled(trouble: Trouble) -> Response:
        return answer(trouble.error)

    @app.errorhandler(HTTPException)
    def refused(fault: HTTPException) -> Response:
        code = BY_STATUS.get(fault.code or 500, "E-FORM")
        return answer(describe(code, limit=largest, detail=fault.name, host=""))

    @app.errorhandler(Exception)
    def broken(fault: Exception) -> Response:
        """A crash becomes a 500 whose number leads to its lines in the log."""
        number = secrets.token_hex(4)
        log.error("error %s", number, exc_info=fault)
        return answer(describe("E-INSIDE", id=number))
