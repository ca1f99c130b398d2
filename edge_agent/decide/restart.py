"""A restart, for each permit: running work comes up stopped, and what was measured goes on by date."""

from collections.abc import Callable

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import coverage, overrides
from edge_agent.decide.permit_machine import Trigger, after
from edge_agent.decide.permit_moves import facts, move, with_causes
from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import TERMINAL, UNDER_WAY, Blame, Cause, PauseClass, Permit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.fuse.linked import work_of


def restarted(draft: Draft, permit: Permit, book: Rulebook, alive_utc: float | None = None) -> None:
    """The box came up again: running work comes up PAUSED, and its people must look anew.

    Monotonic seconds of another boot mean nothing now: what they measured is measured by date, and a
    clock that came up too early does not make any of it shorter than the journal proves. The gas was not
    watched while the box was down, so gas-tested work needs a re-test (docs/domain.md section 3, class B),
    also where it had stopped before.
    """
    if not permit.watched:
        return
    instant = draft.instant
    now_s = instant.now_s
    now_utc = instant.utc if instant.trusted else max(instant.utc, alive_utc or 0.0)
    dated = replace(
        by_date(permit, lambda _, at_utc: now_s - max(0.0, now_utc - at_utc)),
        undated_s=None if instant.trusted else now_s,
    )
    if permit.state in TERMINAL:
        draft.permits[permit.ticket.id] = _ended(dated, now_s)
        return
    base = replace(
        coverage.woken(dated, instant, alive_utc),
        # Until a trusted date says otherwise the end is unknown; without one nothing resumes anyway.
        end_at_s=instant.now_s + max(0.0, permit.ticket.valid_to_utc - instant.utc),
        guard=None,
        checked_in_s=None,
        here_s=None,
        here_presses=0,
        here_heard_s=None,
        claim=None,
        clean_since_s=None,
        signatures=(),
        retest=None,
    )
    draft.permits[permit.ticket.id] = base
    for one in base.overrides:
        overrides.end(draft, permit.ticket.id, one, overrides.RESTARTED)
    base = draft.permits[permit.ticket.id]
    if base.state in UNDER_WAY and all(known.rule != "restart" for known in base.causes):
        cause = Cause(
            rule="restart",
            subject="unit",
            code="SYS-00",
            blame=Blame.DEVICE,
            pause_class=PauseClass.INTEGRITY,
            at_s=instant.now_s,
            at_utc=instant.utc,
            title=Words("主机重启", "The box restarted"),
            detail=Words("重启期间无人监护", "nothing was watched while it was down"),
            retest=bool(work_of(permit, draft.permits, book, upgraded=True).sampled),
        )
        base = with_causes(base, (cause,), instant)
        if after(base.state, Trigger.RESTART) is None:  # it stays as it is, with one more reason
            told = {**facts(base), "words": to_builtins(cause.detail)}
            draft.event("permit.cause_added", permit.ticket.id, Priority.HIGH, told)
    draft.permits[permit.ticket.id] = base
    move(draft, base, Trigger.RESTART)


def _ended(permit: Permit, now_s: float) -> Permit:
    """Its fire watch was not kept meanwhile, and begins anew; what its guard last did is of another boot."""
    return replace(
        permit,
        embers=None if permit.embers is None else replace(permit.embers, since_s=None),
        checked_in_s=None if permit.checked_in_s is None else now_s,
        here_s=None,
        here_presses=0,
        here_heard_s=None,
        claim=None,
    )


def put_right(draft: Draft) -> None:
    """The first trusted date after a boot without one: what was guessed to be young may be hours old."""
    for id_, permit in tuple(draft.permits.items()):
        if permit.undated_s is not None and draft.instant.trusted:
            draft.permits[id_] = _dated(draft, permit, permit.undated_s)


def _dated(draft: Draft, permit: Permit, booted_s: float) -> Permit:
    instant = draft.instant

    def second(at_s: float, at_utc: float) -> float:
        return at_s if at_s > booted_s else min(at_s, instant.now_s - (instant.utc - at_utc))

    return replace(by_date(permit, second), undated_s=None)


def by_date(permit: Permit, second: Callable[[float, float], float]) -> Permit:
    """The permit with everything that began in an earlier boot at `second(at_s, at_utc)` of this one."""
    inside = tuple(
        replace(
            one,
            since_s=second(one.since_s, one.since_utc),
            heard_s=second(one.heard_s, one.since_utc + one.heard_s - one.since_s),
        )
        for one in permit.inside
    )
    stopped = None
    if permit.stopped_s is not None and permit.stopped_utc is not None:
        stopped = second(permit.stopped_s, permit.stopped_utc)
    return replace(
        permit,
        since_s=second(permit.since_s, permit.since_utc),
        inside=inside,
        confirmed=tuple(replace(one, at_s=second(one.at_s, one.at_utc)) for one in permit.confirmed),
        stops=tuple(replace(stop, at_s=second(stop.at_s, stop.at_utc)) for stop in permit.stops),
        causes=tuple(replace(cause, at_s=second(cause.at_s, cause.at_utc)) for cause in permit.causes),
        stopped_s=stopped,
    )
