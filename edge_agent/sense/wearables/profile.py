"""What a platform's messages mean: the shapes of `firmware_configs/wearables/<name>.toml`, by its `message`.

Every platform has names and words of its own for places, SOS, falls and buttons. A profile is data: which key says
what. A new platform is a new file; how to write one stands in firmware_configs/README.md.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.field import toml_file
from edge_agent.field.wearable_call import CallTable
from edge_agent.sense.wearables.fields import Beacons, Flag, Key, Label, Moment, Number, Only
from edge_agent.settings.fault import BadSettings, Fault

WEARABLE_FOLDER = Path("firmware_configs") / "wearables"
ONE_OF = Words("二者只写其一", "write one of the two")


class Wearer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every kind of profile may say of the wearer. What it does not name is never known."""

    schema: Literal[1]
    title: Words
    source: Annotated[str, Meta(min_length=1)]
    moving: Flag | None = None
    worn: Flag | None = None
    sos: Flag | None = None
    fall: Flag | None = None
    here: Flag | None = None
    no_motion_s: Number | None = None
    heart_rate_bpm: Number | None = None
    battery_pct: Number | None = None
    call: CallTable | None = None  # how its wearer is called: it vibrates or rings


class OmloxProfile(Wearer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An omlox hub: the place is omlox's own, what is said of the wearer stands in `properties`."""

    message: Literal["omlox_location"]
    # Kinds of fix (omlox provider_type) that tell which beacon was heard and not where the wearer stands.
    zone_only: tuple[Literal["uwb", "gps", "wifi", "rfid", "ibeacon", "virtual", "unknown"], ...] = ()


class MappedProfile(Wearer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any platform whose messages are objects: which key is the tag, its place, the age of it.

    `x` and `y` are longitude and latitude, or metres where `crs` is "local"; "site" leaves the coordinate system
    to [positioning.crs] of site.toml. A fix counts only with the time or age that the profile names.
    """

    message: Literal["mapped"]
    carrier: Literal["mqtt", "http"] = "mqtt"
    topic: Annotated[str, Meta(min_length=1, max_length=200)] | None = None  # an MQTT filter
    format: Literal["json", "msgpack", "query"] = "json"
    each: Key | None = None  # where one message bears a list of records
    only: Only | None = None
    tag: Label
    message_id: Key | None = None  # by which a message that comes twice is known
    crs: Literal["wgs84", "cgcs2000", "gcj02", "bd09", "local", "site"] | None = None
    x: Number | None = None
    y: Number | None = None
    z: Number | None = None  # metres above the floor
    floor: Number | None = None
    accuracy_m: Number | None = None
    zone: Label | None = None
    beacons: Beacons | None = None
    valid: Flag | None = None  # the place counts only where this says yes
    outdated: Flag | None = None  # ... and where this does not
    fix_time: Moment | None = None
    sent_time: Moment | None = None
    fix_age_s: Number | None = None  # at `sent_time`, else on arrival


class ScanProfile(Wearer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Gateways that hear beacons: who is nearest to which, by smoothed strength (proximity.py)."""

    message: Literal["ble_scan"]
    topic: Annotated[str, Meta(min_length=1, max_length=200)]  # an MQTT filter
    layout: Literal["april_v4", "minew_json"]
    hysteresis_db: Annotated[float, Meta(ge=3, le=20)] = 7.0  # docs/domain.md 4.2 WP6: 6-8 dB
    smooth_s: Annotated[float, Meta(ge=0.5, le=30)] = 4.0
    forget_s: Annotated[float, Meta(ge=2, le=60)] = 10.0
    least_dbm: Annotated[float, Meta(ge=-120, le=-40)] = -95.0  # weaker is nowhere


Profile = OmloxProfile | MappedProfile | ScanProfile
SHAPES: dict[str, type[OmloxProfile] | type[MappedProfile] | type[ScanProfile]] = {
    "omlox_location": OmloxProfile,
    "mapped": MappedProfile,
    "ble_scan": ScanProfile,
}


def load(root: Path, name: str) -> Profile:
    """The profile `<root>/firmware_configs/wearables/<name>.toml`; raises BadSettings with every fault."""
    file = str(WEARABLE_FOLDER / f"{name}.toml")
    profile: Profile = toml_file.read(root, WEARABLE_FOLDER, name, SHAPES.get(_message(root, name), MappedProfile))
    faults = (
        *_both(file, profile),
        *(_of_mapping(file, profile) if isinstance(profile, MappedProfile) else ()),
        *(_filter(file, profile.topic) if isinstance(profile, ScanProfile) else ()),
    )
    if faults:
        raise BadSettings(faults)
    return profile


def _message(root: Path, name: str) -> str:
    """Which kind of profile the file says that it is; the strict reader tells what is wrong with it."""
    try:
        raw = tomllib.loads((root / WEARABLE_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return ""
    return str(raw.get("message", ""))


def _both(file: str, profile: Profile) -> Iterator[Fault]:
    """A word that means yes and no."""
    flags = ("moving", "worn", "sos", "fall", "here", "valid", "outdated")
    for key in flags:
        flag = getattr(profile, key, None)
        both = sorted(set(flag.yes) & set(flag.no)) if flag is not None else []
        if both:
            listed = ", ".join(both)
            problem = Words(f"既表示是又表示否：{listed}", f"means yes and no: {listed}")
            remedy = Words("同一个词只能出现在 yes 和 no 其中一处，请删去另一处", "name each word in yes or in no")
            yield Fault(file=file, key=key, problem=problem, remedy=remedy)


def _of_mapping(file: str, profile: MappedProfile) -> Iterator[Fault]:
    """What the types cannot say of a mapping: which keys need or exclude each other."""
    for key in ("tag", "zone"):
        label = getattr(profile, key)
        if label is not None and (label.key is None) == (label.level is None):
            problem = Words("应写 key 或 level", "needs a key or a level of the topic")
            yield Fault(file=file, key=key, problem=problem, remedy=ONE_OF)
    if (profile.x is None) != (profile.y is None):
        missing = "x" if profile.x is None else "y"
        problem = Words("x 和 y 缺一不可", "x and y come together")
        yield Fault(file=file, key=missing, problem=problem, remedy=Words("请都填或都不填", "write both or none"))
    elif profile.x is not None and profile.crs is None:
        problem = Words("没有声明坐标系", "declares no coordinate system")
        remedy = Words(
            '请写 crs = "wgs84"、"cgcs2000"、"gcj02"、"bd09" 或 "local"；由现场决定则写 "site"',
            'write crs = "wgs84", "cgcs2000", "gcj02", "bd09" or "local"; where each site differs, "site"',
        )
        yield Fault(file=file, key="crs", problem=problem, remedy=remedy)
    if profile.carrier == "mqtt":
        yield from _filter(file, profile.topic or "")
        if profile.format == "query":
            problem = Words("query 格式只用于 HTTP", "a query comes over HTTP alone")
            remedy = Words('请写 carrier = "http"', 'write carrier = "http"')
            yield Fault(file=file, key="format", problem=problem, remedy=remedy)
    elif profile.topic is not None:
        problem = Words("HTTP 没有主题", "there are no topics over HTTP")
        yield Fault(file=file, key="topic", problem=problem, remedy=Words("请删去", "remove it"))


def _filter(file: str, topic: str) -> Iterator[Fault]:
    if not is_filter(topic):
        problem = Words("不是可用的 MQTT 主题过滤器", "is no MQTT topic filter that can be used")
        remedy = Words("例如 cards/+/position；不能只写 #", "like cards/+/position; not # alone")
        yield Fault(file=file, key="topic", problem=problem, remedy=remedy, value=topic)


def is_filter(topic: str) -> bool:
    """Whether this is an MQTT topic filter that does not ask for everything: wildcards stand alone in a level."""
    *before, last = topic.split("/")
    plain = all(level == "+" or not set(level) & {"+", "#"} for level in before)
    return bool(topic) and topic != "#" and plain and (last in {"+", "#"} or not set(last) & {"+", "#"})
