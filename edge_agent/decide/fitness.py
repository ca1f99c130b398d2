"""Whether a person is fit for a task at one instant: certificates, training, the day's class, the record. Pure.

What nobody has said satisfies nothing: an absent date is a fault, never a yes.
"""

from collections.abc import Iterable, Iterator

from edge_agent.domain.person import Certificate, Person
from edge_agent.domain.scopes import scope_words
from edge_agent.domain.words import Words

DAY_S = 86400.0
STATUS = {"suspended": Words("已暂扣", "is suspended"), "revoked": Words("已吊销", "is revoked")}


def is_certified(person: Person, scope: str, utc: float) -> bool:
    """Whether one of his certificates names this scope and holds now."""
    return any(scope in one.scopes and _holds(one, utc) for one in person.certificates)


def certificate_faults(person: Person, scopes: Iterable[str], utc: float) -> Iterator[Words]:
    """Each scope needs a certificate that names it and holds now (ledger 2-18, 2-19)."""
    for scope in scopes:
        if is_certified(person, scope, utc):
            continue
        named = [one for one in person.certificates if scope in one.scopes]
        if not named:
            covers = scope_words(scope)
            yield Words(
                f"{person.name} 没有“{covers.zh}”资格证", f"{person.name} has no certificate for {covers.en}"
            )
        else:
            best = max(named, key=lambda one: (one.status == "valid", one.valid_to_utc))
            yield _why_not(person, best, scope, utc)


def _holds(one: Certificate, utc: float) -> bool:
    return one.status == "valid" and utc < one.valid_to_utc


def _why_not(person: Person, one: Certificate, scope: str, utc: float) -> Words:
    status = STATUS.get(one.status)
    if status is None:
        days = (utc - one.valid_to_utc) / DAY_S
        status = Words(f"已过期 {days:.1f} 天", f"expired {days:.1f} days ago")
    covers = scope_words(scope)
    return Words(
        f"{person.name} 的“{covers.zh}”资格证 {one.number} {status.zh}",
        f"{person.name}'s certificate {one.number} for {covers.en} {status.en}",
    )


def certified_until_utc(person: Person, scopes: Iterable[str]) -> float | None:
    """Until when all these scopes are covered by certificates that count; None where one is not at all."""
    ends = []
    for scope in scopes:
        named = [o.valid_to_utc for o in person.certificates if scope in o.scopes and o.status == "valid"]
        if not named:
            return None
        ends.append(max(named))
    return min(ends, default=None)


def training_fault(person: Person, utc: float) -> Iterator[Words]:
    """The training on record lasts beyond now (ledger 0-21)."""
    until_utc = person.training_ok_until_utc
    if until_utc is None:
        yield Words(f"{person.name} 没有培训合格记录", f"{person.name} has no record of training")
    elif utc >= until_utc:
        days = (utc - until_utc) / DAY_S
        yield Words(
            f"{person.name} 的培训已过期 {days:.1f} 天", f"{person.name}'s training ended {days:.1f} days ago"
        )


def daily_class_fault(person: Person, utc: float, utc_offset_s: float) -> Iterator[Words]:
    """The day's safety class was finished today, by the site's own calendar day (ledger 0-23)."""
    done_utc = person.daily_class_utc
    today = (utc + utc_offset_s) // DAY_S
    if done_utc is None or done_utc > utc or (done_utc + utc_offset_s) // DAY_S != today:
        yield Words(
            f"{person.name} 今天没有完成班前安全学习", f"{person.name} has not finished today's safety class"
        )


def record_fault(person: Person, utc: float) -> Iterator[Words]:
    """The record itself has a deadline where the centre gave one: past it, nothing in it counts."""
    until_utc = person.valid_until_utc
    if until_utc is not None and utc >= until_utc:
        hours = (utc - until_utc) / 3600
        yield Words(
            f"{person.name} 的人员档案已过期 {hours:.1f} 小时，需中心更新",
            f"{person.name}'s record ran out {hours:.1f} h ago: the centre must renew it",
        )
