"""One weather station on a bus: its registers as wind, temperature and humidity. Unknown is not calm."""

import math

from edge_agent.domain.observation import Quality, Weather
from edge_agent.domain.words import Words
from edge_agent.sense.gas_decode import Unreadable, raw_value
from edge_agent.sense.polled import Polled
from edge_agent.sense.profile import Value
from edge_agent.sense.weather_profile import WeatherProfile
from edge_agent.settings.site_devices import WeatherTable


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
        if wind_mps > profile.wind_range_mps:
            most = profile.wind_range_mps
            zh, en = f"{wind_mps:g} m/s 超出量程 {most:g}", f"{wind_mps:g} m/s is beyond the range of {most:g}"
            return self._without(Quality.OVERRANGE, Words(zh, en), now_s)
        return Weather(
            source=self.device,
            at_s=now_s,
            quality=Quality.GOOD,
            wind_mps=wind_mps,
            temperature_c=_or_none(profile.temperature, words),
            humidity_pct=_or_none(profile.humidity, words),
        )

    def _lost(self, words: Words, now_s: float) -> Weather:
        return self._without(Quality.COMM_FAIL, words, now_s)

    def _without(self, quality: Quality, words: Words, now_s: float) -> Weather:
        return Weather(source=self.device, at_s=now_s, quality=quality, detail=words)


def _number(value: Value, words: dict[int, int]) -> float:
    number = raw_value(value, words) * value.scale
    if not math.isfinite(number) or number < 0:
        raise Unreadable(Words(f"风速 {number} 不是有效数值", f"a wind of {number} is no number that can be"))
    return round(number, 3)


def _or_none(value: Value | None, words: dict[int, int]) -> float | None:
    """Temperature and humidity decide nothing: what cannot be read is left out."""
    if value is None:
        return None
    number = raw_value(value, words) * value.scale
    return round(number, 3) if math.isfinite(number) else None
