"""What the registers of a device that answers are worth: by the same profiles and decoders as the agent's."""

from collections.abc import Callable

from edge_agent.domain.observation import Quality, Weather
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine
from edge_agent.sense.gas_decode import Decoded, bits, decode
from edge_agent.sense.profile import GasProfile
from edge_agent.sense.weather_profile import WeatherProfile
from edge_agent.sense.weather_station import WeatherStation
from edge_agent.settings.site_sensors import SensorTable, WeatherTable

OLD_S = 10.0  # a gateway that holds a value for so long does not hear its device

OTHER_GAS = Words(
    "请核对 unit_id 和 gas，或换上正确的探头", "check unit_id and gas in site.toml, or fit the right head"
)
BY_GATEWAY = Words("请检查网关到设备的线路", "check the line between the gateway and the device")
REMEDIES = {
    Quality.WARMUP: Words("等待预热结束后再检查", "wait until it is warm and ask again"),
    Quality.STALE: BY_GATEWAY,
    Quality.MISSING: BY_GATEWAY,
    Quality.FAULT: Words(
        "请核对探头和配置文件；若属实则更换探头", "compare head and profile; if they fit, change the head"
    ),
    Quality.OVERRANGE: Words(
        "按超限处理：先确认现场安全，再检查探头",
        "take it for danger: see that the place is safe, then to the head",
    ),
    Quality.UNDERRANGE: Words("请在洁净空气中重新校零", "zero it again in clean air"),
    Quality.INHIBITED: Words("结束标定或检修状态", "end its calibration or service mode"),
    Quality.CAL_OVERDUE: Words("请按期标定", "have it calibrated"),
    Quality.SUSPECT: Words("请用标准气体检验", "test it with a known gas"),
    Quality.COMM_FAIL: BY_GATEWAY,
    Quality.CLOCK_BAD: Words("请校准其时钟", "set its clock"),
    Quality.UNBOUND: Words("请登记此设备", "enter the device"),
}
QUALITIES = {
    Quality.GOOD: Words("正常", "good"),
    Quality.WARMUP: Words("正在预热", "warming up"),
    Quality.STALE: Words("数据陈旧", "old data"),
    Quality.MISSING: Words("没有数据", "no data"),
    Quality.FAULT: Words("故障", "faulty"),
    Quality.OVERRANGE: Words("超量程", "beyond its range"),
    Quality.UNDERRANGE: Words("低于量程", "below its range"),
    Quality.INHIBITED: Words("已抑制", "inhibited"),
    Quality.CAL_OVERDUE: Words("标定过期", "calibration overdue"),
    Quality.SUSPECT: Words("可疑", "suspect"),
    Quality.COMM_FAIL: Words("通信失败", "not heard"),
    Quality.CLOCK_BAD: Words("时钟不可信", "clock not trusted"),
    Quality.UNBOUND: Words("未绑定", "bound to nobody"),
}


def of_gas(part: str, table: SensorTable, profile: GasProfile) -> Callable[[dict[int, int]], Finding]:
    """A judge of one detector's registers."""

    def judge(words: dict[int, int]) -> Finding:
        said = decode(profile, words, table.what, table.range)
        if said.quality is Quality.FAULT and _other_gas(profile, words, table.what):
            return fault(part, Layer.PROFILE, "other_gas", said.detail, OTHER_GAS)
        if said.quality is Quality.GOOD and said.age_s > OLD_S:
            says = Words(
                f"网关保存的数值已有 {said.age_s:.0f} 秒", f"the gateway's value is {said.age_s:.0f} s old"
            )
            return fault(part, Layer.VALUE, "old_value", says, BY_GATEWAY)
        return judged(part, said.quality, _level(said), joined((said.detail, _cold(profile, said))))

    return judge


def _cold(profile: GasProfile, said: Decoded) -> Words:
    """A number of a family whose wire does not show its warm-up: the agent waits, and one look cannot tell."""
    if profile.warmup_s <= 0 or said.quality is not Quality.GOOD:
        return NOTHING
    return Words(
        f"线路上不显示预热，上电后 {profile.warmup_s:.0f} 秒内的数值无效",
        f"its warm-up does not show on the wire: within {profile.warmup_s:.0f} s of power-on this is no value",
    )


def of_weather(
    part: str, name: str, table: WeatherTable, profile: WeatherProfile
) -> Callable[[dict[int, int]], Finding]:
    """A judge of one weather station's registers."""

    def judge(words: dict[int, int]) -> Finding:
        said = WeatherStation(name, table, profile).answered(words, 0.0)
        if not isinstance(said, Weather):
            raise TypeError(type(said).__name__)
        return judged(part, said.quality, "" if said.wind_mps is None else f"{said.wind_mps:g} m/s", said.detail)

    return judge


def judged(part: str, quality: Quality, level: str, detail: Words) -> Finding:
    """A finding by the quality of a value; only a good one is fine."""
    known = QUALITIES[quality]
    if quality is Quality.GOOD:
        return fine(part, joined((Words(f"{known.zh} {level}".strip(), f"{known.en} {level}".strip()), detail)))
    said = Words(f"{known.zh}：{detail.zh}", f"{known.en}: {detail.en}") if detail else known
    return fault(part, Layer.VALUE, quality.value, said, REMEDIES[quality])


def _other_gas(profile: GasProfile, words: dict[int, int], gas: str) -> bool:
    return profile.gas is not None and gas not in profile.gas.codes.get(bits(words, profile.gas), ())


def _level(said: Decoded) -> str:
    return "" if said.level is None else f"{said.level:g} {said.unit}"
