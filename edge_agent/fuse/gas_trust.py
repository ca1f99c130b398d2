"""What one gas detector says of another's trust: too little oxygen, or a gas that hides the one it measures."""

import math
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.gas_limits import GasLimits, GasTimes
from edge_agent.domain.limit import Limit
from edge_agent.domain.observation import Quality, has_number
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.same import Same
from edge_agent.settings.site_sensors import GasTable

OXYGEN = "o2"
Levels = Mapping[tuple[str, str], tuple[float, float]]  # area and gas: the lowest and the highest there


def worse_principle(gas_id: str, limits: GasLimits | None) -> str:
    """How a head measures whose principle is not told: the one that fails in more ways."""
    if gas_id == OXYGEN:
        return ""  # an oxygen cell is not blinded by missing oxygen: it shows it
    return "catalytic" if limits is not None and limits.combustible else "electrochemical"


class Telling(Struct, frozen=True, gc=False):
    """A channel that tells of others: below `least`, or from `most` on, one beside it may read too low."""

    id: str
    least: float
    most: float

    def doubts(self, channel: Channel) -> bool:
        """Whether its level casts doubt on others: nearly never, and asked in every step."""
        level = channel.level
        return level is not None and not self.least <= level < self.most and has_number(channel.quality)


@Same
def telling(tables: Mapping[str, GasTable], book: Rulebook) -> tuple[Telling, ...]:
    """The channels of this site whose gas says anything of others."""
    hides: dict[str, float] = {}  # each from which level on
    for limits in book.gases.values():
        for other, limit in limits.hidden_by.items():
            hides[other] = min(limit.value, hides.get(other, limit.value))
    needed = {OXYGEN: max(book.gas.catalytic_o2_pct.value, book.gas.cell_o2_pct.value)}
    return tuple(
        Telling(id_, needed.get(table.gas, -math.inf), hides.get(table.gas, math.inf))
        for id_, table in tables.items()
        if table.gas in needed or table.gas in hides
    )


def levels(channels: Iterable[Channel]) -> Levels:
    """Lowest and highest level of each gas in each area, where it is measured."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for channel in channels:
        if channel.level is not None and has_number(channel.quality):
            key, level = (channel.area, channel.gas), channel.level
            low, high = found.get(key, (level, level))
            found[key] = (min(low, level), max(high, level))
    return found


def trusted(channel: Channel, levels: Levels, times: GasTimes) -> Channel:
    """The channel, SUSPECT where another gas makes its number too low (docs/domain.md 2.3).

    Its danger still counts: only what looks safe is no longer believed.
    """
    if channel.quality is not Quality.GOOD and channel.quality is not Quality.CAL_OVERDUE:
        return channel
    why = _starved(channel, levels, times) or _hidden(channel, levels)
    return channel if why is None else replace(channel, quality=Quality.SUSPECT, detail=why)


def _starved(channel: Channel, levels: Levels, times: GasTimes) -> Words | None:
    oxygen = levels.get((channel.area, OXYGEN))
    least = _oxygen_needed(channel.principle, times)
    if least is None or oxygen is None or oxygen[0] >= least.value:
        return None
    return Words(
        f"氧气仅 {oxygen[0]:.3g} %vol，低于传感器所需 {least.value:g} %vol，读数偏低",
        f"oxygen is {oxygen[0]:.3g} %vol, the sensor needs {least.value:g} %vol: it reads too low",
    )


def _oxygen_needed(principle: str, times: GasTimes) -> Limit | None:
    if principle == "catalytic":
        return times.catalytic_o2_pct
    return times.cell_o2_pct if principle == "electrochemical" else None


def _hidden(channel: Channel, levels: Levels) -> Words | None:
    if channel.limits is None or channel.principle != "electrochemical":
        return None
    for other, limit in channel.limits.hidden_by.items():
        there = levels.get((channel.area, other))
        if there is not None and there[1] >= limit.value:
            return Words(
                f"同处有 {other} {there[1]:.3g} {limit.unit}，使读数偏低",
                f"{other} {there[1]:.3g} {limit.unit} is there too and makes it read too low",
            )
    return None
