"""What must hold of one confined-space job at the demo tank, told from nothing but what was heard and asked.

Nothing of the deciding code is used here: no World, no rule, no alarm list. It says when work must NOT be
permitted, and what must have happened before it is permitted again; the box may stop for more reasons than these.
"""

import math

from edge_agent.decide.state import Decision, Inputs
from edge_agent.domain.delivery import PersonDelivery
from edge_agent.domain.observation import Position
from edge_agent.domain.outcome import AlarmState, Effect, Output
from edge_agent.domain.permit import Permit, State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.domain.rulebook import Rulebook
from tests.model.heard import STEP_S, Against, Heard

OVER = frozenset({State.CLOSED, State.EXPIRED, State.REVOKED})
STOPPED = frozenset({State.PAUSED, State.SUSPENDED, State.RESUME_CHECK})
MAY_SIGN = frozenset({Proof.PIN, Proof.BADGE})
OFFICER, SHIFT_LEAD, TESTER = "zhao-min", "qian-wei", "sun-yan"


class BrokenError(AssertionError):
    """The box did what it must never do."""


class Naive:
    """The log of one boot, and what it forbids. `earlier` is the log of the boot before."""

    def __init__(self, book: Rulebook, permit: str, first: Decision, earlier: "Naive | None" = None) -> None:
        """Nothing was heard yet; whatever was permitted before is not any more."""
        self.book = book
        self.permit = permit
        self.active_steps = 0
        self._heard = Heard(book)
        self._since_s: dict[str, float] = {}  # since when a condition has stood without a break
        self._stood_s: dict[
            str, tuple[Against, float]
        ] = {}  # when each condition stood last, since work was permitted
        self._must_have_stopped: dict[
            str, tuple[Against, float]
        ] = {}  # ... and when it first had to stop the work
        self._signed: list[Request] = []  # asked since work was last permitted
        self._checked_in_s: float | None = None
        self._tested_s: float | None = None
        self._stopped_s: float | None = None
        self._slept = False
        self._inside: set[str] = set()
        self._owed: set[str] = set()  # dangers whose alarm nobody has acknowledged
        self._denied: set[str] = {p.id for p in first.state.persons.values() if p.denied is not None}
        self._let_be: tuple[str, float] | None = None  # a rule that a safety officer lets be, and until when
        self._ends: tuple[float, float] | None = None  # the earliest end seen: monotonic, and as the ticket's date
        self._before = first.state.permits.get(permit)
        self._over: State | None = None
        self._seq = first.state.seq
        if earlier is not None:
            self._after_a_restart(first, earlier)
        if self._state(self._before) is State.ACTIVE:
            raise BrokenError("it came up permitted")
        self._outputs(first)

    def _after_a_restart(self, first: Decision, earlier: "Naive") -> None:
        """What had ended has ended; what stopped the work before still asks for what it asked for."""
        was, now_s = self._state(earlier._before), first.state.memory.booted_s
        self._over = earlier._over
        if self._over is not None and self._state(self._before) not in {self._over, None}:
            raise BrokenError(f"{self._over} is the end, and after a restart it is {self._state(self._before)}")
        self._inside = earlier._inside
        self._must_have_stopped = {what: (one, now_s) for what, (one, _) in earlier._must_have_stopped.items()}
        if was is State.ACTIVE or was in STOPPED:
            self._stopped_s, self._slept = now_s, was not in {State.PAUSED, State.SUSPENDED} or earlier._slept

    def see(self, inputs: Inputs, decision: Decision) -> None:
        """One step more; raises BrokenError."""
        now_s, after = inputs.instant.now_s, decision.state.permits.get(self.permit)
        was, is_ = self._state(self._before), self._state(after)
        self._heard.take(inputs)
        self._note(inputs, decision)
        self._numbers(decision)
        self._outputs(decision)
        if self._over is not None and is_ not in {self._over, None}:
            raise BrokenError(f"{self._over} is the end, and it became {is_}")
        self._over = is_ if is_ in OVER else self._over  # it may be forgotten, but it never comes back
        if after is not None and is_ not in OVER and not after.shadow:
            self._look(inputs, decision, after)
        if was is State.ACTIVE and is_ is not State.ACTIVE:
            self._stopped_s = now_s
        if is_ is State.ACTIVE:
            self.active_steps += 1
            self._signed.clear()
            self._must_have_stopped.clear()
            self._stopped_s, self._slept = None, False
        self._before = after

    def _look(self, inputs: Inputs, decision: Decision, permit: Permit) -> None:
        now_s, was = inputs.instant.now_s, self._state(self._before)
        standing = {
            one.what: one for one in self._heard.against(permit, now_s, self._denied, self._excused(now_s))
        }
        self._latched(standing, decision, now_s)
        began = permit.state is State.ACTIVE and was is not State.ACTIVE
        if began:
            self._may_begin(inputs, permit, standing, resumed=was in STOPPED)
        for what, one in standing.items():
            self._stood_s[what] = one, now_s
            since_s = self._since_s.setdefault(what, now_s)
            if one.within_s == 0.0 or now_s - since_s > one.within_s + STEP_S:
                if permit.state is State.ACTIVE:
                    raise BrokenError(f"{what} for {now_s - since_s:.0f} s, and work goes on")
                if was is State.ACTIVE or was in STOPPED:
                    self._must_have_stopped.setdefault(what, (one, now_s))
        for what in [what for what in self._since_s if what not in standing]:
            del self._since_s[what]
        self._end(inputs, permit)

    @staticmethod
    def _state(permit: Permit | None) -> State | None:
        return None if permit is None else permit.state

    # --- what people ask ---

    def _note(self, inputs: Inputs, decision: Decision) -> None:
        now_s, accepted = inputs.instant.now_s, {one.request for one in decision.answers if one.accepted}
        for item in inputs.asked:
            if isinstance(item, PersonDelivery):
                self._denied.discard(item.person.id)
                if item.person.denied is not None:
                    self._denied.add(item.person.id)
            if isinstance(item, Request) and item.proof in MAY_SIGN:
                self._note_request(item, now_s, answered_yes=item.id in accepted)

    def _note_request(self, item: Request, now_s: float, *, answered_yes: bool) -> None:
        match item.ask:
            case Ask.START | Ask.RESUME if answered_yes:
                self._signed.append(item)
            case Ask.RETEST if item.person == TESTER and item.samples:
                self._tested_s = now_s
            case Ask.CHECK_IN | Ask.HERE:
                self._showed_himself(item, now_s, answered_yes=answered_yes)
            case Ask.ACKNOWLEDGE:
                self._owed.clear()
            case Ask.ENTER if answered_yes:
                self._inside |= set(item.about)
            case Ask.LEAVE if answered_yes:
                self._inside -= set(item.about)
            case Ask.OVERRIDE if item.person == OFFICER and item.reason:
                longest_s = self.book.override.longest_s.value
                if item.for_s is not None and 0 < item.for_s <= longest_s and self._excused(now_s) is None:
                    self._let_be = item.rule, now_s + item.for_s
            case _:
                pass

    def _showed_himself(self, item: Request, now_s: float, *, answered_yes: bool) -> None:
        if item.ask is Ask.CHECK_IN:
            self._checked_in_s = now_s
        elif answered_yes and item.person == "li-na":
            self._pressed(item, now_s)
        self._heard.guard_shown_s = now_s

    def _pressed(self, item: Request, now_s: float) -> None:
        """A press counts only where something shows the guard at her post, and nothing shows her elsewhere."""
        fix, point = (
            self._heard.words.get("tag-guard"),
            None if self._before is None else self._before.ticket.point,
        )
        placed = isinstance(fix, Position) and fix.x_m is not None and fix.y_m is not None
        if isinstance(fix, Position) and fix.worn is False:
            raise BrokenError("a press counted whose wearer wears nothing")
        if item.presence is None and not placed:
            raise BrokenError("a press counted that nothing shows")
        if self._heard.at_s.get("tag-guard") != now_s:
            return  # where she was before says nothing of where she is
        if isinstance(fix, Position) and placed and point is not None and fix.accuracy_m is not None:
            away_m = math.hypot((fix.x_m or 0.0) - point.x_m, (fix.y_m or 0.0) - point.y_m)
            if away_m - fix.accuracy_m > self.book.guard.post_warn_m.value:
                raise BrokenError(f"a press counted from {away_m:.0f} m away")

    def _excused(self, now_s: float) -> str | None:
        """The one rule that a safety officer lets be at this moment, if he may have."""
        return self._let_be[0] if self._let_be is not None and now_s < self._let_be[1] else None

    # --- what the box tells and does ---

    def _numbers(self, decision: Decision) -> None:
        """Every event has the next number."""
        for event in decision.events:
            self._seq += 1
            if event.seq != self._seq:
                raise BrokenError(f"event {event.seq} after {self._seq - 1}")

    def _outputs(self, decision: Decision) -> None:
        """Tools have power only while the one permit bound to the relay is under way; in shadow never."""
        permit = decision.state.permits.get(self.permit)
        on = any(action.on for action in decision.actions if action.output is Output.PERMISSIVE)
        if on and self._state(permit) is not State.ACTIVE:
            raise BrokenError(f"power in the state {self._state(permit)}")
        if permit is None or not permit.shadow or permit.state in OVER:
            return  # where nobody works any more the area is watched in earnest
        if any(action.on for action in decision.actions):
            raise BrokenError("an output is on for work in shadow mode")
        if any(event.data.get("authorised") for event in decision.events if event.subject == self.permit):
            raise BrokenError("an event says that work in shadow mode is authorised")

    def _latched(self, standing: dict[str, Against], decision: Decision, now_s: float) -> None:
        """The alarm of a danger to life stays on the list until somebody has acknowledged it."""
        for what, one in standing.items():
            quiet_s = now_s - self._stood_s[what][1] if what in self._stood_s else now_s
            if one.subject and what not in self._since_s and quiet_s > 2 * self.book.alarm.chatter_off_s.value:
                self._owed.add(one.subject)
        if self._state(decision.state.permits.get(self.permit)) is State.ACTIVE:
            self._owed.clear()  # whoever agreed has seen them
        listed = {
            alarm.verdict.finding.subject
            for alarm in decision.state.alarms.values()
            if alarm.verdict.effect is Effect.EVACUATE and alarm.state is not AlarmState.NORMAL
        }
        if not self._owed <= listed:
            raise BrokenError(f"nobody acknowledged {self._owed - listed}, and its alarm is gone")

    # --- work is permitted ---

    def _may_begin(self, inputs: Inputs, permit: Permit, standing: dict[str, Against], *, resumed: bool) -> None:
        """Work is permitted from this step on: named people on site asked for it, and nothing stood against it."""
        if not inputs.instant.trusted:
            raise BrokenError("work began without a trusted clock")
        if standing:
            raise BrokenError(f"work began against {sorted(standing)}")
        now_s = inputs.instant.now_s
        signed = self._who_signed(inputs, permit)
        clean_s = self.book.resume.clean_s.value if resumed else 0.0
        for what, (one, stood_s) in self._stood_s.items():
            needed_s = clean_s + (self.book.gas.danger_off_s.value if one.gas else 0.0)
            if now_s - stood_s < needed_s - STEP_S and not one.let_be(self._excused(now_s)):
                raise BrokenError(f"work began {now_s - stood_s:.0f} s after {what}")
        if resumed:
            self._may_resume(signed, now_s)

    def _who_signed(self, inputs: Inputs, permit: Permit) -> set[str]:
        now_s, now = inputs.instant.now_s, [item for item in inputs.asked if isinstance(item, Request)]
        if not any(item.ask in {Ask.START, Ask.RESUME} and item.proof in MAY_SIGN for item in now):
            raise BrokenError("work began, and nobody on site asked for it in this step")
        window_s = self.book.resume.sign_window_s.value
        signed = {item.person for item in self._signed if now_s - item.at_s <= window_s + STEP_S}
        if permit.ticket.holder not in signed or permit.guard not in signed or len(signed) < 2:
            raise BrokenError(f"work began with {sorted(signed)} only")
        if signed & self._denied & {permit.ticket.holder, permit.guard}:
            raise BrokenError("somebody signed who may not work here")
        return signed

    def _may_resume(self, signed: set[str], now_s: float) -> None:
        """What stopped it asks for its people, its gas test, its check-in, and for nobody inside."""
        causes = list(self._must_have_stopped.values())
        classes = {one.pause_class for one, _ in causes}
        stopped_s = self._stopped_s or 0.0
        if "A" in classes and OFFICER not in signed:
            raise BrokenError("an emergency was resumed without the safety officer")
        if "C" in classes and SHIFT_LEAD not in signed:
            raise BrokenError("a broken condition was resumed without the shift lead")
        if "A" in classes and self._inside:
            raise BrokenError(f"an emergency was resumed with {sorted(self._inside)} inside")
        if ("B" in classes or self._slept) and (self._checked_in_s is None or self._checked_in_s < stopped_s):
            raise BrokenError("the guard has not checked in again")
        due_s = [at_s for one, at_s in causes if one.retest]
        due_s += [at_s for at_s in self._heard.sighted_s.values() if at_s > stopped_s + STEP_S]
        due_s += [stopped_s] if self._slept or now_s - stopped_s > self._longest_break_s() + STEP_S else []
        if due_s and (self._tested_s is None or self._tested_s < max(due_s)):
            raise BrokenError("resumed without the gas test that its stop demands")

    def _longest_break_s(self) -> float:
        limit = self.book.works["confined_space"].retest_after_s
        return float("inf") if limit is None else limit.value

    def _end(self, inputs: Inputs, permit: Permit) -> None:
        """Whichever clock says "over" first is believed, also after the other one was moved."""
        now_s, utc = inputs.instant.now_s, inputs.instant.utc
        left_s = permit.ticket.valid_to_utc - utc
        if self._ends is None:
            self._ends = (now_s + left_s, left_s)
        if inputs.instant.trusted and now_s + left_s < self._ends[0]:
            self._ends = (now_s + left_s, left_s)
        if permit.state is State.ACTIVE and now_s > self._ends[0] + STEP_S:
            raise BrokenError("its time is over, and work goes on")
