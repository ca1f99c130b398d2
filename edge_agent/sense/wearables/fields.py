"""How a profile of `firmware_configs/wearables/` names what stands in a message, and how that is looked up. Pure.

Platforms write numbers and flags as text, null as text, and JSON within a text; a key is a name, or a list of
names for one object in another (a number counts a list's entries from 0).
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

UNSENT = frozenset({"", "null", "none"})  # how platforms write null in text
LONGEST_BITS = 64

Name = Annotated[str, Meta(min_length=1, max_length=80)]
Key = Name | Annotated[tuple[Name, ...], Meta(min_length=2, max_length=6)]
Word = Annotated[str, Meta(pattern=r"^[^A-Z\s]([^A-Z]*[^A-Z\s])?$")]  # compared in lower case, without edges


class Flag(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A yes or no: a JSON boolean, 0 or 1, or one of these words; anything else cannot be read.

    With `bit` it is one bit of a number, counted from the lowest (0); a number in text is written in `base`. With
    `separator` it is a list in text: yes if one of its words is. `others_are_no`: a word that means something else
    means no. `missing_is_no`: so does what is not sent.
    """

    key: Key
    yes: Annotated[tuple[Word, ...], Meta(min_length=1)] = ("true", "1", "yes", "on")
    no: Annotated[tuple[Word, ...], Meta(min_length=1)] = ("false", "0", "no", "off")
    bit: Annotated[int, Meta(ge=0, lt=LONGEST_BITS)] | None = None
    base: Annotated[int, Meta(ge=2, le=16)] = 2
    separator: Annotated[str, Meta(min_length=1, max_length=1)] | None = None
    others_are_no: bool = False
    missing_is_no: bool = False


class Number(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number, also when written as text, times `scale`; `unmeasured` are figures that mean "not measured"."""

    key: Key
    scale: Annotated[float, Meta(gt=0)] = 1.0
    unmeasured: tuple[float, ...] = ()


class Label(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name that the message bears: under a key, or as the level of its topic (counted from 1)."""

    key: Key | None = None
    level: Annotated[int, Meta(ge=1, le=16)] | None = None


class Only(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Messages of one kind alone are meant: those whose `key` is one of these words."""

    key: Key
    among: Annotated[tuple[Word, ...], Meta(min_length=1)]


class Moment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time: ISO 8601, or seconds or milliseconds since 1970. ISO without a zone is `utc_offset_h` from UTC."""

    key: Key
    utc_offset_h: Annotated[float, Meta(ge=-12, le=14)] = 0.0


class Beacons(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The beacons of which a fix was made: a list, or a JSON text of one.

    Fewer than `least` tell which beacon was heard and not where the wearer stands (docs/domain.md 2.5 G3): the
    strongest by `rssi` then names the zone: the fields of `id`, joined by "-".
    """

    key: Key
    id: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=3)]
    rssi: Name
    least: Annotated[int, Meta(ge=2, le=8)] = 2


def sent(message: Any, key: Key) -> Any:
    """What stands under the key; None where nothing does."""
    found: Any = message
    for name in (key,) if isinstance(key, str) else key:
        within = parsed(found) if isinstance(found, str) else found
        if isinstance(within, Mapping):
            found = within.get(name)
        elif isinstance(within, list) and name.isdecimal() and int(name) < len(within):
            found = within[int(name)]
        else:
            return None
    return found


def parsed(text: str) -> Any:
    """JSON within a text; None where it is none."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, UnicodeEncodeError, RecursionError):
        return None


def word(message: Any, field: Flag | Only | None) -> str | None:
    """The word of a flag, in lower case; None where nothing was sent."""
    found = None if field is None else sent(message, field.key)
    text = "" if found is None else str(found).strip().lower()
    if text in UNSENT:
        return None
    if isinstance(field, Flag) and field.bit is not None:
        bits = _bits(found, text, field.base)
        return text if bits is None else str(bits >> field.bit & 1)
    return text


def _bits(found: object, text: str, base: int) -> int | None:
    if isinstance(found, int) and not isinstance(found, bool):
        return found if found >= 0 else None
    if len(text) > LONGEST_BITS:
        return None
    try:
        bits = int(text, base)
    except ValueError:
        return None
    return bits if bits >= 0 else None


def flag(message: Any, field: Flag | None) -> bool | None:
    """Yes, no, or None: not there, null, or not a word that the profile knows."""
    said = word(message, field)
    if field is None or said is None:
        return False if field is not None and field.missing_is_no else None
    words = [said] if field.separator is None else [one.strip() for one in said.split(field.separator)]
    if any(one in field.yes for one in words):
        return True
    return False if field.others_are_no or all(one in field.no for one in words) else None


def number(found: object) -> float | None:
    """A finite number, also when written as text; None for everything else."""
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        read = float(found)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def figure(message: Any, field: Number | None) -> float | None:
    """A number times its scale; None where it was not measured."""
    found = None if field is None else number(sent(message, field.key))
    if field is None or found is None or found in field.unmeasured:
        return None
    scaled = found * field.scale
    return scaled if math.isfinite(scaled) else None


def text_of(found: object) -> str | None:
    """A name as text: a whole number counts as its digits; None for everything else, and for null."""
    if isinstance(found, bool) or not isinstance(found, int | str):
        return None
    text = str(found).strip()
    return None if text.lower() in UNSENT else text


def labelled(message: Any, topic: str, label: Label | None) -> str | None:
    """The name that a message bears; None where it bears none."""
    if label is None:
        return None
    if label.key is not None:
        return text_of(sent(message, label.key))
    levels = topic.split("/")
    return text_of(levels[label.level - 1]) if label.level is not None and label.level <= len(levels) else None


def key_name(key: Key) -> str:
    """How people are told of a key."""
    return key if isinstance(key, str) else ".".join(key)
