"""Somebody takes a film or a bundle off the box, looks at faces, says that a film stays: who may, on record first.

The box itself has the film and its key; what is done at console and pages stands here first, with whose word.
"""

from collections.abc import Iterator

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words

LOOKS_AFTER = frozenset({Role.SAFETY_OFFICER, Role.AUDITOR, Role.ADMIN, Role.SHIFT_LEAD, Role.AREA_OWNER})
ANSWERS_FOR = frozenset({Role.SAFETY_OFFICER, Role.ADMIN})  # for what is lost
BUNDLE = "bundle"  # all that is recorded around one event, signed; the box makes it once this is on record
MAY = {"masked": LOOKS_AFTER, BUNDLE: LOOKS_AFTER, "play": LOOKS_AFTER, "keep": LOOKS_AFTER, "let_go": ANSWERS_FOR}
RAW = frozenset({"raw", "look"})  # with faces: taken off the box, seen on a page; for whom the site's settings say
TYPES = {
    "masked": "exported",
    "raw": "exported",
    BUNDLE: "exported",
    "look": "looked",
    "play": "looked",  # a film on a page, heads hidden
    "keep": "marked",
    "let_go": "unmarked",
}
LONGEST = 200  # of a film's name


def _film(errand: Errand) -> Reasons:
    request, person = errand.request, errand.person
    faults = tuple(_faults(errand))
    if faults:
        return faults
    name, deed = request.about
    may = frozenset(errand.settings.site.privacy.raw_for) if deed in RAW else MAY[deed]
    if person is None or not may & set(person.roles):
        roles = ", ".join(sorted(may)) or "-"
        return (Words(f"无权对录像做此操作（{deed}）：须为 {roles}", f"{deed} is for {roles} only"),)
    permit = name.partition("/")[0] if "/" in name else "unit"
    data = {"by": person.id, "name": person.name, "file": name, "how": deed, "reason": request.reason}
    errand.draft.event(f"evidence.{TYPES[deed]}", permit, Priority.MEDIUM, data)
    return ()


def _faults(errand: Errand) -> Iterator[Words]:
    about = errand.request.about
    if len(about) != 2 or about[1] not in TYPES or not 0 < len(about[0]) <= LONGEST:  # noqa: PLR2004 (film, deed)
        deeds = ", ".join(TYPES)
        yield Words(f"请写明录像和操作（{deeds}）", f"say which film, and what is done with it ({deeds})")
    if not errand.request.reason.strip():
        yield Words("请写明原因", "say why: a reason is needed")


HANDLERS: Errands = {Ask.FILM: _film}
