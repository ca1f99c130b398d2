"""A clause as people read it: sources keep their names, what is remarked about them stands in both languages.

A clause is written once, in English, where its limit or rule stands: "GB 30871-2022 5.3.1 d: each day before hot
work; R: warned before the pause". Its remarks are looked up in cite_zh/, each whole; a remark of a site's own book
stands as its author wrote it.
"""

import re
from collections.abc import Iterator
from functools import cache

from edge_agent.domain.cite_zh import REMARKS
from edge_agent.domain.words import Words

DEMO = re.compile(r"DEMO, (\d+ \w+) on a real site: ")
LOOSENED = re.compile(r"loosened until (\S+) by (.+)")  # fuse/book.py
MARKS = re.compile(r"; |: |, (?=\d+ CFR|NFPA|EEMUA)| \(|\)")
IN_ZH = {"; ": "；", ": ": "：", ", ": "，", " (": "（", ")": "）"}


@cache
def cited(clause: str) -> Words:
    """The clause in both languages."""
    demo = DEMO.match(clause)
    if demo is None:
        return Words("".join(_zh(clause)), clause)
    real = demo[1].replace("intervals", "个间隔")
    return Words(f"演示值，实际现场 {real}：{''.join(_zh(clause[demo.end() :]))}", clause)


def _zh(clause: str) -> Iterator[str]:
    """Part by part. A bracket that follows no space belongs to a name: 1910.146(b)."""
    begins, depth = 0, 0
    for mark in MARKS.finditer(clause):
        said = mark[0]
        if said == ")" and not depth:
            continue
        depth += {" (": 1, ")": -1}.get(said, 0)
        yield _part(clause[begins : mark.start()])
        yield IN_ZH[said]
        begins = mark.end()
    yield _part(clause[begins:])


def _part(part: str) -> str:
    loosened = LOOSENED.fullmatch(part)
    return REMARKS.get(part, part) if loosened is None else f"由 {loosened[2]} 放宽至 {loosened[1]}"
