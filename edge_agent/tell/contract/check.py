"""Does a message keep the contract? Stricter than the published schemas: it holds nothing that they do not name.

For tests and for the demo's judge, who hear what the box sends; the box itself never withholds a message for this.
"""

import re
from typing import Any

import msgspec

from edge_agent.tell.contract.catalogue import MESSAGES, Way
from edge_agent.tell.contract.event_types import EVENTS, bare_type
from edge_agent.tell.contract.messages import CloudEvent

_TOPICS = tuple(
    (re.compile("^" + re.sub(r"\{\w+\}", "[^/]+", message.topic) + "$"), message.body)
    for message in MESSAGES
    if message.way is Way.UP
)


def fault_of(topic: str, payload: bytes) -> str:
    """What is wrong with a unit's message: an unknown topic, a member too many or too few, another type; or ""."""
    body = next((body for pattern, body in _TOPICS if pattern.match(topic)), None)
    if body is None:
        return f"{topic}: no message of the contract travels there"
    if not payload:
        return ""  # a retained message is taken back
    try:
        told = msgspec.json.decode(payload, type=body)
    except msgspec.DecodeError as fault:
        return f"{topic}: {fault}"
    if not isinstance(told, CloudEvent):
        return ""
    return event_fault(bare_type(told.type), told.data)


def event_fault(type_: str, data: Any) -> str:
    """What is wrong with the data of an event of this type; or ""."""
    row = EVENTS.get(type_)
    if row is None:
        return f"{type_}: the contract has no such event"
    try:
        msgspec.convert(data, row.data)
    except msgspec.ValidationError as fault:
        return f"{type_}: {fault}"
    return ""
