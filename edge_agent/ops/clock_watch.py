"""Watches the box's own clock for the live picture: trust and since when, offset, who keeps it, the clock chip."""

from pathlib import Path

from edge_agent.clock import EARLIEST_UTC, Clock, Discipline, discipline
from edge_agent.domain.words import Words
from edge_agent.ops.timekeeper import chip_utc, keepers
from edge_agent.tell.live_clock import LiveClock

SYS = Path("/sys")
LOOK_S, KEEPERS_S = 1.0, 60.0  # how often the kernel is asked, and the table of processes read

MEANS = {
    True: Words(
        "时间可信：作业票按日期生效和到期，可以开工和复工",
        "The time is trusted: tickets begin and end by date, work may start and resume",
    ),
    False: Words(
        "时间不可信：不能开工或复工；进行中的作业继续，按时长计时的限值照常有效，记录标明“时间未核实”",
        "The time is not trusted: nothing may start or resume; work under way goes on, limits that count "
        "durations hold, and records say that the time is unverified",
    ),
}


class ClockWatch:
    """Asked with each picture; the kernel is asked at most once a second. Belongs to one thread."""

    def __init__(self, clock: Clock, source: str, sys: Path = SYS) -> None:
        """`source` is that of site.toml [clock]."""
        self._clock, self._source, self._sys = clock, source, sys
        self._state: tuple[bool, float] | None = None  # trusted or not, and since which monotonic second
        self._kernel: Discipline | None = None
        self._kept_by: tuple[str, ...] = ()
        self._looked_s = self._searched_s = float("-inf")

    def now(self) -> LiveClock:
        """As it stands."""
        instant = self._clock.instant()
        if self._state is None or self._state[0] is not instant.trusted:
            self._state = (instant.trusted, instant.now_s)
        if instant.now_s - self._looked_s >= LOOK_S:
            self._kernel, self._looked_s = discipline(), instant.now_s
        if instant.now_s - self._searched_s >= KEEPERS_S:
            self._kept_by = tuple(f"{one.program} ({one.kind})" for one in keepers())
            self._searched_s = instant.now_s
        chip, kernel = chip_utc(self._sys), self._kernel
        return LiveClock(
            trusted=instant.trusted,
            source=self._source,
            kept_by=self._kept_by,
            since_utc=instant.utc - (instant.now_s - self._state[1]),
            offset_s=None if kernel is None else kernel.offset_s,
            error_s=None if kernel is None else kernel.error_s,
            drift_ppm=None if kernel is None else kernel.drift_ppm,
            chip_off_s=None if chip is None or chip < EARLIEST_UTC else chip - instant.utc,
            means=MEANS[instant.trusted],
        )
