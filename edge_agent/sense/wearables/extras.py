"""What a platform says of a wearer beside his place, read by its profile. Pure.

Null is not nought, a key that the profile does not name is nothing, and a call for help that cannot be
read spoils the message rather than passing for "no".
"""

import math
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from edge_agent.domain.words import Words, WordsError
from edge_agent.sense.wearables.fields import Flag, Number, figure, flag, key_name, sent, word
from edge_agent.sense.wearables.profile import Wearer

MOST_PCT = 100.0
MOST_BPM = 300.0  # no heart beats faster: a figure beyond is none


class Unreadable(WordsError, ValueError):  # noqa: N818 (names what the message is)
    """The message is not one that can be trusted; the words say why."""


class Extras(Struct, frozen=True, kw_only=True):
    """The wearer's own part of a Position; None means not said."""

    moving: bool | None = None
    worn: bool | None = None
    sos: bool = False
    fall: bool = False
    here: bool = False
    no_motion_s: float | None = None
    heart_rate_bpm: float | None = None
    battery_pct: float | None = None


def said(message: Mapping[str, Any], profile: Wearer, *, heart_rate: bool) -> Extras:
    """What the profile finds. A heart rate is read only where the site says so: it is about a person's health.

    Off the wrist there is none, whatever the sensor says of the table on which it lies.
    """
    worn = flag(message, profile.worn)
    pulse = profile.heart_rate_bpm if heart_rate and worn is not False else None
    return Extras(
        moving=flag(message, profile.moving),
        worn=worn,
        sos=_call(message, profile.sos),
        fall=_call(message, profile.fall),
        here=flag(message, profile.here) is True,
        no_motion_s=measured(message, profile.no_motion_s, math.inf),
        heart_rate_bpm=measured(message, pulse, MOST_BPM),
        battery_pct=measured(message, profile.battery_pct, MOST_PCT),
    )


def _call(message: Mapping[str, Any], field: Flag | None) -> bool:
    called = flag(message, field)
    if field is not None and called is None and word(message, field) is not None:
        found, key = sent(message, field.key), key_name(field.key)
        shown = repr(found)[:80]
        raise Unreadable(Words(f"{key} 的值 {shown} 无法识别", f"{key} is {shown}: neither yes nor no"))
    return called is True


def measured(message: Mapping[str, Any], field: Number | None, most: float) -> float | None:
    """A figure from nought to `most`; anything else was not measured."""
    found = figure(message, field)
    return found if found is not None and 0 <= found <= most else None
