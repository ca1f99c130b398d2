"""The site's areas, found by place: a box with a hundred zones and hundreds of wearables asks all the time."""

from edge_agent.domain.zone import Area, Corner
from edge_agent.fuse.same import Same

CELLS = 64  # along the longer side of the plan
ROUNDING_M = 1e-6  # far above what holds() can be out by over a kilometre, far below what anybody measures


class Plan:
    """Areas by the cells of a grid that their polygons may touch. Made once for a site's areas."""

    def __init__(self, areas: tuple[Area, ...]) -> None:
        """Every area goes into the cells of the box around it and of what rounding adds, in the file's order."""
        corners = [corner for area in areas for corner in area.corners]
        self._west, self._south, east, north = box(corners)
        self._cell_m = max(east - self._west, north - self._south, 1.0) / CELLS
        self._cells: dict[tuple[int, int], list[Area]] = {}
        for area in areas:
            west, south, east, north = box(area.corners)
            left, bottom = self._cell(west - ROUNDING_M, south - ROUNDING_M)
            right, top = self._cell(east + ROUNDING_M, north + ROUNDING_M)
            for column in range(left, right + 1):
                for row in range(bottom, top + 1):
                    self._cells.setdefault((column, row), []).append(area)

    def _cell(self, x_m: float, y_m: float) -> tuple[int, int]:
        return int((x_m - self._west) // self._cell_m), int((y_m - self._south) // self._cell_m)

    def holding(self, x_m: float, y_m: float) -> list[Area]:
        """Every area whose polygon holds the point, in the file's order."""
        near = self._cells.get(self._cell(x_m, y_m), ())
        return [area for area in near if holds(area.corners, x_m, y_m)]


_plan = Same(Plan)


def plan_of(areas: tuple[Area, ...]) -> Plan:
    """The plan of these areas, made once."""
    return _plan("all", areas)


def box(corners: list[Corner] | tuple[Corner, ...]) -> tuple[float, float, float, float]:
    """West, south, east and north of these corners."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs, default=0.0), min(ys, default=0.0), max(xs, default=0.0), max(ys, default=0.0)


def holds(corners: tuple[Corner, ...], x_m: float, y_m: float) -> bool:
    """Even-odd rule; the polygon was checked to be simple when the settings were read."""
    inside = False
    for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (ay > y_m) != (by > y_m) and x_m < (bx - ax) * (y_m - ay) / (by - ay) + ax:
            inside = not inside
    return inside
