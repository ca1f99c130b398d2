"""A walk test before a camera: who may begin one, and what is made of it; one that was not finished shows nothing.

The box goes on judging as always, nothing is let be for it: whoever walks where nobody may be stops the work
there. So none is begun where anybody is at work.
"""

from collections.abc import Iterable, Iterator

from msgspec import to_builtins

from edge_agent.decide import commissioning
from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.decide.asking.commissioning import NO_REASON, NOT_ONE_OF_THEM, may
from edge_agent.decide.commissioning_items import items
from edge_agent.decide.state import Draft
from edge_agent.domain.commissioning import TrialKind
from edge_agent.domain.noted import CameraWalked
from edge_agent.domain.observation import View
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import Permit
from edge_agent.domain.request import Answer, Ask
from edge_agent.domain.words import Words, joined
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import CameraTable

BEGIN, DROP, LEAVE_OUT = "begin", "drop", "leave_out"
TYPES = {BEGIN: "camera.walk_begun", DROP: "camera.walk_dropped"}
LEFT_OUT = "camera.walk_left_out"
UNTOLD = frozenset({"id", "at_s", "type"})
SAID = {
    "passed": Words("走测通过", "walk test passed"),
    "failed": Words("走测未通过", "walk test failed"),
    "dropped": Words("走测未完成", "walk test not finished"),
}


def _walk(errand: Errand) -> Reasons:
    about = errand.request.about
    if not may(errand.person):
        return (NOT_ONE_OF_THEM,)
    if len(about) == 3 and about[1] == LEAVE_OUT:  # noqa: PLR2004 (camera, deed, corner)
        return _leave_out(errand, about[0], about[2])
    if len(about) != 2 or about[1] not in TYPES:  # noqa: PLR2004 (camera, deed)
        return (Words("请写明摄像机", "say which camera"),)
    camera, deed = about
    faults = tuple(_faults(errand, camera)) if deed == BEGIN else ()
    if faults:
        return faults
    data = {"by": errand.request.person, "camera": camera}
    errand.draft.event(TYPES[deed], "unit", Priority.LOW, data)
    return ()


def _leave_out(errand: Errand, camera: str, point: str) -> Reasons:
    """A corner of the walk under way to which nobody can walk: a drop, the sky. The reason is certified."""
    table, reason = errand.settings.site.cameras.get(camera), errand.request.reason.strip()
    corners = {f"edge-{area.id}-{n}" for area in (() if table is None else table.areas) if not area.post
               for n in range(1, len(area.corners) + 1)}  # fmt: skip
    if point not in corners:
        return (Words("走测中只有区域的角可以不走", "of a walk test only an area's corners can be left out"),)
    if not reason:
        return (NO_REASON,)
    data = {"by": errand.request.person, "camera": camera, "point": point, "reason": reason}
    errand.draft.event(LEFT_OUT, "unit", Priority.MEDIUM, data)
    return ()


def _faults(errand: Errand, camera: str) -> Iterator[Words]:
    table, seen = errand.settings.site.cameras.get(camera), errand.world.cameras.get(camera)
    if table is None or seen is None:
        yield Words(f"本站没有摄像机 {camera}", f"this site has no camera {camera}")
        return
    if not table.areas:
        yield Words(
            "画面上还没有画区域，走测无从判定：请先画区域",
            "nothing is drawn on its picture, so there is nothing to walk: draw its areas first",
        )
    if seen.view is not View.CLEAR:
        why = seen.detail or Words(seen.view.value, seen.view.value)
        yield Words(f"摄像机 {camera} 现在没有可用画面：{why.zh}", f"camera {camera} shows nothing now: {why.en}")
    for id_ in at_work(errand.draft.permits.values(), camera, table):
        yield Words(
            f"作业票 {id_} 正在此处进行：有人作业时不做走测",
            f"{id_} is under way there: no walk test while anybody is at work",
        )


def at_work(permits: Iterable[Permit], camera: str, table: CameraTable) -> tuple[str, ...]:
    """Works under way where the camera looks, or that it guards."""
    watched = {area.area for area in table.areas}
    return tuple(
        one.ticket.id
        for one in permits
        if one.busy and (one.ticket.area in watched or camera in one.ticket.devices)
    )


def over(draft: Draft, item: CameraWalked, settings: Settings) -> None:
    """On record; and measured, for the commissioning, unless it was not finished."""
    known = items(settings).get(f"{TrialKind.WALK}/{item.camera}")
    said = SAID[item.outcome].then(joined(item.reasons)) if item.reasons else SAID[item.outcome]
    data = {key: told for key, told in to_builtins(item).items() if key not in UNTOLD}
    priority = Priority.MEDIUM if item.outcome == "failed" else Priority.LOW
    draft.event("camera.walked", "unit", priority, data | {"words": to_builtins(said)})
    draft.answers.append(Answer(request=item.id, accepted=True))
    if known is None or item.outcome == "dropped":
        return
    note = (
        f"看到 seen {item.seen_points}/{item.points}；画面 pictures {item.looks}；"
        f"最长未见 unseen at most {item.blind_s:.1f} s；事件 event {draft.seq}"
    )
    note += "".join(
        f"；未走 left out: {one.called.zh} {one.called.en}: {one.reason} ({one.by})" for one in item.left_out
    )
    made = commissioning.trial(
        known, item.by, draft.instant, item.outcome, measured=True, value=item.seen_pct, note=note,
        files={one.name: one.sha256 for one in item.files},
    )  # fmt: skip
    draft.commissioning = commissioning.record(draft, draft.commissioning, made)


HANDLERS: Errands = {Ask.WALK: _walk}
