"""Checks of [[shadow]]: what is not protected must be named exactly, by somebody, and end on a real date."""

from collections.abc import Iterator
from datetime import datetime

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault
from edge_agent.settings.hole import judged
from edge_agent.settings.site_itself import ShadowTable


def rows(bundle: Bundle) -> Iterator[Fault]:
    """Every row of shadow mode. Whether a rule exists is asked where the rules are known (`edge-agent check`)."""
    for number, row in enumerate(bundle.site.shadow):
        for check in (_date, _what, _who):
            yield from judged(check(bundle, f"shadow[#{number + 1}]", row))


def _date(bundle: Bundle, key: str, row: ShadowTable) -> Iterator[Fault]:
    try:
        datetime.fromisoformat(str(row.until))
    except ValueError:
        problem = Words("没有这个日期", "there is no such date")
        remedy = Words("写成 2026-12-31T00:00:00Z", "write it like 2026-12-31T00:00:00Z")
        yield fault(bundle.names.site, f"{key}.until", row.until, problem, remedy)


def _what(bundle: Bundle, key: str, row: ShadowTable) -> Iterator[Fault]:
    if row.scope == "kind" and row.what not in bundle.rulebook.works:
        what = Words("作业种类", "kind of work in the rulebook")
        yield no_such(bundle.names.site, f"{key}.what", row.what, what, bundle.rulebook.works)
    if row.scope == "site" and row.what:
        problem = Words("全站影子模式不写 what", "shadow mode of the whole site names nothing")
        remedy = Words("请删去 what，或改 scope", "leave it out, or choose another scope")
        yield fault(bundle.names.site, f"{key}.what", row.what, problem, remedy)


def _who(bundle: Bundle, key: str, row: ShadowTable) -> Iterator[Fault]:
    people = {person.id for person in bundle.persons}
    if row.by not in people:
        yield no_such(bundle.names.site, f"{key}.by", row.by, Words("人员", "person"), people)


CHECKS = (rows,)
