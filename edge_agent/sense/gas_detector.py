"""One gas detector or gauge on a bus as its worker keeps it: when to ask next, and what its last answer was worth.

Timing belongs here, decoding to gas_decode: warm-up by time, and a heartbeat that stopped.
"""

from edge_agent.domain.observation import Quality, Reading, has_number
from edge_agent.domain.words import Words
from edge_agent.sense.gas_decode import Decoded, decode
from edge_agent.sense.polled import Polled
from edge_agent.sense.profile import GasProfile
from edge_agent.settings.site_sensors import SensorTable

# A silence at least this long may have been a power cut: then its warm-up begins anew.
POWER_CUT_S = 3.0
HEART_STANDS = Words("心跳停止，数值未更新", "its heartbeat stands still: old values")


class GasDetector(Polled):
    """The state of one detector between two polls. Times are monotonic seconds."""

    def __init__(self, device: str, table: SensorTable, profile: GasProfile) -> None:
        """Due at once; `profile` is fitted to its place (profile_fit)."""
        unit_id = table.unit_id or 0  # the settings' checks see to it that there is one
        super().__init__(device, unit_id, profile.blocks, poll_s=table.poll_s, min_poll_s=profile.min_poll_s)
        self.timeout_s = table.timeout_s
        self.table = table
        self.profile = profile
        self._up_since_s: float | None = None
        self._beat: int | None = None
        self._beat_s = 0.0

    def _said(self, words: dict[int, int], now_s: float) -> Reading:
        silent_s = None if self.answered_s is None else now_s - self.answered_s
        if self._up_since_s is None or (silent_s is not None and silent_s > POWER_CUT_S + self.period_s):
            self._up_since_s = now_s
        return self._reading(
            self._in_time(decode(self.profile, words, self.table.what, self.table.range), now_s), now_s
        )

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
            channel=self.table.what,
            level=said.level,
            unit=said.unit,
            quality=said.quality,
            device_alarm=said.device_alarm,
            age_s=max(said.age_s, self.late_s),
            detail=said.detail,
        )

    def _lost(self, words: Words, now_s: float) -> Reading:
        return Reading(
            source=self.device,
            at_s=now_s,
            channel=self.table.what,
            level=None,
            unit="",
            quality=Quality.COMM_FAIL,
            detail=words,
        )
