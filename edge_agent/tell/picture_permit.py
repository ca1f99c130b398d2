"""Draws one permit of the live picture: the word, what to do now, why, and who is where. Pure."""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import consent
from edge_agent.decide.cards import card
from edge_agent.decide.coverage import UPLINK, at
from edge_agent.decide.coverage_told import NAMES, guarded_pct
from edge_agent.decide.glance import LEAVE, Word, instruction, word_for
from edge_agent.decide.headcount import head_count
from edge_agent.decide.measures import left_out
from edge_agent.decide.next_steps import WAITING
from edge_agent.decide.passing import as_it_is
from edge_agent.decide.scene import Scene
from edge_agent.decide.state import State
from edge_agent.domain.coverage import Coverage
from edge_agent.domain.headcount import HeadCount
from edge_agent.domain.next_step import Lacking
from edge_agent.domain.outcome import Alarm, Effect
from edge_agent.domain.permit import STOPPED, TERMINAL, UNDER_WAY, Override, Permit
from edge_agent.domain.person import Person
from edge_agent.domain.scopes import scope_words
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings
from edge_agent.tell import picture_task as task
from edge_agent.tell.live_permit import (
    LiveCoverage,
    LiveHead,
    LiveHeadCount,
    LiveHole,
    LiveOverride,
    LivePermit,
    LiveReason,
)
from edge_agent.tell.picture_next import Asked

RUNNING = UNDER_WAY - STOPPED
NEWEST_HOLES = 5
MISSING_FIRST = {"inside": 0, "unknown": 1, "out": 2}


class Around(Struct, frozen=True, kw_only=True):
    """What a permit is drawn from, beside itself."""

    settings: Settings
    world: World
    areas: dict[str, Words]
    names: dict[str, Words]  # of devices
    jobs: Mapping[str, Job]
    alarms: Callable[[str], tuple[Alarm, ...]]
    asked: Callable[[Scene], Asked]

    def area(self, id_: str) -> Words:
        """The name of an area of the plan."""
        return self.areas.get(id_, Words(id_, id_))


def ordered(permits: Iterable[Permit]) -> list[Permit]:
    """What is under way first, then what waits, then what has ended; newest first within each."""
    return sorted(permits, key=lambda p: (p.state not in UNDER_WAY, p.state not in WAITING, -p.since_utc))


def drawn(permit: Permit, state: State, around: Around) -> LivePermit:
    """One permit as the board shows it."""
    world, ticket = around.world, permit.ticket
    job, alarms = around.jobs.get(ticket.id), around.alarms(ticket.id)
    word, persons, book = word_for(permit, alarms), state.persons, world.rulebook
    asked = _asked(job, alarms, state, around)
    return LivePermit(
        id=ticket.id,
        type=ticket.type,
        level=ticket.level,
        area=around.area(ticket.area),
        state=permit.state.value,
        since_utc=permit.since_utc,
        ends_utc=min(ticket.valid_to_utc, _utc(permit.end_at_s, world)),
        begins_utc=ticket.valid_from_utc,
        near_end=permit.end_at_s - world.now_s <= world.rulebook.time.near_end_s.value,
        holder=consent.person_of(state.persons, ticket.holder),
        guard=consent.person_of(state.persons, permit.guard) if permit.guard else None,
        causes=tuple(_causes(permit)),
        standing=tuple(_standing(permit, asked.lacking, around)),
        signatures=tuple(_signed(permit, state.persons)),
        evacuate=word is Word.EVACUATE,
        word=word.value,
        instruction=_instruction(permit, word, job, alarms),
        cards=_cards(permit, word),
        overrides=tuple(_override(one, state.persons, world) for one in permit.overrides),
        headcount=_heads(head_count(job, world), around) if job is not None and word is Word.EVACUATE else None,
        drill="" if permit.drill is None else permit.drill.drill.name,
        shadow=permit.shadow,
        coverage=None if permit.coverage is None else _coverage(permit.coverage, around),
        point=ticket.point,
        area_id=ticket.area,
        content=ticket.content or NOTHING,
        outdoor=ticket.outdoor,
        pipe=ticket.pipe,
        scopes=tuple(scope_words(scope) for scope in ticket.scopes),
        linked=ticket.linked,
        left_out=tuple(book.measures[id_].words for id_ in left_out(ticket, book)),
        holder_id=ticket.holder,
        guard_id=permit.guard,
        guards=tuple(task.named(permit.guards, persons)),
        workers=tuple(task.named(ticket.workers, persons)),
        inside=tuple(task.inside(permit, persons)),
        tools_inside=permit.tools_inside,
        gas=() if job is None else tuple(one.device.id for one in job.channels),
        cameras=() if job is None else tuple(one.device.id for one in job.cameras),
        wind=() if job is None else tuple(one.device.id for one in world.stations_for(job)),
        wind_stop_mps=None if job is None or job.wind_stop_mps is None else job.wind_stop_mps.value,
        next=asked.next,
        lacking=asked.lacking,
        needs_retest=asked.needs_retest,
        test=asked.test,
        measures=tuple(task.measures(permit, persons)),
        handover=tuple(task.checklist(permit, world)),
        pending=task.pending(permit, world),
        claim=task.claim(permit, world),
        fire_watch=None if job is None else task.watch(job, world),
        guard_presence=None if job is None else task.guard(job, alarms, world),
    )


def _asked(job: Job | None, alarms: tuple[Alarm, ...], state: State, around: Around) -> Asked:
    if job is None:
        return Asked()
    return around.asked(Scene(settings=around.settings, state=state, world=around.world, job=job, alarms=alarms))


def _utc(at_s: float, world: World) -> float:
    """The UTC of a monotonic second of this boot, by the clock of now."""
    return world.instant.utc + at_s - world.now_s


def _causes(permit: Permit) -> Iterable[LiveReason]:
    for cause in permit.causes:
        yield LiveReason(
            title=cause.title,
            detail=cause.detail,
            since_utc=cause.at_utc,
            pause_class=cause.pause_class.value,
        )


def _instruction(permit: Permit, word: Word, job: Job | None, alarms: Iterable[Alarm]) -> Words:
    """What the people of this permit do now; nothing where they may simply work, or have not begun."""
    if word is Word.EVACUATE:
        return LEAVE
    if word is Word.WARNING:
        worst = next(iter(_warned(permit, alarms)), None)
        return NOTHING if worst is None else worst.verdict.action
    return instruction(permit, job.work) if job is not None and permit.state in STOPPED else NOTHING


def _warned(permit: Permit, alarms: Iterable[Alarm]) -> list[Alarm]:
    """What warns the people of this permit, the most urgent first (the same alarms as make the word WARNING)."""
    live = [
        alarm
        for alarm in alarms
        if alarm.state in alarm_list.ACTIVE
        and alarm_list.concerns(alarm, permit.ticket.id)
        and alarm.verdict.effect >= Effect.WARN
    ]
    return sorted(live, key=lambda alarm: (alarm.verdict.priority, -(alarm.raised_utc or 0.0)))


def _cards(permit: Permit, word: Word) -> dict[str, Words]:
    """By role, for as long as somebody has something to do."""
    if word is Word.EVACUATE:
        return card(Effect.EVACUATE)
    if permit.state in STOPPED:
        return card(Effect.PAUSE)
    return card(Effect.WARN) if word is Word.WARNING and permit.state not in TERMINAL else {}


def _override(one: Override, persons: Mapping[str, Person], world: World) -> LiveOverride:
    return LiveOverride(
        rule=one.rule,
        title=one.title,
        who=consent.person_of(persons, one.by),
        reason=one.reason,
        until_utc=_utc(one.until_s, world),
    )


def _heads(count: HeadCount, around: Around) -> LiveHeadCount:
    """Whoever is missing first."""
    people = (
        LiveHead(
            id=one.person,
            name=one.name,
            where=one.where,
            area=around.area(one.area) if one.area else None,
            age_s=one.age_s,
        )
        for one in count.people
    )
    return LiveHeadCount(
        area=around.area(count.area),
        x_m=count.x_m,
        y_m=count.y_m,
        counted=count.counted,
        seen=count.seen,
        people=tuple(sorted(people, key=lambda one: MISSING_FIRST[one.where])),
    )


def _coverage(ledger: Coverage, around: Around) -> LiveCoverage:
    """The link to the centre is told elsewhere: guarding goes on without it."""
    known = {**NAMES, **around.names}
    holes = sorted((hole for hole in ledger.holes if hole.feed != UPLINK), key=lambda hole: -hole.from_utc)
    return LiveCoverage(
        guarded_pct=guarded_pct(ledger, at(ledger, around.world.now_s)),
        holes=tuple(
            LiveHole(
                feed=known.get(hole.feed, Words(hole.feed, hole.feed)),
                from_utc=hole.from_utc,
                until_utc=hole.until_utc,
            )
            for hole in holes[:NEWEST_HOLES]
        ),
        more=max(0, len(holes) - NEWEST_HOLES),
    )


def _standing(permit: Permit, missing: tuple[Lacking, ...], around: Around) -> Iterable[LiveReason]:
    """What stands against starting or resuming now, and who must still sign."""
    id_ = permit.ticket.id
    alarms = around.alarms(id_)
    for alarm in _warned(permit, alarms) if permit.state in RUNNING else alarm_list.standing(alarms, id_):
        yield LiveReason(title=alarm.verdict.title, detail=as_it_is(alarm, around.world))
    if permit.state in STOPPED:
        for words in consent.resume_conditions(permit, around.world):
            yield LiveReason(title=Words("恢复条件", "To resume"), detail=words)
    if missing:
        yield LiveReason(title=Words("待签字", "Still to sign"), detail=consent.named(o.capacity for o in missing))


def _signed(permit: Permit, persons: Mapping[str, Person]) -> Iterable[str]:
    for signature in permit.signatures:
        yield f"{signature.capacity}: {consent.person_of(persons, signature.person)}"
