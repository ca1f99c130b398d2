"""Records that do not go on where they were last told: the event that says so, before anything else. Pure."""

from datetime import UTC, datetime
from typing import assert_never

from msgspec import to_builtins

from edge_agent.decide.state import ChainBreak, Draft
from edge_agent.domain.outcome import Priority
from edge_agent.domain.words import Words

SHOWN = 12  # hex digits of a hash that people read


def told(draft: Draft, broken: ChainBreak) -> None:
    """The event: where the chain before ended, by its newest hash as far as anybody can read it."""
    type_ = "records.restored" if broken.why == "restored" else "records.lost"
    priority = Priority.HIGH if broken.why == "restored" else Priority.CRITICAL
    facts = {
        "why": broken.why,
        "aside": broken.aside,
        "rows": broken.rows,
        "head": broken.head,
        "again_upto": broken.again_upto,
        "jumped": broken.jumped,
    }
    draft.event(type_, "unit", priority, {**facts, "words": to_builtins(words(broken))})


def words(broken: ChainBreak) -> Words:
    """What happened, and what people have to do about it."""
    said = _what(broken)
    if broken.why == "journal":
        more = Words(
            "记录本身完整，此前的过程不能回放；若再次出现，请检查存储卡（edge-agent doctor）",
            "no record is lost, but what led to them cannot be played again; if it happens again, "
            "look at the disk (edge-agent doctor)",
        )
    elif broken.by_journal:
        more = Words(
            "作业票和人员按运行日志恢复，作业保持暂停，须现场重新确认",
            "permits and people are those of the journal, the work is paused, and must be looked at anew",
        )
    elif broken.why == "damaged":
        more = Words(
            "此前的作业票和报警已失效，请重新下发",
            "permits and alarms from before are void, send what is still to be done again",
        )
    else:
        more = Words("作业保持暂停，须现场重新确认", "the work is paused, and must be looked at anew")
    if broken.jumped:
        more = Words(
            f"{more.zh}；已用的最大编号无法确定，编号从很后面接着用",
            f"{more.en}; nobody knows the newest number that was told, so numbers go on far behind it",
        )
    return Words(f"{said.zh}：{more.zh}", f"{said.en}: {more.en}")


def _what(broken: ChainBreak) -> Words:
    ended = Words("", "")
    if broken.head:
        head = broken.head[:SHOWN]
        ended = Words(f"（{broken.rows} 条，末条 {head}）", f" ({broken.rows} rows, the last {head})")
    match broken.why:
        case "damaged":
            return Words(
                f"记录已损坏，另存为 {broken.aside}{ended.zh}",
                f"the records were damaged and moved aside to {broken.aside}{ended.en}",
            )
        case "older":
            return Words(
                f"记录少于运行日志所知{ended.zh}，磁盘丢失了数据或被换回旧库",
                f"the records end before what the journal knows{ended.en}: the disk lost some, or they are an "
                "older copy",
            )
        case "journal":
            return Words(
                f"运行日志缺少末尾{ended.zh}，日志被截断或删除",
                f"the journal ends before the records{ended.en}: it was cut short, or removed",
            )
        case "restored":
            made = (
                ""
                if broken.made_utc is None
                else f"{datetime.fromtimestamp(broken.made_utc, UTC):%Y-%m-%d %H:%MZ}"
            )
            return Words(
                f"记录由 {made} 的备份恢复{ended.zh}", f"the records come from the backup of {made}{ended.en}"
            )
        case _:
            assert_never(broken.why)
