"""Whether somebody is who they say: argon2 PINs and badges, one at a time, ever slower after wrong ones."""

import hashlib
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from edge_agent.domain.person import Person, Proof
from edge_agent.domain.words import Words
from edge_agent.tell.who.hashing import HASHER, Hashing
from edge_agent.tell.who.throttle import Throttle, Wrong

# One verification takes the memory of its hash and a core; more than this may not wait for one.
MOST_WAITING = 8
# Nor longer than this, should whoever hashes hang: with its deadline (beside.py: WITHIN_S) it is less than the
# 15 s for which the pages wait for an answer.
TURN_S = 7.0
HINT_DIGITS = 3
# Tries with an id that nobody has: they cost as much time as others, and have one count together.
NOBODY = Person(id="?", name="?", roles=(), pin_hash=HASHER.hash(secrets.token_hex()))

UNPROVED = Words("请出示 PIN 或工牌", "a PIN or a badge is needed for this")
ONE_ONLY = Words("PIN 和工牌请只给一个", "give either a PIN or a badge, not both")
WRONG = Words("PIN 或工牌不对", "wrong PIN or badge")
WRONG_ENTRY = Words(
    "编号、PIN 或工牌不对：请核对后再试", "wrong id, PIN or badge: look at what you typed, and try again"
)
BUSY = Words("核验繁忙，请稍后再试", "too many people are being checked at once: try again in a moment")
UNKNOWN_BADGE = Words(
    "本机不认识此工牌：请用编号和 PIN 登录，或请管理员登记",
    "this badge is not known here: log in with id and PIN, or have an administrator register it",
)


class Verifier:
    """Checks proofs, one at a time."""

    def __init__(self, throttle: Throttle, hashing: Hashing, turn_s: float = TURN_S) -> None:
        """`throttle` counts wrong tries by person id; nobody waits longer than `turn_s` for those before him."""
        self._throttle, self._turn_s = throttle, turn_s
        self._hashing = hashing
        self._one = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)

    def prove(self, person: Person, pin: str | None, badge: str | None) -> Proof:
        """How this person proved who they are. Raises Wrong."""
        if pin is not None and badge is not None:
            raise Wrong(ONE_ONLY)
        if pin is not None:
            return self._check(person, person.pin_hash, pin, Proof.PIN)
        if badge is not None:
            return self._check(person, person.badge_hash, badge, Proof.BADGE)
        raise Wrong(UNPROVED)

    def nobody(self) -> NoReturn:
        """An id that nobody has takes as long as a wrong PIN, so that ids cannot be told apart. Raises Wrong."""
        self._check(NOBODY, NOBODY.pin_hash, "", Proof.PIN)
        raise Wrong(WRONG, counts=True)

    def whose(self, persons: Iterable[Person], badge: str) -> Person:
        """Whose badge this is. Raises Wrong; a wrong one counts against everybody whose it might have been."""
        may_be = [person for person in persons if _hinted(person, badge)]
        if not may_be:
            raise Wrong(UNKNOWN_BADGE, counts=True)
        with self._turn():
            found = self._found(may_be, badge)
            if found is not None:
                self._throttle.right(found.id)
                return found
            kept = [self._throttle.wrong(person.id) for person in may_be]
        for wait in kept:
            wait()
        raise Wrong(UNKNOWN_BADGE, counts=True)

    def _found(self, may_be: list[Person], badge: str) -> Person | None:
        """The one whose badge it is; somebody who must wait is not tried. Raises Wrong where it might be his."""
        waits: Wrong | None = None
        for person in may_be:
            try:
                self._throttle.patience(person.id)
            except Wrong as wait:
                waits = wait
                continue
            if self._hashing.matches(person.badge_hash, badge):
                return person
        if waits is not None:
            raise waits
        return None

    def _check(self, person: Person, hashed: str | None, secret: str, proof: Proof) -> Proof:
        if hashed is None:
            raise Wrong(_nothing_kept(person, proof))
        with self._turn():
            self._throttle.patience(person.id)
            if self._hashing.matches(hashed, secret):
                self._throttle.right(person.id)
                return proof
            kept = self._throttle.wrong(person.id)
        kept()
        raise Wrong(WRONG, counts=True)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One verification at a time; whoever would wait too long, or has, is told so. Raises Wrong."""
        if not self._waiting.acquire(blocking=False):
            raise Wrong(BUSY)
        try:
            if not self._one.acquire(timeout=self._turn_s):
                raise Wrong(BUSY)
            try:
                yield
            finally:
                self._one.release()
        finally:
            self._waiting.release()


def hint(badge: str) -> str:
    """What is kept in the open of a badge: enough to try few people, too little to tell the badge."""
    return hashlib.sha256(badge.encode()).hexdigest()[:HINT_DIGITS]


def _hinted(person: Person, badge: str) -> bool:
    return person.badge_hash is not None and person.badge_hint == hint(badge)


def _nothing_kept(person: Person, proof: Proof) -> Words:
    if proof is Proof.PIN:
        return Words(f"{person.name} 没有登记 PIN", f"no PIN is registered for {person.name}")
    return Words(f"{person.name} 没有登记工牌", f"no badge is registered for {person.name}")
