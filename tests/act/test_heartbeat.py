"""The heartbeat for a watchdog relay outside: for a living brain alone, and it stands within one period of it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.act.heartbeat import Heartbeat
from edge_agent.act.lease import Leases
from edge_agent.domain.outcome import Action, Output, Pulse
from edge_agent.simulate.handle import Simulator
from tests.act.relay_bench import CLOCK, DEVICE, LONG_S, coil, health, relay_of, table
from tests.sense.field_fakes import Heard, running

PERIOD_S = 1.0
EVEN = Pulse.even(PERIOD_S)
TICK_S = 0.125


def beat(*, on: bool) -> tuple[Action, ...]:
    return (Action(device=DEVICE, channel="heart", output=Output.HEARTBEAT, on=on, pulse=EVEN),)


def edges(levels: list[tuple[float, bool]]) -> list[float]:
    return [now_s for (_, before), (now_s, after) in pairwise(levels) if before is not after]


def levels(heart: Heartbeat, steps_s: list[float], until_s: float) -> list[tuple[float, bool]]:
    """What a thread that looks every eighth of a second sees of a brain that steps at these seconds."""
    seen, waiting = [], sorted(steps_s)
    for tick in range(round(until_s / TICK_S)):
        now_s = tick * TICK_S
        while waiting and waiting[0] <= now_s:
            heart.renew(EVEN)
            waiting.pop(0)
        seen.append((now_s, heart.high(now_s)))
    return seen


def test_it_beats_once_in_a_period_while_the_brain_steps() -> None:
    seen = edges(levels(Heartbeat(), [step * 0.25 for step in range(40)], 10.0))
    gaps = [after - before for before, after in pairwise(seen)]
    assert gaps == pytest.approx([0.5] * 18)


@given(st.lists(st.floats(0.0, 20.0), min_size=1, max_size=60))
def test_it_stands_still_and_low_within_one_period_of_the_last_step(steps_s: list[float]) -> None:
    seen = levels(Heartbeat(), steps_s, 25.0)
    last_s = max(steps_s)
    assert all(edge <= last_s + PERIOD_S + 2 * TICK_S for edge in edges(seen))
    assert seen[-1][1] is False


def test_a_trip_and_a_lease_that_ran_out_let_it_fall_at_once() -> None:
    book = Leases(DEVICE, {"heart": Output.HEARTBEAT})
    book.renew(beat(on=True), until_s=5.0)
    assert book.wanted(1.0, {"heart": False}) == {"heart": True}
    book.trip(beat(on=False))
    assert book.wanted(1.01, {"heart": True}) == {"heart": False}
    book.written({"heart": False})
    book.renew(beat(on=True), until_s=5.0)
    assert book.wanted(2.0, {"heart": False}) == {"heart": True}
    assert book.wanted(5.0, {"heart": True}) == {"heart": False}
    assert book.interlocked() == (), "the relay outside is reset by hand; the beat itself waits for nobody"


def test_a_module_that_fell_beats_only_once_the_brain_has_stepped_again() -> None:
    book = Leases(DEVICE, {"heart": Output.HEARTBEAT})
    book.renew(beat(on=True), until_s=LONG_S)
    assert book.wanted(1.0, {"heart": False}) == {"heart": True}
    assert book.loud() == {"heart": False}
    book.fell({"heart": True})
    assert book.wanted(2.0, {"heart": False}) == {"heart": False}
    book.renew(beat(on=True), until_s=LONG_S)
    assert book.wanted(2.2, {"heart": False}) == {"heart": True}


def test_on_a_module_it_is_seen_to_beat_and_ends_by_itself_before_the_lease_does() -> None:
    with Simulator("relay") as module:
        row = table(module.port, heart=True)
        actuator, heard = relay_of(row), Heard()
        with running(actuator, heard):
            heard.wait(health(ok=True))
            for number in range(3):
                actuator.renew(beat(on=True), CLOCK.monotonic() + LONG_S)
                after = module.mark()
                module.wait_for(coil(2, on=True), after=0 if number == 0 else after - 1)
                actuator.renew(beat(on=True), CLOCK.monotonic() + LONG_S)
                module.wait_for(coil(2, on=False, why="write"), after=after)
            last_s, mark = CLOCK.monotonic(), module.mark()
            heard.wait(health(ok=True), heard.mark())
            heard.wait(health(ok=True), heard.mark())
            heard.wait(health(ok=True), heard.mark())
            late = [
                line for line in module.lines[mark:] if line.get("coil") == 2 and line["t"] > last_s + PERIOD_S
            ]
            assert late == []
