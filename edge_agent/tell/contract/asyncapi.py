"""The AsyncAPI 3.0 document: every channel, who sends there, how, and which schema its messages have."""

from typing import Any

from edge_agent.tell.contract.catalogue import MESSAGES, Message, Way

VERSION = "1.0.0"  # of the contract: the first number moves only when something breaks
PARAMETERS = {
    "site": {"description": "The site, as site.toml names it."},
    "unit": {"description": "The unit, as site.toml names it: unique on its site."},
    "permit": {"description": "The permit's id."},
    "camera": {"description": "The camera, as site.toml names it."},
}
DOWN = "application/jose"  # JWS compact
UP = "application/json"
EVENT = "application/cloudevents+json"
ACTIONS = {Way.UP: ("send",), Way.DOWN: ("receive",), Way.PEER: ("send", "receive")}  # of a unit


def document() -> dict[str, Any]:
    """The whole document. Schemas are referred to as files beside it."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "edge_agent upstream",
            "version": VERSION,
            "description": "What a unit tells its centre over MQTT 3.1.1, and what it obeys. See README.md.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": UP,
        "channels": {message.name: _channel(message) for message in MESSAGES},
        "operations": {
            f"{action}-{message.name}": _operation(message, action)
            for message in MESSAGES
            for action in ACTIONS[message.way]
        },
        "components": {"messages": {message.name: _message(message) for message in MESSAGES}},
    }


def _channel(message: Message) -> dict[str, Any]:
    return {
        "address": message.topic,
        "description": message.means,
        "parameters": {name: told for name, told in PARAMETERS.items() if f"{{{name}}}" in message.topic},
        "messages": {message.name: {"$ref": f"#/components/messages/{message.name}"}},
    }


def _operation(message: Message, action: str) -> dict[str, Any]:
    """From the unit's side, as AsyncAPI 3.0 asks."""
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{message.name}"},
        "summary": f"Level {message.level.value}. {message.means}",
        "bindings": {"mqtt": {"qos": 1, "retain": message.retain, "bindingVersion": "0.2.0"}},
    }


def _message(message: Message) -> dict[str, Any]:
    signed = message.way is not Way.UP
    told: dict[str, Any] = {
        "name": message.name,
        "summary": message.means,
        "contentType": DOWN if signed else EVENT if message.name == "event" else UP,
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./schemas/{message.name}.json"},
        },
    }
    if signed:
        told["description"] = "On the wire: JWS in compact form, EdDSA; the schema is of its payload."
    return told
