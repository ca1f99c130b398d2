"""What came of a look at a device, which the agent began when somebody asked for it by a signed form."""

import re
from pathlib import Path

import msgspec
from flask import Flask, Response
from msgspec.structs import replace

from edge_agent.domain.words import Words
from edge_agent.ops.folders import TRIES
from edge_agent.tell.live_setup import Try
from web_ui.api.speak import said
from web_ui.errors import fail
from web_ui.guard import person
from web_ui.parts import Parts

TOKEN = re.compile(r"[a-z0-9]{16,40}")
LONGEST_S = 90.0  # the agent ends a look after a minute
ENDED = Words("探查没有给出结果：请再试一次", "the look gave no result: try once more")


def install(app: Flask, parts: Parts) -> None:
    """GET /tries/{id}."""
    folder = parts.folders.runtime / TRIES

    @app.get("/api/v1/tries/<id>")
    def tried(id: str) -> Response:  # noqa: A002 (the route's own name)
        """How far it is, and what it found; for whoever asked alone."""
        found = _read(folder / f"{id}.json", parts.utc()) if TOKEN.fullmatch(id) else None
        if found is None or found.person != person().id:
            fail("E-NO-TRY")
        return said(found)


def _read(file: Path, utc: float) -> Try | None:
    try:
        found, age_s = msgspec.json.decode(file.read_bytes(), type=Try), utc - file.stat().st_mtime
    except (OSError, msgspec.MsgspecError):
        return None
    return replace(found, running=False, failed=ENDED) if found.running and age_s > LONGEST_S else found
