"""The site's time zone and shifts: checked, and made into what the rules read."""

from collections.abc import Iterator
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from edge_agent.domain.local_time import LocalTime, Shift
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault
from edge_agent.settings.hole import judged
from edge_agent.settings.site import Site


def local_time(site: Site) -> LocalTime:
    """Time zone and shifts of a checked site."""
    shifts = (Shift(id=one.id, name=one.name, begins=time.fromisoformat(one.begins)) for one in site.shifts)
    return LocalTime(zone=ZoneInfo(site.site.timezone), shifts=tuple(shifts))


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


CHECKS = (zone, shifts)
