"""What the box would have done where it is in shadow mode: the command's report as tables. Pure."""

from collections.abc import Sequence

from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.outcome import Event
from edge_agent.domain.words import Words, same
from edge_agent.ops.review.cells import heads, minutes, moment, text, words
from edge_agent.ops.shadow_report import Spell, spells
from edge_agent.tell.live_review import ReviewPart, ReviewRow

TYPES = (
    "unit.started",
    "alarm.would_have_raised",
    "alarm.would_have_returned",
    "permit.would_have_paused",
    "permit.would_have_been_refused",
)
TITLE = Words("影子模式报告", "What the box would have done")
ABOUT = Words(
    "影子模式不提供保护：以下均未执行，只作记录。",
    "Shadow mode protects nobody: none of this was done, it was only written down.",
)
WOULD = {
    "permit.would_have_paused": Words("会暂停作业", "would have paused"),
    "permit.would_have_been_refused": Words("会拒绝开工", "would have refused a start"),
}


def parts(events: Sequence[Event], local: LocalTime) -> tuple[ReviewPart, ...]:
    """By rule, then what would have happened to works, newest first."""
    by_rule: dict[str, list[Spell]] = {}
    for spell in spells(events):
        by_rule.setdefault(spell.rule, []).append(spell)
    often = sorted(by_rule.values(), key=lambda found: (-len(found), found[0].rule))
    would = [one for one in reversed(events) if one.type in WOULD]
    return (
        ReviewPart(
            title=Words("按规则", "By rule"),
            heads=heads(
                "规则 | rule",
                "次数 | times",
                "总时长 | together",
                "未结束 | not ended",
                "首次 | first",
                "末次 | last",
            ),
            rows=tuple(_rule(found, local) for found in often),
        ),
        ReviewPart(
            title=Words("逐项", "One by one"),
            heads=heads(
                "时间 | when",
                "作业票 | permit",
                "会怎样 | what",
                "原因 | why",
            ),
            rows=tuple(
                ReviewRow(
                    cells=(
                        moment(one.at_utc, local),
                        text(one.subject),
                        WOULD[one.type],
                        words(one.data.get("words")),
                    ),
                    event=one.seq,
                )
                for one in would
            ),
        ),
    )


def _rule(found: list[Spell], local: LocalTime) -> ReviewRow:
    lengths = [one.until_utc - one.from_utc for one in found if one.until_utc is not None]
    begun = [one.from_utc for one in found]
    return ReviewRow(
        cells=(
            found[0].title,
            same(f"{len(found)}"),
            minutes(sum(lengths)),
            same(f"{len(found) - len(lengths)}"),
            moment(min(begun), local),
            moment(max(begun), local),
        )
    )
