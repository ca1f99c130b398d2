"""Gauges: measured figures that are no gas (temperature, level, pressure ...), and the site's limits for each."""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.limit import Limit
from edge_agent.domain.words import Words

Measures = Literal[
    "temperature", "humidity", "level", "pressure", "flow", "vibration", "current", "voltage", "dust"
]  # fmt: skip


class Quantity(Struct, frozen=True):
    """What is measured, for people, and the units that it may come in."""

    name: Words
    units: tuple[str, ...]


QUANTITIES: dict[str, Quantity] = {
    "temperature": Quantity(Words("温度", "temperature"), ("degC",)),
    "humidity": Quantity(Words("湿度", "humidity"), ("%RH",)),
    "level": Quantity(Words("液位", "level"), ("m", "mm", "%")),
    "pressure": Quantity(Words("压力", "pressure"), ("Pa", "kPa", "MPa", "bar")),
    "flow": Quantity(Words("流量", "flow"), ("m3/h", "L/min")),
    "vibration": Quantity(Words("振动", "vibration"), ("mm/s",)),
    "current": Quantity(Words("电流", "current"), ("A",)),
    "voltage": Quantity(Words("电压", "voltage"), ("V",)),
    "dust": Quantity(Words("粉尘、烟尘", "dust and fume"), ("mg/m3",)),
}
SHOWN = {"degC": "°C", "m3/h": "m³/h", "mg/m3": "mg/m³"}  # a unit as people write it, where a keyboard has it not
# What destroys its vessel when nothing but a person acts on it: said to be so where nothing is interlocked.
INTERLOCKED = frozenset({"temperature", "pressure"})


class GaugeLimits(Struct, frozen=True, kw_only=True):
    """The limits of one gauge, each with its unit and clause, as a rulebook has them. What is left out is none."""

    high_high: Limit | None = None
    high: Limit | None = None
    low: Limit | None = None
    low_low: Limit | None = None

    @property
    def dangerous(self) -> bool:
        """Whether anything is dangerous, not merely to be told."""
        return self.high_high is not None or self.low_low is not None

    @property
    def all(self) -> tuple[tuple[str, Limit], ...]:
        """Those that there are, the highest first."""
        named = ("high_high", "high", "low", "low_low")
        return tuple((name, limit) for name in named if (limit := getattr(self, name)) is not None)

    @property
    def unit(self) -> str:
        """The unit that they are written in ("" without one); settings/gauges.py sees to it that it is one."""
        return next((limit.unit for _, limit in self.all), "")
