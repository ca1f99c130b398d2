"""Follows every gas channel sample by sample: what a step's last reading alone would not show."""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.device import Device
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.observation import Observation, Quality, Reading, has_number
from edge_agent.domain.rulebook import Rulebook
from edge_agent.fuse import gas_average, gas_trend
from edge_agent.fuse.gas import MEASURING, Channel, back_inside, channel, limit_unit, response_level
from edge_agent.fuse.gas_average import MINUTE_S, Exposure, Minutes, carried
from edge_agent.fuse.gas_track import FRESH, Clock, Track
from edge_agent.fuse.gas_trend import View
from edge_agent.fuse.memory import Memory
from edge_agent.fuse.same import Same
from edge_agent.settings.site import Settings
from edge_agent.settings.site_sensors import GasTable

COUNTED_DAYS = 30  # ledger 4-18
DAY_S = 86_400.0


class _Followed(Struct, frozen=True, kw_only=True, gc=False):
    """One channel, and what its history is cut by."""

    device: Device
    gas: str
    limits: GasLimits | None
    book: Rulebook
    short: View
    long: View
    averaged: str  # what its minutes are averages of ("h2s ppm"); "" without limits over minutes or hours
    minute_least: float  # so many samples make a minute
    key: str  # its dangers are counted by gas and area
    phase_s: float  # channels close their minutes and buckets one after the other, never all in one step


def follow(
    memory: Memory,
    observations: Iterable[Observation],
    settings: Settings,
    instant: Instant,
    bottles: frozenset[str] = frozenset(),
) -> Memory:
    """The memory after these samples; each is judged raw and by itself.

    What `bottles` show (detectors under an announced bump test) is no alarm of their area unless it outlasts that.
    """
    heard: dict[str, list[Reading]] = {}
    for seen in observations:
        if isinstance(seen, Reading) and seen.source in settings.site.gas:
            heard.setdefault(seen.source, []).append(seen)
    if not heard:
        return memory
    tracks, alarms = dict(memory.gas), memory.gas_alarms
    followed = _followed("all", settings.site.gas, settings.devices, settings.rulebook)
    for id_, readings in heard.items():
        of, before = followed[id_], tracks.get(id_, FRESH)
        tracks[id_] = _after(before, readings, of, memory.booted_s, instant)
        began = _alarming(tracks[id_]) and (before.uncounted or not _alarming(before))
        if began and id_ not in bottles:
            alarms = counted(alarms, of.key, instant)
        if before.uncounted is not (began and id_ in bottles):
            tracks[id_] = replace(tracks[id_], uncounted=not before.uncounted)
    return replace(memory, gas=tracks, gas_alarms=alarms)


@Same
def _followed(gas: Mapping[str, GasTable], devices: tuple[Device, ...], book: Rulebook) -> Mapping[str, _Followed]:
    short, long = short_view(book), long_view(book)
    by_id = {device.id: device for device in devices}
    return {
        id_: _Followed(
            device=by_id[id_],
            gas=table.gas,
            limits=book.gases.get(table.gas),
            book=book,
            short=short,
            long=long,
            averaged=_averaged(table.gas, book.gases.get(table.gas)),
            minute_least=MINUTE_S / by_id[id_].period_s * book.gas.minute_known_pct.value / 100,
            key=f"{table.gas}/{table.area}",
            phase_s=at * MINUTE_S / len(gas),
        )
        for at, (id_, table) in enumerate(gas.items())
    }


def _averaged(gas: str, limits: GasLimits | None) -> str:
    if limits is None or (limits.stel is None and limits.twa is None):
        return ""
    return f"{gas} {limit_unit(limits)}"


def _alarming(track: Track) -> bool:
    return track.danger or track.level > 0


def _after(track: Track, readings: list[Reading], of: _Followed, booted_s: float, instant: Instant) -> Track:
    """Danger of any sample of this step holds for this step: what came after it cannot hide it."""
    struck, warned, level = False, False, 0
    for reading in readings:
        judged = channel(of.device, of.gas, reading, of.limits, reading.at_s)
        struck, warned = struck or judged.danger, warned or judged.beyond_warn
        level = max(level, response_level(judged))
        track = _seen(track, reading, judged, of.book, booted_s)
        track = _clocked(track, reading, judged, of, instant)
        track = _measured(track, reading, judged, of)
    track = _calibrated(track, readings[-1], instant)
    if (struck, warned, level) <= (track.danger, track.warned, track.level):
        return track
    return replace(
        track, danger=track.danger or struck, warned=track.warned or warned, level=max(track.level, level)
    )


def _seen(track: Track, reading: Reading, judged: Channel, book: Rulebook, booted_s: float) -> Track:
    """How long it was blind, now that it measures again."""
    if judged.quality not in MEASURING:
        return track
    last_s = booted_s if track.seen_s is None else track.seen_s
    measured_s = reading.at_s - reading.age_s
    long_blind = measured_s - last_s > book.gas.blind_retest_s.value
    blind_until_s = reading.at_s if long_blind else track.blind_until_s
    return replace(track, seen_s=max(last_s, measured_s), blind_until_s=blind_until_s)


def _calibrated(track: Track, reading: Reading, instant: Instant) -> Track:
    """Since when it has been overdue: the next shift does not take it over (docs/domain.md 7)."""
    if reading.quality is Quality.CAL_OVERDUE and track.overdue_utc is None:
        return replace(track, overdue_utc=instant.utc)
    if reading.quality is Quality.GOOD and track.overdue_utc is not None:
        return replace(track, overdue_utc=None)
    return track


def _clocked(track: Track, reading: Reading, judged: Channel, of: _Followed, instant: Instant) -> Track:
    """Danger begins with its first sample and ends with one that is back by the hysteresis."""
    percent = of.book.gas.hysteresis_pct.value
    warned = judged.beyond_warn or (track.warned and not back_inside(judged, percent, warning=True))
    danger = judged.danger or (track.danger and not back_inside(judged, percent, warning=False))
    trusted = judged.quality in MEASURING
    over = trusted and response_level(judged, percent) == 0
    level = max(response_level(judged), 0 if over else track.level)
    if (danger, warned, level) == (track.danger, track.warned, track.level):
        return track
    measured_s = reading.at_s - reading.age_s
    clock = Clock(measured_s, instant.utc - (instant.now_s - measured_s))
    return replace(
        track,
        danger=danger,
        warned=warned,
        level=level,
        danger_clock=clock if danger and not track.danger else track.danger_clock,
        level_clock=clock if level > track.level else track.level_clock,
    )


def judged_alone(track: Track, reading: Reading, settings: Settings, instant: Instant) -> Track:
    """Danger, warning and response level as this one reading leaves them; it is counted and averaged nowhere."""
    of = _followed("all", settings.site.gas, settings.devices, settings.rulebook)[reading.source]
    return _clocked(track, reading, channel(of.device, of.gas, reading, of.limits, reading.at_s), of, instant)


def _measured(track: Track, reading: Reading, judged: Channel, of: _Followed) -> Track:
    """Minute averages for exposure, medians for the slope: kept beside what alarms, never before it."""
    level, at_s = _usable(judged), reading.at_s + of.phase_s
    minutes, short, long = track.minutes, track.short, track.long
    if of.averaged:
        minutes = gas_average.collected(minutes, of.averaged, at_s, level, of.minute_least)
    if level is not None:
        short = gas_trend.collected(short, at_s, level, of.short)
        if short.bucket != track.short.bucket and short.medians:
            long = gas_trend.collected(long, at_s, short.medians[-1][1], of.long)
    return replace(track, minutes=minutes, short=short, long=long)


def _usable(judged: Channel) -> float | None:
    usable = has_number(judged.quality) and judged.quality is not Quality.SUSPECT
    return judged.level if usable else None


def dosed(before: Mapping[str, Minutes], readings: Iterable[Reading], settings: Settings) -> dict[str, Minutes]:
    """The minutes of each channel after these samples, as `follow` counts them; of nothing else of its history."""
    after = dict(before)
    followed = _followed("all", settings.site.gas, settings.devices, settings.rulebook)
    for reading in readings:
        of = followed.get(reading.source)
        if of is not None and of.averaged and reading.channel == of.gas:
            level = _usable(channel(of.device, of.gas, reading, of.limits, reading.at_s))
            at_s, least = reading.at_s + of.phase_s, of.minute_least
            after[reading.source] = gas_average.collected(
                after.get(reading.source, Minutes()), of.averaged, at_s, level, least
            )
    return after


def woken(exposure: Exposure | None, settings: Settings, instant: Instant) -> dict[str, Track]:
    """What each channel had averaged before a restart, if it is still the same gas in the same unit."""
    followed = _followed("all", settings.site.gas, settings.devices, settings.rulebook)
    return {
        id_: Track(minutes=minutes)
        for id_, minutes in (carried(exposure, instant) if exposure is not None else {}).items()
        if id_ in followed and minutes.of == followed[id_].averaged
    }


def short_view(book: Rulebook) -> View:
    """How a leak is looked for."""
    one = book.trend
    return _view(book, one.bucket_s.value, one.window_s.value)


def long_view(book: Rulebook) -> View:
    """How a slow change is looked for."""
    one = book.trend
    return _view(book, one.long_bucket_s.value, one.long_window_s.value)


def _view(book: Rulebook, bucket_s: float, window_s: float) -> View:
    return View(
        bucket_s=bucket_s,
        buckets=int(window_s // bucket_s),
        least=int(book.trend.least_count.value),
        sigma=book.trend.bound_sigma.value,
    )


def counted(
    alarms: dict[str, tuple[tuple[int, int], ...]], key: str, instant: Instant
) -> dict[str, tuple[tuple[int, int], ...]]:
    """One more danger of this gas in this area today; days beyond the last 30 are forgotten."""
    today = int(instant.utc // DAY_S)
    days = dict(alarms.get(key, ()))
    days[today] = days.get(today, 0) + 1
    kept = tuple((day, count) for day, count in days.items() if today - COUNTED_DAYS < day <= today)
    return {**alarms, key: kept}
