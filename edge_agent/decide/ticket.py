"""Whether a ticket that arrived can be taken: every reason against it at once, in words."""

from collections.abc import Iterator, Mapping

from edge_agent.clock import Instant
from edge_agent.decide import change
from edge_agent.decide import ticket_sense as sense
from edge_agent.domain.cite import cited
from edge_agent.domain.permit import TERMINAL, UNDER_WAY, Permit
from edge_agent.domain.person import Person
from edge_agent.domain.ticket import MADE_HERE, Ticket
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import UNKNOWN_WORK
from edge_agent.settings.site import Settings


def faults(
    ticket: Ticket,
    known: Permit | None,
    settings: Settings,
    persons: Mapping[str, Person],
    instant: Instant,
) -> tuple[Words, ...]:
    """Reasons to refuse this ticket; none means that the box takes it over."""
    return tuple(
        reason
        for check in (
            _version(ticket, known),
            _kind(ticket, settings),
            _window(ticket, settings, instant),
            _places(ticket, settings),
            _people(ticket, persons),
            sense.staffed(ticket, settings),
            sense.records(ticket, persons, instant),
            sense.repeated(ticket),
            sense.point(ticket, settings),
            sense.looser(ticket, settings),
            sense.measures(ticket),
            sense.approvals(ticket, instant),
        )
        for reason in check
    )


def not_of_the_centre(ticket: Ticket) -> Iterator[Words]:
    """The centre neither changes what was drawn up on a box, nor passes off its own as such."""
    if ticket.made_by or ticket.id.startswith(MADE_HERE):
        yield Words(
            f"以 {MADE_HERE} 开头的编号和 made_by 只属于本机开具的作业票",
            f"an id that begins with {MADE_HERE} and made_by belong to tickets drawn up on a box: choose another",
        )


def _version(ticket: Ticket, known: Permit | None) -> Iterator[Words]:
    """Always a newer one; of running work, only what needs no new ticket (GB 30871-2022 4.16, 4.17)."""
    if known is None:
        return
    newest = known.pending or known.ticket
    if ticket.version == newest.version and ticket != newest:
        yield Words(
            f"版本 {ticket.version} 与已有的同版本内容不同",
            f"version {ticket.version} differs from the version {ticket.version} that the box has",
        )
    elif ticket.version <= newest.version:
        yield Words(
            f"版本 {ticket.version} 不新于现有版本 {newest.version}",
            f"version {ticket.version} is not newer than {newest.version}, which the box has",
        )
    if known.state in TERMINAL:
        yield Words("本票已结束，须办理新票", "this ticket has ended: a new one is needed (GB 30871 4.16)")
    elif known.state in UNDER_WAY:
        yield from change.refused(known.ticket, ticket)


def _kind(ticket: Ticket, settings: Settings) -> Iterator[Words]:
    """A kind of work that the rulebook does not know has no rules, so it cannot be guarded."""
    known = settings.rulebook.works
    if ticket.kind not in known:
        listed = ", ".join(sorted(known))
        yield Words(
            f"规则手册没有作业类型 {ticket.kind}（有 {listed}）",
            f"the rulebook has no kind of work {ticket.kind} (it has {listed})",
        )


def _window(ticket: Ticket, settings: Settings, instant: Instant) -> Iterator[Words]:
    lasts_s = ticket.valid_to_utc - ticket.valid_from_utc
    longest = settings.rulebook.works.get(ticket.kind, UNKNOWN_WORK).longest_s
    if lasts_s <= 0:
        yield Words("结束时间不晚于开始时间", "its end is not after its start")
    elif longest is not None and lasts_s > longest.value:
        source = cited(longest.clause)
        yield Words(
            f"有效期 {lasts_s / 3600:.1f} 小时，超过上限 {longest.value / 3600:.0f} 小时（{source.zh}）",
            f"it lasts {lasts_s / 3600:.1f} h; at most {longest.value / 3600:.0f} h ({source.en})",
        )
    if ticket.valid_to_utc <= instant.utc:
        yield Words("作业票已过期", "it has expired already")


def _places(ticket: Ticket, settings: Settings) -> Iterator[Words]:
    if ticket.area not in {area.id for area in settings.areas}:
        yield Words(f"本站没有区域 {ticket.area}", f"this site has no area {ticket.area}")
    known = {device.id for device in settings.devices}
    for id_ in ticket.devices:
        if id_ not in known:
            yield Words(f"本站没有设备 {id_}", f"this site has no device {id_}")


def _people(ticket: Ticket, persons: Mapping[str, Person]) -> Iterator[Words]:
    """Who must differ: guard and worker, holder and guard, approver and both (docs/domain.md 3)."""
    if not ticket.guards:
        yield Words("没有指定监护人", "it names no guard")
    if not ticket.workers:
        yield Words("没有指定作业人员", "it names no worker")
    for id_ in dict.fromkeys((ticket.holder, *ticket.guards, *ticket.workers)):
        if id_ not in persons:
            yield Words(f"人员 {id_} 不在名册中", f"{id_} is not on this site's list of people")
    for role_zh, role_en, group in (
        ("监护人与作业人员", "guard and worker", set(ticket.guards) & set(ticket.workers)),
        ("监护人与作业负责人", "guard and holder", set(ticket.guards) & {ticket.holder}),
        ("审批人与作业人员", "approver and worker", set(ticket.approvers) & set(ticket.workers)),
        ("审批人与作业负责人", "approver and holder", set(ticket.approvers) & {ticket.holder}),
        ("审批人与监护人", "approver and guard", set(ticket.approvers) & set(ticket.guards)),
    ):
        for id_ in sorted(group):
            yield Words(f"{id_} 不能同时为{role_zh}", f"{id_} cannot be {role_en} at once")
