"""omlox Hub `Location` messages (omlox Hub API 2.0, 6.7.8) -> positions in site metres. Pure.

Traps (docs/domain.md 4.2 WP1): crs is "local" where it is missing; null is not zero; coordinates are
lon, lat in EPSG:4326; platforms write numbers and flags as text. z is above the floor that `floor` names,
unless `elevation_ref` says otherwise. Motion, wear, SOS and battery are not part of omlox: platforms put
them into `properties` under names of their own (profile.py).
"""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.domain.observation import Position
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.wearables.extras import Unreadable, number, said
from edge_agent.sense.wearables.place import from_wgs84, on_site
from edge_agent.sense.wearables.profile import WearableProfile
from edge_agent.settings.site import SiteTable
from edge_agent.settings.site_devices import PositioningTable

TOPICS = "omlox/+/location"
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


class Tag(Struct, frozen=True, kw_only=True):
    """One wearable: its device id, its name at the platform, and what the platform's messages mean."""

    device: str
    provider_id: str
    profile: WearableProfile
    heart_rate: bool = False


class Frame(Struct, frozen=True, kw_only=True):
    """Where the site's metres begin, and what the platform's own names of places mean here."""

    site: SiteTable
    positioning: PositioningTable


class Place(Struct, frozen=True, kw_only=True):
    """Where a fix puts the wearer: metres, or the area whose beacon heard him, or neither."""

    x_m: float | None = None
    y_m: float | None = None
    z_m: float | None = None
    zone: str | None = None
    note: Words = NOTHING


class Point(Struct):
    """GeoJSON point: x, y(, z) or lon, lat(, alt)."""

    coordinates: list[Number]
    type: str = "Point"


class Location(Struct):
    """The fields of omlox's Location that the box uses; it ignores the others."""

    position: Point | None = None
    source: str | int | None = None
    provider_type: str | None = None
    provider_id: str | int | None = None
    crs: str | None = None
    accuracy: Number = None
    floor: Number = None
    elevation_ref: str | None = None
    timestamp_generated: str | None = None
    timestamp_sent: str | None = None
    properties: dict[str, Any] | None = None


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


def read(payload: bytes, tag: Tag, frame: Frame, received: Instant) -> Fix:
    """One message as a Position of the tag's device; raises Unreadable with the reason."""
    if len(payload) > LONGEST_MESSAGE:
        raise Unreadable(Words(f"报文 {len(payload)} 字节，过长", f"{len(payload)} bytes are no Location"))
    try:
        location = msgspec.json.decode(payload, type=Location)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(_not_a_location(error)) from None
    if location.provider_id is not None and str(location.provider_id) != tag.provider_id:
        named = location.provider_id
        raise Unreadable(
            Words(
                f"标签编号是 {named}，主题却是 {tag.provider_id}",
                f'names provider "{named}" on the topic of "{tag.provider_id}"',
            )
        )
    place = _place(location, tag.profile, frame)
    extras = said(location.properties or {}, tag.profile, heart_rate=tag.heart_rate)
    generated = _utc(location.timestamp_generated)
    age_s, usable, note = _age(generated, _utc(location.timestamp_sent), received)
    position = Position(
        source=tag.device,
        at_s=received.now_s,
        x_m=place.x_m,
        y_m=place.y_m,
        z_m=place.z_m,
        accuracy_m=_accuracy(location.accuracy),
        zone=place.zone,
        age_s=age_s,
        **msgspec.structs.asdict(extras),
    )
    return Fix(position, generated if usable else None, place.note or note)


def _not_a_location(error: Exception) -> Words:
    """What the reader of JSON said; its path into the message means the same in both languages."""
    path = re.search(r"`(\$[^`]*)`", str(error))
    where = f"（字段 {path[1]}）" if path else ""
    return Words(f"不是 Location 报文{where}", f"not a Location: {error}")


def _place(location: Location, profile: WearableProfile, frame: Frame) -> Place:
    """In site metres; by the beacon's zone where the fix gives none, or none that is worth anything."""
    crs = (location.crs or "").strip().lower()
    if crs not in LOCAL | WGS84:
        zh = f'坐标系 "{location.crs}" 未知，请用 "local" 或 "EPSG:4326"'
        raise Unreadable(Words(zh, f'crs "{location.crs}" is not known: use "local" or "EPSG:4326"'))
    if location.position is not None and location.position.type != "Point":
        kind = location.position.type
        raise Unreadable(Words(f'位置类型为 "{kind}"，应为 "Point"', f'position of type "{kind}", not "Point"'))
    if location.provider_type in profile.zone_only:
        return _zone(location, frame)
    metres = None if location.position is None else _metres(location.position, crs, frame.site)
    if metres is None:
        return msgspec.structs.replace(_zone(location, frame), note=NOTHING)
    return Place(x_m=metres[0], y_m=metres[1], z_m=_height(location, crs, frame.positioning))


def _zone(location: Location, frame: Frame) -> Place:
    """The area for which the platform's zone stands; a zone that nobody has entered is no place."""
    zone = "" if location.source is None else str(location.source)
    area = frame.positioning.zones.get(zone)
    if area is not None:
        return Place(zone=area)
    note = Words(
        f'定位平台的区域 "{zone[:80]}" 未对应，请在 site.toml 的 [positioning.zones] 中补上',
        f'the platform\'s zone "{zone[:80]}" stands for no area: enter it in [positioning.zones] of site.toml',
    )
    return Place(note=note)


def _metres(point: Point, crs: str, site: SiteTable) -> tuple[float, float] | None:
    """Site metres x and y, None where the coordinates give none."""
    first, second = (*map(number, point.coordinates[:2]), None, None)[:2]
    if first is None or second is None:
        return None
    return on_site(first, second) if crs in LOCAL else from_wgs84(site, lat=second, lon=first)


def _height(location: Location, crs: str, positioning: PositioningTable) -> float | None:
    """Metres above the site's origin: z above its floor, or the floor's own height; None if neither is known."""
    third = (
        number(location.position.coordinates[2])
        if location.position and location.position.coordinates[2:]
        else None
    )
    level = number(location.floor)
    known = {float(name): height_m for name, height_m in positioning.floors_m.items()}
    base_m = known.get(level or 0.0)
    # The height above the ellipsoid says nothing about the site's floors.
    above_floor = (location.elevation_ref or "floor").strip().lower() == "floor" and crs in LOCAL
    if third is None or not above_floor:
        return base_m if level is not None else None
    if base_m is not None:
        return base_m + third
    return third if not level else None


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
    accuracy_m = number(sent)
    return accuracy_m if accuracy_m is not None and 0 < accuracy_m <= WORST_ACCURACY_M else None


def _utc(sent: str | None) -> float | None:
    """Seconds since 1970 of an ISO 8601 time; without a zone it is UTC (omlox)."""
    if not sent:
        return None
    try:
        moment = datetime.fromisoformat(sent)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
