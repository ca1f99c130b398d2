"""`edge-agent patrol SITE --permit P`: a guard's patrol record; and the worker that keeps it beside the brain."""

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import pairwise

from edge_agent.decide.state import Decision, Inputs
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.outcome import Event
from edge_agent.ops.folders import PATROLS
from edge_agent.ops.shadow_report import kept
from edge_agent.settings.site import Settings
from edge_agent.tell.patrol import Point, Shelf, is_news, metres, seen

log = logging.getLogger(__name__)

FLUSH_S = 5.0
MOST_POINTS = 20_000  # that wait for the disk: the oldest give way
TOLD = {
    "guard.checked_in": "签到 checked in",
    "guard.checked_out": "离岗 checked out",
    "guard.relieved": "交接 relieved",
    "guard.here": "确认在岗 said that he is here",
    "permit.check_in_refused": "签到被拒 check-in refused",
    "permit.here_refused": "在岗确认被拒 press refused",
}


class Patrols:
    """A worker of the supervisor: takes over what each step heard of guards on duty, and writes it down."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is kept yet."""
        self._shelf = Shelf(settings.state_folder / PATROLS)
        self._waiting: deque[tuple[str, Point]] = deque(maxlen=MOST_POINTS)
        self._last: dict[str, Point] = {}
        self._ok = True

    def beside(self, inputs: Inputs, decision: Decision) -> None:
        """What one step consumed. Called in the brain's thread: takes it over, and no more."""
        for permit, point in seen(inputs, decision.state):
            if is_news(self._last.get(permit), point):
                self._last[permit] = point
                self._waiting.append((permit, point))

    def run(self, stop: threading.Event) -> None:
        """Write until `stop`, and what is left at the end."""
        while not stop.wait(FLUSH_S):
            self.flush()
        self.flush()

    def flush(self) -> None:
        """Write what waits; what the disk refuses waits on."""
        by_permit: dict[str, list[Point]] = {}
        taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
        for permit, point in taken:
            by_permit.setdefault(permit, []).append(point)
        try:
            for permit, points in by_permit.items():
                self._shelf.add(permit, points)
                taken = [one for one in taken if one[0] != permit]
        except OSError as fault:
            self._waiting.extendleft(reversed(taken))
            if self._ok:
                log.error("patrol records are not kept: %s", fault)  # noqa: TRY400 (said once, without its trace)
            self._ok = False
        else:
            self._ok = True


def record(settings: Settings, permit: str) -> Iterator[str]:
    """The record of one permit as lines of Markdown, in Chinese and English. Raises StoreError."""
    events = [event for event in kept(settings) if event.subject == permit and event.type in TOLD]
    yield from page(permit, events, Shelf(settings.state_folder / PATROLS).read(permit), settings.local_time)


def page(permit: str, events: Iterable[Event], points: list[Point], local: LocalTime) -> Iterator[str]:
    """Who guarded when, by the sealed records; and where he was, by his wearable."""
    yield f"# 监护巡检记录 / Patrol record: {permit}"
    yield ""
    for event in events:
        who = event.data.get("person") or event.data.get("guard") or "-"
        yield f"- {_at(event.at_utc, local)} {who}: {TOLD[event.type]}"
    yield ""
    yield "| 监护人 guard | 从 from | 到 until | 点数 points | 走动 walked | 最长无位置 longest without a place |"
    yield "|---|---|---|---|---|---|"
    for guard in dict.fromkeys(point.guard for point in points):
        yield _row(guard, [point for point in points if point.guard == guard], local)
    yield ""
    for point in points:
        off = "" if point.worn is not False else " 未佩戴 not worn"
        yield f"- {_at(point.at_utc, local)} {point.guard} {_place(point)}{off}"


def _row(guard: str, points: list[Point], local: LocalTime) -> str:
    walked_m = sum(metres(one, two) for one, two in pairwise(points))
    placed = [point.at_utc for point in points if point.zone is not None or point.x_m is not None]
    lost_s = max((two - one for one, two in pairwise(placed)), default=0.0)
    first, last = _at(points[0].at_utc, local), _at(points[-1].at_utc, local)
    return f"| {guard} | {first} | {last} | {len(points)} | {walked_m:.0f} m | {lost_s:.0f} s |"


def _place(point: Point) -> str:
    if point.x_m is None or point.y_m is None:
        return point.zone or "位置未知 place unknown"
    blur = "" if point.accuracy_m is None else f" ±{point.accuracy_m:g} m"
    return f"({point.x_m:g}, {point.y_m:g}) m{blur}"


def _at(utc: float, local: LocalTime) -> str:
    return local.local(utc).strftime("%Y-%m-%d %H:%M:%S")
