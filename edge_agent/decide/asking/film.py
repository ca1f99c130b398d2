"""Somebody takes a film off the box, or says that it stays: who may, and on record first.

The box itself has the film and its key; what the console does stands here first, with whose word it was.
"""

from collections.abc import Iterator

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words

LOOKS_AFTER = frozenset({Role.SAFETY_OFFICER, Role.AUDITOR, Role.ADMIN, Role.SHIFT_LEAD, Role.AREA_OWNER})
ANSWERS_FOR = frozenset({Role.SAFETY_OFFICER, Role.ADMIN})  # for faces that leave the box, for what is lost
MAY = {"masked": LOOKS_AFTER, "raw": ANSWERS_FOR, "keep": LOOKS_AFTER, "let_go": ANSWERS_FOR}
TYPES = {"masked": "exported", "raw": "exported", "keep": "marked", "let_go": "unmarked"}
LONGEST = 200  # of a film's name


def _film(errand: Errand) -> Reasons:
    request, person = errand.request, errand.person
    faults = tuple(_faults(errand))
    if faults:
        return faults
    name, deed = request.about
    if person is None or not MAY[deed] & set(person.roles):
        roles = ", ".join(sorted(MAY[deed]))
        return (Words(f"无权对录像做此操作（{deed}）：须为 {roles}", f"{deed} is for {roles} only"),)
    permit = name.partition("/")[0] if "/" in name else "unit"
    data = {"by": person.id, "name": person.name, "file": name, "how": deed, "reason": request.reason}
    errand.draft.event(f"evidence.{TYPES[deed]}", permit, Priority.MEDIUM, data)
    return ()


def _faults(errand: Errand) -> Iterator[Words]:
    about = errand.request.about
    if len(about) != 2 or about[1] not in MAY or not 0 < len(about[0]) <= LONGEST:  # noqa: PLR2004 (film, deed)
        deeds = ", ".join(MAY)
        yield Words(f"请写明录像和操作（{deeds}）", f"say which film, and what is done with it ({deeds})")
    if not errand.request.reason.strip():
        yield Words("请写明原因", "say why: a reason is needed")


HANDLERS: Errands = {Ask.FILM: _film}
