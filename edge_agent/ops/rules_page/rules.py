"""The cards of the rules: one per row, grouped by topic."""

import inspect
from collections.abc import Iterable, Iterator

from edge_agent.decide.rules.rule import Rule, Seconds
from edge_agent.domain.outcome import Effect
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.ops.rules_page.used import limits_of
from edge_agent.ops.rules_page.words import BLAMES, CLASSES, EFFECTS, PRIORITIES, TOPICS, Voice, named


def cards(rules: Iterable[Rule], book: Rulebook, voice: Voice) -> Iterator[str]:
    """Every rule, by topic and code."""
    ordered = sorted(rules, key=lambda rule: rule.code)
    for topic, title in TOPICS.items():
        mine = [rule for rule in ordered if rule.code.startswith(f"{topic}-")]
        if mine:
            yield from ("", f"## {topic}: {voice.say(title)}")
        for rule in mine:
            yield from _card(rule, book, voice)


def _card(rule: Rule, book: Rulebook, voice: Voice) -> Iterator[str]:
    yield from ("", f"### {rule.code} {voice.say(rule.text.title)}", "")
    yield from voice.table((("项目", "item"), (f"`{rule.name}`", f"`{rule.name}`")))
    rows = (
        (Words("何时", "when"), _when(rule, voice)),
        (Words("限值", "limits"), _limits(rule, book, voice)),
        (Words("作用", "effect"), _effect(rule, voice)),
        (Words("延时", "delay"), _delays(rule, book, voice)),
        (Words("如何解除", "how it clears"), _clears(rule, voice)),
        (Words("谁恢复", "who resumes"), _who(rule, book, voice)),
        (Words("旁路", "override"), _override(rule, book, voice)),
        (Words("限时处置", "act within"), f"{rule.act_within_s:g} s: {voice.say(rule.text.action)}"),
        (Words("后果", "consequence"), voice.say(rule.text.consequence)),
        (Words("归因", "put down to"), voice.say(BLAMES[rule.blame])),
        (Words("依据", "source"), f"{rule.clause}; {voice.head('台账', 'ledger')} {rule.ledger or '-'}"),
    )
    for label, cell in rows:
        yield voice.row(voice.say(label), cell)


def _when(rule: Rule, voice: Voice) -> str:
    """Its cause in words, and the sentence of the code that finds it (which is English)."""
    sentence = (inspect.getdoc(rule.find) or "").split("\n\n", maxsplit=1)[0].replace("\n", " ")
    return voice.say(Words(rule.text.cause.zh, f"{rule.text.cause.en}. {sentence}"))


def _limits(rule: Rule, book: Rulebook, voice: Voice) -> str:
    said = []
    for key, limit in limits_of(rule, book):
        if limit is None:
            said.append(f"`{key}` ({voice.head('见下表', 'see the tables below')})")
        else:
            said.append(f"`{key}` = {limit.value:g} {limit.unit}")
    return "; ".join(said) or "-"


def _effect(rule: Rule, voice: Voice) -> str:
    parts = [EFFECTS[rule.effect]]
    if rule.effect is Effect.BLOCK_START and not rule.before_start:
        parts.append(Words("作业中警告", "warns while work goes on"))
    parts.append(PRIORITIES[rule.priority])
    if rule.effect >= Effect.PAUSE:
        parts.append(CLASSES[rule.pause_class])
    return "; ".join(voice.say(part) for part in parts)


def _delays(rule: Rule, book: Rulebook, voice: Voice) -> str:
    on, off = _by_kind(rule.on_delay, book), _by_kind(rule.off_delay, book)
    return f"{voice.head('起', 'on')} {on}; {voice.head('消', 'off')} {off}"


def _by_kind(delay: Seconds, book: Rulebook) -> str:
    """One figure, or one for each group of kinds of work."""
    groups: dict[float, list[str]] = {}
    for kind, work in book.works.items():
        groups.setdefault(delay(book, work), []).append(kind)
    if len(groups) == 1:
        return f"{next(iter(groups)):g} s"
    return ", ".join(f"{seconds:g} s ({', '.join(kinds)})" for seconds, kinds in groups.items())


def _clears(rule: Rule, voice: Voice) -> str:
    said = [
        Words(
            "报警保持，直到有人确认且原因消除",
            "its alarm stays until somebody acknowledged it and its cause is gone",
        )
        if rule.latch
        else Words("原因消除即消报", "its alarm goes when its cause is gone")
    ]
    if rule.effect >= Effect.PAUSE:
        said.append(Words("作业保持暂停，不会自动恢复", "the work stays stopped: it never resumes by itself"))
    if rule.retest:
        said.append(Words("须复测合格", "a passed gas re-test is needed"))
    return "; ".join(voice.say(one) for one in said)


def _who(rule: Rule, book: Rulebook, voice: Voice) -> str:
    if rule.effect < Effect.PAUSE:
        return voice.head("不暂停，无需恢复", "nothing to resume: it does not pause")
    signers = voice.say(named(book.resume_signers.get(rule.pause_class.value, ()), " + "))
    only_watch = voice.head("仅为余火监护；作业须办理新票", "for a fire watch alone: work needs a new ticket")
    return f"{signers} ({only_watch})" if rule.final else signers


def _override(rule: Rule, book: Rulebook, voice: Voice) -> str:
    """For which kinds of work a safety officer may let it be, and for how long."""
    kinds = [kind for kind, work in book.works.items() if rule.overridable(work)]
    if not kinds:
        return voice.head("任何人不得旁路", "nobody may let it be")
    longest = f"<= {book.override.longest_s.value:g} s"
    by = f"{voice.head('安全员，写明理由', 'a safety officer, with a reason')}, {longest}"
    return by if len(kinds) == len(book.works) else f"{by}; {', '.join(f'`{kind}`' for kind in kinds)}"
