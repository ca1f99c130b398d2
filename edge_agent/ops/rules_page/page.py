"""The whole page, from the book's name to the line for the signature."""

from collections.abc import Iterator

from edge_agent.decide.rules.table import RULES
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import NOTHING, Words
from edge_agent.ops.rules_page import limits, matrix, works
from edge_agent.ops.rules_page.rules import cards, ladder, overview, responses
from edge_agent.ops.rules_page.words import Language, Voice, named

DEMO = Words("演示规则，时间已缩短，不得用于真实作业", "DEMO: times are shortened, not for real work")
SUPPLEMENTS = Words(
    "本装置是经认证的气体检测和安全系统的补充，不能代替它们",
    "This box supplements certified gas detection and safety systems and replaces none of them",
)
HOW_TO_READ = Words(
    "每条规则逐行写明：何时、后果、作用、警报器、处置、通知谁、限值、延时、如何解除、谁恢复、能否旁路或消音。暂停后从不自动恢复。"
    "依据中 R 表示 docs/domain.md 的建议，无法规依据；“使用前须核对”表示须核对原文。",
    "Each rule says when, what it means and does, what the siren says, who does what and is told, with which "
    "limits, after which delay, how it clears, who resumes, and whether anybody may let it be or silence it. "
    "Nothing resumes by itself. In a source, R is a recommendation of docs/domain.md with no law behind it; "
    '"check" means that the value must be read in the law\'s text before use.',
)
ON_TOP = Words(
    "报警出现时先做规则自身的处置（每条规则的“处置时限”），再按本表各司其职。离线时同样有效。",
    'First what the rule itself says ("act within" of each rule), then each role as below. Holds offline too.',
)
CALLS = Words(
    "停止作业、要求撤离或正在形成险情的报警逐级上报；只作提示的报警最多在现场再叫一次。任何一人确认即停止呼叫。",
    "What stops work, makes people leave or is a danger building up climbs to the last line; a warning is called "
    "again on site at most. One acknowledgement ends the calls.",
)
MAY_TIGHTEN = Words(
    "站点只能改得更严；要放宽，须有安全员签字、写明原因和期限（最长 30 天），且只限下表各项",
    "a site may only be stricter; to loosen, a safety officer signs with a reason and an end (30 days at most), "
    "and only for what stands in this table",
)
NEVER = Words("以下限值任何人不得放宽", "Nobody can loosen these")


def page(book: Rulebook, language: Language = "both") -> Iterator[str]:
    """The rules and limits of this book as lines of Markdown."""
    voice = Voice(language)
    yield f"# {voice.say(book.title)} ({book.name} {book.version})"
    over = Words(f"，基于 `{book.extends}`", f", over `{book.extends}`") if book.extends else NOTHING
    standard = Words(f"标准：{book.standard}{over.zh}", f"Standard: {book.standard}{over.en}")
    yield from ("", voice.say(standard), "")
    if book.demo:
        yield from (f"**{voice.say(DEMO)}**", "")
    yield from (f"{voice.say(SUPPLEMENTS)}。" if language == "zh" else f"{voice.say(SUPPLEMENTS)}.", "")
    yield voice.say(HOW_TO_READ)
    yield from (
        "",
        f"## {voice.head('处置卡', 'What each role does')}",
        "",
        voice.say(ON_TOP),
        "",
        *responses(voice),
    )
    yield from ("", f"## {voice.head('无人确认时', 'If nobody acknowledges')}", "", voice.say(CALLS), "")
    yield from ladder(book, voice)
    yield from ("", f"## {voice.head('规则一览', 'All rules')}", "", *overview(RULES, book, voice))
    yield from cards(RULES, book, voice)
    yield from ("", f"## {voice.head('签字', 'Signatures')}", "")
    yield from _signers(book, voice)
    yield from ("", f"## {voice.head('作业类型', 'Kinds of work')}", "", *works.works(book, voice))
    if book.measures:
        yield from ("", f"## {voice.head('安全措施', 'Measures')}", "", *works.measures(book, voice))
    yield from (
        "",
        f"## {voice.head('交叉作业', 'Works that do not go together')}",
        "",
        *matrix.matrix(book, voice),
    )
    yield from ("", f"## {voice.head('气体', 'Gases')}", "", *limits.gases(book, voice))
    yield from ("", f"## {voice.head('限值', 'Limits')}", "", *limits.limits(book, voice))
    yield from ("", f"## {voice.head('放宽', 'Loosening')}", "", voice.say(MAY_TIGHTEN), "")
    yield from limits.loosenable(voice)
    if book.loosened:
        yield from ("", f"### {voice.head('本手册已放宽', 'Loosened in this book')}", "")
        yield from limits.loosened(book, voice)
    yield from ("", f"### {voice.say(NEVER)}", "", *limits.never(book))
    yield from ("", f"## {voice.head('批准', 'Approval')}", "", *_approval(voice))


def _signers(book: Rulebook, voice: Voice) -> Iterator[str]:
    yield from voice.table((("事项", "for"), ("签字人，各为不同的人", "who signs, each a different person")))
    yield voice.row(voice.head("开工", "start"), voice.say(named(book.start_signers)))
    for pause_class, signers in book.resume_signers.items():
        yield voice.row(f"{voice.head('恢复', 'resume')} {pause_class}", voice.say(named(signers)))
    yield voice.row(voice.head("关闭", "close"), voice.say(named(book.close_signers)))


def _approval(voice: Voice) -> Iterator[str]:
    yield from voice.table((("职务", "capacity"), ("姓名", "name"), ("日期", "date"), ("签字", "signature")))
    for zh, en in (("安全员", "safety officer"), ("属地负责人", "area owner")):
        yield voice.row(voice.head(zh, en), " ", " ", " ")
