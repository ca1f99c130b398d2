"""Any platform whose messages are objects, read by a profile alone (`message = "mapped"`).

Traps (docs/domain.md 4.2 WP2-WP5), none of which may make a place: numbers in text, JSON within a text, null,
"no fix" as -0.000001 degrees, an old fix in a fresh message, the place of a single beacon, an undeclared
coordinate system.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.observation import Position
from edge_agent.domain.words import Words
from edge_agent.sense.wearables import age, crs
from edge_agent.sense.wearables.beacons import Single, single
from edge_agent.sense.wearables.extras import Unreadable, said
from edge_agent.sense.wearables.family import LONGEST_MESSAGE, Fix, Tag, Told, folded
from edge_agent.sense.wearables.fields import Moment, figure, flag, labelled, sent, text_of, word
from edge_agent.sense.wearables.place import (
    Frame,
    Place,
    accuracy,
    from_wgs84,
    height_m,
    in_zone,
    is_null_island,
    on_site,
)
from edge_agent.sense.wearables.profile import MappedProfile

MOST_RECORDS = 1000  # of one message
MOST_PARAMETERS = 64  # of one query
NO_AGE = Words(
    "定位不带可用的时间或时龄，不采用其位置",
    "the fix bears no time or age that can be read: its place is not used",
)
OFF_SITE = Words(
    "位置离站点原点超过 50 公里，请检查坐标系和原点",
    "the place is more than 50 km from the site's origin: check crs and origin",
)


class Mapped:
    """One profile and the tags that speak so; `crs` is the coordinate system of their places on this site."""

    def __init__(self, profile: MappedProfile, tags: Iterable[Tag], frame: Frame, crs_here: str | None) -> None:
        """Nothing is heard yet."""
        self._profile = profile
        self._tags = {folded(tag.provider_id): tag for tag in tags}
        self._frame = frame
        self._crs = crs_here

    @property
    def topics(self) -> str:
        """The MQTT filter under which it is heard; none over HTTP."""
        return self._profile.topic or ""

    @property
    def asks_by_query(self) -> bool:
        """Whether an HTTP request says everything in its query."""
        return self._profile.format == "query"

    @property
    def devices(self) -> frozenset[str]:
        """Those of this site."""
        return frozenset(tag.device for tag in self._tags.values())

    def heard(self, topic: str, payload: bytes, received: Instant) -> Iterator[Told]:
        """What one message says of the tags that this site knows."""
        try:
            records = _records(payload, self._profile)
        except Unreadable as wrong:
            yield Told(None, wrong=wrong.words)
            return
        for record in records:
            tag = self._tag(record, topic)
            if tag is None:
                continue
            try:
                yield Told(tag.device, self._fix(record, topic, tag, received))
            except Unreadable as wrong:
                yield Told(tag.device, wrong=wrong.words)

    def _tag(self, record: Any, topic: str) -> Tag | None:
        """Whose record it is: None for another kind of message, and for a tag that nobody wears here."""
        only = self._profile.only
        if only is not None and word(record, only) not in only.among:
            return None
        name = labelled(record, topic, self._profile.tag)
        return None if name is None else self._tags.get(folded(name))

    def _fix(self, record: Any, topic: str, tag: Tag, received: Instant) -> Fix:
        profile = self._profile
        extras = said(record, profile, heart_rate=tag.heart_rate)
        when = _when(record, profile, received)
        place = Place() if when is None else _place(record, topic, profile, self._frame, self._crs)
        told, generated = (age.Age(0.0, orders=False, note=NO_AGE), None) if when is None else when
        position = Position(
            source=tag.device,
            at_s=received.now_s,
            x_m=place.x_m,
            y_m=place.y_m,
            z_m=place.z_m,
            accuracy_m=None if place.x_m is None else accuracy(figure(record, profile.accuracy_m)),
            zone=place.zone,
            age_s=told.age_s,
            **msgspec.structs.asdict(extras),
        )
        message_id = None if profile.message_id is None else text_of(sent(record, profile.message_id))
        return Fix(position, generated if told.orders else None, place.note or told.note, message_id)


def _records(payload: bytes, profile: MappedProfile) -> list[Any]:
    """The records of one message; raises Unreadable where it is none."""
    if len(payload) > LONGEST_MESSAGE:
        raise Unreadable(Words(f"报文 {len(payload)} 字节，过长", f"{len(payload)} bytes are no message"))
    try:
        message = _decoded(payload, profile.format)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        kind = type(error).__name__
        form = profile.format
        raise Unreadable(Words(f"报文不是 {form}（{kind}）", f"a message is no {form}: {kind}")) from None
    found = message if profile.each is None else sent(message, profile.each)
    records = found if isinstance(found, list) else [found]
    if len(records) > MOST_RECORDS or not all(isinstance(one, Mapping) for one in records):
        raise Unreadable(Words("报文中没有可识别的记录", "a message without records that can be read"))
    return records


def _decoded(payload: bytes, form: str) -> Any:
    match form:
        case "msgpack":
            return msgspec.msgpack.decode(payload)
        case "query":
            said = parse_qsl(payload.decode("ascii"), max_num_fields=MOST_PARAMETERS)
            if not said:
                raise ValueError("nothing is said")
            return dict(said)
        case _:
            return msgspec.json.decode(payload)


def _when(record: Any, profile: MappedProfile, received: Instant) -> tuple[age.Age, float | None] | None:
    """How old the fix is, and its second by the platform; None where a time of the profile is missing."""
    sent_utc, fix_utc = _utc(record, profile.sent_time), _utc(record, profile.fix_time)
    held_s = figure(record, profile.fix_age_s)
    if (profile.fix_time is not None and fix_utc is None) or (
        profile.fix_age_s is not None and (held_s is None or held_s < 0)
    ):
        return None
    base = fix_utc if profile.fix_time is not None else sent_utc
    if base is None:  # the platform writes no time: what it says is of now, and of `held_s` before
        return age.Age(held_s or 0.0, orders=False), None
    generated = base - (held_s or 0.0)
    return age.age(generated, base if sent_utc is None else sent_utc, received), generated


def _utc(record: Any, moment: Moment | None) -> float | None:
    return None if moment is None else age.utc(sent(record, moment.key), moment.utc_offset_h)


def _place(record: Any, topic: str, profile: MappedProfile, frame: Frame, crs_here: str | None) -> Place:
    """Metres where the fix gives some that are worth anything, else the zone that it names, else nothing."""
    alone = single(record, profile.beacons)
    if alone is not None:
        return _of_beacon(alone, frame)
    metres = _metres(record, profile, frame, crs_here) if _is_valid(record, profile) else None
    if isinstance(metres, tuple):
        level, third = figure(record, profile.floor), figure(record, profile.z)
        high_m = height_m(third, level, frame.positioning, above_floor=crs_here == "local")
        return Place(x_m=metres[0], y_m=metres[1], z_m=high_m)
    zone = labelled(record, topic, profile.zone)
    found = Place() if zone is None else in_zone(zone, frame.positioning)
    return found if metres is None else replace(found, note=metres)


def _of_beacon(alone: Single, frame: Frame) -> Place:
    return Place(note=alone.wrong) if alone.name is None else in_zone(alone.name, frame.positioning)


def _is_valid(record: Any, profile: MappedProfile) -> bool:
    """Whether the platform itself believes in the place: what it does not say is no yes."""
    valid = profile.valid is None or flag(record, profile.valid) is True
    return valid and (profile.outdated is None or flag(record, profile.outdated) is False)


def _metres(
    record: Any, profile: MappedProfile, frame: Frame, crs_here: str | None
) -> tuple[float, float] | Words | None:
    """Site metres x and y; None where there is no fix, words where there is one that cannot be of this site."""
    x, y = figure(record, profile.x), figure(record, profile.y)
    if x is None or y is None or crs_here is None:
        return None
    if crs_here == "local":
        return on_site(x, y) or OFF_SITE
    if is_null_island(y, x):
        return None
    degrees = crs.to_wgs84(crs_here, lat=y, lon=x)
    return (None if degrees is None else from_wgs84(frame.site, *degrees)) or OFF_SITE
