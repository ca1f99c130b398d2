"""The coverage ledger against planted blind spells, and its edges: restarts, bounds, moved clocks."""

import random
from collections import deque
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import coverage, coverage_told
from edge_agent.decide.state import State
from edge_agent.decide.step import step
from edge_agent.domain.coverage import Coverage, Hole
from edge_agent.domain.observation import Quality, View
from edge_agent.domain.permit import State as PermitState
from edge_agent.settings.site import Settings
from tests.support.story import T0_UTC, Story, scenario_site

FEEDS = ("gas-ch4", "gas-o2", "cam-1", "relay-1", "tag-guard")
SPELLS = 20  # per feed and round: 500 in all
OFF_S, ON_S = (0.0, 6.0), (1.0, 8.0)


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def _planted(dice: random.Random, valid_s: float, begin_s: float) -> Iterator[tuple[float, float]]:
    """Spells of silence: each begins with the source's last word and ends with its next one."""
    at_s = begin_s
    for _ in range(SPELLS):
        at_s += dice.uniform(*ON_S)
        end_s = at_s + valid_s + 0.5 + dice.uniform(*OFF_S)
        yield at_s, end_s
        at_s = end_s


@pytest.mark.parametrize("seed", range(5))
def test_five_hundred_planted_blind_spells_are_found_within_a_second(site: Settings, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (planting, not secrets)
    told = Story(site)
    told.begin_work(video_required=False)
    valid = {device.id: device.stale_after_s for device in site.devices}
    spells = {feed: list(_planted(dice, valid[feed], told.now_s)) for feed in FEEDS}
    ledger = _watched(told, spells)
    for feed, planted in spells.items():
        name = "guard" if feed == "tag-guard" else feed
        holes = [hole for hole in ledger.holes if hole.feed == name]
        assert len(holes) == SPELLS, (seed, feed)
        for (last_s, next_s), hole in zip(planted, holes, strict=True):
            assert abs(hole.from_utc - coverage.at(ledger, last_s + valid[feed])) <= 1.0, (seed, feed, last_s)
            assert hole.until_utc is not None
            assert abs(hole.until_utc - coverage.at(ledger, next_s)) <= 1.0, (seed, feed, next_s)


def _watched(told: Story, spells: dict[str, list[tuple[float, float]]]) -> Coverage:
    """Steps at 5 Hz through all spells, with no rule to stop the work: one ledger holds them all."""
    state = told.decisions[-1].state
    ahead = {feed: deque(planted) for feed, planted in spells.items()}
    while any(ahead.values()) or told.now_s < max(planted[-1][1] for planted in spells.values()) + 1:
        told.now_s += 0.2
        told.utc += 0.2
        for planted in ahead.values():
            while planted and told.now_s >= planted[0][1]:
                planted.popleft()
        told.field.silent = {feed for feed, planted in ahead.items() if planted and told.now_s > planted[0][0]}
        state = step(told.settings, state, told.inputs(), rules=()).state
    return _ledger(state)


def _ledger(state: State) -> Coverage:
    ledger = state.permits["P-1"].coverage
    assert ledger is not None
    return ledger


def test_a_moved_clock_neither_lengthens_nor_hides_a_hole(site: Settings) -> None:
    told = Story(site)
    told.begin_work(video_required=False)
    told.run(10)
    told.field.view = View.DARK
    told.run(3)
    told.utc -= 3600
    told.run(3)
    told.field.view = View.CLEAR
    told.run(3)
    (hole,) = [hole for hole in _ledger(told.decisions[-1].state).holes if hole.feed == "cam-1"]
    assert hole.until_utc is not None
    assert abs(hole.until_utc - hole.from_utc - 6.0) <= 1.0


def test_a_device_that_was_never_heard_is_blind_from_the_first_second(site: Settings) -> None:
    told = Story(site)
    told.field.silent |= {"gas-co", "cam-1", "relay-1", "tag-worker-1", "tag-guard"}
    told.begin_work(devices=("gas-co", "cam-1", "relay-1", "tag-worker-1"))
    waiting = told.decisions[-1].state
    received = waiting.permits["P-1"]
    bound = replace(received.ticket, devices=(*received.ticket.devices, "gone"))
    active = coverage.followed(replace(received, ticket=bound, state=PermitState.ACTIVE), told.instant)
    state = replace(waiting, permits={"P-1": active})
    told.run(1)
    ledger = _ledger(step(site, state, told.inputs(), rules=()).state)
    assert {hole.feed for hole in ledger.holes} == {
        "gas-co",
        "cam-1",
        "relay-1",
        "tag-worker-1",
        "gone",
        "guard",
        "uplink",
    }
    assert {hole.from_utc for hole in ledger.holes} <= {ledger.open_utc, told.utc}


@pytest.mark.parametrize("centre", [True, False])
def test_a_way_to_the_centre_is_watched_only_where_there_is_one(site: Settings, *, centre: bool) -> None:
    """Else it would be a hole from the first second to the last."""
    told = Story(replace(site, site=replace(site.site, uplink=replace(site.site.uplink, centre=centre))))
    told.begin_work()
    told.run(2)
    fed = {hole.feed for hole in _ledger(told.decisions[-1].state).holes}
    assert (coverage.UPLINK in fed) is centre


def test_a_word_that_is_older_than_the_end_of_a_hole_takes_the_hole_up_again(site: Settings) -> None:
    told = Story(site)
    told.begin_work(video_required=False)
    told.field.gas["gas-o2"] = {"level": None, "quality": Quality.FAULT}
    told.run(2)
    told.field.gas["gas-o2"] = {"level": 20.9}
    told.run(1)
    told.field.gas["gas-o2"] = {"level": 20.9, "age_s": 60.0}
    told.run(1)
    (hole,) = [hole for hole in _ledger(told.decisions[-1].state).holes if hole.feed == "gas-o2"]
    assert hole.until_utc is None


def test_the_ledger_is_bounded_and_never_tells_too_little() -> None:
    holes: tuple[Hole, ...] = ()
    for count in range(3 * coverage.MOST_HOLES):
        for feed in ("a", "b"):
            holes = coverage._bounded((*holes, Hole(feed=feed, from_utc=10.0 * count, until_utc=10.0 * count + 3)))
    assert len(holes) == coverage.MOST_HOLES
    assert coverage_told.blind_s(holes, 0.0) >= 3 * coverage.MOST_HOLES * 3
    assert min(hole.from_utc for hole in holes) == 0


def test_of_too_many_holes_the_two_that_are_nearest_become_one() -> None:
    """The least is told to be blind that was not."""
    apart = [Hole(feed="a", from_utc=10.0 * n, until_utc=10.0 * n + 3) for n in range(coverage.MOST_HOLES)]
    near = Hole(feed="a", from_utc=25.0, until_utc=26.0)  # two seconds after the third one
    holes = coverage._bounded((*apart, near))
    assert len(holes) == coverage.MOST_HOLES
    assert Hole(feed="a", from_utc=20.0, until_utc=26.0) in holes


def test_a_hole_that_begins_where_the_last_one_ended_is_the_same() -> None:
    ledger = Coverage(base_s=0, base_utc=0, open_utc=0.0)
    last = (Hole(feed="a", from_utc=10.0, until_utc=20.0),)
    assert coverage._torn(last, "a", 20.0, ledger) == (Hole(feed="a", from_utc=10.0),)
    assert coverage._torn(last, "a", 20.1, ledger) == (*last, Hole(feed="a", from_utc=20.1))


def test_what_is_guarded_is_rounded_down() -> None:
    ledger = Coverage(
        base_s=0, base_utc=100.0, open_utc=100.0, holes=(Hole(feed="a", from_utc=200, until_utc=201),)
    )
    assert coverage_told.told(ledger, 86_400)["guarded_pct"] == 99.9
    assert coverage_told.told(Coverage(base_s=0, base_utc=0), 5.0)["guarded_pct"] is None


def test_spells_of_work_add_up_and_a_second_never_counts_twice(site: Settings) -> None:
    told = Story(site)
    told.begin_work()
    active = told.decisions[-2].state.permits["P-1"]  # as it was started, before anybody went in
    now = Instant(now_s=active.since_s + 30, utc=0.0, trusted=False)
    stopped = coverage.followed(replace(active, state=PermitState.PAUSED), now)
    assert stopped.coverage is not None
    assert stopped.coverage.watched_s == 30
    later = replace(now, now_s=now.now_s + 60)
    again = coverage.followed(replace(stopped, state=PermitState.ACTIVE), later).coverage
    assert again is not None
    assert again.open_utc == active.since_utc  # the date went back to 1970; the ledger does not
    assert coverage.advance(stopped, None, None) is stopped  # type: ignore[arg-type] (nobody looks)


def test_the_share_of_work_that_still_goes_on_counts_it_up_to_now() -> None:
    hole = Hole(feed="cam-1", from_utc=T0_UTC + 10, until_utc=T0_UTC + 15)
    ledger = Coverage(base_s=0.0, base_utc=T0_UTC, open_utc=T0_UTC, holes=(hole,))
    assert coverage_told.guarded_pct(ledger, T0_UTC + 20) == 75.0
    assert coverage_told.guarded_pct(replace(ledger, watched_s=20.0), T0_UTC + 20) == 87.5
    assert coverage_told.guarded_pct(replace(ledger, open_utc=None, holes=()), T0_UTC + 20) is None
