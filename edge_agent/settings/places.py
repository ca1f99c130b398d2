"""Checks of places: the origin, polygons on the plan and in the pictures, height bands, and the order of areas."""

import re
from collections.abc import Iterator
from typing import Any

import shapely
from shapely.geometry import Polygon

from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area, Corner
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import Hole, judged

FARTHEST_M = 20_000.0  # a site is no larger; beyond it somebody wrote millimetres or degrees x 1e5
FEWEST = 3
ENDS = 2
ON_LINE = 1e-6


def origin(bundle: Bundle) -> Iterator[Fault]:
    """The origin is a surveyed point, not the place where unset coordinates lie."""
    site = bundle.site.site
    if abs(site.origin_lat) < 0.01 and abs(site.origin_lon) < 0.01:  # noqa: PLR2004 (about 1 km around 0, 0)
        problem = Words("位于几内亚湾（0, 0）", "lies in the Gulf of Guinea (0, 0)")
        remedy = Words("请填写测定的原点经纬度", "enter the surveyed latitude and longitude of the origin")
        yield fault(bundle.names.site, "site.origin_lat", site.origin_lat, problem, remedy)


def areas(bundle: Bundle) -> Iterator[Fault]:
    """Every area of the plan encloses something and stands between its floor and its ceiling."""
    if not bundle.areas:
        problem = Words("没有区域", "has no areas")
        yield fault(bundle.names.areas, "areas", None, problem, Words("请至少画一个", "draw at least one"))
    for at, area in enumerate(bundle.areas):
        for check in (_twice, _plan_corners, _height, _covered):
            yield from judged(check(bundle, at, area))


def _key(area: Area) -> str:
    return f"areas[{area.id}]"


def _twice(bundle: Bundle, at: int, area: Area) -> Iterator[Fault]:
    """The checks of ids cover this too; here the places of both entries are named."""
    for before, other in enumerate(bundle.areas[:at]):
        for problem in judged(_same_id(bundle, (before, other), (at, area))):
            yield problem
            return


def _same_id(bundle: Bundle, first: tuple[int, Area], second: tuple[int, Area]) -> Iterator[Fault]:
    if first[1].id == second[1].id:
        where = f"#{first[0] + 1}, #{second[0] + 1}"
        problem = Words(f"两个区域同名（第 {where} 项）", f"two areas have this id (entries {where})")
        remedy = Words("请改其中一个的 id", "give one of them another id")
        yield fault(bundle.names.areas, f"{_key(second[1])}.id", second[1].id, problem, remedy)


def _plan_corners(bundle: Bundle, _: int, area: Area) -> Iterator[Fault]:
    key = f"{_key(area)}.corners"
    yield from shape(bundle.names.areas, key, area.corners)
    if any(abs(metre) > FARTHEST_M for corner in area.corners for metre in corner):
        problem = Words("离原点超过 20 公里", "lies more than 20 km from the origin")
        remedy = Words("坐标应为离原点的米数", "corners are metres from the origin, not degrees or millimetres")
        yield fault(bundle.names.areas, key, None, problem, remedy)


def _height(bundle: Bundle, _: int, area: Area) -> Iterator[Fault]:
    if area.floor_m is not None and area.ceiling_m is not None and area.floor_m >= area.ceiling_m:
        problem = Words(f"不低于顶面 {area.ceiling_m:g}", f"is not below the ceiling ({area.ceiling_m:g})")
        remedy = Words("请对调或改正", "swap or correct floor_m and ceiling_m")
        yield fault(bundle.names.areas, f"{_key(area)}.floor_m", area.floor_m, problem, remedy)


def _covered(bundle: Bundle, at: int, area: Area) -> Iterator[Fault]:
    """A person stands in the first area that holds him, so a covered area would always be empty."""
    here = _polygon(area.corners)
    for other in bundle.areas[:at]:
        yield from judged(_hides(bundle, other, area, here))


def _hides(bundle: Bundle, other: Area, area: Area, here: Polygon | None) -> Iterator[Fault]:
    there = _polygon(other.corners)
    if other.id == area.id or here is None or there is None or _other_storey(other, area):
        return
    if there.covers(here):
        problem = Words(
            f"完全被排在前面的 {other.id} 盖住", f"lies wholly inside {other.id}, which stands before it"
        )
        remedy = Words("小区域写在前面", f"write the smaller area first: move {area.id} above {other.id}")
        yield fault(bundle.names.areas, f"{_key(area)}.corners", None, problem, remedy)


def _other_storey(one: Area, two: Area) -> bool:
    bands = (one.floor_m, one.ceiling_m, two.floor_m, two.ceiling_m)
    if any(bound is None for bound in bands):
        return False
    floor_1, ceiling_1, floor_2, ceiling_2 = (float(bound or 0.0) for bound in bands)
    return ceiling_1 <= floor_2 or ceiling_2 <= floor_1


def pictures(bundle: Bundle) -> Iterator[Fault]:
    """Every picture area encloses something and lies in the picture."""
    for name, table in bundle.site.cameras.items():
        for area in judged_list(table):
            key = f"{dotted('cameras', name)}.areas[{_label(area)}].corners"
            yield from judged(_picture(bundle, key, area))


def judged_list(table: Any) -> tuple[Any, ...]:
    """A camera's picture areas, none where they could not be read."""
    areas_ = () if isinstance(table, Hole) else table.areas
    return () if isinstance(areas_, Hole) else areas_


def _label(area: Any) -> str:
    return "?" if isinstance(area, Hole) or isinstance(area.id, Hole) else area.id


def _picture(bundle: Bundle, key: str, area: Any) -> Iterator[Fault]:
    yield from shape(bundle.names.site, key, area.corners)
    outside = [part for corner in area.corners for part in corner if not 0 <= part <= 1]
    if outside:
        problem = Words(f"{outside[0]:g} 在画面之外", f"{outside[0]:g} lies outside the picture")
        remedy = Words("请写画面宽高的比例 0..1", "write fractions of the picture's width and height, 0..1")
        yield fault(bundle.names.site, key, None, problem, remedy)


def openings(bundle: Bundle) -> Iterator[Fault]:
    """Every opening has its own id, and is a line with an inner side or the outline of a mouth, in the picture."""
    for name, table in bundle.site.cameras.items():
        listed = () if isinstance(table, Hole) or isinstance(table.openings, Hole) else table.openings
        seen: set[str] = set()
        for one in listed:
            yield from judged(_opening(bundle, f"{dotted('cameras', name)}.openings[{_label(one)}]", one, seen))


def _opening(bundle: Bundle, key: str, one: Any, seen: set[str]) -> Iterator[Fault]:
    file = bundle.names.site
    if one.id in seen:
        problem = Words("此摄像机已有同名开口", "this camera has another opening of this id")
        yield fault(file, f"{key}.id", one.id, problem, Words("请改名", "rename one"))
    seen.add(one.id)
    outside = [part for corner in (*one.line, *one.mouth, one.inward) for part in corner if not 0 <= part <= 1]
    if outside:
        problem = Words(f"{outside[0]:g} 在画面之外", f"{outside[0]:g} lies outside the picture")
        remedy = Words("请写画面宽高的比例 0..1", "write fractions of the picture's width and height, 0..1")
        yield fault(file, key, None, problem, remedy)
    if bool(one.line) == bool(one.mouth):
        problem = Words("应为一条线或一个洞口", "is not either a line or a mouth")
        remedy = Words("请填写 line 和 inward，或 mouth", "write line and inward, or mouth")
        yield fault(file, key, None, problem, remedy)
    elif one.mouth:
        yield from shape(file, f"{key}.mouth", one.mouth)
    elif len(set(one.line)) != ENDS or len(one.line) != ENDS or _on_line(one.line, one.inward):
        problem = Words("不是有内侧的线", "is no line with an inner side")
        remedy = Words("请写两个不同的端点，inward 不在线上", "give two different ends, and inward off the line")
        yield fault(file, f"{key}.line", None, problem, remedy)


def _on_line(line: tuple[Corner, ...], point: Corner) -> bool:
    (x1, y1), (x2, y2) = line
    return abs((x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1)) < ON_LINE


def shape(file: str, key: str, corners: tuple[Corner, ...]) -> Iterator[Fault]:
    """Whether the corners make a polygon: three of them at least, no crossing, something inside."""
    distinct = len(set(corners))
    if distinct < FEWEST:
        problem = Words(f"只有 {distinct} 个不同的角点", f"has {distinct} different corners")
        yield fault(file, key, None, problem, Words("至少 3 个", "give at least 3"))
        return
    polygon = Polygon(corners)
    if shapely.is_valid(polygon):
        return
    crossing = re.match(r"Self-intersection\[(\S+) (\S+)\]", shapely.is_valid_reason(polygon))
    if crossing and polygon.convex_hull.area > 0:
        where = f"({float(crossing[1]):g}, {float(crossing[2]):g})"
        problem = Words(f"边线在 {where} 处自相交", f"crosses itself at {where}")
    else:
        problem = Words("围不成面积", "encloses nothing: its edges touch or lie on one line")
    remedy = Words("请按顺序绕一圈填写角点", "list the corners in the order of a walk around the area")
    yield fault(file, key, None, problem, remedy)


def _polygon(corners: tuple[Corner, ...]) -> Polygon | None:
    if len(set(corners)) < FEWEST:
        return None
    polygon = Polygon(corners)
    return polygon if shapely.is_valid(polygon) else None


CHECKS = (origin, areas, pictures, openings)
