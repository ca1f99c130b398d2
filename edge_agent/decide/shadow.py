"""Shadow mode: everything is decided and written down as "would have", and nothing is done.

A pure filter on verdicts and outputs. Verdicts in shadow go to an alarm list of their own, which the
permits and the outputs never read; every other verdict passes untouched. What protects more is chosen
wherever there is a doubt:

- An untrusted clock cannot say that the date has not passed, so then nothing is in shadow.
- A row whose date has passed is over for this boot: a clock that is set back does not bring it back.
- A permit enters shadow before its work begins, and never later. When its shadow ends while work is
  under way, it is stopped, and comes back like any other stop: with people, at the point.
- One rule alone cannot be put in shadow if it evacuates, is an emergency, or is somebody's stop.
- A permit in shadow never energises a permissive of this box, even one that it shares.
"""

from collections.abc import Iterable

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import alarm_events
from edge_agent.decide import alarms as alarm_list
from edge_agent.decide.consent import titled
from edge_agent.decide.permit_machine import Trigger
from edge_agent.decide.permit_moves import facts, move, with_causes
from edge_agent.decide.state import Draft, State
from edge_agent.domain.outcome import Alarm, Effect, Priority, Verdict
from edge_agent.domain.permit import TERMINAL, Blame, Cause, PauseClass, Permit
from edge_agent.domain.permit import State as PermitState
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words, joined
from edge_agent.fuse.linked import work_of
from edge_agent.settings.site_itself import ShadowTable

NO_PROTECTION = Words("影子模式，不提供保护", "shadow mode: no protection")
ENDED = Words(
    "影子模式已结束，此前未受保护：须重新签到并由人员恢复",
    "shadow mode is over and the work was not protected: check in and resume as after any stop",
)
ALONE_NEVER = frozenset({PauseClass.EMERGENCY, PauseClass.MANUAL})
WORKING = frozenset({PermitState.ACTIVE, PermitState.FIRE_WATCH, PermitState.RESUME_CHECK})


class Shadows(Struct, frozen=True, kw_only=True):
    """What is in shadow now: the whole site, kinds of work, single rules; and which rows are over for good."""

    site: bool = False
    kinds: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    over: tuple[int, ...] = ()

    def covers(self, ticket: Ticket) -> bool:
        """Whether this ticket's work as a whole is in shadow."""
        return self.site or ticket.kind in self.kinds

    def may_be(self, verdict: Verdict) -> bool:
        """Whether this verdict's rule is in shadow, and one that may be so alone."""
        return verdict.rule in self.rules and not grave(verdict.effect, verdict.pause_class)


def grave(effect: Effect, pause_class: PauseClass) -> bool:
    """Whether a rule with this row may never be put in shadow alone."""
    return effect >= Effect.EVACUATE or pause_class in ALONE_NEVER


def in_force(rows: tuple[ShadowTable, ...], over: tuple[int, ...], instant: Instant) -> Shadows:
    """Which rows hold at this instant. Without a trusted clock none does."""
    if not rows or not instant.trusted:
        return Shadows(over=over)
    over = tuple(at for at, row in enumerate(rows) if at in over or instant.utc >= row.until_utc)
    held = [row for at, row in enumerate(rows) if at not in over]
    return Shadows(
        site=any(row.scope == "site" for row in held),
        kinds=frozenset(row.what for row in held if row.scope == "kind"),
        rules=frozenset(row.what for row in held if row.scope == "rule"),
        over=over,
    )


def over_by(rows: tuple[ShadowTable, ...], alive_utc: float | None) -> tuple[int, ...]:
    """Rows that were over before the box restarted, whatever the clock says now."""
    return tuple(at for at, row in enumerate(rows) if alive_utc is not None and alive_utc >= row.until_utc)


def settle(draft: Draft, shadows: Shadows, book: Rulebook) -> None:
    """Permits enter shadow before their work, and leave it at its end."""
    for permit in tuple(draft.permits.values()):
        covered = shadows.covers(permit.ticket)
        if permit.shadow and not covered and permit.state not in TERMINAL:
            _leave(draft, permit, book)
        elif covered and not permit.shadow and permit.state is PermitState.RECEIVED:
            entered = replace(permit, shadow=True)
            draft.permits[permit.ticket.id] = entered
            data = facts(entered) | {"words": to_builtins(NO_PROTECTION)}
            draft.event("shadow.began", permit.ticket.id, Priority.HIGH, data)


def _leave(draft: Draft, permit: Permit, book: Rulebook) -> None:
    """From now on the box protects this work. What went on until now is stopped first."""
    real = replace(permit, shadow=False, signatures=())
    draft.permits[permit.ticket.id] = real
    data = facts(real) | {"words": to_builtins(ENDED)}
    draft.event("shadow.ended", permit.ticket.id, Priority.CRITICAL, data)
    if real.state is PermitState.READY:
        move(draft, real, Trigger.GATE_SHUTS, ENDED)
    elif real.state is not PermitState.RECEIVED:
        stopped = with_causes(real, (_cause(draft, real, book),), draft.instant)
        draft.permits[permit.ticket.id] = stopped
        move(draft, stopped, Trigger.RULE_PAUSES, ENDED)


def _cause(draft: Draft, permit: Permit, book: Rulebook) -> Cause:
    return Cause(
        rule="shadow_ended",
        subject="unit",
        pause_class=PauseClass.INTEGRITY,
        at_s=draft.instant.now_s,
        at_utc=draft.instant.utc,
        title=Words("影子模式结束", "Shadow mode is over"),
        detail=ENDED,
        blame=Blame.RULE,
        retest=bool(work_of(permit, draft.permits, book, upgraded=True).sampled),
    )


def split(
    verdicts: Iterable[Verdict], shadows: Shadows, permits: Iterable[Permit]
) -> tuple[list[Verdict], list[Verdict]]:
    """Verdicts that act, and verdicts in shadow. Each is in exactly one of the two, in its order."""
    open_ = [permit for permit in permits if permit.state not in TERMINAL]
    dark = {permit.ticket.id for permit in open_ if permit.shadow}
    # What is wrong with the unit stops every job: in shadow only while no job is protected for real.
    unit_dark = shadows.site and len(dark) == len(open_)
    acting: list[Verdict] = []
    shadowed: list[Verdict] = []
    for verdict in verdicts:
        permit = verdict.finding.permit
        hidden = permit in dark or shadows.may_be(verdict)
        if not permit and unit_dark and (verdict.effect >= Effect.BLOCK_START or verdict.clears):
            hidden = True
        (shadowed if hidden else acting).append(verdict)
    return acting, shadowed


def record(draft: Draft, before: State, shadowed: list[Verdict], book: Rulebook) -> None:
    """What would have been raised, returned and paused, as events that say so; nothing else happens."""
    # Nobody acknowledges what nobody was told, so nothing latches here.
    loose = (replace(verdict, latch=False) for verdict in shadowed)
    changed = alarm_list.advance(before.shadow, loose, draft.instant, book.alarm)
    draft.shadow = changed.alarms
    for type_, alarms in (
        ("alarm.would_have_raised", changed.raised),
        ("alarm.would_have_returned", changed.returned),
    ):
        for alarm in alarms:
            draft.event(type_, alarm_events.subject(alarm), Priority.LOW, _told(alarm))
    concerning, earlier = alarm_list.by_permit(draft.shadow.values()), alarm_list.by_permit(before.shadow.values())
    for id_, permit in draft.permits.items() if draft.shadow else ():
        if permit.state in WORKING:
            _would_have_paused(draft, permit, concerning(id_), earlier(id_))


def _would_have_paused(
    draft: Draft, permit: Permit, alarms: tuple[Alarm, ...], earlier: tuple[Alarm, ...]
) -> None:
    id_ = permit.ticket.id
    stopping = alarm_list.pausing(alarms, id_)
    if stopping and not alarm_list.pausing(earlier, id_):
        draft.event("permit.would_have_paused", id_, Priority.MEDIUM, _would_have(permit, stopping))


def started(draft: Draft, before: State) -> None:
    """Starts that the box would have refused, had it been asked in earnest."""
    for id_, permit in draft.permits.items():
        was = before.permits.get(id_)
        if permit.state is not PermitState.ACTIVE or was is None or was.state is not PermitState.READY:
            continue
        against = alarm_list.standing(draft.shadow.values(), id_)
        if against:
            draft.event("permit.would_have_been_refused", id_, Priority.MEDIUM, _would_have(permit, against))


def _would_have(permit: Permit, alarms: tuple[Alarm, ...]) -> dict[str, object]:
    words = joined(_sentence(alarm) for alarm in alarms)
    rules = [alarm.verdict.rule for alarm in alarms]
    return facts(permit) | {"shadow": True, "rules": rules, "words": to_builtins(words)}


def _sentence(alarm: Alarm) -> Words:
    return titled(alarm.verdict.title, alarm.verdict.finding.detail)


def _told(alarm: Alarm) -> dict[str, object]:
    return alarm_events.told(alarm) | {"shadow": True}
