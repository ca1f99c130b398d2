"""A settings fault: which file, which key, what is wrong and how to mend it, in two languages."""

import difflib
import json
import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from edge_agent.domain.words import Words

# Characters that people mistake for one another on a nameplate or in a terminal.
LOOKALIKE = {
    "O": Words("字母 O", "letter O"),
    "o": Words("字母 o", "letter o"),
    "0": Words("数字 0", "digit 0"),
    "l": Words("字母 l", "letter l"),
    "I": Words("字母 I", "letter I"),
    "1": Words("数字 1", "digit 1"),
    "S": Words("字母 S", "letter S"),
    "5": Words("数字 5", "digit 5"),
    "B": Words("字母 B", "letter B"),
    "8": Words("数字 8", "digit 8"),
    "Z": Words("字母 Z", "letter Z"),
    "2": Words("数字 2", "digit 2"),
    "-": Words("连字符", "hyphen"),
    "_": Words("下划线", "underscore"),
}
SECRET = re.compile(r"(_hash|password)$")
IN_URL = re.compile(r"//[^/@\s]*@")


class Fault(Struct, frozen=True, kw_only=True):
    """One thing to mend. `value` is what stands there now, as TOML; "" where nothing or a secret does.

    `key` is the dotted path inside the file; an entry of a list is named by its id, or by its place.
    """

    file: str
    key: str
    problem: Words
    remedy: Words
    value: str = ""

    def __str__(self) -> str:
        """One line in English."""
        return self.line("en")

    def line(self, language: str) -> str:
        """One line in "zh" or "en"."""
        where = ": ".join(part for part in (self.file, self.key) if part)
        now = f" = {self.value}" if self.value else ""
        if language == "zh":
            return f"{where}{now}：{self.problem.zh}；{self.remedy.zh}"
        return f"{where}{now}: {self.problem.en}; {self.remedy.en}"


class BadSettings(Exception):  # noqa: N818 (named for what it says, as style.md asks)
    """The bundle is refused; `faults` holds every reason, never empty."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Print as one fault per line."""
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def shown(value: Any, key: str) -> str:
    """A value as it stands in TOML, short, and never a secret or the password of an address."""
    if SECRET.search(key) or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, str):
        return json.dumps(IN_URL.sub("//...@", value[:80]), ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value)[:80]


def nearest(wrong: str, known: Iterable[str]) -> Words:
    """The remedy for a name that does not exist: the nearest that does, or all of them."""
    names = sorted(known)
    close = [name for name in names if name.casefold() == wrong.casefold()]
    close = close or difflib.get_close_matches(wrong, names, n=1, cutoff=0.5)
    if close:
        hint = _lookalikes(wrong, close[0])
        name = json.dumps(close[0], ensure_ascii=False)
        return Words(f"最接近的是：{name}{hint.zh}", f"nearest: {name}{hint.en}")
    if not names:
        return Words("目前一个也没有，请先添加", "there is none yet: add it first")
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")  # noqa: PLR2004 (a line's worth)
    return Words(f"可用的有：{listed}", f"known: {listed}")


def _lookalikes(wrong: str, right: str) -> Words:
    """Where one look-alike character stands for another, say which is which."""
    pairs = [(a, b) for a, b in zip(wrong, right, strict=False) if a != b]
    if len(wrong) != len(right) or len(pairs) != 1 or not all(c in LOOKALIKE for c in pairs[0]):
        return Words("", "")
    a, b = (LOOKALIKE[c] for c in pairs[0])
    return Words(f"（{a.zh}，{b.zh}）", f" ({a.en}, {b.en})")


def dotted(parent: str, name: str) -> str:
    """The key path one level down, quoted where TOML would need quotes."""
    bare = re.fullmatch(r"[A-Za-z0-9_-]+", name)
    step = name if bare else json.dumps(name, ensure_ascii=False)
    return f"{parent}.{step}" if parent else step
