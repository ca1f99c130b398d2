"""Checks of persons.toml: who is who, who wears what, and whether their proofs can be verified."""

import re
from collections.abc import Iterator

import argon2
from argon2.exceptions import InvalidHashError

from edge_agent.domain.person import HINT, ID, Person
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault
from edge_agent.settings.hole import judged
from edge_agent.settings.reading_words import PATTERNS

# OWASP's password storage cheat sheet: argon2id with 7 MiB and 5 passes is the least that counts.
LEAST_MEMORY_KIB = 7168
SPELT = Words("编号写法不对", "not written as an id must be")


def persons(bundle: Bundle) -> Iterator[Fault]:
    """One entry per person, one wearer per tag, and hashes that can be verified."""
    seen: dict[str, str] = {}
    for person in bundle.persons:
        for check in (_twice, _role, _inspector, _areas, _tag, _pin, _badge, _hint, _barred):
            yield from judged(check(bundle, person, seen))


def _twice(bundle: Bundle, person: Person, seen: dict[str, str]) -> Iterator[Fault]:
    key = f"persons[{person.id}].id"
    if f"id {person.id}" in seen:
        problem = Words("此人登记了两次", "this person stands twice")
        remedy = Words("请删去一项或改其 id", "remove one entry or give it its own id")
        yield fault(bundle.names.persons, key, person.id, problem, remedy)
    seen[f"id {person.id}"] = key


def _role(bundle: Bundle, person: Person, _: dict[str, str]) -> Iterator[Fault]:
    if not person.roles:
        problem = Words("没有角色", "has no role")
        remedy = Words('请填写，如 ["worker"]', 'give at least one, like ["worker"]')
        yield fault(bundle.names.persons, f"persons[{person.id}].roles", None, problem, remedy)


def _inspector(bundle: Bundle, person: Person, _: dict[str, str]) -> Iterator[Fault]:
    """Somebody of a third party: until a day, and nothing beside it."""
    key = f"persons[{person.id}]"
    if person.reads_only and len(person.roles) > 1:
        problem = Words("外部检查员不能兼任其他角色", "an outside inspector holds no other role")
        remedy = Words('请只留 ["inspector"]', 'leave ["inspector"] alone')
        yield fault(bundle.names.persons, f"{key}.roles", ", ".join(person.roles), problem, remedy)
    if person.reads_only and person.valid_until_utc is None:
        problem = Words("外部检查员没有截止时间", "an outside inspector without an end")
        remedy = Words("请填写（1970 年以来的秒数）", "say until when, in seconds since 1970")
        yield fault(bundle.names.persons, f"{key}.valid_until_utc", None, problem, remedy)


def _barred(bundle: Bundle, person: Person, _: dict[str, str]) -> Iterator[Fault]:
    if person.denied_here is not None:
        problem = Words("只由本机的管理员登记", "only an administrator of the running box says that")
        key = f"persons[{person.id}].denied_here"
        yield fault(bundle.names.persons, key, person.denied_here, problem, Words("请用 denied", "write denied"))


def _areas(bundle: Bundle, person: Person, _: dict[str, str]) -> Iterator[Fault]:
    known = [area.id for area in bundle.areas]
    for area in person.areas:
        if area not in known:
            what = Words("区域", "area in areas.toml")
            yield no_such(bundle.names.persons, f"persons[{person.id}].areas", area, what, known)


def _hint(bundle: Bundle, person: Person, _: dict[str, str]) -> Iterator[Fault]:
    """Without it nobody logs in by badge alone, so one that cannot be right would never be noticed."""
    hint = person.badge_hint  # where it could not be read, str() says so
    if hint is not None and (person.badge_hash is None or not re.search(HINT, str(hint))):
        problem = Words("与工牌不符", "tells of no badge")
        remedy = Words(
            "填写工牌 SHA-256 的前三位十六进制数，并同时填写 badge_hash",
            "give the first 3 hex digits of the badge's SHA-256, beside its badge_hash",
        )
        yield fault(bundle.names.persons, f"persons[{person.id}].badge_hint", hint, problem, remedy)


def _tag(bundle: Bundle, person: Person, seen: dict[str, str]) -> Iterator[Fault]:
    if person.tag is None:
        return
    key = f"persons[{person.id}].tag"
    if person.tag not in bundle.site.wearables:
        what = Words("手环", "wearable in site.toml")
        yield no_such(bundle.names.persons, key, person.tag, what, bundle.site.wearables)
    elif f"tag {person.tag}" in seen:
        other = seen[f"tag {person.tag}"]
        problem = Words(f"已由 {other} 佩戴", f"is already worn by {other}")
        remedy = Words("每个手环只归一人", "one tag, one wearer: remove it from one of them")
        yield fault(bundle.names.persons, key, person.tag, problem, remedy)
    seen.setdefault(f"tag {person.tag}", person.id)


def _pin(bundle: Bundle, person: Person, seen: dict[str, str]) -> Iterator[Fault]:
    yield from _hash(bundle, person, "pin_hash", person.pin_hash, seen)


def _badge(bundle: Bundle, person: Person, seen: dict[str, str]) -> Iterator[Fault]:
    yield from _hash(bundle, person, "badge_hash", person.badge_hash, seen)


def _hash(bundle: Bundle, person: Person, field: str, text: str | None, seen: dict[str, str]) -> Iterator[Fault]:
    if text is None:
        return
    key, file = f"persons[{person.id}].{field}", bundle.names.persons
    problem = _unfit(str(text))
    if problem is not None:
        remedy = Words(
            "请用 argon2id 重新生成", "make it anew with argon2id: at least 7 MiB, as $argon2id$v=19$..."
        )
        yield fault(file, key, text, problem, remedy)
    elif f"hash {text}" in seen:
        other = seen[f"hash {text}"]
        problem = Words(f"与 {other} 的完全相同", f"is a copy of {other}'s: nobody could tell the two apart")
        remedy = Words("各人各自设置", "let each person set their own")
        yield fault(file, key, text, problem, remedy)
    seen.setdefault(f"hash {text}", person.id)


def _unfit(text: str) -> Words | None:
    """Why a hash cannot be accepted, None if it can."""
    try:
        parameters = argon2.extract_parameters(text)
    except (InvalidHashError, ValueError):
        return Words("不是 argon2 散列", "is no argon2 hash")
    if parameters.type is not argon2.Type.ID or parameters.version != argon2.low_level.ARGON2_VERSION:
        return Words("不是 argon2id 第 19 版", "is not argon2id version 19")
    if parameters.memory_cost < LEAST_MEMORY_KIB:
        return Words("散列太弱", f"is too weak: {parameters.memory_cost} KiB")
    return None


def spelling(bundle: Bundle) -> Iterator[Fault]:
    """Ids of areas, persons and picture areas are spelt like all others: they become parts of keys."""
    for area in bundle.areas:
        yield from judged(_spelt(bundle.names.areas, "areas", area))
    for person in bundle.persons:
        yield from judged(_spelt(bundle.names.persons, "persons", person))


def _spelt(file: str, key: str, noun: object) -> Iterator[Fault]:
    text = str(noun.id)  # type: ignore[attr-defined]
    if not re.search(ID, text):
        yield fault(file, f"{key}[{text}].id", text, SPELT, PATTERNS[ID])


CHECKS = (persons, spelling)
