"""Somebody takes a film or a bundle off the box, looks at faces, says that a film stays: who may, on record first.

The box itself has the film and its key; what is done at console and pages stands here first, with whose word.
"""

from collections.abc import Iterator

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Person, Role
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
FILMS = frozenset({"play", "masked", "keep", "let_go"})
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
    if deed in FILMS and not _looks_into(errand, name, person):
        return (
            Words(
                f"{person.name} 的权限不含该摄像机所看的区域：请由该区域的人员或安全员办理",
                f"{person.name} has no area that this camera looks into: somebody of that area must do this",
            ),
        )
    permit = name.partition("/")[0] if "/" in name else "unit"
    data = {"by": person.id, "name": person.name, "file": name, "how": deed, "reason": request.reason}
    errand.draft.event(f"evidence.{TYPES[deed]}", permit, Priority.MEDIUM, data)
    return ()


def _looks_into(errand: Errand, name: str, person: Person) -> bool:
    """Whether the film (permit/camera/begin) is of this person's areas: of work there, or of who is seen there.

    What is known of neither belongs to nobody's area: it is for those who have the whole site.
    """
    permit, _, rest = name.partition("#")[0].partition("/")
    work, table = errand.draft.permits.get(permit), errand.settings.site.cameras.get(rest.partition("/")[0])
    areas = {one.area for one in table.areas} if table is not None else set()
    return not person.areas or any(map(person.holds_in, areas | ({work.ticket.area} if work else set())))


def _faults(errand: Errand) -> Iterator[Words]:
    about = errand.request.about
    if len(about) != 2 or about[1] not in TYPES or not 0 < len(about[0]) <= LONGEST:  # noqa: PLR2004 (film, deed)
        deeds = ", ".join(TYPES)
        yield Words(f"请写明录像和操作（{deeds}）", f"say which film, and what is done with it ({deeds})")
    if not errand.request.reason.strip():
        yield Words("请写明原因", "say why: a reason is needed")


HANDLERS: Errands = {Ask.FILM: _film}
