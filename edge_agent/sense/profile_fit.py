"""A profile as it stands at one place of the site: one channel's registers, and what only site.toml can say."""

from typing import TypeVar

from msgspec.structs import replace

from edge_agent.sense.profile import SITE, Block, Decimals, Field, Flag, GasProfile, Value
from edge_agent.settings.site_sensors import SensorTable

T = TypeVar("T", bound=Field)


def fitted(profile: GasProfile, table: SensorTable) -> GasProfile:
    """The profile of this detector; what site.toml should say and does not stays "site" (an unreadable reply)."""
    one = profile if table.channel is None else _of_channel(profile, table.channel - 1)
    if one.full_scale == SITE and table.range is not None:
        one = replace(one, full_scale=table.range, range_from=table.lowest)
    if one.unit == SITE and table.unit is not None:
        one = replace(one, unit=table.unit)
    return one


def _of_channel(profile: GasProfile, steps: int) -> GasProfile:
    """The profile with every register moved `steps` channels on."""
    move = _Mover(steps)
    return replace(
        profile,
        blocks=tuple(move.block(one) for one in profile.blocks),
        value=move.value(profile.value),
        unit=move.any(profile.unit),
        full_scale=move.any(profile.full_scale),
        gas=move.any(profile.gas),
        alive=tuple(move.field(one) for one in profile.alive),
        latching=move.any(profile.latching),
        status=move.any(profile.status),
        flags=tuple(move.flag(one) for one in profile.flags),
        age=move.any(profile.age),
        heartbeat=move.any(profile.heartbeat),
    )


class _Mover:
    def __init__(self, steps: int) -> None:
        self._steps = steps

    def field(self, one: T) -> T:
        return replace(one, register=one.register + self._steps * one.step)

    def any(self, one: T | object) -> object:
        """Moved if it is a field; a fixed range, unit or "no such field" stays."""
        return self.field(one) if isinstance(one, Field) else one

    def block(self, one: Block) -> Block:
        return replace(one, address=one.address + self._steps * one.step)

    def flag(self, one: Flag) -> Flag:
        return replace(one, register=one.register + self._steps * one.step)

    def value(self, one: Value) -> Value:
        decimals: Decimals | None = None if one.decimals is None else self.field(one.decimals)
        return replace(one, register=one.register + self._steps * one.step, decimals=decimals)
