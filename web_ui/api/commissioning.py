"""How the commissioning of this unit stands, as the agent wrote it."""

from flask import Flask, Response

from edge_agent.tell.live_commissioning import LiveCommissioning
from edge_agent.tell.live_file import COMMISSIONING
from web_ui.api.files import whole
from web_ui.api.speak import said
from web_ui.parts import Parts


def install(app: Flask, parts: Parts) -> None:
    """GET /commissioning."""
    runtime = parts.folders.runtime

    @app.get("/api/v1/commissioning")
    def commissioning() -> Response:
        """What there is to try, how it was tried last, and the certificate."""
        return said(whole(runtime / COMMISSIONING, "E-NO-COMMISSIONING", LiveCommissioning))
