"""Gas units: the same amount of a gas in another unit (docs/domain.md 2.2)."""

from edge_agent.domain.gas_limits import GasLimits

GAS_UNITS = ("%vol", "%LEL", "ppm", "mg/m3")
MOLAR_VOLUME_L = 24.45  # litres per mole at 25 degC, 1 atm
PPM_PER_PCT_VOL = 10_000.0


def in_unit(value: float, unit: str, wanted: str, gas: GasLimits) -> float | None:
    """`value` in another unit, None where that cannot be done honestly.

    %LEL converts by the gas's own LEL, mg/m3 by its molar mass at 25 degC; None where it is not given.
    """
    if unit == wanted:
        return value
    pct_vol = _to_pct_vol(value, unit, gas)
    return None if pct_vol is None else _from_pct_vol(pct_vol, wanted, gas)


def _to_pct_vol(value: float, unit: str, gas: GasLimits) -> float | None:
    match unit:
        case "%vol":
            return value
        case "ppm":
            return value / PPM_PER_PCT_VOL
        case "%LEL" if gas.lel_pct_vol is not None:
            return value * gas.lel_pct_vol / 100
        case "mg/m3" if gas.molar_mass is not None:
            return value * MOLAR_VOLUME_L / gas.molar_mass / PPM_PER_PCT_VOL
    return None


def _from_pct_vol(value: float, unit: str, gas: GasLimits) -> float | None:
    match unit:
        case "%vol":
            return value
        case "ppm":
            return value * PPM_PER_PCT_VOL
        case "%LEL" if gas.lel_pct_vol is not None:
            return value / gas.lel_pct_vol * 100
        case "mg/m3" if gas.molar_mass is not None:
            return value * PPM_PER_PCT_VOL * gas.molar_mass / MOLAR_VOLUME_L
    return None
