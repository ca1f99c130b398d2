"""`edge-agent rules`: every rule in words, with its limits and sources, as a safety officer reads it."""

from collections.abc import Iterator

from msgspec import Struct

from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.outcome import Effect
from edge_agent.domain.rulebook import UNKNOWN_WORK, Limit, Rulebook
from edge_agent.domain.words import Words

EFFECTS = {
    Effect.NOTE: Words("记录", "noted"),
    Effect.WARN: Words("警告", "warns"),
    Effect.BLOCK_START: Words("禁止开工", "blocks a start"),
    Effect.PAUSE: Words("暂停作业", "pauses the work"),
    Effect.EVACUATE: Words("暂停并撤离", "pauses the work and evacuates"),
}


def page(book: Rulebook) -> Iterator[str]:
    """The table as lines of Markdown, for this rulebook."""
    yield f"# {book.title.zh} / {book.title.en} ({book.name} {book.version})"
    yield ""
    if book.demo:
        yield "**演示规则,时间已缩短,不得用于真实作业 / DEMO: times are shortened, not for real work**"
        yield ""
    yield "| 规则 rule | 作用 effect | 延时 delay | 恢复 class | 处置 action | 依据 source | 台账 row |"
    yield "|---|---|---|---|---|---|---|"
    for rule in RULES:
        yield _row(rule, book)
    yield ""
    yield "## 签字 Signatures"
    yield ""
    yield f"- 开工 start: {', '.join(book.start_signers)}"
    for pause_class, signers in book.resume_signers.items():
        yield f"- 恢复 resume {pause_class}: {', '.join(signers)}"
    yield f"- 关闭 close: {', '.join(book.close_signers)}"
    yield ""
    yield "## 限值 Limits"
    yield ""
    yield "| 限值 limit | 值 value | 依据 source | 台账 row |"
    yield "|---|---|---|---|"
    for key, limit in limits(book):
        yield f"| `{key}` | {limit.value:g} {limit.unit} | {limit.clause} | {limit.row} |"


def limits(value: object, key: str = "") -> Iterator[tuple[str, Limit]]:
    """Every limit of a rulebook with its key as written in the file."""
    if isinstance(value, Limit):
        yield key, value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from limits(getattr(value, name), f"{key}.{name}".lstrip("."))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from limits(one, f"{key}.{name}")


def _row(rule: Rule, book: Rulebook) -> str:
    text, effect = rule.text, EFFECTS[rule.effect]
    delays = f"{rule.on_delay(book, UNKNOWN_WORK):g} s / {rule.off_delay(book, UNKNOWN_WORK):g} s"
    marks = " ".join(mark for mark, on in (("latched", rule.latch), ("re-test", rule.retest)) if on)
    cells = (
        f"{text.title.zh} / {text.title.en} (`{rule.name}`)",
        f"{effect.zh} / {effect.en}",
        delays,
        f"{rule.pause_class.value} {marks}".strip(),
        f"{text.action.zh} / {text.action.en}",
        rule.clause,
        rule.ledger,
    )
    return "| " + " | ".join(cells) + " |"
