"""The centre's own limits (dn/rule): taken where each is stricter than the rulebook, else refused whole.

What is stricter than before counts at once, also for work under way, and its people are told (rules/book.py). What
takes a stricter limit back waits until no work is under way: nobody is to work on under a limit that was loosened
behind his back (ledger 2-17).
"""

import fnmatch
import math
from collections.abc import Iterator, Mapping

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide.state import Draft
from edge_agent.domain.book_keys import found
from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.centre_rule import RuleLimit, RuleTable
from edge_agent.domain.limit import Limit
from edge_agent.domain.outcome import Priority
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.book import direction, stricter, wanted
from edge_agent.settings.directions import Direction

ID = "rule"
MOST = 200  # a whole book has some 300 limits
NONE = Words("不再另设限值", "no limits beside the rulebook's")
# What the box reads once, when it starts: these belong into the rulebook itself.
AT_START = (
    "camera.*",
    "network.*",
    "ppe.*",
    "gas.stale_min_s",
    "guard.video_still_s",
    "guard.move_m",
    "guard.interval_absent_s",
    "guard.post_warn_m",
    "guard.lost_warn_s",
)


def faults(table: RuleTable, book: Rulebook) -> Iterator[Words]:
    """Why this table is not taken: every reason. `book` is the rulebook as written, nothing moved in it."""
    if table.rulebook != book.name:
        yield Words(
            f"限值表针对 {table.rulebook}，本机用 {book.name}",
            f"it is written for the rulebook {table.rulebook}, this unit obeys {book.name}",
        )
        return
    if len(table.limits) > MOST:
        yield Words(f"限值 {len(table.limits)} 项，最多 {MOST}", f"{len(table.limits)} limits, at most {MOST}")
    for key, row in table.limits.items():
        why = _fault(key, row, book)
        if why is not None:
            yield Words(f"{key}：{why.zh}", f"{key}: {why.en}")


def _fault(key: str, row: RuleLimit, book: Rulebook) -> Words | None:
    limit = found(book, key)
    if not isinstance(limit, Limit):
        return Words("规则手册没有此限值", "the rulebook has no such limit")
    return _immovable(key) or _unfit(key, row, limit)


def _immovable(key: str) -> Words | None:
    if direction(key) not in {Direction.AT_MOST, Direction.AT_LEAST}:
        return Words("此限值不可移动", "this limit cannot be moved: neither way is the safer one")
    if any(fnmatch.fnmatchcase(key, one) for one in AT_START):
        return Words(
            "启动时读取，请写入规则手册", "the box reads it when it starts: enter it in the site's rulebook"
        )
    return None


def _unfit(key: str, row: RuleLimit, limit: Limit) -> Words | None:
    if row.unit != limit.unit:
        return Words(f"单位应为 {limit.unit}", f"must be in {limit.unit}, not in {row.unit}")
    if not math.isfinite(row.value) or row.value < 0:
        return Words("不是可用的数", "is no usable number")
    if not stricter(key, row.value, limit.value) and row.value != limit.value:
        return Words(
            f"{row.value:g} 比规则手册的 {limit.value:g} {limit.unit} 宽松",
            f"{row.value:g} is looser than the rulebook's {limit.value:g} {limit.unit}",
        )
    if not row.reason.strip():
        return Words("没有原因", "gives no reason")
    return None


def held(before: CentreRecord | None, table: RuleTable) -> dict[str, RuleLimit]:
    """What counted and is stricter than what this table wants."""
    return {
        key: row
        for key, row in wanted(before).items()
        if key not in table.limits or stricter(key, row.value, table.limits[key].value)
    }


def under_way(draft: Draft) -> tuple[str, ...]:
    """The permits at which anybody is at work, or may still be, or whose fire watch is not over."""
    return tuple(id_ for id_, one in draft.permits.items() if one.busy)


def taken(draft: Draft, arrived: CentreRecord) -> CentreRecord:
    """The table as it counts from now on: what it takes back is held while work is under way."""
    table = arrived.rule
    if table is None or not under_way(draft):
        return arrived
    return replace(arrived, held=held(draft.centre.get(ID), table))


def settle(draft: Draft) -> None:
    """No work is under way any more: what was held of the table before counts no longer."""
    record = draft.centre.get(ID)
    if record is None or not record.held or under_way(draft):
        return
    settled = replace(record, held={})
    draft.centre = {**draft.centre, ID: settled}
    words = Words("原先较严的限值已解除", "what was held of the limits before counts no longer").then(
        said(settled)
    )
    data = {"kind": ID, "version": record.version, "valid_until_utc": None, "words": to_builtins(words)}
    draft.event("record.updated", ID, Priority.MEDIUM, data)


def said(record: CentreRecord) -> Words:
    """What counts, limit by limit, and what is held."""
    rows = wanted(record)
    told = _listed(rows) if rows else NONE
    kept = "、".join(record.held)
    waits = Words(f"作业结束前保留：{kept}", f"held until no work is under way: {', '.join(record.held)}")
    return told.then(waits if record.held else NOTHING)


def _listed(rows: Mapping[str, RuleLimit]) -> Words:
    parts = [f"{key} {row.value:g} {row.unit}" for key, row in rows.items()]
    return Words("、".join(parts), ", ".join(parts))
