"""Somebody has a device looked at before it is entered: who may, on record first. What it says decides nothing."""

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words

MAY = frozenset({Role.TECHNICIAN, Role.ADMIN})
NOT_ONE_OF_THEM = Words(
    "须由仪表员或管理员办理", "only a technician or an administrator has devices of the field looked at"
)
NO_DEVICE = Words("没有写明探查什么", "it does not say what is to be looked at")


def _look(errand: Errand) -> Reasons:
    request, person = errand.request, errand.person
    if person is None or MAY.isdisjoint(person.roles):
        return (NOT_ONE_OF_THEM,)
    if len(request.about) != 2:  # noqa: PLR2004 (what, where)
        return (NO_DEVICE,)
    what, where = request.about
    errand.draft.event("device.looked", "unit", Priority.LOW, {"by": person.id, "what": what, "where": where})
    return ()


HANDLERS: Errands = {Ask.LOOK: _look}
