"""What must hold of one confined-space job at the demo tank, told from nothing but what was heard and asked.

Nothing of the deciding code is used here: no World, no rule, no alarm list. Each sentence of `against` is
written from the rulebook's figures (zones/rulebooks/demo-confined-space.toml) as a person would check a log.
It says when work must NOT be permitted; the box may stop for more reasons than these.
"""

import math
from collections.abc import Iterator

from edge_agent.decide.state import Decision, Inputs
from edge_agent.domain.observation import Contact, Position, Quality, Reading
from edge_agent.domain.outcome import Output
from edge_agent.domain.permit import Permit, State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, PersonDelivery, Request
from edge_agent.domain.rulebook import Rulebook

STEP_S = 1.0  # what a stop may take longer than its limit: it is seen at one step and timed to the next
# In the units in which the demo site's detectors speak: (low, high)
PERMITTED = {"ch4": (-math.inf, 10.0), "o2": (19.5, 23.5), "h2s": (-math.inf, 7.2), "co": (-math.inf, 26.1)}
UNUSABLE = frozenset(Quality) - {Quality.GOOD, Quality.OVERRANGE, Quality.CAL_OVERDUE}
OVER = frozenset({State.CLOSED, State.EXPIRED, State.REVOKED})
MAY_SIGN = frozenset({Proof.PIN, Proof.BADGE})


class BrokenError(AssertionError):
    """The box did what it must never do."""


class Naive:
    """The log of one boot, and what it forbids."""

    def __init__(self, book: Rulebook, permit: str, first: Decision) -> None:
        """Nothing was heard yet; whatever was permitted before is not any more."""
        self.book = book
        self.permit = permit
        self.active_steps = 0
        self._heard: dict[str, object] = {}
        self._heard_s: dict[str, float] = {}
        self._since_s: dict[str, float] = {}  # since when a condition has stood without a break
        self._signed: list[Request] = []  # asked since work was last permitted
        self._tested_s: float | None = None
        self._denied: set[str] = {p.id for p in first.state.persons.values() if p.denied is not None}
        self._ends: tuple[float, float] | None = None  # the earliest end seen: monotonic, and as the ticket's date
        self._before = first.state.permits.get(permit)
        self._seq = first.state.seq
        if self._state(self._before) is State.ACTIVE:
            raise BrokenError("it came up permitted")
        self._outputs(first)

    def see(self, inputs: Inputs, decision: Decision) -> None:
        """One step more; raises BrokenError."""
        now_s, after = inputs.instant.now_s, decision.state.permits.get(self.permit)
        self._note(inputs)
        self._numbers(decision)
        self._outputs(decision)
        was, is_ = self._state(self._before), self._state(after)
        if was in OVER and is_ is not was:
            raise BrokenError(f"{was} is the end, and it became {is_}")
        if is_ is State.ACTIVE and after is not None:
            if was is not State.ACTIVE:
                self._began(inputs, after)
            self._still_permitted(inputs, after, now_s)
            self.active_steps += 1
            self._signed.clear()
        self._before = after

    @staticmethod
    def _state(permit: Permit | None) -> State | None:
        return None if permit is None else permit.state

    def _note(self, inputs: Inputs) -> None:
        for seen in inputs.observations:
            key = f"{seen.source}/{seen.channel}" if isinstance(seen, Contact) else seen.source
            self._heard[key] = seen
            self._heard_s[key] = inputs.instant.now_s
        for item in inputs.asked:
            if isinstance(item, PersonDelivery):
                self._denied.discard(item.person.id)
                if item.person.denied is not None:
                    self._denied.add(item.person.id)
            if isinstance(item, Request) and item.ask in {Ask.START, Ask.RESUME} and item.proof in MAY_SIGN:
                self._signed.append(item)
            if isinstance(item, Request) and item.ask is Ask.RETEST and item.person == "sun-yan":
                self._tested_s = inputs.instant.now_s

    def _numbers(self, decision: Decision) -> None:
        """Every event has the next number."""
        for event in decision.events:
            self._seq += 1
            if event.seq != self._seq:
                raise BrokenError(f"event {event.seq} after {self._seq - 1}")

    def _outputs(self, decision: Decision) -> None:
        """Tools have power only while the one permit bound to the relay is under way."""
        permit = decision.state.permits.get(self.permit)
        on = any(action.on for action in decision.actions if action.output is Output.PERMISSIVE)
        if on and self._state(permit) is not State.ACTIVE:
            raise BrokenError(f"power in the state {self._state(permit)}")

    def _began(self, inputs: Inputs, permit: Permit) -> None:
        """Work is permitted from this step on: named people on site asked for it, each within the window."""
        now_s, now = inputs.instant.now_s, [item for item in inputs.asked if isinstance(item, Request)]
        if not any(item.ask in {Ask.START, Ask.RESUME} and item.proof in MAY_SIGN for item in now):
            raise BrokenError("work began, and nobody on site asked for it in this step")
        window_s = self.book.resume.sign_window_s.value
        signed = {item.person for item in self._signed if now_s - item.at_s <= window_s + STEP_S}
        if permit.ticket.holder not in signed or permit.guard not in signed or len(signed) < 2:
            raise BrokenError(f"work began with {sorted(signed)} only")
        if signed & self._denied & {permit.ticket.holder, permit.guard}:
            raise BrokenError("somebody signed who may not work here")
        if not inputs.instant.trusted:
            raise BrokenError("work began without a trusted clock")
        causes = () if self._before is None else self._before.causes
        if any(cause.pause_class.value == "A" for cause in causes) and "zhao-min" not in signed:
            raise BrokenError("an emergency was resumed without the safety officer")
        tests_due_s = [cause.at_s for cause in causes if cause.retest]
        if tests_due_s and (self._tested_s is None or self._tested_s < max(tests_due_s)):
            raise BrokenError("resumed without the gas test that its causes demand")

    def _still_permitted(self, inputs: Inputs, permit: Permit, now_s: float) -> None:
        self._end(inputs, permit)
        standing = dict(self._against(permit, now_s))
        for what, within_s in standing.items():
            since_s = self._since_s.setdefault(what, now_s)
            if now_s - since_s > within_s + (STEP_S if within_s else 0.0):
                raise BrokenError(f"{what} for {now_s - since_s:.0f} s, and work goes on")
        for what in [what for what in self._since_s if what not in standing]:
            del self._since_s[what]

    def _end(self, inputs: Inputs, permit: Permit) -> None:
        """Whichever clock says "over" first is believed, also after the other one was moved."""
        now_s, utc = inputs.instant.now_s, inputs.instant.utc
        left_s = permit.ticket.valid_to_utc - utc
        if self._ends is None:
            self._ends = (now_s + left_s, left_s)
        if inputs.instant.trusted and now_s + left_s < self._ends[0]:
            self._ends = (now_s + left_s, left_s)
        if now_s > self._ends[0] + STEP_S:
            raise BrokenError("its time is over, and work goes on")

    def _against(self, permit: Permit, now_s: float) -> Iterator[tuple[str, float]]:
        """What stands against working now, and for how long it may stand."""
        yield from self._gas(permit, now_s)
        yield from self._guard(permit, now_s)
        yield from self._field(permit, now_s)

    def _gas(self, permit: Permit, now_s: float) -> Iterator[tuple[str, float]]:
        grace_s = self.book.gas.not_good_pause_s.value
        for device in permit.ticket.devices:
            if not device.startswith("gas-"):
                continue
            word = self._heard.get(device)
            if not isinstance(word, Reading):
                yield f"{device} never heard", 0.0
                continue
            low, high = PERMITTED[device.removeprefix("gas-")]
            if word.quality is Quality.OVERRANGE or word.device_alarm:
                yield f"{device} alarms or is over range", 0.0
            elif word.level is not None and not low <= word.level <= high:
                yield f"{device} beyond its limit", 0.0
            if word.quality in UNUSABLE:
                yield f"{device} is {word.quality}", grace_s
            if now_s - self._heard_s[device] > self.book.gas.stale_min_s.value:
                yield f"{device} is silent", grace_s

    def _guard(self, permit: Permit, now_s: float) -> Iterator[tuple[str, float]]:
        book = self.book.guard
        if permit.guard is None:
            yield "no guard", 0.0
        fix = self._heard.get("tag-guard")
        if permit.guard != "li-na" or not isinstance(fix, Position):
            return
        point = permit.ticket.point
        if now_s - self._heard_s["tag-guard"] >= book.lost_pause_s.value:
            yield "the guard's tag is silent", 0.0
        if fix.worn is False:
            yield "the guard's tag is off", book.outside_on_s.value
        if fix.x_m is not None and fix.y_m is not None and fix.accuracy_m is not None:
            away_m = math.hypot(fix.x_m - point.x_m, fix.y_m - point.y_m)
            if away_m - fix.accuracy_m > book.post_pause_m.value:
                yield "the guard is gone", book.outside_on_s.value
            if away_m + fix.accuracy_m > book.post_pause_m.value:
                yield "the guard may be gone", book.unsure_pause_s.value

    def _field(self, permit: Permit, now_s: float) -> Iterator[tuple[str, float]]:
        button = self._heard.get("relay-1/stop-button")
        if isinstance(button, Contact) and button.closed is False:
            yield "the stop button is pressed", 0.0
        if now_s - self._heard_s.get("relay-1/stop-button", now_s) > 2 * self.book.device.silent_pause_s.value:
            yield "the relay module is silent", 0.0
        for tag in ("tag-guard", "tag-worker-1"):
            word = self._heard.get(tag)
            if isinstance(word, Position) and word.sos:
                yield f"{tag} calls for help", 0.0
        for person in (permit.ticket.holder, permit.guard, *permit.ticket.workers):
            if person in self._denied:
                yield f"{person} may not work here", 0.0
