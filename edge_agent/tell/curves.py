"""The last quarter of an hour of every gas channel, every gauge and every wearer, from what the steps consumed.

A point is two seconds. Of several samples within one, the worst is kept: a curve that smoothed a danger away
would be none. A gap is a gap: where a word was due and did not come, there is no level.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.observation import Observation, Position, Quality, Reading, Weather
from edge_agent.fuse import gas, gauges
from edge_agent.fuse.gas import Channel
from edge_agent.settings.site import Settings
from edge_agent.tell.live_curves import Curve, Way

STEP_S = 2.0
KEPT_S = 900.0
DECIMALS = 3  # no detector tells more
LATE = 1.5  # so many of its periods without a word, and one was due
LETTERS = {
    Quality.GOOD: "g",
    Quality.WARMUP: "w",
    Quality.STALE: "s",
    Quality.MISSING: "m",
    Quality.FAULT: "f",
    Quality.OVERRANGE: "o",
    Quality.UNDERRANGE: "u",
    Quality.INHIBITED: "i",
    Quality.CAL_OVERDUE: "c",
    Quality.SUSPECT: "d",  # doubted
    Quality.COMM_FAIL: "l",  # the line
    Quality.CLOCK_BAD: "k",
    Quality.UNBOUND: "n",
}
T = TypeVar("T")


class Point(Struct, frozen=True, gc=False):
    """One step of a channel."""

    level: float | None
    quality: Quality
    danger: bool
    warned: bool


# By channel: the first of the steps that were closed just now, and what was heard in them.
Closed = Mapping[str, tuple[int, tuple[Point | None, ...]]]
UNHEARD = Point(None, Quality.MISSING, danger=False, warned=False)


class _Line(Generic[T]):
    """One source: its closed steps up to (not with) `next`, and what was heard in those still open."""

    def __init__(self, period_s: float, begins: int, points: int) -> None:
        self._late_s = period_s * LATE
        self._next = begins
        self._points = points
        self._closed: deque[T | None] = deque(maxlen=points)
        self._open: dict[int, T] = {}
        self._last: tuple[float, T] | None = None

    def hear(self, at_s: float, value: T, worse: Callable[[T, T], bool]) -> None:
        """One word; of two in one step, the later one unless the earlier was worse."""
        step = int(at_s // STEP_S)
        before = self._open.get(step)
        if before is None or not worse(before, value):
            self._open[step] = value

    def change(self, to: Callable[[T], T]) -> None:
        """What is known of the steps that are still open is something else."""
        self._open = {step: to(value) for step, value in self._open.items()}

    def close(self, before: int) -> tuple[int, tuple[T | None, ...]]:
        """No more words are awaited for the steps before this one; gives those that end now."""
        first = max(self._next, before - self._points)
        ended = tuple(self._at(step) for step in range(first, before))
        self._closed.extend(ended)
        self._open = {step: value for step, value in self._open.items() if step >= before}
        self._next = max(self._next, before)
        return first, ended

    def _at(self, step: int) -> T | None:
        """What was heard in this step; who speaks less often is taken at his last word until the next is due."""
        ends_s = (step + 1) * STEP_S
        if step in self._open:
            self._last = ends_s, self._open[step]
        if self._last is None or ends_s - self._last[0] > self._late_s:
            return None
        return self._last[1]

    def since(self, first: int) -> tuple[int, tuple[T | None, ...]]:
        """The steps from `first` on, as far as they are known, and where they begin."""
        begins = self._next - len(self._closed)
        open_ = [self._open.get(step) for step in range(self._next, max(self._open, default=-1) + 1)]
        known = [*self._closed, *open_]
        return max(first, begins), tuple(known[max(0, first - begins) :])


class Remembered:
    """Curves and ways as they grow. Belongs to one thread, which is never the brain's."""

    def __init__(self, settings: Settings, now_s: float, kept_s: float = KEPT_S) -> None:
        """Nothing is known of what was before `now_s`."""
        begins, points = int(now_s // STEP_S), int(kept_s / STEP_S)
        self._gas = {id_: table.gas for id_, table in settings.site.gas.items()}
        # Those that count: after the first step the channel's own, which the centre or a signature may have moved.
        self._limits = {id_: settings.rulebook.gases.get(gas) for id_, gas in self._gas.items()}
        self._devices = {device.id: device for device in settings.devices}
        self._levels = {id_: _Line[Point](self._devices[id_].period_s, begins, points) for id_ in self._gas}
        self._tables = settings.site.gauges
        self._gauges = {id_: _Line[Point](self._devices[id_].period_s, begins, points) for id_ in self._tables}
        self._places = {
            id_: _Line[tuple[float, float] | None](self._devices[id_].period_s, begins, points)
            for id_ in settings.site.wearables
        }

    def hear(self, observations: Iterable[Observation]) -> None:
        """What one step consumed."""
        for seen in observations:
            if isinstance(seen, Reading) and seen.source in self._levels:
                self._levels[seen.source].hear(seen.at_s, self._judged(seen), _worse)
            elif isinstance(seen, Reading) and seen.source in self._gauges:
                self._gauges[seen.source].hear(seen.at_s, self._gauged(seen.source, seen), _worse)
            elif isinstance(seen, Weather):
                self._hear_station(seen)
            elif isinstance(seen, Position) and seen.source in self._places:
                place = None if seen.x_m is None or seen.y_m is None else (seen.x_m, seen.y_m)
                self._places[seen.source].hear(seen.at_s, place, _never)

    def _judged(self, reading: Reading) -> Point:
        name = self._gas[reading.source]
        one = gas.channel(self._devices[reading.source], name, reading, self._limits[reading.source], reading.at_s)
        level = None if one.level is None else round(one.level, DECIMALS)
        return Point(level, one.quality, danger=one.danger, warned=one.beyond_warn)

    def _hear_station(self, seen: Weather) -> None:
        """A gauge may be read off a weather station."""
        for id_, table in self._tables.items():
            if table.bus == seen.source:
                point = self._gauged(id_, gauges.off_station(seen, table))
                self._gauges[id_].hear(seen.at_s, point, _worse)

    def _gauged(self, id_: str, reading: Reading) -> Point:
        one = gauges.judged(self._devices[id_], self._tables[id_], reading, stale=False)
        level = None if one.level is None else round(one.level, DECIMALS)
        return Point(level, one.quality, danger=bool(one.beyond), warned=bool(one.near))

    def close(self, now_s: float, channels: Mapping[str, Channel]) -> Closed:
        """Close the steps that are over; gives those of gas. What the box doubts now is not shown as good."""
        for id_, channel in channels.items():
            self._limits[id_] = channel.limits
            if channel.quality is Quality.SUSPECT:
                self._levels[id_].change(_doubted)
        before = int(now_s // STEP_S)
        for place in self._places.values():
            place.close(before)
        for gauge in self._gauges.values():
            gauge.close(before)
        return {id_: level.close(before) for id_, level in self._levels.items()}

    def curves(
        self, instant: Instant, for_s: float = KEPT_S, only: Iterable[str] | None = None
    ) -> dict[str, Curve]:
        """The curves of the last `for_s` seconds: of every channel and gauge, or of these."""
        found: dict[str, Curve] = {}
        lines = {**self._levels, **self._gauges}
        for id_ in lines if only is None else only:
            if id_ in lines:
                begins, points = lines[id_].since(_first(instant, for_s))
                filled = [point or UNHEARD for point in points]
                found[id_] = Curve(
                    from_utc=_utc(begins, instant),
                    step_s=STEP_S,
                    levels=tuple(point.level for point in filled),
                    quality=tuple(LETTERS[point.quality] for point in filled),
                )
        return found

    def ways(self, instant: Instant, for_s: float, tags: Iterable[str]) -> dict[str, Way]:
        """Where these wearables were in the last `for_s` seconds."""
        found: dict[str, Way] = {}
        for id_ in tags:
            if id_ in self._places:
                begins, places = self._places[id_].since(_first(instant, for_s))
                found[id_] = Way(from_utc=_utc(begins, instant), step_s=STEP_S, places=places)
        return found


def _doubted(point: Point) -> Point:
    return replace(point, quality=Quality.SUSPECT) if point.quality is Quality.GOOD else point


def _worse(one: Point, other: Point) -> bool:
    return (one.danger, one.warned) > (other.danger, other.warned)


def _never(_one: object, _other: object) -> bool:
    return False


def _first(instant: Instant, for_s: float) -> int:
    return int((instant.now_s - for_s) // STEP_S)


def _utc(step: int, instant: Instant) -> float:
    return instant.utc + step * STEP_S - instant.now_s
