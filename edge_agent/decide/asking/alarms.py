"""Alarms in people's hands."""

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.domain.outcome import Priority
from edge_agent.domain.request import Ask


def _acknowledge(case: Case) -> Reasons:
    permit = case.permit.ticket.id
    case.draft.alarms = alarm_list.acknowledged(case.draft.alarms, permit, case.request.alarm)
    data = {"person": case.request.person, "alarm": case.request.alarm}
    case.draft.event("alarm.acknowledged", permit, Priority.LOW, data)
    return ()


HANDLERS: Handlers = {Ask.ACKNOWLEDGE: _acknowledge}
