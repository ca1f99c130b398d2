"""The site as a plan: its areas in site metres (x east, y north)."""

import tomllib
from pathlib import Path

import msgspec
from flask import Flask, Response
from msgspec.structs import replace

from web_ui.api.speak import said
from web_ui.errors import fail
from web_ui.parts import Parts
from web_ui.shapes_places import Plan, PlanCamera
from web_ui.site import cameras_now

FILE = "areas.toml"


def install(app: Flask, parts: Parts) -> None:
    """GET /plan."""

    @app.get("/api/v1/plan")
    def plan() -> Response:
        """Every area with its corners, the smallest first; and the cameras that look into them."""
        there = cameras_now(parts.folders.site, parts.site)
        seen = {id_: dict.fromkeys(one.area for one in table.areas) for id_, table in there.items()}
        cameras = tuple(PlanCamera(id=id_, areas=tuple(areas)) for id_, areas in seen.items())
        return said(replace(read(parts.folders.site / FILE), cameras=cameras))


def read(file: Path) -> Plan:
    """The plan in this file; E-NO-PLAN says what is wrong with it."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Plan)
    except OSError as fault:
        fail("E-NO-PLAN", detail=f"{file.name}: {fault.strerror}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        fail("E-NO-PLAN", detail=f"{file.name}: {fault}")
