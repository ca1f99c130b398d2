"""What a LoRaWAN server does with a downlink, and an Abeeway tracker with a melody: written from the documents.

Sources: ChirpStack v4, MQTT integration (`command/down`: devEui, confirmed, fPort, data in base64; `event/ack` of
a confirmed one); Abeeway trackers reference guide, debug commands: 0xFF, token 0x00-0x0F, 0x03 plays a melody, on
port 2, and an unchanged token is a repetition. A class A device is given one downlink after each of its uplinks.
"""

import base64
import binascii
import uuid
from typing import Any

import msgspec
from msgspec import Struct

from edge_agent.simulate.platforms import Message

TOPIC = "application/+/device/+/command/down"
PORT = 2
DEBUG, MELODY = 0xFF, 0x03
LAST_TOKEN = 0x0F


class Down(Struct, frozen=True, kw_only=True, rename="camel"):
    """One entry of the server's queue."""

    dev_eui: str
    confirmed: bool
    f_port: int
    data: str


def read(payload: bytes) -> Down | None:
    """What was asked for; None of what the server would refuse."""
    try:
        asked = msgspec.json.decode(payload, type=Down)
        base64.b64decode(asked.data, validate=True)
    except (msgspec.DecodeError, binascii.Error):
        return None
    return asked


def rings(asked: Down, last_token: int | None) -> int | None:
    """The token of a melody that the tracker plays now; None where it does nothing."""
    raw = base64.b64decode(asked.data)
    code, token, command = (*raw[:3], 0, 0, 0)[:3]
    melody = asked.f_port == PORT and code == DEBUG and command == MELODY
    return token if melody and token <= LAST_TOKEN and token != last_token else None


def ack(asked: Down) -> Message:
    """The server's event of a downlink that the device has confirmed."""
    eui = asked.dev_eui.lower()
    body: dict[str, Any] = {
        "deduplicationId": str(uuid.uuid4()),
        "deviceInfo": {"devEui": eui},
        "queueItemId": str(uuid.uuid4()),
        "acknowledged": True,
        "fCntDown": 1,
    }
    return Message(f"application/0b3c/device/{eui}/event/ack", msgspec.json.encode(body))
