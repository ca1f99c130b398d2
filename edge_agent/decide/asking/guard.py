"""The guard at the point: check-in and relief."""

from msgspec.structs import replace

from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.life import facts
from edge_agent.domain.outcome import Priority
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words


def _check_in(case: Case) -> Reasons:
    """The guard at the point. Relief: the new guard checks in, and is the guard from then on."""
    permit, person = case.permit, case.person
    if person is None or person.id not in permit.ticket.guards:
        return (Words("不是本票的监护人", "not a guard of this permit"),)
    tag = case.world.tags.get(person.tag) if person.tag else None
    limit_m = case.world.rulebook.guard.post_warn_m.value
    distance_m = tag.distance_m(permit.ticket.point) if tag is not None and tag.fresh else None
    if distance_m is None:
        return (
            Words(
                "标签没有位置，无法确认在作业点", "the wearable gives no place: presence at the point is not shown"
            ),
        )
    if distance_m > limit_m:
        return (
            Words(
                f"距作业点 {distance_m:.0f} 米，须在 {limit_m:.0f} 米以内签到",
                f"{distance_m:.0f} m from the point: check in within {limit_m:.0f} m",
            ),
        )
    if tag is not None and tag.worn is False:
        return (Words("标签未佩戴", "the wearable is not worn"),)
    now_s = case.world.now_s
    checked = replace(permit, guard=person.id, checked_in_s=now_s)
    case.draft.permits[permit.ticket.id] = checked
    data = facts(checked) | {"relieved": permit.guard if permit.guard != person.id else None}
    case.draft.event("guard.checked_in", permit.ticket.id, Priority.LOW, data)
    return ()


HANDLERS: Handlers = {Ask.CHECK_IN: _check_in}
