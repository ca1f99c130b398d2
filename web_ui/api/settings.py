"""The settings for whoever keeps them: each key with its words, ranges and value; a change as a signed form.

Nothing is written here: the agent checks a change with the whole bundle, says what it does to each permit, and
takes it or not. Passwords and keys lie in files of their own: what stands in them is never read here.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response
from msgspec.structs import asdict

from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.describe import Field, site_fields
from web_ui.api.ask import answered, heard
from web_ui.api.speak import body, said
from web_ui.covered import covered, text_covered
from web_ui.desk import Desk
from web_ui.errors import fail
from web_ui.guard import caller
from web_ui.parts import Parts
from web_ui.sessions import Sessions
from web_ui.settings_shapes import (
    Part,
    PartAnswer,
    Settings,
    SettingsAnswer,
    SettingsField,
    SettingsFile,
    SettingsFiles,
)
from web_ui.shapes_asking import Signed

SITE = "site.toml"
AREAS = "areas.toml"
ROOT = Path(__file__).resolve().parents[2]  # holds firmware_configs/, zones/, models/
WORDS = Path(__file__).resolve().parents[1] / "fields" / "settings.toml"
PROFILES = ("gas", "weather", "relays", "wearables", "boards")
SPOKEN = ("mqtt", "opcua")  # any kind of device that speaks in named values
NO_MODULE = ("gpio", "log_only")
BROKER = "field_broker"


def install(app: Flask, parts: Parts, desk: Desk, sessions: Sessions) -> None:
    """GET /settings, GET /settings/backup, POST /settings/parts and POST /settings/changes."""

    @app.get("/api/v1/settings")
    def settings() -> Response:
        """Every key of site.toml."""
        raw = raw_file(parts, SITE)
        values = covered(table_of(raw))
        return said(
            Settings(
                sha256=hashlib.sha256(raw).hexdigest(),
                values=values,
                fields=_described(),
                known=_known(parts, values),
            )
        )

    @app.get("/api/v1/settings/backup")
    def backup() -> Response:
        """The bundle as one file: without people, whose records the agent keeps, and without secrets."""
        own = sorted((parts.folders.site / "rulebooks").glob("*.toml"))
        names = (SITE, AREAS, *(f"rulebooks/{one.name}" for one in own))
        site = parts.site.site
        files = tuple(_file(parts, name) for name in names)
        told = said(SettingsFiles(site=site.id, unit=site.unit, made_utc=parts.utc(), files=files))
        told.headers["Content-Disposition"] = f'attachment; filename="settings-{site.id}-{site.unit}.json"'
        return told

    @app.post("/api/v1/settings/parts")
    def part() -> Response:
        """A whole site's file, part by part, to the agent's memory: nothing changes before a form is signed."""
        line = {"do": "part", "key": caller().session.key, **asdict(body(Part))}
        return said(heard(desk, sessions, line, PartAnswer))

    @app.post("/api/v1/settings/changes")
    def changes() -> Response:
        """Passed on as it is: the agent says what is wrong at which key, and what each permit would lose."""
        return said(answered(desk, sessions, body(Signed), SettingsAnswer))


def _file(parts: Parts, name: str) -> SettingsFile:
    raw = raw_file(parts, name)
    text = text_covered(raw.decode(errors="replace"), table_of(raw))
    return SettingsFile(file=name, sha256=hashlib.sha256(raw).hexdigest(), text=text)


def raw_file(parts: Parts, name: str) -> bytes:
    """What a file of the settings says now."""
    try:
        return (parts.folders.site / name).read_bytes()
    except OSError as fault:
        fail("E-NO-PLAN", detail=f"{name}: {fault.strerror}")


def table_of(raw: bytes) -> dict[str, Any]:
    """The same as keys and values."""
    try:
        return tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        fail("E-NO-PLAN", detail=f"{SITE}: {fault}")


@cache
def _described() -> tuple[SettingsField, ...]:
    return tuple(_named(one, "", top=True) for one in site_fields())


def _named(field: Field, above: str, *, top: bool) -> SettingsField:
    """With its words; the outermost have words of their own."""
    path = f"{above}.{field.key}".lstrip(".")
    called, helped = _words(path, field.key, top=top)
    inside = tuple(_named(one, path, top=False) for one in field.fields)
    return SettingsField(**{**asdict(field), "fields": inside}, called=called, help=helped)


def _words(path: str, key: str, *, top: bool) -> tuple[Words, Words]:
    """What a key is called, and what else a person should know; its own spelling where nobody has named it."""
    tables, keys = _texts()
    row = (tables.get(key) if top else None) or keys.get(path) or keys.get(key) or [key, key]
    zh, en, *more = row
    return Words(zh, en), Words(*more) if more else NOTHING


@cache
def _texts() -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    told = tomllib.loads(WORDS.read_text("utf-8"))
    return told["tables"], told["keys"]


def _known(parts: Parts, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The ids that a key may name, by whose they are."""
    known = {f"profiles.{kind}": tuple(_profiles(kind)) for kind in PROFILES}
    areas = table_of(raw_file(parts, AREAS)).get("areas", ()) if (parts.folders.site / AREAS).exists() else ()
    books = (*(ROOT / "zones" / "rulebooks").glob("*.toml"), *(parts.folders.site / "rulebooks").glob("*.toml"))
    return known | {
        "areas": tuple(str(one.get("id")) for one in areas),
        "buses": (*values.get("buses", ()), *values.get("opcua", ()), BROKER),
        "wearables": tuple(values.get("wearables", ())),
        "nvrs": tuple(values.get("nvrs", ())),
        "rulebooks": tuple(sorted({one.stem for one in books})),
        "models": tuple(_models()),
        "gases": tuple(sorted({row["gas"] for row in values.get("gas", {}).values() if "gas" in row})),
    }


def _profiles(kind: str) -> Iterator[str]:
    folders = (kind, *SPOKEN) if kind in {"gas", "weather", "relays"} else (kind,)
    if kind == "relays":
        yield from NO_MODULE
    for folder in folders:
        yield from sorted(one.stem for one in (ROOT / "firmware_configs" / folder).glob("*.toml"))


def _models() -> Iterator[str]:
    try:
        manifest = tomllib.loads((ROOT / "models" / "manifest.toml").read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return
    yield from manifest.get("models", manifest)
