"""The site's time of day: shifts over midnight, and on the days when a clock skips or repeats an hour."""

import itertools
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from edge_agent.domain.local_time import LocalTime, Shift
from edge_agent.domain.words import Words

DAY = Shift(id="day", name=Words("白班", "day"), begins=time(8))
NIGHT = Shift(id="night", name=Words("夜班", "night"), begins=time(20))
SMALL_HOURS = Shift(id="small-hours", name=Words("凌晨班", "small hours"), begins=time(2, 30))


def utc(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("moment", "shift"),
    [
        ("2026-11-18T00:00:00", "2026-11-18/day"),  # 08:00 in Shanghai
        ("2026-11-17T23:59:59", "2026-11-17/night"),
        ("2026-11-18T11:59:59", "2026-11-18/day"),
        ("2026-11-18T12:00:00", "2026-11-18/night"),
        ("2026-11-18T17:00:00", "2026-11-18/night"),  # 01:00 of the next day
    ],
)
def test_a_shift_lasts_until_the_next_one_begins(moment: str, shift: str) -> None:
    shanghai = LocalTime(zone=ZoneInfo("Asia/Shanghai"), shifts=(DAY, NIGHT))
    now = shanghai.shift_at(utc(moment))
    assert now is not None
    assert now.id == shift
    assert now.began_utc <= utc(moment)


def test_a_site_without_shifts_is_in_none() -> None:
    assert LocalTime().shift_at(utc("2026-11-18T00:00:00")) is None


def test_before_the_first_shift_of_the_day_it_is_still_yesterdays_last() -> None:
    only = LocalTime(shifts=(DAY,))
    assert only.shift_at(utc("2026-11-18T07:00:00")).id == "2026-11-17/day"  # type: ignore[union-attr]


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"], ids=["an hour is skipped", "an hour is repeated"])
def test_every_moment_of_a_changing_day_is_in_one_shift(day: str) -> None:
    berlin = LocalTime(zone=ZoneInfo("Europe/Berlin"), shifts=(DAY, NIGHT, SMALL_HOURS))
    begin = utc(f"{day}T00:00:00") - 7200
    seen = [berlin.shift_at(begin + minute * 60).id for minute in range(28 * 60)]  # type: ignore[union-attr]
    changes = [now for before, now in itertools.pairwise(seen) if before != now]
    assert len(changes) == len(set(changes))  # no shift begins twice, not even in the repeated hour
    assert {f"{day}/small-hours", f"{day}/day", f"{day}/night"} <= set(seen)


def test_local_time_is_the_sites() -> None:
    shanghai = LocalTime(zone=ZoneInfo("Asia/Shanghai"))
    assert shanghai.local(utc("2026-11-18T20:30:00")).isoformat() == "2026-11-19T04:30:00+08:00"
