"""Draws what the people of one permit are to do and to know: who, what is missing, what was confirmed. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import change, consent
from edge_agent.decide.asking import handover
from edge_agent.decide.guarding import elsewhere, not_shown, open_claim
from edge_agent.decide.next_steps import MENDS
from edge_agent.decide.rules.guard import signs_of_life_s
from edge_agent.domain.outcome import Alarm
from edge_agent.domain.permit import Permit
from edge_agent.domain.permit import State as PermitState
from edge_agent.domain.person import Person
from edge_agent.domain.request import Ask
from edge_agent.domain.words import NOTHING
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World
from edge_agent.tell.live_permit import (
    LiveClaim,
    LiveGuard,
    LiveInside,
    LiveItem,
    LiveMeasure,
    LiveNamed,
    LivePending,
    LiveWatch,
)

ABOUT_THE_GUARD = "GRD-"  # the codes of the rules about him


def named(ids: Iterable[str], persons: Mapping[str, Person]) -> Iterator[LiveNamed]:
    """People by id and name."""
    for id_ in ids:
        yield LiveNamed(id=id_, name=consent.person_of(persons, id_))


def inside(permit: Permit, persons: Mapping[str, Person]) -> Iterator[LiveInside]:
    """Whom the guard has counted in."""
    for one in permit.inside:
        name = consent.person_of(persons, one.person)
        yield LiveInside(id=one.person, name=name, since_utc=one.since_utc)


def measures(permit: Permit, persons: Mapping[str, Person]) -> Iterator[LiveMeasure]:
    """The ticket's measures, and who looked at them last."""
    seen = {one.measure: one for one in permit.confirmed}
    for measure in permit.ticket.measures:
        by = seen.get(measure.id)
        yield LiveMeasure(
            id=measure.id,
            kind=measure.kind.value,
            words=measure.words,
            confirmed_by=None if by is None else consent.person_of(persons, by.person),
            at_utc=None if by is None else by.at_utc,
        )


def checklist(permit: Permit, world: World) -> Iterator[LiveItem]:
    """What is to be confirmed now, at a change of shift."""
    if handover.due(permit, world.shift):
        for id_, words in world.rulebook.handover.items():
            yield LiveItem(id=id_, words=words)


def pending(permit: Permit, world: World) -> LivePending | None:
    """What a newer version of the ticket changes."""
    if permit.pending is None:
        return None
    listed = change.left(permit.ticket, permit.pending, world.local_time)
    return LivePending(version=permit.pending.version, changes=listed)


def claim(permit: Permit, world: World) -> LiveClaim | None:
    """The guard who waits for a co-sign."""
    found = open_claim(permit, world)
    if found is None:
        return None
    return LiveClaim(person=found.person, name=consent.person_of(world.persons, found.person))


def watch(job: Job, world: World) -> LiveWatch | None:
    """The fire watch under way, also after the ticket's end."""
    if job.permit.state is not PermitState.FIRE_WATCH and job.permit.embers is None:
        return None
    left_s = consent.watch_left_s(job.permit, job.work, world.now_s)
    return None if left_s is None else LiveWatch(left_s=left_s)


def guard(job: Job, alarms: Iterable[Alarm], world: World) -> LiveGuard | None:
    """How the guard on duty is seen: by the alarms about him, which are what acts."""
    permit = job.permit
    if permit.guard is None:
        return None
    tag, point = job.guard_tag, permit.ticket.point
    by_screen = bool(not_shown(tag, point, world)) and not elsewhere(tag, point, world)
    return replace(_seen(job, alarms, world), by_screen=by_screen)


def _seen(job: Job, alarms: Iterable[Alarm], world: World) -> LiveGuard:
    live = [one for one in alarms if one.state not in alarm_list.OVER]
    about = [one for one in live if one.verdict.code.startswith(ABOUT_THE_GUARD)]
    asked = [one for one in about if MENDS.get(one.verdict.rule) is Ask.HERE]
    doubts = [one for one in about if MENDS.get(one.verdict.rule) is not Ask.HERE]
    if doubts:
        worst = min(doubts, key=lambda one: one.verdict.priority)
        return LiveGuard(state="doubtful", since_utc=_sign_utc(job, world), words=worst.verdict.title)
    if asked:
        words = asked[0].verdict.action
        return LiveGuard(
            state="asked", since_utc=_sign_utc(job, world), words=words, press_by_utc=_press_by_utc(job, world)
        )
    return LiveGuard(state="present", since_utc=_sign_utc(job, world), words=NOTHING)


def _signs_s(job: Job) -> tuple[float, float]:
    """When he last moved and last took a step; without a wearable, what he did at the desk."""
    if job.guard_tag is not None:
        return signs_of_life_s(job.permit, job.guard_tag)
    shown_s = max(job.permit.checked_in_s or 0.0, job.permit.here_s or 0.0)
    return shown_s, shown_s


def _sign_utc(job: Job, world: World) -> float:
    return world.instant.utc + max(_signs_s(job)) - world.now_s


def _press_by_utc(job: Job, world: World) -> float:
    """When the work stops unless he answers: whichever of the two clocks runs out first."""
    moved_s, walked_s = _signs_s(job)
    book = world.rulebook.guard
    by_s = min(moved_s + book.still_pause_s.value, walked_s + book.seated_pause_s.value)
    return world.instant.utc + by_s - world.now_s
