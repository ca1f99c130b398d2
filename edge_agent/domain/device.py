"""Devices: what is bolted to the site, as the rules see it (how it is wired is the settings' matter)."""

from hashlib import sha256

import msgspec
from msgspec import Struct

from edge_agent.domain.named import Named
from edge_agent.domain.words import Words


class DeviceKind(Named):
    """What a device is to the rules."""

    GAS = "gas"
    WEARABLE = "wearable"
    CAMERA = "camera"
    RELAY = "relay"
    WEATHER = "weather"
    GAUGE = "gauge"


class Device(Struct, frozen=True, kw_only=True):
    """One device: its id, its name for people, and how often it must be heard.

    `period_s` is how often the source promises to speak; `stale_after_s` how old its last word may
    be before it counts as silent (docs/domain.md 2.3: max(3 polls, 10 s)).
    """

    id: str
    kind: DeviceKind
    name: Words
    period_s: float
    stale_after_s: float
    channels: tuple[str, ...] = ()
    battery_life_h: float | None = None  # of a full charge, by its maker's word


class DeviceStatus(Named):
    """Whether a device may be relied on at all."""

    IN_SERVICE = "in_service"
    OUT_OF_SERVICE = "out_of_service"
    SCRAPPED = "scrapped"


class DeviceRecord(Struct, frozen=True, kw_only=True):
    """What somebody vouches for of one device, beside what it says itself (dn/device; [records] of site.toml).

    Times are UTC seconds; None means that nobody has said so, which satisfies nothing that the rulebook demands.
    """

    id: str
    status: DeviceStatus
    calibration_due_utc: float | None = None
    bump_tested_utc: float | None = None  # the last bump test that passed (ISEA: before each day's use)
    self_test_ok: bool | None = None
    valid_until_utc: float | None = None  # the record's own deadline
    bump_failed_utc: float | None = None  # a bump test that did not pass, and none has since
    covers: str = ""  # which detector it is about: nameplate, address, gas, range (settings/swapping.py)
    said: str = ""  # whose word it is: the centre's, this box's own, or the hash of what site.toml says


CENTRE, BOX = "centre", "box"  # `said`: it stands whatever the files say; people here began it


def digest(written: DeviceRecord) -> str:
    """By what the word of site.toml is known; a field that comes later, and is not said, changes nothing."""
    names = (name for name in written.__struct_fields__ if name not in {"covers", "said"})
    plain = {name: value for name in names if (value := getattr(written, name)) is not None}
    return sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()[:16]
