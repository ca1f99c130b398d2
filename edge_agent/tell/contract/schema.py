"""The published JSON Schemas (draft 2020-12), made from the same definitions that the messages are made from.

Upwards they are open: a receiver passes over members, event types and enumerated values that it does not know,
so enumerations are published as `x-extensible-enum`. Downwards they are closed: the unit refuses what it does
not know, because a misspelt member of a permit must not be dropped in silence.
"""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import Struct

from edge_agent.tell.contract.catalogue import MESSAGES, Message, Way
from edge_agent.tell.contract.downward import Payload
from edge_agent.tell.contract.event_types import EVENTS, wire_type
from edge_agent.tell.contract.messages import CloudEvent
from edge_agent.tell.contract.said_of import MEMBERS

DRAFT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """Every message's schema by the message's name; of a downward one it is that of the JWS payload."""
    return {message.name: _of(message) for message in MESSAGES}


def _of(message: Message) -> Schema:
    if message.way is Way.DOWN:
        shaped = _closed(_signed(message))
    else:
        shaped = _opened(_events() if message.body is CloudEvent else _plain(message.body))
    shaped = _told(shaped)
    head = {"$schema": DRAFT, "title": message.topic, "description": message.means}
    return {**head, **{key: value for key, value in shaped.items() if key not in head}}


def _told(schema: Schema) -> Schema:
    """Each part with what its members mean, and docstrings without the indentation of the code."""
    parts = {name: _worded(name, part) for name, part in schema.get("$defs", {}).items()}
    return {**schema, "$defs": parts} if parts else schema


def _worded(name: str, part: Schema) -> Schema:
    worded = dict(part)
    if "description" in part:
        worded["description"] = cleandoc(part["description"])
    meanings = MEMBERS.get(name, {})
    if meanings and "properties" in part:
        worded["properties"] = {
            member: {"description": meanings[member], **told} if member in meanings else told
            for member, told in part["properties"].items()
        }
    return worded


def _plain(body: type[Struct]) -> Schema:
    (root,), parts = msgspec.json.schema_components([body], ref_template="#/$defs/{name}")
    own = parts.pop(root["$ref"].rpartition("/")[2])
    return {**own, "$defs": parts} if parts else dict(own)


def _signed(message: Message) -> Schema:
    """The envelope with this message's body."""
    (root, body), parts = msgspec.json.schema_components([Payload, message.body], ref_template="#/$defs/{name}")
    envelope = parts.pop(root["$ref"].rpartition("/")[2])
    here = {"type": {"const": message.leaf}, "body": body}
    return {**envelope, "properties": {**envelope["properties"], **here}, "$defs": parts}


def _events() -> Schema:
    """The envelope, and for each type what its data is."""
    kinds = sorted({row.data for row in EVENTS.values()}, key=lambda kind: kind.__name__)
    _, parts = msgspec.json.schema_components([CloudEvent, *kinds], ref_template="#/$defs/{name}")
    envelope = parts.pop(CloudEvent.__name__)
    named = {**envelope["properties"]["type"], "x-extensible-enum": [wire_type(type_) for type_ in EVENTS]}
    properties = {**envelope["properties"], "type": named}
    return {**envelope, "properties": properties, "allOf": list(_choices()), "$defs": parts}


def _choices() -> Iterator[Schema]:
    for type_, row in EVENTS.items():
        yield {
            "if": {"properties": {"type": {"const": wire_type(type_)}}},
            "then": {
                "description": row.means,
                "properties": {"data": {"$ref": f"#/$defs/{row.data.__name__}"}},
            },
        }


def _opened(part: Any) -> Any:
    """Nothing forbids a member or a value that comes later."""
    if isinstance(part, list):
        return [_opened(one) for one in part]
    if not isinstance(part, dict):
        return part
    opened = {key: _opened(value) for key, value in part.items() if key != "additionalProperties" or value}
    if "enum" in opened and all(isinstance(value, str) for value in opened["enum"]) and len(opened["enum"]) > 1:
        opened = {"type": "string", **opened, "x-extensible-enum": opened.pop("enum")}
        opened.pop("enum", None)
    return opened


def _closed(part: Any) -> Any:
    """A member that is not listed is refused."""
    if isinstance(part, list):
        return [_closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    closed = {key: _closed(value) for key, value in part.items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed["additionalProperties"] = False
    return closed
