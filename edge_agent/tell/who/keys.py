"""Keys of log-ins: who signs with which key, until when. In memory alone: after a restart people log in again."""

import base64
import binascii
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from edge_agent.domain.person import Person, Proof
from edge_agent.domain.words import Words
from edge_agent.tell.who.throttle import Wrong

LASTS_S = 12 * 3600.0  # a shift: whoever comes back the next day shows again who he is
MOST_PER_PERSON = 8  # phone, tablet, the box's screen; the oldest makes room
MOST_KEYS = 1000
POINT_BYTES = 65  # an uncompressed point of P-256: 0x04, x, y
SIGNATURE_BYTES = 64  # r and s, as WebCrypto gives them (IEEE P1363)

OVER = Words("登录已失效，请重新登录", "this log-in is over: log in again")
FORGED = Words("签名不符，未受理：请重新登录", "the signature does not fit the form: log in again")
REPLAYED = Words(
    "此请求已提交过，未再次执行：请看现状后再操作",
    "this was sent before and is not done again: look at what stands now, then ask anew",
)
NO_KEY = Words("密钥格式不对：须为 P-256 公钥", "the key is no public key of the curve P-256")


class Gone(Wrong):
    """Nobody is logged in with this key any more."""

    def __init__(self) -> None:
        """The words are always the same."""
        super().__init__(OVER)


@dataclass(frozen=True)
class Key:
    """One log-in. `proofs` are the hashes that stood then: who gets a new PIN is logged out."""

    id: str
    person: str
    public: EllipticCurvePublicKey
    proofs: tuple[str | None, str | None]
    began_s: float
    proof: Proof  # by which they logged in
    panel: bool  # at the box's own screen
    count: int = -1  # of the last form

    def fits(self, person: Person | None, now_s: float) -> bool:
        """Whether it still speaks for its person."""
        lasts = now_s - self.began_s < LASTS_S
        return lasts and person is not None and person.denied is None and self.proofs == _proofs(person)


class Keys:
    """Every log-in that stands. Called from many threads."""

    def __init__(self, monotonic: Callable[[], float], persons: Callable[[], Mapping[str, Person]]) -> None:
        """`persons` are those known now."""
        self._monotonic = monotonic
        self._persons = persons
        self._lock = threading.Lock()
        self._keys: dict[str, Key] = {}  # oldest first

    def add(self, person: Person, public: EllipticCurvePublicKey, proof: Proof, *, panel: bool) -> Key:
        """A new log-in. Its id is drawn anew each time: what was signed for an earlier one is worth nothing."""
        key = Key(
            id=secrets.token_urlsafe(16),
            person=person.id,
            public=public,
            proofs=_proofs(person),
            began_s=self._monotonic(),
            proof=proof,
            panel=panel,
        )
        self.sweep()
        with self._lock:
            own = [id_ for id_, other in self._keys.items() if other.person == person.id]
            for id_ in own[: max(0, len(own) - MOST_PER_PERSON + 1)]:
                del self._keys[id_]
            while len(self._keys) >= MOST_KEYS:
                del self._keys[next(iter(self._keys))]
            self._keys[key.id] = key
        return key

    def drop(self, id_: str) -> None:
        """Log out; a log-in that is over already stays over."""
        with self._lock:
            self._keys.pop(id_, None)

    def signed(self, id_: str, form: str, signature: str) -> Key:
        """The key that signed this text. Raises Wrong."""
        key = self.standing(id_)
        try:
            key.public.verify(_der(signature), form.encode(), ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise Wrong(FORGED) from None
        return key

    def count(self, id_: str, count: int) -> None:
        """Each form counts further than the last one of its key. Raises Wrong."""
        with self._lock:
            key = self._keys.get(id_)
            if key is None:
                raise Gone
            if count <= key.count:
                raise Wrong(REPLAYED)
            self._keys[id_] = replace(key, count=count)

    def sweep(self) -> None:
        """Forget every log-in that is over, so that it stays over: somebody barred may be let in again later."""
        persons, now_s = self._persons(), self._monotonic()
        with self._lock:
            over = [id_ for id_, key in self._keys.items() if not key.fits(persons.get(key.person), now_s)]
            for id_ in over:
                del self._keys[id_]

    def standing(self, id_: str) -> Key:
        """The log-in with this id. Raises Gone where it is over."""
        with self._lock:
            key = self._keys.get(id_)
        if key is None:
            raise Gone
        if not key.fits(self._persons().get(key.person), self._monotonic()):
            self.drop(id_)
            raise Gone
        return key


def read_public(text: str) -> EllipticCurvePublicKey:
    """The browser's public key. Raises Wrong."""
    try:
        raw = _bytes(text)
        if len(raw) != POINT_BYTES:
            raise Wrong(NO_KEY)
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
    except ValueError:
        raise Wrong(NO_KEY) from None


def _der(signature: str) -> bytes:
    """R and s as WebCrypto gives them, in the form that is verified. Raises InvalidSignature."""
    try:
        raw = _bytes(signature)
    except ValueError:
        raise InvalidSignature from None
    if len(raw) != SIGNATURE_BYTES:
        raise InvalidSignature
    half = SIGNATURE_BYTES // 2
    return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))


def _bytes(text: str) -> bytes:
    """base64url, with or without its padding. Raises ValueError."""
    try:
        padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
        return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as fault:
        raise ValueError from fault


def _proofs(person: Person) -> tuple[str | None, str | None]:
    return person.pin_hash, person.badge_hash
