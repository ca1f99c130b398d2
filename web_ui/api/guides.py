"""What people look up, as the agent wrote it: guide cards, what to report, what a ticket is drawn up from."""

from flask import Flask, Response

from edge_agent.domain.guide import Guide, HazardKind, Offers
from edge_agent.tell.live_file import CARDS, HAZARDS, WORKS
from web_ui.api.files import whole
from web_ui.api.speak import said
from web_ui.errors import fail
from web_ui.parts import Parts
from web_ui.shapes_asking import Hazards


def install(app: Flask, parts: Parts) -> None:
    """GET /cards/{code}, /hazards and /works."""
    runtime = parts.folders.runtime

    @app.get("/api/v1/cards/<code>")
    def card(code: str) -> Response:
        """What this code means, and what each role does."""
        found = whole(runtime / CARDS, "E-NO-GUIDES", dict[str, Guide]).get(code)
        if found is None:
            fail("E-NO-CARD", card=code[:32])
        return said(found)

    @app.get("/api/v1/hazards")
    def hazards() -> Response:
        """Everything that anybody can pick to report."""
        return said(Hazards(hazards=whole(runtime / HAZARDS, "E-NO-GUIDES", tuple[HazardKind, ...])))

    @app.get("/api/v1/works")
    def works() -> Response:
        """The kinds of work, and what stands in each area."""
        return said(whole(runtime / WORKS, "E-NO-GUIDES", Offers))
