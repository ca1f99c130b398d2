"""What is measured all the time: gas and air, places, wearables, protective equipment, cameras.

These messages are the first to give way (store/room.py): whatever decides anything is told as an event as well.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.observation import Quality
from edge_agent.domain.words import Words
from edge_agent.tell.contract.context import AirTold
from edge_agent.tell.contract.messages import Demo, Source
from edge_agent.tell.contract.permit_events import Area
from edge_agent.tell.contract.values import Time

Device = Annotated[str, Meta(description="id of site.toml")]
Age = Annotated[float | None, Meta(description="seconds since it was measured; null: never")]
PersonOrNone = Annotated[str, Meta(description="id of the person who wears it; empty: nobody is known to")]


class Measured(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What each of them carries."""

    source: Source
    bootid: str
    demo: Demo
    time: Time
    clocktrust: Literal["trusted", "untrusted"]
    is_historical: Annotated[bool, Meta(description="true: told more than a minute after `time`")] = False


class GasTold(Struct, frozen=True, kw_only=True):
    """One channel. A value that is not known is null beside its quality, never 0."""

    device: Device
    gas: Annotated[str, Meta(description="gas id: ch4, o2, h2s, co, ...")]
    level: float | None
    unit: str
    quality: Annotated[Quality, Meta(description="only good satisfies anything")]
    age_s: Age
    area: Area
    danger: Annotated[bool, Meta(description="beyond a stop limit, over-range, or alarming by itself")]
    warning: Annotated[bool, Meta(description="beyond the warning limit")]


class GaugeTold(Struct, frozen=True, kw_only=True):
    """One gauge. A value that is not known is null beside its quality, never 0."""

    device: Device
    measures: Annotated[str, Meta(description="temperature, humidity, level, pressure, flow, ...")]
    level: float | None
    unit: str
    quality: Annotated[Quality, Meta(description="only good satisfies anything")]
    age_s: Age
    area: Area
    crossed: Annotated[str, Meta(description="limit of the site: high_high, high, low, low_low; empty: none")]


class Gas(Measured, frozen=True, kw_only=True):
    """Every gas channel of the unit at one moment: each 10 s while anybody works, each second in an emergency."""

    schema: Literal["edge_agent.gas.v1"]
    channels: tuple[GasTold, ...]
    air: Annotated[tuple[AirTold, ...], Meta(description="of each weather station")]
    gauges: Annotated[
        tuple[GaugeTold, ...], Meta(description="temperature, level, pressure ...; absent: none")
    ] = ()


class LocTold(Struct, frozen=True, kw_only=True):
    """Where one wearable is. Where `fresh` is false, nobody knows where its wearer is now."""

    tag: Device
    person: PersonOrNone
    fresh: bool
    age_s: Age
    area: Annotated[str, Meta(description="id of the area; empty: in none, or not known")]
    x_m: float | None
    y_m: float | None
    z_m: float | None
    accuracy_m: Annotated[float | None, Meta(description="null: not known, which is never perfect")]
    lat: Annotated[float | None, Meta(description="degrees, WGS-84 as CGCS2000 (centimetres apart)")]
    lon: Annotated[float | None, Meta(description="degrees, likewise")]


class Loc(Measured, frozen=True, kw_only=True):
    """Where every wearable of the unit is; as often as gas."""

    schema: Literal["edge_agent.loc.v1"]
    tags: tuple[LocTold, ...]


class WearTold(Struct, frozen=True, kw_only=True):
    """What one wearable says of its wearer and of itself; null: it does not say."""

    tag: Device
    person: PersonOrNone
    heard: Annotated[bool, Meta(description="its last word is young enough to speak of the present")]
    age_s: Age
    worn: bool | None
    sos: bool
    fall: bool
    still_s: Annotated[float | None, Meta(description="seconds since its wearer last moved")]
    heart_rate_bpm: float | None
    battery_pct: float | None
    hook: Annotated[
        str | None, Meta(description="of his harness: worn, missing, unsure; null: no hook speaks")
    ] = None
    hook_s: Annotated[float | None, Meta(description="seconds since when it is so; null: nobody knows")] = None
    breathing: Annotated[
        str | None, Meta(description="his breathing apparatus: worn, missing, unsure; null: no contact speaks")
    ] = None
    breathing_s: Annotated[float | None, Meta(description="seconds since when it is so: how long it is worn")] = (
        None
    )


class Wear(Measured, frozen=True, kw_only=True):
    """Every wearable of the unit; as often as gas."""

    schema: Literal["edge_agent.wear.v1"]
    tags: tuple[WearTold, ...]


class PpeTold(Struct, frozen=True, kw_only=True):
    """One camera in one shift; who could not be judged is in neither of the first two."""

    camera: Device
    shift: str
    compliant: int
    should_check: int
    not_assessable: int
    compliant_pct: Annotated[float | None, Meta(description="null: nobody could be judged")]


class PpeCounts(Measured, frozen=True, kw_only=True):
    """People in pictures and what they wear, counted over the local day so far; once a minute where it changed."""

    schema: Literal["edge_agent.ppe.v1"]
    date: Annotated[str, Meta(description="local date, YYYY-MM-DD")]
    counts: tuple[PpeTold, ...]


class Video(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to get at one camera's stream; told once per start. Logins are never told."""

    schema: Literal["edge_agent.video.v1"]
    source: Source
    demo: Demo
    camera: Device
    name: Words
    url: Annotated[str, Meta(description="of the stream, without a login; empty: it hangs on the unit itself")]
    gb28181: Annotated[str, Meta(description="its code on the park's video platform (GB/T 28181), or empty")]
    areas: Annotated[tuple[str, ...], Meta(description="ids of the areas that it sees")]
    recorded_by: Annotated[str, Meta(description="recorder of the site that keeps it, or empty")]
