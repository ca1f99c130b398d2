"""Checks of site.toml: ids, detectors, relays, wearables, cameras: every reference leads somewhere."""

from collections.abc import Iterable, Iterator
from typing import Any

from edge_agent.domain.outcome import POWERS
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged, readable
from edge_agent.settings.site_devices import (
    FIELD_BROKER,
    GasTable,
    GaugeTable,
    RelayTable,
    SensorTable,
    WearableTable,
    WeatherTable,
)

AREA = Words("区域", "area")
WILDCARDS = frozenset("+#")  # of MQTT topic filters
KINDS = {GasTable: "gas", GaugeTable: "gauge", WeatherTable: "weather"}
OFF_STATION = ("temperature", "humidity")  # what a weather station measures beside the wind, for anybody to limit
REMOVE = Words("请删去此键", "remove this key")
UNIT_ID = Words("请填写：整数,应在 0..247 之间", "add it: a whole number, like 5, must be 0..247")
ITS_NAME = Words(
    "请填写它在主题中的名称，或服务器上的节点",
    "add it: its name within the topic, or its node on the server",
)


def ids(bundle: Bundle) -> Iterator[Fault]:
    """One id, one thing: an event or an alarm that names an id must not be able to mean two."""
    site, names = bundle.site, bundle.names
    first: dict[str, str] = {}
    for kind in ("buses", "opcua", "gas", "weather", "gauges", "relays", "wearables", "cameras"):
        yield from judged(_once(names.site, kind, getattr(site, kind), first))
    # An id that stands twice in its own list is faulted there, with the places of both (places, people).
    listed = {one.id for one in bundle.areas if readable(one) and readable(one.id)}
    yield from judged(_once(names.areas, "areas", sorted(listed), first))
    listed = {one.id for one in bundle.persons if readable(one) and readable(one.id)}
    yield from judged(_once(names.persons, "persons", sorted(listed), first))


def _once(file: str, kind: str, found: Iterable[str], first: dict[str, str]) -> Iterator[Fault]:
    for one in found:
        key = f"{kind}[{one}].id" if kind in ("areas", "persons") else dotted(kind, one)
        if one in first:
            there = first[one]
            problem = Words(f"编号 {one} 已用于 {there}", f'the id "{one}" is already that of {there}')
            yield fault(file, key, None, problem, Words("请改用另一个编号", "give one of them another id"))
        else:
            first[one] = f"{file}: {key}"


def gas(bundle: Bundle) -> Iterator[Fault]:
    """Every detector and weather station is somewhere, alone at its place, read by a profile that exists."""
    taken: dict[tuple[str, object], str] = {}
    for name, table in bundle.site.gas.items():
        key = dotted("gas", name)
        yield from judged(_bus(bundle, key, table))
        yield from judged(_area(bundle, f"{key}.area", table.area))
        yield from judged(_profile(bundle, key, table, bundle.gas_profiles))
        yield from judged(_alone(bundle, key, table, taken))
    for name, station in bundle.site.weather.items():
        key = dotted("weather", name)
        yield from judged(_bus(bundle, key, station))
        yield from judged(_profile(bundle, key, station, bundle.weather_profiles))
        yield from judged(_alone(bundle, key, station, taken))
    for name, gauge in bundle.site.gauges.items():
        yield from judged(_gauge(bundle, dotted("gauges", name), gauge, taken))


def _gauge(bundle: Bundle, key: str, table: GaugeTable, taken: dict[tuple[str, object], str]) -> Iterator[Fault]:
    yield from judged(_area(bundle, f"{key}.area", table.area))
    if table.bus in bundle.site.weather:
        yield from judged(_off_station(bundle, key, table))
        return
    yield from judged(_bus(bundle, key, table))
    yield from judged(_profile(bundle, key, table, bundle.gas_profiles))
    yield from judged(_alone(bundle, key, table, taken))


def _off_station(bundle: Bundle, key: str, table: GaugeTable) -> Iterator[Fault]:
    """What is read off a weather station is read by the station's own profile."""
    if table.measures not in OFF_STATION:
        problem = Words("气象站不测这个量", "a weather station does not measure it")
        listed = ", ".join(OFF_STATION)
        remedy = Words(f"应为 {listed}", f"name one of {listed}, or its own sensor")
        yield fault(bundle.names.site, f"{key}.measures", table.measures, problem, remedy)
    for name in ("profile", "unit_id", "at", "channel", "range", "unit", "timeout_s"):
        if getattr(table, name):
            problem = Words(f"由气象站 {table.bus} 读取", f"it is read off the station {table.bus}")
            yield fault(bundle.names.site, f"{key}.{name}", getattr(table, name), problem, REMOVE)


def _refers(bundle: Bundle, key: str, value: str, what: Words, known: Any) -> Iterator[Fault]:
    if value not in known:
        yield no_such(bundle.names.site, key, value, what, known)


def _area(bundle: Bundle, key: str, value: str) -> Iterator[Fault]:
    known = {area.id for area in bundle.areas}
    if value not in known:
        yield no_such(bundle.names.site, key, value, AREA, known)


def _bus(bundle: Bundle, key: str, table: SensorTable | WeatherTable) -> Iterator[Fault]:
    """A bus has unit ids; a broker and a server have names of their own for what is found there."""
    site = bundle.site
    if table.bus in site.buses:
        needs, other, what = "unit_id", "at", UNIT_ID
    elif table.bus in site.opcua or table.bus == FIELD_BROKER:
        needs, other, what = "at", "unit_id", ITS_NAME
    else:
        known = (*site.buses, *site.opcua)
        yield no_such(bundle.names.site, f"{key}.bus", table.bus, Words("总线", "bus"), known)
        return
    if getattr(table, needs) is None:
        yield fault(bundle.names.site, f"{key}.{needs}", None, Words("缺少", "missing"), what)
    if table.bus == FIELD_BROKER and table.at is not None and set(table.at) & WILDCARDS:
        problem = Words("含有通配符", "holds a wildcard")
        remedy = Words("一台设备一个主题，不用 + 和 #", "one device, one topic: no + and no #")
        yield fault(bundle.names.site, f"{key}.at", table.at, problem, remedy)
    value = getattr(table, other)
    if value is not None:
        problem = Words(f"对 {table.bus} 没有意义", f"means nothing at {table.bus}")
        yield fault(bundle.names.site, f"{key}.{other}", value, problem, Words("请删去此键", "remove this key"))


def _profile(
    bundle: Bundle, key: str, table: SensorTable | WeatherTable, of_buses: dict[str, Any]
) -> Iterator[Fault]:
    """A profile of the kind that is spoken there."""
    known = of_buses
    if table.bus == FIELD_BROKER:
        known = bundle.mqtt_profiles
    elif table.bus in bundle.site.opcua:
        known = bundle.opcua_profiles
    yield from _refers(bundle, f"{key}.profile", table.profile, Words("配置", "profile"), known)
    profile = known.get(table.profile) or {}
    measures, kind = profile.get("measures"), KINDS[type(table)]
    # What is gas by the nameplate alone may as well be any other figure.
    plain = kind == "gauge" and measures == "gas" and profile.get("unit") == "site" and "gas" not in profile
    if isinstance(measures, str) and measures != kind and not plain:
        problem = Words(f"配置测量的是 {measures}", f"this profile measures {measures}")
        remedy = Words(f"请用测量 {kind} 的配置", f"name a profile that measures {kind}")
        yield fault(bundle.names.site, f"{key}.profile", table.profile, problem, remedy)


def _alone(
    bundle: Bundle, key: str, table: SensorTable | WeatherTable, taken: dict[tuple[str, object], str]
) -> Iterator[Fault]:
    name = "unit_id" if table.at is None else "at"
    place = getattr(table, name)
    # A device may have several channels, and one message speak of several gases, each by a profile of its own.
    channel = table.channel if isinstance(table, SensorTable) else None
    at = (table.bus, (place, channel) if name == "unit_id" else (place, table.profile))
    if place is None:
        return
    if at in taken:
        problem = Words(
            f"此地址已属于 {taken[at]}（总线 {at[0]}）", f"is already the unit of {taken[at]} on bus {at[0]}"
        )
        remedy = Words("每台设备用不同的地址", "give each device its own unit id")
        yield fault(bundle.names.site, f"{key}.{name}", place, problem, remedy)
    taken.setdefault(at, key)


def relays(bundle: Bundle) -> Iterator[Fault]:
    """Every relay is wired so that the box can stop the work and see that it did."""
    for name, table in bundle.site.relays.items():
        key = dotted("relays", name)
        if table.bus is None:
            known = bundle.relay_profiles
            yield from judged(_refers(bundle, f"{key}.profile", table.profile, Words("配置", "profile"), known))
        for number, area in enumerate(table.areas):
            yield from judged(_area(bundle, f"{key}.areas[#{number + 1}]", area))
        for check in (_channels, _periods, _contacts, _breaks, _proof_of_stop, _watchdog):
            yield from judged(check(bundle, key, table))


def _channels(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    if not table.outputs and not table.contacts:
        problem = Words("没有输出也没有触点", "has no outputs and no contacts")
        yield fault(bundle.names.site, f"{key}.outputs", None, problem, Words("请添加", "add what it switches"))
    used: dict[tuple[str, object], str] = {}
    wires: list[tuple[str, Any]] = [(dotted(f"{key}.outputs", n), one) for n, one in table.outputs.items()]
    wires += [(dotted(f"{key}.contacts", n), one) for n, one in table.contacts.items()]
    for where, one in wires:
        for field in ("coil", "input", "line"):
            yield from judged(_channel(bundle, f"{where}.{field}", (field, getattr(one, field, None)), used))


def _channel(
    bundle: Bundle, key: str, wire: tuple[str, object], used: dict[tuple[str, object], str]
) -> Iterator[Fault]:
    if wire[1] is None:
        return
    if wire in used:
        problem = Words(f"已被 {used[wire]} 使用", f"is already used by {used[wire]}")
        remedy = Words("每个通道只接一件东西", "wire and name each channel once")
        yield fault(bundle.names.site, key, wire[1], problem, remedy)
    used.setdefault(wire, key)


def _periods(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    """A heartbeat has a period, slow enough for the brain's steps; no other output has one."""
    for name, output in table.outputs.items():
        where = f"{dotted(f'{key}.outputs', name)}.period_s"
        if output.does == "heartbeat" and output.period_s is None:
            problem = Words("缺少：心跳多久一次", "missing: how often the heartbeat goes on and off")
            remedy = Words(
                "按看门狗继电器的监视时间填写，例如 1.0",
                "write 1.0, or what the watchdog relay's monitoring time asks for",
            )
            yield fault(bundle.names.site, where, None, problem, remedy)
        elif output.does != "heartbeat" and output.period_s is not None:
            problem = Words("只有心跳输出才有周期", "only a heartbeat has a period")
            yield fault(bundle.names.site, where, output.period_s, problem, Words("请删去此键", "remove this key"))


def _contacts(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    for name, contact in table.contacts.items():
        yield from judged(_contact(bundle, f"{dotted(f'{key}.contacts', name)}.of", contact, table))
        yield from judged(_hook(bundle, f"{dotted(f'{key}.contacts', name)}.tag", contact))
        yield from judged(_cabinet(bundle, f"{dotted(f'{key}.contacts', name)}.area", contact))


def _contact(bundle: Bundle, key: str, contact: Any, table: RelayTable) -> Iterator[Fault]:
    if contact.kind != "feedback":
        if contact.of is not None:
            problem = Words("此触点不属于任何输出", "such a contact belongs to no output")
            yield fault(bundle.names.site, key, contact.of, problem, Words("请删去此键", "remove this key"))
    elif contact.of is None:
        problem = Words("缺少：这是哪个输出的反馈", "missing: whose feedback is it")
        listed = ", ".join(table.outputs)
        yield fault(bundle.names.site, key, None, problem, Words(f"可选：{listed}", f"name one of: {listed}"))
    elif contact.of not in table.outputs:
        yield no_such(bundle.names.site, key, contact.of, Words("输出", "output"), table.outputs)


def _hook(bundle: Bundle, key: str, contact: Any) -> Iterator[Fault]:
    """What is worn is somebody's: of whom nobody knows, nobody can say whether he wears it."""
    if contact.kind not in WORN:
        if contact.tag is not None:
            problem = Words("只有挂钩和呼吸器才属于佩戴者", "only a hook or a breathing apparatus is somebody's")
            yield fault(bundle.names.site, key, contact.tag, problem, Words("请删去此键", "remove this key"))
    elif contact.tag is None:
        problem = Words("缺少：这是谁佩戴的", "missing: who wears it")
        listed = ", ".join(bundle.site.wearables)
        yield fault(bundle.names.site, key, None, problem, Words(f"可选：{listed}", f"name one of: {listed}"))
    elif contact.tag not in bundle.site.wearables:
        yield no_such(bundle.names.site, key, contact.tag, Words("定位标签", "wearable"), bundle.site.wearables)


def _cabinet(bundle: Bundle, key: str, contact: Any) -> Iterator[Fault]:
    """Of what is opened people have to know where it stands."""
    if contact.kind != "cabinet":
        if contact.area is not None:
            problem = Words("只有柜子才写所在区域", "only a cabinet stands in an area")
            yield fault(bundle.names.site, key, contact.area, problem, Words("请删去此键", "remove this key"))
    elif contact.area is None:
        listed = ", ".join(area.id for area in bundle.areas)
        problem = Words("缺少：柜子在哪个区域", "missing: where does it stand")
        yield fault(bundle.names.site, key, None, problem, Words(f"可选：{listed}", f"name one of: {listed}"))
    else:
        yield from _area(bundle, key, contact.area)


WORN = ("hook", "breathing")
MUST_BREAK = ("feedback", "stop_button", "mains", *WORN)  # EN ISO 13850: a stop acts by opening


def _breaks(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    """Whether a cut wire shows: where it does not, the site says that it knows."""
    for name, contact in table.contacts.items():
        yield from judged(_break(bundle, dotted(f"{key}.contacts", name), contact))


def _break(bundle: Bundle, key: str, contact: Any) -> Iterator[Fault]:
    if contact.kind == "feedback" and contact.settle_s > 0:
        problem = Words("反馈必须立即生效", "what an output does is told at once")
        yield fault(
            bundle.names.site, f"{key}.settle_s", contact.settle_s, problem, Words("请删去此键", "remove it")
        )
    if contact.normal == "closed":
        return
    if contact.kind in MUST_BREAK:
        problem = Words("此类触点必须为常闭", "such a contact is closed while all is well")
        remedy = Words("改接常闭触点并删去此键", "wire the normally closed contact, and remove this key")
        yield fault(bundle.names.site, f"{key}.normal", contact.normal, problem, remedy)
    elif not contact.break_unseen:
        problem = Words("常开触点断线时看不出来", "a cut wire of it looks like all being well")
        remedy = Words(
            "改接常闭触点；确实没有时写 break_unseen = true",
            "wire the normally closed contact; where there is none, write break_unseen = true",
        )
        yield fault(bundle.names.site, f"{key}.normal", contact.normal, problem, remedy)


def _proof_of_stop(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    """Without a mirror contact nobody would learn that the contactor is welded (docs/domain.md 3)."""
    proven = {one.of for one in table.contacts.values() if one.kind == "feedback"}
    if proven - table.outputs.keys():  # a feedback of nothing is faulted by `_contact`; it may be this one's
        return
    for name, output in table.outputs.items():
        if output.does in POWERS and name not in proven:
            problem = Words(
                "没有反馈触点，无法证明已停", "has no feedback contact: the box could not prove the stop"
            )
            wire = f'[{key}.contacts.{name}-feedback] kind = "feedback", of = "{name}"'
            remedy = Words(
                f"接上接触器的镜像触点并添加 {wire}", f"wire the contactor's mirror contact and add {wire}"
            )
            yield fault(bundle.names.site, dotted(f"{key}.outputs", name), None, problem, remedy)


def _watchdog(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    if 2 * table.timeout_s > table.watchdog_s:
        problem = Words("大于模块看门狗时间的一半", "is more than half of the module's watchdog")
        most = table.watchdog_s / 2
        remedy = Words(
            f"应 <= {most:g}，使一次丢包不致停工", f"must be <= {most:g}, so that one lost packet stops nobody"
        )
        yield fault(bundle.names.site, f"{key}.timeout_s", table.timeout_s, problem, remedy)


def wearables(bundle: Bundle) -> Iterator[Fault]:
    """One tag of the platform is one wearable, read by a profile that exists; its zones are areas of the plan."""
    first: dict[str, str] = {}
    for name, table in bundle.site.wearables.items():
        key, known = dotted("wearables", name), bundle.wearable_profiles
        yield from judged(_refers(bundle, f"{key}.profile", table.profile, Words("配置", "profile"), known))
        yield from judged(_provider(bundle, key, table, first))
    yield from judged(_crs(bundle))
    yield from judged(_http(bundle))
    for zone, area in bundle.site.positioning.zones.items():
        yield from judged(_area(bundle, dotted("positioning.zones", zone), area))


def _http(bundle: Bundle) -> Iterator[Fault]:
    """Wearables that come by HTTP need somebody who listens; who listens for nobody is an open door."""
    table, file, profiles = bundle.site.field_http, bundle.names.site, bundle.wearable_profiles
    worn = bundle.site.wearables.items()
    by_http = [name for name, one in worn if (profiles.get(one.profile) or {}).get("carrier") == "http"]
    if by_http and table is None:
        tag = by_http[0]
        problem = Words(f"{tag} 的位置经 HTTP 送来，但没有接收地址", f"{tag} comes by HTTP, and nothing listens")
        remedy = Words("请添加此表：host、port、token_file", "add this table: host, port and token_file")
        yield fault(file, "field_http", None, problem, remedy)
    elif table is not None and not by_http:
        problem = Words("没有手环经 HTTP 送来位置", "no wearable comes by HTTP")
        yield fault(file, "field_http", None, problem, Words("请删去此表", "remove this table"))


def _crs(bundle: Bundle) -> Iterator[Fault]:
    """A fence of 50 m dies of mixing coordinate systems: each profile that leaves its own open is told it here."""
    said, file = bundle.site.positioning.crs, bundle.names.site
    used = {table.profile for table in bundle.site.wearables.values()}
    open_ = {name for name in used if (bundle.wearable_profiles.get(name) or {}).get("crs") == "site"}
    for name in sorted(open_ - said.keys()):
        problem = Words("没有声明坐标系", "nobody has said which coordinate system its places are in")
        remedy = Words(
            "请向平台厂家问明后填写 wgs84、cgcs2000、gcj02、bd09 或 local，并用已测定的点核对",
            "ask its maker and write wgs84, cgcs2000, gcj02, bd09 or local; check it at a surveyed point",
        )
        yield fault(file, dotted("positioning.crs", name), None, problem, remedy)
    for name in sorted(said.keys() - open_):
        problem = Words("没有手环使用把坐标系留给现场的此配置", "no wearable has a profile that leaves it open")
        remedy = Words("请删去，或改正配置名", "remove it, or correct the profile's name")
        yield fault(file, dotted("positioning.crs", name), None, problem, remedy)


def _provider(bundle: Bundle, key: str, table: WearableTable, first: dict[str, str]) -> Iterator[Fault]:
    at = table.provider_id
    if at in first:
        problem = Words(f"与 {first[at]} 相同", f"is also that of {first[at]}")
        remedy = Words("每个标签只登记一次", "enter each tag once")
        yield fault(bundle.names.site, f"{key}.provider_id", at, problem, remedy)
    first.setdefault(at, key)


def cameras(bundle: Bundle) -> Iterator[Fault]:
    """Every camera's areas exist on the plan, and each picture area has its own id."""
    for name, table in bundle.site.cameras.items():
        key = f"{dotted('cameras', name)}.areas"
        yield from judged(_picture_areas(bundle, key, table))
        for one in table.openings:
            yield from judged(_area(bundle, f"{dotted('cameras', name)}.openings[{one.id}].area", one.area))
        for area in () if table.ptz is None else table.ptz.presets:
            yield from judged(_area(bundle, f"{dotted('cameras', name)}.ptz.presets", area))


def _picture_areas(bundle: Bundle, key: str, table: Any) -> Iterator[Fault]:
    seen: set[str] = set()
    for area in table.areas:
        yield from judged(_picture_area(bundle, key, area, seen))


def _picture_area(bundle: Bundle, key: str, area: Any, seen: set[str]) -> Iterator[Fault]:
    if area.id in seen:
        problem = Words("此摄像机已有同名画面区域", "this camera has another picture area of this id")
        yield fault(bundle.names.site, f"{key}[{area.id}].id", area.id, problem, Words("请改名", "rename one"))
    seen.add(area.id)
    yield from judged(_area(bundle, f"{key}[{area.id}].area", area.area))


CHECKS = (ids, gas, relays, wearables, cameras)
