"""Limits loosened by signature: who signed which row, how far and how long, and what nobody can sign for.

The signature is Ed25519 over the row as canonical JSON (RFC 8785), with the site and the book it is for, so that
a row can be moved neither to another site nor to another book.
"""

import base64
import fnmatch
from collections.abc import Iterator
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import to_builtins
from msgspec.structs import astuple, replace

from edge_agent.domain.book_keys import found, with_limit
from edge_agent.domain.cite import cited
from edge_agent.domain.limit import Limit
from edge_agent.domain.person import Role
from edge_agent.domain.rulebook import Loosened, Rulebook
from edge_agent.domain.words import Words
from edge_agent.settings import limits
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.ceilings import AT_LEAST, AT_MOST, Ceiling
from edge_agent.settings.fault import Fault
from edge_agent.settings.hole import judged, readable
from edge_agent.settings.site_brokers import RulebookKeyTable

LONGEST_S = 30 * 86400.0  # R: whatever is needed for longer belongs into the book, for everybody to see

# What a signature may move, and how far at most. Everything else can never be loosened: gas, oxygen, missing
# gas data, SOS, 50 m, 5 minutes, isolation in 2 s, the law's samples and re-tests (docs/domain.md 1.4, 2, 3).
LOOSENABLE = (
    Ceiling("works.temporary_power.longest_s", AT_MOST, 2592000, "s", "GB 30871-2022 10.8: exceptionally 30 d"),
    Ceiling("works.*.contact_s", AT_MOST, 1800, "s", "R: no law names a time; twice the recommended one"),
    Ceiling("works.*.inside_max_s", AT_MOST, 14400, "s", "R: no law names a time; twice the recommended one"),
    Ceiling("guard.still_warn_s", AT_MOST, 270, "s", "R: still before the pause at 5 minutes"),
    Ceiling("guard.post_warn_m", AT_MOST, 30, "m", "R: twice the market's practice; the pause at 50 m stays"),
    Ceiling("guard.outside_on_s", AT_MOST, 20, "s", "R: twice the recommended time"),
    Ceiling("guard.unsure_pause_s", AT_MOST, 120, "s", "R: twice the recommended time"),
    Ceiling("guard.lost_pause_s", AT_MOST, 120, "s", "R: tags that speak seldom (docs/domain.md 2.5 G3)"),
    Ceiling("device.silent_pause_s", AT_MOST, 120, "s", "R: twice the recommended time; gas data are not meant"),
    Ceiling("device.uplink_warn_s", AT_MOST, 300, "s", "R: it warns only"),
    Ceiling("resume.sign_window_s", AT_MOST, 900, "s", "R: one moment, at most a quarter of an hour"),
    Ceiling("time.near_end_s", AT_LEAST, 900, "s", "R: half the recommended notice"),
)


def furthest(key: str) -> Ceiling | None:
    """How far a signature may move this limit; None: nobody can sign for it."""
    return next((one for one in LOOSENABLE if fnmatch.fnmatchcase(key, one.key)), None)


def signed_bytes(row: Loosened, site: str, book: str) -> bytes:
    """What the signature is over."""
    content = to_builtins(row)
    del content["signature"]
    return rfc8785.dumps(content | {"site": site, "book": book})


def loosening(bundle: Bundle) -> Iterator[Fault]:
    """Every loosened row is signed by a safety officer's key, for a time, within what may be moved."""
    seen: set[str] = set()
    for at, row in enumerate(bundle.rulebook.loosened):
        if not (readable(row) and readable(*astuple(row))):
            continue  # its faults are on the list, and half a row is signed by nobody
        where = f"loosened[#{at + 1}]"
        for check in (_movable, _lasts, _reasoned, _signed):
            yield from judged(check(bundle, where, row))
        if row.key in seen:
            problem = Words("同一限值放宽了两次", "loosens the same limit a second time")
            yield _fault(bundle, f"{where}.key", row.key, problem, Words("请只留一行", "leave one row"))
        seen.add(row.key)


def _fault(bundle: Bundle, key: str, value: Any, problem: Words, remedy: Words) -> Fault:
    return fault(bundle.names.rulebook, key, value, problem, remedy)


def _movable(bundle: Bundle, where: str, row: Loosened) -> Iterator[Fault]:
    now, most = found(bundle.rulebook, row.key), furthest(row.key)
    if not isinstance(now, Limit):
        problem = Words("本手册没有这个限值", "this book has no such limit")
        remedy = Words("键名照限值表抄写", "copy the key from the table of limits (edge-agent rules)")
        yield _fault(bundle, f"{where}.key", row.key, problem, remedy)
    elif most is None:
        problem = Words("此限值任何人不得放宽", "nobody can sign for this limit: it can never be loosened")
        remedy = Words("请删去此行", "remove the row")
        yield _fault(bundle, f"{where}.key", row.key, problem, remedy)
    else:
        yield from _how_far(bundle, where, row, now, most)


def _how_far(bundle: Bundle, where: str, row: Loosened, now: Limit, most: Ceiling) -> Iterator[Fault]:
    up = most.bound == AT_MOST
    low, high = (now.value, most.value) if up else (most.value, now.value)
    if not low <= row.value <= high or row.value == now.value or now.unit != most.unit:
        source = cited(most.clause)
        problem = Words(f"超出可放宽的范围：{source.zh}", f"lies outside what a signature can do: {source.en}")
        remedy = Words(
            f"应在 {low:g} 与 {high:g} {most.unit} 之间", f"must lie between {low:g} and {high:g} {most.unit}"
        )
        yield _fault(bundle, f"{where}.value", row.value, problem, remedy)
        return
    moved = with_limit(bundle.rulebook, row.key, replace(now, value=row.value))
    for one in limits.sense(replace(bundle, rulebook=moved)):
        yield _fault(bundle, f"{where}.value", row.value, one.problem, one.remedy)


def _lasts(bundle: Bundle, where: str, row: Loosened) -> Iterator[Fault]:
    try:
        lasts_s = row.until_utc - row.begins_utc
    except ValueError:
        problem = Words("没有这个日期", "is no date that exists")
        yield _fault(bundle, f"{where}.until", row.until, problem, Words("请写明世界时", "write both in UTC"))
        return
    if not 0 < lasts_s <= LONGEST_S:
        problem = Words(f"有效期 {lasts_s / 86400:.1f} 天", f"lasts {lasts_s / 86400:.1f} days")
        remedy = Words("从 begins 起最多 30 天", "until must be after begins, by 30 days at most")
        yield _fault(bundle, f"{where}.until", row.until, problem, remedy)


def _reasoned(bundle: Bundle, where: str, row: Loosened) -> Iterator[Fault]:
    if not row.reason.strip():
        remedy = Words("请写明原因", "say why")
        yield _fault(bundle, f"{where}.reason", row.reason, Words("没有原因", "gives no reason"), remedy)


def _signed(bundle: Bundle, where: str, row: Loosened) -> Iterator[Fault]:
    keys = {table.kid: table for table in bundle.site.rulebook_keys}
    key = keys.get(row.kid)
    if key is None:
        yield no_such(bundle.names.rulebook, f"{where}.kid", row.kid, Words("签字公钥", "key in site.toml"), keys)
        return
    if row.by != key.person:
        problem = Words(f"公钥属于 {key.person}", f"the key is {key.person}'s")
        remedy = Words("由本人签字", "whoever loosens a limit signs it with the key of their own")
        yield _fault(bundle, f"{where}.by", row.by, problem, remedy)
    if not _verified(bundle, key, row):
        problem = Words("签字与内容不符", "the signature is not over this row, for this site and book")
        remedy = Words("请重新签字：edge-agent loosen", "sign it anew: edge-agent loosen")
        yield _fault(bundle, f"{where}.signature", None, problem, remedy)


def _verified(bundle: Bundle, key: RulebookKeyTable, row: Loosened) -> bool:
    content = signed_bytes(row, bundle.site.site.id, bundle.rulebook.name)
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(_padded(key.ed25519)))
        public.verify(base64.urlsafe_b64decode(_padded(row.signature)), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _padded(text: str) -> str:
    return text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)


def keys(bundle: Bundle) -> Iterator[Fault]:
    """Each key is one safety officer's."""
    officers = {person.id for person in bundle.persons if Role.SAFETY_OFFICER in person.roles}
    seen: set[str] = set()
    for table in bundle.site.rulebook_keys:
        where = f"rulebook_keys[{table.kid}]"
        if table.kid in seen:
            remedy = Words("请改用另一个 kid", "give each key its own kid")
            yield fault(bundle.names.site, f"{where}.kid", table.kid, Words("重复", "stands twice"), remedy)
        seen.add(table.kid)
        if table.person not in officers:
            what = Words("安全员", "safety officer in persons.toml")
            yield no_such(bundle.names.site, f"{where}.person", table.person, what, officers)


def expired(book: Rulebook, utc: float, file: str) -> Iterator[Fault]:
    """Rows whose time is over.

    They count no more, so they refuse a book that is put in place (`edge-agent check`), and not the box that
    comes up with it at night; there a rule says so.
    """
    for at, row in enumerate(book.loosened):
        if row.until_utc <= utc:
            problem = Words("期限已过", "is over")
            remedy = Words("请删去此行，或重新签字", "remove the row, or sign a new one")
            yield fault(file, f"loosened[#{at + 1}].until", row.until, problem, remedy)


CHECKS = (keys, loosening)
