"""The site as a plan: its areas in site metres (x east, y north)."""

import tomllib
from pathlib import Path

import msgspec
from flask import Flask, Response

from web_ui.api.speak import said
from web_ui.errors import fail
from web_ui.parts import Parts
from web_ui.shapes import Plan

FILE = "areas.toml"


def install(app: Flask, parts: Parts) -> None:
    """GET /plan."""

    @app.get("/api/v1/plan")
    def plan() -> Response:
        """Every area with its corners, the smallest first."""
        return said(read(parts.folders.site / FILE))


def read(file: Path) -> Plan:
    """The plan in this file; E-NO-PLAN says what is wrong with it."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Plan)
    except OSError as fault:
        fail("E-NO-PLAN", detail=f"{file.name}: {fault.strerror}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        fail("E-NO-PLAN", detail=f"{file.name}: {fault}")
