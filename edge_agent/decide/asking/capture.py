"""A picture on request: what a camera shows now, kept beside an earlier event as "after" (ledger 1-20, 2-08).

Somebody on site asks for it, or the centre by a signed order.
A camera that shows nothing now gives no picture: the last one that it showed is no "after".
"""

from collections.abc import Iterator

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.decide.state import Draft
from edge_agent.domain.delivery import CentreOrder
from edge_agent.domain.observation import View
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World

MAY_ORDER = frozenset({Role.SAFETY_OFFICER, Role.SHIFT_LEAD, Role.AREA_OWNER, Role.AUDITOR, Role.ADMIN})


def ordered(draft: Draft, world: World, asked: CentreOrder) -> Reasons:
    """The centre orders one; why there is none, if so."""
    reasons = (*_no_right(asked), *_no_picture(draft, world, asked.camera, asked.after))
    if not reasons:
        _ask(draft, asked.camera, asked.by, asked.reason, asked.after)
    return reasons


def _no_right(asked: CentreOrder) -> Iterator[Words]:
    if asked.role not in MAY_ORDER:
        roles = ", ".join(sorted(MAY_ORDER))
        yield Words(f"{asked.role} 无权下达此指令：须为 {roles}", f"{asked.role} may not order this: {roles} may")


def _no_picture(draft: Draft, world: World, camera: str, after: int | None) -> Iterator[Words]:
    """Why there is none: no such camera, nothing to be seen, or an event that has not happened."""
    seen = world.cameras.get(camera)
    if seen is None:
        known = ", ".join(world.cameras) or "-"
        yield Words(f"本站没有摄像机 {camera}（有：{known}）", f"no camera {camera} here (there are: {known})")
    elif seen.view is not View.CLEAR:
        why = seen.detail or Words(seen.view.value, seen.view.value)
        yield Words(f"摄像机 {camera} 现在没有可用画面：{why.zh}", f"camera {camera} shows nothing now: {why.en}")
    if after is not None and not 0 < after <= draft.seq:
        yield Words(f"没有事件 {after}", f"there is no event {after}")


def _ask(draft: Draft, camera: str, by: str, reason: str, after: int | None) -> None:
    data: dict[str, object] = {"by": by, "source": camera, "reason": reason}
    draft.event("picture.asked", "unit", Priority.LOW, data if after is None else data | {"after": after})


def _picture(errand: Errand) -> Reasons:
    """Somebody on site asks: which camera, and after which event."""
    about = errand.request.about
    if not 1 <= len(about) <= 2 or not all(part.isdecimal() for part in about[1:]):  # noqa: PLR2004
        return (Words("请写明摄像机和事件编号", "say which camera, and after which event (its number)"),)
    after = int(about[1]) if about[1:] else None
    reasons = tuple(_no_picture(errand.draft, errand.world, about[0], after))
    if not reasons:
        _ask(errand.draft, about[0], errand.request.person, errand.request.reason, after)
    return reasons


HANDLERS: Errands = {Ask.PICTURE: _picture}
