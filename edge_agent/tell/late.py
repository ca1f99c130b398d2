"""What reaches the centre long after it happened says so (Sparkplug B 3.0: is_historical). Pure."""

from datetime import datetime

import msgspec
from msgspec import Struct

LATE_S = 60.0
MARK = {"ishistorical": b',"ishistorical":true}', "is_historical": b',"is_historical":true}'}


class _Envelope(Struct):
    """What is wanted of a message: when it happened, and whether its time can be believed."""

    time: str = ""
    clocktrust: str = ""
    specversion: str = ""


_decoder = msgspec.json.Decoder(_Envelope)


def marked(payload: bytes, now_utc: float) -> bytes:
    """The message, with a mark if it is told more than a minute after its time.

    Where that time is not trusted, or there is none (a state, which is as new as it is), it stays as it is.
    """
    try:
        told = _decoder.decode(payload)
        age_s = now_utc - datetime.fromisoformat(told.time).timestamp()
    except (msgspec.DecodeError, ValueError):
        return payload
    if told.clocktrust != "trusted" or age_s <= LATE_S:
        return payload
    return payload[:-1] + MARK["ishistorical" if told.specversion else "is_historical"]
