"""What each register of a reply is for, by the profile: the right column of the table a technician reads."""

from collections.abc import Iterator, Mapping

from edge_agent.domain.observation import Quality
from edge_agent.domain.words import Words, joined
from edge_agent.sense.gas_decode import Unreadable, bits, raw_value
from edge_agent.sense.profile import (
    Age,
    Alive,
    Decimals,
    Field,
    FullScale,
    GasField,
    GasProfile,
    Heartbeat,
    Latching,
    Status,
    UnitField,
)
from edge_agent.sense.profile_file import fields

UNKNOWN = Words("不在配置文件中", "not in the profile")


def meanings(profile: GasProfile, words: Mapping[int, int]) -> dict[int, Words]:
    """What stands in each register that the profile uses, by address."""
    found: dict[int, list[Words]] = {}
    for register, said in (*_value(profile, words), *_fields(profile, words), *_flags(profile, words)):
        found.setdefault(register, []).append(said)
    return {register: joined(said) for register, said in found.items()}


def _value(profile: GasProfile, words: Mapping[int, int]) -> Iterator[tuple[int, Words]]:
    try:
        number = f"{raw_value(profile.value, words):g}"
    except Unreadable as wrong:
        yield profile.value.register, Words(f"数值：{wrong.words.zh}", f"value: {wrong.words.en}")
        return
    kind = profile.value.type if profile.value.type != "f32" else f"f32 {profile.value.order}"
    yield profile.value.register, Words(f"数值 {number}（{kind}）", f"value {number} ({kind})")


def _fields(profile: GasProfile, words: Mapping[int, int]) -> Iterator[tuple[int, Words]]:
    for key, part in fields(profile):
        yield part.register, _said(key, part, bits(words, part))


def _said(key: str, part: Field, code: int) -> Words:  # noqa: C901, PLR0911 (one case per kind of field)
    match part:
        case UnitField():
            unit = part.codes.get(code)
            return _coded("单位", "unit", code, None if unit is None else Words(unit.unit, unit.unit))
        case Decimals():
            places = part.codes.get(code)
            return _coded("小数位", "decimals", code, None if places is None else Words(f"{places}", f"{places}"))
        case GasField():
            gases = part.codes.get(code)
            listed = None if gases is None else "/".join(gases)
            return _coded("气体", "gas", code, None if listed is None else Words(listed, listed))
        case Status():
            meant = part.codes.get(code)
            if meant is None:
                return _coded("状态", "status", code, None)
            return _coded("状态", "status", code, joined((_quality(meant.quality), meant.says)))
        case FullScale():
            return Words(f"量程 {code}", f"range {code}")
        case Age():
            return Words(f"数据已有 {code * part.unit_s:g} 秒", f"age {code * part.unit_s:g} s")
        case Heartbeat():
            return Words(f"心跳 {code}", f"heartbeat {code}")
        case Latching():
            return Words(f"锁存 {code}", f"latching {code}")
        case Alive():
            fits = part.least <= code <= part.most
            return Words(
                f"{part.says.zh} {code}（{'符合' if fits else '不符'}）",
                f"{part.says.en} {code} ({'fits' if fits else 'does not fit'})",
            )
    return Words(f"{key} {code}", f"{key} {code}")


def _coded(zh: str, en: str, code: int, meant: Words | None) -> Words:
    words = UNKNOWN if meant is None else meant
    return Words(f"{zh} {code} = {words.zh}", f"{en} {code} = {words.en}")


def _quality(quality: Quality) -> Words:
    return Words(quality.value, quality.value)


def _flags(profile: GasProfile, words: Mapping[int, int]) -> Iterator[tuple[int, Words]]:
    for flag in profile.flags:
        word = words[flag.register]
        counts = flag.only_with_bit is None or (word >> flag.only_with_bit) & 1
        if counts and (word >> flag.bit) & 1 == flag.when:
            yield flag.register, Words(f"位 {flag.bit}：{flag.says.zh}", f"bit {flag.bit}: {flag.says.en}")
