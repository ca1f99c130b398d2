"""omlox Hub `Location` messages (omlox Hub API 2.0, 6.7.8) -> positions in site metres. Pure.

Traps (docs/domain.md 4.2 WP1): crs is "local" where it is missing; null is not zero; coordinates are
lon, lat in EPSG:4326; platforms write numbers and flags as text. Motion, wear, SOS and battery are not
part of omlox: platforms put them into `properties`.
"""

import math
import re
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.domain.observation import Position
from edge_agent.domain.words import NOTHING, Words, WordsError
from edge_agent.sense.wearables.place import from_wgs84, on_site
from edge_agent.settings.site import SiteTable

TOPICS = "omlox/+/location"
TRUE = frozenset({"true", "1", "yes", "on"})
FALSE = frozenset({"false", "0", "no", "off", "none", "null", ""})
LOCAL = frozenset({"", "local"})
WGS84 = frozenset({"epsg:4326", "wgs84"})
# A fix worse than this tells nothing about a site; platforms send 9999 or 1e6 for "unknown".
WORST_ACCURACY_M = 1000.0
# Clocks of platform and box may differ by this much before a fix counts as from the future.
CLOCKS_DIFFER_S = 2.0
LONGEST_MESSAGE = 64 * 1024
NO_TIME = Words("定位不带时间，按收到时刻计", "the fix bears no time of its own: taken as of its arrival")
OUR_CLOCK = Words(
    "本机时钟不可信，定位按发送时刻计", "the box's clock is not trusted: the fix is taken as of its sending"
)

Number = float | str | None
Flag = bool | int | str | None


class Unreadable(WordsError, ValueError):  # noqa: N818 (names what the message is)
    """The message is not a Location that can be trusted; the words say why."""


class Point(Struct):
    """GeoJSON point: x, y(, z) or lon, lat(, alt)."""

    coordinates: list[Number]
    type: str = "Point"


class Extras(Struct):
    """What platforms add."""

    moving: Flag = None
    worn: Flag = None
    sos: Flag = None
    battery_pct: Number = None


class Location(Struct):
    """The fields of omlox's Location that the box uses; it ignores the others."""

    position: Point | None = None
    provider_id: str | int | None = None
    crs: str | None = None
    accuracy: Number = None
    timestamp_generated: str | None = None
    timestamp_sent: str | None = None
    properties: Extras | None = None


class Fix(Struct, frozen=True):
    """One message read; `note` is what people should know about it.

    `generated` is the platform's UTC second of the fix, None where it must not put messages in order.
    """

    position: Position
    generated: float | None
    note: Words = NOTHING


def provider_of(topic: str) -> str | None:
    """The provider id within a topic, None on any other topic."""
    parts = topic.split("/")
    return parts[1] if len(parts) == 3 and parts[0] == "omlox" and parts[2] == "location" else None  # noqa: PLR2004


def read(payload: bytes, device: str, provider_id: str, site: SiteTable, received: Instant) -> Fix:
    """One message as a Position of `device`; raises Unreadable with the reason."""
    if len(payload) > LONGEST_MESSAGE:
        raise Unreadable(Words(f"报文 {len(payload)} 字节，过长", f"{len(payload)} bytes are no Location"))
    try:
        location = msgspec.json.decode(payload, type=Location)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(_not_a_location(error)) from None
    if location.provider_id is not None and str(location.provider_id) != provider_id:
        named = location.provider_id
        raise Unreadable(
            Words(
                f"标签编号是 {named}，主题却是 {provider_id}",
                f'names provider "{named}" on the topic of "{provider_id}"',
            )
        )
    x_m, y_m, z_m = _place(location, site)
    extras = location.properties or Extras()
    generated = _utc(location.timestamp_generated)
    age_s, usable, note = _age(generated, _utc(location.timestamp_sent), received)
    battery = _number(extras.battery_pct)
    position = Position(
        source=device,
        at_s=received.now_s,
        x_m=x_m,
        y_m=y_m,
        z_m=z_m,
        accuracy_m=_accuracy(location.accuracy),
        age_s=age_s,
        moving=_flag(extras.moving),
        worn=_flag(extras.worn),
        sos=_sos(extras.sos),
        battery_pct=battery if battery is not None and 0 <= battery <= 100 else None,  # noqa: PLR2004 (per cent)
    )
    return Fix(position, generated if usable else None, note)


def _not_a_location(error: Exception) -> Words:
    """What the reader of JSON said; its path into the message means the same in both languages."""
    path = re.search(r"`(\$[^`]*)`", str(error))
    where = f"（字段 {path[1]}）" if path else ""
    return Words(f"不是 Location 报文{where}", f"not a Location: {error}")


def _place(location: Location, site: SiteTable) -> tuple[float | None, float | None, float | None]:
    """x, y, z in site metres; no place where the coordinates give none."""
    crs = (location.crs or "").strip().lower()
    if crs not in LOCAL | WGS84:
        zh = f'坐标系 "{location.crs}" 未知，请用 "local" 或 "EPSG:4326"'
        raise Unreadable(Words(zh, f'crs "{location.crs}" is not known: use "local" or "EPSG:4326"'))
    if location.position is None:
        return None, None, None
    if location.position.type != "Point":
        kind = location.position.type
        raise Unreadable(Words(f'位置类型为 "{kind}"，应为 "Point"', f'position of type "{kind}", not "Point"'))
    numbers = [_number(value) for value in location.position.coordinates[:3]]
    first, second, third = (*numbers, None, None, None)[:3]
    if first is None or second is None:
        return None, None, None
    if crs in LOCAL:
        place = on_site(first, second)
        return (*place, third) if place else (None, None, None)
    place = from_wgs84(site, lat=second, lon=first)
    # The height above the ellipsoid says nothing about the site's floors.
    return (*place, None) if place else (None, None, None)


def _age(generated: float | None, sent: float | None, received: Instant) -> tuple[float, bool, Words]:
    """Age of the fix on arrival, whether its time may order messages, and a word about doubts.

    Where the two clocks cannot be compared, the platform's own two times still tell how long it held
    the fix back; without them the moment of arrival has to do, and that is said.
    """
    if generated is None:
        return 0.0, False, NO_TIME
    held_s = max(sent - generated, 0.0) if sent is not None else 0.0
    if not received.trusted:
        return held_s, True, OUR_CLOCK
    age_s = received.utc - generated
    if age_s < -CLOCKS_DIFFER_S:
        ahead_s = -age_s
        zh = f"定位时间超前 {ahead_s:.0f} 秒，请校准定位平台时钟"
        en = f"the fix bears a time {ahead_s:.0f} s in the future: set the platform's clock"
        return held_s, False, Words(zh, en)
    return max(age_s, 0.0), True, NOTHING


def _accuracy(sent: Number) -> float | None:
    """Metres, or None: nought, negative and absurd figures mean that it is not known."""
    accuracy_m = _number(sent)
    return accuracy_m if accuracy_m is not None and 0 < accuracy_m <= WORST_ACCURACY_M else None


def _number(sent: Number) -> float | None:
    """A finite number, also when written as text; None for everything else."""
    if sent is None:
        return None
    try:
        number = float(sent)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _flag(sent: Flag) -> bool | None:
    """A flag, also when written as 0/1 or text; None where it cannot be read."""
    if sent is None or isinstance(sent, bool):
        return sent
    text = str(sent).strip().lower()
    return True if text in TRUE else False if text in FALSE else None


def _sos(sent: Flag) -> bool:
    """SOS; one that cannot be read spoils the message rather than passing for "no"."""
    if sent is None:
        return False
    pressed = _flag(sent)
    if pressed is None:
        raise Unreadable(Words(f"sos 的值 {sent!r} 无法识别", f"sos is {sent!r}: neither yes nor no"))
    return pressed


def _utc(sent: str | None) -> float | None:
    """Seconds since 1970 of an ISO 8601 time; without a zone it is UTC (omlox)."""
    if not sent:
        return None
    try:
        moment = datetime.fromisoformat(sent)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
