"""What is vouched for of bound devices: in service, calibrated, tested, on record (ledger 0-09, 4-30)."""

from collections.abc import Iterator, Mapping

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.device import Device, DeviceKind, DeviceRecord, DeviceStatus
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words, joined
from edge_agent.fuse.same import Same
from edge_agent.fuse.world import World

DAY_S = 86400.0
STATUS = {
    DeviceStatus.SCRAPPED: Words("已报废", "is scrapped"),
    DeviceStatus.OUT_OF_SERVICE: Words("已停用", "is out of service"),
}


def withdrawn(world: World) -> Iterator[Finding]:
    """A bound device that is scrapped, out of service, or has failed its own test: nothing that it says counts."""
    gone = _gone("all", world.records)
    for job in world.jobs if gone else ():
        for device in job.devices:
            if device.id in gone:
                yield _finding(job.permit.ticket.id, device, gone[device.id])


@Same
def _gone(records: Mapping[str, DeviceRecord]) -> Mapping[str, Words]:
    """Every device that may not be used, and why."""
    return {id_: why for id_, record in records.items() if (why := _withdrawn(record)) is not None}


def _withdrawn(record: DeviceRecord) -> Words | None:
    if record.status in STATUS:
        return STATUS[record.status]
    if record.self_test_ok is False:
        return Words("自检未通过", "has failed its self-test")
    if record.bump_failed_utc is not None:
        return Words(
            "冲击测试未通过：在 /detectors 重新测试，或更换",
            "has failed its bump test: test it again at /detectors, or swap it",
        )
    return None


def not_vouched_for(world: World) -> Iterator[Finding]:
    """A bound device without a record that holds, or without the tests that are asked for before a start."""
    for job in world.waiting:
        for device in job.devices:
            why = joined(against(device, world.records.get(device.id), world))
            if why:
                yield _finding(job.permit.ticket.id, device, _who_mends(device, why))


def _who_mends(device: Device, why: Words) -> Words:
    """The reason, and who can act where: nobody should have to ask."""
    return Words(
        f"{why.zh}。分析人或仪表员可办理：“检测仪与输出”页（/detectors）→ {device.id}",
        f"{why.en}. A tester or technician enters it: Detectors and outputs (/detectors) → {device.id}",
    )


def against(device: Device, record: DeviceRecord | None, world: World) -> Iterator[Words]:
    """Why nothing may begin that relies on this device, by what is vouched for of it."""
    if record is None:
        if world.rulebook.device.records:
            yield Words("没有设备档案", "has no record")
        return
    utc, until_utc = world.instant.utc, record.valid_until_utc
    if until_utc is not None and utc >= until_utc:
        late_h = (utc - until_utc) / 3600
        yield Words(f"档案已过期 {late_h:.1f} 小时", f"has a record that ran out {late_h:.1f} h ago")
    yield from (_tests(record, world) if device.kind is DeviceKind.GAS else _calibration(record, utc))


def _calibration(record: DeviceRecord, utc: float) -> Iterator[Words]:
    """Of a gas detector this is a matter of its readings (fuse/records.py)."""
    due_utc = record.calibration_due_utc
    if due_utc is not None and utc >= due_utc:
        late_d = (utc - due_utc) / DAY_S
        yield Words(f"标定已过期 {late_d:.1f} 天", f"was due for calibration {late_d:.1f} days ago")


def _tests(record: DeviceRecord, world: World) -> Iterator[Words]:
    """What a gas detector shows before it is relied on."""
    book = world.rulebook.device
    if book.records and record.calibration_due_utc is None:
        yield Words("没有标定日期", "has no calibration date")
    if book.records and record.self_test_ok is None:
        yield Words("没有自检结果", "has no self-test on record")
    if book.bump_daily and not is_today(record.bump_tested_utc, world):
        yield Words("今天没有做冲击测试", "has not been bump-tested today")


def is_today(at_utc: float | None, world: World) -> bool:
    """Whether this was on the site's day that is now; what is dated in the future was not."""
    today = (world.instant.utc + world.utc_offset_s) // DAY_S
    return at_utc is not None and at_utc <= world.instant.utc and (at_utc + world.utc_offset_s) // DAY_S == today


def _finding(permit: str, device: Device, why: Words) -> Finding:
    name = device.name
    return Finding(permit, device.id, Words(f"{name.zh}：{why.zh}", f"{name.en} {why.en}"))


UNKNOWN = Words("它的数据不可信", "what it says cannot be relied on")

RULES = (
    Rule(
        name="device_withdrawn",
        code="DEV-20",
        find=withdrawn,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        clause="ledger: devices bound to scrapped codes; every device verified before a start",
        ledger="0-09, 4-30",
        text=Text(
            title=Words("绑定设备不可用", "A bound device may not be used"),
            cause=Words("设备已报废、停用或测试未通过", "it is scrapped, out of service, or failed its test"),
            consequence=UNKNOWN,
            action=Words("更换设备后重新下发作业票", "Bind another device and send the ticket again"),
        ),
    ),
    Rule(
        name="device_not_vouched_for",
        code="DEV-21",
        find=not_vouched_for,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        before_start=True,
        act_within_s=1800,
        clause="ISEA via OSHA SHIB: bump test before each day's use; JJG: calibration (docs/domain.md 2.3)",
        ledger="0-09, 4-30",
        text=Text(
            title=Words("设备未经验证", "A device is not verified"),
            cause=Words("档案缺失或过期、超期未标定、未测试", "no valid record, calibration or test"),
            consequence=UNKNOWN,
            action=Words(
                "分析人在“检测仪与输出”页测试并登记",
                "A tester tests it and enters it: Detectors and outputs (/detectors)",
            ),
        ),
    ),
)
