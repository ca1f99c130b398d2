"""People kept on the box: an administrator adds somebody, changes a record, or bars somebody."""

import re
from collections.abc import Iterator

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import ID, Person, PersonChange, Proof
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words

NOT_ADMIN = Words("须由全站管理员办理", "only an administrator of the whole site may do this")
CLAIMED = Words(
    "本机已有管理员，不能再次启用：请登录",
    "this box has an administrator and is claimed only once: log in",
)
NO_RECORD = Words("没有写明要登记的人员", "it says of nobody what to add or change")
# Fields that nobody reads back from an event: what proves somebody.
SECRET = frozenset({"pin_hash", "badge_hash", "badge_hint"})


def _person(errand: Errand) -> Reasons:
    change, draft = errand.request.record, errand.draft
    if change is None:
        return (NO_RECORD,)
    claims = errand.request.proof is Proof.CLAIM
    if claims and any(person.administers for person in draft.persons.values()):
        return (CLAIMED,)
    if not claims and (errand.person is None or not errand.person.administers):
        return (NOT_ADMIN,)
    known = draft.persons.get(change.id)
    faults = tuple(_faults(errand, change, known))
    if faults:
        return faults
    record = change.of(known)
    draft.persons = {**draft.persons, record.id: record}
    told = {name for name in change.__struct_fields__ if name != "id" and getattr(change, name) is not None}
    data = {
        "by": errand.request.person,
        "new": known is None,
        "name": record.name,
        "roles": [role.value for role in record.roles],
        "areas": list(record.areas),
        "denied": record.denied,
        "changed": sorted(told - SECRET),
        "new_pin": change.pin_hash is not None,
        "new_badge": change.badge_hash is not None,
    }
    draft.event("person.changed", record.id, Priority.MEDIUM, data)
    if claims:
        draft.event("unit.claimed", "unit", Priority.HIGH, {"by": record.id, "name": record.name})
    return ()


def _faults(errand: Errand, change: PersonChange, known: Person | None) -> Iterator[Words]:
    """Everything that forbids this change."""
    record = change.of(known)
    if known is None and not re.search(ID, change.id):
        yield Words(
            f"编号 {change.id} 写法不对：只用小写字母、数字、- 和 _",
            f"{change.id}: an id is small letters, digits, - and _",
        )
    if not record.name.strip():
        yield Words("没有写明姓名", "the name is missing")
    if not record.roles:
        yield Words("至少要有一个角色", "at least one role is needed")
    areas = {area.id for area in errand.settings.areas}
    for area in change.areas or ():
        if area not in areas:
            yield Words(f"本站没有区域 {area}", f"this site has no area {area}")
    yield from _tag(errand, record)
    yield from inspector_faults(record)
    yield from _shut_out(errand, record)


def _tag(errand: Errand, record: Person) -> Iterator[Words]:
    """A wearable that the site has, and that nobody else wears."""
    if record.tag is None:
        return
    if record.tag not in errand.settings.site.wearables:
        yield Words(f"本站没有手环 {record.tag}", f"this site has no wearable {record.tag}")
    for other in errand.draft.persons.values():
        if other.tag == record.tag and other.id != record.id:
            yield Words(f"手环 {record.tag} 已由 {other.name} 佩戴", f"{record.tag} is worn by {other.name}")


def inspector_faults(record: Person) -> Iterator[Words]:
    """Somebody of a third party is here until a day, and as nothing else."""
    if record.reads_only and len(record.roles) > 1:
        yield Words("外部检查员不能兼任其他角色", "an outside inspector holds no other role")
    if record.reads_only and record.valid_until_utc is None:
        yield Words("请写明外部检查员可查看到哪一天", "say until which day the outside inspector may look")


def _shut_out(errand: Errand, record: Person) -> Iterator[Words]:
    """Nobody bars himself, and the box never stays without an administrator."""
    if record.id == errand.request.person and record.denied is not None:
        yield Words("不能禁止自己", "nobody bars himself: another administrator must")
    others = {**errand.draft.persons, record.id: record}
    if not any(one.administers and one.denied is None for one in others.values()):
        yield Words("本机至少须有一名管理员", "the box needs an administrator: name another one first")


HANDLERS: Errands = {Ask.PERSON: _person}
