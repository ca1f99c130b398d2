"""A gas test by a named tester: samples before a start, a re-test before a resume."""

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import samples
from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.fitness import certificate_faults
from edge_agent.decide.permit_moves import facts
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import Retest
from edge_agent.domain.person import Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words


def _retest(case: Case) -> Reasons:
    """A named tester's samples, judged against the same limits as the detectors."""
    permit, person, instant = case.permit, case.person, case.draft.instant
    book = case.world.rulebook
    if person is None or Role.TESTER not in person.roles:
        return (Words("须由具备资格的分析人录入", "only a named gas tester may enter a re-test"),)
    unfit = tuple(certificate_faults(person, book.people.tester_certificates, instant.utc))
    if unfit:
        return unfit
    taken = samples.dated(case.request.samples, instant)
    wrong = samples.wrong(taken, case.job, book, instant)
    record = Retest(
        tester=person.id,
        at_s=instant.now_s,
        at_utc=instant.utc,
        samples=taken,
        passed=not wrong,
    )
    kept = replace(permit, retest=record)
    case.draft.permits[permit.ticket.id] = kept
    data = facts(kept) | {"retest": to_builtins(record), "reasons": to_builtins(wrong)}
    case.draft.event("permit.retested", permit.ticket.id, Priority.MEDIUM, data)
    return wrong


HANDLERS: Handlers = {Ask.RETEST: _retest}
