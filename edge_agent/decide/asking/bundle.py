"""Another text of a file of the settings: who may give it, and that nobody is at work under the old one meanwhile.

The box starts anew with it, which pauses whatever is under way: so nothing may be.
"""

from collections.abc import Iterator

from msgspec import to_builtins

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import TERMINAL, UNDER_WAY
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask, SettingsChange
from edge_agent.domain.words import Words, joined

MAY = frozenset({Role.TECHNICIAN, Role.ADMIN})
NOT_ONE_OF_THEM = Words(
    "须由全站的仪表员或管理员办理", "only a technician or an administrator of the whole site may do this"
)
NOTHING = Words("与当前设置相同", "nothing in it is another than now")


def _settings(errand: Errand) -> Reasons:
    change, draft = errand.request.settings, errand.draft
    if not _may(errand.person):
        return (NOT_ONE_OF_THEM,)
    if change is None or not change.changes:
        return (NOTHING,)
    faults = tuple(_faults(errand, change))
    if faults:
        return faults
    touched = {*change.areas, *change.removed}
    data = {
        "by": errand.request.person,
        "file": change.file,
        "sha256": change.sha256,
        "before": change.before,
        "changes": to_builtins(change.changes),
        "areas": sorted(touched),
        "permits": [
            one.ticket.id
            for one in draft.permits.values()
            if one.state not in TERMINAL and one.ticket.area in touched
        ],
        "reason": errand.request.reason,
        "words": to_builtins(joined(change.changes)),
    }
    draft.event("settings.changed", "unit", Priority.HIGH, data)
    return ()


def _may(person: Person | None) -> bool:
    return person is not None and not MAY.isdisjoint(person.roles) and not person.areas


def _faults(errand: Errand, change: SettingsChange) -> Iterator[Words]:
    """Work that is under way, and open tickets whose place would be no more."""
    for one in errand.draft.permits.values():
        id_, area = one.ticket.id, one.ticket.area
        if one.state in UNDER_WAY or one.leaving or one.embers is not None:
            yield Words(
                f"作业票 {id_} 正在进行：重启会使其暂停，请先结束作业",
                f"{id_} is under way: the box starts anew and would pause it; end the work first",
            )
        elif area in change.removed and one.state not in TERMINAL:
            yield Words(f"区域 {area} 上有作业票 {id_}", f"the area {area} is that of the open ticket {id_}")


HANDLERS: Errands = {Ask.SETTINGS: _settings}
