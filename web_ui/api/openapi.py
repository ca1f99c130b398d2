"""openapi.json, made from the access table and the shapes: nothing in it is written twice."""

import functools
import re
from typing import Any

import msgspec
from flask import Flask, Response
from msgspec import Struct

from edge_agent.domain.guide import Guide, Offers
from edge_agent.tell.live import Live
from edge_agent.tell.live_commissioning import LiveCommissioning
from edge_agent.tell.live_curves import Curves
from edge_agent.tell.live_office import DayTable
from edge_agent.tell.live_review import Review
from edge_agent.tell.live_setup import Try
from web_ui.access import ACCESS, API, Who
from web_ui.api.speak import said
from web_ui.errors import Failed
from web_ui.guard import JSON, MARK, TOKEN
from web_ui.sessions import COOKIE
from web_ui.settings_shapes import BookLimits, Glossary, Part, PartAnswer, Settings, SettingsAnswer, SettingsFiles
from web_ui.setup_shapes import Setup
from web_ui.shapes_asking import Answer, Hazards, Signed, Stop
from web_ui.shapes_camera import CameraSets, Fit, Points, WalkNow
from web_ui.shapes_film import Films
from web_ui.shapes_log_ins import Enrolled, LogIns, MadeToken, NewEnrolment, ShownTheWay, Tokens
from web_ui.shapes_looks import Health, Look
from web_ui.shapes_past import Calculation, Minutes, Otherwise
from web_ui.shapes_people import Box, Claim, Claimed, LoggedIn, LogIn, Mine, People, Presence
from web_ui.shapes_places import Areas, GeoAreas, Labels, Plan
from web_ui.shapes_records import EventPage, Events, Histories, History, Rectifications

VERSION = "1.0"


class Speech(Struct, frozen=True, kw_only=True):
    """What a route takes and gives: shapes, or a media type where the answer is no JSON of ours."""

    gives: type | str | None = None
    takes: type | None = None
    status: tuple[int, ...] = (200,)  # all with the same shape
    query: tuple[tuple[str, dict[str, Any]], ...] = ()


NO_CONTENT = 204
NUMBER = {"type": "integer", "minimum": 1}
TEXT = {"type": "string", "maxLength": 200}
SPEECH: dict[tuple[str, str], Speech] = {
    ("GET", f"{API}/box"): Speech(gives=Box),
    ("POST", f"{API}/claim"): Speech(takes=Claim, gives=Claimed),
    ("POST", f"{API}/session"): Speech(takes=LogIn, gives=LoggedIn),
    ("GET", f"{API}/session"): Speech(gives=LoggedIn),
    ("DELETE", f"{API}/session"): Speech(gives=LoggedIn, status=(200, NO_CONTENT)),
    ("POST", f"{API}/panel"): Speech(gives=LoggedIn),
    ("POST", f"{API}/stop"): Speech(takes=Stop, gives=Answer),
    ("POST", f"{API}/requests"): Speech(takes=Signed, gives=Answer),
    ("POST", f"{API}/stills/<camera>/raw"): Speech(takes=Signed, gives="image/jpeg"),
    ("POST", f"{API}/events/<int:seq>/stills/<camera>/raw"): Speech(takes=Signed, gives="image/jpeg"),
    ("GET", f"{API}/glossary"): Speech(gives=Glossary),
    ("GET", f"{API}/settings"): Speech(gives=Settings),
    ("GET", f"{API}/settings/backup"): Speech(gives=SettingsFiles),
    ("GET", f"{API}/settings/limits"): Speech(gives=BookLimits),
    ("POST", f"{API}/settings/parts"): Speech(takes=Part, gives=PartAnswer),
    ("POST", f"{API}/settings/changes"): Speech(takes=Signed, gives=SettingsAnswer),
    ("GET", f"{API}/health"): Speech(gives=Health, status=(200, 503)),
    ("GET", f"{API}/openapi.json"): Speech(gives=dict),
    ("GET", f"{API}/presence"): Speech(gives=Presence),
    ("GET", f"{API}/log-ins"): Speech(gives=LogIns),
    ("DELETE", f"{API}/log-ins"): Speech(status=(NO_CONTENT,), query=(("of", {"const": "everybody"}),)),
    ("DELETE", f"{API}/log-ins/<id>"): Speech(status=(NO_CONTENT,)),
    ("POST", f"{API}/enrolments"): Speech(takes=NewEnrolment, gives=Enrolled),
    ("GET", f"{API}/enrolments/<code>"): Speech(gives=ShownTheWay),
    ("GET", f"{API}/tokens"): Speech(gives=Tokens),
    ("POST", f"{API}/tokens"): Speech(takes=Signed, gives=MadeToken),
    ("POST", f"{API}/tokens/<id>/end"): Speech(takes=Signed, gives=Answer),
    ("GET", f"{API}/live"): Speech(gives=Live),
    ("GET", f"{API}/stream"): Speech(gives="text/event-stream"),
    ("GET", f"{API}/stills/<camera>.jpg"): Speech(gives="image/jpeg"),
    ("GET", f"{API}/cameras"): Speech(gives=CameraSets),
    ("GET", f"{API}/walk"): Speech(gives=WalkNow),
    ("POST", f"{API}/cameras/fit"): Speech(takes=Points, gives=Fit),
    ("GET", f"{API}/cameras/<camera>/picture"): Speech(
        gives="image/jpeg", status=(200, NO_CONTENT), query=(("after", NUMBER),)
    ),
    ("GET", f"{API}/curves"): Speech(gives=Curves),
    ("GET", f"{API}/history"): Speech(
        gives=Histories, query=(("channel", TEXT), ("hours", {**NUMBER, "maximum": 720}), ("until", NUMBER))
    ),
    ("GET", f"{API}/history/<channel>"): Speech(
        gives=History, query=(("hours", {**NUMBER, "maximum": 720}), ("until", NUMBER))
    ),
    ("GET", f"{API}/events"): Speech(
        gives=Events,
        query=(("before", NUMBER), ("limit", {**NUMBER, "maximum": 200}), ("permit", TEXT), ("type", TEXT)),
    ),
    ("GET", f"{API}/events/<int:seq>"): Speech(gives=EventPage),
    ("GET", f"{API}/events/<int:seq>/stills/<camera>.jpg"): Speech(gives="image/jpeg"),
    ("GET", f"{API}/plan"): Speech(gives=Plan),
    ("GET", f"{API}/areas"): Speech(gives=Areas),
    ("GET", f"{API}/areas.geojson"): Speech(gives=GeoAreas),
    ("POST", f"{API}/areas.geojson"): Speech(takes=GeoAreas, gives=Areas),
    ("GET", f"{API}/cards/<code>"): Speech(gives=Guide),
    ("GET", f"{API}/hazards"): Speech(gives=Hazards),
    ("GET", f"{API}/commissioning"): Speech(gives=LiveCommissioning),
    ("GET", f"{API}/works"): Speech(gives=Offers),
    ("GET", f"{API}/labels"): Speech(gives=Labels),
    ("GET", f"{API}/qr/<kind>/<id>.svg"): Speech(gives="image/svg+xml"),
    ("GET", f"{API}/people"): Speech(gives=People),
    ("GET", f"{API}/doctor"): Speech(gives=Look),
    ("POST", f"{API}/doctor"): Speech(gives=Look),
    ("GET", f"{API}/setup"): Speech(gives=Setup),
    ("GET", f"{API}/tries/<id>"): Speech(gives=Try),
    ("POST", f"{API}/incidents"): Speech(takes=Minutes, gives=Calculation),
    ("POST", f"{API}/verifications"): Speech(gives=Calculation),
    ("GET", f"{API}/me"): Speech(gives=Mine),
    ("GET", f"{API}/rectifications"): Speech(gives=Rectifications),
    ("GET", f"{API}/rectifications/<id>/<when>.jpg"): Speech(gives="image/jpeg"),
    ("GET", f"{API}/reviews/<kind>"): Speech(gives=Review, query=(("days", {**NUMBER, "maximum": 366}),)),
    ("GET", f"{API}/reviews/<kind>/table.<form>"): Speech(
        gives="text/csv", query=(("days", {**NUMBER, "maximum": 366}),)
    ),
    ("GET", f"{API}/days/<date>"): Speech(gives=DayTable),
    ("GET", f"{API}/days/<date>/table.<kind>"): Speech(gives="text/csv"),
    ("POST", f"{API}/what-ifs"): Speech(takes=Otherwise, gives=Calculation),
    ("GET", f"{API}/calculations/<id>"): Speech(gives=Calculation),
    ("GET", f"{API}/films"): Speech(gives=Films, query=(("permit", TEXT),)),
    ("GET", f"{API}/films/copies/<name>"): Speech(gives="video/mp4"),
    ("GET", f"{API}/bundles/<name>"): Speech(gives="application/zip"),
}
VARIABLE = re.compile(r"<(?:(int):)?(\w+)>")


def install(app: Flask) -> None:
    """GET /openapi.json."""
    text = document()

    @app.get("/api/v1/openapi.json")
    def openapi() -> Response:
        """This document."""
        return said(text)


@functools.cache
def document() -> dict[str, Any]:
    """The whole document (OpenAPI 3.1); nobody changes it."""
    kinds = [one for row in SPEECH.values() for one in (row.gives, row.takes) if _is_shape(one)]
    _, shapes = msgspec.json.schema_components([*kinds, Failed], ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for (method, rule), speech in SPEECH.items():
        paths.setdefault(VARIABLE.sub(r"{\2}", rule), {})[method.lower()] = _operation(method, rule, speech)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "edge_agent",
            "version": VERSION,
            "description": "Reads what the agent writes and passes people's signed requests to it.",
        },
        "paths": paths,
        "components": {
            "schemas": shapes,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": COOKIE}},
        },
    }


def _operation(method: str, rule: str, speech: Speech) -> dict[str, Any]:
    who = ACCESS[(method, rule)]
    found: dict[str, Any] = {
        "summary": f"For: {who.name.lower()}",
        "parameters": [*_in_path(rule), *_in_query(speech), *_headers(method, who)],
        "responses": {
            **{str(status): _answer(None if status == NO_CONTENT else speech.gives) for status in speech.status},
            "default": {"description": "what went wrong and what to do next", "content": _content(Failed)},
        },
        "security": [] if who is Who.ANYBODY else [{"session": []}],
    }
    if speech.takes is not None:
        found["requestBody"] = {"required": True, "content": _content(speech.takes)}
    return found


def _answer(gives: type | str | None) -> dict[str, Any]:
    return {"description": "done"} if gives is None else {"description": "done", "content": _content(gives)}


def _content(kind: type | str) -> dict[str, Any]:
    if isinstance(kind, str):
        return {kind: {}}
    return {JSON: {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"} if _is_shape(kind) else {}}}


def _is_shape(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _in_path(rule: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0} if kind == "int" else {"type": "string"},
        }
        for kind, name in VARIABLE.findall(rule)
    ]


def _in_query(speech: Speech) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": schema} for name, schema in speech.query]


def _headers(method: str, who: Who) -> list[dict[str, Any]]:
    """What only the box's own page can send."""
    if method == "GET":
        return []
    needed = [(MARK, {"const": "1"})]
    if who is not Who.ANYBODY:
        needed.append((TOKEN, {"type": "string"}))
    return [{"name": name, "in": "header", "required": True, "schema": schema} for name, schema in needed]
