"""What should have stood in a file, in words: what a pattern asks for, a type, a range."""

from typing import Any

from msgspec import inspect

from edge_agent.domain.words import Words
from edge_agent.settings.fault import shown
from edge_agent.settings.site_cameras import ADDRESS
from edge_agent.settings.site_lines import SERIAL_PORT
from edge_agent.settings.site_upload import REGION, STORE_URL
from edge_agent.settings.site_values import INTERFACE, TOPIC_LEVEL

# What a pattern of site.py asks for, in words. A pattern without words is shown as it is.
PATTERNS = {
    r"^[a-z0-9][a-z0-9_-]{0,62}$": Words(
        "只用小写字母 a-z、数字、- 和 _，以字母或数字开头，最多 63 个字符",
        "use lower-case a-z, digits, - and _, beginning with a letter or digit, 63 characters at most",
    ),
    r"^[A-Za-z0-9_-]{43}=?$": Words(
        "填写 32 字节 Ed25519 公钥的 base64url (43 个字符)",
        "give the 32 bytes of the Ed25519 public key as base64url (43 characters)",
    ),
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": Words(
        "写成 24 小时制的 08:00", "write hours and minutes of 24 h, like 08:00"
    ),
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$": Words(
        '写成加引号的 UTC 时间 "2026-12-31T00:00:00Z"', 'write a UTC time in quotes, like "2026-12-31T00:00:00Z"'
    ),
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z$": Words(
        "填写世界时，如 2026-12-01T06:00Z", 'write UTC like "2026-12-01T06:00Z"'
    ),
    INTERFACE: Words("填写网络接口的名称，例如 wwan0", "name an interface as `ip link` lists it, like wwan0"),
    STORE_URL: Words(
        "写成 https://主机/存储桶，不带用户名、密码和 ?",
        "write it like https://host/bucket, without user, password or ?",
    ),
    REGION: Words("填写存储区域，如 cn-north-1", "write the store's region, like cn-north-1"),
    r"^[0-9]{20}$": Words("填写 20 位数字的国标编码", "write the code of 20 digits (GB/T 28181)"),
    TOPIC_LEVEL: Words("不含 /、+、#，1 到 64 个字符", "use no /, + or #, and 1 to 64 characters"),
    SERIAL_PORT: Words(
        "串口写成 /dev/ttyUSB0 或 /dev/serial/by-id/...",
        "write a serial port like /dev/ttyUSB0 or /dev/serial/by-id/...",
    ),
    ADDRESS: Words(
        "地址以 rtsp://、rtsps:// 或 file:// 开头；直连摄像机写 usb:///dev/video0 或 csi://0",
        "begin the address with rtsp://, rtsps:// or file://; a camera plugged in here is usb:///dev/video0 or csi://0",
    ),
}
TYPES = {
    str: Words("加引号的文字", 'text in quotes, like "a-1"'),
    int: Words("整数", "a whole number, like 5"),
    float: Words("数字", "a number, like 5 or 0.5"),
    bool: Words("true 或 false", "true or false, without quotes"),
    dict: Words("表", "a table, like [name] or { key = value }"),
    list: Words("列表", "a list in square brackets"),
}
BOTH = Words(
    '中英文各写一遍，如 { zh = "罐区", en = "Tank farm" }',
    'both languages, like { zh = "罐区", en = "Tank farm" }',
)
LANGUAGES = {"zh": Words("缺少中文", "has no Chinese"), "en": Words("缺少英文", "has no English")}


def range_words(kind: inspect.IntType | inspect.FloatType) -> Words:
    """Between which bounds a number lies."""
    if kind.ge is not None and kind.le is not None:
        return Words(f"应在 {kind.ge:g}..{kind.le:g} 之间", f"must be {kind.ge:g}..{kind.le:g}")
    bounds = ((">=", kind.ge), (">", kind.gt), ("<=", kind.le), ("<", kind.lt))
    text = ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)
    return Words(f"应 {text}", f"must be {text}")


def wanted(kind: inspect.Type) -> Words:  # noqa: PLR0911 (one line per kind reads best)
    """What belongs under a missing key."""
    match kind:
        case inspect.Metadata():
            return wanted(kind.type)
        case inspect.UnionType():
            return wanted(kind.types[0])
        case inspect.LiteralType():
            listed = ", ".join(shown(value, "") for value in kind.values)
            return Words(f"可选 {listed}", f"one of {listed}")
        case inspect.StrType():
            return PATTERNS.get(kind.pattern or "", TYPES[str])
        case inspect.IntType() | inspect.FloatType():
            base = TYPES[int if isinstance(kind, inspect.IntType) else float]
            must = range_words(kind)
            bounded = any(b is not None for b in (kind.ge, kind.gt, kind.le, kind.lt))
            return Words(f"{base.zh},{must.zh}", f"{base.en}, {must.en}") if bounded else base
        case inspect.BoolType():
            return TYPES[bool]
        case inspect.StructType(cls=cls) if cls is Words:
            return BOTH
        case inspect.StructType():
            names = ", ".join(field.encode_name for field in kind.fields if field.required)
            return Words(f"表，含 {names}", f"a table with {names}")
        case inspect.DictType():
            return TYPES[dict]
    return TYPES[list]


def other_schema(allowed: tuple[Any, ...]) -> tuple[Words, Words]:
    """That a file is written in another schema, and what to do."""
    known = ", ".join(map(str, allowed))
    return (
        Words(f"文件格式版本不符，本程序只认 {known}", f"written in another schema; this program knows {known}"),
        Words(
            "请安装写出此文件的程序版本，或由该版本重新导出",
            "install the version of the program that wrote it, or have that one export it anew",
        ),
    )
