"""Several detectors together: voting, doubt, and what one says about another's trust."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.device import Device, DeviceKind
from edge_agent.domain.observation import Quality, Reading
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import Channel, judged
from edge_agent.fuse.gas_site import Group, group
from edge_agent.fuse.gas_trust import levels, telling, trusted, worse_principle
from tests.support.story import scenario_site

BOOK = scenario_site().rulebook
DEVICE = Device(id="g", kind=DeviceKind.GAS, name=Words("检", "det"), period_s=1, stale_after_s=10)
CLEAN, DANGER = 0.0, 8.0


def channel(level: float | None, quality: Quality = Quality.GOOD, gas: str = "h2s", **more: str) -> Channel:
    said = Reading(source="g", at_s=0.0, channel=gas, level=level, unit="ppm", quality=quality)
    return replace(judged(DEVICE, gas, said, BOOK.gases[gas], stale=False), area="tank", **more)


def voting(*members: Channel) -> Group:
    return group("h2s", "tank", members)


LOST = channel(None, Quality.STALE)
OVER = channel(None, Quality.OVERRANGE)


@pytest.mark.parametrize(
    ("members", "confirmed"),
    [
        ((channel(DANGER),), True),  # the only one
        ((channel(CLEAN),), False),
        ((LOST,), False),
        ((channel(DANGER), channel(CLEAN)), False),
        ((channel(DANGER), channel(DANGER)), True),
        ((channel(DANGER), LOST), True),  # the other is missing: one of one
        ((channel(DANGER), channel(CLEAN), channel(CLEAN)), False),  # two of three
        ((channel(DANGER), channel(CLEAN), LOST), True),  # becomes one of two, never two of two
        ((channel(CLEAN), channel(CLEAN), LOST), False),
        ((OVER, channel(CLEAN), channel(CLEAN)), True),  # over-range needs no second
    ],
)
def test_what_confirms_a_danger(members: tuple[Channel, ...], confirmed: bool) -> None:  # noqa: FBT001
    assert voting(*members).confirmed is confirmed


@given(st.lists(st.sampled_from([CLEAN, DANGER, None]), min_size=1, max_size=6), st.integers(0, 5))
def test_losing_a_detector_never_takes_a_confirmation_back(levels: list[float | None], at: int) -> None:
    members = [LOST if level is None else channel(level) for level in levels]
    lost = [*members]
    lost[at % len(members)] = LOST
    if voting(*members).confirmed and any(member.danger for member in lost):
        assert voting(*lost).confirmed


@pytest.mark.parametrize(
    ("members", "doubtful"),
    [
        ((LOST,), True),
        ((channel(CLEAN),), False),
        ((LOST, channel(CLEAN), channel(CLEAN)), False),
        ((LOST, LOST, channel(CLEAN)), True),
        ((LOST, channel(DANGER), channel(CLEAN)), True),
    ],
)
def test_before_a_start_doubt_counts_as_danger(members: tuple[Channel, ...], doubtful: bool) -> None:  # noqa: FBT001
    assert voting(*members).doubtful is doubtful


@pytest.mark.parametrize(
    ("seen", "oxygen", "trust"),
    [
        (channel(0.1, gas="ch4", principle="catalytic"), 11.9, Quality.SUSPECT),
        (channel(0.1, gas="ch4", principle="catalytic"), 12.0, Quality.GOOD),
        (channel(0.1, gas="ch4", principle="infrared"), 1.0, Quality.GOOD),
        (channel(0.1, principle="electrochemical"), 4.9, Quality.SUSPECT),
        (channel(0.1, principle="electrochemical"), 5.0, Quality.GOOD),
        (channel(None, Quality.STALE, principle="electrochemical"), 1.0, Quality.STALE),
    ],
)
def test_a_head_without_its_oxygen_is_suspect(seen: Channel, oxygen: float, trust: Quality) -> None:
    assert trusted(seen, {("tank", "o2"): (oxygen, 20.9)}, BOOK.gas).quality is trust
    assert trusted(seen, {("elsewhere", "o2"): (oxygen, 20.9)}, BOOK.gas).quality is seen.quality


def test_a_suspect_channel_still_sees_danger() -> None:
    seen = trusted(channel(DANGER, principle="electrochemical"), {("tank", "o2"): (1.0, 1.0)}, BOOK.gas)
    assert seen.quality is Quality.SUSPECT
    assert seen.danger


@pytest.mark.parametrize(("h2s", "trust"), [(0.9, Quality.GOOD), (1.0, Quality.SUSPECT)])
def test_chlorine_hidden_by_hydrogen_sulfide(h2s: float, trust: Quality) -> None:
    cell = channel(0.2, gas="cl2", principle="electrochemical")
    levels = {("tank", "h2s"): (0.0, h2s)}
    assert trusted(cell, levels, BOOK.gas).quality is trust
    assert trusted(replace(cell, principle="infrared"), levels, BOOK.gas).quality is Quality.GOOD
    assert trusted(replace(cell, limits=None), levels, BOOK.gas).quality is Quality.GOOD


@given(st.sampled_from(["h2s", "cl2", "ch4", "o2"]), st.floats(0, 25), st.floats(0, 5), st.floats(0, 25))
def test_where_no_level_casts_doubt_everyone_is_trusted(gas: str, o2: float, h2s: float, o2_high: float) -> None:
    air = [replace(channel(level, gas="o2"), unit="%vol", level=level) for level in (o2, o2 + o2_high)]
    air.append(channel(h2s))
    seen = channel(CLEAN, gas=gas, principle=worse_principle(gas, BOOK.gases[gas]))
    assert _doubted(air) or trusted(seen, levels(air), BOOK.gas) is seen


@pytest.mark.parametrize(
    ("o2", "h2s", "doubt"),
    [(20.9, 0.0, False), (12.0, 0.9, False), (11.9, 0.0, True), (20.9, 1.0, True)],
)
def test_what_casts_doubt_on_the_others(o2: float, h2s: float, doubt: bool) -> None:  # noqa: FBT001
    oxygen = replace(channel(0.0, gas="o2"), level=o2)
    assert _doubted([oxygen, channel(h2s)]) is doubt
    lost = [replace(one, quality=Quality.FAULT) for one in (oxygen, channel(h2s))]
    assert not _doubted(lost), "a number that means nothing tells nothing of others"
    assert not _doubted([replace(one, level=None) for one in lost])


def _doubted(air: list[Channel]) -> bool:
    """Whether one of these channels, each of a site of its own, casts doubt on what stands beside it."""
    a_table = next(iter(scenario_site().site.gas.values()))
    return any(
        one.doubts(seen) for seen in air for one in telling("test", {"g": replace(a_table, gas=seen.gas)}, BOOK)
    )


@pytest.mark.parametrize(
    ("gas", "principle"),
    [("o2", ""), ("ch4", "catalytic"), ("h2s", "electrochemical"), ("nh3", "electrochemical")],
)
def test_the_worse_principle_is_assumed(gas: str, principle: str) -> None:
    assert worse_principle(gas, BOOK.gases[gas]) == principle


def test_a_gas_without_limits_is_taken_for_a_poison() -> None:
    assert worse_principle("xx", None) == "electrochemical"
