"""Every sentence in the code really is in both languages: Chinese in its Chinese half, no English left in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from edge_agent.domain.words import Words
from tests.support.languages import HAN

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}")
# One term for one thing: what must not be said, and what stands in the glossary (web_ui/fields/glossary.toml).
OTHER_TERMS = {
    "检测人": "分析人",  # the column of the permits in GB 30871-2022; nobody else tests the air
    "标签": "手环",  # what somebody wears; a label is what is printed
    "技术员": "仪表员",
    "技术人员": "仪表员",
    "作业许可": "允许作业",  # the output; the paper is 作业票
    "探测器": "检测仪",
    "摄像头": "摄像机",
}
IN_GLOSSARY = ("分析人", "手环", "仪表员", "允许作业回路")
QUOTED = {"requirements.md", "domain.md"}  # what others have written
PRINTED = {
    "labels.toml",
    "login.toml",
    "testing.toml",
    "relay_lines.py",
    "technician.md",
}  # of labels that are printed
# Commands, code and examples are typed as they are; JSA is what the form is called; a name and why need no verb.
AS_TYPED = re.compile(r"edge-agent \w+|`[^`]*`|\"[^\"]*\"|JSA")


def test_the_chinese_half_of_every_sentence_is_chinese() -> None:
    told = list(_told())
    assert len(told) > 1500
    wrong = [
        f"{where}: {words.zh!r} | {words.en!r}"
        for where, words in told
        if SENTENCE.search(AS_TYPED.sub("", words.zh))
        or (SENTENCE.search(words.en) and not HAN.search(AS_TYPED.sub("名", words.zh.replace("{}", "名"))))
    ]
    assert wrong == []


def test_one_thing_has_one_term() -> None:
    """In what the code and the pages say, in the documents and in the sites that people begin with."""
    glossary = (ROOT / "web_ui" / "fields" / "glossary.toml").read_text("utf-8")
    assert all(f'["{right}", ' in glossary for right in IN_GLOSSARY)
    wrong = [
        f"{path.relative_to(ROOT)}: {term}, which is {right} here"
        for path in _spoken()
        for term, right in OTHER_TERMS.items()
        if term in path.read_text("utf-8") and not (term == "标签" and path.name in PRINTED)
    ]
    assert wrong == []


def _spoken() -> Iterator[Path]:
    for pattern in (
        "edge_agent/**/*.py", "web_ui/*.py", "web_ui/api/*.py", "web_ui/words/zh/*.toml", "web_ui/fields/*.toml",
        "docs/*.md", "README.md", "zones/*/*.toml", "firmware_configs/**/*.toml",
    ):  # fmt: skip
        yield from (path for path in sorted(ROOT.glob(pattern)) if path.name not in QUOTED)


def _told() -> Iterator[tuple[str, Words]]:
    """Every Words(...) whose two halves are written out; what is filled in later stands as {}."""
    for path in sorted((*(ROOT / "edge_agent").rglob("*.py"), *(ROOT / "web_ui").glob("*/*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Words":
                named = {keyword.arg: keyword.value for keyword in node.keywords}
                halves = [*node.args, *(named[half] for half in ("zh", "en") if half in named)]
                said = [_text(half) for half in halves]
                if len(said) == 2 and None not in said:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", Words(str(said[0]), str(said[1]))


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None
