"""An urgent word is judged although a calm one of the same source follows before the step."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.agent.inbox import MOST_ASKED, MOST_HELD_BACK, Inbox
from edge_agent.clock import Instant
from edge_agent.decide.state import Inputs
from edge_agent.decide.step import step
from edge_agent.domain.device import Device
from edge_agent.domain.observation import Contact, Observation, Position, Quality, Reading
from edge_agent.domain.permit import State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, Request
from edge_agent.fuse.urgent import is_urgent
from tests.support.story import Story, scenario_site

SETTINGS = scenario_site()
DEVICES: dict[str, Device] = {device.id: device for device in SETTINGS.devices}


class Still:
    """A clock that stands."""

    def monotonic(self) -> float:
        return 0.0

    def instant(self) -> Instant:
        return Instant(now_s=0.0, utc=0.0, trusted=True)


def at_work() -> Story:
    story = Story(SETTINGS)
    story.begin_work()
    story.run(2)
    assert story.state is State.ACTIVE
    return story


def steps_after(story: Story, *said: Observation) -> list[State]:
    """The permit's state after each step, once all of `said` waited in the inbox together."""
    inbox, state, states = Inbox(Still()), story.decisions[-1].state, []
    for seen in said:
        inbox.put(seen, urgent=is_urgent(seen, state.memory, SETTINGS, DEVICES))
    while True:
        observations, _ = inbox.take(0, 0)
        if not observations:
            return states
        state = step(SETTINGS, state, Inputs(instant=story.instant, observations=observations)).state
        states.append(state.permits["P-1"].state)


def gas(story: Story, level: float, quality: Quality = Quality.GOOD) -> Reading:
    return Reading(source="gas-ch4", at_s=story.now_s, channel="ch4", level=level, unit="%LEL", quality=quality)


def button(story: Story, *, closed: bool | None) -> Contact:
    return Contact(source="relay-1", at_s=story.now_s, channel="stop-button", closed=closed)


def test_danger_that_is_gone_by_the_next_poll_stops_the_work() -> None:
    story = at_work()
    assert steps_after(story, gas(story, 15.0), gas(story, 0.0)) == [State.PAUSED, State.PAUSED]


def test_a_stop_button_that_is_let_go_at_once_stops_the_work() -> None:
    story = at_work()
    pressed, released = button(story, closed=False), button(story, closed=True)
    assert steps_after(story, pressed, released)[-1] is State.PAUSED


def test_calm_words_of_one_source_are_one_step() -> None:
    story = at_work()
    assert steps_after(story, *(gas(story, level / 10) for level in range(20))) == [State.ACTIVE]


def test_other_sources_do_not_wait_for_the_one_that_is_held_back() -> None:
    story = at_work()
    inbox = Inbox(Still())
    inbox.put(button(story, closed=False), urgent=True)
    inbox.put(button(story, closed=True), urgent=True)
    inbox.put(gas(story, 15.0), urgent=True)
    first, _ = inbox.take(0, 0)
    assert [type(seen) for seen in first] == [Contact, Reading]
    rest, _ = inbox.take(0, 1e9)  # a tick that never comes: what was held back is due at once
    assert rest == (button(story, closed=True),)
    assert inbox._urgent is False


def test_a_source_that_flaps_without_end_holds_up_nobody() -> None:
    inbox = Inbox(Still())
    for number in range(MOST_HELD_BACK + 1):
        inbox.put(Position(source="tag-1", at_s=float(number), sos=number % 2 == 0), urgent=number % 2 == 0)
    assert len(inbox.take(0, 0)[0]) == MOST_HELD_BACK + 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=60))
def test_nothing_is_lost_hidden_or_told_in_another_order(said: list[tuple[str, bool]]) -> None:
    inbox = Inbox(Still())
    words = [(Position(source=source, at_s=float(n)), urgent) for n, (source, urgent) in enumerate(said)]
    for seen, urgent in words:
        inbox.put(seen, urgent=urgent)
    taken: list[Observation] = []
    while len(taken) < len(words):
        step_words, _ = inbox.take(0, 0)
        assert step_words
        last = {seen.source: seen for seen in step_words}
        hidden = [seen for seen in step_words if seen is not last[seen.source]]
        assert not [seen for seen, urgent in words if urgent and any(seen is h for h in hidden)]
        taken.extend(step_words)
    for source in "abc":
        assert [s for s in taken if s.source == source] == [s for s, _ in words if s.source == source]
    assert len({msgspec.json.encode(seen) for seen in taken}) == len(words)


def test_a_flood_of_requests_is_refused_and_a_stop_among_it_is_not() -> None:
    inbox = Inbox(Still())

    def asked(number: int, ask: Ask) -> bool:
        request = Request(id=f"r{number}", at_s=0.0, ask=ask, person="li-na", proof=Proof.NONE, permit="P-1")
        return not inbox.ask(request).done()

    taken = [asked(number, Ask.START) for number in range(MOST_ASKED + 5)]
    assert taken == [True] * MOST_ASKED + [False] * 5
    assert asked(-1, Ask.STOP)
    _, filed = inbox.take(0, 0)
    assert filed[-1].asked.id == "r-1"
