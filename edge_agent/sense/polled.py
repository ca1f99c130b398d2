"""Anything that is asked over a bus at its own period: when to ask next, and for how long to leave it alone.

A device that does not answer is asked ever more rarely, so that one dead device does not delay the others
(docs/field.md, pain 5). Every period yields a word about it, asked or not: a silent device is never silence.
"""

from abc import ABC, abstractmethod

from edge_agent.domain.observation import Observation
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.field.modbus import ModbusError, Trouble
from edge_agent.sense.profile import Block

# A device that does not answer is asked again after 1, 2, 4 and then every 5 s: soon enough for the
# 10 s of staleness, and at most a tenth of the bus's time at the usual 0.5 s time-out.
LONGEST_GAP_S = 5.0


class Polled(ABC):
    """The state of one device of a bus between two polls. Times are monotonic seconds."""

    def __init__(
        self, device: str, unit_id: int, blocks: tuple[Block, ...], *, poll_s: float, min_poll_s: float
    ) -> None:
        """Due at once."""
        self.timeout_s: float | None = None  # where its deadline is another than its bus's
        self.device = device
        self.unit_id = unit_id
        self.blocks = blocks
        self.period_s = max(poll_s, min_poll_s)
        self.due_s = float("-inf")
        self.ask_from_s = float("-inf")  # while it does not answer: not to be asked before
        self.asked_s = float("-inf")
        self.failures = 0
        self._refuses = False  # its last word was a refusal, which costs nobody a time-out
        self.late_s = 0.0  # by how much the answer may be older than its arrival (field/late.py)
        self.answered_s: float | None = None
        self._last_words = NOTHING

    @property
    def silent(self) -> bool:
        """Whether asking it will probably cost a time-out."""
        return self.failures > 0 and not self._refuses

    def due(self, now_s: float) -> bool:
        """Whether its period has come."""
        return self.due_s <= now_s

    def schedule(self, now_s: float) -> None:
        """The next period, keeping the beat unless a whole one was missed."""
        next_s = self.due_s + self.period_s
        self.due_s = next_s if next_s > now_s else now_s + self.period_s

    def answered(self, words: dict[int, int], now_s: float, late_s: float = 0.0) -> Observation:
        """A reply arrived at `now_s`: the registers by address, `late_s` older than that at worst."""
        self.late_s = late_s
        said = self._said(words, now_s)
        self.answered_s = now_s
        self.failures = 0
        self.ask_from_s = float("-inf")
        return said

    def failed(self, fault: ModbusError, now_s: float) -> Observation:
        """No usable reply; the gap before the next question grows unless it refused in words."""
        self.failures += 1
        self._last_words = fault.words
        self._refuses = fault.trouble is Trouble.REFUSED and fault.code not in (10, 11)
        if not self._refuses:
            gap_s = min(self.period_s * 2 ** min(self.failures - 1, 8), LONGEST_GAP_S)
            self.ask_from_s = now_s + max(gap_s, self.period_s)
        return self._lost(self._why(self._last_words, now_s), now_s)

    def not_asked(self, now_s: float, words: Words = NOTHING) -> Observation:
        """A period in which it was not asked, because it (or its gateway) did not answer before."""
        return self._lost(self._why(words or self._last_words, now_s), now_s)

    def _why(self, words: Words, now_s: float) -> Words:
        if self.answered_s is None:
            return words
        silent_s = now_s - self.answered_s
        silent = Words(f"上次应答在 {silent_s:.0f} 秒前", f"last answer {silent_s:.0f} s ago")
        return joined((words, silent))

    @abstractmethod
    def _said(self, words: dict[int, int], now_s: float) -> Observation:
        """What the registers say; `answered_s` still holds the answer before this one."""

    @abstractmethod
    def _lost(self, words: Words, now_s: float) -> Observation:
        """What is told of a period without an answer."""
