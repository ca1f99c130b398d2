"""What a ticket says that cannot be meant: doubles, a place off its area, limits looser than the rulebook. Pure.

Each check is asked of every ticket that arrives (ticket.faults), and none knows of the others.
"""

from collections.abc import Iterator, Mapping

from edge_agent.clock import Instant
from edge_agent.decide.fitness import record_fault
from edge_agent.domain.person import Person
from edge_agent.domain.ticket import MeasureKind, Ticket
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import UNKNOWN_WORK
from edge_agent.fuse.people import nearest_m
from edge_agent.settings.site import Settings

# The clock of whoever signed may run ahead of ours by this much, as a message's may (tell/downlink.py).
AHEAD_S = 30.0


def staffed(ticket: Ticket, settings: Settings) -> Iterator[Words]:
    """As many guards are named as this kind of work asks for."""
    needed = settings.rulebook.works.get(ticket.kind, UNKNOWN_WORK).guards
    named = len(set(ticket.guards))
    if 0 < named < needed:
        yield Words(f"须有 {needed} 名监护人，只写了 {named} 名", f"it names {named} of {needed} guards")


def records(ticket: Ticket, persons: Mapping[str, Person], instant: Instant) -> Iterator[Words]:
    """Nobody is named whose record ran out: nothing in it counts."""
    for id_ in dict.fromkeys((ticket.holder, *ticket.guards, *ticket.workers)):
        person = persons.get(id_)
        if person is not None:
            yield from record_fault(person, instant.utc)


def repeated(ticket: Ticket) -> Iterator[Words]:
    """Nothing is named twice in one list, and no ticket is linked to itself."""
    for zh, en, listed in (
        ("监护人", "guard", ticket.guards),
        ("作业人员", "worker", ticket.workers),
        ("设备", "device", ticket.devices),
        ("关联作业票", "linked ticket", ticket.linked),
        ("措施", "measure", tuple(measure.id for measure in ticket.measures)),
    ):
        for one in dict.fromkeys(one for one in listed if listed.count(one) > 1):
            yield Words(f"{zh} {one} 重复", f"the {en} {one} is named twice")
    if ticket.id in ticket.linked:
        yield Words("作业票关联了自己", "it is linked to itself")


def point(ticket: Ticket, settings: Settings) -> Iterator[Words]:
    """The work point lies in its area, or as near to it as a guard's post (who stays outside a space)."""
    area = next((area for area in settings.areas if area.id == ticket.area), None)
    if area is None:
        return
    reach_m = settings.rulebook.guard.post_warn_m.value
    off_m = nearest_m(ticket.point.x_m, ticket.point.y_m, area.corners)
    if off_m > reach_m:
        yield Words(
            f"作业点在区域 {ticket.area} 之外 {off_m:.0f} 米（限 {reach_m:.0f} 米）",
            f"its point lies {off_m:.0f} m outside of {ticket.area} (at most {reach_m:.0f} m)",
        )


def looser(ticket: Ticket, settings: Settings) -> Iterator[Words]:
    """A ticket may ask for more than the rulebook, never for less."""
    every_s = ticket.gas_interval_s
    oldest = settings.rulebook.works.get(ticket.kind, UNKNOWN_WORK).sample_age_s
    if every_s is None:
        return
    if not every_s > 0:
        yield Words("气体检测间隔须大于 0", "its gas interval must be above 0 s")
    elif oldest is not None and every_s > oldest.value:
        yield Words(
            f"气体检测间隔 {every_s:g} 秒，比规则手册的 {oldest.value:g} 秒宽松",
            f"its gas interval of {every_s:g} s is looser than the rulebook's {oldest.value:g} s",
        )


def measures(ticket: Ticket) -> Iterator[Words]:
    """A measure that claims a device or a camera says which (ledger 2-44)."""
    for measure in ticket.measures:
        if measure.kind is not MeasureKind.MANUAL and not measure.source.strip():
            yield Words(f"措施 {measure.id} 没有写明来源设备", f"the measure {measure.id} names no device")


def approvals(ticket: Ticket, instant: Instant) -> Iterator[Words]:
    """Nobody has signed yet what he will sign."""
    for one in ticket.approvals:
        if one.at_utc > instant.utc + AHEAD_S:
            yield Words(f"{one.person} 的签字时间在将来", f"{one.person}'s signature lies in the future")
