"""The matrix of works that do not go together, as a table."""

from collections.abc import Iterator

from edge_agent.domain.cite import cited
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words, joined, same
from edge_agent.domain.work_limits import Conflict
from edge_agent.ops.rules_page.words import NAMES, Voice

HEADS = (
    ("作业或活动", "work"),
    ("与", "and"),
    ("要求", "what holds"),
    ("范围", "where"),
    ("例外", "unless"),
    ("依据", "source"),
)
EFFECTS = {
    "block": Words("不得同时进行", "never at once"),
    "coordinate": Words("须指定协调人", "a coordinator is named"),
}
WHO_YIELDS = Words(
    "作业中发现冲突时，后开工者暂停；涉及受限空间时双方都暂停。须指定协调人的，未指定不得开工",
    "of two works under way the later one pauses, and both where one is in a confined space; "
    "without the coordinator that a row asks for nothing starts",
)


def matrix(book: Rulebook, voice: Voice) -> Iterator[str]:
    """One row per pair, in the book's order: the first that blocks counts."""
    yield from (voice.say(WHO_YIELDS), "")
    yield from voice.table(HEADS)
    for row in book.conflicts:
        yield voice.row(*_cells(row, book, voice))


def _cells(row: Conflict, book: Rulebook, voice: Voice) -> Iterator[str]:
    for id_ in (row.first, row.second):
        yield voice.say(NAMES.get(id_, Words(id_, id_)))
    yield voice.say(EFFECTS[row.effect])
    yield voice.say(_where(row, book))
    yield voice.say(_unless(row))
    yield voice.say(joined((cited(row.clause), same(row.row))))


def _where(row: Conflict, book: Rulebook) -> Words:
    if row.near == "pipe":
        return Words("同一管道", "on one pipe")
    metres = "" if row.within_m is None else f"{row.within_m.value:g} m"
    if row.near == "fall_line":
        return Words(f"水平 {metres} 内，不论高度", f"within {metres} on the plan, whatever the height")
    apart = Words(f"或相距 {metres} 内", f"or within {metres}") if metres else Words("", "")
    level_m = book.simops.vertical_m.value
    height = (
        Words("不论高度", "whatever the height")
        if row.any_height
        else Words(f"高差 {level_m:g} m 内", f"less than {level_m:g} m above one another")
    )
    return joined((Words(f"同一区域{apart.zh}", f"in one area {apart.en}".rstrip()), height))


def _unless(row: Conflict) -> Words:
    if row.linked_ok:
        return Words(
            "同一作业的两张关联票，且均有较高级别的审批",
            "two tickets of one job that name each other, each approved as the higher asks",
        )
    if not row.unless:
        return Words("-", "-")
    lower, upper, limit = _name(row.unless), _name(row.unless_above), row.unless_up_to_m
    if limit is None:
        return lower
    return Words(
        f"{lower.zh}；{limit.value:g} m 以上须{upper.zh}", f"{lower.en}; above {limit.value:g} m {upper.en}"
    )


def _name(use: str) -> Words:
    return NAMES.get(use, Words(use, use))
