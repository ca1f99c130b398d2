"""One gas detector on a bus as its worker keeps it: when to ask next, and what its last answer was worth.

Timing belongs here, decoding to gas_decode: warm-up by time, a heartbeat that stopped, and the growing
gap with which a detector is asked that does not answer (docs/field.md, pain 5: one dead device must not
delay the others). Every period yields a Reading, asked or not, so a silent detector is never silence.
"""

from edge_agent.domain.observation import Quality, Reading, has_number
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.field.modbus import ModbusError, Trouble
from edge_agent.sense.gas_decode import Decoded, decode
from edge_agent.sense.profile import GasProfile
from edge_agent.settings.site import GasTable

# A detector that does not answer is asked again after 1, 2, 4 and then every 5 s: soon enough for the
# 10 s of staleness, and at most a tenth of the bus's time at the usual 0.5 s time-out.
LONGEST_GAP_S = 5.0
# A silence at least this long may have been a power cut: then its warm-up begins anew.
POWER_CUT_S = 3.0
# Healthy detectors may be asked this much early, so that they are not queued behind a silent one that
# happens to be due some milliseconds before them.
EARLY_S = 0.05
HEART_STANDS = Words("心跳停止，数值未更新", "its heartbeat stands still: old values")


class GasDetector:
    """The state of one detector between two polls. Times are monotonic seconds."""

    def __init__(self, device: str, table: GasTable, profile: GasProfile) -> None:
        """Due at once."""
        self.device = device
        self.table = table
        self.profile = profile
        self.period_s = max(table.poll_s, profile.min_poll_s)
        self.due_s = float("-inf")
        self.ask_from_s = float("-inf")  # while it does not answer: not to be asked before
        self.failures = 0
        self._last_words = NOTHING
        self._answered_s: float | None = None
        self._up_since_s: float | None = None
        self._beat: int | None = None
        self._beat_s = 0.0

    def due(self, now_s: float) -> bool:
        """Whether its period has come; a healthy one's a little early, as far as its poll gap allows."""
        early = self.failures == 0 and self.period_s - EARLY_S >= self.profile.min_poll_s
        return self.due_s <= now_s + (EARLY_S if early else 0.0)

    def schedule(self, now_s: float) -> None:
        """The next period, keeping the beat unless a whole one was missed."""
        next_s = self.due_s + self.period_s
        self.due_s = next_s if next_s > now_s else now_s + self.period_s

    def answered(self, words: dict[int, int], now_s: float) -> Reading:
        """A reply arrived at `now_s`: the registers by address."""
        silent_s = None if self._answered_s is None else now_s - self._answered_s
        if self._up_since_s is None or (silent_s is not None and silent_s > POWER_CUT_S + self.period_s):
            self._up_since_s = now_s
        self._answered_s = now_s
        self.failures = 0
        self.ask_from_s = float("-inf")
        return self._reading(self._in_time(decode(self.profile, words, self.table.gas), now_s), now_s)

    def failed(self, fault: ModbusError, now_s: float) -> Reading:
        """No usable reply; the gap before the next question grows unless it refused in words."""
        self.failures += 1
        self._last_words = fault.words
        if fault.trouble is not Trouble.REFUSED or fault.code in (10, 11):
            gap_s = min(self.period_s * 2 ** min(self.failures - 1, 8), LONGEST_GAP_S)
            self.ask_from_s = now_s + max(gap_s, self.period_s)
        return self._lost(self._last_words, now_s)

    def not_asked(self, now_s: float, words: Words = NOTHING) -> Reading:
        """A period in which it was not asked, because it (or its gateway) did not answer before."""
        return self._lost(words or self._last_words, now_s)

    def _in_time(self, said: Decoded, now_s: float) -> Decoded:
        """What only time can tell: a warm-up without a bit, and a heartbeat that stands still."""
        if said.quality is Quality.OVERRANGE:
            return said
        heartbeat = self.profile.heartbeat
        if heartbeat is not None and said.beat is not None:
            if said.beat != self._beat:
                self._beat, self._beat_s = said.beat, now_s
            elif now_s - self._beat_s > heartbeat.within_s:
                return self._without_number(said, Quality.MISSING, HEART_STANDS)
        left_s = (self._up_since_s or now_s) + self.profile.warmup_s - now_s
        if left_s > 0 and has_number(said.quality):
            words = Words(f"还需 {left_s:.0f} 秒", f"for another {left_s:.0f} s")
            return self._without_number(said, Quality.WARMUP, words)
        return said

    def _without_number(self, said: Decoded, quality: Quality, words: Words) -> Decoded:
        return Decoded(
            level=None,
            unit=said.unit,
            quality=quality,
            device_alarm=said.device_alarm,
            age_s=said.age_s,
            detail=words,
            beat=said.beat,
        )

    def _reading(self, said: Decoded, now_s: float) -> Reading:
        return Reading(
            source=self.device,
            at_s=now_s,
            channel=self.table.gas,
            level=said.level,
            unit=said.unit,
            quality=said.quality,
            device_alarm=said.device_alarm,
            age_s=said.age_s,
            detail=said.detail,
        )

    def _lost(self, words: Words, now_s: float) -> Reading:
        silent = NOTHING
        if self._answered_s is not None:
            silent_s = now_s - self._answered_s
            silent = Words(f"上次应答在 {silent_s:.0f} 秒前", f"last answer {silent_s:.0f} s ago")
        return Reading(
            source=self.device,
            at_s=now_s,
            channel=self.table.gas,
            level=None,
            unit="",
            quality=Quality.COMM_FAIL,
            detail=joined((words, silent)),
        )
