"""The cards of the rules: one per row, grouped by topic; and what each role does, by what an alarm does."""

import inspect
from collections.abc import Iterable, Iterator

from edge_agent.decide import cards as response
from edge_agent.decide.alarm_codes import mapped
from edge_agent.decide.asking.alarms import MAY_SHELVE
from edge_agent.decide.escalation import LADDER, climb
from edge_agent.decide.letting_be import ground
from edge_agent.decide.notify import whom
from edge_agent.decide.rules.rule import Rule, Seconds
from edge_agent.decide.shelving import shelvable
from edge_agent.domain.cite import cited
from edge_agent.domain.outcome import Effect
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import NOTHING, Words, joined, same
from edge_agent.ops.rules_page.used import limits_of
from edge_agent.ops.rules_page.words import BLAMES, CLASSES, EFFECTS, PRIORITIES, TOPICS, Voice, figure, named

ROLES = ("worker", "guard", "holder", "safety_officer")


def responses(voice: Voice) -> Iterator[str]:
    """What each role does when an alarm comes: the same for every rule with this effect."""
    heads = [("报警的作用", "what the alarm does"), *((named([role]).zh, named([role]).en) for role in ROLES)]
    yield from voice.table(heads)
    for effect in sorted(response.CARDS, reverse=True):
        told = response.card(effect)
        yield voice.row(voice.say(EFFECTS[effect]), *(voice.say(told[role]) for role in ROLES))


def ladder(book: Rulebook, voice: Voice) -> Iterator[str]:
    """Who is called, and when, while nobody acknowledges an alarm."""
    yield from voice.table((("无人确认", "not acknowledged for"), ("呼叫", "calls")))
    for rung in LADDER:
        yield voice.row(f"{rung.after(book.alarm).value:g} s", voice.say(named(rung.roles)))


def overview(rules: Iterable[Rule], book: Rulebook, voice: Voice) -> Iterator[str]:
    """One line per rule, to be read down."""
    heads = (("代码", "code"), ("规则", "rule"), ("作用", "effect"), ("旁路", "override"), ("消音", "silenced"))
    yield from voice.table(heads)
    for rule in sorted(rules, key=lambda rule: rule.code):
        one = ground(rule.name, rule.effect)
        let_be = sum(one.may(work) for work in book.works.values())
        part = Words("部分作业可", "some work") if let_be < len(book.works) else Words("可", "may be")
        yield voice.row(
            rule.code,
            voice.say(rule.text.title),
            voice.say(EFFECTS[rule.effect]),
            voice.say(part) if let_be else "-",
            voice.say(Words("可", "may be")) if shelvable(rule.effect, rule.priority) else "-",
        )


def cards(rules: Iterable[Rule], book: Rulebook, voice: Voice) -> Iterator[str]:
    """Every rule, by topic and code."""
    ordered = sorted(rules, key=lambda rule: rule.code)
    for topic, title in TOPICS.items():
        mine = [rule for rule in ordered if rule.code.startswith(f"{topic}-")]
        if mine:
            yield from ("", f"## {topic} {voice.say(title)}")
        for rule in mine:
            yield from _card(rule, book, voice)


def _card(rule: Rule, book: Rulebook, voice: Voice) -> Iterator[str]:
    yield from ("", f"### {rule.code} {voice.say(rule.text.title)}", "")
    third = Words(
        f"第三方代码 {mapped(rule.code, rule.priority)}", f"third parties: {mapped(rule.code, rule.priority)}"
    )
    yield from voice.table((("项目", "item"), (f"`{rule.name}`；{third.zh}", f"`{rule.name}`; {third.en}")))
    act = same(f"{rule.act_within_s:g} s")
    rows = (
        (Words("何时", "when"), _when(rule)),
        (Words("后果", "consequence"), rule.text.consequence),
        (Words("作用", "effect"), _effect(rule)),
        (Words("警报器", "siren"), _siren(rule)),
        (
            Words("处置时限", "act within"),
            Words(f"{act.zh}：{rule.text.action.zh}", f"{act.en}: {rule.text.action.en}"),
        ),
        (
            Words("通知", "is told"),
            named(whom(rule.effect)) if whom(rule.effect) else Words("仅记录", "recorded only"),
        ),
        (Words("无人确认时", "if nobody acknowledges"), climb(rule.effect, rule.priority).why),
        (Words("限值", "limits"), _limits(rule, book)),
        (Words("延时", "delay"), _delays(rule, book)),
        (Words("如何解除", "how it clears"), _clears(rule)),
        (Words("谁恢复", "who resumes"), _who(rule, book)),
        (Words("旁路", "override"), _override(rule, book)),
        (Words("搁置（仅消音）", "shelving (silences only)"), _shelf(rule, book)),
        (Words("归因", "put down to"), BLAMES[rule.blame]),
        (
            Words("依据", "source"),
            joined((cited(rule.clause), Words(f"台账 {rule.ledger or '-'}", f"ledger {rule.ledger or '-'}"))),
        ),
    )
    for label, cell in rows:
        yield voice.row(voice.say(label), voice.say(cell))


def _when(rule: Rule) -> Words:
    """Its cause in words, and the sentence of the code that finds it (which is English)."""
    sentence = (inspect.getdoc(rule.find) or "").split("\n\n", maxsplit=1)[0].replace("\n", " ")
    return Words(rule.text.cause.zh, f"{rule.text.cause.en}. {sentence}")


def _limits(rule: Rule, book: Rulebook) -> Words:
    said = []
    for key, limit in limits_of(rule, book):
        if limit is None:
            said.append(Words(f"`{key}`（见下表）", f"`{key}` (see the tables below)"))
        else:
            value = figure(limit.value, limit.unit)
            said.append(Words(f"`{key}` = {value.zh}", f"`{key}` = {value.en}"))
    return joined(said) or same("-")


def _effect(rule: Rule) -> Words:
    parts = [EFFECTS[rule.effect]]
    if rule.before_start:
        parts.append(Words("仅在开工前检查", "asked before the start alone"))
    elif rule.effect is Effect.BLOCK_START:
        parts.append(Words("作业中警告，并阻止恢复", "warns while work goes on, and stands against a resume"))
    if rule.at_work:
        parts.append(
            Words("停工且无人在内时不报警", "calls nobody while the work is stopped and nobody is inside")
        )
    if rule.clears:
        parts.append(
            Words("该区域全体人员撤离，不论持何作业票", "everybody in that area leaves, whatever he works on")
        )
    parts.append(Words(f"优先级：{PRIORITIES[rule.priority].zh}", f"priority: {PRIORITIES[rule.priority].en}"))
    if rule.effect >= Effect.PAUSE:
        parts.append(CLASSES[rule.pause_class])
    return joined(parts)


def _siren(rule: Rule) -> Words:
    if rule.effect is Effect.EVACUATE or rule.clears:
        return Words("连续鸣响（撤离），直到险情解除", "without a break (leave), until the danger is over")
    if rule.effect is Effect.PAUSE:
        return Words("间断鸣响（停止作业），直到有人确认", "in pulses (stop work), until somebody acknowledges it")
    return Words("不响", "silent")


def _delays(rule: Rule, book: Rulebook) -> Words:
    on, off = _by_kind(rule.on_delay, book), _by_kind(rule.off_delay, book)
    begins = Words(f"出现 {on.zh} 后报警", f"alarm after {on.en}") if on else Words("立即报警", "alarm at once")
    ends = Words(f"消失 {off.zh} 后消报", f"gone after {off.en}") if off else Words("消失即消报", "gone at once")
    return joined((begins, ends))


def _by_kind(delay: Seconds, book: Rulebook) -> Words:
    """One figure, or one for each group of kinds of work, the largest last; nothing where there is no delay."""
    groups: dict[float, list[str]] = {}
    for kind, work in book.works.items():
        groups.setdefault(delay(book, work), []).append(kind)
    *fewer, (most_s, _) = sorted(groups.items(), key=lambda group: len(group[1]))
    if not fewer:
        return same(f"{most_s:g} s") if most_s else NOTHING
    said = [(f"{seconds:g} s", _kinds(kinds, book)) for seconds, kinds in fewer]
    zh = "、".join(f"{time}（{kinds.zh}）" for time, kinds in said)
    en = ", ".join(f"{time} ({kinds.en})" for time, kinds in said)
    rest = Words(f"{most_s:g} s（其他作业）", f"{most_s:g} s (other work)")
    return Words(f"{zh}、{rest.zh}", f"{en}, {rest.en}")


def _kinds(kinds: Iterable[str], book: Rulebook) -> Words:
    names = [book.works[kind].name for kind in kinds]
    return Words("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _clears(rule: Rule) -> Words:
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
    return joined(said)


def _who(rule: Rule, book: Rulebook) -> Words:
    if rule.effect < Effect.PAUSE:
        return Words("不暂停，无需恢复", "nothing to resume: it does not pause")
    signers = named(book.resume_signers.get(rule.pause_class.value, ()), " + ")
    if not rule.final:
        return signers
    return Words(
        f"{signers.zh}（仅为余火监护；作业须办理新票）",
        f"{signers.en} (for a fire watch alone: work needs a new ticket)",
    )


def _override(rule: Rule, book: Rulebook) -> Words:
    """For which kinds of work a safety officer may let it be, for how long, and why not for the others."""
    one = ground(rule.name, rule.effect)
    never = [kind for kind, work in book.works.items() if not one.may(work)]
    if rule.effect < Effect.BLOCK_START:
        return one.why
    if len(never) == len(book.works):
        return Words(f"任何人不得旁路：{one.why.zh}", f"nobody may let it be: {one.why.en}")
    longest = f"{book.override.longest_s.value / 60:g} min"
    said = Words(
        f"安全员可旁路，须写明理由，最长 {longest}，一次一项：{one.why.zh}",
        f"a safety officer, with a reason, {longest} at most, one rule at a time: {one.why.en}",
    )
    barred = _kinds(never, book)
    return joined((said, Words(f"不得旁路的作业：{barred.zh}", f"never for: {barred.en}") if never else NOTHING))


def _shelf(rule: Rule, book: Rulebook) -> Words:
    if not shelvable(rule.effect, rule.priority):
        return Words("任何人不得", "never")
    who, longest = named(sorted(MAY_SHELVE)), f"{book.alarm.shelf_s.value / 60:g} min"
    return Words(
        f"{who.zh}可消音，须写明理由，最长 {longest}；对作业的作用不变",
        f"{who.en}, with a reason, {longest} at most; what it does to the work stays",
    )
