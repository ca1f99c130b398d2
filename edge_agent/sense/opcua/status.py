"""An OPC UA status code -> what its value may be used for (OPC UA part 4, 7.39; part 8, A.4.3). Pure.

Only the plain Good is good: a value that is uncertain, overridden or clamped satisfies nothing, whatever it says.
"""

from edge_agent.domain.observation import Quality
from edge_agent.domain.words import NOTHING, Words

SEVERITY = 30  # the code's upper two bits: 0 good, 1 uncertain, 2 bad
SUBCODE = 0xFFFF0000
INFO_TYPE, DATA_VALUE = 0x0C00, 0x0400
LIMITS = 0x0300  # 0x0100 low, 0x0200 high, 0x0300 constant
OVERFLOW = 0x0080

LAST_USABLE = Words("最后可用值，已不再更新", "its last usable value: no longer updated")
CODES: dict[int, tuple[Quality, Words]] = {
    0x00960000: (Quality.INHIBITED, Words("数值被人工强制", "the value is overridden by hand")),
    0x00300000: (Quality.SUSPECT, Words("数值被限幅", "the value was clamped")),
    0x408F0000: (Quality.STALE, LAST_USABLE),
    0x40900000: (Quality.STALE, LAST_USABLE),
    0x40910000: (Quality.INHIBITED, Words("替代值，不是测量值", "a substitute, not a measurement")),
    0x40920000: (Quality.WARMUP, Words("初始值，尚未测量", "an initial value: nothing measured yet")),
    0x40930000: (Quality.SUSPECT, Words("传感器不准确", "the sensor is not accurate")),
    0x40940000: (Quality.SUSPECT, Words("超出工程量程", "outside its engineering range")),
    0x40950000: (Quality.SUSPECT, Words("来源不足", "from fewer sources than needed")),
    0x80050000: (Quality.COMM_FAIL, Words("服务器与设备通信出错", "the server cannot talk to the device")),
    0x800A0000: (Quality.COMM_FAIL, Words("服务器读取超时", "the server timed out")),
    0x80310000: (Quality.COMM_FAIL, Words("服务器与设备没有通信", "the server does not hear the device")),
    0x808A0000: (Quality.COMM_FAIL, Words("服务器未连接到设备", "the server is not connected to the device")),
    0x80320000: (Quality.WARMUP, Words("等待首个数据", "waits for its first data")),
    0x808D0000: (Quality.INHIBITED, Words("已停用", "out of service")),
    0x808C0000: (Quality.FAULT, Words("传感器故障", "sensor failure")),
    0x808B0000: (Quality.FAULT, Words("设备故障", "device failure")),
    0x80890000: (Quality.FAULT, Words("服务器组态错误", "a fault of the server's configuration")),
    0x80330000: (Quality.FAULT, Words("节点编号无效", "the node's id is not valid")),
    0x80340000: (Quality.FAULT, Words("服务器上没有此节点", "the server has no such node")),
    0x803A0000: (Quality.FAULT, Words("此节点不可读", "the node cannot be read")),
    0x801F0000: (Quality.FAULT, Words("无权读取此节点", "we may not read the node")),
}
HIGH = Words("传感器已到量程上限", "the sensor is at its upper limit")
LOW = Words("传感器已到量程下限", "the sensor is at its lower limit")
CONSTANT = Words("数值固定不变", "the value is a constant")
OVERFLOWED = Words("服务器丢失了数据", "the server lost values")


def meaning(code: int) -> tuple[Quality, Words]:
    """Quality and words of one status code."""
    if code & SUBCODE == 0:
        return _limits(code)
    known = CODES.get(code & SUBCODE)
    if known is not None:
        return known
    severity = code >> SEVERITY
    kind = (Quality.SUSPECT, "未确定", "uncertain") if severity < 2 else (Quality.FAULT, "无效", "bad")  # noqa: PLR2004
    return kind[0], Words(f"数值{kind[1]}（0x{code:08X}）", f"the value is {kind[2]} (0x{code:08X})")


def _limits(code: int) -> tuple[Quality, Words]:
    """A good value may still say that it stands at the sensor's end."""
    if code & INFO_TYPE != DATA_VALUE:
        return Quality.GOOD, NOTHING
    match code & LIMITS:
        case 0x0200:
            return Quality.OVERRANGE, HIGH
        case 0x0100:
            return Quality.UNDERRANGE, LOW
        case 0x0300:
            return Quality.SUSPECT, CONSTANT
    return (Quality.SUSPECT, OVERFLOWED) if code & OVERFLOW else (Quality.GOOD, NOTHING)
