"""Tickets of one job (GB 30871-2022 4.6): what both ask for holds for each, the stricter of two limits."""

from collections.abc import Mapping

from msgspec.structs import replace

from edge_agent.domain.claim import Claim
from edge_agent.domain.permit import TERMINAL, Permit
from edge_agent.domain.rulebook import UNKNOWN_WORK, Limit, Rulebook, WorkLimits


def are_linked(one: Claim, other: Claim) -> bool:
    """Whether each of two tickets names the other."""
    return other.permit in one.linked and one.permit in other.linked


def work_of(permit: Permit, permits: Mapping[str, Permit], book: Rulebook) -> WorkLimits:
    """What the rulebook asks of this permit, with what its linked open permits add."""
    work = book.works.get(permit.ticket.kind, UNKNOWN_WORK)
    for id_ in permit.ticket.linked:
        other = permits.get(id_)
        if other is not None and other.state not in TERMINAL and permit.ticket.id in other.ticket.linked:
            work = stricter(work, book.works.get(other.ticket.kind, UNKNOWN_WORK))
    return work


def stricter(work: WorkLimits, other: WorkLimits) -> WorkLimits:
    """`work` with whatever `other` asks beyond it; who must sign and its validity stay the ticket's own."""
    return replace(
        work,
        sampled=_both(work.sampled, other.sampled),
        sample_places=_both(work.sample_places, other.sample_places),
        watched=_both(work.watched, other.watched),
        sample_age_s=_least(work.sample_age_s, other.sample_age_s),
        gas_grace_s=_least(work.gas_grace_s, other.gas_grace_s),
        retest_after_s=_least(work.retest_after_s, other.retest_after_s),
        wind_stop_mps=_least(work.wind_stop_mps, other.wind_stop_mps),
        video=work.video or other.video,
        make_safe=work.make_safe or other.make_safe,
    )


def _both(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*mine, *theirs)))


def _least(mine: Limit | None, theirs: Limit | None) -> Limit | None:
    if mine is None or theirs is None:
        return mine or theirs
    return mine if mine.value <= theirs.value else theirs
