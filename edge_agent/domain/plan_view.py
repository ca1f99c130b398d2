"""From a camera's picture to the plan: four or more points that are known in both say where somebody's feet are.

A plane is assumed: the floor. How far off a place may be grows with the distance, and is told with it.
"""

import math
from itertools import combinations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.domain.zone import Corner, PlanPoint

FEWEST = 4
FLOOR_M = 0.3  # nobody stands on a point: feet have a size, and points are measured by hand
AGREE_M = 0.5  # points that miss the plan by less agree with each other
FEET = 0.04  # share of the person's height by which the lower edge of a box is off
CUT = 0.99  # a box that reaches further down is cut off by the picture: its feet are not seen
FLAT = 1e-3  # three points whose triangle is smaller than this share of the square around all lie on one line

Matrix = tuple[float, ...]  # row by row


class PlanView(Struct, frozen=True, kw_only=True):
    """How one camera sees the plan: its matrix, and by how many metres its own points miss it (RMS)."""

    matrix: Matrix
    residual_m: float
    ahead: bool  # all points lie on the same side of the horizon, as they must


class Place(Struct, frozen=True, kw_only=True):
    """Where somebody stands on the plan, and by how much that may be off."""

    x_m: float
    y_m: float
    accuracy_m: float


def general(points: tuple[PlanPoint, ...]) -> bool:
    """Whether four of the points have no three on one line, neither in the picture nor on the plan."""
    return any(
        _spread([one.picture for one in four]) and _spread([one.plan_m for one in four])
        for four in combinations(points, FEWEST)
    )


def _spread(corners: list[Corner]) -> bool:
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    square = max(max(xs) - min(xs), max(ys) - min(ys)) ** 2
    return square > 0 and all(_triangle(*three) > FLAT * square for three in combinations(corners, 3))


def _triangle(one: Corner, two: Corner, three: Corner) -> float:
    return abs((two[0] - one[0]) * (three[1] - one[1]) - (three[0] - one[0]) * (two[1] - one[1])) / 2


def view_of(points: tuple[PlanPoint, ...]) -> PlanView:
    """The best fit to points in general position (direct linear transformation, normalised)."""
    picture, plan = np.array([one.picture for one in points]), np.array([one.plan_m for one in points])
    from_picture, from_plan = _normal(picture), _normal(plan)
    rows = []
    for (x, y), (u, v) in zip(_through(from_picture, picture), _through(from_plan, plan), strict=True):
        rows += [(-x, -y, -1, 0, 0, 0, u * x, u * y, u), (0, 0, 0, -x, -y, -1, v * x, v * y, v)]
    fitted = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    whole = np.linalg.inv(from_plan) @ fitted @ from_picture
    depths = whole[2] @ np.vstack([picture.T, np.ones(len(points))])
    whole *= np.sign(depths.sum()) or 1.0
    matrix = tuple(float(one) for one in (whole / np.abs(whole).max()).ravel())
    off_m = [_missed_m(matrix, one) for one in points]
    return PlanView(
        matrix=matrix,
        residual_m=math.sqrt(sum(one**2 for one in off_m) / len(off_m)),
        ahead=bool((depths > 0).all() or (depths < 0).all()),
    )


def suspect(points: tuple[PlanPoint, ...]) -> int | None:
    """Which point the others contradict; None where they are too few to tell, or more than one is off."""
    if len(points) < FEWEST + 2:
        return None
    without = [(*points[:at], *points[at + 1 :]) for at in range(len(points))]
    left_m = [view_of(rest).residual_m if general(rest) else math.inf for rest in without]
    best_m = min(left_m)
    return left_m.index(best_m) if best_m < AGREE_M else None


def _normal(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """What moves the points around the origin, at about the same distance from it."""
    middle = points.mean(axis=0)
    scale = math.sqrt(2) / float(np.sqrt(((points - middle) ** 2).sum(axis=1)).mean())
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1.0]])


def _through(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = (points * matrix[0, 0]) + matrix[:2, 2]
    return found


def _missed_m(matrix: Matrix, point: PlanPoint) -> float:
    found = _project(matrix, *point.picture)
    return math.inf if found is None else math.dist(found, point.plan_m)


def _project(matrix: Matrix, x: float, y: float) -> Corner | None:
    """A point of the picture on the plan; None at the horizon and above it."""
    a, b, c, d, e, f, g, h, i = matrix
    depth = g * x + h * y + i
    if depth <= 0:
        return None
    return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth


def place(view: PlanView, box: tuple[float, float, float, float]) -> Place | None:
    """Where the person in `box` stands; None where his feet are not seen, or not on the floor ahead."""
    x1, y1, x2, y2 = box
    feet, off = (x1 + x2) / 2, FEET * (y2 - y1)
    here, nearer, further = (_project(view.matrix, feet, y) for y in (y2, y2 + off, y2 - off))
    if y2 >= CUT or here is None or nearer is None or further is None:
        return None
    error_m = max(math.dist(here, nearer), math.dist(here, further))
    return Place(x_m=here[0], y_m=here[1], accuracy_m=math.hypot(FLOOR_M, view.residual_m, error_m))
