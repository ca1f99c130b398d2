"""What an auditor of the ticket would fault: its fields, the order of its times, cross-work, acceptance. Pure.

Nothing here stops work: what must stop it is a rule. The list goes into the record at the start and at the
close, so that whoever signs has been told (GB 30871-2022 Annex B names the fields of a ticket).
"""

from collections.abc import Iterable, Iterator, Mapping

from edge_agent.decide import samples
from edge_agent.domain.permit import TERMINAL, Permit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.ticket import MeasureKind, Ticket
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import UNKNOWN_WORK, WorkLimits


def at_start(permit: Permit, permits: Mapping[str, Permit], book: Rulebook, now_s: float) -> tuple[Words, ...]:
    """What would be faulted about a ticket under which work begins now."""
    work = book.works.get(permit.ticket.kind, UNKNOWN_WORK)
    return (
        *_fields(permit.ticket),
        *_sampling(permit, work, now_s),
        *_unconfirmed(permit),
        *_cross_work(permit.ticket, permits),
    )


def at_close(permit: Permit, permits: Mapping[str, Permit], book: Rulebook) -> tuple[Words, ...]:
    """What would be faulted about a ticket that is closed now; `permit` carries the closing signatures."""
    return (
        *_fields(permit.ticket),
        *_order(permit),
        *_unconfirmed(permit),
        *_acceptance(permit, book.close_signers),
        *_cross_work(permit.ticket, permits),
    )


def _fields(ticket: Ticket) -> Iterator[Words]:
    """Fields of Annex B that are empty."""
    content = ticket.content
    if content is None or not content.zh.strip():
        yield Words("没有写明作业内容", "the content of the work is not written down")
    for field, zh, en in (
        (ticket.risk, "没有写明风险辨识结果", "the risks found are not written down"),
        (
            ticket.contractor or ticket.team,
            "没有写明作业单位",
            "who does the work (team or contractor) is not written down",
        ),
    ):
        if not field.strip():
            yield Words(zh, en)
    if not ticket.measures:
        yield Words("没有列出安全措施", "no protective measures are listed")
    if not ticket.approvals:
        yield Words("没有审批签字", "nobody has signed it")


def _sampling(permit: Permit, work: WorkLimits, now_s: float) -> Iterator[Words]:
    """Sampled before the start, and not too long before (GB 30871-2022 5.3.1 c, 6.3 a)."""
    if not work.sampled:
        return
    test = permit.retest
    if test is None or not test.passed:
        yield Words("开工前没有合格的取样检测", "no samples passed before the start")
    elif work.sample_age_s is not None and samples.age_s(test, now_s) > work.sample_age_s.value:
        yield Words("取样到开工超过规定时间", "sampled too long before the start")


def _order(permit: Permit) -> Iterator[Words]:
    """Signed, then begun, then over; all within the ticket's own time."""
    ticket, begun_utc = permit.ticket, permit.started_utc
    if begun_utc is None:
        yield Words("没有开工时间", "when the work began is not on record")
        return
    for one in ticket.approvals:
        if one.at_utc > begun_utc:
            yield Words(f"{one.person} 在开工后才签字", f"{one.person} signed after the start")
    if begun_utc < ticket.valid_from_utc:
        yield Words("早于许可时间开工", "the work began before the ticket's time")


def _unconfirmed(permit: Permit) -> Iterator[Words]:
    confirmed = {one.measure for one in permit.confirmed}
    for measure in permit.ticket.measures:
        if measure.kind is MeasureKind.MANUAL and measure.id not in confirmed:
            yield Words(
                f"措施“{measure.words.zh}”没有确认人",
                f"nobody is named who confirmed the measure {measure.words.en}",
            )


def _acceptance(permit: Permit, needed: Iterable[str]) -> Iterator[Words]:
    """Accepted by everybody who must, nobody inside, no tools left behind (GB 30871-2022 6.9, ledger 2-56)."""
    given = {signature.capacity for signature in permit.signatures}
    for capacity in needed:
        if capacity not in given:
            yield Words(f"缺少 {capacity} 的验收签字", f"not accepted by {capacity}")
    if permit.inside:
        yield Words(f"还有 {len(permit.inside)} 人未登记离开", f"{len(permit.inside)} people are not counted out")
    if permit.tools_inside:
        yield Words(f"还有 {permit.tools_inside} 件工具未带出", f"{permit.tools_inside} tools are not counted out")


def _cross_work(ticket: Ticket, permits: Mapping[str, Permit]) -> Iterator[Words]:
    """Linked tickets name each other; works that share an area have a coordinator (GB 30871-2022 4.6, 4.7)."""
    for id_, other in permits.items():
        if id_ == ticket.id or other.state in TERMINAL:
            continue
        if id_ in ticket.linked and ticket.id not in other.ticket.linked:
            yield Words(f"作业票 {id_} 没有关联本票", f"ticket {id_} does not name this one in turn")
        if other.ticket.area == ticket.area and id_ not in ticket.linked and not ticket.coordinator:
            yield Words(
                f"与 {id_} 同区域交叉作业，没有指定协调人",
                f"it shares its area with {id_} and names no coordinator",
            )
    for id_ in ticket.linked:
        if id_ not in permits:
            yield Words(f"本机没有关联的作业票 {id_}", f"the linked ticket {id_} is not known here")
