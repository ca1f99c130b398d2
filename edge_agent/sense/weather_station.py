"""One weather station on a bus: its registers as wind, temperature and humidity. Unknown is not calm."""

import math

from edge_agent.domain.observation import Quality, Weather
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.gas_decode import Unreadable, raw_value
from edge_agent.sense.polled import Polled
from edge_agent.sense.profile import Value
from edge_agent.sense.weather_profile import WeatherProfile
from edge_agent.settings.site_sensors import WeatherTable

# The wind in m/s from which each Beaufort number from 1 to 12 holds (WMO-No. 8, 2018, volume I, 5.1).
BEAUFORT_MPS = (0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7)


class WeatherStation(Polled):
    """The state of one station between two polls."""

    def __init__(self, device: str, table: WeatherTable, profile: WeatherProfile) -> None:
        """Due at once."""
        super().__init__(
            device, table.unit_id or 0, profile.blocks, poll_s=table.poll_s, min_poll_s=profile.min_poll_s
        )
        self._profile = profile

    def _said(self, words: dict[int, int], now_s: float) -> Weather:
        profile = self._profile
        for one in profile.alive:
            if not one.least <= words[one.register] <= one.most:
                shown = f"{words[one.register]}（0x{one.register:04X}）"
                zh = f"气象站没有在测量：{shown} 不在 {one.least}..{one.most} 之内"
                en = f"the station does not measure: {words[one.register]} in 0x{one.register:04X} is not "
                return self._without(Quality.FAULT, Words(zh, f"{en}{one.least}..{one.most}"), now_s)
        try:
            wind_mps = _number(profile.wind, words)
        except Unreadable as wrong:
            return self._without(Quality.FAULT, wrong.words, now_s)
        if profile.force is not None and (odd := _disagrees(wind_mps, round(raw_value(profile.force, words)))):
            return self._without(Quality.FAULT, odd, now_s)
        if wind_mps > profile.wind_range_mps:
            most = profile.wind_range_mps
            zh, en = f"{wind_mps:g} m/s 超出量程 {most:g}", f"{wind_mps:g} m/s is beyond the range of {most:g}"
            return self._without(Quality.OVERRANGE, Words(zh, en), now_s)
        return Weather(
            source=self.device,
            at_s=now_s,
            quality=Quality.GOOD,
            wind_mps=wind_mps,
            wind_from_deg=_bearing(profile.direction, words),
            temperature_c=_or_none(profile.temperature, words),
            humidity_pct=_or_none(profile.humidity, words),
            pm2_5_ug_m3=_if_any(profile.pm2_5, words),
            pm10_ug_m3=_if_any(profile.pm10, words),
            noise_db=_if_any(profile.noise, words),
        )

    def _lost(self, words: Words, now_s: float) -> Weather:
        return self._without(Quality.COMM_FAIL, words, now_s)

    def _without(self, quality: Quality, words: Words, now_s: float) -> Weather:
        return Weather(source=self.device, at_s=now_s, quality=quality, detail=words)


def _number(value: Value, words: dict[int, int]) -> float:
    number = raw_value(value, words) * value.scale + value.offset
    if not math.isfinite(number) or number < 0:
        raise Unreadable(Words(f"风速 {number} 不是有效数值", f"a wind of {number} is no number that can be"))
    return round(number, 3)


def _disagrees(wind_mps: float, force: int) -> Words:
    """What is odd about a wind and a Beaufort number of the same moment, more than one apart."""
    reckoned = sum(wind_mps >= from_mps for from_mps in BEAUFORT_MPS)
    if abs(reckoned - force) <= 1:
        return NOTHING
    return Words(
        f"风速 {wind_mps:g} m/s 与风力 {force} 级不符：请核对配置中的 scale",
        f"a wind of {wind_mps:g} m/s is no force {force}: check the profile's scale of the wind",
    )


def _if_any(value: Value | None, words: dict[int, int]) -> float | None:
    """Dust and noise: an element that is not fitted or has died reads 0, which no air is."""
    number = _or_none(value, words)
    return None if number is None or number <= 0 else number


def _bearing(value: Value | None, words: dict[int, int]) -> float | None:
    """Where the wind comes from; what is no direction is left out."""
    number = _or_none(value, words)
    return None if number is None or not 0 <= number <= 360 else number % 360  # noqa: PLR2004 (a full turn)


def _or_none(value: Value | None, words: dict[int, int]) -> float | None:
    """Temperature and humidity decide nothing: what cannot be read is left out."""
    if value is None:
        return None
    number = raw_value(value, words) * value.scale + value.offset
    return round(number, 3) if math.isfinite(number) else None
