"""The guard has read what a newer version of the ticket changes: from now on it counts (ledger 2-17)."""

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import change
from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.permit_moves import facts
from edge_agent.domain.outcome import Priority
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words, joined


def _accept(case: Case) -> Reasons:
    """The guard on duty names the version that he has read, so that none comes between."""
    permit, arrived = case.permit, case.permit.pending
    if arrived is None:
        return (Words("没有待确认的变更", "no change waits for anybody"),)
    if case.request.person != permit.guard:
        return (Words("须由在岗监护人确认", "only the guard at the point acknowledges a change"),)
    if case.request.about != (str(arrived.version),):
        return (Words(f"请写明版本 {arrived.version}", f"name the version that was read: {arrived.version}"),)
    listed = change.changes(permit.ticket, arrived, case.settings.local_time)
    changed = replace(permit, ticket=arrived, pending=None, signatures=())
    case.draft.permits[permit.ticket.id] = changed
    data = facts(changed) | {"by": case.request.person, "changes": to_builtins(listed)}
    words = to_builtins(joined(listed))
    case.draft.event("permit.changed", permit.ticket.id, Priority.MEDIUM, data | {"words": words})
    return ()


HANDLERS: Handlers = {Ask.ACCEPT_CHANGE: _accept}
