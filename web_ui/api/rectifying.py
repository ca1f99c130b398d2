"""What is to be put right, and the pictures of before and afterwards: read from the agent's records."""

from flask import Flask, Response

from edge_agent.domain.rectification import Rectification
from edge_agent.ops.folders import EVIDENCE
from web_ui import stills
from web_ui.api.events import opened
from web_ui.api.speak import said
from web_ui.errors import fail
from web_ui.parts import Parts
from web_ui.shapes_records import Rectifications


def install(app: Flask, parts: Parts) -> None:
    """GET /rectifications, and GET /rectifications/{id}/{before or after}.jpg."""
    state = parts.folders.state

    @app.get("/api/v1/rectifications")
    def rectifications() -> Response:
        """All that the box keeps: what is open, and what lately was closed."""
        return said(Rectifications(rectifications=_all(parts)))

    @app.get("/api/v1/rectifications/<id>/<when>.jpg")
    def photo(id: str, when: str) -> Response:  # noqa: A002 (as the address calls it)
        """The picture that was taken of it; people may be seen on it, so it is for whom it concerns."""
        one = next((known for known in _all(parts) if known.id == id), None)
        found = None if one is None else {"before": one.before, "after": one.after}.get(when)
        jpeg = None if found is None else stills.of_phone(state / EVIDENCE, found.sha256)
        if jpeg is None:
            fail("E-NO-STILL")
        return Response(jpeg, mimetype="image/jpeg")


def _all(parts: Parts) -> tuple[Rectification, ...]:
    with opened(parts.folders.state) as store:
        return tuple(sorted(store.rectifications(), key=lambda one: -one.event))
