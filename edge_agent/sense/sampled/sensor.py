"""One sensor of named values between two words of it: what is new, what only repeats itself, and its silence.

A value that was measured long ago is STALE however often it is sent; one from the future comes from a wrong
clock. A sensor of which nothing new is heard is told of every period: silence is never silence.
"""

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.observation import Contact, Observation, Quality, Reading, Weather
from edge_agent.domain.words import Words
from edge_agent.sense.sampled import values
from edge_agent.sense.sampled.profile import CONTACT, SampledProfile
from edge_agent.sense.sampled.values import Raw, Sampled

# The sensor's clock and ours may differ by this much before a value counts as from the future.
CLOCKS_DIFFER_S = 2.0

NEVER = Words("尚未收到任何数据", "nothing was ever heard of it")
STANDS = Words("数据反复发送，未更新", "it repeats itself: nothing new is measured")
FIRST = Words("首个数据，等待下一个以确认在更新", "its first word: the next one has to show that it lives")
NO_SEQUENCE = Words("没有序号", "its sequence number is not there")
NO_TIME = Words("数据不带测量时间", "its value bears no time of measurement")


class Place(Struct, frozen=True, kw_only=True):
    """Which device of site.toml a sensor is, where it is found, and how often it must say something new."""

    device: str
    at: str
    period_s: float
    stale_s: float
    gas: str = ""  # what site.toml expects of a gas sensor or gauge
    channel: str = ""  # of a contact: its name in site.toml


class Sensor:
    """The state of one sensor. Times are monotonic seconds."""

    def __init__(self, place: Place, profile: SampledProfile) -> None:
        """Nothing is known of it yet."""
        self.device, self.at, self.profile = place.device, place.at, profile
        self.period_s = place.period_s
        self._stale_s, self._gas, self._channel = place.stale_s, place.gas, place.channel
        self._contact: Raw = None
        self._new_s: float | None = None  # when something new was last heard
        self._source_utc: float | None = None
        self._sequence: Raw = None
        self._moved = False  # its sequence was seen to change
        # Where values bear a time of measurement, it counts; else a changing number alone shows that they are new.
        self._by_time = profile.time is not None or profile.sequence is None
        self._told_s = float("-inf")
        self._refused: tuple[Quality, Words] | None = None  # why its last word was not used

    def heard(self, said: Sampled, received: Instant) -> Observation | None:
        """What a word of it amounts to; None for one that says nothing new (its age then tells)."""
        uncounted = self.profile.sequence is not None and said.values.get("sequence") is None
        if uncounted and said.quality is Quality.GOOD:
            said = replace(said, quality=Quality.FAULT, why=NO_SEQUENCE)
        if self._by_time:
            said = _of_now(said, received)
            self._forget_the_future(received)
        if said.quality is Quality.GOOD and not self._is_new(said, received.now_s):
            return None
        self._told_s, self._refused = received.now_s, None
        return self._judged(self._in_time(said, received), received.now_s)

    def silent(self, now_s: float, why: Words) -> Observation | None:
        """Told once a period while nothing new is heard; `why` is the way's own trouble, if it has one."""
        if now_s - self._told_s < self.period_s or (not why and not self._overdue(now_s)):
            return None
        self._told_s = now_s
        if why:
            return self._lost(Quality.COMM_FAIL, why, now_s)
        if self._refused is not None:
            return self._lost(*self._refused, now_s)
        return self._lost(Quality.STALE, NEVER if self._new_s is None else _last(now_s - self._new_s), now_s)

    def refused(self, quality: Quality, why: Words, now_s: float) -> Observation | None:
        """A word that cannot be used at all (retained, not readable): told once a period, until a new one."""
        self._refused = (quality, why)
        if now_s - self._told_s < self.period_s:
            return None
        self._told_s = now_s
        return self._lost(quality, why, now_s)

    def _overdue(self, now_s: float) -> bool:
        return self._new_s is None or now_s - self._new_s > self._stale_s

    def _forget_the_future(self, received: Instant) -> None:
        """A time from before our own clock could be trusted must not make every later value look late."""
        ahead = self._source_utc is not None and self._source_utc > received.utc + CLOCKS_DIFFER_S
        if received.trusted and ahead:
            self._source_utc = None

    def _is_new(self, said: Sampled, now_s: float) -> bool:
        """Another number in its sequence where it counts, else a later time of measurement.

        A contact that switches is new, whatever counts: a stop does not wait for the next second.
        """
        contact = said.values.get(f"{CONTACT}0")
        if self.profile.sequence is not None:
            new = said.values.get("sequence") != self._sequence
        else:
            new = said.source_utc is None or self._source_utc is None or said.source_utc > self._source_utc
        new = new or contact != self._contact
        late = said.source_utc is not None and self._source_utc is not None and said.source_utc < self._source_utc
        if not new or late:
            return False
        self._moved = self._moved or self._sequence is not None
        self._new_s = now_s
        self._sequence, self._contact = said.values.get("sequence"), contact
        self._source_utc = said.source_utc
        return True

    def _in_time(self, said: Sampled, received: Instant) -> Sampled:
        """What only time can tell."""
        if said.quality is not Quality.GOOD:
            return said
        if self._by_time:
            return _aged(said, received, self._stale_s)
        return said if self._moved else replace(said, quality=Quality.STALE, why=FIRST)

    def _judged(self, said: Sampled, now_s: float) -> Observation:
        if self.profile.measures == "contacts":
            return values.contact(self.profile, said, self.device, self._channel, now_s)
        if self.profile.measures in {"gas", "gauge"}:
            return values.reading(self.profile, said, self.device, self._gas, now_s)
        return values.weather(self.profile, said, self.device, now_s)

    def _lost(self, quality: Quality, why: Words, now_s: float) -> Observation:
        if self.profile.measures == "contacts":
            return Contact(source=self.device, at_s=now_s, channel=self._channel, closed=None, detail=why)
        if self.profile.measures in {"gas", "gauge"}:
            return Reading(
                source=self.device, at_s=now_s, channel=self._gas, level=None, unit="", quality=quality, detail=why
            )
        return Weather(source=self.device, at_s=now_s, quality=quality, detail=why)


def _last(silent_s: float) -> Words:
    return Words(f"上次新数据在 {silent_s:.0f} 秒前", f"last new value {silent_s:.0f} s ago")


def _of_now(said: Sampled, received: Instant) -> Sampled:
    """A value without a time of measurement, or from the future, is none that could be put in order."""
    if said.quality is not Quality.GOOD:
        return said
    if said.source_utc is None:
        return replace(said, quality=Quality.FAULT, why=NO_TIME)
    ahead_s = said.source_utc - received.utc
    if not received.trusted or ahead_s <= CLOCKS_DIFFER_S:
        return said
    words = Words(
        f"测量时间超前 {ahead_s:.0f} 秒，请校准传感器时钟",
        f"measured {ahead_s:.0f} s in the future: set the sensor's clock",
    )
    return replace(said, quality=Quality.CLOCK_BAD, why=words)


def _aged(said: Sampled, received: Instant, stale_s: float) -> Sampled:
    """A value with its age, or too old."""
    if not received.trusted or said.source_utc is None:
        return said  # nothing may start then anyway; the sensor's own clock still puts values in order
    age_s = received.utc - said.source_utc
    if age_s > stale_s:
        words = Words(f"测量于 {age_s:.0f} 秒前", f"measured {age_s:.0f} s ago")
        return replace(said, quality=Quality.STALE, why=words)
    return replace(said, age_s=max(age_s, 0.0))
