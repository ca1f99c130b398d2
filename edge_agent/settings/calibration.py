"""Checks of cameras that are laid on the plan: their points fix a view, and agree with each other."""

from collections.abc import Iterator

from edge_agent.domain.plan_view import FEWEST, general, suspect, view_of
from edge_agent.domain.words import Words
from edge_agent.domain.zone import PlanPoint
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged

MOST_M = 1.0  # a point that is off by more was measured wrongly, or the floor is not flat


def calibrations(bundle: Bundle) -> Iterator[Fault]:
    """Every camera with points on the plan sees it by them."""
    for name, table in bundle.site.cameras.items():
        yield from judged(_points(bundle, f"{dotted('cameras', name)}.on_plan", table.on_plan))


def _points(bundle: Bundle, key: str, points: tuple[PlanPoint, ...]) -> Iterator[Fault]:
    if not points:
        return
    file = bundle.names.site
    outside = [at for at, one in enumerate(points, start=1) if not all(0 <= part <= 1 for part in one.picture)]
    if outside:
        problem = Words("在画面之外", "lies outside the picture")
        remedy = Words("请写画面宽高的比例 0..1", "write fractions of the picture's width and height, 0..1")
        yield fault(file, f"{key}[#{outside[0]}].picture", None, problem, remedy)
    elif len(points) < FEWEST or not general(points):
        problem = Words("不足以确定位置", "do not fix where the camera looks")
        remedy = Words(
            "至少 4 个地面点，其中任意三点不在一条直线上",
            "give at least 4 points of the floor, no three of them on one line, far apart in the picture",
        )
        yield fault(file, key, None, problem, remedy)
    else:
        yield from _fit(file, key, points)


def _fit(file: str, key: str, points: tuple[PlanPoint, ...]) -> Iterator[Fault]:
    view = view_of(points)
    if not view.ahead:
        problem = Words(
            "各点顺序不符：有的落在地平线以上", "contradict each other: some would lie above the horizon"
        )
        remedy = Words(
            "请核对每个点的画面位置与平面坐标", "check that each point's picture and plan belong together"
        )
        yield fault(file, key, None, problem, remedy)
    elif view.residual_m > MOST_M:
        off = f"{view.residual_m:.1f}"
        problem = Words(f"各点平均偏差 {off} 米", f"miss the plan by {off} m (RMS)")
        number = suspect(points)
        remedy = Words("请重新测量各点", "measure them anew")
        if number is not None:
            remedy = remedy.then(Words(f"先测第 {number + 1} 个", f"number {number + 1} first"))
        yield fault(file, key, None, problem, remedy)


CHECKS = (calibrations,)
