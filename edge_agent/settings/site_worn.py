"""site.toml's tables of wearables, and of what their platform's names mean here."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.settings.site_values import Id

Floor = Annotated[
    str, Meta(pattern=r"^-?[0-9]{1,3}(\.[0-9])?$", description="floor number, as the platform writes it")
]


class WearableTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[wearables.<id>]: one tag, as its platform names it, heard over the field broker or by HTTP.

    What the platform's messages mean stands in a profile of firmware_configs/wearables/. A heart rate is about
    somebody's health: it is read only where the site says so.
    """

    name: Words
    profile: Id
    provider_id: Annotated[str, Meta(min_length=1, max_length=128)]
    period_s: Annotated[float, Meta(ge=0.1, le=3600)] = 5.0  # how often it promises to speak
    heart_rate: bool = False
    battery_life_h: Annotated[float, Meta(gt=0, le=100_000)] | None = None  # of a full charge, by its maker's word


class PositioningTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[positioning]: what the positioning platform's own names mean on this site.

    `zones`: the zone that a single beacon stands for, and the area that it is; `floors_m`: how high each floor
    lies above the site's origin; `crs`: the coordinate system of a profile that leaves it to the site;
    `call_at`: what a profile's [call] needs of the site, such as a ChirpStack application's id.
    """

    crs: dict[Id, Literal["wgs84", "cgcs2000", "gcj02", "bd09", "local"]] = {}
    call_at: dict[Id, Annotated[str, Meta(min_length=1, max_length=128)]] = {}
    zones: dict[str, Id] = {}
    floors_m: dict[Floor, Annotated[float, Meta(ge=-500, le=1000)]] = {}
