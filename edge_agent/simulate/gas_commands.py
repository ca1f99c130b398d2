"""What a simulated gas gateway is told: levels, faults, and that they are over."""

from typing import Annotated, Literal

import msgspec

from edge_agent.simulate.control import Command
from edge_agent.simulate.gas_modules import Ailment
from edge_agent.simulate.modbus_server import Code

WireFault = Literal["silent", "late", "exception", "garbage", "noise", "flapping", "reset"]
FOREVER = float("inf")


class Set(Command, frozen=True, kw_only=True, tag="set"):
    """Let the gas in front of one unit, or of every unit of one gas, go to a level."""

    level: float
    gas: str | None = None
    unit: int | None = None
    channel: int | None = None
    over_s: float = 0.0


class Fault(Command, frozen=True, kw_only=True, tag="fault"):
    """Make one unit, or all, misbehave."""

    kind: WireFault | Ailment
    unit: int | None = None
    channel: int | None = None
    for_s: float = FOREVER
    delay_s: float = 2.0
    code: Annotated[int, msgspec.Meta(ge=0, le=255)] = Code.NO_ANSWER_BEHIND_GATEWAY


class Heal(Command, frozen=True, kw_only=True, tag="heal"):
    """End the faults of one unit, or of all."""

    unit: int | None = None


class Status(Command, frozen=True, kw_only=True, tag="status"):
    """Tell what each module shows."""
