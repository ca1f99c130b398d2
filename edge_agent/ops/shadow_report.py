"""`edge-agent shadow-report SITE`: what the box would have done in shadow mode, from the events it kept."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.outcome import Event
from edge_agent.domain.words import Words
from edge_agent.ops.folders import DATABASE
from edge_agent.settings.site import Settings
from edge_agent.store.chain import EVENT_KIND, event_of
from edge_agent.store.reader import Reader

RAISED, RETURNED = "alarm.would_have_raised", "alarm.would_have_returned"
COUNTED = {
    "permit.would_have_paused": "会暂停作业 would have paused",
    "permit.would_have_been_refused": "会拒绝开工 would have refused a start",
}


class Spell(Struct, frozen=True, kw_only=True):
    """One alarm that would have been: from when to when (None: it had not gone when the box stopped or now)."""

    rule: str
    title: Words
    permit: str
    from_utc: float
    until_utc: float | None


def kept(settings: Settings) -> list[Event]:
    """Every event of the store, oldest first. Raises StoreError."""
    with Reader.open(settings.state_folder / DATABASE) as reader:
        return [event_of(row.body) for row in reader.audit() if row.kind == EVENT_KIND]


def spells(events: Iterable[Event]) -> Iterator[Spell]:
    """Each would-be alarm with its length, in the order of their ends. A restart ends what was open: unknown."""
    open_: dict[tuple[str, str, str], Event] = {}
    for event in events:
        if event.type == "unit.started":
            yield from (_spell(begun, None) for begun in open_.values())
            open_.clear()
        if event.type not in {RAISED, RETURNED}:
            continue
        key = (event.subject, str(event.data["rule"]), str(event.data["source"]))
        if event.type == RAISED:
            open_[key] = event
        elif key in open_:
            yield _spell(open_.pop(key), event.at_utc)
    yield from (_spell(begun, None) for begun in open_.values())


def _spell(begun: Event, until_utc: float | None) -> Spell:
    title = begun.data["title"]
    return Spell(
        rule=str(begun.data["rule"]),
        title=Words(title["zh"], title["en"]),
        permit=begun.subject,
        from_utc=begun.at_utc,
        until_utc=until_utc,
    )


def page(events: list[Event], local: LocalTime) -> Iterator[str]:
    """The report as lines of Markdown, in Chinese and English."""
    yield "# 影子模式报告 / What the box would have done"
    yield ""
    yield "影子模式不提供保护：以下均未执行 / Shadow mode protects nobody: none of this was done."
    yield ""
    for type_, words in COUNTED.items():
        yield f"- {words}: {sum(event.type == type_ for event in events)}"
    yield ""
    yield "| 规则 rule | 次数 times | 总时长 total | 最长 longest | 首次 first | 末次 last |"
    yield "|---|---|---|---|---|---|"
    by_rule: dict[str, list[Spell]] = {}
    for spell in spells(events):
        by_rule.setdefault(spell.rule, []).append(spell)
    for _, found in sorted(by_rule.items(), key=lambda one: (-len(one[1]), one[0])):
        yield _row(found, local)
    yield ""
    yield "## 逐项 One by one"
    yield ""
    for event in events:
        if event.type in COUNTED:
            what, words = COUNTED[event.type], event.data["words"]
            yield f"- {_at(event.at_utc, local)} {event.subject}: {what}: {words['zh']} {words['en']}"


def _row(found: list[Spell], local: LocalTime) -> str:
    lengths = [spell.until_utc - spell.from_utc for spell in found if spell.until_utc is not None]
    ongoing = len(found) - len(lengths)
    open_words = f" + {ongoing} 未结束 not ended" if ongoing else ""
    begun = [spell.from_utc for spell in found]
    cells = (
        f"{found[0].title.zh} {found[0].title.en} (`{found[0].rule}`)",
        f"{len(found)}",
        f"{sum(lengths):.0f} s{open_words}",
        f"{max(lengths):.0f} s" if lengths else "-",
        _at(min(begun), local),
        _at(max(begun), local),
    )
    return "| " + " | ".join(cells) + " |"


def _at(utc: float, local: LocalTime) -> str:
    moment: datetime = local.local(utc)
    return moment.strftime("%Y-%m-%d %H:%M:%S")
