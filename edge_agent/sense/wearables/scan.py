"""Gateways that hear beacons (`message = "ble_scan"`): the nearest one's area, and never metres.

The beacon is named by its address. A word of another gateway than the nearest says nothing of the place, and makes
no old one fresh: so only the nearest gateway's words become fixes.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from edge_agent.clock import Instant
from edge_agent.domain.observation import Position
from edge_agent.domain.words import Words
from edge_agent.sense.wearables.age import utc
from edge_agent.sense.wearables.family import LONGEST_MESSAGE, Fix, Tag, Told, folded
from edge_agent.sense.wearables.fields import number, text_of
from edge_agent.sense.wearables.place import Frame, Place, in_zone
from edge_agent.sense.wearables.profile import ScanProfile
from edge_agent.sense.wearables.proximity import Near, Tuning, after

ADDRESS = slice(1, 7)  # of an April Brother frame: type, address, RSSI, advertisement
RSSI_AT = 7
WEAKEST_DBM, STRONGEST_DBM = -127.0, 20.0  # what the radio can say (Bluetooth Core, HCI advertising report)
UNREAD = Words("网关报文无法识别", "a gateway's message cannot be read")

Word = tuple[str, float, float | None]  # a beacon's folded address, dBm, and when (UTC) if the gateway says so


class Scan:
    """One kind of gateway, and where each beacon was heard lately."""

    def __init__(self, profile: ScanProfile, tags: Iterable[Tag], frame: Frame) -> None:
        """Nothing is heard yet."""
        self._profile = profile
        self._tags = {folded(tag.provider_id): tag for tag in tags}
        self._frame = frame
        self._zones = {folded(name): name for name in frame.positioning.zones}
        self._near: dict[str, Near] = {}
        self._tuning = Tuning(
            hysteresis_db=profile.hysteresis_db,
            smooth_s=profile.smooth_s,
            forget_s=profile.forget_s,
            least_dbm=profile.least_dbm,
        )

    @property
    def topics(self) -> str:
        """The MQTT filter under which it is heard."""
        return self._profile.topic

    @property
    def devices(self) -> frozenset[str]:
        """Those of this site."""
        return frozenset(tag.device for tag in self._tags.values())

    def heard(self, topic: str, payload: bytes, received: Instant) -> Iterator[Told]:  # noqa: ARG002 (a Family)
        """What one message of a gateway says of the beacons that this site knows."""
        read = None if len(payload) > LONGEST_MESSAGE else LAYOUTS[self._profile.layout](payload)
        if read is None:
            yield Told(None, wrong=UNREAD)
            return
        gateway, words = read
        for address, dbm, said_utc in words:
            tag = self._tags.get(address)
            if tag is None or not WEAKEST_DBM <= dbm <= STRONGEST_DBM or self._is_old(said_utc, received):
                continue
            near = after(self._near.get(address, Near()), folded(gateway), dbm, received.now_s, self._tuning)
            self._near[address] = near
            if near.gateway == folded(gateway):
                yield Told(tag.device, self._fix(tag, gateway, received))

    def _is_old(self, said_utc: float | None, received: Instant) -> bool:
        """Whether a gateway kept the word back: then nobody knows where the beacon is now."""
        return said_utc is not None and received.trusted and received.utc - said_utc > self._tuning.forget_s

    def _fix(self, tag: Tag, gateway: str, received: Instant) -> Fix:
        place: Place = in_zone(self._zones.get(folded(gateway), gateway), self._frame.positioning)
        position = Position(source=tag.device, at_s=received.now_s, zone=place.zone)
        return Fix(position, None, place.note)


def _april(payload: bytes) -> tuple[str, list[Word]] | None:
    """April Brother V4: a map with the gateway's `mac` and `devices`, each frame of bytes as the guide has it."""
    body = _decoded(msgspec.msgpack.decode, payload)
    gateway = text_of(body.get("mac")) if isinstance(body, Mapping) else None
    frames = body.get("devices") if isinstance(body, Mapping) else None
    if gateway is None or not isinstance(frames, list):
        return None
    whole = [one for one in frames if isinstance(one, bytes) and len(one) > RSSI_AT]
    return gateway, [(one[ADDRESS].hex(), float(one[RSSI_AT] - 256), None) for one in whole]


def _minew(payload: bytes) -> tuple[str, list[Word]] | None:
    """Minew G1, JSON-LONG: a list; the entry of type "Gateway" is the gateway itself."""
    body = _decoded(msgspec.json.decode, payload)
    entries = [one for one in body if isinstance(one, Mapping)] if isinstance(body, list) else []
    gateways = [text_of(one.get("mac")) for one in entries if one.get("type") == "Gateway"]
    if len(gateways) != 1 or gateways[0] is None:
        return None
    words = [_minew_word(one) for one in entries if one.get("type") != "Gateway"]
    return gateways[0], [word for word in words if word is not None]


def _minew_word(entry: Mapping[str, Any]) -> Word | None:
    address, dbm = text_of(entry.get("mac")), number(entry.get("rssi"))
    if address is None or dbm is None or not math.isfinite(dbm):
        return None
    return folded(address), dbm, utc(entry.get("timestamp"))


def _decoded(decode: Any, payload: bytes) -> Any:
    try:
        return decode(payload)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


LAYOUTS = {"april_v4": _april, "minew_json": _minew}
