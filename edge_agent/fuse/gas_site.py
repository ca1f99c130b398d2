"""All gas detectors of a site together: each one now, and how those of one area vote."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.device import Device
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.observation import Quality, Reading, has_number
from edge_agent.fuse import gas, gas_trust
from edge_agent.fuse.gas import MEASURING, Channel
from edge_agent.fuse.gas_average import aged, silent_minutes
from edge_agent.fuse.gas_track import FRESH, Track
from edge_agent.fuse.memory import Memory
from edge_agent.fuse.same import Same
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import CameraTable
from edge_agent.settings.site_sensors import GasTable

VOTES = 2  # confirmed by two of N (docs/domain.md 2.4)


class Group(Struct, frozen=True, kw_only=True, gc=False):
    """The detectors of one gas in one area: they vote about that area (docs/domain.md 2.4)."""

    gas: str
    area: str
    members: tuple[Channel, ...]
    cameras: tuple[str, ...]  # that see the area
    struck: tuple[Channel, ...]  # members that see danger, and not a bottle's
    level: int  # the highest response level that one of them has reached (0: none)
    apart: float  # how far the levels of the good ones lie apart

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
        missing = sum(one.bottled or (one.quality not in MEASURING and not one.danger) for one in self.members)
        needed = max(1, min(VOTES, len(self.members)) - missing)
        return len(self.struck) >= needed

    @property
    def doubtful(self) -> bool:
        """Whether it would be confirmed if every member that is not GOOD saw danger: no start then."""
        against = sum(channel.danger or channel.quality is not Quality.GOOD for channel in self.members)
        return against >= min(VOTES, len(self.members))


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
    telling = gas_trust.telling("all", tables, book)
    if not any(one.doubts(found[one.id]) for one in telling):
        return found
    levels = gas_trust.levels([found[one.id] for one in telling])
    return {id_: gas_trust.trusted(channel, levels, book.gas) for id_, channel in found.items()}


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
    channel = gas.judged(head.device, table.gas, reading, limits, stale)
    warned = track.warned and has_number(channel.quality) and limits is not None
    return replace(
        channel,
        area=table.area,
        principle=table.principle or gas_trust.worse_principle(table.gas, limits),
        track=track,
        # A danger or a warning that no sample has ended still stands.
        danger=channel.danger or track.danger,
        beyond_warn=channel.beyond_warn or warned,
        stel=aged(minutes.stel, silent),
        twa=aged(minutes.twa, silent),
    )


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


def group(gas_id: str, area: str, members: tuple[Channel, ...], cameras: tuple[str, ...] = ()) -> Group:
    """These detectors together."""
    struck, good, level = [], [], 0
    for one in members:  # in one loop: hundreds of them in every step
        if one.bottled:
            continue
        level = max(level, one.track.level)
        if one.danger:
            struck.append(one)
        if one.quality is Quality.GOOD and one.level is not None:
            good.append(one.level)
    return Group(
        gas=gas_id,
        area=area,
        members=members,
        cameras=cameras,
        struck=tuple(struck),
        level=level,
        apart=max(good) - min(good) if good else 0.0,
    )
