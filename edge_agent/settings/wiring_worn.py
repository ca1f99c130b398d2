"""Checks of site.toml: wearables, how they come, and in which coordinates."""

from collections.abc import Iterator

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_worn import WearableTable
from edge_agent.settings.wired import refers, stands_in


def wearables(bundle: Bundle) -> Iterator[Fault]:
    """One tag of the platform is one wearable, read by a profile that exists; its zones are areas of the plan."""
    first: dict[str, str] = {}
    for name, table in bundle.site.wearables.items():
        key, known = dotted("wearables", name), bundle.wearable_profiles
        yield from judged(refers(bundle, f"{key}.profile", table.profile, Words("配置", "profile"), known))
        yield from judged(_provider(bundle, key, table, first))
    yield from judged(_crs(bundle))
    yield from judged(_http(bundle))
    for zone, area in bundle.site.positioning.zones.items():
        yield from judged(stands_in(bundle, dotted("positioning.zones", zone), area))


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
        remedy = Words("每个手环只登记一次", "enter each tag once")
        yield fault(bundle.names.site, f"{key}.provider_id", at, problem, remedy)
    first.setdefault(at, key)
