"""What is asked of a job: by its kind, by its linked tickets (GB 30871-2022 4.6), by the higher kind (5.1.1)."""

from collections.abc import Mapping

from msgspec.structs import replace

from edge_agent.domain.claim import Claim
from edge_agent.domain.limit import Limit
from edge_agent.domain.permit import TERMINAL, Permit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.work_limits import UNKNOWN_WORK, WorkLimits
from edge_agent.fuse.same import Same


def are_linked(one: Claim, other: Claim) -> bool:
    """Whether each of two tickets names the other."""
    return other.permit in one.linked and one.permit in other.linked


def only_linked(one: Ticket, other: Ticket, book: Rulebook) -> bool:
    """Whether such works go together only as one job, whose two tickets name each other."""
    mine, theirs = ({ticket.type, ticket.kind} for ticket in (one, other))
    return any(
        row.linked_ok
        and ((row.first in mine and row.second in theirs) or (row.first in theirs and row.second in mine))
        for row in book.conflicts
    )


def work_of(permit: Permit, permits: Mapping[str, Permit], book: Rulebook, *, upgraded: bool) -> WorkLimits:
    """What the rulebook asks of this permit, with what its linked open permits add.

    `upgraded` at night, on rest days and holidays: then the rules of each one's higher kind hold beside its own.
    """
    work = _asked(permit.ticket.kind, book, upgraded=upgraded)
    for id_ in permit.ticket.linked:
        other = permits.get(id_)
        if other is not None and other.state not in TERMINAL and permit.ticket.id in other.ticket.linked:
            theirs = _asked(other.ticket.kind, book, upgraded=upgraded)
            work = _stricter(f"{permit.ticket.id}/{id_}", work, theirs, book)
    return work


def higher_of(kind: str, book: Rulebook) -> WorkLimits | None:
    """The kind whose rules hold at night, on rest days and holidays (GB 30871-2022 5.1.1)."""
    return book.works.get(book.works.get(kind, UNKNOWN_WORK).upgraded_to)


def _asked(kind: str, book: Rulebook, *, upgraded: bool) -> WorkLimits:
    work, higher = book.works.get(kind, UNKNOWN_WORK), higher_of(kind, book)
    return work if higher is None or not upgraded else _with_higher(kind, work, higher, book)


@Same  # the whole night through the same for every work of a kind
def _with_higher(work: WorkLimits, higher: WorkLimits, book: Rulebook) -> WorkLimits:
    return replace(
        stricter(work, higher, book),
        certificates=_both(work.certificates, higher.certificates),
        guard_certificates=_both(work.guard_certificates, higher.guard_certificates),
        ppe=_both(work.ppe, higher.ppe),
        ppe_critical=_both(work.ppe_critical, higher.ppe_critical),
        fire_watch_s=_most(work.fire_watch_s, higher.fire_watch_s),
    )


def stricter(work: WorkLimits, other: WorkLimits, book: Rulebook) -> WorkLimits:
    """`work` with whatever `other` asks beyond it; who approves it and how long it is valid stay its own."""
    usual = book.gas.not_good_pause_s  # where a kind says nothing of its own, which is no time without a limit
    return replace(
        work,
        start_also=_both(work.start_also, other.start_also),
        sampled=_both(work.sampled, other.sampled),
        sample_places=_both(work.sample_places, other.sample_places),
        watched=_both(work.watched, other.watched),
        sample_age_s=_least(work.sample_age_s, other.sample_age_s),
        gas_grace_s=_least(work.gas_grace_s or usual, other.gas_grace_s or usual),
        retest_after_s=_least(work.retest_after_s, other.retest_after_s),
        wind_stop_mps=_least(work.wind_stop_mps, other.wind_stop_mps),
        keep_out_m=_most(work.keep_out_m, other.keep_out_m),
        confirm_after_break=work.confirm_after_break or other.confirm_after_break,
        daily_sample=work.daily_sample or other.daily_sample,
        video=work.video or other.video,
        make_safe=work.make_safe or other.make_safe,
    )


_stricter = Same(stricter)


def _both(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*mine, *theirs)))


def _least(mine: Limit | None, theirs: Limit | None) -> Limit | None:
    if mine is None or theirs is None:
        return mine or theirs
    return mine if mine.value <= theirs.value else theirs


def _most(mine: Limit | None, theirs: Limit | None) -> Limit | None:
    if mine is None or theirs is None:
        return mine or theirs
    return mine if mine.value >= theirs.value else theirs
