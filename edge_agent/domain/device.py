"""Devices: what is bolted to the site, as the rules see it (how it is wired is the settings' matter)."""

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
