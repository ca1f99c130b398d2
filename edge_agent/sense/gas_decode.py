"""Registers of a gas detector -> what they say, by its profile. Pure; knows no socket and no clock.

Anything that the profile cannot explain (an unknown code, a number that is no number, a range of zero,
another gas than configured) is a FAULT with words. A number is never altered: no zero suppression, no
averaging, no clamping (docs/domain.md 2.3: a driver that blanked |value| <= 3 ppm hid chlorine).
"""

import math
import struct
from collections.abc import Mapping

from msgspec import Struct

from edge_agent.domain.observation import Quality, has_number
from edge_agent.domain.words import NOTHING, Words, WordsError, joined
from edge_agent.sense.profile import Alive, Field, FullScale, GasProfile, Latching, Loop, UnitCode, Value

Words16 = Mapping[int, int]  # register address -> its 16 bits

# docs/domain.md 2.3: further below zero than 5 % of the range is a fault, not clean air.
LARGEST_NEGATIVE = 0.05
# No gas is measured in numbers as small as this: a float of which they are made has its words swapped.
# (50.0 read in the wrong order is 2.4e-41, which would pass for clean air.)
SMALLEST_F32 = 1e-20
DIGITS = 9
NAMEPLATE_SHARE = 0.001  # a range that is told and one of the nameplate are the same, but for rounding
LATCHED = Words("报警已锁存：请在检测仪上复位", "its alarm is latched: reset it at the detector")


class Decoded(Struct, frozen=True, kw_only=True):
    """One reply in words of the domain; `level` is None wherever the quality carries no number."""

    level: float | None
    unit: str
    quality: Quality
    device_alarm: bool
    age_s: float
    detail: Words
    beat: int | None = None


class Unreadable(WordsError):  # noqa: N818 (a reply that cannot be read; becomes a FAULT reading)
    """The registers of a reply mean nothing; str() says why."""


def decode(profile: GasProfile, words: Words16, gas: str, nameplate: float | None = None) -> Decoded:
    """What one reply says about `gas` (the id that site.toml expects at this place).

    `nameplate`: the range that site.toml expects, in the unit of the reading. The profile is that of one channel
    (profile_fit.fitted).
    """
    beat = bits(words, profile.heartbeat) if profile.heartbeat is not None else None
    age_s = bits(words, profile.age) * profile.age.unit_s if profile.age is not None else 0.0
    quality, alarm, says = _state(profile, words)
    unit, level = "", None
    if alarm and _latches(profile, words):
        says = joined((says, LATCHED))
    # Without a number nothing else is asked of the reply: an all-zero one is a detector warming up.
    if has_number(quality):
        try:
            unit, quality, level, more = _measure(profile, words, (gas, nameplate), quality)
        except Unreadable as wrong:
            quality, more = Quality.FAULT, wrong.words
        says = joined((more, says))
    return Decoded(
        level=level, unit=unit, quality=quality, device_alarm=alarm, age_s=age_s, detail=says, beat=beat
    )


def _measure(
    profile: GasProfile, words: Words16, expected: tuple[str, float | None], quality: Quality
) -> tuple[str, Quality, float | None, Words]:
    """Unit, quality, level and words of a reply whose status says that there is a number."""
    gas, nameplate = expected
    _check_gas(profile, words, gas)
    code = _unit(profile, words)
    factor = profile.value.scale * code.factor / 10 ** _places(profile, words)
    raw = raw_value(profile.value, words)
    full_scale = _full_scale(profile, words, factor)
    _check_range(full_scale, nameplate, code.unit)
    if profile.loop is not None:
        span = (profile.range_from, full_scale)
        return code.unit, *_of_current(raw * profile.value.scale, profile.loop, span, quality, code.unit)
    # What the wire says in digits keeps its digits: 3 x 0.1 is a little more than 0.3, and beyond a limit of 0.3.
    number = round(raw * factor + profile.value.offset, DIGITS)
    return code.unit, *judge(number, (profile.range_from, full_scale), quality, code.unit)


def bits(words: Words16, field: Field) -> int:
    """The field's bits as a number."""
    return (words[field.register] >> field.shift) & ((1 << field.bits) - 1)


def raw_value(value: Value, words: Words16) -> float:
    """The number as sent, before scale and decimals."""
    high = words[value.register]
    match value.type:
        case "u16":
            return high
        case "s16":
            return high - 0x10000 if high & 0x8000 else high
        case "hex_digits":
            digits = f"{high:04X}"
            if not digits.isdecimal():
                raise Unreadable(Words(f"0x{digits} 不是十进制数字", f"0x{digits} is not made of decimal digits"))
            return int(digits)
        case "byte_pair":
            whole, tenths = divmod(high, 0x100)
            if tenths > 9:  # noqa: PLR2004 (tenths are one digit)
                raise Unreadable(Words(f"0x{high:04X} 的小数位为 {tenths}", f"tenths of {tenths} in 0x{high:04X}"))
            return whole + tenths / 10
        case "u32" | "s32" | "f32":
            return _wide(value, high, words[value.register + 1])


def _wide(value: Value, high: int, low: int) -> float:
    sent = high.to_bytes(2, "big") + low.to_bytes(2, "big")
    ordered = bytes(sent["ABCD".index(letter)] for letter in _inverse(value.order))
    form = {"u32": ">I", "s32": ">i", "f32": ">f"}[value.type]
    number: float = struct.unpack(form, ordered)[0]
    if value.type == "f32" and 0 < abs(number) < SMALLEST_F32:
        zh = f"{number:g} 不是测量值：字序（order）可能写错"
        raise Unreadable(Words(zh, f"{number:g} is no measurement: the order of its words may be wrong"))
    return number


def _inverse(order: str) -> str:
    """`order` names the bytes as they were sent; this gives the place of A, B, C and D among them."""
    return "".join("ABCD"[order.index(letter)] for letter in "ABCD")


def _state(profile: GasProfile, words: Words16) -> tuple[Quality, bool, Words]:
    """Quality, own alarm and words: the worst of the status code and of every flag that is set."""
    found: list[tuple[Quality, bool, Words]] = []
    if profile.status is not None:
        code = bits(words, profile.status)
        meaning = profile.status.codes.get(code)
        if meaning is None:
            found.append((Quality.FAULT, False, _not_listed("状态码", "status", code)))
        else:
            found.append((meaning.quality, meaning.alarm, meaning.says))
    found.extend(
        (flag.quality, flag.alarm, flag.says)
        for flag in profile.flags
        if (words[flag.register] >> flag.bit) & 1 == flag.when and _holds(words[flag.register], flag.only_with_bit)
    )
    found.extend(_not_alive(one, bits(words, one)) for one in profile.alive)
    quality = max((one for one, _, _ in found), key=_severity, default=Quality.GOOD)
    return quality, any(alarm for _, alarm, _ in found), joined(says for _, _, says in found)


def _holds(word: int, bit: int | None) -> bool:
    return bit is None or bool((word >> bit) & 1)


def _not_alive(proof: Alive, told: int) -> tuple[Quality, bool, Words]:
    """Nothing to say if the field is as it must be; else the device is another one, or not working."""
    if proof.least <= told <= proof.most:
        return Quality.GOOD, False, NOTHING
    span = f"{proof.least}" if proof.least == proof.most else f"{proof.least}..{proof.most}"
    zh = f"{proof.says.zh}：读到 {told}，应为 {span}"
    return Quality.FAULT, False, Words(zh, f"{proof.says.en}: reads {told} instead of {span}")


def _latches(profile: GasProfile, words: Words16) -> bool:
    latching = profile.latching
    return latching.codes.get(bits(words, latching), True) if isinstance(latching, Latching) else latching


def _severity(quality: Quality) -> int:
    """Over-range is danger and stands above everything; then no number; then a number with a caveat."""
    if quality is Quality.OVERRANGE:
        return 3
    if not has_number(quality):
        return 2
    return 0 if quality is Quality.GOOD else 1


def _check_gas(profile: GasProfile, words: Words16, gas: str) -> None:
    if profile.gas is None:
        return
    code = bits(words, profile.gas)
    may_be = profile.gas.codes.get(code)
    if may_be is None:
        zh = f"检测仪的气体代码 {code} 不在配置文件中，应为 {gas}"
        raise Unreadable(
            Words(zh, f"the detector says gas code {code}, which is not in the profile; expected {gas}")
        )
    if gas not in may_be:
        zh = f"检测仪测的是 {' 或 '.join(may_be)}（代码 {code}），配置的是 {gas}"
        en = f"the detector measures {' or '.join(may_be)} (code {code}), configured is {gas}"
        raise Unreadable(Words(zh, en))


def _unit(profile: GasProfile, words: Words16) -> UnitCode:
    if profile.unit == "site":
        raise Unreadable(Words("site.toml 没有写单位", "site.toml does not say its unit"))
    if isinstance(profile.unit, str):
        return UnitCode(unit=profile.unit)
    code = bits(words, profile.unit)
    unit = profile.unit.codes.get(code)
    if unit is None:
        raise Unreadable(_not_listed("单位代码", "unit code", code))
    return unit


def _places(profile: GasProfile, words: Words16) -> int:
    decimals = profile.value.decimals
    if decimals is None:
        return 0
    code = bits(words, decimals)
    places = decimals.codes.get(code)
    if places is None:
        raise Unreadable(_not_listed("小数位代码", "decimals code", code))
    return places


def _check_range(full_scale: float, nameplate: float | None, unit: str) -> None:
    if nameplate is not None and abs(full_scale - nameplate) > NAMEPLATE_SHARE * nameplate:
        zh = f"检测仪量程为 {full_scale:g} {unit}，配置的是 {nameplate:g}"
        en = f"the detector's range is {full_scale:g} {unit}, configured is {nameplate:g}"
        raise Unreadable(Words(zh, en))


def _of_current(
    current_ma: float, loop: Loop, span: tuple[float, float], quality: Quality, unit: str
) -> tuple[Quality, float | None, Words]:
    """A current of a 4-20 mA loop: what the transmitter says by it, by NAMUR NE43, or the level that it means."""
    at = f"{current_ma:.2f} mA"
    for meant in loop.currents:
        if meant.from_ma <= current_ma <= meant.to_ma:
            return meant.quality, None, joined((meant.says, Words(at, at)))
    if current_ma <= loop.fault_to_ma:
        return (
            Quality.FAULT,
            None,
            Words(f"回路电流 {at}：断线或变送器故障", f"{at}: broken wire or transmitter fault"),
        )
    if current_ma >= loop.fault_from_ma:
        return (
            Quality.FAULT,
            None,
            Words(f"回路电流 {at}：短路或变送器故障", f"{at}: short circuit or transmitter fault"),
        )
    if current_ma < loop.under_to_ma:
        return Quality.UNDERRANGE, None, Words(f"回路电流 {at}，低于量程", f"{at} is below the range")
    if current_ma > loop.over_from_ma or (loop.most_ma is not None and current_ma >= loop.most_ma):
        return Quality.OVERRANGE, None, Words(f"回路电流 {at}，高于量程", f"{at} is beyond the range")
    share = (current_ma - loop.zero_ma) / (loop.full_ma - loop.zero_ma)
    least, most = span
    return judge(least + share * (most - least), span, quality, unit)


def _full_scale(profile: GasProfile, words: Words16, factor: float) -> float:
    """The range in the unit of the reading."""
    scale = profile.full_scale
    if isinstance(scale, str):
        raise Unreadable(Words("site.toml 没有写量程", "site.toml does not say its range"))
    if not isinstance(scale, FullScale):
        return scale
    told = bits(words, scale)
    if scale.codes is not None:
        if told not in scale.codes:
            raise Unreadable(_not_listed("量程代码", "range code", told))
        return float(scale.codes[told])
    if told == 0:
        raise Unreadable(Words("检测仪量程为 0", "the detector says that its range is 0"))
    return told * factor


def _not_listed(zh: str, en: str, code: int) -> Words:
    return Words(f"{zh} {code} 不在配置文件中", f"{en} {code} is not in the profile")


def judge(
    number: float, span: tuple[float, float], quality: Quality, unit: str
) -> tuple[Quality, float | None, Words]:
    """The number against the range: beyond it is danger, far below its beginning is a fault."""
    least, most = span
    if not math.isfinite(number):
        return Quality.FAULT, None, Words(f"{number} 不是数值", f"{number} is not a number")
    if number > most:
        zh = f"{number:g} {unit} 超出量程 {most:g}"
        return Quality.OVERRANGE, None, Words(zh, f"{number:g} {unit} is beyond the range of {most:g}")
    if number < least - LARGEST_NEGATIVE * (most - least):
        below = Words("零", "zero") if least == 0 else Words(f" {least:g}", f"{least:g}")
        zh = f"{number:g} {unit} 远低于{below.zh}（量程 {most:g}）"
        return Quality.FAULT, None, Words(zh, f"{number:g} {unit} is far below {below.en} (range {most:g})")
    return quality, number, NOTHING
