"""Whether a sentence really is in both languages: no English in the Chinese half, none the other way."""

import re

from edge_agent.domain.words import Words

HAN = re.compile(r"[\u4e00-\u9fff]")
# Two plain English words in a row are a sentence; names, units, addresses and codes stay as they are.
ENGLISH = re.compile(r"(?<![\w./:-])(?:[a-z]{2,} [a-z]{2,}\b|(?:the|is|not|no|of)\b(?![/.-]))")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?(]|[,;!?)][\u4e00-\u9fff]")


def faults(words: Words) -> list[str]:
    """What is wrong with the sentence; nothing said is nothing wrong."""
    if not words:
        return []
    wrong = [] if words.en.strip() and not HAN.search(words.en) else [f"not English: {words.en!r}"]
    if not HAN.search(words.zh) or ENGLISH.search(words.zh):
        wrong.append(f"not Chinese: {words.zh!r}")
    if HALF_WIDTH.search(words.zh):
        wrong.append(f"half-width punctuation: {words.zh!r}")
    return wrong
