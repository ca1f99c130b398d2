"""Gas: units, silence, and what counts as danger."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.device import Device, DeviceKind
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.limit import Limit
from edge_agent.domain.observation import Quality, Reading, has_number
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import channel, comparable, limit_unit

DEVICE = Device(id="g", kind=DeviceKind.GAS, name=Words("检", "det"), period_s=1, stale_after_s=10)


def limit(value: float, unit: str) -> Limit:
    return Limit(value=value, unit=unit, clause="test")


CH4 = GasLimits(name=Words("甲烷", "methane"), stop_high=limit(0.5, "%vol"), lel_pct_vol=5.0, molar_mass=16.04)
H2S = GasLimits(
    name=Words("硫化氢", "H2S"), stop_high=limit(7.2, "ppm"), warn_high=limit(5, "ppm"), molar_mass=34.08
)
O2 = GasLimits(name=Words("氧", "O2"), stop_low=limit(19.5, "%vol"), stop_high=limit(23.5, "%vol"))


def reading(level: float | None, unit: str, quality: Quality = Quality.GOOD, **more: object) -> Reading:
    return Reading(source="g", at_s=100.0, channel="x", level=level, unit=unit, quality=quality, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "unit", "limits"),
    [
        (1.0, "%LEL", O2),  # no LEL is known of it
        (1.0, "furlong", H2S),
        (math.nan, "ppm", H2S),
        (None, "ppm", H2S),
        (1.0, "ppm", None),
    ],
)
def test_what_cannot_be_compared_has_no_number(level: float | None, unit: str, limits: GasLimits | None) -> None:
    assert comparable(level, unit, limits) is None


def test_a_unit_that_cannot_be_compared_is_a_fault_and_no_value() -> None:
    judged = channel(DEVICE, "h2s", reading(1.0, "furlong"), H2S, 101.0)
    assert judged.quality is Quality.FAULT
    assert judged.level is None
    assert "furlong" in judged.detail.en


def test_never_heard_is_missing_and_old_is_stale() -> None:
    assert channel(DEVICE, "h2s", None, H2S, 1.0).quality is Quality.MISSING
    assert channel(DEVICE, "h2s", reading(1.0, "ppm"), H2S, 110.0).quality is Quality.GOOD
    late = channel(DEVICE, "h2s", reading(1.0, "ppm"), H2S, 110.1)
    assert (late.quality, late.level) == (Quality.STALE, None)


def test_the_age_that_a_gateway_tells_counts() -> None:
    assert channel(DEVICE, "h2s", reading(1.0, "ppm", age_s=9.5), H2S, 101.0).quality is Quality.STALE


@given(st.sampled_from([q for q in Quality if not has_number(q)]), st.floats(allow_nan=True))
def test_only_a_quality_with_a_number_has_a_level(quality: Quality, level: float) -> None:
    judged = channel(DEVICE, "h2s", reading(level, "ppm", quality), H2S, 100.0)
    assert judged.level is None
    assert judged.danger == (quality is Quality.OVERRANGE)
    assert not judged.beyond_warn


@given(st.floats(0, 100))
def test_up_to_the_limit_is_permitted_and_above_it_is_danger(level: float) -> None:
    judged = channel(DEVICE, "h2s", reading(level, "ppm"), H2S, 100.0)
    assert judged.danger == (level > 7.2)
    assert judged.beyond_warn == (level > 5)


@pytest.mark.parametrize(("level", "danger"), [(19.4, True), (19.5, False), (23.5, False), (23.6, True)])
def test_oxygen_has_both_ends(level: float, danger: bool) -> None:  # noqa: FBT001
    assert channel(DEVICE, "o2", reading(level, "%vol"), O2, 100.0).danger is danger


def test_the_detectors_own_alarm_is_danger_at_any_level() -> None:
    assert channel(DEVICE, "h2s", reading(0.0, "ppm", device_alarm=True), H2S, 100.0).danger
    warming = channel(DEVICE, "h2s", reading(0.0, "ppm", Quality.WARMUP, device_alarm=True), H2S, 100.0)
    assert not warming.danger, "what a detector says while it warms up means nothing"


def test_without_limits_nothing_can_be_compared() -> None:
    assert limit_unit(None) == ""
    assert limit_unit(GasLimits(name=Words("", ""))) == ""
    judged = channel(DEVICE, "xx", reading(1.0, "ppm"), None, 100.0)
    assert judged.quality is Quality.FAULT
    assert not judged.danger
