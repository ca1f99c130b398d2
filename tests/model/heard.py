"""What the naive account heard of the field, and what of it stands against working now.

Each sentence is written from the rulebook's figures (zones/rulebooks/demo-confined-space.toml) as a person would
check a log: slowly, one source after the other, and from the raw words alone.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from edge_agent.decide.state import Inputs
from edge_agent.domain.observation import Contact, Position, Quality, Reading, Sighting, View
from edge_agent.domain.permit import Permit
from edge_agent.domain.rulebook import Rulebook

STEP_S = 1.0  # what a stop may take longer than its limit: it is seen at one step and timed to the next
# In the units in which the demo site's detectors speak: (low, high)
PERMITTED = {"ch4": (-math.inf, 10.0), "o2": (19.5, 23.5), "h2s": (-math.inf, 7.2), "co": (-math.inf, 26.1)}
BACK = {"ch4": (-math.inf, 9.5), "o2": (19.55, 23.45), "h2s": (-math.inf, 6.84), "co": (-math.inf, 24.8)}
MEASURES = frozenset({Quality.GOOD, Quality.OVERRANGE, Quality.CAL_OVERDUE})
TRUSTED = frozenset({Quality.GOOD, Quality.CAL_OVERDUE})

WEARERS = {"tag-guard": "li-na", "tag-worker-1": "zhou-qiang"}


class Against(NamedTuple):
    """One condition: how long it may stand, the class of its stop, and whether a gas test is needed after it."""

    what: str
    within_s: float
    pause_class: str  # of docs/domain.md section 3
    retest: bool = False
    subject: str = ""
    gas: bool = False
    excuses: tuple[str, ...] = ()  # rules one of which a safety officer may let be

    def let_be(self, rule: str | None) -> bool:
        """Whether the one rule that is let be covers this."""
        return rule is not None and rule in self.excuses


class Heard:
    """The last word of every source, and when it was spoken."""

    def __init__(self, book: Rulebook) -> None:
        """Nothing yet."""
        self.book = book
        self.words: dict[str, object] = {}
        self.at_s: dict[str, float] = {}
        self.measured_s: dict[str, float] = {}  # when a detector last measured
        self.sighted_s: dict[str, float] = {}  # when it last came back from being blind for too long
        self.danger: set[str] = set()  # detectors whose danger nothing has ended
        self.guard_shown_s = 0.0  # when the guard last showed himself: checked in, pressed "I'm here"
        self.guard_moved_s: float | None = None
        self.air_s: float | None = None  # the last word of any wearable, or picture that can be trusted
        self.hole_s = -math.inf  # when nothing on the air had been heard for long, the last time
        self.clear_s: float | None = None  # when the camera last showed a picture that can be trusted

    def take(self, inputs: Inputs) -> None:
        """One step more."""
        now_s = inputs.instant.now_s
        if self.air_s is not None and now_s - self.air_s >= self.book.network.hole_s.value:
            self.hole_s = now_s
        for seen in inputs.observations:
            if isinstance(seen, Position) or (isinstance(seen, Sighting) and seen.view is View.CLEAR):
                self.air_s = now_s
            key = f"{seen.source}/{seen.channel}" if isinstance(seen, Contact) else seen.source
            self.words[key], self.at_s[key] = seen, now_s
            if isinstance(seen, Reading):
                self._measured(seen, now_s)
            if isinstance(seen, Sighting) and seen.view is View.CLEAR:
                self.clear_s = now_s
            if (
                isinstance(seen, Position)
                and seen.source == "tag-guard"
                and not (seen.moving is False and self.guard_moved_s is not None)
            ):
                self.guard_moved_s = now_s

    def _measured(self, seen: Reading, now_s: float) -> None:
        low, high = PERMITTED[seen.channel]
        back_low, back_high = BACK[seen.channel]
        number = seen.level
        beyond = number is not None and not low <= number <= high
        if seen.quality is Quality.OVERRANGE or (number is not None and seen.device_alarm) or beyond:
            self.danger.add(seen.source)
        elif seen.quality in TRUSTED and number is not None and back_low <= number <= back_high:
            self.danger.discard(seen.source)
        if seen.quality in MEASURES:
            last_s = self.measured_s.get(seen.source)
            if last_s is not None and now_s - last_s > self.book.gas.blind_retest_s.value + STEP_S:
                self.sighted_s[seen.source] = now_s
            self.measured_s[seen.source] = now_s

    def against(self, permit: Permit, now_s: float, denied: set[str], excused: str | None) -> Iterator[Against]:
        """What stands against working now, but for what a safety officer lets be."""
        for one in (*self._gas(permit, now_s), *self._guard(permit, now_s), *self._field(permit, now_s)):
            if not one.let_be(excused):
                yield one
        for person in (permit.ticket.holder, permit.guard, *permit.ticket.workers):
            if person in denied:
                yield Against(f"{person} may not work here", 0.0, "C")

    def _gas(self, permit: Permit, now_s: float) -> Iterator[Against]:
        grace_s = self.book.gas.not_good_pause_s.value
        for device in permit.ticket.devices:
            if not device.startswith("gas-"):
                continue
            word = self.words.get(device)
            if device in self.danger:
                yield Against(f"{device} is in danger", 0.0, "A", retest=True, subject=device, gas=True)
            if not isinstance(word, Reading):
                yield Against(f"{device} never heard", grace_s, "B")
                continue
            if word.quality not in MEASURES:
                yield Against(f"{device} measures nothing", grace_s, "B")
            if now_s - self.at_s[device] > self.book.gas.stale_min_s.value:
                yield Against(f"{device} is silent", grace_s, "B")

    def _guard(self, permit: Permit, now_s: float) -> Iterator[Against]:
        book = self.book.guard
        if permit.guard is None:
            yield Against("no guard", STEP_S, "B")
        fix = self.words.get("tag-guard")
        if permit.guard != "li-na" or not isinstance(fix, Position):
            return
        if now_s - self.at_s["tag-guard"] >= book.lost_pause_s.value + self._network_s(self.at_s["tag-guard"]):
            yield Against("the guard's tag is silent", 0.0, "B", excuses=("guard_lost",))
        if fix.worn is False:
            yield Against("the guard's tag is off", book.outside_on_s.value, "B", excuses=("guard_tag_off",))
        alive_s = max(self.guard_shown_s, self.guard_moved_s or 0.0)
        if now_s - alive_s > book.still_pause_s.value + STEP_S:
            excuses = ("guard_still_too_long", "guard_tag_off", "guard_lost")  # a tag that is off is still
            yield Against("the guard does not move", 0.0, "B", excuses=excuses)
        yield from self._far(permit, fix)

    def _network_s(self, heard_s: float) -> float:
        """How much of a silence since then may be put down to the network."""
        return min(max(0.0, self.hole_s - heard_s), self.book.network.grace_s.value)

    def _far(self, permit: Permit, fix: Position) -> Iterator[Against]:
        book, point = self.book.guard, permit.ticket.point
        if fix.x_m is None or fix.y_m is None or fix.accuracy_m is None:
            return
        away_m = math.hypot(fix.x_m - point.x_m, fix.y_m - point.y_m)
        if away_m - fix.accuracy_m > book.post_pause_m.value:
            yield Against("the guard is gone", book.outside_on_s.value, "B")
        if away_m + fix.accuracy_m > book.post_pause_m.value:
            excuses = ("guard_perhaps_too_far",)
            yield Against("the guard may be gone", book.unsure_pause_s.value, "B", excuses=excuses)

    def _field(self, permit: Permit, now_s: float) -> Iterator[Against]:
        button = self.words.get("relay-1/stop-button")
        if isinstance(button, Contact) and button.closed is False:
            yield Against("the stop button is pressed", 0.0, "D")
        if now_s - self.at_s.get("relay-1/stop-button", now_s) > 2 * self.book.device.silent_pause_s.value:
            yield Against("the relay module is silent", 0.0, "B", excuses=("device_silent",))
        seen_s = now_s if self.clear_s is None else self.clear_s
        blind_s = 2 * self.book.camera.not_monitored_s.value + self._network_s(seen_s)
        if permit.ticket.video_required and now_s - seen_s > blind_s:
            excuses = ("camera_required_not_monitored",)
            yield Against("nobody sees the work", 0.0, "B", excuses=excuses)
        for tag, wearer in WEARERS.items():
            word = self.words.get(tag)
            if isinstance(word, Position) and word.sos:
                yield Against(f"{tag} calls for help", 0.0, "A", retest=True, subject=wearer)
