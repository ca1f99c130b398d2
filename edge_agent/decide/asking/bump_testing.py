"""A tester holds a bottle to a detector: whether a bump test may begin there, and that it has begun."""

import math
from collections.abc import Iterator

from edge_agent.decide import bumping
from edge_agent.decide.asking.case import Errand, Reasons
from edge_agent.decide.rules.gas import too_rich
from edge_agent.decide.rules.gas_words import named
from edge_agent.decide.settings_effect import HALTED
from edge_agent.domain.device_test import BumpTest, DeviceTest
from edge_agent.domain.local_time import as_day
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import Permit
from edge_agent.domain.words import Words, same
from edge_agent.fuse.gas import Channel, comparable, shown

NO_LEVEL = Words("请填写标气浓度", "enter the concentration on the bottle")
NO_LOT = Words("请填写气瓶批号", "enter the bottle's lot number")
NO_EXPIRY = Words("请填写气瓶有效期", "enter until when the bottle's gas is good")
RUN_OUT = Words("气瓶已过有效期：请换一瓶", "the bottle's gas has run out of date: take another one")
UNDER_WAY = Words("该检测仪正在测试", "this detector is being tested already")
IN_TURN = Words(
    "同一区域同种气体的另一台检测仪正在测试：请逐台进行",
    "another detector of this gas in this area is being tested: one after the other",
)


def begin(errand: Errand, test: DeviceTest) -> Reasons:
    """From now on the box looks whether the detector meets the bottle's gas (bumping.py)."""
    draft, world = errand.draft, errand.world
    channel = world.channels.get(test.device)
    faults = tuple(_faults(errand, test))
    level, before = test.level, shown(channel)
    if faults or channel is None or level is None or before is None:
        return faults
    begun = BumpTest(
        by=errand.request.person,
        level=level,
        unit=channel.unit,
        lot=test.lot.strip(),
        expires=test.expires,
        within_pct=errand.settings.site.commissioning.bump_pct,
        began_s=draft.instant.now_s,
        began_utc=draft.instant.utc,
        until_s=draft.instant.now_s + world.rulebook.device.bump_s.value,
        from_level=before,
    )
    draft.bumps = {**draft.bumps, test.device: begun}
    told = {"by": begun.by, "level": level, "unit": begun.unit, "lot": begun.lot, "expires": begun.expires}
    draft.event("device.bump_begun", test.device, Priority.LOW, told)
    return ()


def _faults(errand: Errand, test: DeviceTest) -> Iterator[Words]:
    if test.device not in errand.settings.site.gas:
        yield Words(f"{test.device} 不是气体检测仪", f"{test.device} is no gas detector")
        return
    yield from _bottle(errand, test)
    yield from _shows_it(errand, test)
    yield from _alone(errand, test.device)
    yield from _clean(errand, test)
    yield from _in_use(errand, test.device)


def _bottle(errand: Errand, test: DeviceTest) -> Iterator[Words]:
    if test.level is None or not math.isfinite(test.level) or test.level <= 0:
        yield NO_LEVEL
    if not test.lot.strip():
        yield NO_LOT
    day = as_day(test.expires)
    if day is None:
        yield NO_EXPIRY
    elif day < errand.today:
        yield RUN_OUT


def _shows_it(errand: Errand, test: DeviceTest) -> Iterator[Words]:
    """A bottle beyond the range is a slip of the pen, and everything up to it would pass as the bottle's gas."""
    table, channel = errand.settings.site.gas[test.device], errand.world.channels.get(test.device)
    if table.range is None or table.unit is None or channel is None or test.level is None:
        return
    top = comparable(table.range, table.unit, channel.limits)
    if top is not None and test.level > top:
        most = f"{top:g} {channel.unit}"
        yield Words(
            f"检测仪最多显示 {most}，无法测量该标气：核对浓度和单位",
            f"the detector shows no more than {most}: look at the bottle's concentration and unit again",
        )


def _alone(errand: Errand, device: str) -> Iterator[Words]:
    """Two that see gas at once confirm each other, and one bottle is at one of them."""
    tables = errand.settings.site.gas
    place = tables[device].gas, tables[device].area
    for id_, test in errand.draft.bumps.items():
        if test.over_s is None and id_ == device:
            yield UNDER_WAY
        elif test.over_s is None and (tables[id_].gas, tables[id_].area) == place:
            yield IN_TURN


def _clean(errand: Errand, test: DeviceTest) -> Iterator[Words]:
    """It gives a value, and not yet that of the bottle: a needle that is stuck there would pass."""
    channel = errand.world.channels.get(test.device)
    before = shown(channel)
    if before is None:
        said = same("-") if channel is None else named(channel.quality)
        yield Words(f"检测仪现在没有可用数值（{said.zh}）", f"the detector gives no value now ({said.en})")
    elif channel is not None and _alarmed(channel):
        yield Words(
            f"检测仪未通气已报警（{before:g}）：确认是标气残留还是泄漏，待其恢复",
            f"it is in alarm without the gas ({before:g}): left from a test, or a leak? Wait until it is over",
        )
    elif test.level and bumping.meets(before, test.level, errand.settings.site.commissioning.bump_pct):
        yield Words(
            f"检测仪未通气已显示 {before:g}：先放在清洁空气中",
            f"it shows {before:g} without the gas: let it stand in clean air first",
        )


def _alarmed(channel: Channel) -> bool:
    """Whether it warns of gas already, or worse. Clean air stands just below the upper warning of oxygen."""
    return bumping.gassed(channel) or (channel.beyond_warn and not too_rich(channel))


def _in_use(errand: Errand, device: str) -> Iterator[Words]:
    """The gas is a danger to whoever is guarded by this detector: the box would send them out."""
    for job in errand.world.jobs:
        permit = errand.draft.permits[job.permit.ticket.id]  # it may have gone on in this very step
        relied_on = {one.id for one in job.devices} | {one.device.id for one in job.channels}
        if device in relied_on and _at_work(permit):
            id_ = permit.ticket.id
            yield Words(
                f"作业票 {id_} 正在使用该检测仪：请先停止作业",
                f"{id_} relies on this detector now: stop the work first",
            )


def _at_work(permit: Permit) -> bool:
    halted = permit.state in HALTED and not permit.leaving and permit.embers is None
    return permit.busy and not halted
