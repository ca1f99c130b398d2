"""What every route of the API needs: bodies in, JSON out."""

from typing import TypeVar

import msgspec
from flask import Response, request

from web_ui.errors import fail
from web_ui.guard import JSON

T = TypeVar("T")


def body(kind: type[T]) -> T:
    """The request's body as this shape; E-FORM names the field, never what stood in it."""
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        fail("E-FORM", detail=_named(fault))


def _named(fault: Exception) -> str:
    return str(fault)[:200] if isinstance(fault, msgspec.ValidationError) else "not JSON"


def said(value: object, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(msgspec.json.encode(value), status, mimetype=JSON)


def number(name: str, least: int, most: int, otherwise: int) -> int:
    """A whole number of the query string, within its bounds."""
    text = request.args.get(name)
    if text is None:
        return otherwise
    if not text.isascii() or not text.isdecimal() or len(text) > 16 or not least <= int(text) <= most:  # noqa: PLR2004
        fail("E-FORM", detail=f"{name}: {least} … {most}")
    return int(text)
