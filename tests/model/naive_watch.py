"""What must hold beside hot work whose ticket has ended, told from nothing but what was heard and asked.

It says when the next job at that place must NOT begin; the box may keep it waiting for more reasons than these.
"""

import math

from edge_agent.decide.state import Decision, Inputs
from edge_agent.domain.observation import Position
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import Point
from tests.model.heard import STEP_S
from tests.model.naive import OFFICER, BrokenError

TAGS = {"li-na": "tag-guard", "chen-jie": "tag-guard-2"}
ENDED = frozenset({State.EXPIRED, State.REVOKED})


class NaiveWatch:
    """The log of one boot about the embers of `hot`, and the job `beside` it. `earlier` is the boot before."""

    def __init__(self, book: Rulebook, point: Point, now_s: float, earlier: "NaiveWatch | None" = None) -> None:
        """A box that came up has watched nothing yet."""
        self.book = book
        self.point = point
        self._fixes: dict[str, tuple[Position, float]] = {}
        self._guard: str | None = None if earlier is None else earlier._guard
        # Who has taken the watch over since the end.
        self._by: str | None = None if earlier is None else earlier._by
        self._ended_utc = None if earlier is None else earlier._ended_utc
        self._looked = earlier is not None and earlier._looked
        self._kept = earlier is not None and earlier._kept
        self._seen_s = now_s  # when somebody was seen to watch
        self._since_s = now_s  # since when there has been no break
        self._began = earlier is not None and earlier._began

    def see(self, inputs: Inputs, decision: Decision) -> None:
        """One step more; raises BrokenError."""
        now_s, permits = inputs.instant.now_s, decision.state.permits
        for seen in inputs.observations:
            if isinstance(seen, Position):
                self._fixes[seen.source] = seen, now_s
        if self._ended_utc is None:
            self._guard = permits["P-1"].guard  # he who was there when it ended
            self._seen_s = self._since_s = now_s
            if permits["P-1"].state in ENDED:
                self._ended_utc = inputs.instant.utc
        self._note(inputs, decision)
        self._watch(now_s)
        beside = permits.get("P-2")
        if beside is not None and beside.state is State.ACTIVE and not self._began:
            self._began = True
            self._may_begin(beside.guard)

    def _note(self, inputs: Inputs, decision: Decision) -> None:
        yes = {one.request for one in decision.answers if one.accepted}
        for item in inputs.asked:
            if not isinstance(item, Request) or item.permit != "P-1" or item.id not in yes:
                continue
            if item.ask is Ask.CHECK_IN and self._ended_utc is not None:
                self._guard = self._by = item.person
            elif item.ask is Ask.CHECK_OUT:
                self._guard = self._by = None
            elif item.ask is Ask.CLOSE and item.person == OFFICER and self._ended_utc is not None:
                passed_s = inputs.instant.utc - self._ended_utc
                self._looked = self._looked or passed_s >= self._watch_s() - STEP_S

    def _watch(self, now_s: float) -> None:
        """Not seen for longer than a guard may be lost and the place unwatched, the watch is broken."""
        if self._visible(now_s):
            self._seen_s = now_s
        elif now_s - self._seen_s > self.book.guard.unwatched_s.value + 2 * STEP_S:
            self._since_s = now_s
        self._kept = self._kept or now_s - self._since_s >= self._watch_s() - STEP_S

    def _visible(self, now_s: float) -> bool:
        """Whether the guard's last word could be that of somebody who watches."""
        found = self._fixes.get(TAGS.get(self._guard or "", ""))
        if found is None:
            return False
        fix, heard_s = found
        book = self.book.guard
        silent_s = book.lost_pause_s.value + self.book.network.grace_s.value
        away_m = math.hypot((fix.x_m or 0.0) - self.point.x_m, (fix.y_m or 0.0) - self.point.y_m)
        near = away_m - (fix.accuracy_m or 0.0) <= book.post_pause_m.value
        return fix.worn is not False and near and now_s - heard_s <= silent_s

    def _watch_s(self) -> float:
        limit = self.book.works["hot.1"].fire_watch_s
        return 0.0 if limit is None else limit.value

    def _may_begin(self, guard: str | None) -> None:
        if self._ended_utc is None:
            raise BrokenError("work began beside hot work under way")
        taken = self._by is not None and self._by == guard
        if not (self._kept or self._looked or taken):
            raise BrokenError("work began beside embers that nobody has watched")
