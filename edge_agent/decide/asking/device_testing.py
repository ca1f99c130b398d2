"""A tester bump-tests a device (bump_testing.py), or enters what a certificate or its own test says."""

from collections.abc import Iterator
from datetime import date

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import bumping
from edge_agent.decide.asking import bump_testing
from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.decide.fitness import certificate_faults
from edge_agent.domain.device import DeviceStatus
from edge_agent.domain.device_test import DeviceTest
from edge_agent.domain.local_time import as_day
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words

NOT_ONE_OF_THEM = Words(
    "须由该区域的分析人（持“气体检测分析”证）或全站的仪表员办理",
    "only a tester of this area with the certificate, or a technician of the whole site, may do this",
)
NO_DATE = Words("时钟不可信：测试记录需要日期", "the clock is not trusted: a test needs a date")
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
    return bump_testing.begin(errand, test) if test.do == "bump" else _vouch(errand, test)


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


def _vouch(errand: Errand, test: DeviceTest) -> Reasons:
    """What a person has read off the certificate, or seen of the device's own test."""
    draft, is_gas = errand.draft, test.device in errand.settings.site.gas
    held = bumping.renewed(draft.records, errand.settings, test.device)
    faults = tuple(_against(errand, test)) + _withdrawn(held.status)
    if faults:
        return faults
    day = as_day(test.calibration_due) if is_gas else None
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
    day, today = as_day(test.calibration_due), errand.today
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


def _end_utc(errand: Errand, day: date) -> float:
    """The end of that day of the site."""
    return (
        errand.settings.local_time.local(errand.draft.instant.utc)
        .replace(year=day.year, month=day.month, day=day.day, hour=23, minute=59, second=59, microsecond=0)
        .timestamp()
    )


HANDLERS: Errands = {Ask.DEVICE_TEST: _test}
