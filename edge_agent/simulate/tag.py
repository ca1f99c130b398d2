"""One tag as its positioning platform publishes it: an omlox hub Location (API v2), and its faults.

omlox leaves `properties` free. This platform writes there: moving, worn, sos, battery_pct; button ("none", or
"confirm" while the side button is held); alarms with fall and still_ms (milliseconds since the last movement);
vitals with hr (beats per minute, null off the wrist).
"""

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from edge_agent.simulate.dice import dice
from edge_agent.simulate.walker import Place, Walker

# Gaps of a real BLE/LoRa wristband, 106 fixes: median 7.9 s, p90 23.7 s, p95 43.5 s, longest 103 s
# (docs/domain.md 2.5 G3); straight lines between, and 1 s as the shortest.
REAL_GAPS_S = ((0.0, 1.0), (0.5, 7.9), (0.9, 23.7), (0.95, 43.5), (1.0, 103.0))
Malformed = Literal["truncated", "not_json", "array", "wrong_types", "nan", "nulls", "huge", "binary", "empty"]


class TagSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tag of the configuration: where its wearer's post is, and how well it is measured."""

    provider_id: str
    x: float
    y: float
    z: float | None = None
    roam_m: float = 1.0
    accuracy_m: float = 0.3
    floor: float = 0.0
    battery_pct: float = 87.0
    source: str = "site"
    provider_type: str = "uwb"
    held_s: float = 0.0


def real_gap_s(chance: random.Random) -> float:
    """One gap of the real distribution."""
    part = chance.random()
    for (low, low_s), (high, high_s) in itertools.pairwise(REAL_GAPS_S):
        if part <= high:
            return low_s + (high_s - low_s) * (part - low) / (high - low)
    return REAL_GAPS_S[-1][1]


class Tag:
    """A tag, its wearer, and what is wrong with it."""

    def __init__(self, spec: TagSpec, seed: int, now_s: float) -> None:
        """At its post from `now_s` on."""
        self.spec = spec
        self.chance = dice(seed, spec.provider_id)
        self.walker = Walker(Place(spec.x, spec.y), spec.roam_m, self.chance, now_s)
        self.worn = True
        self.sos = False
        self.fallen = False
        self.pulse_bpm: float | None = 72.0
        self.pressed_until_s = 0.0
        self._stirred_s = now_s
        self.battery_pct = spec.battery_pct
        self.claimed_m = spec.accuracy_m  # how exact the platform says that the place is
        self.silent_until_s = 0.0
        self.due_s = now_s
        self.last: Sequence[Any] = ()  # the last messages as sent, for a duplicate
        self.sent = 0  # how many messages
        self.lost_fix = False  # no satellite is seen: what the platform then sends is its own matter
        self.held_s = spec.held_s  # the platform sends a fix that is so old, however fresh the message
        self.beacons = 3  # of which a fix is made

    @property
    def topic(self) -> str:
        """Where the platform publishes it."""
        return f"omlox/{self.spec.provider_id}/location"

    def locate(self, now_s: float, utc_s: float) -> dict[str, Any]:
        """Walk on until `now_s` and measure: one Location with the fix of second `utc_s`."""
        self.walker.step(now_s)
        moving = self.walker.moving and self.worn
        if moving:
            self._stirred_s = now_s
        blur_m = self.spec.accuracy_m / 2
        x = self.walker.at.x_m + self.chance.gauss(0, blur_m)
        y = self.walker.at.y_m + self.chance.gauss(0, blur_m)
        return {
            "position": {"type": "Point", "coordinates": [round(x, 3), round(y, 3), *self._height()]},
            "source": self.spec.source,
            "provider_type": self.spec.provider_type,
            "provider_id": self.spec.provider_id,
            "trackables": [],
            "timestamp_generated": iso(utc_s - self.held_s),
            "timestamp_sent": iso(utc_s + 0.05),
            "crs": "local",
            "accuracy": self.claimed_m,
            "floor": self.spec.floor,
            "speed": round(self.walker.speed_m_s, 2),
            "properties": {
                "moving": moving,
                "worn": self.worn,
                "sos": self.sos,
                "battery_pct": self.battery_pct,
                "button": "confirm" if now_s < self.pressed_until_s else "none",
                "alarms": {"fall": self.fallen, "still_ms": round(1000 * (now_s - self._stirred_s))},
                "vitals": {"hr": self.pulse_bpm if self.worn else None},
            },
        }

    def _height(self) -> list[float]:
        return [] if self.spec.z is None else [self.spec.z]

    def malform(self, kind: Malformed, now_s: float, utc_s: float) -> bytes:
        """A message that no reader may take for a good one."""
        good = self.locate(now_s, utc_s)
        text = msgspec.json.encode(good)
        wrong: dict[str, Any] = {
            "wrong_types": good | {"position": "here", "accuracy": "good", "timestamp_generated": 7},
            "nulls": good | {"position": None, "timestamp_generated": None, "properties": None},
            "array": [good],
            "huge": good | {"properties": {"moving": True, "filler": "x" * 300_000}},
        }
        match kind:
            case "truncated":
                return text[: len(text) // 2]
            case "not_json":
                return b"tag ok"
            case "nan":  # what Python's json.dumps writes for NaN; JSON has no such word
                return text.replace(text[text.index(b"[") : text.index(b"]") + 1], b"[NaN,NaN]", 1)
            case "binary":
                return self.chance.randbytes(64)
            case "empty":
                return b""
            case _:
                return msgspec.json.encode(wrong[kind])


def iso(utc_s: float) -> str:
    """ISO 8601 in UTC with milliseconds and Z, as omlox hubs write it."""
    return dt.datetime.fromtimestamp(utc_s, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
