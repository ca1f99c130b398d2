"""What a signed envelope carries: ticket, person, device or order, taken if its fields are known and plausible."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import argon2
import msgspec
from argon2.exceptions import InvalidHashError
from msgspec import Struct

from edge_agent.clock import EARLIEST_UTC
from edge_agent.domain.delivery import CentreAck, CentreOrder
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.person import HINT, Person
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words, joined
from edge_agent.settings.people import LEAST_MEMORY_KIB
from edge_agent.tell.contract.downward import LATEST_UTC
from edge_agent.tell.messages import LEVEL

# What verifying one PIN may cost this box: a hash that asks for more would starve the guarding.
MOST_MEMORY_KIB = 256 * 1024
MOST_PASSES = 16
MOST_LANES = 16

T = TypeVar("T", bound=Struct)


def parse_ticket(raw: bytes, version: int) -> Ticket | Words:
    """The ticket of a message of this version, or everything that is wrong with it."""
    return parse(raw, Ticket, lambda ticket: _ticket_faults(ticket, version))


def parse_person(raw: bytes, _version: int) -> Person | Words:
    """The person, or everything that is wrong with the record."""
    return parse(raw, Person, _person_faults)


def parse_device(raw: bytes, _version: int) -> DeviceRecord | Words:
    """The device's record, or everything that is wrong with it."""
    return parse(raw, DeviceRecord, _device_faults)


def parse_order(raw: bytes, _version: int) -> CentreOrder | Words:
    """The order, or everything that is wrong with it."""
    return parse(raw, CentreOrder, order_faults)


def parse_ack(raw: bytes, _version: int) -> CentreAck | Words:
    """The number up to which the centre keeps everything, or what is wrong with it."""
    return parse(raw, CentreAck, _ack_faults)


def _ack_faults(ack: CentreAck) -> Iterator[Words]:
    if ack.acked_seq < 0:
        yield Words("body.acked_seq：不能为负", "body.acked_seq: 0 (nothing yet) or the number of an event")


NEEDED = {"capture": ("camera",), "look": ("camera", "area")}


def order_faults(order: CentreOrder) -> Iterator[Words]:
    """What an order leaves out."""
    yield from id_faults(order.id)
    needed = NEEDED.get(order.do, ("permit",))
    for name in (*needed, "by"):
        if not getattr(order, name):
            yield Words(f"body.{name}：不能为空", f"body.{name}: must be named for {order.do}")


def parse(raw: bytes, kind: type[T], faults: Callable[[T], Iterator[Words]]) -> T | Words:
    """A body of this kind, or everything that is wrong with it, members that nobody knows among it."""
    try:
        value, sent = msgspec.json.decode(raw, type=kind), msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as fault:
        return Words(f"body 有误：{fault}", f"body: {fault}")
    problems = [*_unknown(sent, msgspec.to_builtins(value), "body"), *faults(value)]
    return joined(problems) if problems else value


def _unknown(sent: Any, understood: Any, where: str) -> Iterator[Words]:
    """Fields that nobody here reads: a misspelt one must not be dropped in silence."""
    if isinstance(sent, dict) and isinstance(understood, dict):
        for key, value in sent.items():
            if key in understood:
                yield from _unknown(value, understood[key], f"{where}.{key}")
            else:
                yield Words(f"{where}.{key}：未知字段", f"{where}.{key}: unknown field")
    elif isinstance(sent, list) and isinstance(understood, list | tuple):
        for number, (one, other) in enumerate(zip(sent, understood, strict=False)):
            yield from _unknown(one, other, f"{where}[{number}]")


def _ticket_faults(ticket: Ticket, version: int) -> Iterator[Words]:
    yield from id_faults(ticket.id)
    if ticket.version != version:
        yield Words(
            f"body.version 为 {ticket.version}，信封为 {version}",
            f"body.version is {ticket.version}, the envelope says {version}",
        )
    for name in ("valid_from_utc", "valid_to_utc"):
        at = getattr(ticket, name)
        if not EARLIEST_UTC <= at <= LATEST_UTC:
            yield Words(
                f"body.{name}：{at:g} 不是 UTC 秒", f"body.{name}: {at:g} is no plausible time in UTC seconds"
            )
    for name in ("x_m", "y_m", "z_m"):
        metres = getattr(ticket.point, name)
        if metres is not None and not math.isfinite(metres):
            yield Words(f"body.point.{name} 不是有限数", f"body.point.{name} is not a finite number")


def _person_faults(person: Person) -> Iterator[Words]:
    yield from id_faults(person.id)
    if not person.roles:
        yield Words("body.roles 为空", "body.roles is empty")
    for name in ("pin_hash", "badge_hash"):
        text = getattr(person, name)
        if text is not None and not _verifiable(text):
            yield Words(
                f"body.{name}：不是可用的 argon2id 散列",
                f"body.{name}: not an argon2id hash that this unit can verify (never send a PIN itself)",
            )
    if person.denied_here is not None:
        yield Words(
            "body.denied_here：只由本机的管理员登记，请用 denied",
            "body.denied_here: only an administrator of the box says that; write denied",
        )
    if person.badge_hint is not None and (person.badge_hash is None or not re.search(HINT, person.badge_hint)):
        yield Words(
            "body.badge_hint：须为工牌 SHA-256 的前三位十六进制数，并同时有 badge_hash",
            "body.badge_hint: the first 3 hex digits of the badge's SHA-256, beside its badge_hash",
        )


def _device_faults(record: DeviceRecord) -> Iterator[Words]:
    yield from id_faults(record.id)
    for name in ("calibration_due_utc", "bump_tested_utc", "bump_failed_utc", "valid_until_utc"):
        at = getattr(record, name)
        if at is not None and not EARLIEST_UTC <= at <= LATEST_UTC:
            yield Words(
                f"body.{name}：{at:g} 不是 UTC 秒", f"body.{name}: {at:g} is no plausible time in UTC seconds"
            )


def id_faults(text: str) -> Iterator[Words]:
    """Ids become parts of MQTT topics and keys."""
    if not LEVEL.fullmatch(text):
        yield Words(
            "body.id：只能用字母、数字和 . _ -", "body.id: letters, digits, dot, dash and underscore, at most 63"
        )


def _verifiable(text: str) -> bool:
    try:
        cost = argon2.extract_parameters(text)
    except (InvalidHashError, ValueError):
        return False
    sound = cost.type is argon2.Type.ID and cost.version == argon2.low_level.ARGON2_VERSION
    affordable = cost.memory_cost <= MOST_MEMORY_KIB and cost.time_cost <= MOST_PASSES
    return sound and affordable and cost.memory_cost >= LEAST_MEMORY_KIB and cost.parallelism <= MOST_LANES
