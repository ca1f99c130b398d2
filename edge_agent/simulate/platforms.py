"""How each positioning platform puts into words what a tag measures: written from the makers' documents.

Sources: docs/domain.md 4.2 WP2-WP6; ChirpStack v4 UplinkEvent; Milesight-IoT/SensorDecoders AT101; Abeeway
trackers reference guide (position message, common header); traccar.org/osmand and Traccar's position forwarding;
April Brother "User Guide For AB BLE Gateway V4"; Minew G1 (JSON-LONG).
"""

import math
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from edge_agent.simulate.maps import Map
from edge_agent.simulate.tag import Tag, iso

NO_FIX_DEG = -0.000001  # FFFFFFFF as a signed millionth of a degree
AGE_STEP_S, OLDEST_S = 8, 2040


class Message(Struct, frozen=True):
    """One message: an MQTT topic, or a path with its query; and what it bears."""

    topic: str
    payload: bytes


class Gateway(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gateway that hears beacons, in site metres."""

    mac: str
    x: float
    y: float


class Scene(Struct, frozen=True, kw_only=True):
    """What a platform knows beside the tag: its map, its gateways, the path of the one who is told by HTTP."""

    map: Map = Map()
    gateways: tuple[Gateway, ...] = ()
    path: str = "/"


Seen = dict[str, Any]  # what the tag measured, as an omlox Location has it
Speak = Callable[[Tag, Seen, float, Scene], list[Message]]


def _json(topic: str, body: Any) -> list[Message]:
    return [Message(topic, msgspec.json.encode(body))]


def omlox(tag: Tag, seen: Seen, _utc_s: float, _scene: Scene) -> list[Message]:
    """An omlox hub: the Location itself."""
    return _json(tag.topic, seen)


def card(tag: Tag, seen: Seen, utc_s: float, scene: Scene) -> list[Message]:
    """A Chinese card platform's push: figures in text, JSON in text, a number that wraps at 255."""
    x, y = (None, None) if tag.lost_fix else scene.map.drawn(*seen["position"]["coordinates"][:2])
    tag.sent = (tag.sent + 1) % 256
    beacons = [
        {"beaconstatus": "0", "rssi": str(-60 - 5 * at), "major": "10001", "minor": str(23 + at)}
        for at in range(tag.beacons)
    ]
    body = {
        "floorId": int(tag.spec.floor),
        "x": x if x is None else f"{x:.8f}",
        "y": y if y is None else f"{y:.8f}",
        "z": None,
        "cardAddr": tag.spec.provider_id,
        "entityId": "1",
        "entityName": "card",
        "entityType": "staff",
        "temperature": "36.4",
        "heartrate": None if tag.pulse_bpm is None else str(tag.pulse_bpm),
        "spo": None,
        "beacon": msgspec.json.encode(beacons).decode(),
        "timestamp": round((utc_s - tag.held_s) * 1000),
        "number": str(tag.sent),
        "gateway": tag.spec.source,
        "strength": "-97",
        "alarmStatus": "00000010" if tag.sos else "00000000",
        "sat": "0",
        "dopInt": None,
    }
    return _json(f"cards/{tag.spec.provider_id}/position", body)


def wristband(tag: Tag, seen: Seen, _utc_s: float, _scene: Scene) -> list[Message]:
    """A wristband gateway: no place but the gateway's, no time, vitals that mean nothing off the wrist."""
    felt = seen["properties"]
    tag.sent += 1
    body = {
        "content": "300B",
        "MAC": tag.spec.provider_id,
        "gateway id": tag.spec.source,
        "SOS": int(tag.sos),
        "heart rate": str(round(tag.pulse_bpm or 0)) if tag.worn else "0",
        "SpO2": 97,
        "skin temp": "33.1",
        "room temp": "24.0",
        "steps": 4711,
        "move": int(felt["moving"]),
        "wear": int(tag.worn),
        "battery level": str(round(tag.battery_pct)),
        "serial": tag.sent,
    }
    return _json(f"{tag.spec.source}_Health", body)


def _uplink(tag: Tag, utc_s: float, port: int, decoded: Seen) -> list[Message]:
    """ChirpStack v4's event of an uplink; several gateways may have heard it."""
    tag.sent += 1
    eui = tag.spec.provider_id
    body = {
        "deduplicationId": str(uuid.UUID(int=tag.chance.getrandbits(128))),
        "time": iso(utc_s).replace("Z", "123456+00:00"),
        "deviceInfo": {"applicationName": "site", "deviceProfileName": "tracker", "devEui": eui},
        "devAddr": "00189440",
        "adr": True,
        "fCnt": tag.sent,
        "fPort": port,
        "object": decoded,
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -48, "snr": 9}, {"gatewayId": "0016c001f153a14d"}],
    }
    return _json(f"application/0b3c/device/{eui}/event/up", body)


def at101(tag: Tag, seen: Seen, utc_s: float, scene: Scene) -> list[Message]:
    """Milesight AT101: whole millionths of a degree, and FFFFFFFF where there is no fix."""
    lon, lat = scene.map.drawn(*seen["position"]["coordinates"][:2])
    decoded = {
        "battery": round(tag.battery_pct),
        "temperature": 21.4,
        "position": "normal",
        "latitude": NO_FIX_DEG if tag.lost_fix else round(lat, 6),
        "longitude": NO_FIX_DEG if tag.lost_fix else round(lon, 6),
        "motion_status": "moving" if seen["properties"]["moving"] else "stop moving",
        "geofence_status": "unset",
    }
    return _uplink(tag, utc_s, 85, decoded)


def abeeway(tag: Tag, seen: Seen, utc_s: float, scene: Scene) -> list[Message]:
    """Abeeway: the age of the fix in steps of 8 s, at most 2040 s; without a fix no place."""
    lon, lat = scene.map.drawn(*seen["position"]["coordinates"][:2])
    place = {
        "age": min(OLDEST_S, math.floor(tag.held_s / AGE_STEP_S) * AGE_STEP_S),
        "gpsLatitude": round(lat, 7),
        "gpsLongitude": round(lon, 7),
        "horizontalAccuracy": tag.claimed_m,
        "rawPositionType": "GPS",
    }
    decoded = {
        "messageType": "POSITION_MESSAGE",
        "batteryLevel": round(tag.battery_pct),
        "sosFlag": int(tag.sos),
        "dynamicMotionState": "MOVING" if seen["properties"]["moving"] else "STATIC",
        **({"rawPositionType": "GPS_TIMEOUT"} if tag.lost_fix else place),
    }
    return _uplink(tag, utc_s, 18, decoded)


def traccar(tag: Tag, seen: Seen, utc_s: float, scene: Scene) -> list[Message]:
    """A Traccar server that forwards: times in ISO or epoch milliseconds by version, accuracy 0.0 for unknown."""
    lon, lat = scene.map.drawn(*seen["position"]["coordinates"][:2])
    fix_s = utc_s - tag.held_s
    tag.sent += 1
    position = {
        "id": tag.sent,
        "deviceId": 1,
        "protocol": "osmand",
        "serverTime": iso(utc_s).replace("Z", "+00:00"),
        "deviceTime": iso(utc_s).replace("Z", "+00:00"),
        "fixTime": iso(fix_s).replace("Z", "+00:00") if tag.sent % 2 else round(fix_s * 1000),
        "valid": not tag.lost_fix,
        "outdated": tag.lost_fix,
        "latitude": lat,
        "longitude": lon,
        "altitude": 4.0,
        "speed": 0.0,
        "course": 0.0,
        "accuracy": tag.claimed_m,
        "attributes": {
            "motion": seen["properties"]["moving"],
            "batteryLevel": tag.battery_pct,
            **({"alarm": "sos"} if tag.sos else {}),
        },
    }
    return _json(
        scene.path, {"position": position, "device": {"uniqueId": tag.spec.provider_id, "status": "online"}}
    )


def traccar_client(tag: Tag, seen: Seen, utc_s: float, scene: Scene) -> list[Message]:
    """The Traccar Client app from 9.0 on."""
    lon, lat = scene.map.drawn(*seen["position"]["coordinates"][:2])
    location = {
        "timestamp": iso(utc_s - tag.held_s),
        "coords": {
            "latitude": 0.0 if tag.lost_fix else lat,
            "longitude": 0.0 if tag.lost_fix else lon,
            "accuracy": tag.claimed_m,
            "speed": 0,
            "heading": 0,
            "altitude": 4,
        },
        "is_moving": seen["properties"]["moving"],
        "odometer": 0,
        "event": "motionchange",
        "battery": {"level": tag.battery_pct / 100, "is_charging": False},
        "activity": {"type": "still"},
        "extras": {},
    }
    return _json(scene.path, {"location": location, "device_id": tag.spec.provider_id})


def osmand(tag: Tag, seen: Seen, utc_s: float, scene: Scene) -> list[Message]:
    """The OsmAnd protocol: everything in the query of a GET."""
    lon, lat = scene.map.drawn(*seen["position"]["coordinates"][:2])
    said = {
        "id": tag.spec.provider_id,
        "timestamp": round(utc_s - tag.held_s),
        "lat": f"{lat:.7f}",
        "lon": f"{lon:.7f}",
        "accuracy": tag.claimed_m,
        "altitude": 4.0,
        "batt": tag.battery_pct,
        "valid": "false" if tag.lost_fix else "true",
        **({"alarm": "sos"} if tag.sos else {}),
    }
    return [Message(f"{scene.path}?{urlencode(said)}", b"")]


def _rssi(tag: Tag, seen: Seen, gateway: Gateway) -> int:
    """Free space from -59 dBm at one metre, and the weather of radio: a standard deviation of 4 dB."""
    x, y = seen["position"]["coordinates"][:2]
    far_m = max(0.5, math.dist((x, y), (gateway.x, gateway.y)))
    return max(-120, min(-20, round(-59 - 20 * math.log10(far_m) + tag.chance.gauss(0, 4))))


def april(tag: Tag, seen: Seen, utc_s: float, scene: Scene) -> list[Message]:
    """April Brother V4: MessagePack; each advertisement is type, address, RSSI + 256, data."""
    mac = bytes.fromhex(tag.spec.provider_id.replace(":", ""))
    said = bytes.fromhex("0201061AFF4C000215EB6D469624BE4663B15230D46B0E9CC9000D002AC0")
    found = []
    for gateway in scene.gateways:
        frame = bytes([0]) + mac + bytes([_rssi(tag, seen, gateway) + 256]) + said
        body = {"v": "1.5.2", "mid": tag.sent, "time": round(utc_s), "mac": gateway.mac, "devices": [frame]}
        found.append(Message(f"gw/{gateway.mac}/status", msgspec.msgpack.encode(body)))
    return found


def minew(tag: Tag, seen: Seen, utc_s: float, scene: Scene) -> list[Message]:
    """Minew G1: a JSON list, of which the first entry is the gateway itself."""
    found = []
    for gateway in scene.gateways:
        mac = gateway.mac.replace(":", "").upper()
        of_gateway = {
            "timestamp": iso(utc_s),
            "type": "Gateway",
            "mac": mac,
            "gatewayFree": 96,
            "gatewayLoad": 0.13,
        }
        address = tag.spec.provider_id.replace(":", "").upper()
        heard = {"timestamp": iso(utc_s), "type": "iBeacon", "mac": address, "rssi": _rssi(tag, seen, gateway)}
        found += _json(f"/gw/{mac}/status", [of_gateway, heard])
    return found


PLATFORMS: dict[str, Speak] = {
    "omlox": omlox,
    "card": card,
    "wristband": wristband,
    "at101": at101,
    "abeeway": abeeway,
    "traccar": traccar,
    "traccar_client": traccar_client,
    "osmand": osmand,
    "april": april,
    "minew": minew,
}
BY_HTTP = frozenset({"traccar", "traccar_client", "osmand"})


def spoilt(message: Message, kind: str, noise: bytes) -> Message:
    """The message as no reader may take it for a good one."""
    body = message.payload or message.topic.encode()
    wrong = {
        "truncated": body[: len(body) // 2],
        "not_json": b"tag ok",
        "array": b"[1, 2, 3]",
        "wrong_types": b'{"position": "here", "x": {}, "y": [], "timestamp": {}}',
        "nan": b'{"x": NaN, "y": NaN}',
        "nulls": b"null",
        "huge": body + b" " * 300_000 + b"x",
        "binary": noise,
        "empty": b"",
    }
    return Message(message.topic.partition("?")[0], wrong[kind])
