"""Whether somebody is who they say: argon2 PINs and badges, one at a time, ever slower after wrong ones."""

import threading
from collections.abc import Callable, Mapping

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from edge_agent.domain.person import Person, Proof
from edge_agent.domain.words import Words

# A mistyped PIN costs nothing at first; a four-digit one must not be found by trying.
FREE_TRIES = 5
FIRST_DELAY_S = 5.0
LONGEST_DELAY_S = 900.0
# One verification takes about 64 MB and a core; more than this may not wait for one.
MOST_WAITING = 8

UNPROVED = Words("请出示 PIN 或工牌", "a PIN or a badge is needed for this")
ONE_ONLY = Words("PIN 和工牌请只给一个", "give either a PIN or a badge, not both")
WRONG = Words("PIN 或工牌不对", "wrong PIN or badge")
BUSY = Words("核验繁忙，请稍后再试", "too many people are being checked at once: try again in a moment")


class Wrong(Exception):  # noqa: N818 (an outcome)
    """The proof does not hold. `counts` says that it was really tried."""

    def __init__(self, words: Words, *, counts: bool) -> None:
        """`words` are for the person who asked."""
        super().__init__(words.en)
        self.words = words
        self.counts = counts


class Verifier:
    """Checks proofs, and remembers wrong ones per person (also over a restart, by `remember`)."""

    def __init__(
        self, monotonic: Callable[[], float], wrong: Mapping[str, int], remember: Callable[[str, int], None]
    ) -> None:
        """`wrong` is what `remember` was told before the restart: wrong tries in a row by person id."""
        self._monotonic = monotonic
        self._wrong = dict(wrong)
        self._remember = remember
        began_s = monotonic()
        self._again_s = {person: began_s + delay_s(count) for person, count in wrong.items()}
        self._one = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)
        self._hasher = PasswordHasher()

    def prove(self, person: Person, pin: str | None, badge: str | None) -> Proof:
        """How this person proved who they are. Raises Wrong."""
        if pin is not None and badge is not None:
            raise Wrong(ONE_ONLY, counts=False)
        if pin is not None:
            return self._check(person, person.pin_hash, pin, Proof.PIN)
        if badge is not None:
            return self._check(person, person.badge_hash, badge, Proof.BADGE)
        raise Wrong(UNPROVED, counts=False)

    def _check(self, person: Person, hashed: str | None, secret: str, proof: Proof) -> Proof:
        if hashed is None:
            raise Wrong(_nothing_kept(person, proof), counts=False)
        if not self._waiting.acquire(blocking=False):
            raise Wrong(BUSY, counts=False)
        try:
            with self._one:
                self._patience(person.id)
                holds = _matches(self._hasher, hashed, secret)
                self._count(person.id, holds=holds)
        finally:
            self._waiting.release()
        if not holds:
            raise Wrong(WRONG, counts=True)
        return proof

    def _patience(self, person: str) -> None:
        left_s = self._again_s.get(person, 0.0) - self._monotonic()
        if left_s > 0:
            words = Words(
                f"多次输入错误，请等待 {left_s:.0f} 秒（停止作业不受限制）",
                f"too many wrong tries: wait {left_s:.0f} s (stopping work needs no PIN)",
            )
            raise Wrong(words, counts=False)

    def _count(self, person: str, *, holds: bool) -> None:
        before = self._wrong.get(person, 0)
        count = 0 if holds else before + 1
        if count == before:
            return
        self._wrong[person] = count
        self._again_s[person] = self._monotonic() + delay_s(count)
        self._remember(person, count)


def delay_s(wrong: int) -> float:
    """How long to wait after that many wrong tries in a row: 0, then 5 s, doubling up to 15 min."""
    if wrong < FREE_TRIES:
        return 0.0
    return float(min(FIRST_DELAY_S * 2 ** min(wrong - FREE_TRIES, 20), LONGEST_DELAY_S))


def _matches(hasher: PasswordHasher, hashed: str, secret: str) -> bool:
    """Whether the secret gives the hash; a hash that cannot be verified matches nothing."""
    try:
        return hasher.verify(hashed, secret)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def _nothing_kept(person: Person, proof: Proof) -> Words:
    if proof is Proof.PIN:
        return Words(f"{person.name} 没有登记 PIN", f"no PIN is registered for {person.name}")
    return Words(f"{person.name} 没有登记工牌", f"no badge is registered for {person.name}")
