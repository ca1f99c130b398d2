"""omlox Hub `Location` messages (omlox Hub API 2.0, 6.7.8) -> positions in site metres. Pure.

Traps (docs/domain.md 4.2 WP1): crs is "local" where it is missing; null is not zero; coordinates are
lon, lat in EPSG:4326; platforms write numbers and flags as text. z is above the floor that `floor` names,
unless `elevation_ref` says otherwise. Motion, wear, SOS and battery are not part of omlox: platforms put
them into `properties` under names of their own (profile.py).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.domain.observation import Position
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.wearables.age import age, utc
from edge_agent.sense.wearables.extras import Unreadable, said
from edge_agent.sense.wearables.family import LONGEST_MESSAGE, Fix, Tag, Told
from edge_agent.sense.wearables.fields import number
from edge_agent.sense.wearables.place import Frame, Place, accuracy, from_wgs84, height_m, in_zone, on_site
from edge_agent.sense.wearables.profile import OmloxProfile, Profile
from edge_agent.settings.site_itself import SiteTable
from edge_agent.settings.site_worn import PositioningTable

TOPICS = "omlox/+/location"
LOCAL = frozenset({"", "local"})
WGS84 = frozenset({"epsg:4326", "wgs84"})

Number = float | str | None


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


class Hub:
    """The tags that an omlox hub publishes."""

    def __init__(self, tags: Iterable[Tag], frame: Frame) -> None:
        """Nothing is heard yet."""
        self._tags = {tag.provider_id: tag for tag in tags}
        self._frame = frame

    @property
    def topics(self) -> str:
        """Every tag of the hub."""
        return TOPICS

    @property
    def devices(self) -> frozenset[str]:
        """Those of this site."""
        return frozenset(tag.device for tag in self._tags.values())

    def heard(self, topic: str, payload: bytes, received: Instant) -> Iterator[Told]:
        """What one message says of a tag of this site; another site's tag is nobody here."""
        provider_id = provider_of(topic)
        tag = self._tags.get(provider_id) if provider_id is not None else None
        if tag is None:
            return
        try:
            yield Told(tag.device, read(payload, tag, self._frame, received))
        except Unreadable as wrong:
            yield Told(tag.device, wrong=wrong.words)


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
                f"手环编号是 {named}，主题却是 {tag.provider_id}",
                f'names provider "{named}" on the topic of "{tag.provider_id}"',
            )
        )
    place = _place(location, tag.profile, frame)
    extras = said(location.properties or {}, tag.profile, heart_rate=tag.heart_rate)
    generated = utc(location.timestamp_generated)
    told = age(generated, utc(location.timestamp_sent), received)
    position = Position(
        source=tag.device,
        at_s=received.now_s,
        x_m=place.x_m,
        y_m=place.y_m,
        z_m=place.z_m,
        accuracy_m=accuracy(location.accuracy),
        zone=place.zone,
        age_s=told.age_s,
        **msgspec.structs.asdict(extras),
    )
    return Fix(position, generated if told.orders else None, place.note or told.note)


def _not_a_location(error: Exception) -> Words:
    """What the reader of JSON said; its path into the message means the same in both languages."""
    path = re.search(r"`(\$[^`]*)`", str(error))
    where = f"（字段 {path[1]}）" if path else ""
    return Words(f"不是 Location 报文{where}", f"not a Location: {error}")


def _place(location: Location, profile: Profile, frame: Frame) -> Place:
    """In site metres; by the beacon's zone where the fix gives none, or none that is worth anything."""
    crs = (location.crs or "").strip().lower()
    if crs not in LOCAL | WGS84:
        zh = f'坐标系 "{location.crs}" 未知，请用 "local" 或 "EPSG:4326"'
        raise Unreadable(Words(zh, f'crs "{location.crs}" is not known: use "local" or "EPSG:4326"'))
    if location.position is not None and location.position.type != "Point":
        kind = location.position.type
        raise Unreadable(Words(f'位置类型为 "{kind}"，应为 "Point"', f'position of type "{kind}", not "Point"'))
    if isinstance(profile, OmloxProfile) and location.provider_type in profile.zone_only:
        return _zone(location, frame)
    metres = None if location.position is None else _metres(location.position, crs, frame.site)
    if metres is None:
        return msgspec.structs.replace(_zone(location, frame), note=NOTHING)
    return Place(x_m=metres[0], y_m=metres[1], z_m=_height(location, crs, frame.positioning))


def _zone(location: Location, frame: Frame) -> Place:
    return in_zone("" if location.source is None else str(location.source), frame.positioning)


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
    above_floor = (location.elevation_ref or "floor").strip().lower() == "floor" and crs in LOCAL
    return height_m(third, number(location.floor), positioning, above_floor=above_floor)
