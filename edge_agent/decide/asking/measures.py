"""A measure confirmed: somebody looked at it on site and says that it is in place (ledger 2-49)."""

from collections.abc import Iterator

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide.asking.alarms import looks_only
from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.permit_moves import facts
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import Confirmed
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import MeasureKind
from edge_agent.domain.words import Words

READERS = Words("审计员和查看者不能确认措施", "an auditor or viewer confirms no measure: they read only")


def _confirm(case: Case) -> Reasons:
    """Every measure named must be one of this ticket's manual ones; all count, or none does."""
    if case.person is not None and looks_only(case.person):
        return (READERS,)
    faults = tuple(_faults(case))
    if faults:
        return faults
    instant, named = case.draft.instant, case.request.about
    fresh = (
        Confirmed(measure=id_, person=case.request.person, at_s=instant.now_s, at_utc=instant.utc) for id_ in named
    )
    kept = tuple(one for one in case.permit.confirmed if one.measure not in named)
    permit = replace(case.permit, confirmed=(*kept, *fresh))
    case.draft.permits[permit.ticket.id] = permit
    data = facts(permit) | {"person": case.request.person, "confirmed": to_builtins(named)}
    case.draft.event("permit.confirmed", permit.ticket.id, Priority.LOW, data)
    return ()


def _faults(case: Case) -> Iterator[Words]:
    kinds = {measure.id: measure.kind for measure in case.permit.ticket.measures}
    if not case.request.about:
        yield Words("没有写明是哪项措施", "it names no measure")
    for id_ in case.request.about:
        if id_ not in kinds:
            yield Words(f"本票没有措施 {id_}", f"this ticket has no measure {id_}")
        elif kinds[id_] is not MeasureKind.MANUAL:
            yield Words(
                f"措施 {id_} 须由设备核实，不能人工确认", f"measure {id_} is verified by its device, not by people"
            )


HANDLERS: Handlers = {Ask.CONFIRM: _confirm}
