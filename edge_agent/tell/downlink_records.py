"""Copies that the centre keeps here (contacts, cards, codes, map, tickets, advice), if they are plausible."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from edge_agent.clock import EARLIEST_UTC
from edge_agent.domain.centre_model import ModelOffer
from edge_agent.domain.centre_record import (
    KINDS,
    Advice,
    Body,
    ContactPerson,
    Contacts,
    GuideCard,
    SiteMap,
    Taxonomy,
    TicketStatus,
    dialled,
)
from edge_agent.domain.centre_rule import RuleTable
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.delivery import CentreOrder, DrillOrder
from edge_agent.domain.words import Words
from edge_agent.tell.contract.downward import LATEST_UTC
from edge_agent.tell.downlink_body import id_faults, order_faults, parse

MOST_PEOPLE = 500
MOST_CODES = 1000
TIMES = ("valid_until_utc", "surveyed_utc", "deadline_utc")


def record_parser(kind: type[Any]) -> Callable[[bytes, int], Any]:
    """What takes a message of this kind."""
    return lambda raw, _version: parse(raw, kind, _faults)


PARSERS: Mapping[str, Callable[[bytes, int], Any]] = {name: record_parser(kind) for kind, name in KINDS.items()}


def parse_drill(raw: bytes, _version: int) -> CentreOrder | Words:
    """The order to play a drill, as an order like any other; or what is wrong with it."""
    asked = parse(raw, DrillOrder, _drill_faults)
    if isinstance(asked, Words):
        return asked
    return CentreOrder(
        id=asked.id, do="drill", by=asked.by, role=asked.role, permit=asked.permit, drill=asked.drill
    )


def _drill_faults(asked: DrillOrder) -> Iterator[Words]:
    yield from order_faults(
        CentreOrder(id=asked.id, do="drill", by=asked.by, role=asked.role, permit=asked.permit)
    )
    for number, step in enumerate(asked.drill.steps):
        if not step.after_s >= 0:
            yield Words(
                f"body.drill.steps[{number}]：时间须不为负",
                f"body.drill.steps[{number}]: after_s must not be negative",
            )


def _faults(body: Body) -> Iterator[Words]:
    yield from id_faults(body.id)
    for name in TIMES:
        at = getattr(body, name, None)
        if at is not None and not EARLIEST_UTC <= at <= LATEST_UTC:
            yield Words(
                f"body.{name}：{at:g} 不是 UTC 秒", f"body.{name}: {at:g} is no plausible time in UTC seconds"
            )
    match body:
        case Contacts():
            yield from _too_many("people", len(body.people), MOST_PEOPLE)
            for number, one in enumerate(body.people):
                if not one.name or not one.role:
                    yield Words(
                        f"body.people[{number}]：须有姓名和角色", f"body.people[{number}]: needs a name and a role"
                    )
                yield from _not_dialled(f"body.people[{number}]", one)
        case Taxonomy():
            yield from _too_many("codes", len(body.codes), MOST_CODES)
        case TicketStatus() | Advice():
            if body.event < 1:
                yield Words("body.event：须为事件编号", "body.event: the seq of an event of this unit")
        case GuideCard() | SiteMap() | RuleTable() | ModelOffer() | UpdateOrder():
            pass


def _not_dialled(where: str, one: ContactPerson) -> Iterator[Words]:
    """What the box could never reach anybody by must not look like a second channel (ledger 3-19)."""
    for name in ("phone", "second"):
        text = getattr(one, name)
        if text and not dialled(text):
            yield Words(
                f"{where}.{name}：“{text}”不是电话号码；本机只发短信，企业微信等账号由中心通知",
                f'{where}.{name}: "{text}" is no telephone number; this box sends short messages alone, '
                "accounts of a messenger are the centre's to reach",
            )


def _too_many(name: str, count: int, most: int) -> Iterator[Words]:
    if count > most:
        yield Words(f"body.{name}：{count} 项，最多 {most}", f"body.{name}: {count} of them, at most {most}")
