"""The fire watch of hot work whose ticket ended before it was kept: it goes on all the same.

GB 30871-2022 5.2.14 asks for it of the work, not of the paper. It is over when a named guard has kept it in full
without a break, or when so long after the end somebody in charge has looked and found no fire. Until then nothing
new begins there (decide/rules/after_end.py: embers_beside).
"""

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import consent
from edge_agent.decide.permit_moves import facts
from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import Alarm, Effect, Priority
from edge_agent.domain.permit import UNDER_WAY, Embers, Permit, State
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import WorkLimits
from edge_agent.fuse.jobs import Job

NOBODY = Words("无人签到：监护人须到作业点签到", "nobody is checked in: a guard must check in at the point")


def owed(draft: Draft, before: Permit, work: WorkLimits) -> None:
    """A permit has just ended, `before` which it stood like this: what is left of its fire watch goes on."""
    ended, now_s = draft.permits[before.ticket.id], draft.instant.now_s
    if before.shadow or before.state not in UNDER_WAY:
        return
    watched_s = before.since_s if before.state is State.FIRE_WATCH else now_s
    owing = replace(ended, embers=Embers(since_s=None if ended.guard is None else watched_s))
    left_s = consent.watch_left_s(owing, work, now_s)
    if not left_s:
        return
    draft.permits[before.ticket.id] = owing
    words = left(left_s).then(_bound(draft, owing))
    data = facts(owing) | {"left_s": left_s, "notify": ["guard", "holder"], "words": to_builtins(words)}
    draft.event("permit.fire_watch_owed", before.ticket.id, Priority.HIGH, data)


def left(left_s: float) -> Words:
    """How long a fire watch must still be kept."""
    return Words(f"余火监护还需 {left_s:.0f} 秒", f"the fire watch goes on for {left_s:.0f} s")


def _bound(draft: Draft, permit: Permit) -> Words:
    if permit.guard is None:
        return NOBODY
    name = consent.person_of(draft.persons, permit.guard)
    return Words(f"{name} 不得离开", f"{name} stays")


def follow(draft: Draft, job: Job, alarms: tuple[Alarm, ...]) -> None:
    """One step of it: broken while nobody shows that he watches, or while people must leave; over when kept."""
    permit, now_s = draft.permits[job.permit.ticket.id], draft.instant.now_s
    embers = permit.embers
    if embers is None:
        return
    watched = permit.guard is not None and not any(_breaks(alarm, permit) for alarm in alarms)
    if watched and embers.since_s is None:
        permit = replace(permit, embers=replace(embers, since_s=now_s))
    elif not watched and embers.since_s is not None:
        permit = replace(permit, embers=replace(embers, since_s=None))
    draft.permits[permit.ticket.id] = permit
    if not consent.watch_left_s(permit, job.work, now_s):
        over(draft, permit, Words("余火监护已完成", "its fire watch has been kept"))


def _breaks(alarm: Alarm, permit: Permit) -> bool:
    verdict = alarm.verdict
    own = verdict.finding.permit == permit.ticket.id and alarm.state in alarm_list.ACTIVE
    return own and (verdict.unwatched or verdict.effect is Effect.EVACUATE)


def over(draft: Draft, permit: Permit, words: Words) -> None:
    """Nobody need watch any longer."""
    kept = replace(permit, embers=None)
    draft.permits[permit.ticket.id] = kept
    data = facts(kept) | {"words": to_builtins(words)}
    draft.event("permit.fire_watch_over", permit.ticket.id, Priority.MEDIUM, data)
