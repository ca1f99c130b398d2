"""Whose word holds of a device, after a start and when the centre speaks, and which device it is about.

A record belongs to one detector with its gas, range and unit: of another one under the same id nobody has said
anything, however the settings came to be others. Pure.
"""

from collections.abc import Iterable

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide.state import Draft
from edge_agent.domain.device import BOX, CENTRE, DeviceRecord, digest
from edge_agent.domain.outcome import Priority
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings

ANOTHER = Words(
    "设备或其气体、量程、单位已更改，冲击测试和标定记录作废",
    "it, or its gas, range or unit, is another now: its bump test and calibration are void",
)


def covered(settings: Settings, id_: str) -> str:
    """Which detector hangs under this id; "" for what is none."""
    table = settings.site.gas.get(id_)
    return "" if table is None else table.identity


def woken(settings: Settings, kept: Iterable[DeviceRecord], utc: float) -> dict[str, DeviceRecord]:
    """Every record as it holds when the box comes up; `voided` says which of them were of other detectors."""
    held, written = {one.id: one for one in kept}, {one.id: one for one in settings.records}
    ids = dict.fromkeys((*written, *held))
    return {id_: _woken(held.get(id_), written.get(id_), covered(settings, id_), utc) for id_ in ids}


def _woken(held: DeviceRecord | None, written: DeviceRecord | None, covers: str, utc: float) -> DeviceRecord:
    if held is None:
        assert written is not None  # noqa: S101 (ids are those of either)
        return from_file(written, covers)
    said = "" if written is None else digest(written)
    if held.said in {"", CENTRE, said}:
        return _of_this_one(held, covers)
    if written is None:
        return _of_this_one(held, covers) if held.said == BOX else _withdrawn(held, covers)
    return _newer(held, written, covers, utc)


def from_file(written: DeviceRecord, covers: str) -> DeviceRecord:
    """What site.toml says, about the detector that it names now."""
    return replace(written, covers=covers, said=digest(written))


def _of_this_one(held: DeviceRecord, covers: str) -> DeviceRecord:
    if held.covers == covers:
        return held
    return replace(held, covers=covers) if not held.covers else bare(held, covers)


def bare(held: DeviceRecord, covers: str) -> DeviceRecord:
    """The record of a detector that nobody has tested: whether it may be used at all stays as it was."""
    return replace(
        held,
        calibration_due_utc=None,
        bump_tested_utc=None,
        bump_failed_utc=None,
        self_test_ok=None,
        covers=covers,
    )


def _withdrawn(held: DeviceRecord, covers: str) -> DeviceRecord:
    """The files vouch for it no more; that it failed, or is out of service, stays said."""
    failed = held.bump_failed_utc
    return replace(bare(held, covers), bump_failed_utc=failed, said=BOX)


def _newer(held: DeviceRecord, written: DeviceRecord, covers: str, utc: float) -> DeviceRecord:
    """The files were changed after what is kept: what was measured since on the same detector stays."""
    fresh = from_file(written, covers)
    if held.covers != covers:
        return fresh
    return tested(fresh, held, utc)


def tested(fresh: DeviceRecord, held: DeviceRecord, utc: float) -> DeviceRecord:
    """A newer word about the same device, with the newest bump test that is known of it.

    One that says nothing of the device's own test takes no failure back, nor does a bump test that is yet to come.
    """
    last = _newest(fresh.bump_tested_utc, held.bump_tested_utc)
    failed = _newest(fresh.bump_failed_utc, held.bump_failed_utc)
    stands = failed is not None and (last is None or not failed <= last <= utc)
    self_test_ok = held.self_test_ok if fresh.self_test_ok is None else fresh.self_test_ok
    return replace(
        fresh,
        bump_tested_utc=last,
        bump_failed_utc=failed if stands else None,
        self_test_ok=False if self_test_ok is False else fresh.self_test_ok,
    )


def _newest(*moments: float | None) -> float | None:
    return max((at for at in moments if at is not None), default=None)


def delivered(settings: Settings, arrived: DeviceRecord, held: DeviceRecord | None, utc: float) -> DeviceRecord:
    """The centre's word, about the detector that hangs here now; a test that was measured here stays."""
    covers = covered(settings, arrived.id)
    fresh = replace(arrived, covers=covers, said=CENTRE)
    return fresh if held is None or held.covers not in {"", covers} else tested(fresh, held, utc)


def voided(draft: Draft, kept: Iterable[DeviceRecord], settings: Settings) -> None:
    """For the record: what was kept of a detector that is another by now."""
    for was in kept:
        now, covers = draft.records[was.id], covered(settings, was.id)
        if was.covers and was.covers != covers:
            told = {"by": "", "was": to_builtins(was), "record": to_builtins(now), "reason": "site.toml"}
            draft.event("device.swapped", was.id, Priority.HIGH, told | {"words": to_builtins(said_void(was.id))})


def said_void(id_: str) -> Words:
    """That what was vouched for of this id is over."""
    return Words(f"{id_}：{ANOTHER.zh}", f"{id_}: {ANOTHER.en}")
