"""Gas units against the standards' own tables, and there and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.gas_units import GAS_UNITS, in_unit
from edge_agent.domain.words import Words
from tests.support.story import scenario_site

CH4 = GasLimits(name=Words("甲烷", "methane"), lel_pct_vol=5.0, molar_mass=16.04)
H2S = GasLimits(name=Words("硫化氢", "H2S"), molar_mass=34.08)
BARE = GasLimits(name=Words("氧", "O2"))


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "gas", "expected"),
    [
        (10.0, "%LEL", "%vol", CH4, 0.5),  # 10 %LEL of methane is 0.5 %vol: the two limits are one
        (0.5, "%vol", "%LEL", CH4, 10.0),
        (10.0, "mg/m3", "ppm", H2S, 7.174),  # the MAC of 10 mg/m3 at 25 degC (docs/domain.md 2.2)
        (7.174, "ppm", "mg/m3", H2S, 10.0),
        (0.5, "%vol", "ppm", BARE, 5000.0),
        (20.9, "%vol", "%vol", BARE, 20.9),
    ],
)
def test_units_convert_as_the_standards_do(
    value: float, unit: str, wanted: str, gas: GasLimits, expected: float
) -> None:
    assert in_unit(value, unit, wanted, gas) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("gas", "pct_lel"),  # GB 30871-2022 5.3.2 as it reads on a detector in %LEL (docs/domain.md 1.3)
    [
        ("ch4", 10.0),
        ("h2", 12.5),
        ("c3h8", 9.5),
        ("c2h4", 7.4),
        ("c2h5oh", 6.1),
        ("c2h2", 8.0),
        ("c6h14", 18.2),
        ("c6h6", 16.7),
        ("co", 4.0),
        ("nh3", 3.3),
    ],
)
def test_the_limits_of_combustible_gases_in_pct_lel(gas: str, pct_lel: float) -> None:
    limits = scenario_site().rulebook.gases[gas]
    assert limits.lel_pct_vol is not None
    most = 0.5 if limits.lel_pct_vol >= 4 else 0.2
    assert in_unit(most, "%vol", "%LEL", limits) == pytest.approx(pct_lel, abs=0.05)
    if limits.combustible:
        assert limits.stop_high is not None
        assert (limits.stop_high.value, limits.stop_high.unit) == (most, "%vol")


@pytest.mark.parametrize(
    ("unit", "wanted", "gas"),
    [
        ("%LEL", "%vol", BARE),
        ("%vol", "%LEL", BARE),
        ("mg/m3", "ppm", BARE),
        ("ppm", "mg/m3", BARE),
        ("furlong", "ppm", CH4),
        ("ppm", "furlong", CH4),
    ],
)
def test_what_would_need_an_unknown_figure_gives_none(unit: str, wanted: str, gas: GasLimits) -> None:
    assert in_unit(1.0, unit, wanted, gas) is None


@given(st.floats(1e-3, 1e3), st.sampled_from(GAS_UNITS), st.sampled_from(GAS_UNITS))
def test_there_and_back_again(value: float, unit: str, wanted: str) -> None:
    there = in_unit(value, unit, wanted, CH4)
    assert there is not None
    assert in_unit(there, wanted, unit, CH4) == pytest.approx(value)
