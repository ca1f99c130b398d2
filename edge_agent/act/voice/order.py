"""What is said next: the most urgent first, each again after a while; what merely happened, once."""

from collections import deque
from collections.abc import Iterable

from edge_agent.decide.speech import Saying, Urgency

GAP_S = {Urgency.LEAVE: 2.0, Urgency.STOP: 10.0, Urgency.ANSWER: 10.0}  # of silence between two of one urgency
AT_MOST = 3  # sayings of one urgency that take turns: who hears a dozen reasons hears none
STALE_S = 30.0  # what happened longer ago is not told any more
NEVER_S = float("-inf")


class Order:
    """The sayings that wait. Times are monotonic seconds."""

    def __init__(self) -> None:
        """Nothing is to be said."""
        self._standing: tuple[Saying, ...] = ()
        self._happened: deque[tuple[Saying, float]] = deque(maxlen=10)
        self._said_s: dict[str, float] = {}
        self._ended_s: dict[Urgency, float] = {}

    def hear(self, standing: Iterable[Saying], happened: Iterable[Saying], now_s: float) -> None:
        """What has to be said by now; what has gone is forgotten, so that it is new when it comes again."""
        self._standing = tuple(standing)
        self._said_s = {one.key: self._said_s[one.key] for one in self._standing if one.key in self._said_s}
        self._happened.extend((one, now_s + STALE_S) for one in happened)

    def take(self, now_s: float) -> Saying | None:
        """The next one to say at this moment, if any."""
        for urgency in Urgency:
            waiting = self._of(urgency, now_s)
            found = waiting[0] if waiting else None
            if found is not None:
                self._said_s[found.key] = now_s
                return found
            if urgency is Urgency.LEAVE and any(one.urgency is urgency for one in self._standing):
                return None  # between two calls to leave nothing else is said
        return None

    def ended(self, saying: Saying, now_s: float) -> None:
        """It was said, or interrupted."""
        self._ended_s[saying.urgency] = now_s

    def overtaken(self, saying: Saying) -> bool:
        """Whether something more urgent that was not said yet has come, or the reason to say it has gone."""
        if saying.urgency is not Urgency.TOLD and all(one.key != saying.key for one in self._standing):
            return True
        return any(one.urgency < saying.urgency and one.key not in self._said_s for one in self._turns())

    def _of(self, urgency: Urgency, now_s: float) -> list[Saying]:
        """Those of one urgency that may be said now, the one that waits longest first."""
        if urgency is Urgency.TOLD:
            while self._happened:
                saying, until_s = self._happened.popleft()
                if now_s < until_s:
                    return [saying]
            return []
        turn = [one for one in self._turns() if one.urgency is urgency]
        new = [one for one in turn if one.key not in self._said_s]
        if new:
            return new
        if now_s - self._ended_s.get(urgency, NEVER_S) < GAP_S[urgency]:
            return []
        return sorted(turn, key=lambda one: self._said_s[one.key])

    def _turns(self) -> list[Saying]:
        """The first few of each urgency."""
        seen: dict[Urgency, int] = {}
        turn = []
        for one in self._standing:
            seen[one.urgency] = seen.get(one.urgency, 0) + 1
            if seen[one.urgency] <= AT_MOST:
                turn.append(one)
        return turn
