"""All gas detectors of a site together: what one says of another, and how those of one area vote."""

import math
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.device import Device
from edge_agent.domain.observation import Quality, Reading, has_number
from edge_agent.domain.rulebook import GasLimits, GasTimes, Limit, Rulebook
from edge_agent.domain.words import Words
from edge_agent.fuse import gas
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.gas_average import aged, silent_minutes
from edge_agent.fuse.gas_track import FRESH, Track
from edge_agent.fuse.memory import Memory
from edge_agent.fuse.same import Same
from edge_agent.settings.site import CameraTable, GasTable, Settings

OXYGEN = "o2"
MEASURING = frozenset({Quality.GOOD, Quality.CAL_OVERDUE, Quality.OVERRANGE})
VOTES = 2  # confirmed by two of N (docs/domain.md 2.4)


class Group(Struct, frozen=True, kw_only=True, gc=False):
    """The detectors of one gas in one area: they vote about that area (docs/domain.md 2.4)."""

    gas: str
    area: str
    members: tuple[Channel, ...]
    cameras: tuple[str, ...]  # that see the area
    struck: tuple[Channel, ...]  # members that see danger
    level: int  # the highest response level that one of them has reached (0: none)

    @property
    def confirmed(self) -> bool:
        """Danger seen by two, by the only one that measures, or by one that is over its range.

        A member that does not measure is missing, not a vote for safety: two of three becomes one of
        two, never two of two.
        """
        if not self.struck:
            return False
        if any(channel.quality is Quality.OVERRANGE for channel in self.members):
            return True
        missing = sum(channel.quality not in MEASURING and not channel.danger for channel in self.members)
        needed = max(1, min(VOTES, len(self.members)) - missing)
        return len(self.struck) >= needed

    @property
    def doubtful(self) -> bool:
        """Whether it would be confirmed if every member that is not GOOD saw danger: no start then."""
        against = sum(channel.danger or channel.quality is not Quality.GOOD for channel in self.members)
        return against >= min(VOTES, len(self.members))


def group(gas_id: str, area: str, members: tuple[Channel, ...], cameras: tuple[str, ...] = ()) -> Group:
    """These detectors together."""
    return Group(
        gas=gas_id,
        area=area,
        members=members,
        cameras=cameras,
        struck=tuple([channel for channel in members if channel.danger]),
        level=max([channel.track.level for channel in members]),
    )


class _Head(Struct, frozen=True, gc=False):
    """What the settings say of one channel."""

    device: Device
    table: GasTable
    limits: GasLimits | None


@Same
def _heads(
    gas: Mapping[str, GasTable], devices: Mapping[str, Device], gases: Mapping[str, GasLimits]
) -> Mapping[str, _Head]:
    return {id_: _Head(devices[id_], table, gases.get(table.gas)) for id_, table in gas.items()}


def channels(
    settings: Settings, memory: Memory, devices: Mapping[str, Device], now_s: float
) -> dict[str, Channel]:
    """Every gas channel now, with its history and with what the others say about its trust."""
    book, tables = settings.rulebook, settings.site.gas
    found: dict[str, Channel] = {}
    for id_, head in _heads("all", tables, devices, book.gases).items():
        reading, track = memory.readings.get(id_), memory.gas.get(id_, FRESH)
        stale = gas.is_stale(head.device, reading, now_s)
        found[id_] = _hung(id_, head, reading, stale, track, silent_minutes(track.minutes, now_s))
    levels = _levels(map(found.__getitem__, _telling("all", tables, book.gases)))
    if not casts_doubt(levels, book):
        return found
    return {id_: trusted(channel, levels, book.gas) for id_, channel in found.items()}


@Same
def _hung(
    head: _Head,
    reading: Reading | None,
    stale: bool,  # noqa: FBT001
    track: Track,
    silent: int,
) -> Channel:
    """A channel with its history, where it hangs and how it measures."""
    table, limits, minutes = head.table, head.limits, track.minutes
    channel = gas.with_history(gas.judged(head.device, table.gas, reading, limits, stale), track)
    principle = table.principle or worse_principle(table.gas, limits)
    stel, twa = aged(minutes.stel, silent), aged(minutes.twa, silent)
    return replace(channel, area=table.area, principle=principle, stel=stel, twa=twa)


def worse_principle(gas_id: str, limits: GasLimits | None) -> str:
    """How a head measures whose principle is not told: the one that fails in more ways."""
    if gas_id == OXYGEN:
        return ""  # an oxygen cell is not blinded by missing oxygen: it shows it
    return "catalytic" if limits is not None and limits.combustible else "electrochemical"


@Same
def _hides(gases: Mapping[str, GasLimits]) -> Mapping[str, float]:
    """Gases that hide another one from its cell, each from which level on."""
    least: dict[str, float] = {}
    for limits in gases.values():
        for other, limit in limits.hidden_by.items():
            least[other] = min(limit.value, least.get(other, limit.value))
    return least


@Same
def _telling(tables: Mapping[str, GasTable], gases: Mapping[str, GasLimits]) -> tuple[str, ...]:
    """Channels of a gas that tells of other detectors."""
    telling = {OXYGEN, *_hides("all", gases)}
    return tuple(id_ for id_, table in tables.items() if table.gas in telling)


def _levels(telling: Iterable[Channel]) -> dict[tuple[str, str], tuple[float, float]]:
    """Lowest and highest level in each area of each gas that tells of other detectors, where it is measured."""
    levels: dict[tuple[str, str], tuple[float, float]] = {}
    for channel in telling:
        if channel.level is not None and has_number(channel.quality):
            key, level = (channel.area, channel.gas), channel.level
            low, high = levels.get(key, (level, level))
            levels[key] = (min(low, level), max(high, level))
    return levels


def casts_doubt(levels: Mapping[tuple[str, str], tuple[float, float]], book: Rulebook) -> bool:
    """Whether any level is such that a detector beside it might read too low: nearly always none is."""
    needed, hides = max(book.gas.catalytic_o2_pct.value, book.gas.cell_o2_pct.value), _hides("all", book.gases)
    return any(
        (gas_id == OXYGEN and low < needed) or high >= hides.get(gas_id, math.inf)
        for (_, gas_id), (low, high) in levels.items()
    )


def trusted(channel: Channel, levels: Mapping[tuple[str, str], tuple[float, float]], times: GasTimes) -> Channel:
    """The channel, SUSPECT where another gas makes its number too low (docs/domain.md 2.3).

    Its danger still counts: only what looks safe is no longer believed.
    """
    if channel.quality is not Quality.GOOD and channel.quality is not Quality.CAL_OVERDUE:
        return channel
    why = _starved(channel, levels, times) or _hidden(channel, levels)
    return channel if why is None else replace(channel, quality=Quality.SUSPECT, detail=why)


def _starved(
    channel: Channel, levels: Mapping[tuple[str, str], tuple[float, float]], times: GasTimes
) -> Words | None:
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


def _hidden(channel: Channel, levels: Mapping[tuple[str, str], tuple[float, float]]) -> Words | None:
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


class _Place(Struct, frozen=True, gc=False):
    """What the settings say of one gas in one area: who measures it, and which cameras see the area."""

    gas: str
    area: str
    channels: tuple[str, ...]
    cameras: tuple[str, ...]


@Same
def _places(gas: Mapping[str, GasTable], cameras: Mapping[str, CameraTable]) -> tuple[_Place, ...]:
    """In the order of the settings."""
    together: dict[tuple[str, str], list[str]] = {}
    for id_, table in gas.items():
        together.setdefault((table.area, table.gas), []).append(id_)
    seen: dict[str, list[str]] = {}
    for id_, camera in cameras.items():
        for area in dict.fromkeys(part.area for part in camera.areas):
            seen.setdefault(area, []).append(id_)
    return tuple(
        _Place(gas_id, area, tuple(ids), tuple(seen.get(area, ()))) for (area, gas_id), ids in together.items()
    )


def groups(settings: Settings, found: Mapping[str, Channel]) -> tuple[Group, ...]:
    """The detectors of each gas in each area, in the order of the settings."""
    places = _places("all", settings.site.gas, settings.site.cameras)
    return tuple([group(p.gas, p.area, tuple([found[id_] for id_ in p.channels]), p.cameras) for p in places])
