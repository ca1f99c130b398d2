"""Words for people: the same sentence in Chinese and in English."""

from collections.abc import Iterable

from msgspec import Struct


class Words(Struct, frozen=True):
    """One sentence for a person, Chinese first. Empty ones (`NOTHING`) count as false."""

    zh: str
    en: str

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return bool(self.zh or self.en)

    def filled(self, **values: object) -> "Words":
        """The same sentence with its `{placeholders}` filled in."""
        return Words(zh=self.zh.format(**values), en=self.en.format(**values))

    def then(self, more: "Words") -> "Words":
        """This, and after it what more there is to say about it (if there is anything)."""
        return Words(f"{self.zh}，{more.zh}", f"{self.en} — {more.en}") if more else self


NOTHING = Words("", "")  # the one empty sentence: a reading that is good has nothing to add


def same(text: str) -> Words:
    """What is written alike in both languages: figures, units, keys."""
    return Words(text, text)


def joined(parts: Iterable[Words]) -> Words:
    """Several remarks as one; those that say nothing are left out."""
    said = [part for part in parts if part]
    if len(said) <= 1:
        return said[0] if said else NOTHING
    return Words("；".join(part.zh for part in said), "; ".join(part.en for part in said))


class WordsError(Exception):
    """An error that a person will read: str() gives the English half, for the log."""

    def __init__(self, words: Words) -> None:
        """`words` say what, where, and how to mend it."""
        super().__init__(words.en)
        self.words = words
