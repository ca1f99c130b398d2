"""The hand-over at a change of shift: somebody who may goes through the rulebook's checklist, item by item."""

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.permit_moves import facts
from edge_agent.domain.local_time import ShiftNow
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import UNDER_WAY, Permit
from edge_agent.domain.person import Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words, joined


def _hand_over(case: Case) -> Reasons:
    """The whole list or nothing; the guard's own check-in is asked for beside it (decide/rules/shift.py)."""
    permit, person, book = case.permit, case.person, case.world.rulebook
    shift = case.world.shift
    if shift is None or not due(permit, shift):
        return (Words("现在没有需要交接的班次", "there is nothing to hand over now"),)
    guard = person is not None and person.id in permit.ticket.guards
    if person is None or not (guard or Role.SHIFT_LEAD in person.roles):
        return (Words("须由本票监护人或当班班长交接", "a guard of this permit or the shift lead hands over"),)
    missing = [words for item, words in book.handover.items() if item not in case.request.about]
    if missing:
        left = joined(missing)
        return (Words(f"清单未确认：{left.zh}", f"not confirmed on the checklist: {left.en}"),)
    handed = replace(permit, handed_over=shift.id)
    case.draft.permits[permit.ticket.id] = handed
    words = Words(f"{person.name} 已交接给{shift.name.zh}", f"{person.name} handed over to the {shift.name.en}")
    data = facts(handed) | {"person": person.id, "items": list(case.request.about), "words": to_builtins(words)}
    case.draft.event("permit.handed_over", permit.ticket.id, Priority.LOW, data)
    return ()


def due(permit: Permit, shift: ShiftNow | None) -> bool:
    """Whether the checklist of this shift has still to be gone through for work under way."""
    return shift is not None and permit.state in UNDER_WAY and permit.handed_over != shift.id


HANDLERS: Handlers = {Ask.HANDOVER: _hand_over}
