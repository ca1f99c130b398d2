"""Alarms in people's hands: acknowledged, or silenced for a while."""

from msgspec import to_builtins

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import shelving
from edge_agent.decide.alarm_events import told
from edge_agent.decide.asking.case import Case, Errand, Handlers, Reasons
from edge_agent.decide.interlocks import WAITS
from edge_agent.domain.outcome import Alarm, Priority, Shelf
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words

READS = frozenset({Role.AUDITOR, Role.VIEWER})  # they look: an alarm goes on calling those who act (ledger 4-05)
# Who may let an interlock hold again: those who answer for the plant, not everybody who works beside it.
MAY_RELEASE = frozenset({Role.TECHNICIAN, Role.SHIFT_LEAD, Role.AREA_OWNER, Role.SAFETY_OFFICER, Role.ADMIN})
NOT_RELEASED = Words(
    "联锁输出须由仪表员、当班班长、属地负责人、安全员或管理员确认恢复",
    "a technician, shift lead, area owner, safety officer or administrator lets an interlock output hold again",
)
MAY_SHELVE = frozenset({Role.SAFETY_OFFICER, Role.SHIFT_LEAD})


def of_the_unit(errand: Errand) -> Reasons:
    """One alarm of the whole unit, where no permit is named: none need be open for an interlock that waits."""
    person, key = errand.person, errand.request.alarm
    if person is None or not person.roles or person.areas:
        return (Words("须由全站的人员确认", "somebody with a role of the whole site must acknowledge this"),)
    alarm = errand.draft.alarms.get(key)
    if alarm is None or not alarm_list.concerns(alarm, ""):
        return (Words(f"没有报警 {key}", f"there is no alarm {key}"),)
    return _seen(errand, "")


def _acknowledge(case: Case) -> Reasons:
    return _seen(case, case.permit.ticket.id)


def looks_only(person: Person) -> bool:
    """Whether all that somebody has been given is to look."""
    return bool(person.roles) and READS.issuperset(person.roles)


def _seen(case: Errand, permit: str) -> Reasons:
    if case.person is not None and looks_only(case.person):
        return (Words("审计员和查看者不能确认报警", "an auditor or viewer acknowledges no alarm: they read only"),)
    before = case.draft.alarms
    after = alarm_list.acknowledged(before, permit, case.request.alarm)
    meant = {key: alarm for key, alarm in before.items() if alarm is not after.get(key)}
    if any(WAITS in one.verdict.finding.facts for one in meant.values()) and not _may_release(case.person):
        return (NOT_RELEASED,)
    # How long each waited for somebody (ledger 4-24).
    waited_s = {key: case.world.now_s - (alarm.raised_s or alarm.first_seen_s) for key, alarm in meant.items()}
    case.draft.alarms = after
    data: dict[str, object] = {
        "person": case.request.person,
        "alarm": case.request.alarm,
        "waited_s": waited_s,
    }
    if meant and all(alarm.verdict.drill for alarm in meant.values()):
        data["drill"] = True
    case.draft.event("alarm.acknowledged", permit or "unit", Priority.LOW, data)
    return ()


def _may_release(person: Person | None) -> bool:
    return person is not None and not MAY_RELEASE.isdisjoint(person.roles)


def _shelve(case: Case) -> Reasons:
    """Silence one alarm for a while; asked for no time at all, take it off the shelf again."""
    permit, request, now_s = case.permit.ticket.id, case.request, case.world.now_s
    alarm = case.draft.alarms.get(request.alarm)
    if case.person is None or not MAY_SHELVE & set(case.person.roles):
        return (Words("须由安全员或当班班长搁置", "only a safety officer or the shift lead may shelve"),)
    if alarm is None or not alarm_list.concerns(alarm, permit):
        return (Words(f"没有报警 {request.alarm}", f"there is no alarm {request.alarm}"),)
    if request.for_s == 0 and alarm.shelf is not None:
        case.draft.alarms = shelving.taken_off(case.draft.alarms, request.alarm, now_s)
        case.draft.event("alarm.unshelved", permit, Priority.LOW, told(alarm) | {"by": request.person})
        return ()
    reasons = _against(case, alarm)
    if reasons:
        return reasons
    shelf = Shelf(by=request.person, reason=request.reason, at_s=now_s, until_s=now_s + (request.for_s or 0.0))
    case.draft.alarms = shelving.shelved(case.draft.alarms, request.alarm, shelf)
    case.draft.event("alarm.shelved", permit, Priority.HIGH, told(alarm) | {"shelf": to_builtins(shelf)})
    return ()


def _against(case: Case, alarm: Alarm) -> Reasons:
    """Everything that forbids silencing this alarm."""
    limit_s, for_s = case.world.rulebook.alarm.shelf_s.value, case.request.for_s
    found: list[Words] = []
    if not shelving.may_be_shelved(alarm):
        found.append(Words("此报警不得搁置", "this alarm is never shelved"))
    if not case.request.reason.strip():
        found.append(Words("须说明理由", "a reason is needed"))
    if for_s is None or not 0 < for_s <= limit_s:
        found.append(Words(f"时间须在 {limit_s:g} 秒以内", f"for how long: at most {limit_s:g} s"))
    return tuple(found)


HANDLERS: Handlers = {Ask.ACKNOWLEDGE: _acknowledge, Ask.SHELVE: _shelve}
