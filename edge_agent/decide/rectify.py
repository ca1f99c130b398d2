"""What has to be put right: born of events, answered by a role, one role higher when nobody does. Pure.

No event of its own tells of a birth: the event that it is born of does (`context.ticket_hint`). A drill bears
nothing, and shadow mode tells of none of these. By date, because it lasts for days; a clock that jumps ahead asks
the next role too soon, which is the safe side.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import convert, to_builtins
from msgspec.structs import replace

from edge_agent.decide.state import Draft
from edge_agent.domain.centre_record import TicketStatus
from edge_agent.domain.outcome import Event, Priority
from edge_agent.domain.person import Role
from edge_agent.domain.rectification import MOST, WAITING, Rectification, Status, above
from edge_agent.domain.rulebook import RectifyLimits
from edge_agent.domain.words import NOTHING, Words

# Who could put it right, by whom it is put down to.
RIGHTERS: Mapping[str, Role] = {
    "device": Role.TECHNICIAN,
    "network": Role.TECHNICIAN,
    "person": Role.SHIFT_LEAD,
}
USUAL = Role.AREA_OWNER
BORN_OF = frozenset({"hazard.reported", "permit.paused", "alarm.repeated"})
CLASSES: Mapping[Priority, Any] = {Priority.CRITICAL: "A", Priority.HIGH: "B"}
# Where the centre says that it stands, as it stands here; what is not here changes nothing but the deadline.
OF_THE_CENTRE: Mapping[str, Status] = {
    "accepted": "accepted",
    "in_progress": "accepted",
    "done": "done",
    "verified": "verified",
    "rejected": "rejected",
}
CENTRE = "centre"  # who did it, where only the centre knows
ROLE_WORDS: Mapping[Role, Words] = {
    Role.TECHNICIAN: Words("仪表员", "the technician"),
    Role.SHIFT_LEAD: Words("当班班长", "the shift lead"),
    Role.AREA_OWNER: Words("属地负责人", "the area owner"),
    Role.SAFETY_OFFICER: Words("安全员", "the safety officer"),
    Role.ADMIN: Words("管理员", "the administrator"),
}


def follow(draft: Draft, limits: RectifyLimits) -> None:
    """What this step's events bear, and who is asked next about what nobody answered."""
    for event in tuple(draft.events):
        if event.type in BORN_OF and not event.data.get("drill"):
            _bear(draft, event, limits)
    for one in draft.rectifications.values():
        if not one.over and _unanswered(one, draft.instant.utc, limits):
            _go_up(draft, one)


def _bear(draft: Draft, event: Event, limits: RectifyLimits) -> None:
    born = _born(draft, event, limits)
    same = next((one for one in draft.rectifications.values() if one.key == born.key and not one.over), None)
    known = dict(draft.rectifications)
    if same is not None:
        known[same.id] = replace(same, times=same.times + 1, detail=born.detail)
    else:
        known[born.id] = born
    draft.rectifications = _bounded(known)


def _born(draft: Draft, event: Event, limits: RectifyLimits) -> Rectification:
    data, utc = event.data, draft.instant.utc
    permit = data.get("permit", "") if event.type == "hazard.reported" else event.subject
    area = (data.get("place") or data).get("area", "")
    about = (data.get("causes") or (data,))[0]
    what = about.get("rule") or about.get("kind", "")
    return Rectification(
        id=f"R-{event.seq}",
        event=event.seq,
        key=f"{what}|{about.get('subject', '')}|{area}",
        permit=permit,
        area=area,
        code=about.get("code", ""),
        title=_words(about.get("title") or data.get("words")),
        detail=_words(about.get("detail") or data.get("words")),
        hazard_class=CLASSES.get(event.priority, "C"),
        role=RIGHTERS.get(about.get("blame", ""), USUAL),
        born_utc=utc,
        asked_utc=utc,
        deadline_utc=utc + limits.close_s.value,
        status_utc=utc,
    )


def _words(said: Any) -> Words:
    return NOTHING if said is None else convert(said, Words)


def _bounded(known: dict[str, Rectification]) -> dict[str, Rectification]:
    """What is over gives way first, the oldest of it; the records keep all."""
    if len(known) > MOST:
        del known[min(known.values(), key=lambda one: (not one.over, one.event)).id]
    return known


def _unanswered(one: Rectification, utc: float, limits: RectifyLimits) -> bool:
    """Nobody has taken it on for so long (ledger 2-07), or its deadline passed so long ago (4-04)."""
    if one.status in WAITING and utc - one.asked_utc >= limits.respond_s.value:
        return above(one.role) is not None
    late_s = utc - max(one.asked_utc, one.deadline_utc)
    return late_s >= limits.overdue_s.value and above(one.role) is not None


def _go_up(draft: Draft, one: Rectification) -> None:
    role = above(one.role) or one.role
    risen = replace(one, role=role, asked_utc=draft.instant.utc)
    keep(draft, risen)
    said = Words(
        f"{one.id} 逾期未处理，转由{ROLE_WORDS[role].zh}负责：{one.title.zh}",
        f"{one.id} is not dealt with: {ROLE_WORDS[role].en} answers for it now: {one.title.en}",
    )
    tell(draft, "rectification.risen", risen, said)


def keep(draft: Draft, one: Rectification) -> None:
    """In place of what was known of it."""
    draft.rectifications = {**draft.rectifications, one.id: one}


def tell(draft: Draft, type_: str, one: Rectification, said: Words, by: str = "") -> None:
    """What became of it, for the records and the centre; nobody did what time did."""
    data = {
        "rectification": one.id,
        "event": one.event,
        "ticket": one.ticket,
        "permit": one.permit,
        "area": one.area,
        "role": one.role.value,
        "status": one.status,
        "deadline_utc": one.deadline_utc,
        "born_utc": one.born_utc,
        "before": to_builtins(one.before),
        "after": to_builtins(one.after),
        "reason": one.reason,
        "by": by,
        "words": to_builtins(said),
    }
    draft.event(type_, one.permit or "unit", Priority.LOW if by else Priority.HIGH, data)


def mirror(draft: Draft, ticket: TicketStatus) -> None:
    """The centre's word on the same thing leads here too; that it came is told by record.updated."""
    same = next(
        (one for one in draft.rectifications.values() if ticket.event == one.event or ticket.id == one.ticket),
        None,
    )
    if same is None:
        return
    status = OF_THE_CENTRE.get(ticket.status, same.status)
    done, verified = status in {"done", "verified"}, status == "verified"
    keep(
        draft,
        replace(
            same,
            ticket=ticket.id,
            owner=ticket.owner,
            status=status,
            status_utc=same.status_utc if status == same.status else draft.instant.utc,
            deadline_utc=same.deadline_utc if ticket.deadline_utc is None else ticket.deadline_utc,
            done_by=(same.done_by or CENTRE) if done else same.done_by,
            verified_by=(same.verified_by or CENTRE) if verified else "",
        ),
    )
