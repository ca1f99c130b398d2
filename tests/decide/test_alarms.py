"""The alarm list against a naive model: one alarm per episode, delays, latching, acknowledgement."""

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.clock import Instant
from edge_agent.decide import alarms
from edge_agent.domain.outcome import Alarm, AlarmState, Effect, Finding, Priority, Verdict
from edge_agent.domain.permit import PauseClass
from tests.support.verdict import SAID
from tests.support.verdict import verdict as any_verdict


def verdict(*, on_s: float = 0.0, off_s: float = 0.0, latch: bool = False, subject: str = "s") -> Verdict:
    return any_verdict(
        key=f"r|p|{subject}",
        rule="r",
        finding=Finding("p", subject, SAID),
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        latch=latch,
        retest=False,
        on_delay_s=on_s,
        off_delay_s=off_s,
    )


def at(now_s: float) -> Instant:
    return Instant(now_s=now_s, utc=1.8e9 + now_s, trusted=True)


def play(row: Verdict, seen: list[bool]) -> tuple[dict[str, Alarm], int, int]:
    """One step a second; how often the alarm was raised and returned."""
    held: dict[str, Alarm] = {}
    raised = returned = 0
    for second, now in enumerate(seen):
        step = alarms.advance(held, [row] if now else [], at(second))
        held, raised, returned = step.alarms, raised + len(step.raised), returned + len(step.returned)
    return held, raised, returned


def model(seen: list[bool], on_s: int, off_s: int) -> tuple[bool, int, int]:
    """Active or not, and the counts, by a deliberately naive reading of the delays (latch aside)."""
    active, since, last, raised, returned = False, None, None, 0, 0
    for second, now in enumerate(seen):
        if now:
            since = second if since is None else since
            last = second
            if not active and second - since >= on_s:
                active, raised = True, raised + 1
        elif active:
            if second - (last or 0) >= off_s:
                active, returned, since = False, returned + 1, None
        else:
            since = None
    return active, raised, returned


@given(st.lists(st.booleans(), max_size=40), st.integers(0, 5), st.integers(0, 5))
def test_one_alarm_per_episode(seen: list[bool], on_s: int, off_s: int) -> None:
    held, raised, returned = play(verdict(on_s=on_s, off_s=off_s), seen)
    active, model_raised, model_returned = model(seen, on_s, off_s)
    assert (raised, returned) == (model_raised, model_returned)
    assert any(a.state in alarms.ACTIVE for a in held.values()) == active


def test_a_latched_alarm_stays_until_acknowledged() -> None:
    held, _, returned = play(verdict(latch=True), [True, False, False])
    assert returned == 1
    assert [a.state for a in held.values()] == [AlarmState.UNACK_RTN]
    assert alarms.acknowledged(held, "p") == {}


def test_a_latched_alarm_that_comes_back_is_raised_again() -> None:
    _, raised, _ = play(verdict(latch=True), [True, False, True])
    assert raised == 2


def test_acknowledging_does_not_silence_what_still_stands() -> None:
    held, _, _ = play(verdict(), [True])
    seen = alarms.acknowledged(held, "p")
    assert [a.state for a in seen.values()] == [AlarmState.ACK_ACTIVE]
    assert alarms.pausing(seen.values(), "p")
    assert alarms.standing(seen.values(), "p")


def test_acknowledging_one_alarm_leaves_the_others() -> None:
    step = alarms.advance({}, [verdict(subject="a"), verdict(subject="b")], at(0))
    seen = alarms.acknowledged(step.alarms, "p", "r|p|a")
    assert {k: a.state for k, a in seen.items()} == {
        "r|p|a": AlarmState.ACK_ACTIVE,
        "r|p|b": AlarmState.UNACK_ACTIVE,
    }


def test_an_acknowledged_alarm_goes_when_its_finding_goes() -> None:
    held, _, _ = play(verdict(latch=True), [True])
    step = alarms.advance(alarms.acknowledged(held, "p"), [], at(1))
    assert step.alarms == {}
    assert len(step.returned) == 1


def test_a_finding_that_waits_for_its_delay_already_blocks_a_start() -> None:
    held, _, _ = play(verdict(on_s=10), [True])
    assert alarms.standing(held.values(), "p")
    assert not alarms.pausing(held.values(), "p")
    assert not alarms.standing(held.values(), "another")


def test_a_pending_finding_cannot_be_acknowledged_away() -> None:
    held, _, _ = play(verdict(on_s=10), [True])
    assert alarms.acknowledged(held, "p") == held
