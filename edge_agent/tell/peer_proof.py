"""Whether a word of another box counts: signed by its own key, newer than its last one, and made just now.

Just now is shown without a clock: each box says something random, and every word says back what its sender heard
last of each other box. Whoever records an old word and plays it again cannot make it say back a challenge of
today. Pure but for the randomness.
"""

import secrets
from collections import deque
from collections.abc import Iterable

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Struct

from edge_agent.settings.site_itself import PeerTable
from edge_agent.tell.contract.peer import PeerWord
from edge_agent.tell.signing import REGISTRY

LARGEST = 256 * 1024  # bytes; fifty works and thirty alarms are about 40 kB
SESSIONS = 100  # of each box: so many of its former sessions are known to be over


class Proven(Struct, frozen=True, kw_only=True):
    """A word that counts; `age_s`: it was certainly made within so many seconds."""

    word: PeerWord
    age_s: float


class Proof:
    """What one box knows of the words of the others. Seconds are the caller's monotonic ones."""

    def __init__(self, site: str, unit: str, peers: Iterable[PeerTable], fresh_s: float) -> None:
        """`fresh_s`: for how long a challenge may be said back. Raises ValueError for a key that is none."""
        self.heard: dict[str, str] = {}  # by unit: its newest challenge
        self.sessions: dict[str, str] = {}  # by unit: of its newest word, whether or not that counted
        self._site, self._unit, self._fresh_s = site, unit, fresh_s
        self._keys = {peer.unit: _key(peer) for peer in peers}
        self._given: deque[tuple[str, float]] = deque()
        self._last: dict[str, tuple[str, int]] = {}
        self._over: dict[str, deque[str]] = {unit: deque(maxlen=SESSIONS) for unit in self._keys}

    def challenge(self, now_s: float) -> str:
        """A new one, to be said to the others."""
        made = secrets.token_hex(8)
        self._given.append((made, now_s))
        self._forget(now_s)
        return made

    def taken(self, unit: str, message: bytes, now_s: float) -> Proven | str:
        """The word of `unit`, or why it does not count."""
        word = self._signed(unit, message)
        if isinstance(word, str):
            return word
        session, n = self._last.get(unit, (word.session, 0))
        if word.session in self._over[unit] or (word.session == session and word.n <= n):
            return "an old word is played again"
        self.heard[unit], self.sessions[unit] = word.challenge, word.session
        self._forget(now_s)
        said_back = word.heard.get(self._unit)
        given_s = next((at_s for given, at_s in self._given if given == said_back), None)
        if given_s is None:
            return "it says back nothing that this box said lately: it does not hear us, or the word is an old one"
        if word.session != session:
            self._over[unit].append(session)
        self._last[unit] = (word.session, word.n)
        return Proven(word=word, age_s=now_s - given_s)

    def _signed(self, unit: str, message: bytes) -> PeerWord | str:
        key = self._keys.get(unit)
        if key is None:
            return "nobody that this box knows"
        if len(message) > LARGEST:
            return f"larger than {LARGEST // 1024} kB"
        try:
            signed = jws.deserialize_compact(message, key, registry=REGISTRY)
            word = msgspec.json.decode(signed.payload, type=PeerWord)
        except (JoseError, ValueError, RecursionError) as fault:
            return f"not signed with the key of site.toml, or not readable: {fault}"
        if (word.site, word.unit) != (self._site, unit):
            return f"speaks for {word.site}/{word.unit}"
        return word

    def _forget(self, now_s: float) -> None:
        while self._given and now_s - self._given[0][1] > self._fresh_s:
            self._given.popleft()


def _key(peer: PeerTable) -> OKPKey:
    public: dict[str, str | list[str]] = {"kty": "OKP", "crv": "Ed25519", "x": peer.ed25519.rstrip("=")}
    return OKPKey.import_key(public)
