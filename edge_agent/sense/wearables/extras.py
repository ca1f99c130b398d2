"""What a platform's `properties` say of a wearer, read by its profile. Pure.

Null is not nought, a key that the profile does not name is nothing, and a call for help that cannot be
read spoils the message rather than passing for "no".
"""

import math
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from edge_agent.domain.words import Words, WordsError
from edge_agent.sense.wearables.profile import Flag, Key, Number, WearableProfile

UNSENT = frozenset({"", "null", "none"})  # how platforms write null in text
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


def said(properties: Mapping[str, Any], profile: WearableProfile, *, heart_rate: bool) -> Extras:
    """What the profile finds. A heart rate is read only where the site says so: it is about a person's health."""
    pulse = profile.heart_rate_bpm if heart_rate else None
    return Extras(
        moving=_flag(properties, profile.moving),
        worn=_flag(properties, profile.worn),
        sos=_call(properties, profile.sos),
        fall=_call(properties, profile.fall),
        here=_flag(properties, profile.here) is True,
        no_motion_s=_measured(properties, profile.no_motion_s, math.inf),
        heart_rate_bpm=_measured(properties, pulse, MOST_BPM),
        battery_pct=_measured(properties, profile.battery_pct, MOST_PCT),
    )


def number(sent: object) -> float | None:
    """A finite number, also when written as text; None for everything else."""
    if isinstance(sent, bool) or not isinstance(sent, int | float | str):
        return None
    try:
        read = float(sent)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def _flag(properties: Mapping[str, Any], field: Flag | None) -> bool | None:
    """Yes, no, or None: not there, null, or not a word that the profile knows."""
    word = _word(properties, field)
    if field is None or word is None:
        return None
    return True if word in field.yes else False if word in field.no else None


def _call(properties: Mapping[str, Any], field: Flag | None) -> bool:
    called = _flag(properties, field)
    if field is not None and called is None and _word(properties, field) is not None:
        sent, key = _sent(properties, field.key), _name(field.key)
        raise Unreadable(Words(f"{key} 的值 {sent!r} 无法识别", f"{key} is {sent!r}: neither yes nor no"))
    return called is True


def _word(properties: Mapping[str, Any], field: Flag | None) -> str | None:
    sent = None if field is None else _sent(properties, field.key)
    word = "" if sent is None else str(sent).strip().lower()
    return None if word in UNSENT else word


def _measured(properties: Mapping[str, Any], field: Number | None, most: float) -> float | None:
    """A figure from nought to `most`; anything else was not measured."""
    sent = None if field is None else number(_sent(properties, field.key))
    if field is None or sent is None or sent in field.unmeasured:
        return None
    scaled = sent * field.scale
    return scaled if 0 <= scaled <= most and math.isfinite(scaled) else None


def _sent(properties: Mapping[str, Any], key: Key) -> Any:
    found: Any = properties
    for name in (key,) if isinstance(key, str) else key:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _name(key: Key) -> str:
    return key if isinstance(key, str) else ".".join(key)
