"""The check that keeps released schemas: every kind of change that breaks somebody is named, no other is."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.upstream.compatible import broken

OLD = {
    "type": "object",
    "required": ["id", "state"],
    "properties": {
        "id": {"type": "string", "maxLength": 10},
        "state": {"enum": ["a", "b"]},
        "kind": {"x-extensible-enum": ["x", "y"], "type": "string"},
        "level": {"anyOf": [{"type": "number"}, {"type": "null"}]},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
    },
    "$defs": {"Part": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}},
}
Change = Callable[[dict[str, Any]], None]


def changed(change: Change) -> dict[str, Any]:
    new = copy.deepcopy(OLD)
    change(new)
    return new


def set_at(*path: str, value: Any) -> Change:
    def change(schema: dict[str, Any]) -> None:
        *way, last = path
        for key in way:
            schema = schema[key]
        schema[last] = value

    return change


def without(*path: str) -> Change:
    def change(schema: dict[str, Any]) -> None:
        *way, last = path
        for key in way:
            schema = schema[key]
        del schema[last]

    return change


@pytest.mark.parametrize("upward", [True, False])
def test_the_same_schema_breaks_nobody(*, upward: bool) -> None:
    assert broken(OLD, OLD, upward=upward) == []


@pytest.mark.parametrize(
    "change",
    [
        without("properties", "kind"),
        set_at("required", value=["id"]),
        set_at("properties", "id", "type", value="integer"),
        set_at("properties", "state", "enum", value=["a", "b", "c"]),
        set_at("properties", "kind", "x-extensible-enum", value=["x"]),
        set_at("properties", "level", value={"type": ["number", "string", "null"]}),
        set_at("properties", "id", "maxLength", value=20),
        without("properties", "id", "maxLength"),
        set_at("$defs", "Part", "required", value=[]),
        set_at("$defs", "Part", "properties", "n", "type", value="number"),
        without("$defs", "Part", "properties", "n"),
    ],
)
def test_what_breaks_a_receiver_is_named(change: Change) -> None:
    assert broken(OLD, changed(change), upward=True)


@pytest.mark.parametrize(
    "change",
    [
        set_at("properties", "more", value={"type": "string"}),
        set_at("required", value=["id", "state", "kind"]),
        set_at("properties", "kind", "x-extensible-enum", value=["x", "y", "z"]),
        set_at("properties", "level", value={"type": "number"}),
        set_at("properties", "level", value={"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        set_at("properties", "id", "maxLength", value=5),
        set_at("properties", "id", "description", value="other words"),
    ],
)
def test_what_a_receiver_does_not_notice_is_allowed(change: Change) -> None:
    assert broken(OLD, changed(change), upward=True) == []


@pytest.mark.parametrize(
    "change",
    [
        set_at("required", value=["id", "state", "kind"]),
        without("properties", "kind"),
        set_at("properties", "state", "enum", value=["a"]),
        set_at("properties", "id", "maxLength", value=5),
        set_at("properties", "id", "pattern", value="^x"),
        set_at("properties", "level", value={"type": "number"}),
        set_at("properties", "level", value={"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        set_at("$defs", "Part", "required", value=["n", "m"]),
    ],
)
def test_what_breaks_a_sender_is_named(change: Change) -> None:
    assert broken(OLD, changed(change), upward=False)


@pytest.mark.parametrize(
    "change",
    [
        set_at("properties", "more", value={"type": "string"}),
        set_at("required", value=["id"]),
        set_at("properties", "state", "enum", value=["a", "b", "c"]),
        set_at("properties", "id", "maxLength", value=20),
        without("properties", "id", "maxLength"),
        set_at("$defs", "Part", "properties", "n", "type", value="number"),
    ],
)
def test_what_a_sender_does_not_notice_is_allowed(change: Change) -> None:
    assert broken(OLD, changed(change), upward=False) == []
