"""Weather: a station's last word judged at this instant. A station that is silent is not calm."""

from msgspec import Struct

from edge_agent.domain.device import Device
from edge_agent.domain.observation import Quality, Weather
from edge_agent.domain.words import NOTHING, Words


class Station(Struct, frozen=True, kw_only=True):
    """One weather station now. `wind_mps` is None wherever the quality carries no number."""

    device: Device
    quality: Quality
    wind_mps: float | None = None
    wind_from_deg: float | None = None
    temperature_c: float | None = None
    humidity_pct: float | None = None
    pm2_5_ug_m3: float | None = None
    pm10_ug_m3: float | None = None
    noise_db: float | None = None
    age_s: float | None = None
    detail: Words = NOTHING


def station(device: Device, last: Weather | None, now_s: float) -> Station:
    """What this station's last word is worth at `now_s`. Silence is MISSING or STALE, never a value."""
    if last is None:
        return Station(device=device, quality=Quality.MISSING)
    age_s = now_s - last.at_s
    if age_s > device.stale_after_s:
        return Station(device=device, quality=Quality.STALE, age_s=age_s, detail=last.detail)
    return Station(
        device=device,
        quality=last.quality,
        wind_mps=last.wind_mps if last.quality is Quality.GOOD else None,
        wind_from_deg=last.wind_from_deg if last.quality is Quality.GOOD else None,
        temperature_c=last.temperature_c,
        humidity_pct=last.humidity_pct,
        pm2_5_ug_m3=last.pm2_5_ug_m3,
        pm10_ug_m3=last.pm10_ug_m3,
        noise_db=last.noise_db,
        age_s=age_s,
        detail=last.detail,
    )
