"""A permit's life as rules and time change it: pauses, gate, expiry. People: asking/; a restart: restart.py."""

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import consent, fire_watch
from edge_agent.decide.glance import stop_told
from edge_agent.decide.permit_machine import Trigger
from edge_agent.decide.permit_moves import NOTHING_ELSE, facts, move, with_causes
from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import Alarm, Effect, Priority
from edge_agent.domain.permit import TERMINAL, UNDER_WAY, Cause, Permit, State
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words, joined
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

RUNNING = frozenset({State.ACTIVE, State.FIRE_WATCH, State.RESUME_CHECK, State.SUSPENDED, State.PAUSED})
AT_THE_GATE = frozenset({State.RECEIVED, State.READY})
SHOWN_S = 7 * 86400.0  # how long an ended permit stays on the board
END_MOVED_S = 1.0  # smaller differences between the two clocks are jitter and not worth a write


def live(draft: Draft, job: Job, world: World, alarms: tuple[Alarm, ...]) -> None:
    """One step of an open permit's life, before anybody's request is heard. `alarms` are those that concern it."""
    permit = draft.permits[job.permit.ticket.id]
    if permit.state in TERMINAL:  # its life is over: what is left is to know that all are out and nothing burns
        fire_watch.follow(draft, job, alarms)
        return
    permit = _end_agreed(draft, permit)
    if draft.instant.now_s >= permit.end_at_s:
        expired = replace(permit, signatures=())
        move(
            draft,
            expired,
            Trigger.EXPIRE,
            Words("许可到期，必须办理新票", "its time is over: a new ticket is needed"),
            stop_told(expired, job, world) if permit.state in UNDER_WAY else NOTHING_ELSE,
        )
        fire_watch.owed(draft, expired, job.work)
        return
    permit = _cleanness(draft, permit, alarms)
    permit = _paused_by_rules(draft, job, permit, alarms, world)
    permit = _lapsed(draft, permit, world.rulebook)
    _gated(draft, permit, alarms, world)


def _end_agreed(draft: Draft, permit: Permit) -> Permit:
    """The end never moves later: whichever of the two clocks says "over" first is believed."""
    instant = draft.instant
    if not instant.trusted:
        return permit
    by_date_s = instant.now_s + permit.ticket.valid_to_utc - instant.utc
    if by_date_s >= permit.end_at_s - END_MOVED_S:
        return permit
    return _kept(draft, replace(permit, end_at_s=by_date_s))


def _kept(draft: Draft, permit: Permit) -> Permit:
    draft.permits[permit.ticket.id] = permit
    return permit


def _cleanness(draft: Draft, permit: Permit, alarms: tuple[Alarm, ...]) -> Permit:
    """Since when nothing has stood against working."""
    against = alarm_list.standing(alarms, permit.ticket.id)
    if against and permit.clean_since_s is not None:
        return _kept(draft, replace(permit, clean_since_s=None))
    if not against and permit.clean_since_s is None:
        return _kept(draft, replace(permit, clean_since_s=draft.instant.now_s))
    return permit


def _paused_by_rules(draft: Draft, job: Job, permit: Permit, alarms: tuple[Alarm, ...], world: World) -> Permit:
    """Asked of the alarms that stand, not of those just raised, so that no step can be missed."""
    if permit.state not in RUNNING:
        return permit
    # A real danger is a cause of its own beside the same one that was only played.
    known = {(cause.rule, cause.subject, cause.drill) for cause in permit.causes}
    stopping = alarm_list.pausing(alarms, permit.ticket.id)
    fresh = tuple(
        cause_of(alarm, draft.instant)
        for alarm in stopping
        if (alarm.verdict.rule, alarm.verdict.finding.subject, alarm.verdict.drill) not in known
    )
    must_stop = bool(stopping) and permit.state in {State.ACTIVE, State.FIRE_WATCH, State.RESUME_CHECK}
    if not fresh and not must_stop:
        return permit
    stopped = voided(with_causes(permit, fresh, draft.instant), stopping)
    words, told = causes_in_words(stopping, world), stop_told(stopped, job, world)
    if permit.state is State.PAUSED:
        draft.event(
            "permit.cause_added",
            permit.ticket.id,
            Priority.CRITICAL,
            {**facts(stopped), "words": to_builtins(words), **told},
        )
        return _kept(draft, stopped)
    return move(draft, stopped, Trigger.RULE_PAUSES, words, told)


def voided(permit: Permit, stopping: tuple[Alarm, ...]) -> Permit:
    """After what ends a ticket for good; what is only played ends none."""
    final = [a.verdict for a in stopping if a.verdict.final and not a.verdict.drill]
    if not final or permit.void is not None:
        return permit
    return replace(permit, void=consent.titled(final[0].title, final[0].finding.detail))


def cause_of(alarm: Alarm, instant: Instant) -> Cause:
    """The cause that an alarm is to a permit."""
    verdict = alarm.verdict
    return Cause(
        rule=verdict.rule,
        subject=verdict.finding.subject,
        code=verdict.code,
        blame=verdict.blame,
        pause_class=verdict.pause_class,
        drill=verdict.drill,
        at_s=instant.now_s,
        at_utc=instant.utc,
        title=verdict.title,
        detail=verdict.finding.detail,
        retest=verdict.retest,
        evacuate=verdict.effect is Effect.EVACUATE,
    )


def causes_in_words(stopping: tuple[Alarm, ...], world: World) -> Words:
    """All present causes as one sentence, first-out first."""
    reasons = [consent.alarm_words(alarm, world) for alarm in stopping]
    return joined(reasons)


def _lapsed(draft: Draft, permit: Permit, book: Rulebook) -> Permit:
    """Signatures that did not come together in time are void."""
    if not permit.signatures:
        return permit
    oldest_s = min(signature.at_s for signature in permit.signatures)
    if draft.instant.now_s - oldest_s <= book.resume.sign_window_s.value:
        return permit
    void = _kept(draft, replace(permit, signatures=()))
    words = Words("签字未在规定时间内完成，须重新签字", "the signatures did not come together in time: sign again")
    if permit.state is State.RESUME_CHECK:
        return move(draft, void, Trigger.RESUME_LAPSES, words)
    draft.event(
        "permit.signatures_lapsed", permit.ticket.id, Priority.LOW, facts(void) | {"words": to_builtins(words)}
    )
    return void


def _gated(draft: Draft, permit: Permit, alarms: tuple[Alarm, ...], world: World) -> None:
    """READY exactly as long as everything that a start needs is good."""
    if permit.state not in AT_THE_GATE:
        return
    against = consent.against_start(permit, alarms, world)
    if not against:
        move(draft, permit, Trigger.GATE_OPENS)
    elif permit.state is State.READY:
        shut = replace(permit, signatures=())
        words = joined(against)
        move(draft, shut, Trigger.GATE_SHUTS, words)


def forget(draft: Draft) -> None:
    """What ended long ago leaves the list (not the audit log): years of permits must not slow the box down."""
    instant = draft.instant
    if not instant.trusted:
        return
    permits = draft.permits.items()
    old = [id_ for id_, one in permits if instant.utc - one.since_utc > SHOWN_S and not one.watched]
    if old:
        named = {id_ for permit in draft.permits.values() if permit.watched for id_ in permit.ticket.linked}
        draft.permits = {id_: one for id_, one in permits if id_ not in old or id_ in named}
