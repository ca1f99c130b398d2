"""Somebody takes a film off the box, says that it stays, or wants a picture: who may, and on record first.

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


def _picture(errand: Errand) -> Reasons:
    """What a camera shows now is kept beside an earlier event, as "after": the same view (ledger 2-08)."""
    about = errand.request.about
    if not 1 <= len(about) <= 2 or not all(part.isdecimal() for part in about[1:]):  # noqa: PLR2004
        return (Words("请写明摄像机和事件编号", "say which camera, and after which event (its number)"),)
    camera = about[0]
    if camera not in errand.settings.site.cameras:
        known = ", ".join(errand.settings.site.cameras) or "-"
        return (Words(f"本站没有摄像机 {camera}（有：{known}）", f"no camera {camera} here (there are: {known})"),)
    data = {"by": errand.request.person, "source": camera, "reason": errand.request.reason}
    after = {"after": int(about[1])} if about[1:] else {}
    errand.draft.event("picture.asked", "unit", Priority.LOW, data | after)
    return ()


HANDLERS: Errands = {Ask.FILM: _film, Ask.PICTURE: _picture}
