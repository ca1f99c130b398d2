"""Named values of a sensor -> what they say, by its profile. Pure; knows no broker, no server and no clock."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from edge_agent.domain.observation import Contact, Quality, Reading, Weather, has_number
from edge_agent.domain.words import NOTHING, Words, WordsError, joined
from edge_agent.sense.gas_decode import judge
from edge_agent.sense.profile import Meaning
from edge_agent.sense.sampled.profile import CONTACT, SITE, Codes, Number, SampledProfile

NO_ALARM_FLAG = Meaning(quality=Quality.FAULT, says=Words("没有报警位", "its alarm flag is not there"))

Raw = float | str | bool | None


class Unreadable(WordsError):  # noqa: N818 (a value that cannot be read; becomes a FAULT)
    """A value means nothing; str() says why."""


class Sampled(Struct, frozen=True, kw_only=True):
    """All values of one moment. `quality` and `why` are the way's own word (a server's status code).

    `source_utc`: when it was measured, by the sensor's clock; None where nothing says so.
    """

    values: Mapping[str, Raw]
    source_utc: float | None = None
    age_s: float = 0.0  # since then, where the two clocks can be compared
    quality: Quality = Quality.GOOD
    why: Words = NOTHING


def reading(profile: SampledProfile, said: Sampled, device: str, gas: str, now_s: float) -> Reading:
    """One gas channel or gauge. Whatever the profile cannot explain is a FAULT with words."""
    quality, alarm, says = _state(profile, said)
    level, unit = None, ""
    if has_number(quality):
        try:
            _check_gas(profile, said.values, gas)
            unit, factor = _unit(profile, said.values)
            found = number(profile.level, "level", said) * factor
            quality, level, more = judge(found, _span(profile), quality, unit)
        except Unreadable as wrong:
            quality, more = Quality.FAULT, wrong.words
        says = joined((more, says))
    return Reading(
        source=device, at_s=now_s, channel=gas, level=level, unit=unit, quality=quality, device_alarm=alarm,
        age_s=said.age_s, detail=says,
    )  # fmt: skip


def weather(profile: SampledProfile, said: Sampled, device: str, now_s: float) -> Weather:
    """One weather station. Unknown is not calm."""
    quality, _, says = _state(profile, said)
    if quality is not Quality.GOOD:
        return Weather(source=device, at_s=now_s, quality=quality, detail=says)
    try:
        wind_mps = _speed(profile.wind, said)
    except Unreadable as wrong:
        return Weather(source=device, at_s=now_s, quality=Quality.FAULT, detail=wrong.words)
    most = profile.wind_range_mps or 0.0
    if wind_mps > most:
        words = Words(f"{wind_mps:g} m/s 超出量程 {most:g}", f"{wind_mps:g} m/s is beyond the range of {most:g}")
        return Weather(source=device, at_s=now_s, quality=Quality.OVERRANGE, detail=words)
    return Weather(
        source=device,
        at_s=now_s,
        quality=Quality.GOOD,
        wind_mps=round(wind_mps, 3),
        temperature_c=_or_none(profile.temperature, "temperature", said),
        humidity_pct=_or_none(profile.humidity, "humidity", said),
        pm2_5_ug_m3=_or_none(profile.pm2_5, "pm2_5", said),
        pm10_ug_m3=_or_none(profile.pm10, "pm10", said),
        noise_db=_or_none(profile.noise, "noise", said),
        detail=says,
    )


def contact(profile: SampledProfile, said: Sampled, device: str, channel: str, now_s: float) -> Contact:
    """One dry contact. What is not said plainly, and as good, is not read: the unsafe side of every contact."""
    quality, _, says = _state(profile, said)
    raw = said.values.get(f"{CONTACT}0")
    inputs = profile.inputs
    if quality is not Quality.GOOD or inputs is None:
        return Contact(source=device, at_s=now_s, channel=channel, closed=None, detail=says)
    if isinstance(raw, str) or raw not in {0, 1}:
        shown = str(raw)[:40]
        words = Words(f"触点的值 {shown} 无法识别", f"{shown} says of no contact whether it is closed")
        return Contact(source=device, at_s=now_s, channel=channel, closed=None, detail=words)
    return Contact(source=device, at_s=now_s, channel=channel, closed=bool(raw) is inputs.closed, detail=says)


def _speed(place: Number | None, said: Sampled) -> float:
    wind_mps = number(place, "wind", said)
    if wind_mps < 0:
        raise Unreadable(Words(f"风速 {wind_mps:g} 不可能", f"a wind of {wind_mps:g} cannot be"))
    return wind_mps


def number(place: Number | None, name: str, said: Sampled) -> float:
    """The number under this name; raises Unreadable for anything that is not one."""
    if place is None:
        raise Unreadable(Words(f"配置中没有 {name}", f"the profile has no {name}"))
    raw = said.values.get(name)
    if raw is None:
        raise Unreadable(Words(f"没有 {name}（{place.at}）", f"{name} is not there ({place.at})"))
    if isinstance(raw, bool | str):
        shown = str(raw)[:40]
        raise Unreadable(Words(f"{name} 不是数值：{shown}", f"{name} is no number: {shown}"))
    if not math.isfinite(raw):
        raise Unreadable(Words(f"{name} 是 {raw}，不是数值", f"{name} is {raw}, which is no number"))
    return raw * place.scale


def utc_of(raw: Raw, form: str) -> float | None:
    """Seconds since 1970 of a time as the sensor writes it; None for anything else."""
    if isinstance(raw, bool) or raw is None:
        return None
    if form == "iso8601":
        if not isinstance(raw, str):
            return None
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if isinstance(raw, str) or not math.isfinite(raw):
        return None
    return raw / 1000 if form == "unix_ms" else raw


def _or_none(place: Number | None, name: str, said: Sampled) -> float | None:
    """Temperature and humidity decide nothing: what cannot be read is left out."""
    try:
        return round(number(place, name, said), 3)
    except Unreadable:
        return None


def _state(profile: SampledProfile, said: Sampled) -> tuple[Quality, bool, Words]:
    """The worst of the way's own word and the sensor's words, and the sensor's alarm."""
    found = [Meaning(quality=said.quality, says=said.why)]
    if said.quality is Quality.GOOD:
        found += [_meaning(one, said.values.get(f"quality.{at}")) for at, one in enumerate(profile.quality)]
    if profile.alarm is not None:
        flag = said.values.get("alarm")
        known = flag is not None and not isinstance(flag, str)
        found.append(Meaning(quality=Quality.GOOD, alarm=bool(flag)) if known else NO_ALARM_FLAG)
    quality = max((one.quality for one in found), key=_severity)
    return quality, any(one.alarm for one in found), joined(one.says for one in found)


def _meaning(known: Codes, raw: Raw) -> Meaning:
    code = _text(raw)
    if code is not None and code in known.codes:
        return known.codes[code]
    return Meaning(quality=Quality.FAULT, says=_not_listed("状态", "state", code))


def _severity(quality: Quality) -> int:
    """Over-range is danger and stands above everything; then no number; then a number with a caveat."""
    if quality is Quality.OVERRANGE:
        return 3
    if not has_number(quality):
        return 2
    return 0 if quality is Quality.GOOD else 1


def _text(raw: Raw) -> str | None:
    """How a code is written in a profile: 1.0 and 1 alike as "1", true as "true"."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return None if raw is None else str(raw)


def _check_gas(profile: SampledProfile, values: Mapping[str, Raw], gas: str) -> None:
    if profile.gas is None:
        return
    code = _text(values.get("gas"))
    may_be = None if code is None else profile.gas.codes.get(code)
    if may_be is None:
        raise Unreadable(_not_listed("气体", "gas", code))
    if gas not in may_be:
        listed = " / ".join(may_be)
        raise Unreadable(
            Words(f"传感器测的是 {listed}，配置的是 {gas}", f"the sensor measures {listed}, configured is {gas}")
        )


def _unit(profile: SampledProfile, values: Mapping[str, Raw]) -> tuple[str, float]:
    """The unit, and by what the number is multiplied to be in it."""
    if profile.unit is None or profile.unit == SITE:
        raise Unreadable(Words("单位未知", "its unit is not known"))
    if isinstance(profile.unit, str):
        return profile.unit, 1.0
    code = _text(values.get("unit"))
    known = None if code is None else profile.unit.codes.get(code)
    if known is None:
        raise Unreadable(_not_listed("单位", "unit", code))
    return known.unit, known.factor


def _span(profile: SampledProfile) -> tuple[float, float]:
    if profile.full_scale is None or isinstance(profile.full_scale, str):
        raise Unreadable(Words("量程未知", "its range is not known"))
    return profile.range_from, profile.full_scale


def _not_listed(zh: str, en: str, code: str | None) -> Words:
    if code is None:
        return Words(f"没有{zh}", f"its {en} is not there")
    return Words(f"{zh} {code[:40]} 不在配置文件中", f"the {en} {code[:40]} is not in the profile")
