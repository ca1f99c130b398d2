"""Nights, rest days and holidays: what is said of a moment, and when the next such time begins."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import given

from edge_agent.domain.calendar import HOLIDAY, REST_DAY, Calendar
from edge_agent.domain.local_time import LocalTime

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
SITE = Calendar(night_begins=time(22), holidays=(date(2026, 11, 18),), working_days=(date(2026, 11, 22),))


@pytest.mark.parametrize(
    ("day", "hour", "minute", "why"),
    [
        (0, 21, 59, None),
        (0, 22, 0, "the night (22:00-06:00)"),
        (1, 5, 59, "the night (22:00-06:00)"),
        (1, 6, 0, None),
        (2, 12, 0, HOLIDAY.en),
        (5, 12, 0, REST_DAY.en),
        (6, 12, 0, None),  # a Sunday that is worked
        (6, 23, 0, "the night (22:00-06:00)"),
    ],
)
def test_what_a_moment_is(day: int, hour: int, minute: int, why: str | None) -> None:
    said = SITE.why(MONDAY + timedelta(days=day, hours=hour, minutes=minute))
    assert (said.en if said else None) == why


def test_a_night_that_begins_after_midnight() -> None:
    late = Calendar(night_begins=time(1), night_ends=time(5))
    assert [hour for hour in range(24) if late.why(MONDAY + timedelta(hours=hour))] == [1, 2, 3, 4]


def test_a_demo_site_has_no_night() -> None:
    assert Calendar(never=True).why(MONDAY) is None


times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(
    calendar=st.builds(
        Calendar,
        night_begins=times,
        night_ends=times,
        rest_days=st.lists(st.integers(0, 6), max_size=3).map(tuple),
        holidays=st.lists(st.dates(date(2026, 11, 16), date(2026, 11, 24)), max_size=3).map(tuple),
    ),
    minute=st.integers(0, 7 * 1440),
    within=st.integers(1, 1440),
)
def test_the_next_such_time_is_the_first_minute_that_is_one(calendar: Calendar, minute: int, within: int) -> None:
    now = MONDAY + timedelta(minutes=minute)
    first = next((m for m in range(1, within + 1) if calendar.why(now + timedelta(minutes=m))), None)
    expected = None if calendar.why(now) or first is None else first * 60
    found = calendar.next_begins(now, within * 60)
    assert (None if found is None else (found[0] - now).total_seconds()) == expected


def test_a_site_tells_it_by_its_own_clock() -> None:
    here = LocalTime(zone=ZoneInfo("Asia/Shanghai"), calendar=SITE)
    ten_in_the_evening = datetime(2026, 11, 16, 14, tzinfo=UTC).timestamp()
    assert here.upgrade_at(ten_in_the_evening - 1) is None
    assert here.upgrade_at(ten_in_the_evening) is not None
    assert here.upgrade_within(ten_in_the_evening - 600, 599.0) is None
    soon = here.upgrade_within(ten_in_the_evening - 600, 600.0)
    assert soon is not None
    assert soon[0] == 600
