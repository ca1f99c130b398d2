"""A program is let read, or no more: who may say so, on record before the pages make its token.

The secret is the pages' alone (web_ui/tokens.py); the record holds what it opens, until when, and whose
word it was.
"""

from msgspec import to_builtins

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.decide.asking.roster import NOT_ADMIN
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Person
from edge_agent.domain.request import Ask
from edge_agent.domain.token import DAY_S, Reads, TokenWish
from edge_agent.domain.words import Words

WHAT = {
    Reads.READ: Words("实时状态、气体历史和事件", "live picture, gas history and events"),
    Reads.FIGURES: Words("本机运行指标", "the figures of the box"),
}
NO_TOKEN = Words("没有写明令牌的用途", "it does not say what the token is for")
NOT_WHICH = Words("没有写明停用哪个令牌", "it does not say which token is revoked")


def _make(errand: Errand) -> Reasons:
    wish, person, draft = errand.request.token, errand.person, errand.draft
    if person is None or not person.administers:
        return (NOT_ADMIN,)
    if wish is None or not wish.name.strip():
        return (NO_TOKEN,)
    data = {
        "by": person.id,
        "token": wish.id,
        "name": wish.name,
        "reads": wish.reads.value,
        "until_utc": draft.instant.utc + wish.days * DAY_S,
        "words": to_builtins(_made_words(person, wish)),
    }
    draft.event("token.made", "unit", Priority.MEDIUM, data)
    return ()


def _end(errand: Errand) -> Reasons:
    about, person = errand.request.about, errand.person
    if person is None or not person.administers:
        return (NOT_ADMIN,)
    if len(about) != 2:  # noqa: PLR2004 (id, name)
        return (NOT_WHICH,)
    token, name = about
    words = Words(f"{person.name} 停用“{name}”的读取权限", f"{person.name} lets {name!r} read no more")
    data = {"by": person.id, "token": token, "name": name, "words": to_builtins(words)}
    errand.draft.event("token.revoked", "unit", Priority.MEDIUM, data)
    return ()


def _made_words(person: Person, wish: TokenWish) -> Words:
    what = WHAT[wish.reads]
    return Words(
        f"{person.name} 允许“{wish.name}”读取{what.zh}，{wish.days} 天",
        f"{person.name} lets {wish.name!r} read {what.en} for {wish.days} days",
    )


HANDLERS: Errands = {Ask.LET_READ: _make, Ask.END_READING: _end}
