"""A tester bump-tests a detector, or enters what a certificate or a device's own test says."""

import math
from collections.abc import Iterator
from datetime import date

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import bumping
from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.decide.fitness import certificate_faults
from edge_agent.decide.settings_effect import HALTED
from edge_agent.domain.device import DeviceStatus
from edge_agent.domain.device_test import BumpTest, DeviceTest
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import Permit
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import shown

NOT_ONE_OF_THEM = Words(
    "须由该区域的检测人（持“气体检测分析”证）或全站的仪表员办理",
    "only a tester of this area with the certificate, or a technician of the whole site, may do this",
)
NO_DATE = Words("时钟不可信：测试记录需要日期", "the clock is not trusted: a test needs a date")
NO_LEVEL = Words("请填写标气浓度", "enter the concentration on the bottle")
NO_LOT = Words("请填写气瓶批号", "enter the bottle's lot number")
NO_EXPIRY = Words("请填写气瓶有效期", "enter until when the bottle's gas is good")
RUN_OUT = Words("气瓶已过有效期：请换一瓶", "the bottle's gas has run out of date: take another one")
UNDER_WAY = Words("该检测仪正在测试", "this detector is being tested already")
NO_WORD = Words("请说明自检是否通过", "say whether its own test has passed")
NO_CERTIFICATE = Words("请填写检定证书编号", "enter the number of the calibration certificate")
BAD_DAY = Words("日期写作 2027-05-31", "write the day like 2027-05-31")
OVER = Words("检定日期已过", "that calibration has run out already")


def _test(errand: Errand) -> Reasons:
    test = errand.request.test
    if test is None:
        return (Words("没有写明做什么", "it does not say what is done"),)
    known = {one.id for one in errand.settings.devices}
    if test.device not in known:
        return (Words(f"本站没有设备 {test.device}", f"this site has no device {test.device}"),)
    unfit = tuple(_unfit(errand, test))
    if unfit:
        return unfit
    if not errand.draft.instant.trusted:
        return (NO_DATE,)
    return _bump(errand, test) if test.do == "bump" else _vouch(errand, test)


def _unfit(errand: Errand, test: DeviceTest) -> Iterator[Words]:
    person = errand.person
    if person is not None and Role.TECHNICIAN in person.roles and not person.areas:
        return
    if person is None or not _tests_here(errand, person, test):
        yield NOT_ONE_OF_THEM
        return
    needed = errand.world.rulebook.people.tester_certificates
    yield from certificate_faults(person, needed, errand.draft.instant.utc)


def _tests_here(errand: Errand, person: Person, test: DeviceTest) -> bool:
    table = errand.settings.site.gas.get(test.device)
    in_place = not person.areas if table is None else person.holds_in(table.area)
    return Role.TESTER in person.roles and in_place


def _bump(errand: Errand, test: DeviceTest) -> Reasons:
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
    under_way = errand.draft.bumps.get(test.device)
    if under_way is not None and under_way.over_s is None:
        yield UNDER_WAY
    yield from _clean(errand, test)
    yield from _in_use(errand, test.device)


def _bottle(errand: Errand, test: DeviceTest) -> Iterator[Words]:
    if test.level is None or not math.isfinite(test.level) or test.level <= 0:
        yield NO_LEVEL
    if not test.lot.strip():
        yield NO_LOT
    day = _day(test.expires)
    if day is None:
        yield NO_EXPIRY
    elif day < _today(errand):
        yield RUN_OUT


def _clean(errand: Errand, test: DeviceTest) -> Iterator[Words]:
    """It gives a value, and not yet that of the bottle: a needle that is stuck there would pass."""
    channel = errand.world.channels.get(test.device)
    before = shown(channel)
    if before is None:
        said = "-" if channel is None else channel.quality.value
        yield Words(f"检测仪现在没有可用数值（{said}）", f"the detector gives no value now ({said})")
    elif channel is not None and channel.danger:
        yield Words(
            f"检测仪未通气已报警（{before:g}）：确认是标气残留还是泄漏，待其恢复",
            f"it is in alarm without the gas ({before:g}): left from a test, or a leak? Wait until it is over",
        )
    elif test.level and bumping.off_pct(before, test.level) <= errand.settings.site.commissioning.bump_pct:
        yield Words(
            f"检测仪未通气已显示 {before:g}：先放在清洁空气中",
            f"it shows {before:g} without the gas: let it stand in clean air first",
        )


def _in_use(errand: Errand, device: str) -> Iterator[Words]:
    """The gas is a danger to whoever is guarded by this detector: the box would send them out."""
    for job in errand.world.jobs:
        permit = job.permit
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


def _vouch(errand: Errand, test: DeviceTest) -> Reasons:
    """What a person has read off the certificate, or seen of the device's own test."""
    draft, is_gas = errand.draft, test.device in errand.settings.site.gas
    held = bumping.renewed(draft.records, errand.settings, test.device)
    faults = tuple(_against(errand, test)) + _withdrawn(held.status)
    if faults:
        return faults
    day = _day(test.calibration_due) if is_gas else None
    due_utc = held.calibration_due_utc if day is None else _end_utc(errand, day)
    record = replace(held, self_test_ok=test.self_test_ok, calibration_due_utc=due_utc)
    draft.records = {**draft.records, test.device: record}
    data = {
        "by": errand.request.person,
        "record": to_builtins(record),
        "certificate": test.certificate.strip(),
        "reason": errand.request.reason,
    }
    priority = Priority.LOW if test.self_test_ok else Priority.HIGH
    draft.event("device.vouched", test.device, priority, data)
    return ()


def _against(errand: Errand, test: DeviceTest) -> Iterator[Words]:
    if test.self_test_ok is None:
        yield NO_WORD
    if not test.calibration_due:
        return
    day, today = _day(test.calibration_due), _today(errand)
    most = int(errand.world.rulebook.device.calibration_days.value)
    if day is None:
        yield BAD_DAY
    elif day < today:
        yield OVER
    elif (day - today).days > most:
        yield Words(f"检定有效期最长 {most} 天", f"a calibration holds for {most} days at most")
    if not test.certificate.strip():
        yield NO_CERTIFICATE


def _withdrawn(status: DeviceStatus) -> Reasons:
    if status is DeviceStatus.IN_SERVICE:
        return ()
    return (
        Words(
            "该设备已停用或报废：由管理员在“设置 → 设备档案”恢复，或更换设备",
            "out of service or scrapped: an administrator puts it back in Settings → Device records, or swap it",
        ),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _today(errand: Errand) -> date:
    return errand.settings.local_time.local(errand.draft.instant.utc).date()


def _end_utc(errand: Errand, day: date) -> float:
    """The end of that day of the site."""
    return (
        errand.settings.local_time.local(errand.draft.instant.utc)
        .replace(year=day.year, month=day.month, day=day.day, hour=23, minute=59, second=59, microsecond=0)
        .timestamp()
    )


HANDLERS: Errands = {Ask.DEVICE_TEST: _test}
