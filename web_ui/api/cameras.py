"""The cameras: what the settings say of each, how it is, and its live picture with what was seen in it."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask, Response
from msgspec import Struct

from edge_agent.domain.plan_view import FEWEST, general, view_of
from edge_agent.domain.words import NOTHING, Words
from edge_agent.domain.zone import Opening, PlanPoint
from edge_agent.field.onlookers import Box, CameraPulse, Shown
from edge_agent.tell.live_walk import FILE as WALK
from edge_agent.tell.live_walk import LiveWalk
from web_ui import stills
from web_ui.api.concern import concerns
from web_ui.api.speak import body, number, said
from web_ui.errors import fail
from web_ui.guard import caller, sees_faces
from web_ui.onlookers import MOST_OF_ONE, MOST_VIEWERS, Onlookers
from web_ui.parts import Parts
from web_ui.picture import Reader
from web_ui.shapes_camera import CameraSet, CameraSets, Fit, PictureZone, Points, WalkNow
from web_ui.site import FILE
from web_ui.words import say

SEEN = "X-Seen"  # what was concluded from the picture: JSON in ASCII
LAST = 2**53
METRES_PLACES = 2


class _Table(Struct, frozen=True):
    """Of [cameras.<id>], what is drawn or told. Faults in it are the agent's to tell."""

    name: Words = NOTHING
    model: str = ""
    fps: float = 5.0
    areas: tuple[PictureZone, ...] = ()
    openings: tuple[Opening, ...] = ()
    on_plan: tuple[PlanPoint, ...] = ()
    hide: tuple[Box, ...] = ()
    ptz: dict[str, Any] | None = None


class _File(Struct, frozen=True):
    cameras: dict[str, _Table] = {}


def install(app: Flask, parts: Parts, reader: Reader, onlookers: Onlookers) -> None:
    """GET /cameras, GET /walk, POST /cameras/fit and GET /cameras/<camera>/picture."""

    @app.get("/api/v1/cameras")
    def cameras() -> Response:
        """Those that concern whoever asks, as the settings have them, and how they are."""
        live, known = reader.look().live, caller().known
        raw, file = _read(parts)
        healths = onlookers.healths()
        sets = tuple(
            _set(id_, table, (healths or {}).get(id_))
            for id_, table in file.cameras.items()
            if concerns(parts, live, id_, known)
        )
        fault = NOTHING if healths is not None else say("fault", "no_onlookers")
        sha256 = hashlib.sha256(raw).hexdigest()
        return said(CameraSets(sha256=sha256, cameras=sets, fault=fault, faces=sees_faces(parts)))

    @app.get("/api/v1/walk")
    def walk() -> Response:
        """What a walk test still has to show, as the box judges."""
        return said(WalkNow(walk=_walk(parts.folders.runtime / WALK)))

    @app.post("/api/v1/cameras/fit")
    def fit() -> Response:
        """How well points of the floor agree. Nothing is changed by it."""
        return said(Fit(residual_m=residual_m(body(Points).on_plan)))

    @app.get("/api/v1/cameras/<camera>/picture")
    def picture(camera: str) -> Response:
        """The picture after number `after`, people's heads hidden, waited for a second; 204: there is none yet.

        `anew`: opened just now, also where it was closed for a newer one of the same person.
        """
        after, mine, live = number("after", 0, LAST, 0), caller(), reader.look().live
        if not stills.known(live, camera) or not concerns(parts, live, camera, mine.known):
            fail("E-NO-CAMERA")
        owner = mine.known.id if mine.known else f"screen {mine.session.hash}"
        admitted = onlookers.admit((mine.session.hash, camera), owner, anew=bool(number("anew", 0, 1, 0)))
        if admitted == "elsewhere":
            fail("E-ELSEWHERE", limit=MOST_OF_ONE)
        if admitted == "full":
            fail("E-FULL", limit=MOST_VIEWERS)
        found = onlookers.picture(camera, after)
        if found is None:
            fail("E-NO-STILL")
        if not found.shown.size:
            return Response(status=204)
        response = Response(found.jpeg, mimetype="image/jpeg")
        response.headers[SEEN] = _ascii(found.shown)
        return response


def _read(parts: Parts) -> tuple[bytes, _File]:
    file = parts.folders.site / FILE
    try:
        raw = file.read_bytes()
        return raw, msgspec.convert(tomllib.loads(raw.decode()), _File)
    except OSError as fault:
        fail("E-NO-PLAN", detail=f"{FILE}: {fault.strerror}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        fail("E-NO-PLAN", detail=f"{FILE}: {fault}")


def _set(id_: str, table: _Table, health: CameraPulse | None) -> CameraSet:
    return CameraSet(
        id=id_,
        name=table.name or Words(id_, id_),
        model=table.model,
        fps=table.fps,
        areas=table.areas,
        openings=table.openings,
        on_plan=table.on_plan,
        residual_m=residual_m(table.on_plan),
        hide=table.hide,
        turns=table.ptz is not None,
        health=health,
    )


def residual_m(points: tuple[PlanPoint, ...]) -> float | None:
    """By how many metres the points miss the plan; None where they fix no view."""
    if len(points) < FEWEST or not general(points):
        return None
    view = view_of(points)
    return round(view.residual_m, METRES_PLACES) if view.ahead else None


def _ascii(shown: Shown) -> str:
    return json.dumps(msgspec.to_builtins(shown), separators=(",", ":"))


def _walk(file: Path) -> LiveWalk | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=LiveWalk)
    except (OSError, msgspec.MsgspecError):
        return None
