"""What is wrong with the field, for whoever keeps the devices: the doctor's last look, and another one."""

from flask import Flask, Response

from web_ui.api.speak import said
from web_ui.look import Looks


def install(app: Flask, looks: Looks) -> None:
    """GET /doctor and POST /doctor."""

    @app.get("/api/v1/doctor")
    def last() -> Response:
        """The last look, and whether another one is under way."""
        return said(looks.now)

    @app.post("/api/v1/doctor")
    def begin() -> Response:
        """Look anew. The answer comes at once: ask again until `running` is false."""
        return said(looks.begin())
