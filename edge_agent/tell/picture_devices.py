"""Gas channels and devices of the live picture, with what is vouched for of each and the tests under way."""

from collections.abc import Iterator

from edge_agent.decide.rules.devices import against, is_today
from edge_agent.decide.state import State
from edge_agent.domain.device import Device, DeviceKind, DeviceRecord
from edge_agent.domain.device_test import BumpTest
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.words import joined
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.gas_average import Average
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings
from edge_agent.tell.live_measured import LiveAverage, LiveGas, LiveLimits
from edge_agent.tell.live_vouched import LiveBump, LiveDevice, LiveRecord


def drawn_gas(channel: Channel, world: World, state: State, settings: Settings) -> LiveGas:
    """One gas channel."""
    record, test = world.records.get(channel.device.id), state.bumps.get(channel.device.id)
    return LiveGas(
        id=channel.device.id,
        name=channel.device.name,
        gas=channel.gas,
        level=channel.level,
        unit=channel.unit,
        quality=channel.quality.value,
        age_s=None if channel.said_s is None else world.now_s - channel.said_s,
        danger=channel.danger,
        device_alarm=channel.device_alarm,
        stel=_average(channel.stel),
        twa=_average(channel.twa),
        limits=limits_told(channel.limits),
        trend_per_min=_trend_per_min(channel),
        area_id=channel.area,
        record=_record(record, world, channel.device),
        bump=None if test is None else _bump(test, channel, world),
        bump_pct=settings.site.commissioning.bump_pct,
        calibration_days=world.rulebook.device.calibration_days.value,
        against=joined(against(channel.device, record, world)),
    )


def _bump(test: BumpTest, channel: Channel, world: World) -> LiveBump:
    return LiveBump(
        by=test.by,
        level=test.level,
        unit=test.unit,
        within_pct=test.within_pct,
        nearest=test.nearest,
        met=test.met,
        left_s=max(0.0, round(test.until_s - world.now_s, 1)),
        over=test.over_s is not None,
        alarms=channel.danger and not channel.bottled,
    )


def drawn_devices(settings: Settings, world: World) -> Iterator[LiveDevice]:
    """Every device that is no gas detector."""
    for device in settings.devices:
        if device.kind is not DeviceKind.GAS:
            record = world.records.get(device.id)
            yield LiveDevice(
                id=device.id,
                name=device.name,
                kind=device.kind.value,
                record=_record(record, world, device),
                wanted=bool(joined(against(device, record, world))),
            )


def _record(record: DeviceRecord | None, world: World, device: Device) -> LiveRecord | None:
    if record is None:
        return None
    daily = world.rulebook.device.bump_daily and device.kind is DeviceKind.GAS
    return LiveRecord(
        status=record.status.value,
        calibration_due_utc=record.calibration_due_utc,
        bump_tested_utc=record.bump_tested_utc,
        bump_due=daily and not is_today(record.bump_tested_utc, world),
        self_test_ok=record.self_test_ok,
        valid_until_utc=record.valid_until_utc,
        bump_failed_utc=record.bump_failed_utc,
    )


def _trend_per_min(channel: Channel) -> float | None:
    """Of a channel that measures: the slope of one that does not is that of another time."""
    trend = channel.track.short.trend
    return None if trend is None or channel.level is None else trend.per_s * 60


def limits_told(limits: GasLimits | None) -> LiveLimits:
    """What warns and what stops the work, by this row of the rulebook; None: the book says nothing of this gas."""
    if limits is None:
        return LiveLimits()
    warn, stop, low = limits.warn_high, limits.stop_high, limits.stop_low
    return LiveLimits(
        warn=None if warn is None else warn.value,
        stop=None if stop is None else stop.value,
        low_stop=None if low is None else low.value,
    )


def _average(found: Average | None) -> LiveAverage | None:
    return None if found is None else LiveAverage(value=found.value, missing_min=found.minutes - found.known)
