"""Wrong tries, remembered by name: free at first, then each costs more time; also over a restart."""

import threading
from collections.abc import Callable, Mapping

from edge_agent.domain.words import Words

# A mistyped PIN costs nothing at first; a four-digit one must not be found by trying.
FREE_TRIES = 5
FIRST_DELAY_S = 5.0
LONGEST_DELAY_S = 900.0


class Wrong(Exception):  # noqa: N818 (an outcome)
    """The proof does not hold. `counts`: it was really tried. `wait_s`: until the next try."""

    def __init__(self, words: Words, *, counts: bool = False, wait_s: float | None = None) -> None:
        """`words` are for the person who asked."""
        super().__init__(words.en)
        self.words = words
        self.counts = counts
        self.wait_s = wait_s


# What `remember` gives back: waits until it is on the disk, so that no kill forgets what was told as wrong.
Kept = Callable[[], object]
Remember = Callable[[str, int], Kept]


class Throttle:
    """Counts wrong tries in a row, by name."""

    def __init__(self, monotonic: Callable[[], float], wrong: Mapping[str, int], remember: Remember) -> None:
        """`wrong` is what `remember` was told before the restart: wrong tries in a row by name."""
        self._monotonic = monotonic
        self._remember = remember
        self._lock = threading.Lock()
        self._one = threading.Lock()  # one check at a time: many at once are not many free tries
        self._wrong = dict(wrong)
        began_s = monotonic()
        self._again_s = {name: began_s + delay_s(count) for name, count in wrong.items()}

    def patience(self, name: str) -> None:
        """Raises Wrong while this name must wait."""
        with self._lock:
            left_s = self._again_s.get(name, 0.0) - self._monotonic()
        if left_s > 0:
            words = Words(
                f"多次输入错误，请等待 {left_s:.0f} 秒（停止作业不受限制）",
                f"too many wrong tries: wait {left_s:.0f} s (stopping work needs no PIN)",
            )
            raise Wrong(words, wait_s=left_s)

    def check(self, name: str, words: Words, fits: Callable[[str], bool], text: str) -> None:
        """Something short that could be found by trying. Raises Wrong with these words."""
        with self._one:
            self.patience(name)
            if fits(text):
                self.right(name)
                return
            kept = self.wrong(name)
        kept()
        raise Wrong(words, counts=True)

    def wrong(self, name: str) -> Kept:
        """One more wrong try. Whoever tells it waits for what comes back."""
        with self._lock:
            count = self._wrong.get(name, 0) + 1
            self._wrong[name] = count
            self._again_s[name] = self._monotonic() + delay_s(count)
            return self._remember(name, count)

    def right(self, name: str) -> None:
        """That was right: the next wrong one is the first again."""
        with self._lock:
            if self._wrong.pop(name, 0):
                self._again_s.pop(name, None)
                self._remember(name, 0)


def delay_s(wrong: int) -> float:
    """How long to wait after that many wrong tries in a row: 0, then 5 s, doubling up to 15 min."""
    if wrong < FREE_TRIES:
        return 0.0
    return float(min(FIRST_DELAY_S * 2 ** min(wrong - FREE_TRIES, 20), LONGEST_DELAY_S))
