"""Signed word of where the audit chain stands: what is cut off or rolled back later no longer agrees with it.

The chain shows an altered row by itself; a missing end shows only against what was kept elsewhere.
"""

from typing import Any

import msgspec
import rfc8785
from joserfc.jwk import OKPKey
from msgspec import Struct

from edge_agent.tell.contract.messages import Checkpoint
from edge_agent.tell.signing import public_text, sign

# A checkpoint is about 1 kB. What was written since the last one can be cut off unseen: at most this much.
MOST_ROWS = 100
LONGEST_S = 60.0


class Standing(Struct, frozen=True, kw_only=True):
    """Where the chain stands: rows, newest event, newest hash."""

    n: int
    seq: int
    head: str


class Notary:
    """Says when a checkpoint is due, and signs it. Belongs to the brain's thread; signing takes about 0.1 ms."""

    def __init__(self, key: OKPKey) -> None:
        """`key` is the unit's own private Ed25519 key."""
        self._key = key
        self._public = public_text(key)
        self._signed_n: int | None = None  # nothing yet in this boot: the first rows get one
        self._signed_s = 0.0

    def due(self, n: int, now_s: float) -> bool:
        """Whether rows are there of which no checkpoint speaks, and enough of them or for long enough."""
        if n in {0, self._signed_n}:
            return False
        if self._signed_n is None:
            return True
        return n - self._signed_n >= MOST_ROWS or now_s - self._signed_s >= LONGEST_S

    def checkpoint(  # noqa: PLR0913 (all by name)
        self, standing: Standing, *, source: str, boot: str, demo: bool, time: str, trusted: bool, now_s: float
    ) -> dict[str, Any]:
        """The message for up/audit. The next one is due after more rows, or later."""
        self._signed_n, self._signed_s = standing.n, now_s
        told: dict[str, Any] = {
            "schema": "edge_agent.checkpoint.v1",
            "source": source,
            "bootid": boot,
            "demo": demo,
            "n": standing.n,
            "seq": standing.seq,
            "head": standing.head,
            "time": time,
            "clocktrust": "trusted" if trusted else "untrusted",
        }
        jws = sign(rfc8785.dumps(told), self._key, self._public).decode()
        return dict(msgspec.to_builtins(Checkpoint(**told, key=self._public, jws=jws)))
