"""Bundles to hand over, as the agent has made them: asked for with a signed form, fetched when they are there."""

from pathlib import Path

from flask import Flask, Response, send_from_directory

from edge_agent.domain.words import Words
from edge_agent.ops.folders import BUNDLES
from web_ui.errors import fail
from web_ui.parts import Parts

LONGEST = 64


def install(app: Flask, parts: Parts) -> None:
    """GET /bundles/{name}."""
    folder = parts.folders.state / BUNDLES

    @app.get("/api/v1/bundles/<name>")
    def bundle(name: str) -> Response:
        """The whole file; E-NO-BUNDLE until it is there."""
        if not plain(name):
            fail("E-NO-BUNDLE")
        why = failed(folder / f"{name}.failed")
        if why is not None:
            fail("E-BUNDLE", detail=why)
        if not (folder / f"{name}.zip").is_file():
            fail("E-NO-BUNDLE")
        return send_from_directory(folder, f"{name}.zip", as_attachment=True, mimetype="application/zip")


def plain(name: str) -> bool:
    """Digits, letters and a dash: anything else could leave the folder."""
    return len(name) <= LONGEST and name.isascii() and name.replace("-", "").isalnum()


def failed(file: Path) -> Words | None:
    """Why nothing came of it, as the agent wrote it there; None where it did not."""
    try:
        lines = file.read_text("utf-8").strip().splitlines()
    except OSError:
        return None
    return Words(lines[0], lines[-1]) if lines else Words("没有说明原因", "it does not say why")
