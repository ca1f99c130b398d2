"""The alarm list against a naive model: one alarm per episode, delays, latching, acknowledgement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import alarms, escalation, flood, shelving
from edge_agent.domain.outcome import UNTOLD, Alarm, AlarmState, Effect, Finding, Priority, Shelf, Verdict
from edge_agent.domain.permit import PauseClass
from edge_agent.domain.rulebook import AlarmLimits
from tests.support.story import scenario_site
from tests.support.verdict import SAID
from tests.support.verdict import verdict as any_verdict

LIMITS = scenario_site().rulebook.alarm
CALM = replace(LIMITS, chatter_times=replace(LIMITS.chatter_times, value=1000))  # nothing chatters
SHELF = Shelf(by="zhao-min", reason="the lens is being cleaned", at_s=0, until_s=5)


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


def play(row: Verdict, seen: list[bool], limits: AlarmLimits = CALM) -> tuple[dict[str, Alarm], int, int]:
    """One step a second; how often the alarm was raised and returned."""
    held: dict[str, Alarm] = {}
    raised = returned = 0
    for second, now in enumerate(seen):
        step = alarms.advance(held, [row] if now else [], at(second), limits)
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
    assert [a.state for a in alarms.acknowledged(held, "p").values()] == [AlarmState.NORMAL]


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
    step = alarms.advance({}, [verdict(subject="a"), verdict(subject="b")], at(0), LIMITS)
    seen = alarms.acknowledged(step.alarms, "p", "r|p|a")
    assert {k: a.state for k, a in seen.items()} == {
        "r|p|a": AlarmState.ACK_ACTIVE,
        "r|p|b": AlarmState.UNACK_ACTIVE,
    }


def test_an_acknowledged_alarm_goes_when_its_finding_goes() -> None:
    held, _, _ = play(verdict(latch=True), [True])
    step = alarms.advance(alarms.acknowledged(held, "p"), [], at(1), LIMITS)
    assert [a.state for a in step.alarms.values()] == [AlarmState.NORMAL]
    assert len(step.returned) == 1


def test_a_finding_that_waits_for_its_delay_already_blocks_a_start() -> None:
    held, _, _ = play(verdict(on_s=10), [True])
    assert alarms.standing(held.values(), "p")
    assert not alarms.pausing(held.values(), "p")
    assert not alarms.standing(held.values(), "another")


def test_a_pending_finding_cannot_be_acknowledged_away() -> None:
    held, _, _ = play(verdict(on_s=10), [True])
    assert alarms.acknowledged(held, "p") == held


def test_nothing_is_remembered_for_longer_than_chattering_lasts() -> None:
    held, _, _ = play(verdict(), [True] + [False] * 59)
    assert [a.state for a in held.values()] == [AlarmState.NORMAL]
    assert alarms.advance(held, [], at(60), LIMITS).alarms == {}


@given(st.lists(st.booleans(), max_size=60))
def test_a_chattering_alarm_stays_until_it_has_been_away_for_its_time(seen: list[bool]) -> None:
    off_s, times = int(LIMITS.chatter_off_s.value), int(LIMITS.chatter_times.value)
    held, raised, _ = play(verdict(), seen, LIMITS)
    away = next((n for n, was in enumerate(reversed(seen)) if was), len(seen))
    if raised >= times and away < off_s:
        assert [a.state for a in held.values()] == [AlarmState.UNACK_ACTIVE]
    if raised:
        assert raised <= times + len(seen) // off_s


def test_a_latched_alarm_that_is_seen_for_a_moment_is_still_latched() -> None:
    held, _, _ = play(verdict(latch=True), [True, False])
    slow = verdict(latch=True, on_s=5)
    held = alarms.advance(held, [slow], at(2), LIMITS).alarms
    assert [a.state for a in held.values()] == [AlarmState.PENDING]
    held = alarms.advance(held, [], at(3), LIMITS).alarms
    assert [a.state for a in held.values()] == [AlarmState.UNACK_RTN]


def test_acknowledging_a_latched_alarm_while_it_is_pending_frees_it() -> None:
    held, _, _ = play(verdict(latch=True), [True, False])
    held = alarms.acknowledged(alarms.advance(held, [verdict(on_s=5)], at(2), LIMITS).alarms, "p")
    held = alarms.advance(held, [], at(3), LIMITS).alarms
    assert [a.state for a in held.values()] == [AlarmState.NORMAL]


def test_a_finding_about_work_that_has_not_begun_is_suppressed_and_blocks() -> None:
    quiet = replace(verdict(), quiet=True)
    held = alarms.advance({}, [quiet], at(0), LIMITS).alarms
    assert [a.state for a in held.values()] == [AlarmState.SUPPRESSED]
    assert alarms.standing(held.values(), "p")
    step = alarms.advance(held, [verdict()], at(1), LIMITS)
    assert [a.state for a in step.raised] == [AlarmState.UNACK_ACTIVE]


def test_an_alarm_of_another_permit_is_not_acknowledged_by_its_key() -> None:
    held, _, _ = play(verdict(), [True])
    assert alarms.acknowledged(held, "another", "r|p|s") == held


@given(st.sampled_from(Effect), st.sampled_from(Priority), st.lists(st.booleans(), max_size=30))
def test_shelving_never_changes_what_an_alarm_does_to_a_permit(
    effect: Effect, priority: Priority, seen: list[bool]
) -> None:
    row = replace(verdict(latch=True, off_s=2), effect=effect, priority=priority)
    plain: dict[str, Alarm] = {}
    shelved: dict[str, Alarm] = {}
    for second, now in enumerate(seen):
        plain = alarms.advance(plain, [row] if now else [], at(second), CALM).alarms
        shelved = alarms.advance(shelved, [row] if now else [], at(second), CALM).alarms
        shelved = {key: replace(alarm, shelf=SHELF) for key, alarm in shelved.items()}
        for asked in (alarms.pausing, alarms.standing):
            assert bool(asked(plain.values(), "p")) == bool(asked(shelved.values(), "p"))


@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize("priority", Priority)
def test_what_makes_people_leave_is_never_shelved(effect: Effect, priority: Priority) -> None:
    held = alarms.advance({}, [replace(verdict(), effect=effect, priority=priority)], at(0), LIMITS).alarms
    never = effect is Effect.EVACUATE or priority is Priority.CRITICAL
    assert shelving.may_be_shelved(held["r|p|s"]) is not never


def test_an_alarm_comes_off_the_shelf_by_itself_and_calls_anew() -> None:
    held, _, _ = play(verdict(), [True])
    held = shelving.shelved(alarms.acknowledged(held, "p"), "r|p|s", SHELF)
    assert held["r|p|s"].shown is AlarmState.SHELVED
    assert shelving.over(held, 4.9) == ()
    assert [a.verdict.key for a in shelving.over(held, 5.0)] == ["r|p|s"]
    off = shelving.taken_off(held, "r|p|s", 5.0)["r|p|s"]
    assert (off.shown, off.called_s) == (AlarmState.UNACK_ACTIVE, 5.0)


def test_an_alarm_that_has_gone_comes_off_the_shelf_in_silence() -> None:
    held, _, _ = play(verdict(), [True])
    held = alarms.advance(shelving.shelved(held, "r|p|s", SHELF), [], at(100), LIMITS).alarms
    assert [a.shown for a in held.values()] == [AlarmState.SHELVED]
    assert shelving.taken_off(held, "r|p|s", 100)["r|p|s"].state in UNTOLD


@pytest.mark.parametrize("rungs", range(len(escalation.LADDER) + 1))
def test_the_ladder_is_climbed_rung_by_rung_and_each_is_called_once(rungs: int) -> None:
    row = replace(verdict(), rungs=rungs)
    held: dict[str, Alarm] = {}
    called = []
    for second in range(int(LIMITS.manager_s.value) + 5):
        held = alarms.advance(held, [row], at(second), LIMITS).alarms
        held, calls = escalation.climbed(held, LIMITS, second)
        called += [(second, rung.name) for _, rung in calls]
    due = [(int(rung.after(LIMITS).value), rung.name) for rung in escalation.LADDER]
    assert called == due[:rungs]


@pytest.mark.parametrize("seen_to", ["acknowledged", "shelved"])
def test_nobody_more_is_called_once_somebody_has_seen_to_it(seen_to: str) -> None:
    held, _, _ = play(verdict(), [True])
    answered = alarms.acknowledged(held, "p")
    silenced = shelving.shelved(held, "r|p|s", SHELF)
    after, calls = escalation.climbed(answered if seen_to == "acknowledged" else silenced, LIMITS, 1e6)
    assert calls == ()
    assert [a.escalated for a in after.values()] == [0]


@given(st.lists(st.integers(0, 900), max_size=60))
def test_a_flood_is_told_once_when_its_tenth_alarm_comes(raised_at: list[int]) -> None:
    row = alarms.advance({}, [verdict()], at(0), LIMITS).raised[0]
    floods: dict[str, flood.Flood] = {}
    began = expected = 0
    flooding = False
    for second in range(1000):
        after = flood.advance(floods, [row] * raised_at.count(second), LIMITS, second)
        began, floods = began + len(flood.begun(floods, after)), after
        lately = sum(second - LIMITS.flood_s.value < at_s <= second for at_s in raised_at)
        expected += lately >= LIMITS.flood_alarms.value and not flooding
        flooding = lately >= LIMITS.flood_alarms.value
    assert began == expected


def test_a_flood_tells_what_came_first_and_the_worst_of_it() -> None:
    rows = [replace(verdict(subject=str(n)), code=f"X-{n % 2}") for n in range(9)]
    rows.append(replace(verdict(subject="worst"), code="Y", effect=Effect.EVACUATE, priority=Priority.CRITICAL))
    raised = alarms.advance({}, rows, at(0), LIMITS).raised
    one = flood.advance({}, raised, LIMITS, 0.0)["p"]
    said = flood.told(one)
    assert one.running
    assert said["first_out"] == {"code": "X-0", "source": "0", "title": {"zh": SAID.zh, "en": SAID.en}}
    assert [(g["code"], g["count"]) for g in said["groups"]] == [("X-0", 5), ("X-1", 4), ("Y", 1)]  # type: ignore[attr-defined]
    assert said["effect"] == "evacuate"
    assert flood.worst(one) is Priority.CRITICAL
