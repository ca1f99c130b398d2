"""Copies of the centre's own records: taken and told of, or refused with every reason."""

from collections.abc import Iterator, Mapping

from msgspec import to_builtins

from edge_agent.decide import rectify
from edge_agent.decide.asking import tightening
from edge_agent.decide.state import Draft
from edge_agent.domain.centre_record import CentreRecord, TicketStatus, unverified, with_record
from edge_agent.domain.delivery import RecordDelivery
from edge_agent.domain.outcome import Priority
from edge_agent.domain.request import Answer
from edge_agent.domain.words import NOTHING, Words, same
from edge_agent.settings.site import Settings

RAN_OUT = Words("记录已过期", "the record ran out before it came")
KIND_WORDS: Mapping[str, Words] = {
    "contacts": Words("联系人", "contacts"),
    "taxonomy": Words("隐患分类", "hazard codes"),
    "guide": Words("处置卡", "guide card"),
    "site": Words("厂区地图", "map of the site"),
    "ticket": Words("整改工单", "rectification ticket"),
    "advice": Words("参考意见", "advice"),
    "model": Words("识别模型", "offered model"),
    "update": Words("程序版本", "ordered version"),
    "rule": Words("中心限值表", "the centre's own limits"),
}
STATUS_WORDS: Mapping[str, Words] = {
    "open": Words("待签收", "open"),
    "accepted": Words("已签收", "accepted"),
    "in_progress": Words("整改中", "in progress"),
    "done": Words("已整改，待复查", "done, to be checked"),
    "verified": Words("已复查销号", "checked and closed"),
    "overdue": Words("已超期", "overdue"),
    "rejected": Words("复查退回", "sent back"),
}


def keep(draft: Draft, delivery: RecordDelivery, written: Settings) -> None:
    """A copy of the centre's, if nothing is against it; what was there before stays where something is.

    `written` are the settings as they were read: the centre's own limits are judged by their rulebook.
    """
    reasons = tuple(_against(delivery.record, draft.instant.utc, written))
    draft.answers.append(Answer(request=delivery.id, accepted=not reasons, reasons=reasons))
    if reasons:
        data = {"kind": delivery.record.kind, "reasons": to_builtins(reasons)}
        draft.event("record.refused", delivery.record.id, Priority.MEDIUM, data)
        return
    record = tightening.taken(draft, delivery.record)
    draft.centre = with_record(draft.centre, record)
    data = {
        "kind": record.kind,
        "version": record.version,
        "valid_until_utc": getattr(record.body, "valid_until_utc", None),
        "words": to_builtins(_said(record, draft.instant.utc)),
    }
    if record.ticket is not None:
        ticket = record.ticket
        rectify.mirror(draft, ticket)
        data |= {"event": ticket.event, "status": ticket.status, "deadline_utc": ticket.deadline_utc}
    if record.rule is not None:
        data |= {"permits": tightening.under_way(draft)}
    draft.event("record.updated", record.id, Priority.LOW if record.rule is None else Priority.HIGH, data)


def _against(record: CentreRecord, now_utc: float, written: Settings) -> Iterator[Words]:
    if not record.counts(now_utc):
        yield RAN_OUT
    if record.rule is not None:
        yield from tightening.faults(record.rule, written.rulebook)
    if record.model is not None:
        for camera in record.model.cameras:
            if camera not in written.site.cameras:
                yield Words(f"没有摄像机 {camera}", f"there is no camera {camera}")
        if record.model.url is not None:
            yield from _not_fetched(record.model.url, written)
    if record.update is not None and record.update.url is not None:
        yield from _not_fetched(record.update.url, written)
        if record.update.size is None:
            yield Words("有 url 时须写明 size（字节）", "with a url goes its size, in bytes")


def _not_fetched(url: str, written: Settings) -> Iterator[Words]:
    """Why the site lets nothing be fetched from there; whoever signs offers does not choose whom the box asks."""
    table = written.site.fetch
    scheme, _, rest = url.partition("://")
    where = rest.partition("/")[0]
    if table is None or where not in table.hosts:
        yield Words(
            f"本站不允许从 {where} 取文件（site.toml：[fetch] hosts）",
            f"this site fetches nothing from {where} (site.toml: [fetch] hosts)",
        )
    elif scheme == "http" and not table.plain:
        yield Words("不使用明文 http", "plain http is not used ([fetch] plain = true allows it for a trial)")


def _said(record: CentreRecord, now_utc: float) -> Words:
    name = KIND_WORDS[record.kind]
    said = Words(f"{name.zh}已更新（版本 {record.version}）", f"{name.en}: version {record.version}")
    if record.ticket is not None:
        return _of_ticket(record.ticket)
    if record.advice is not None:
        return record.advice.words
    if record.contacts is None:
        return said.then(_of_orders(record))
    doubtful = [one.name for one in unverified(record.contacts, now_utc)]
    if not doubtful:
        return said
    listed = "、".join(doubtful[:5])
    return said.then(
        Words(f"未核实 {len(doubtful)} 人：{listed}", f"{len(doubtful)} unverified: {', '.join(doubtful[:5])}")
    )


def _of_orders(record: CentreRecord) -> Words:
    """What of it is more than a copy: limits that count, a model that is to be judged."""
    if record.rule is not None:
        return tightening.said(record)
    if record.update is not None:
        named = same(f"{record.update.release}, sha256 {record.update.sha256[:12]}…")
        return named.then(Words("文件到位且无作业时试运行", "tried once its file is here and nobody works"))
    if record.model is None:
        return NOTHING
    named = same(f"{record.model.name}, sha256 {record.model.sha256[:12]}…")
    return named.then(Words("文件到位且无作业时检验", "judged once its file is here and nobody works"))


def _of_ticket(ticket: TicketStatus) -> Words:
    """Where it stands, for the people on site (ledger 0-15)."""
    status = STATUS_WORDS[ticket.status]
    return Words(
        f"整改工单 {ticket.id}（第 {ticket.event} 条事件）：{status.zh}",
        f"rectification ticket {ticket.id} of event {ticket.event}: {status.en}",
    ).then(NOTHING if ticket.words is None else ticket.words)
