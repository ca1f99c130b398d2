"""One look at one detector: the raw registers, what they mean, and what the box would make of them."""

from collections.abc import Iterator

from edge_agent.decide.rules.gas_words import figure
from edge_agent.decide.rules.gas_words import named as quality_named
from edge_agent.domain.gauge import QUANTITIES
from edge_agent.domain.observation import Quality
from edge_agent.domain.words import NOTHING, Words, same
from edge_agent.ops.probe.asking import Asker, shown
from edge_agent.ops.probe.meaning import meanings
from edge_agent.sense.gas_decode import Decoded, bits, decode
from edge_agent.sense.profile import GasField, GasProfile
from edge_agent.settings.site_sensors import GasTable, GaugeTable

HEAD = same("  dec  hex      word    decimal  含义 meaning")
COMPARE = Words(
    "投用前：对照铭牌，并与就地仪表或标准器比较读数",
    "before it is put to use: compare the nameplate, and the reading with an instrument beside it",
)
LOOK = Words(
    "请看铭牌，用 --gas 填写并登记；投用前通该气体的标气，看读数是否跟随",
    "read the nameplate and enter that gas (--gas); before use see whether the reading follows that gas",
)
EXPOSE = Words(
    "投用前：对照铭牌，通零点气和量程气核对读数",
    "before it is put to use: compare the nameplate, expose zero and span gas and compare the readings",
)


def look(asker: Asker, profile: GasProfile, table: GasTable | GaugeTable) -> Iterator[Words]:
    """The table of one reply, line by line; raises ModbusError. `profile` is fitted to the table."""
    words = asker.registers(profile.blocks)
    meant = meanings(profile, words)
    yield HEAD
    for register in sorted(words):
        says = meant.get(register, NOTHING)
        yield same(f"{shown(words, register)}    {says.zh} / {says.en}" if says else shown(words, register))
    what = table.what or told_gas(profile, words)
    yield verdict(decode(profile, words, what, table.range), named(table, what))
    yield from checks(profile, words, table)


def checks(profile: GasProfile, words: dict[int, int], table: GasTable | GaugeTable) -> Iterator[Words]:
    """Gas and range against what was expected, and how long the family warms up."""
    if isinstance(table, GasTable) and table.gas:
        yield _gas_check(profile, words, table.gas)
    yield _range_check(profile, table)
    if profile.warmup_s:
        after = f"{profile.warmup_s:g}"
        yield Words(
            f"通电后 {after} 秒内本机按预热处理", f"for {after} s after power-on the box counts it as warm-up"
        )


def named(table: GasTable | GaugeTable, what: str) -> Words:
    """What is measured, for people: a gas by its formula."""
    return QUANTITIES[table.measures].name if isinstance(table, GaugeTable) else same(what)


def verdict(said: Decoded, what: Words) -> Words:
    """What the box would take it for."""
    quality = quality_named(said.quality)
    level = "" if said.level is None else f"{figure(said.level)} {said.unit}"
    why = Words(f"（{said.detail.zh}）", f" ({said.detail.en})") if said.detail else NOTHING
    alarm = Words("，检测仪报警", ", in alarm") if said.device_alarm else NOTHING
    use = NOTHING if said.quality is Quality.GOOD else Words("；不能满足任何条件", "; satisfies no condition")
    return Words(
        f"读数 {what.zh} {level or '无'}，质量：{quality.zh}{alarm.zh}{why.zh}{use.zh}",
        f"reading {what.en} {level or 'none'}, quality: {quality.en}{alarm.en}{why.en}{use.en}",
    )


def told_gas(profile: GasProfile, words: dict[int, int]) -> str:
    """The gas that the wire says, or the only one that the family measures; "?" where nothing says it."""
    if isinstance(profile.gas, GasField):
        gases = profile.gas.codes.get(bits(words, profile.gas), ())
        return gases[0] if gases else "?"
    return profile.gases[0] if len(profile.gases) == 1 else "?"


def which_gas(profile: GasProfile, words: dict[int, int]) -> Words:
    """Which gas a found detector measures, as the wire or its family says; or that it does not, and what to do."""
    if isinstance(profile.gas, GasField):
        code = bits(words, profile.gas)
        listed = "/".join(profile.gas.codes.get(code, ()))
        if listed:
            return Words(
                f"测量气体：{listed}（设备自报，代码 {code}）", f"gas: {listed} (it says so: code {code})"
            )
        return Words(f"测量气体：代码 {code} 不在配置文件中", f"gas: code {code} is not in the profile").then(LOOK)
    if len(profile.gases) == 1:
        return Words(
            f"测量气体：{profile.gases[0]}（此类设备只测这一种）",
            f"gas: {profile.gases[0]}, as all of this family",
        )
    listed = "/".join(profile.gases)
    zh, en = (f"（可能是 {listed}）", f" (one of {listed})") if listed else ("", "")
    return Words(f"测量气体：设备不自报{zh}", f"gas: it does not say which{en}").then(LOOK)


def _gas_check(profile: GasProfile, words: dict[int, int], gas: str) -> Words:
    if not isinstance(profile.gas, GasField):
        if profile.gases and gas not in profile.gases:
            listed = "/".join(profile.gases)
            return Words(
                f"气体：此类检测仪只测 {listed}，不测 {gas}", f"gas: this family measures {listed}, not {gas}"
            )
        return Words("气体：线路上不说明，请看铭牌", "gas: not on the wire; see the nameplate")
    code = bits(words, profile.gas)
    gases = profile.gas.codes.get(code, ())
    fits = (
        Words("与预期一致", "as expected")
        if gas in gases
        else Words(f"与预期的 {gas} 不符", f"not {gas} as expected")
    )
    listed = "/".join(gases) or "?"
    return Words(f"气体：代码 {code} = {listed}，{fits.zh}", f"gas: code {code} = {listed}, {fits.en}")


def _range_check(profile: GasProfile, table: GasTable | GaugeTable) -> Words:
    if isinstance(profile.full_scale, float):
        by_site = table.range is not None
        source = Words("站点或铭牌", "the site or nameplate") if by_site else Words("配置文件", "the profile")
        return Words(
            f"量程：{profile.full_scale:g}（来自{source.zh}）", f"range: {profile.full_scale:g} (by {source.en})"
        )
    if isinstance(profile.full_scale, str):
        return Words("量程：未知，请给出铭牌上的量程", "range: unknown; give that of the nameplate")
    if table.range is None:
        return Words(
            "量程：由检测仪给出；给出铭牌上的量程可作比较",
            "range: as the detector says; give the nameplate's to compare",
        )
    return Words(f"量程：与铭牌 {table.range:g} 比较过", f"range: compared with the nameplate's {table.range:g}")
