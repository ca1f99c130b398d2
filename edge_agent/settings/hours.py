"""The site's time zone, shifts, nights and holidays: checked, and made into what the rules read."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from edge_agent.domain.calendar import Calendar
from edge_agent.domain.local_time import LocalTime, Shift
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site import Site
from edge_agent.settings.site_itself import WEEK, UpgradeTable


def local_time(site: Site) -> LocalTime:
    """Time zone and shifts of a checked site."""
    shifts = (Shift(id=one.id, name=one.name, begins=time.fromisoformat(one.begins)) for one in site.shifts)
    return LocalTime(zone=ZoneInfo(site.site.timezone), shifts=tuple(shifts), calendar=_calendar(site.upgrade))


def _calendar(table: UpgradeTable) -> Calendar:
    return Calendar(
        night_begins=time.fromisoformat(table.night_begins),
        night_ends=time.fromisoformat(table.night_ends),
        rest_days=tuple(WEEK.index(day) for day in table.rest_days),
        holidays=tuple(date.fromisoformat(day) for day in table.holidays),
        working_days=tuple(date.fromisoformat(day) for day in table.working_days),
        never=table.never,
    )


def zone(bundle: Bundle) -> Iterator[Fault]:
    """The time zone is one that this machine knows."""
    name = bundle.site.site.timezone
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such name; a path; a folder of the database
        problem = Words("本机没有这个时区", "this machine knows no such time zone")
        remedy = Words("例如 Asia/Shanghai", "write a name of the IANA database, like Asia/Shanghai")
        yield fault(bundle.names.site, "site.timezone", name, problem, remedy)


def shifts(bundle: Bundle) -> Iterator[Fault]:
    """Two shifts at least, each with its own id and beginning: one alone would never be handed over."""
    listed = bundle.site.shifts
    if len(listed) == 1:
        problem = Words("只有一个班次", "names one shift only")
        remedy = Words("请写出全部班次，或全部删去", "name every shift of the day, or none")
        yield fault(bundle.names.site, "shifts", None, problem, remedy)
    ids: set[str] = set()
    begins: set[str] = set()
    for one in listed:
        yield from judged(_twice(bundle, one, "id", ids))
        yield from judged(_twice(bundle, one, "begins", begins))


def _twice(bundle: Bundle, one: Any, key: str, seen: set[str]) -> Iterator[Fault]:
    value = getattr(one, key)
    if value in seen:
        problem = Words("两个班次相同", "two shifts have the same")
        yield fault(bundle.names.site, f"shifts[{one.id}].{key}", value, problem, Words("请改正", "mend one"))
    seen.add(value)


def upgrade(bundle: Bundle) -> Iterator[Fault]:
    """Days that exist, a night with a length; only a DEMO site has no night at all."""
    for check in (_night, _days, _never):
        yield from judged(check(bundle, bundle.names.site, bundle.site.upgrade))


def _night(_: Bundle, file: str, table: UpgradeTable) -> Iterator[Fault]:
    if table.night_begins == table.night_ends:
        problem = Words("夜间没有长度", "a night without a length")
        remedy = Words("请写出夜间的起止时间", "write when the night begins and ends")
        yield fault(file, "upgrade.night_ends", table.night_ends, problem, remedy)


def _days(_: Bundle, file: str, table: UpgradeTable) -> Iterator[Fault]:
    for key in ("holidays", "working_days"):
        for at, day in enumerate(getattr(table, key)):
            yield from judged(_day(file, f"upgrade.{key}[#{at + 1}]", day))


def _never(bundle: Bundle, file: str, table: UpgradeTable) -> Iterator[Fault]:
    if table.never and not bundle.rulebook.demo:
        problem = Words("只有演示站点可以不升级管理", "only a DEMO site may do without it (GB 30871-2022 5.1.1)")
        yield fault(file, "upgrade.never", None, problem, Words("请删去", "remove it"))


def _day(file: str, key: str, day: str) -> Iterator[Fault]:
    try:
        date.fromisoformat(str(day))
    except ValueError:
        yield fault(file, key, day, Words("没有这一天", "no such day"), Words("请改正", "mend it"))


def upgraded_to(bundle: Bundle) -> Iterator[Fault]:
    """A kind of work is upgraded to one that its book has: a name misspelt would upgrade nothing."""
    known = bundle.rulebook.works
    for kind, work in known.items():
        if work.upgraded_to and work.upgraded_to not in known:
            key = f"{dotted('works', kind)}.upgraded_to"
            yield no_such(bundle.names.rulebook, key, work.upgraded_to, Words("作业类型", "kind of work"), known)


CHECKS = (zone, shifts, upgrade, upgraded_to)
