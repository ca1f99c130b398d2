"""The narrated timeline: what happens on site, as it happens, Chinese first."""

import sys
import time

from edge_agent.domain.words import Words


class Timeline:
    """Prints one line per thing that happens, with seconds since the beginning."""

    def __init__(self) -> None:
        """The clock starts now."""
        self._began_s = time.monotonic()

    def say(self, zh: str, en: str) -> None:
        """Something happens on site."""
        self._print(f"{zh}  {en}")

    def saw(self, words: Words) -> None:
        """Something was seen by a witness: a line in each language."""
        self._print(f"    ✓ {words.zh}")
        self.plain(f"{'':17}{words.en}")

    def plain(self, words: str) -> None:
        """A line without a time."""
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

    def _print(self, words: str) -> None:
        sys.stdout.write(f"{time.monotonic() - self._began_s:7.1f} s  {words}\n")
        sys.stdout.flush()
