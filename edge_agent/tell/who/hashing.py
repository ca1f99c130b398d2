"""argon2 hashes of PINs and badges: how they are made, and what the process is asked that makes them."""

from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from msgspec import Struct

# OWASP's password storage cheat sheet: argon2id with 19 MiB and 2 passes. Far below the 1.3 s that a log-in by
# badge may take (ledger 4-10) also on a small box: `make bench` measures it.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class Question(Struct, frozen=True, kw_only=True):
    """Whether the secret gives this hash; without one, what its hash is."""

    secret: str
    hashed: str | None = None


class Result(Struct, frozen=True, kw_only=True):
    """The answer, and the new hash where that was asked."""

    matches: bool = False
    hashed: str = ""


class Hashing(Protocol):
    """Whoever makes hashes, for the desk's threads. May raise Wrong where it gives no answer now."""

    def matches(self, hashed: str | None, secret: str) -> bool:
        """Whether the secret gives the hash; a hash that cannot be verified matches nothing."""

    def hashed(self, secret: str) -> str:
        """A new hash of it."""

    def close(self) -> None:
        """Nobody asks any more for now."""


class Here:
    """In the thread that asks."""

    def matches(self, hashed: str | None, secret: str) -> bool:
        """See Hashing."""
        return matches(hashed, secret)

    def hashed(self, secret: str) -> str:
        """See Hashing."""
        return HASHER.hash(secret)

    def close(self) -> None:
        """Nothing was begun."""


def matches(hashed: str | None, secret: str) -> bool:
    """Whether the secret gives the hash; a hash that cannot be verified matches nothing."""
    try:
        return hashed is not None and HASHER.verify(hashed, secret)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
